"""Words of the row. At a point x write s = sigma(f(x)), so that g^p = s and g^q = 1 - s; every s in (0, 1) occurs."""

from __future__ import annotations

from lipcheck.words.claim import Textbook

ROW = "bethune2021.transport_view"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix E"
ATOMS = Textbook(
    "linearity of the integral; induction over atoms where there are finitely many", "Rudin, RCA, 1.32; Peano's axioms"
)
UNDER_INTEGRAL = Textbook(
    "differentiation under the integral, with an integrable bound on the derivatives", "Dieudonné, 13.8.6"
)
