"""Section 5, Proposition 7, its proof in Appendix C: the VC dimension of 1-Lipschitz functions with margin.

The derivations are in proofs/bethune2021/proposition_7/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_7 import (
    bounds,
    consistency,
    learning,
    lower,
    lower_plane,
    packing,
    proper,
    shattering,
    unsure,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *bounds.CLAIMS,
    *lower.CLAIMS,
    *lower_plane.CLAIMS,
    *shattering.CLAIMS,
    *packing.CLAIMS,
    *learning.CLAIMS,
    *consistency.CLAIMS,
    *proper.CLAIMS,
    *unsure.CLAIMS,
)
