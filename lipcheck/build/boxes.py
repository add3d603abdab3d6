"""Boxes, and grids on them whose covering radius is known exactly."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

from lipcheck.exact import NetworkError, Vector, vector
from lipcheck.norms import Exponent, vector_norm
from lipcheck.words.errors import LipcheckError

_LARGEST = Fraction(sys.float_info.max)


class BoxError(LipcheckError, ValueError):
    """A box that is none, or a grid that cannot be laid."""


@dataclass(frozen=True, init=False)
class Box:
    """The points between two corners: lower_i <= x_i <= upper_i, exact numbers, not empty."""

    lower: Vector
    upper: Vector

    def __init__(self, lower: object, upper: object) -> None:
        try:
            object.__setattr__(self, "lower", vector(lower, "lower"))
            object.__setattr__(self, "upper", vector(upper, "upper"))
        except NetworkError as problem:
            raise BoxError(str(problem)) from problem
        if not self.lower or len(self.lower) != len(self.upper):
            raise BoxError(
                f"The corners have {len(self.lower)} and {len(self.upper)} coordinates: give both as many, one or more."
            )
        for i, (low, high) in enumerate(zip(self.lower, self.upper, strict=True)):
            if low > high:
                raise BoxError(f"Coordinate {i} of the box runs from {low} to {high}: give the lower corner first.")

    @property
    def dimension(self) -> int:
        """The number of coordinates."""
        return len(self.lower)

    @property
    def sides(self) -> Vector:
        """The lengths of the sides."""
        return tuple(b - a for a, b in zip(self.lower, self.upper, strict=True))

    def contains(self, x: Vector) -> bool:
        """Whether x lies in the box, its boundary included."""
        return all(a <= v <= b for a, v, b in zip(self.lower, x, self.upper, strict=True))

    def farthest(self, x: Vector) -> Vector:
        """The coordinatewise largest distance of x from a point of the box."""
        return tuple(max(abs(v - a), abs(v - b)) for a, v, b in zip(self.lower, x, self.upper, strict=True))


@dataclass(frozen=True)
class Grid:
    """A product of coordinates in a box, rising; every point of the box is within `radius` of one of the grid's."""

    box: Box
    axes: tuple[tuple[Fraction, ...], ...]
    radius: Fraction

    def __len__(self) -> int:
        return math.prod(map(len, self.axes))

    def points(self) -> Iterator[Vector]:
        """The points of the grid, the last coordinate running fastest."""
        return product(*self.axes)


def steps_for(box: Box, radius: Fraction, p: Exponent) -> tuple[int, ...]:
    """How many cells a side needs for a covering radius, about; the same width of cell along every side."""
    half = radius / vector_norm([Fraction(1)] * sum(map(bool, box.sides)), p).upper if any(box.sides) else radius
    return tuple(max(1, math.ceil(side / (2 * half))) for side in box.sides)


def grid(box: Box, steps: tuple[int, ...], p: Exponent) -> Grid:
    """The centres of the cells, rounded to float64, and a covering radius in ||.||_p of what results.

    Exact, rounded up by a relative 1e-9 where it is irrational. A centre that rounding takes out of the box is moved to
    the box's nearest point. Raises BoxError for a box beyond the range of float64.
    """
    axes = []
    for low, side, count in zip(box.lower, box.sides, steps, strict=True):
        if max(abs(low), abs(low + side)) > _LARGEST:
            raise BoxError("A side of the box ends beyond 1.8e308, where float64 does: give a smaller box.")
        centres = [low + side * (2 * j + 1) / (2 * count) for j in range(count)]
        axes.append(tuple(dict.fromkeys(min(max(Fraction(float(c)), low), low + side) for c in centres)))
    halves = [
        max([axis[0] - low, high - axis[-1], *((b - a) / 2 for a, b in pairwise(axis))])
        for axis, low, high in zip(axes, box.lower, box.upper, strict=True)
    ]
    return Grid(box, tuple(axes), vector_norm(halves, p).upper)
