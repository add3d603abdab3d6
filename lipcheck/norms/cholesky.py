"""A Cholesky factorisation that measures its own error, block by block, as it goes.

The error of a finished factor L of M is known after one more product LL', which costs twice as much as the factor. Here
the products that are needed anyway serve for both. The right half of the columns gets what the left half leaves of it,
M - L_left L_left', and each half is treated alike, down to panels of a few columns. There an entry has gone through

    S_0 = M_ij,   S_d = the computed S_{d-1} - P_d,   P_d the computed product over the d-th segment of the columns,

for d = 1, ..., D, and the panel of L is a proposal (LAPACK's, or anything) whose own product is P_{D+1}, with E =
S_{D+1} what is left. In the model of `lipcheck.norms.rounding` S_{d-1} = P_d + S_d / (1 + delta_d) up to 4 t, so that

    M_ij = sum over d of P_d / ((1 + delta_1) ... (1 + delta_{d-1})) + E / ((1 + delta_1) ... (1 + delta_{D+1})),

and P_d is within gamma_{k+1} (|L||L|')_ij of the true product, the sum over its own segment of at most k columns, and
within 5 k max(1, |L|) t. As gamma_i + gamma_j + gamma_i gamma_j <= gamma_{i+j} (Higham, Accuracy and Stability of
Numerical Algorithms, 2nd edition, lemma 3.3), and as ||  |L||L|'  || <= ||L||_F^2,

    ||M - LL'|| <= (1 + gamma_{D+1}) ||E||_F + gamma_{k+1+D} ||L||_F^2 + n (6 n max(1, |L|) + 8 (D + 1)) t.

M and E stand for their lower triangles and the mirror images of these. No property of the proposal is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.norms.rounding import TINY, gamma, square_root, square_sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_PANEL = 64
"""Columns of a panel: narrow enough for its product to cost little, wide enough for LAPACK."""


@dataclass
class Squares:
    """Bounds on the sums of squares of the lower triangle of E and of L."""

    residual: Fraction = Fraction(0)
    factor: Fraction = Fraction(0)


def factor_error(matrix: Floats) -> Fraction:
    """A bound on ||M - LL'|| for a lower triangular L; the matrix M, C-contiguous, is overwritten.

    Raises numpy.linalg.LinAlgError where M seems not to be positive definite.
    """
    n = len(matrix)
    squares = Squares()
    _columns(matrix, 0, n, squares)
    longest, subtractions = min(n, _PANEL), 0
    while _PANEL << subtractions < n:
        longest = _PANEL << subtractions
        subtractions += 1
    # The diagonal of E counts twice as well, which does no harm.
    measured = (1 + gamma(subtractions + 1)) * square_root(2 * squares.residual, up=True)
    largest = 1 + squares.factor
    return (
        measured
        + gamma(longest + 1 + subtractions) * squares.factor
        + n * (6 * n * largest + 8 * (subtractions + 1)) * TINY
    )


def _product(a: Floats, b: Floats) -> Floats:
    """Every inner product that the proof rests on."""
    result: Floats = a @ b
    return result


def _columns(matrix: Floats, start: int, stop: int, squares: Squares) -> None:
    """Replace columns of what is left of M by those of L, and add up the squares."""
    width = _PANEL
    if stop - start <= width:
        _panel(matrix, start, stop, squares)
        return
    while 2 * width < stop - start:
        width *= 2
    middle = start + width
    _columns(matrix, start, middle, squares)
    left = matrix[middle:, start:middle]
    # With as many rows as columns this is a product by its own transpose, for which numpy computes one triangle.
    matrix[middle:, middle:stop] -= _product(left, matrix[middle:stop, start:middle].T)
    _columns(matrix, middle, stop, squares)


def _panel(matrix: Floats, start: int, stop: int, squares: Squares) -> None:
    import numpy as np

    rest = matrix[start:, start:stop].copy()
    width = stop - start
    panel = _proposal(rest)
    rest -= _product(panel, panel[:width].T)
    rest[:width] = np.tril(rest[:width])
    squares.residual += square_sum(rest)
    squares.factor += square_sum(panel)
    matrix[start:, start:stop] = panel


def _proposal(rest: Floats) -> Floats:
    """Columns of L, zero above the diagonal, near X with X (the top of X)' = rest."""
    import numpy as np
    from scipy.linalg import blas, lapack

    width = rest.shape[1]
    top, failed = lapack.dpotrf(rest[:width].T, lower=0, clean=1)
    if failed:
        raise np.linalg.LinAlgError(f"The leading minor of order {failed} seems not to be positive.")
    if len(rest) == width:
        return np.ascontiguousarray(top.T)
    return np.concatenate([top.T, blas.dtrsm(1.0, top, rest[width:].T, side=0, lower=0, trans_a=1).T])
