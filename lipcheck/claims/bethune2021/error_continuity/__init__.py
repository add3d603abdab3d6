"""Section 5: "error E(c_f^m(x)) lacks continuity w.r.t f(x) which prevents it to be a consistent estimator."

It lacks continuity, for every law and every m, and for m > 0 exactly at the f with P(y f(x) = m) > 0. That alone does
not prevent consistency: on a finite X the error is discontinuous and consistent.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.error_continuity import discontinuous, prevents
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*discontinuous.CLAIMS, *prevents.CLAIMS)
