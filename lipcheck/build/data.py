"""Data for 1-Lipschitz functions: points and values that fit, exactly, or are moved until they do.

Values v fit if |v_i - v_j| <= ||x_i - x_j||_p for all pairs; exactly then some 1-Lipschitz function takes them
(McShane 1934). Where they miss by rounding only, `lipcheck.build.nearest_fit` has the nearest values that fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lipcheck.build.distances import between, violations
from lipcheck.build.nearest_fit import nearest_fit
from lipcheck.build.pieces import nearest
from lipcheck.build.spelling import spelled, spelled_exponent, spelled_point, upward
from lipcheck.exact import NetworkError, Vector, exact, items, vector
from lipcheck.norms import Exponent
from lipcheck.norms.arguments import as_exponent
from lipcheck.words.errors import LipcheckError

ULPS = 8


class DataError(LipcheckError, ValueError):
    """Points and values that no 1-Lipschitz function takes, or that are no data at all."""


@dataclass(frozen=True)
class Move:
    """The value at point `index` was changed from `given` to `used`."""

    index: int
    given: Fraction
    used: Fraction


@dataclass(frozen=True)
class Data:
    """Distinct points with values that fit exactly, and what was done to the given ones for that."""

    points: tuple[Vector, ...]
    values: tuple[Fraction, ...]
    p: Exponent
    slack: Fraction
    moves: tuple[Move, ...] = ()
    merged: int = 0

    def __neg__(self) -> Data:
        """The same points with the opposite values, which fit as well."""
        return Data(self.points, tuple(-v for v in self.values), self.p, self.slack)


def default_slack(values: Sequence[Fraction]) -> Fraction:
    """8 units in the last place, of float64, of the largest absolute value."""
    top = max(map(abs, values))
    return ULPS * (Fraction(math.ulp(nearest(top))) if math.isfinite(nearest(top)) else top / (1 << 52))


def read(points: object, values: object) -> tuple[tuple[Vector, ...], tuple[Fraction, ...]]:
    """Points and values as exact numbers; DataError for none, for different numbers of them or of coordinates."""
    try:
        rows = tuple(vector(row, f"points[{i}]") for i, row in enumerate(items(points, "points")))
        numbers = vector(values, "values")
    except NetworkError as problem:
        raise DataError(str(problem)) from problem
    if not rows or not rows[0]:
        raise DataError("There are no points, or they have no coordinates: give at least one point and its value.")
    if len(rows) != len(numbers):
        raise DataError(f"There are {len(rows)} points but {len(numbers)} values: give one value for each point.")
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise DataError(f"Point {i} has {len(row)} coordinates but point 0 has {len(rows[0])}: make them equal.")
    return rows, numbers


def fit(points: object, values: object, p: Exponent, slack: object = None) -> Data:
    """The data as they are if they fit, else moved by the least possible amount if that is at most slack / 2.

    `slack` bounds how far |v_i - v_j| may exceed the distance; None means `default_slack`, 0 moves nothing. Equal
    points are merged. Raises DataError for data that miss by more, with the worst pair, its slope, and the smallest
    constant that would do.
    """
    p = as_exponent(p)
    rows, numbers = read(points, values)
    allowed = default_slack(numbers) if slack is None else exact(slack, "slack")
    if allowed < 0:
        raise DataError(f"The slack is {allowed}: give a number that is not negative.")
    worst = None
    for i, j, excess in violations(rows, numbers, p):
        _refuse_contradiction(i, j, rows, numbers, excess, allowed)
        if worst is None or excess > worst[2]:
            worst = (i, j, excess)
    if worst is not None and worst[2] > allowed:
        raise DataError(_too_steep(*worst, rows, numbers, p, allowed))
    used = numbers if worst is None else nearest_fit(rows, numbers, p)
    moves = tuple(Move(i, a, b) for i, (a, b) in enumerate(zip(numbers, used, strict=True)) if a != b)
    distinct = dict(zip(rows, used, strict=True))
    return Data(tuple(distinct), tuple(distinct.values()), p, allowed, moves, len(rows) - len(distinct))


def _refuse_contradiction(
    i: int, j: int, points: Sequence[Vector], values: Sequence[Fraction], excess: Fraction, allowed: Fraction
) -> None:
    if points[i] == points[j] and excess > allowed:
        raise DataError(
            f"Rows {i} and {j} are the same point {spelled_point(points[i])} with the values {spelled(values[i])} and "
            f"{spelled(values[j])}: no function has both, keep one of them."
        )


def _too_steep(
    i: int, j: int, excess: Fraction, points: Sequence[Vector], values: Sequence[Fraction], p: Exponent, slack: Fraction
) -> str:
    slope = _slope(i, j, points, values, p)
    apart = [(k, m) for k, m, _ in violations(points, values, p) if points[k] != points[m]]
    least = max(_slope(k, m, points, values, p) for k, m in apart)
    return (
        f"The data are not 1-Lipschitz for p = {spelled_exponent(p)}: rows {i} and {j}, {spelled_point(points[i])} -> "
        f"{spelled(values[i])} and {spelled_point(points[j])} -> {spelled(values[j])}, miss by {spelled(excess)}, more "
        f"than the slack of {spelled(slack)}; their slope is {upward(slope)}. The smallest constant that fits all rows "
        f"is {upward(least)}: divide the values by it, or allow more slack."
    )


def _slope(i: int, j: int, points: Sequence[Vector], values: Sequence[Fraction], p: Exponent) -> Fraction:
    """An upper bound on |v_i - v_j| / ||x_i - x_j||_p, exact where the distance is."""
    return abs(values[i] - values[j]) / between(points[i], points[j], p).lower
