"""Rational rows of dual norm at most one from floating-point slopes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.build.directions import dyadic_row, unit_vector
from lipcheck.exact import Vector
from lipcheck.norms import Exponent, dual_exponent, vector_norm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GRID = 1 << 30
_NEAR_ONE = Fraction(1, 1 << 24)


def exact_row(proposed: NDArray[np.float64], p: Exponent) -> Vector:
    """A rational row near the proposed slope with ||row||_q <= 1: of norm exactly one where the slope's is about one.

    For p = 1 and infinity the entries are multiples of 2^-30, for p = 2 those or a rational unit vector; for other p
    the norm stays below one by more than the 1e-9 that `lipcheck.norms` needs to see it. NaN and infinities count as 0.
    """
    slope = [s if math.isfinite(s) else 0.0 for s in proposed.tolist()]
    row = tuple(Fraction(round(s * _GRID), _GRID) for s in slope)
    q = dual_exponent(p)
    norm = vector_norm(row, q)
    if not any(row) or norm.upper < 1 - _NEAR_ONE:
        return row
    if p == 1:
        return tuple(max(min(w, Fraction(1)), Fraction(-1)) for w in row)
    if p == 2:
        return unit_vector(row, 30)
    if p == math.inf:
        k = max(range(len(row)), key=lambda i: abs(row[i]))
        rest = sum((abs(w) for i, w in enumerate(row) if i != k), Fraction(0))
        if rest <= 1:
            return tuple((1 - rest) * (1 if w > 0 else -1) if i == k else w for i, w in enumerate(row))
    return dyadic_row(row, q, 27)
