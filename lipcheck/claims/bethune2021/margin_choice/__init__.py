"""Section 5, the two paragraphs after Proposition 7: m = epsilon, m = 0, and the BCE of small margins.

The derivations are in proofs/bethune2021/margin_choice/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.margin_choice import epsilon, expansion, frontier, gap, overfit, unsure, zero
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *epsilon.CLAIMS,
    *frontier.CLAIMS,
    *zero.CLAIMS,
    *gap.CLAIMS,
    *expansion.CLAIMS,
    *overfit.CLAIMS,
    *unsure.CLAIMS,
)
