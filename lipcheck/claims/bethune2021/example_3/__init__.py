"""Section 4, Example 3, Figure 2b and the sentences around them: four weighted points on the line, for every L.

The derivations are in proofs/bethune2021/example_3/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.example_3 import accuracy, error, figure_2b, fitting, growing, limit, minimizer
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *fitting.CLAIMS,
    *minimizer.CLAIMS,
    *figure_2b.CLAIMS,
    *error.CLAIMS,
    *growing.CLAIMS,
    *limit.CLAIMS,
    *accuracy.CLAIMS,
)
