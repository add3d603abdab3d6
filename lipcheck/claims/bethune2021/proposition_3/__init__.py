"""Section 4, Proposition 3 and its proof in Appendix B: a vanishing cross entropy makes the Lipschitz constant diverge.

The derivations are in proofs/bethune2021/proposition_3/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_3 import printed_proof, saturation, statement
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*statement.CLAIMS, *printed_proof.CLAIMS, *saturation.CLAIMS)
