"""A floating-point enclosure of the spectral norm whose ends no rounding error can falsify.

The model of arithmetic stands in `lipcheck.norms.rounding`, and nothing else is assumed: the Cholesky factor and the
eigenvector are proposals, and may come from anywhere.

Upper end, after Rump (Verification of positive definiteness, BIT 46, 2006), with the factorisation's backward error
measured instead of bounded. B is the matrix scaled by a power of two to a largest entry in [1/2, 1), turned to m >= n.
Let G be the computed B'B, c a number just above its largest eigenvalue, M the computed c I - G, and L a factor of about
M. Then for |x| = 1

    |Bx|^2 = x'Gx + x'(B'B - G)x = c - |L'x|^2 - x'(c I - G - LL')x + x'(B'B - G)x
          <= c + ||c I - G - M|| + ||M - LL'|| + ||B'B - G||,

    ||B'B - G||    <= gamma_{m+1} ||B||_F^2 + 5 n m t,
    ||c I - G - M|| <= 2 u max |diag M| + (n + 4) t, as only the diagonal of M is rounded,
    ||M - LL'||     as `lipcheck.norms.cholesky` bounds it,

for | |X|'|X| | has a norm of at most ||X||_F^2, and a matrix with entries of at most e one of at most n e. As B'B and
|B|'|B| are symmetric, all this holds for the mirror image of the lower triangle of the computed product as well: G and
M stand for that. Small entries lost in scaling cost sqrt(m n) t.

Lower end: ||Bv|| / ||v|| for an eigenvector v of about G, less gamma_{n+1} ||B||_F ||v|| and underflow; at least the
largest entry. The scalars are combined in exact rationals and rounded outwards at the end.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.norms.blas_threads import one_blas_thread
from lipcheck.norms.cholesky import factor_error
from lipcheck.norms.leading import leading
from lipcheck.norms.rounding import TINY, UNIT, checked, gamma, outward, scaled, square_root, square_sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def verified_spectral_norm(array: NDArray[Any]) -> tuple[float, float]:
    """(lower, upper) with lower <= ||array||_{2->2} <= upper, for a matrix of float64 or float32.

    The relative distance is about (m + n) 1e-16 ||array||_F^2 / ||array||_2^2 for m x n. An upper end beyond the range
    of float64 is inf. Assumes conventional inner products in float64 (see the module's text); subnormal numbers may be
    flushed. Raises NormError for other dtypes and shapes, empty arrays, NaN and infinite entries.
    """
    import numpy as np

    b, exponent = scaled(checked(array))
    if not b.any():
        return 0.0, 0.0
    if b.shape[0] < b.shape[1]:
        b = np.ascontiguousarray(b.T)
    with one_blas_thread():
        return _ends(b, exponent)


def _ends(b: Floats, exponent: int) -> tuple[float, float]:
    import numpy as np

    gram = _product(b.T, b)
    square = square_sum(b)
    # An eigenvalue that is this much too small widens the result by a fraction of what rounding may have added.
    tolerance = float(square) * sum(b.shape) * float(UNIT) / 16
    estimate, vector = leading(gram, tolerance)
    lost = square_root(Fraction(b.size), up=True) * TINY
    upper = square_root(_upper_square(gram, estimate, tolerance) + _gram_error(b, square), up=True) + lost
    lower = max(_lower(b, vector, square) - lost, Fraction(float(np.abs(b).max())))
    scale = Fraction(2) ** exponent
    return outward(lower * scale, up=False), outward(upper * scale, up=True)


def _product(a: Floats, b: Floats) -> Floats:
    """Every inner product that the proof rests on."""
    result: Floats = a @ b
    return result


def _upper_square(gram: Floats, estimate: float, tolerance: float) -> Fraction:
    """An upper bound on ||G||. Any c gives one; a good c is above `estimate` by its error and the factor's own."""
    import numpy as np

    n = len(gram)
    margin, careful = 4 * n * float(UNIT) * estimate + 2 * tolerance, False
    while True:
        c = estimate + margin
        shifted: Floats = -gram
        shifted[np.diag_indices(n)] += c
        largest = Fraction(float(np.abs(np.diag(shifted)).max()))
        try:
            error = factor_error(shifted)
        except np.linalg.LinAlgError:
            # The estimate was too small, or rounding was worse than it is as a rule.
            if careful:
                margin *= 8
            else:
                estimate, careful = max(estimate, leading(gram, tolerance, careful=True)[0]), True
            continue
        total: Fraction = Fraction(c) + 2 * UNIT * largest + (n + 4) * TINY + error
        return total


def _gram_error(b: Floats, square: Fraction) -> Fraction:
    """A bound on ||B'B - G||, where `square` is one on ||B||_F^2."""
    m, n = len(b), len(b.T)
    return gamma(m + 1) * square + 5 * n * m * TINY


def _lower(b: Floats, v: Floats, square: Fraction) -> Fraction:
    """A lower bound on ||B||, from the direction of v, |v| <= 1 entry by entry."""
    m, n = len(b), len(v)
    image = square_root(square_sum(_product(b, v), up=False), up=False)
    length = square_root(square_sum(v), up=True)
    lost = square_root(Fraction(m), up=True) * 5 * n * TINY
    return (image - lost) / length - gamma(n + 1) * square_root(square, up=True)
