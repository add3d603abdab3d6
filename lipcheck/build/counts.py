"""Exact numbers of lattice points in balls and boxes, and the points themselves.

A translated lattice point has the coordinates (z_i + t_i) sqrt(u_i) with an integer vector z, a rational offset t and
rational squared axis lengths u. With common denominators cleared, membership in a ball about the origin reads

    sum_i W_i (q z_i + T_i)^2 <= N        with integers W_i > 0, q, T_i and N,

and membership in the box from 0 to a reads 0 <= q z_i + T_i <= floor(sqrt(q^2 a_i^2 / u_i)). Counting goes over the
coordinates one by one and keeps, for each state of the lattice's table, how many beginnings have which sum: exact and
far faster than listing the points. For a ball about the origin the distribution of the sums is the theta series.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.build.root_lattices import DEAD, PackingError, PointLattice
from lipcheck.exact import Vector, exact, shown

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

Points: TypeAlias = tuple[tuple[int, ...], ...]
POINTS = 10**6
"""How many points are listed at most, unless told otherwise."""
STEPS = 2 * 10**7
"""How many additions a count may take: some ten seconds."""
_CELLS = 5 * 10**7
_VALUES = 2 * 10**6


@dataclass(frozen=True)
class Window:
    """For every axis, the integers z to be tried with their costs; a point's costs sum up to at most `bound`."""

    lattice: PointLattice
    axes: tuple[tuple[tuple[int, int], ...], ...]
    bound: int

    @classmethod
    def ball(cls, lattice: PointLattice, squares: Vector, offset: Vector, radius_squared: Fraction) -> Window:
        """The points with sum u_i (z_i + t_i)^2 <= radius_squared; costs are integers proportional to the terms.

        Raises PackingError for more than two million integers on the axes.
        """
        q, unit = _denominator(offset), _denominator(squares)
        weights = [int(u * unit) for u in squares]
        common = math.gcd(*weights)
        weights = [w // common for w in weights]
        bound = math.floor(radius_squared * unit * q * q / common)
        shifts, reaches = [int(t * q) for t in offset], [math.isqrt(bound // weight) for weight in weights]
        ranges = _limited([_between(-r, r, shift, q) for r, shift in zip(reaches, shifts, strict=True)])
        axes = tuple(
            tuple((z, weight * (q * z + shift) ** 2) for z in values)
            for values, shift, weight in zip(ranges, shifts, weights, strict=True)
        )
        return cls(lattice, axes, bound)

    @classmethod
    def box(cls, lattice: PointLattice, squares: Vector, offset: Vector, sides: Vector) -> Window:
        """The points with 0 <= (z_i + t_i) sqrt(u_i) <= a_i; all costs are 0. Raises PackingError as `ball` does."""
        q = _denominator(offset)
        ranges = []
        for u, t, a in zip(squares, offset, sides, strict=True):
            reach = math.isqrt(math.floor(a * a * q * q / u))
            ranges.append(_between(0, reach, int(t * q), q))
        return cls(lattice, tuple(tuple((z, 0) for z in values) for values in _limited(ranges)), 0)

    def distribution(self) -> dict[int, int]:
        """How many lattice points of the window have which cost, by increasing cost.

        Raises PackingError where that takes more than STEPS additions.
        """
        found: Counter[int] = Counter()
        for (state, total), count in self._beginnings(self.axes).items():
            if state in self.lattice.final:
                found[total] += count
        return dict(sorted(found.items()))

    def count(self) -> int:
        """The number of lattice points in the window; PackingError as for `distribution`."""
        *axes, last = self.axes
        modulus, final = self.lattice.modulus, self.lattice.final
        costs = [sorted(cost for z, cost in last if row[z % modulus] in final) for row in self.lattice.table]
        sums = self._beginnings(axes)
        return sum(n * bisect_right(costs[state], self.bound - total) for (state, total), n in sums.items())

    def _beginnings(self, axes: Sequence[Sequence[tuple[int, int]]]) -> dict[tuple[int, int], int]:
        """How many choices on these axes, the first ones, end in which state with which cost."""
        lattice, steps = self.lattice, 0
        sums: dict[tuple[int, int], int] = {(0, 0): 1}
        for axis in axes:
            choices = sorted(Counter((cost, z % lattice.modulus) for z, cost in axis).items())
            steps += len(sums) * len(choices)
            if steps > STEPS:
                raise PackingError(
                    f"Counting the points of {lattice.name} takes more than {STEPS} steps: "
                    "choose a smaller region or a larger separation."
                )
            following: dict[tuple[int, int], int] = {}
            for (state, total), count in sums.items():
                row, left = lattice.table[state], self.bound - total
                for (cost, residue), times in choices:
                    if cost > left:
                        break
                    if (new := row[residue]) != DEAD:
                        key = (new, total + cost)
                        following[key] = following.get(key, 0) + count * times
            sums = following
        return sums

    def points(self, limit: int = POINTS) -> Points:
        """The lattice points in the window in lexicographic order; PackingError for more than `limit` of them."""
        import numpy as np

        if (count := self.count()) > limit:
            raise PackingError(f"The region holds {count} points, more than the limit of {limit}: raise the limit.")
        if any(abs(z) >= 2**62 for axis in self.axes for z, _ in axis[:1] + axis[-1:]):
            raise PackingError("A coordinate has more than 62 bits: choose a smaller offset.")
        integer: DTypeLike = np.int64 if self.bound < 2**62 else np.object_
        table = np.array(self.lattice.table)
        rows, states, left = np.zeros((1, 0), np.int64), np.zeros(1, np.int64), np.array([self.bound], integer)
        for axis in self.axes:
            if len(rows) * len(axis) > _CELLS:
                raise PackingError(f"Listing {count} points needs too much memory: choose a smaller region.")
            z = np.array([z for z, _ in axis], np.int64)
            cost = np.array([cost for _, cost in axis], integer)
            following = table[states[:, None], z % self.lattice.modulus]
            old, new = np.nonzero((following != DEAD) & (cost <= left[:, None]))
            rows, states, left = np.column_stack([rows[old], z[new]]), following[old, new], left[old] - cost[new]
        kept = np.isin(states, list(self.lattice.final))
        return tuple(map(tuple, rows[kept].tolist()))


def shells(lattice: PointLattice, largest: int) -> dict[int, int]:
    """The theta series: how many points of the lattice have which norm, for norms up to `largest`.

    Raises PackingError for a negative `largest`, and where counting takes too long (see `Window.distribution`).
    """
    return _centred(lattice, largest).distribution()


def minimal_vectors(lattice: PointLattice) -> Points:
    """The nonzero vectors of norm `lattice.minimum`, by listing all points of at most that norm.

    This proves that two points of the lattice, whose difference is one of its points, have a distance of at least the
    root of the minimum. Raises PackingError for a shorter vector than that, and where there is none of that norm.
    """
    vectors = tuple(z for z in _centred(lattice, _sound(lattice).minimum).points() if any(z))
    least = min(map(lattice.norm, vectors), default=None)
    if least != lattice.minimum:
        raise PackingError(f"{lattice.name} has the minimal norm {least}, not {lattice.minimum}: correct its minimum.")
    return vectors


def _centred(lattice: PointLattice, largest: int) -> Window:
    squares = tuple(map(Fraction, _sound(lattice).squares))
    if math.gcd(*lattice.squares) != 1:
        raise PackingError(f"{lattice.name} has axes with a common factor: divide its squares by it.")
    bound = exact(largest, "largest norm")
    if bound < 0:
        raise PackingError(f"The largest norm is {bound}: give a number that is not negative.")
    return Window.ball(lattice, squares, (Fraction(0),) * lattice.dimension, bound)


def _sound(lattice: PointLattice) -> PointLattice:
    if not isinstance(lattice, PointLattice):
        raise PackingError(f"{shown(lattice)} is no lattice: give a PointLattice.")
    return lattice


def _limited(ranges: Sequence[range]) -> Sequence[range]:
    # A range longer than a machine word has no len().
    if sum(max(0, values.stop - values.start) for values in ranges) > _VALUES:
        raise PackingError(
            f"The axes hold more than {_VALUES} integers in reach: choose a smaller region or a larger separation."
        )
    return ranges


def _denominator(values: Iterable[Fraction]) -> int:
    return math.lcm(*(value.denominator for value in values))


def _between(low: int, high: int, shift: int, q: int) -> range:
    """All z with low <= q z + shift <= high."""
    return range(-((shift - low) // q), (high - shift) // q + 1)
