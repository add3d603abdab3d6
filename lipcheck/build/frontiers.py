"""The frontier between finite classes of points: where two classes tie as nearest, exactly.

Two classes tie, as nearest, at x when x is as far from the nearest point a of one as from the nearest point b of the
other, and no third point is nearer. For the 2-norm such x lie on the bisector of a and b, the line through (a + b) / 2
at right angles to b - a, and |x - a| <= |x - c| is linear in x: on the bisector, an interval of the parameter, with
rational ends. So the frontier is a finite union of segments, rays and lines, found by clipping.

Pieces that shrink to one point are left out: the others cover them. Around x in the frontier, squared distances from
x + v are linear in v up to the common |x|^2 and |v|^2, so that a point nearest to x + v is one of those nearest to x,
and near x the frontier is a union of rays from x. There is a ray: every point nearest to x wins in its own direction,
so that at least two classes win somewhere on the circle of directions, which is connected. A ray starts a longer piece.

For the 1-norm and the infinity norm bisectors are no lines and can have interior: (0, 0) and (2, 2) tie at every (x, y)
with x >= 2 and y <= 0 for the 1-norm, (-1, 0) and (1, 0) wherever |y| >= |x| + 1 for the infinity norm. Then the
frontier is no union of pieces of lines, and a function that vanishes on it has gradient zero there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TypeAlias

from lipcheck.build.euclidean import Stretch
from lipcheck.exact import NetworkError, Vector, exact, items, vector
from lipcheck.words.errors import LipcheckError

Point: TypeAlias = tuple[Fraction, Fraction]


class ClassesError(LipcheckError, ValueError):
    """Classes with no frontier between them, or points where a function of it has no value."""


def classes_of(classes: object, dimension: int) -> tuple[tuple[Vector, ...], ...]:
    """The classes as tuples of exact points; on the line numbers serve as points.

    Raises ClassesError for fewer than two classes, an empty one, a point that is there twice, be it in one class or in
    two, another dimension, and what is not a number.
    """
    try:
        given = [items(members, f"class {k}") for k, members in enumerate(items(classes, "the classes"))]
    except NetworkError as problem:
        raise ClassesError(str(problem)) from problem
    if len(given) < 2:
        raise ClassesError(f"A frontier lies between classes, but there are {len(given)}: give at least two.")
    seen: dict[Vector, int] = {}
    for k, members in enumerate(given):
        if not members:
            raise ClassesError(f"Class {k} is empty, so that no point is at any distance from it: give it a point.")
        for member in members:
            point = coordinates(member, dimension)
            if point in seen:
                shown = ", ".join(map(str, point))
                raise ClassesError(
                    f"The point ({shown}) is in class {seen[point]} and again in class {k}: give each point once."
                )
            seen[point] = k
    return tuple(tuple(point for point, label in seen.items() if label == k) for k in range(len(given)))


def coordinates(point: object, dimension: int) -> Vector:
    """The point of the line or the plane as exact coordinates; ClassesError for anything else."""
    try:
        alone = dimension == 1 and not isinstance(point, list | tuple) and not getattr(point, "ndim", 0)
        found = (exact(point, "the point"),) if alone else vector(point, "the point")
    except NetworkError as problem:
        raise ClassesError(str(problem)) from problem
    if len(found) != dimension:
        raise ClassesError(f"The point {point!r} has {len(found)} coordinates: give {dimension}.")
    return found


def line_frontier(classes: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
    """The points of the line where two classes tie as nearest, from left to right.

    They are the midpoints of neighbours of different classes: from anywhere else the two nearest points, of which no
    third one lies between, belong to one class or are not equally far.
    """
    ordered = sorted((x, k) for k, members in enumerate(classes) for x in members)
    return tuple((x + y) / 2 for (x, k), (y, m) in pairwise(ordered) if k != m)


def plane_frontier(classes: Sequence[Sequence[Point]]) -> tuple[Stretch[Fraction], ...]:
    """The points of the plane where two classes tie as nearest, as pieces of bisectors that are not single points.

    Clips every bisector by all points: work grows as the cube of their number.
    """
    everyone = [point for members in classes for point in members]
    pieces = (_clipped(a, b, everyone) for one, other in combinations(classes, 2) for a in one for b in other)
    return tuple(piece for piece in pieces if piece is not None)


def _clipped(a: Point, b: Point, others: Sequence[Point]) -> Stretch[Fraction] | None:
    """The part of the bisector of a and b from which no other point is nearer."""
    (ax, ay), (bx, by) = a, b
    ox, oy, dx, dy = (ax + bx) / 2, (ay + by) / 2, ay - by, bx - ax
    start: Fraction | None = None
    end: Fraction | None = None
    for cx, cy in others:
        # |x - a|^2 <= |x - c|^2 at x = o + t d, as slope * t <= room.
        slope = 2 * ((cx - ax) * dx + (cy - ay) * dy)
        room = (ox - cx) ** 2 + (oy - cy) ** 2 - (ox - ax) ** 2 - (oy - ay) ** 2
        if slope > 0:
            end = room / slope if end is None else min(end, room / slope)
        elif slope < 0:
            start = room / slope if start is None else max(start, room / slope)
        elif room < 0:
            return None
        if start is not None and end is not None and start >= end:
            return None
    return Stretch((ox, oy), (dx, dy), start, end)
