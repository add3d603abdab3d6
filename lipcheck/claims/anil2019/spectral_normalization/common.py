"""Power iteration in exact arithmetic, without square roots: directions are kept up to a positive factor.

v is along W'u and u along Wv, so the squared estimate (u'Wv)^2 = |Wv|^2 / |v|^2 is rational for a rational start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, Vector, dot, matrix, vector
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Textbook
from lipcheck.words.errors import LipcheckError

ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ROW = "anil2019.spectral_normalization"
SVD = Textbook("singular value decomposition; the 2-norm is the largest singular value",
               "Horn and Johnson, Matrix Analysis, 2.6.3, 5.6.6")  # fmt: skip
CAUCHY = Textbook("Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 5.1.4")


class IterationError(LipcheckError, ValueError):
    """Data that describe no power iteration, or one that divides by zero."""


def entries(data: Any, names: Sequence[str]) -> list[Any]:
    """The values under exactly these names; IterationError for other data."""
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise IterationError(f"the data have exactly the entries {', '.join(names)}")
    return [data[name] for name in names]


def rows(data: Any) -> Matrix:
    """The matrix that the data spell."""
    return matrix(data, "W")


def start(data: Any, weight: Matrix) -> Vector:
    """The start u with one entry per row of the weight."""
    u = vector(data, "u")
    if len(u) != len(weight):
        raise IterationError(f"u has {len(u)} entries for {len(weight)} rows")
    return u


def apply(weight: Matrix, v: Sequence[Fraction]) -> Vector:
    """W v."""
    return tuple(dot(row, v) for row in weight)


def transposed(weight: Matrix) -> Matrix:
    """W'."""
    return tuple(zip(*weight, strict=True))


def gram(weight: Matrix) -> Matrix:
    """W'W, whose norm is the square of that of W."""
    columns = transposed(weight)
    return tuple(tuple(dot(a, b) for b in columns) for a in columns)


def step(weight: Matrix, u: Vector) -> tuple[Vector, Vector]:
    """(v, the next u) up to positive factors; IterationError where a direction is zero."""
    v = apply(transposed(weight), u)
    image = apply(weight, v)
    if not any(v):
        raise IterationError("W'u = 0: v = W'u / |W'u| divides by zero")
    return v, image


def squared_estimate(weight: Matrix, u: Vector, iterations: int) -> Fraction:
    """(u_k'W v_k)^2 after k >= 1 iterations from u."""
    if not isinstance(iterations, int) or isinstance(iterations, bool) or iterations < 1:
        raise IterationError(f"{iterations!r} is no number of iterations: give at least 1")
    for _ in range(iterations):
        v, u = step(weight, u)
    return dot(u, u) / dot(v, v)


def norm_at_most(weight: Matrix, square: Fraction) -> bool:
    """Whether ||W||_2^2 <= square."""
    return spectral_norm_at_most(gram(weight), square)


def norm_at_least(weight: Matrix, square: Fraction) -> bool:
    """Whether ||W||_2^2 >= square: it is not at most that, or square is an eigenvalue of W'W."""
    return not norm_at_most(weight, square) or _is_eigenvalue(gram(weight), square)


def _is_eigenvalue(symmetric: Matrix, value: Fraction) -> bool:
    import flint

    shifted = [[w - value * (i == j) for j, w in enumerate(row)] for i, row in enumerate(symmetric)]
    return bool(flint.fmpq_mat([[flint.fmpq(w.numerator, w.denominator) for w in row] for row in shifted]).det() == 0)
