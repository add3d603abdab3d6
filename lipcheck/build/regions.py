"""Regions between several closed frontiers: rings, islands, holes; what is inside an odd number of polygons.

The signed distance to the union of the frontiers, positive in the region, is the highest mountain function of the
classifier that tells the region from the rest. Figure 1 of Bethune et al. 2021 is of this kind: one class in a ring,
the other in its centre and outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from lipcheck.build.euclidean import SignedRoot
from lipcheck.build.polygons import Polygon, PolygonError
from lipcheck.build.surds import Surd
from lipcheck.exact import NetworkError, items, shown

if TYPE_CHECKING:
    from lipcheck.build.segments import Segments


@dataclass(frozen=True)
class Region:
    """The points inside an odd number of the polygons. Raises PolygonError for none, and where two frontiers meet."""

    polygons: tuple[Polygon, ...]

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "polygons", tuple(items(self.polygons, "polygons")))
        except NetworkError as problem:
            raise PolygonError(str(problem)) from problem
        if not self.polygons:
            raise PolygonError("A region without polygons has no frontier: give at least one.")
        for polygon in self.polygons:
            if not isinstance(polygon, Polygon):
                raise PolygonError(f"{shown(polygon)} is no polygon: give Polygon objects.")
        self._check()

    def _check(self) -> None:
        from lipcheck.build.simple import meetings

        sides = [side for polygon in self.polygons for side in pairwise((*polygon.corners, polygon.corners[0]))]
        following: list[int] = []
        for polygon in self.polygons:
            start, n = len(following), len(polygon.corners)
            following += [*range(start + 1, start + n), start]
        for i, j in meetings(sides, following, self.segments.starts, self.segments.ends):
            a, b, c, d = (f"({x}, {y})" for x, y in (*sides[i], *sides[j]))
            raise PolygonError(f"The sides {a} to {b} and {c} to {d} meet: give polygons whose frontiers are disjoint.")

    @cached_property
    def segments(self) -> Segments:
        """The sides of all polygons as nearest floats."""
        import numpy as np

        from lipcheck.build.segments import Segments

        parts = [polygon.segments for polygon in self.polygons]
        return Segments(np.concatenate([p.starts for p in parts]), np.concatenate([p.ends for p in parts]))

    def side(self, point: object) -> int:
        """1 in the region, 0 on a frontier, -1 elsewhere, exactly; PolygonError for what is no point of the plane."""
        return self.signed_distance(point).sign

    def signed_distance(self, point: object) -> SignedRoot[Surd]:
        """The exact distance to the nearest frontier, negative outside of the region."""
        found = [polygon.signed_distance(point) for polygon in self.polygons]
        square = min(root.square for root in found)
        odd = sum(root.sign > 0 for root in found) % 2
        return SignedRoot((1 if odd else -1) if square else 0, square)
