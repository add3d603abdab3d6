"""Section 5, the remarks after Proposition 8: which earlier bounds apply to GroupSort2, and how general the result is.

The derivations are in proofs/bethune2021/proposition_8_remarks/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_8_remarks import conversion, general, strength
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*conversion.CLAIMS, *strength.CLAIMS, *general.CLAIMS)
