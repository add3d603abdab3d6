"""Is diag(d) - K'K positive semidefinite? Proved in float64 by a factorisation whose errors are measured and bounded.

d and K are known up to rounding: each entry of d and K is within 4 u |its float| + t of its float. The model of
arithmetic is that of `lipcheck.norms.verified`: u = 2^-53, t = 2^-1022, conventional inner products in any order,
underflow flushed or not. Here the order is chosen: products are summed over blocks of about sqrt(k) of the k terms, so
that each term passes through c ~ 2 sqrt(k) operations and gamma_c takes the place of gamma_k.

After Rump (Verification of positive definiteness, BIT 46, 2006), with the backward error measured. Let H be the
computed K'K, S the computed diag(d) - H - shift I, L a factor of about S, P the computed LL', and E the computed S - P.
Then

    diag(d) - K'K = LL' + shift I + (S - LL') + rounding of S + (H - K'K) + rounding of d and K

is positive semidefinite if the shift is at least the sum of the norms of the other terms (k rows in K, order n):

    ||S - LL'||         <= (1 + u) ||E||_F + gamma_{c+1} ||L||_F^2 + n (5 n max(1, |L|) + 6) t,
    rounding of S       <= 3 u (max |S_jj| + shift) + 4 t, for only its diagonal is rounded, twice,
    ||H - K'K||         <= gamma_{c+1} ||K||_F^2 + 5 n k max(1, |K|) t,
    rounding of d and K <= 4 u max d + t + 2 f ||K||_F + f^2, f = 4 u ||K||_F + sqrt(n k) t.

Success is a proof; failure proves nothing. The scalars are combined in exact rationals.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.norms.rounding import TINY, UNIT, frobenius, gamma, square_root, square_sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_RANGE = 2.0**400
_TRIES = 3


def is_definite(d: Floats, k: Floats) -> bool:
    """Whether diag(d) - K'K >= 0 is proved for all d, K that round to these floats; False for entries above 2^400."""
    import numpy as np

    # Also false for NaN.
    if not ((np.abs(d) <= _RANGE).all() and (np.abs(k) <= _RANGE).all()):
        return False
    gram = gram_of(k)
    shift = _data_error(d, k) + _gram_error(k)
    for _ in range(_TRIES):
        shift = Fraction(float(2 * shift))
        shifted: Floats = -gram
        shifted[np.diag_indices(len(d))] = (d - np.diag(gram)) - float(shift)
        try:
            factor = np.linalg.cholesky(shifted).astype(np.float64)
        except np.linalg.LinAlgError:
            return False
        residual: Floats = shifted - gram_of(np.ascontiguousarray(factor.T))
        if not np.isfinite(residual).all():
            return False
        needed = (
            _residual_error(residual, factor) + _diagonal_error(shifted, shift) + _gram_error(k) + _data_error(d, k)
        )
        if needed <= shift:
            return True
        shift = needed
    return False


def gram_of(k: Floats) -> Floats:
    """K'K: every inner product that the proof rests on, blocks of rows one after the other."""
    import numpy as np

    size = _block(len(k))
    total: Floats = np.zeros((k.shape[1], k.shape[1]))
    for first in range(0, len(k), size):
        block = k[first : first + size]
        total += block.T @ block
    return total


def _block(rows: int) -> int:
    return max(16, math.isqrt(rows))


def _operations(rows: int) -> int:
    """How many operations a term passes through: a product, the sum of its block, the sum of the blocks."""
    size = _block(rows)
    return min(size, rows) + -(-rows // size)


def _gram_error(k: Floats) -> Fraction:
    """A bound on ||H - K'K||."""
    rows, n = len(k), len(k.T)
    return gamma(_operations(rows) + 1) * square_sum(k) + 5 * n * rows * _largest(k) * TINY


def _residual_error(residual: Floats, factor: Floats) -> Fraction:
    """A bound on ||S - LL'||."""
    n = len(factor)
    bound: Fraction = (1 + UNIT) * frobenius(residual)
    bound += gamma(_operations(n) + 1) * square_sum(factor) + n * (5 * n * _largest(factor) + 6) * TINY
    return bound


def _diagonal_error(shifted: Floats, shift: Fraction) -> Fraction:
    """A bound on the rounding of the diagonal of S."""
    import numpy as np

    largest = Fraction(float(np.abs(np.diag(shifted)).max()))
    return 3 * UNIT * (largest + shift) + 4 * TINY


def _data_error(d: Floats, k: Floats) -> Fraction:
    """A bound on the rounding of d and of K, as a change of diag(d) - K'K."""
    size = frobenius(k)
    moved = 4 * UNIT * size + square_root(Fraction(k.size), up=True) * TINY
    change: Fraction = 2 * moved * size + moved**2
    return change + 4 * UNIT * Fraction(float(d.max())) + TINY


def _largest(x: Floats) -> Fraction:
    import numpy as np

    return max(Fraction(1), Fraction(float(np.abs(x).max(initial=0.0))))
