"""Signed distances to polygons and regions in float64, with a proved bound on their error.

They are highest mountain functions (Bethune et al. 2021, definitions 1 and 3) as a network or a picture is made from.
The bound is that of `lipcheck.build.segments`, and what rounding the point adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, TypeAlias

from lipcheck.build.polygons import PolygonError, entering
from lipcheck.build.surds import surd
from lipcheck.exact import NetworkError, exact, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lipcheck.build.segments import Floats, Segments

    Points: TypeAlias = Sequence[Sequence[float]] | NDArray[np.float64]


class Shape(Protocol):
    """A part of the plane whose frontier consists of closed chains of sides: a Polygon or a Region."""

    @property
    def segments(self) -> Segments:
        """The sides as nearest floats."""


class SignedDistance:
    """The signed distance to a shape's frontier as a function of floats, for points in [-reach, reach]^2.

    `SignedDistance(shape)(point)` is a float and `batch(points)` an array; both differ from the exact value at the
    given point by at most `error`, a Fraction. So where they exceed `error` in size, their sign is right. Coordinates
    that are no floats, such as Fractions, are rounded, which `error` includes. Raises PolygonError for points outside,
    for what is not finite, for a shape without sides and for a reach that is not in (0, 2^100].
    """

    def __init__(self, shape: Shape, reach: object = 2) -> None:
        try:
            self.reach = exact(reach, "reach")
        except NetworkError as problem:
            raise PolygonError(str(problem)) from problem
        if not 0 < self.reach <= 2**100:
            raise PolygonError(f"The reach is {self.reach}: give a positive number up to 2^100.")
        if not hasattr(shape, "segments"):
            raise PolygonError(f"{shown(shape)} has no frontier: give a Polygon or a Region.")
        self.shape = shape
        # Coordinates that are rounded may end up that much outside.
        self._far = self.reach * (1 + Fraction(1, 1 << 52))
        self.error = shape.segments.error(self._far) + entering(self._far)

    def __call__(self, point: Sequence[float]) -> float:
        """The value at one point."""
        return float(self.batch([point])[0])

    def batch(self, points: Points) -> Floats:
        """The values at N points, an array (N, 2) or a sequence of pairs."""
        floats = _floats(points)
        if Fraction(_size(floats)) > self._far:
            raise PolygonError(f"A point is not in [-{self.reach}, {self.reach}]^2: give a larger reach.")
        return self.shape.segments.signed(floats, float(self.error)) if len(floats) else floats[:, 0]


def signed_distance(shape: Shape, points: Points) -> Floats:
    """The signed distances (N,) of N points as floats, each off by at most `SignedDistance(shape, r).error`.

    Here r is the largest size of a coordinate, or 1. Raises PolygonError for what is no array (N, 2) of finite numbers.
    """
    floats = _floats(points)
    return SignedDistance(shape, max(1.0, _size(floats))).batch(floats)


def _floats(points: Points) -> Floats:
    import numpy as np

    try:
        given = np.asarray(points)
        numbers = given if given.dtype.kind in "iuf" else [[float(surd(c)) for c in point] for point in given]
        floats = np.asarray(numbers, dtype=float)
    except (TypeError, ValueError, OverflowError) as problem:
        raise PolygonError(f"The points are no pairs of numbers ({problem}): give an array (N, 2).") from problem
    if floats.ndim != 2 or floats.shape[1] != 2:
        raise PolygonError(f"The points have the shape {floats.shape}: give an array (N, 2).")
    if not np.isfinite(floats).all():
        raise PolygonError("A point has a coordinate that is not finite: give finite numbers.")
    return floats


def _size(floats: Floats) -> float:
    return float(abs(floats).max()) if floats.size else 0.0
