"""Sums of absolute values of floats, exactly: the norms for p = 1 and p = infinity rest on them.

A float is an integer times a power of two. The integers that share a power are added in halves of 32 bits, which
int64 does without loss for fewer than 2^31 terms, and the few totals in Python's integers: no rounding, and nothing for
a processor to flush to zero.

Only the rows that may be the largest are added exactly. For n terms, scaled by one power of two for all rows to at most
1, the computed sum c of a row and its true sum s obey |c - s| <= gamma_n s + 2 n t (`lipcheck.norms.rounding`), so that
a row with c (1 + gamma_n) + 2 n t below the largest c (1 - gamma_n) - 2 n t is not the largest.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.norms.rounding import TINY, gamma, mantissas, scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray


def absolute_sum(array: NDArray[Any]) -> Fraction:
    """The sum of |entry| over an array of float64 or float32, finite entries, exactly."""
    import numpy as np

    integers, powers = (part.reshape(-1) for part in mantissas(array))
    total = Fraction(0)
    for power in np.unique(powers):
        chosen = integers[powers == power]
        whole = (int((chosen >> 32).sum()) << 32) + int((chosen & 0xFFFFFFFF).sum())
        total += whole * Fraction(2) ** int(power)
    return total


def largest_row_sum(matrix: NDArray[Any]) -> Fraction:
    """The largest sum of |entry| over the rows of a matrix of float64 or float32, exactly: ||W|| for p = infinity."""
    import numpy as np

    b, _ = scaled(matrix)
    sums = np.abs(b).sum(1)
    count = b.shape[1]
    top = Fraction(float(sums.max()))
    # A row may be the largest where its sum, rounded up, reaches the largest, rounded down.
    needed = ((top * (1 - gamma(count)) - 2 * count * TINY) - 2 * count * TINY) / (1 + gamma(count))
    candidates = np.flatnonzero(sums >= np.nextafter(float(max(needed, Fraction(0))), 0.0))
    return max(absolute_sum(matrix[i]) for i in candidates)


def exact_entries(matrix: NDArray[Any]) -> list[list[Fraction]]:
    """The entries of a matrix of float64 or float32 as rationals, read from the bits."""
    import numpy as np

    integers, powers = mantissas(matrix)
    signs = np.where(np.signbit(matrix), -1, 1)
    return [
        [Fraction(int(s) * int(m)) * Fraction(2) ** int(e) for s, m, e in zip(*row, strict=True)]
        for row in zip(signs, integers, powers, strict=True)
    ]
