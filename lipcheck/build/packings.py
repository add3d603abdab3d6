"""Separated sets with exact coordinates: lattices cut out by boxes and balls.

A set is s-separated if any two of its points have a distance of at least s; then the open balls of radius s/2 about
them are disjoint. By McShane's extension a finite set is shattered by 1-Lipschitz functions with margin m, that is
f >= m here and f <= -m there, whatever the labels, exactly if it is 2m-separated (the proof of Proposition 7 of
Béthune et al. 2021). How large such sets can be at all: `lipcheck.build.packing_bounds`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from lipcheck.build.boxes import Box
from lipcheck.build.counts import POINTS, Points, Window
from lipcheck.build.root_lattices import PackingError, PointLattice, lattices
from lipcheck.build.volumes import Ball, Region, eroded, region_of
from lipcheck.exact import Vector, exact, shown, vector
from lipcheck.norms.bracket import root


@dataclass(frozen=True)
class Packing:
    """The points origin_i + (z_i + offset_i) sqrt(squares_i) that lie in the region, for z in the lattice.

    The axes are at least as long as those of `lattice.scaled(separation)`, so that all distances are at least the
    separation: lengthening an axis brings no two points closer. Raises PackingError for shorter axes and for lengths
    that do not fit the region.
    """

    region: Region
    separation: Fraction
    lattice: PointLattice
    offset: Vector
    squares: Vector

    def __post_init__(self) -> None:
        n = self.region.dimension
        if not n == self.lattice.dimension == len(self.offset) == len(self.squares):
            raise PackingError(f"{self.lattice.name} and its offset do not fit dimension {n}: give {n} numbers each.")
        if any(u < least for u, least in zip(self.squares, self.lattice.scaled(self.separation), strict=True)):
            raise PackingError(f"The axes are too short for the separation {self.separation}: lengthen them.")

    @property
    def origin(self) -> Vector:
        """The lower corner of a box, the centre of a ball."""
        return self.region.centre if isinstance(self.region, Ball) else self.region.lower

    @cached_property
    def window(self) -> Window:
        """The integer vectors to be tried."""
        if isinstance(self.region, Box):
            return Window.box(self.lattice, self.squares, self.offset, self.region.sides)
        return Window.ball(self.lattice, self.squares, self.offset, self.region.radius**2)

    @cached_property
    def count(self) -> int:
        """The exact number of points; PackingError where counting takes too long (see `Window.distribution`)."""
        return self.window.count()

    def integer_points(self, limit: int = POINTS) -> Points:
        """The integer vectors z of all points; PackingError for more than `limit` of them."""
        return self.window.points(limit)

    def squared_distance(self, z: Sequence[int], w: Sequence[int]) -> Fraction:
        """The exact squared distance of the points of z and w."""
        return sum((u * (a - b) ** 2 for u, a, b in zip(self.squares, z, w, strict=True)), Fraction(0))

    def least_squared_distance(self, limit: int = 2000) -> Fraction | None:
        """The least squared distance over all pairs of points, one by one; None for less than two points."""
        pairs = combinations(self.integer_points(limit), 2)
        return min((self.squared_distance(z, w) for z, w in pairs), default=None)

    def points(self, limit: int = POINTS) -> tuple[Vector, ...]:
        """The points; PackingError where an axis has an irrational length (see `separated_set(rational=True)`)."""
        lengths = [root(u, 2) for u in self.squares]
        if not all(length.exact for length in lengths):
            raise PackingError(f"{self.lattice.name} has irrational coordinates here: ask for rational=True.")
        return tuple(
            tuple(
                o + (a + t) * length.lower for o, a, t, length in zip(self.origin, z, self.offset, lengths, strict=True)
            )
            for z in self.integer_points(limit)
        )

    def floats(self, limit: int = POINTS) -> tuple[tuple[float, ...], ...]:
        """The points in floating point, for plots."""
        lengths = [math.sqrt(u) for u in self.squares]
        axes = list(zip(map(float, self.origin), map(float, self.offset), lengths, strict=True))
        return tuple(
            tuple(o + (a + t) * length for a, (o, t, length) in zip(z, axes, strict=True))
            for z in self.integer_points(limit)
        )


def separated_set(
    region: Region,
    separation: object,
    *,
    lattice: PointLattice | None = None,
    offset: object = None,
    inside: bool = False,
    rational: bool = False,
) -> Packing:
    """The points of a lattice in the region, pairwise at least the separation apart; exact.

    Of the lattices of the region's dimension and their offsets, those with most points, unless given. The offset
    counts in axis lengths, from the corner of a box or the centre of a ball. With `inside` the balls of radius
    separation/2 about the points lie in the region as well; with `rational` irrational axes are lengthened, by a
    relative 1e-9 at most, so that all coordinates are rational. Raises PackingError for a separation that is not
    positive, for what is no region or lattice, and where no ball fits.
    """
    s = positive(separation, "separation")
    region_of(region)
    if lattice is not None and not isinstance(lattice, PointLattice):
        raise PackingError(f"{shown(lattice)} is no lattice: give a PointLattice.")
    room = eroded(region, s / 2) if inside else region
    if room is None:
        raise PackingError(f"No ball of radius {s / 2} fits into the region: choose a smaller separation.")
    choices = [
        Packing(room, s, chosen, shift, _squares(chosen, s, rational))
        for chosen in (lattices(region.dimension) if lattice is None else (lattice,))
        for shift in (chosen.offsets if offset is None else (vector(offset, "offset"),))
    ]
    return max(choices, key=lambda choice: choice.count)


def _squares(lattice: PointLattice, s: Fraction, rational: bool) -> Vector:
    squares = lattice.scaled(s)
    return tuple(root(u, 2).upper ** 2 for u in squares) if rational else squares


def positive(value: object, name: str) -> Fraction:
    """The exact number; PackingError unless it is positive."""
    number = exact(value, name)
    if number <= 0:
        raise PackingError(f"The {name} is {number}: give a positive number.")
    return number
