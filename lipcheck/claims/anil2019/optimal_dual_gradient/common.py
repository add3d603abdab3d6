"""Words of the row."""

from __future__ import annotations

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML
from lipcheck.words.claim import Textbook

ROW = "anil2019.optimal_dual_gradient"
SOURCE = f"{ICLR}, sections 3 and 7.2; {ICML}, section 7.2"
PRINTED = (
    "(Such functions [whose input-output gradient has norm 1 almost everywhere] are relevant to Wasserstein distance "
    "estimation, where an optimal dual solution always has this property (Gulrajani et al., 2017).) [...] optimal "
    "surfaces under the dual Wasserstein objective have a gradient norm of 1 almost everywhere (Corollary 1 in Gemici "
    "et al. (2018))."
)
RADEMACHER = Textbook(
    "Rademacher's theorem", "Evans and Gariepy, Measure Theory and Fine Properties of Functions, 3.1.2"
)
