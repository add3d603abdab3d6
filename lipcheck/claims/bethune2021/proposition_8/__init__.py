"""Section 5, Proposition 8, its proof in Appendix C and Lemma 1: the VC dimension of networks with GroupSort2.

The derivations are in proofs/bethune2021/proposition_8/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_8 import (
    convexity,
    growth,
    intervals,
    lemma_1,
    pieces,
    plane,
    polytopes,
    vc,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *vc.CLAIMS,
    *pieces.CLAIMS,
    *convexity.CLAIMS,
    *lemma_1.CLAIMS,
    *intervals.CLAIMS,
    *plane.CLAIMS,
    *growth.CLAIMS,
    *polytopes.CLAIMS,
)
