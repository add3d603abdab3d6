"""Figures 2, 3, 5 and 6: what the exact problems behind the captions imply, and what only training runs can show.

The derivations are in proofs/bethune2021/figures_2_3_5_6/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.figures_2_3_5_6 import four_points, minima, training, underflow
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*minima.CLAIMS, *underflow.CLAIMS, *four_points.CLAIMS, *training.CLAIMS)
