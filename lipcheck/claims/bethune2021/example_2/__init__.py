"""Section 4, Example 2, the sentences after it and Figure 2a: cross entropy of affine models on separable classes.

The derivations are in proofs/bethune2021/example_2/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.example_2 import (
    descent,
    float32,
    gradient,
    infimum,
    newton,
    only,
    regularized,
    ties,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *infimum.CLAIMS,
    *only.CLAIMS,
    *ties.CLAIMS,
    *regularized.CLAIMS,
    *gradient.CLAIMS,
    *newton.CLAIMS,
    *descent.CLAIMS,
    *float32.CLAIMS,
)
