"""Section 4, Proposition 4, its proof in Appendix B, and the bound on minimizers that the proof of Proposition 5 uses.

The derivations are in proofs/bethune2021/proposition_4/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_4 import bound, printed_proof, statement
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*statement.CLAIMS, *printed_proof.CLAIMS, *bound.CLAIMS)
