"""The projection of a vector onto the l1 ball, and Condat's Algorithm 1, in rationals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, Vector, matrix, vector
from lipcheck.words.errors import LipcheckError

ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ROW = "anil2019.linf_projection"
PRINTED = (
    "Due to its simplicity and suitability for a GPU implementation, we use Algorithm 1 from Condat (2016) [...] to "
    "project the weight matrices onto the L∞ ball."
)
ZERO, ONE = Fraction(0), Fraction(1)


class ProjectionError(LipcheckError, ValueError):
    """Data that describe no projection."""


def entries(data: Any, names: Sequence[str]) -> list[Any]:
    """The values under exactly these names; ProjectionError for other data."""
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise ProjectionError(f"the data have exactly the entries {', '.join(names)}")
    return [data[name] for name in names]


def pair(data: Any) -> tuple[Vector, Vector]:
    """The vectors w and q of one length."""
    w, q = (vector(v) for v in entries(data, ("w", "q")))
    if not w or len(w) != len(q):
        raise ProjectionError("w and q have one length of at least 1")
    return w, q


def l1(w: Sequence[Fraction]) -> Fraction:
    """|w|_1."""
    return sum(map(abs, w), ZERO)


def squared_distance(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """|a - b|_2^2."""
    return sum(((x - y) ** 2 for x, y in zip(a, b, strict=True)), ZERO)


def threshold(w: Sequence[Fraction], radius: Fraction = ONE) -> Fraction:
    """max over k of (S_k - radius) / k, S_k the sum of the k largest |w_i|: Condat's threshold for |w|, of any sign."""
    total, best = ZERO, None
    for k, a in enumerate(sorted(map(abs, w), reverse=True), start=1):
        total += a
        best = (total - radius) / k if best is None else max(best, (total - radius) / k)
    if best is None:
        raise ProjectionError("the vector is empty")
    return best


def shrink(w: Sequence[Fraction], t: Fraction) -> Vector:
    """sign(w_i) max(|w_i| - t, 0), with sign(0) = 0."""
    return tuple((abs(a) > 0) * max(abs(a) - t, ZERO) * (1 if a > 0 else -1) for a in w)


def project(w: Sequence[Fraction], radius: Fraction = ONE) -> Vector:
    """The nearest point of the l1 ball."""
    return shrink(w, max(threshold(w, radius), ZERO))


def algorithm_1(w: Sequence[Fraction]) -> Vector:
    """Condat's Algorithm 1, the projection onto the simplex, applied to |w|; the signs are put back."""
    return shrink(w, threshold(w))


def rows(data: Any) -> Matrix:
    """The matrix that the data spell."""
    return matrix(data, "W")


def infinity_norm(weight: Matrix) -> Fraction:
    """The largest absolute row sum."""
    return max(map(l1, weight))
