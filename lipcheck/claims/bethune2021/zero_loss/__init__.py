"""Section 4, before Proposition 4: "Conversely, 1-Lipschitz neural network cannot reach zero loss. Yet the minimizer of
BCE is well defined."

The derivations are in proofs/bethune2021/zero_loss/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.zero_loss import reach, well_defined
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*reach.CLAIMS, *well_defined.CLAIMS)
