"""Simple polygons with corners in Q(sqrt 3), and the signed distance to their frontier: positive inside.

That distance is the highest mountain function of Bethune et al. 2021 (definitions 1 and 3) of the classifier that tells
inside from outside: the points equidistant to both, as closed sets, are those of the frontier. Example 1 takes the Koch
snowflake. It is 1-Lipschitz in the 2-norm, since a straight line from one side to the other meets the frontier.

Signs and squared distances are exact: floats with a proved error (see `lipcheck.build.segments`) only choose the sides
that are looked at. `lipcheck.build.signed_distances` gives the floats themselves, with that error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.build.euclidean import SignedRoot, Stretch, turn
from lipcheck.build.surds import Surd, SurdError, surd
from lipcheck.exact import NetworkError, items, shown
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    from lipcheck.build.segments import Floats, Segments

Corner: TypeAlias = tuple[Surd, Surd]


class PolygonError(LipcheckError, ValueError):
    """Corners that bound no simple polygon, or points that have no signed distance."""


@dataclass(frozen=True)
class Polygon:
    """A simple polygon by its corners in order, stored counter-clockwise from the first one.

    Corners are pairs of what `surd` takes. Raises PolygonError for fewer than three, a repeated corner, zero area,
    sides that touch anywhere but at common corners, and for sizes above 2^100 or sides shorter than 2^-100.
    """

    corners: tuple[Corner, ...]

    def __post_init__(self) -> None:
        try:
            given = items(self.corners, "corners")
        except NetworkError as problem:
            raise PolygonError(str(problem)) from problem
        corners = tuple(_point(corner, f"corner {i}") for i, corner in enumerate(given))
        if len(corners) < 3:
            raise PolygonError(f"{len(corners)} corners bound no polygon: give at least three.")
        if len(set(corners)) < len(corners):
            twice = next(c for i, c in enumerate(corners) if c in corners[:i])
            raise PolygonError(f"The corner ({twice[0]}, {twice[1]}) is there twice: name each corner once.")
        twice_area = _twice_area(corners)
        if not twice_area:
            raise PolygonError(
                "The polygon has area zero: give corners that are not on one line and sides that do not cross."
            )
        if twice_area < 0:
            corners = (corners[0], *reversed(corners[1:]))
        object.__setattr__(self, "corners", corners)
        self._check()

    def _check(self) -> None:
        from lipcheck.build.simple import folds, meetings

        if any(abs(c) > 2**100 for corner in self.corners for c in corner):
            raise PolygonError("A coordinate is larger than 2^100: scale the polygon down.")
        squares = (stretch.direction[0] ** 2 + stretch.direction[1] ** 2 for stretch in self.sides)
        if any(square < Fraction(1, 1 << 200) for square in squares):
            raise PolygonError("A side is shorter than 2^-100: scale the polygon up.")
        ends, n = list(zip(self.corners, self._following, strict=True)), len(self.corners)
        following = [*range(1, n), 0]
        for i, j in chain(folds(self.corners), meetings(ends, following, self.segments.starts, self.segments.ends)):
            a, b, c, d = (f"({x}, {y})" for x, y in (*ends[i], *ends[j]))
            raise PolygonError(f"The sides {a} to {b} and {c} to {d} meet: let sides meet at common corners only.")

    @cached_property
    def sides(self) -> tuple[Stretch[Surd], ...]:
        """The sides; number i runs from corner i to the next."""
        return tuple(Stretch(a, (b[0] - a[0], b[1] - a[1])) for a, b in zip(self.corners, self._following, strict=True))

    @property
    def area(self) -> Surd:
        """The exact area."""
        return _twice_area(self.corners) / 2

    def scaled(self, factor: object) -> Polygon:
        """Every corner multiplied by a positive number of Q(sqrt 3); PolygonError for other factors."""
        try:
            number = surd(factor, "the factor")
        except SurdError as problem:
            raise PolygonError(str(problem)) from problem
        if number <= 0:
            raise PolygonError(f"The factor is {number}: give a positive one.")
        return Polygon(tuple((x * number, y * number) for x, y in self.corners))

    def side(self, point: object) -> int:
        """1 inside, 0 on the frontier, -1 outside, exactly; PolygonError for what is no point of the plane."""
        return self.signed_distance(point).sign

    def squared_distance(self, point: object) -> Surd:
        """The exact square of the distance to the frontier; PolygonError for what is no point of the plane."""
        place = _point(point, "the point")
        return min(self.sides[i].squared_distance(place) for i in self._near(place))

    def signed_distance(self, point: object) -> SignedRoot[Surd]:
        """The exact distance to the frontier, negative outside; PolygonError for what is no point of the plane."""
        place = _point(point, "the point")
        square = self.squared_distance(place)
        return SignedRoot((1 if self._crossings(place) % 2 else -1) if square else 0, square)

    @property
    def _following(self) -> tuple[Corner, ...]:
        return (*self.corners[1:], self.corners[0])

    @cached_property
    def segments(self) -> Segments:
        """The sides as nearest floats."""
        import numpy as np

        from lipcheck.build.segments import Segments

        starts = np.array([[float(x), float(y)] for x, y in self.corners])
        return Segments(starts, np.roll(starts, -1, axis=0))

    def _near(self, point: Corner) -> Iterable[int]:
        """The sides that can be nearest: all but those that floats exclude."""
        floats = _as_floats([point])
        if floats is None:
            return range(len(self.corners))
        reach = Fraction(float(abs(floats).max()))
        slack = 2 * float(self.segments.error(reach) + entering(reach))
        return map(int, self.segments.near(floats[0], slack))

    def _crossings(self, point: Corner) -> int:
        """How many sides a ray to the right crosses; the point is not on the frontier."""
        y, count = point[1], 0
        for i in self._level(point):
            a, b = self.corners[i], self._following[i]
            if (a[1] > y) == (b[1] > y):
                continue
            count += turn(a, b, point) == (1 if b[1] > a[1] else -1)
        return count

    def _level(self, point: Corner) -> Iterable[int]:
        import numpy as np

        floats = _as_floats([point])
        if floats is None:
            return range(len(self.corners))
        # Rounding to the nearest float keeps the order, or makes equal.
        a, b = self.segments.starts[:, 1], self.segments.ends[:, 1]
        return map(int, np.flatnonzero((np.minimum(a, b) <= floats[0, 1]) & (np.maximum(a, b) >= floats[0, 1])))


def _point(value: object, name: str) -> Corner:
    try:
        x, y = (surd(c, f"{name}[{i}]") for i, c in enumerate(items(value, name)))
    except (NetworkError, SurdError) as problem:
        raise PolygonError(str(problem)) from problem
    except ValueError as problem:
        raise PolygonError(f"{name} is {shown(value)}: give two coordinates.") from problem
    return x, y


def entering(reach: Fraction) -> Fraction:
    """How far a point moves when its coordinates, of size at most `reach`, are rounded to nearest floats."""
    return (2 * reach + Fraction(1, 1 << 1000)) / (1 << 53)


def _as_floats(points: Sequence[Corner]) -> Floats | None:
    """Nearest floats, None where a coordinate is larger than the error bounds allow."""
    import numpy as np

    if any(abs(c) > 2**100 for c in chain.from_iterable(points)):
        return None
    return np.array([[float(x), float(y)] for x, y in points])


def _twice_area(corners: Sequence[Corner]) -> Surd:
    total = Surd(Fraction(0))
    for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
        total += ax * by - bx * ay
    return total
