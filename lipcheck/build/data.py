"""Data for 1-Lipschitz functions: points, values, and the nearest values that fit where the given ones nearly do.

Values v fit if |v_i - v_j| <= d_ij = ||x_i - x_j||_p for all pairs; exactly then some 1-Lipschitz function takes them
(McShane). Let miss = max over pairs of |v_i - v_j| - d_ij >= 0. No fitting values are nearer than miss / 2, and

    v'_i = (max_j (v_j - d_ij) + min_j (v_j + d_ij)) / 2

are as near as that: both terms are 1-Lipschitz in x_i by the triangle inequality, the first lies in [v_i, v_i + miss],
the second in [v_i - miss, v_i]. Distances may be irrational. Then, with the unit 2^-160 min d and rationals D_ij from
d_ij to d_ij + 2^-20 units, m_ij = ceil(D_ij) + 1 in whole units keeps the triangle inequality, since
ceil(a + b + 1) <= ceil(a) + ceil(b) + 1, and (1 - 2^-158) m_ij is a metric below d_ij: the values then fit exactly, and
are as near as possible up to 2^-157 times a distance.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.build.lattice import nearest
from lipcheck.exact import NetworkError, Vector, exact, items, vector
from lipcheck.norms import Bracket, Exponent, vector_norm
from lipcheck.norms.arguments import as_exponent
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

ULPS = 8
_BITS = 160
_WIDTH = Fraction(1, 1 << 80)
_NARROW = Fraction(1, 1 << 220)
_CHUNK = 1 << 22
_DECIMAL = decimal.Context(prec=17)
_ORDER = 10**300
"""From here on ||z||_p is max |z_i|, as far as floating point can tell."""


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
    used = numbers if worst is None else _nearest_fit(rows, numbers, p)
    moves = tuple(Move(i, a, b) for i, (a, b) in enumerate(zip(numbers, used, strict=True)) if a != b)
    distinct = dict(zip(rows, used, strict=True))
    return Data(tuple(distinct), tuple(distinct.values()), p, allowed, moves, len(rows) - len(distinct))


def violations(
    points: Sequence[Vector], values: Sequence[Fraction], p: Exponent
) -> Iterator[tuple[int, int, Fraction]]:
    """Pairs i < j with |v_i - v_j| > ||x_i - x_j||_p and an upper bound on the excess, decided exactly.

    For p that is neither infinite nor a whole number up to 16, pairs count that are equal up to a relative 2^-220.
    """
    for i, j in suspects(points, values, p):
        gap = abs(values[i] - values[j])
        distance = between(points[i], points[j], p, gap)
        if distance.at_least(gap) is not True:
            yield i, j, gap - distance.lower


def between(x: Vector, y: Vector, p: Exponent, gap: Fraction | None = None) -> Bracket:
    """||x - y||_p within a relative 2^-80, or 2^-220 where that is needed to tell it from `gap`.

    Exact for p = 1 and infinity and where it is rational for a whole p up to 16, with its exact power for such p.
    """
    step = [a - b for a, b in zip(x, y, strict=True)]
    found = vector_norm(step, p, _WIDTH)
    return found if gap is None or found.at_least(gap) is not None else vector_norm(step, p, _NARROW)


def suspects(points: Sequence[Vector], values: Sequence[Fraction], p: Exponent) -> Iterator[tuple[int, int]]:
    """Pairs that floating point cannot clear.

    Entries are within u of the exact ones, differences and sums of n terms within (n + 6) u of their parts. A power is
    within a few u; a root takes 1 / p, rounded, as its exponent, which costs u |log| / p < 750 u of the sum that it is
    taken of. The relative error used is 128 (n + 8) u, of sizes before cancellation.
    """
    import numpy as np

    x = np.array([[nearest(c) for c in point] for point in points])
    v = np.array([nearest(c) for c in values])
    count, n = x.shape
    relative = 128 * (n + 8) * 2.0**-53
    step = max(1, _CHUNK // (count * n))
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for start in range(0, count, step):
            part = slice(start, start + step)
            gap = np.abs(v[part, None] - v)
            size = np.abs(v[part, None]) + np.abs(v) + np.abs(x[part]).sum(axis=1)[:, None] + np.abs(x).sum(axis=1)
            apart = distances(x[part], x, p)
            clear = (gap + relative * size + 2.0**-500 < apart) & np.isfinite(apart)
            for i, j in np.argwhere(~clear):
                if start + i < j:
                    yield start + int(i), int(j)


def distances(x: Floats, y: Floats, p: Exponent) -> Floats:
    """||x_i - y_j||_p in floating point, (len(x), len(y)); entries are scaled where powers could leave its range."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        apart = np.abs(x[:, None, :] - y[None, :, :])
        found: Floats
        if p == math.inf:
            found = apart.max(axis=2)
            return found
        order = float(min(p, _ORDER))
        found = np.linalg.norm(apart, ord=order, axis=2)
        reach = 2.0 ** (1000 / order)
        beyond = ~((found > 1 / reach) & (found < reach))
        top = apart[beyond].max(axis=1)
        scaled = apart[beyond] / np.where(top > 0, top, 1.0)[:, None]
        found[beyond] = top * np.linalg.norm(scaled, ord=order, axis=1)
    return found


def _refuse_contradiction(
    i: int, j: int, points: Sequence[Vector], values: Sequence[Fraction], excess: Fraction, allowed: Fraction
) -> None:
    if points[i] == points[j] and excess > allowed:
        raise DataError(
            f"Rows {i} and {j} are the same point {_shown(points[i])} with the values {_number(values[i])} and "
            f"{_number(values[j])}: no function has both, keep one of them."
        )


def _too_steep(
    i: int, j: int, excess: Fraction, points: Sequence[Vector], values: Sequence[Fraction], p: Exponent, slack: Fraction
) -> str:
    slope = _slope(i, j, points, values, p)
    apart = [(k, m) for k, m, _ in violations(points, values, p) if points[k] != points[m]]
    least = max(_slope(k, m, points, values, p) for k, m in apart)
    return (
        f"The data are not 1-Lipschitz for p = {_exponent(p)}: rows {i} and {j}, {_shown(points[i])} -> "
        f"{_number(values[i])} and {_shown(points[j])} -> {_number(values[j])}, miss by {_number(excess)}, more than "
        f"the slack of {_number(slack)}; their slope is {upward(slope)}. The smallest constant that fits all rows is "
        f"{upward(least)}: divide the values by it, or allow more slack."
    )


def _slope(i: int, j: int, points: Sequence[Vector], values: Sequence[Fraction], p: Exponent) -> Fraction:
    """An upper bound on |v_i - v_j| / ||x_i - x_j||_p, exact where the distance is."""
    return abs(values[i] - values[j]) / between(points[i], points[j], p).lower


def _nearest_fit(points: Sequence[Vector], values: Sequence[Fraction], p: Exponent) -> tuple[Fraction, ...]:
    """The values of the module's text; points in no violating pair keep theirs unless that spoils the fit."""
    guilty = {i for pair in violations(points, values, p) for i in pair[:2]}
    metric = _Metric(points, p)
    used = list(values)
    for rows in (sorted(guilty), range(len(points))):
        for i in rows:
            apart = metric.row(i)
            high = max(v - d for v, d in zip(values, apart, strict=True))
            low = min(v + d for v, d in zip(values, apart, strict=True))
            used[i] = (high + low) / 2
        if not any(True for _ in violations(points, used, p)):
            return tuple(used)
    raise AssertionError("values that are 1-Lipschitz in a smaller metric fit")


class _Metric:
    """The metric of the module's text, below ||x_i - x_j||_p and next to it."""

    def __init__(self, points: Sequence[Vector], p: Exponent) -> None:
        self.points, self.p = points, p
        self.exact = p in (1, math.inf)
        least = most = Fraction(1)
        if not self.exact:
            pairs = [between(x, y, p) for i, x in enumerate(points) for y in points[:i] if x != y]
            self.exact = all(pair.exact for pair in pairs)
            least = min((pair.lower for pair in pairs), default=least)
            most = max((pair.upper for pair in pairs), default=most)
        self.unit = least / (1 << _BITS)
        self.width = self.unit / most / (1 << 20)

    def row(self, i: int) -> list[Fraction]:
        """The distances of point i to all points."""
        steps = ([a - b for a, b in zip(self.points[i], y, strict=True)] for y in self.points)
        found = [vector_norm(step, self.p, self.width).upper for step in steps]
        if self.exact:
            return found
        shrink = self.unit * (1 - Fraction(4, 1 << _BITS))
        return [(1 - (-d // self.unit)) * shrink if d else d for d in found]


def _shown(point: Vector) -> str:
    text = ", ".join(map(_number, point[:6]))
    return f"({text}{', ...' if len(point) > 6 else ''})"


def _number(value: Fraction) -> str:
    return str(value) if _is_short(value, 24) else str(_DECIMAL.divide(value.numerator, value.denominator))


def _is_short(value: Fraction, digits: int) -> bool:
    # Python refuses to spell integers of thousands of digits.
    return max(abs(value.numerator), value.denominator).bit_length() < 4 * digits and len(str(value)) <= digits


def _exponent(p: Exponent) -> str:
    return "inf" if p == math.inf else str(p)


def upward(value: Fraction) -> str:
    """The number, or a decimal of at most eighteen digits that is not below it."""
    if _is_short(value, 18):
        return str(value)
    return str(decimal.Context(prec=18, rounding=decimal.ROUND_CEILING).divide(value.numerator, value.denominator))
