"""A floating-point enclosure of the spectral norm whose ends no rounding error can falsify.

The model of arithmetic stands in `lipcheck.norms.rounding`, and nothing else is assumed: the Cholesky factor and the
eigenvector are proposals, and may come from anywhere.

Upper end, after Rump (Verification of positive definiteness, BIT 46, 2006), with the factorisation's backward error
measured instead of bounded. B is the matrix scaled by a power of two to a largest entry in [1/2, 1), turned to m >= n.
Let G be the computed B'B, c a number just above its largest eigenvalue, M the computed c I - G, L a factor of about M,
P the computed LL', and E the computed M - P (lower triangles, mirrored). Then for |x| = 1

    |Bx|^2 = x'Gx + x'(B'B - G)x = c - |L'x|^2 - x'(c I - G - LL')x + x'(B'B - G)x
          <= c + ||c I - G - LL'|| + ||B'B - G||,

    ||B'B - G||       <= gamma_{m+1} ||B||_F^2 + 5 n m t,
    ||c I - G - LL'|| <= (1 + u) ||E||_F + u ||diag M||_2 + gamma_{n+1} ||L||_F^2 + n (5 n max(1, |L|) + 6) t,

for | |X|'|X| | has a norm of at most ||X||_F^2, and a matrix with entries of at most e one of at most n e. Small
entries lost in scaling cost sqrt(m n) t.

Lower end: ||Bv|| / ||v|| for an eigenvector v of about G, less gamma_{n+1} ||B||_F ||v|| and underflow; at least the
largest entry. The scalars are combined in exact rationals and rounded outwards at the end.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.norms.rounding import TINY, UNIT, checked, gamma, outward, scaled, square_root, square_sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Larger matrices leave the proposal to Lanczos' method: the eigenvalue's error is about the tolerance's square.
_DENSE_ORDER = 64
_LANCZOS_TOLERANCE = 1e-10
_STRIP = 256


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
    gram = _product(b.T, b)
    estimate, vector = _leading(gram)
    lost = square_root(Fraction(b.size), up=True) * TINY
    upper = square_root(_upper_square(b, gram, estimate), up=True) + lost
    lower = max(_lower(b, vector) - lost, Fraction(float(np.abs(b).max())))
    scale = Fraction(2) ** exponent
    return outward(lower * scale, up=False), outward(upper * scale, up=True)


def _product(a: Floats, b: Floats) -> Floats:
    """Every inner product that the proof rests on."""
    result: Floats = a @ b
    return result


def _leading(gram: Floats) -> tuple[float, Floats]:
    """About the largest eigenvalue, and a column near its eigenvector with entries in [-1, 1]."""
    import numpy as np
    from scipy.sparse.linalg import ArpackError, eigsh

    n = len(gram)
    start = np.random.default_rng(0).standard_normal(n)
    try:
        if n > _DENSE_ORDER:
            values, vectors = eigsh(gram, k=1, v0=start, tol=_LANCZOS_TOLERANCE)
        else:
            values, vectors = np.linalg.eigh(gram)
    except ArpackError:
        values, vectors = np.linalg.eigh(gram)
    return float(values[-1]), vectors[:, -1:] / np.abs(vectors[:, -1]).max()


def _upper_square(b: Floats, gram: Floats, estimate: float) -> Fraction:
    """An upper bound on ||B||^2. Any c and any L give one; a good c is above `estimate` by the factor's own errors."""
    import numpy as np

    n = len(gram)
    margin = 4 * n * float(UNIT) * estimate
    while True:
        c = estimate + margin
        shifted: Floats = -gram
        shifted[np.diag_indices(n)] += c
        try:
            factor = _factor(shifted)
        except np.linalg.LinAlgError:
            margin *= 8
            continue
        return Fraction(c) + _residual_error(_residual(shifted, factor), shifted, factor) + _gram_error(b)


def _factor(matrix: Floats) -> Floats:
    """A lower triangle L with LL' near the matrix. Raises LinAlgError where that seems not to be definite."""
    from scipy.linalg import cholesky

    factor: Floats = cholesky(matrix.T, lower=True, check_finite=False)
    return factor


def _residual(matrix: Floats, factor: Floats) -> Fraction:
    """A bound on ||E||_F^2, E the computed M - LL', M the matrix's lower triangle and its mirror image.

    Strip by strip, as only the first columns of L meet a strip; what stands left of the diagonal block counts twice.
    """
    total = Fraction(0)
    for start in range(0, len(matrix), _STRIP):
        stop = min(start + _STRIP, len(matrix))
        strip = matrix[start:stop, :stop] - _product(factor[start:stop, :stop], factor[:stop, :stop].T)
        total += 2 * square_sum(strip[:, :start]) if start else 0
        total += square_sum(strip[:, start:])
    return total


def _gram_error(b: Floats) -> Fraction:
    """A bound on ||B'B - G||."""
    m, n = len(b), len(b.T)
    return gamma(m + 1) * square_sum(b) + 5 * n * m * TINY


def _residual_error(square: Fraction, shifted: Floats, factor: Floats) -> Fraction:
    """A bound on ||c I - G - LL'||, where `square` is one on ||E||_F^2 for lower triangular L."""
    import numpy as np

    n = len(shifted)
    largest = max(Fraction(1), Fraction(float(np.abs(factor).max())))
    measured = (1 + UNIT) * square_root(square, up=True) + UNIT * square_root(square_sum(np.diag(shifted)), up=True)
    return measured + gamma(n + 1) * square_sum(factor) + n * (5 * n * largest + 6) * TINY


def _lower(b: Floats, v: Floats) -> Fraction:
    """A lower bound on ||B||, from the direction of v, |v| <= 1 entry by entry."""
    m, n = len(b), len(v)
    image = square_root(square_sum(_product(b, v), up=False), up=False)
    length = square_root(square_sum(v), up=True)
    lost = square_root(Fraction(m), up=True) * 5 * n * TINY
    return (image - lost) / length - gamma(n + 1) * square_root(square_sum(b), up=True)
