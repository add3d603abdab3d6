"""Highest mountain functions of finite classes on the line and in the plane (Béthune et al. 2021, definitions 1, 3, 4).

The frontier is the set of points where two classes tie as nearest (`lipcheck.build.frontiers`). `height` is definition
3, for two classes A and B: the distance to the frontier, with a plus sign where d(x, B) >= d(x, A). Definition 1 is its
restriction to the labelled points, c(x) d(x, frontier): the same numbers there, and no value elsewhere. `heights` is
definition 4, for K classes: f_k is the distance to the frontier where class k alone is nearest, and 0 elsewhere. (The
print takes "argmin" of distances for the frontier of definition 4; "min" is meant.) For K = 2, height = f_0 - f_1.

The classes are disjoint and not empty. An empty class leaves no frontier, and d(x, empty set) has no value; a common
point would have to lie in the frontier. Two disjoint finite classes cannot tie on an open set in the 2-norm: one of the
finitely many bisectors, which are lines, would have an inner point.

All these functions are 1-Lipschitz, f with values in R^K for every p-norm: a straight line between points of different
sides meets the frontier, so that |f(x) - f(y)| <= d(x, frontier) + d(y, frontier) <= |x - y|.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from lipcheck.build.euclidean import SignedRoot, Stretch, squared_distance
from lipcheck.build.frontiers import ClassesError, classes_of, coordinates, line_frontier, plane_frontier
from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.build.stacking import stack
from lipcheck.exact import Vector
from lipcheck.network import Network


@dataclass(frozen=True)
class LineMountain:
    """The functions of K >= 2 classes of rational numbers. Raises ClassesError as `classes_of` does."""

    classes: tuple[tuple[Fraction, ...], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", tuple(tuple(x for (x,) in c) for c in classes_of(self.classes, 1)))

    @cached_property
    def frontier(self) -> tuple[Fraction, ...]:
        """The points where two classes tie as nearest, from left to right; at least one."""
        return line_frontier(self.classes)

    @cached_property
    def cells(self) -> tuple[tuple[Fraction | None, Fraction | None, int], ...]:
        """(left, right, class): the intervals between frontier points, from left to right; None is an infinite end."""
        ends = (None, *self.frontier, None)
        return tuple((a, b, self._label(a, b)) for a, b in pairwise(ends))

    @cached_property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """Where `height` turns: half-way between frontier points."""
        return tuple((a + b) / 2 for a, b in pairwise(self.frontier))

    @cached_property
    def slopes(self) -> tuple[int, ...]:
        """The slopes of `height` left of, between and right of the breakpoints: 1 and -1 in turn."""
        _two(self.classes)
        return tuple(-1 if label == 0 else 1 for _, _, label in self.cells[:-1])

    def height(self, x: object) -> Fraction:
        """Definition 3, the first class positive; ClassesError unless there are two classes."""
        _two(self.classes)
        first, second = self.heights(x)
        return first - second

    def heights(self, x: object) -> Vector:
        """Definition 4: one number per class, at most one of them not zero."""
        (place,) = coordinates(x, 1)
        label = next(label for _, right, label in self.cells if right is None or place <= right)
        away = min(abs(place - point) for point in self.frontier)
        return tuple(away if k == label else Fraction(0) for k in range(len(self.classes)))

    def lattice(self) -> Lattice:
        """`height` on all of R as max over the first class's cells of min(x - left, right - x); slopes 1 and -1.

        Outside of these cells the nearest one gives minus the distance to it, and the others less.
        """
        _two(self.classes)
        return Lattice(self._groups(0), math.inf)

    def lattices(self) -> tuple[Lattice, ...]:
        """`heights`, one lattice per class: as `lattice`, with a group of its own for the constant 0."""
        floor = (Piece((Fraction(0),), Fraction(0)),)
        return tuple(Lattice((*self._groups(k), floor), math.inf) for k in range(len(self.classes)))

    def network(self) -> Network:
        """`height` as a MaxMin network, equal on all of R: weights 1 and -1, then 0/1 selections."""
        return self.lattice().network()

    def networks(self) -> Network:
        """`heights` as one MaxMin network with K outputs, equal on all of R; weights 1, -1, 0, then selections."""
        return stack([lattice.network() for lattice in self.lattices()])

    def __call__(self, point: Sequence[float]) -> float:
        """`height` at (x,) as a float, for x in [-2, 2] within `error` of the exact value."""
        return float(self.height(point))

    @property
    def error(self) -> Fraction:
        """2^-53 (2 + |m|), for an m in the frontier, since |height| <= |x - m|."""
        return (2 + abs(self.frontier[0])) / (1 << 53)

    def _groups(self, k: int) -> tuple[tuple[Piece, ...], ...]:
        one = Fraction(1)
        sides = (
            ((Piece((one,), -a),) if a is not None else ()) + ((Piece((-one,), b),) if b is not None else ())
            for a, b, label in self.cells
            if label == k
        )
        return tuple(sides)

    def _label(self, left: Fraction | None, right: Fraction | None) -> int:
        return next(
            k
            for k, members in enumerate(self.classes)
            for x in members
            if (left is None or left < x) and (right is None or x < right)
        )


@dataclass(frozen=True)
class PlaneMountain:
    """The functions of K >= 2 classes of rational points in the plane, for the 2-norm. Raises ClassesError, too."""

    classes: tuple[tuple[Vector, ...], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", classes_of(self.classes, 2))

    @cached_property
    def frontier(self) -> tuple[Stretch[Fraction], ...]:
        """The points where two classes tie as nearest, as segments, rays and lines; at least one."""
        return plane_frontier(tuple(tuple((x, y) for x, y in members) for members in self.classes))

    def nearest(self, point: object) -> int | None:
        """The number of the class that alone is nearest, None on the frontier."""
        place = coordinates(point, 2)
        distances = [min(squared_distance(place, member) for member in members) for members in self.classes]
        winners = [k for k, distance in enumerate(distances) if distance == min(distances)]
        return winners[0] if len(winners) == 1 else None

    def height(self, point: object) -> SignedRoot[Fraction]:
        """Definition 3, the first class positive; ClassesError unless there are two classes."""
        _two(self.classes)
        first, second = self.heights(point)
        return SignedRoot(first.sign - second.sign, first.square + second.square)

    def heights(self, point: object) -> tuple[SignedRoot[Fraction], ...]:
        """Definition 4: one number per class, at most one of them not zero."""
        x, y = coordinates(point, 2)
        label, zero = self.nearest(point), SignedRoot(0, Fraction(0))
        height = zero if label is None else SignedRoot(1, min(s.squared_distance((x, y)) for s in self.frontier))
        return tuple(height if k == label else zero for k in range(len(self.classes)))

    def __call__(self, point: Sequence[float]) -> float:
        """`height` as a float, for points in [-2, 2]^2 within `error` of the exact value."""
        return float(self.height(point))

    @property
    def error(self) -> Fraction:
        """2^-52 (4 + |m|_1), for an m in the frontier, since |height| <= |x - m|."""
        m = self.frontier[0]
        t = m.start if m.start is not None else m.end if m.end is not None else Fraction(0)
        size = sum((abs(o + t * d) for o, d in zip(m.origin, m.direction, strict=True)), Fraction(4))
        return size / (1 << 52)


def _two(classes: Sequence[object]) -> None:
    if len(classes) != 2:
        raise ClassesError(f"There are {len(classes)} classes, and a signed height is for two: ask for the heights.")
