"""Distances to many segments of the plane in float64, with a proved bound on the error.

For a point p and a side from a to b put w = p - a, d = b - a and t = clip(w . d / d . d, 0, 1). The distance is
|w - t d|. With u = 2^-53, gamma_n = n u / (1 - n u), D >= |w| and L >= |d| (Higham, Accuracy and Stability of Numerical
Algorithms, 2nd edition, lemmas 3.1 and 3.3):

- each product in the computed w . d is off by a relative gamma_4, and so is d . d, hence t by gamma_9 |w| / |d|, and
  clipping adds nothing: the foot moves by gamma_9 D;
- w - t d is off by gamma_3 (D + L), and square, sum and root add gamma_2 (2 D + L): in all gamma_16 (D + L);
- a, b are nearest floats of exact corners of size at most M, which moves the side by at most 2 u M.

Whether a point is inside is the parity of the sides that a ray to the right crosses. A side that straddles p's height
counts by comparisons alone unless p lies in its bounding box. There the sign of d x w decides, which can be wrong only
if |d x w| <= gamma_4 |d| |w|; p's foot falls on the side then (its coordinates are between those of the ends), so that
p is within gamma_4 D of it. Moving the corners by 2 u M changes the winding number only of points that are no farther
than that from the side they leave. So a wrong sign means a distance of at most gamma_4 D + 2 u M, and the *signed*
distance is off by at most

    gamma_16 (D + L) + 2 u M + 2 (gamma_4 D + 2 u M) <= gamma_24 (D + L + M).

Sides at least 2^-100 long and sizes up to 2^100 keep what underflows below 2^-500, which is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]

U = Fraction(1, 1 << 53)
LIMIT = 100
"""Sizes up to 2^LIMIT and sides from 2^-LIMIT on are what the bound is proved for."""
_TILE = 256
_CELLS = 1 << 21
_SLACK = 1 + 2.0**-40
"""More than the rounding of a few operations; where it is too much, more sides are computed than are needed."""


@dataclass(frozen=True, eq=False)
class Segments:
    """Sides from starts[i] to ends[i], arrays (n, 2) of nearest floats; for `inside`, the sides of closed curves."""

    starts: Floats
    ends: Floats

    @cached_property
    def size(self) -> Fraction:
        """M: no coordinate of an end is larger."""
        return Fraction(float(np.abs(self.starts).max())) * (1 + 2 * U)

    @cached_property
    def longest(self) -> Fraction:
        """L: no side is longer."""
        return Fraction(float(np.abs(self.starts - self.ends).sum(axis=1).max())) * (1 + 8 * U)

    def error(self, reach: Fraction) -> Fraction:
        """The bound above, for points with coordinates of size at most `reach`; 3/2 stands for sqrt(2)."""
        far = Fraction(3, 2) * (reach + self.size)
        gamma = 24 * U / (1 - 24 * U)
        return gamma * (far + self.longest + self.size) + Fraction(1, 1 << 500)

    def distances(self, points: Floats, chosen: Indices | slice = slice(None)) -> Floats:
        """The distances (N, n) from the points to the chosen sides."""
        starts = self.starts[chosen]
        along = self.ends[chosen] - starts
        with np.errstate(invalid="ignore", divide="ignore"):
            wx, wy = (points[:, None, k] - starts[:, k] for k in (0, 1))
            t = (wx * along[:, 0] + wy * along[:, 1]) / (along[:, 0] ** 2 + along[:, 1] ** 2)
        t = np.clip(np.nan_to_num(t), 0.0, 1.0)
        rx, ry = wx - t * along[:, 0], wy - t * along[:, 1]
        found: Floats = np.sqrt(rx * rx + ry * ry)
        return found

    def crossings(self, points: Floats, chosen: Indices | slice = slice(None)) -> Floats:
        """How many of the chosen sides a ray from each point to the right crosses; ends belong to the lower side."""
        a, b = self.starts[chosen], self.ends[chosen]
        px, py = points[:, None, 0], points[:, None, 1]
        straddles = (a[:, 1] > py) != (b[:, 1] > py)
        cross = (b[:, 0] - a[:, 0]) * (py - a[:, 1]) - (b[:, 1] - a[:, 1]) * (px - a[:, 0])
        left = np.where(b[:, 1] > a[:, 1], cross > 0, cross < 0)
        before = px < np.minimum(a[:, 0], b[:, 0])
        after = px > np.maximum(a[:, 0], b[:, 0])
        counts: Floats = (straddles & (before | (~after & left))).sum(axis=1)
        return counts

    def near(self, point: Floats, slack: float) -> Indices:
        """The sides that can be nearest, where the distances computed at `point` are off by at most `slack`."""
        found = self.distances(point[None])[0]
        return np.flatnonzero(found <= (found.min() + 2 * slack) * _SLACK)

    def signed(self, points: Floats, error: float) -> Floats:
        """The distances to the nearest side, negative outside; `error` is `error(reach)` or more for these points.

        Neighbouring points are taken together. If c is a point, r the radius of a disc around it and m the distance of
        c, then only sides within m + 2 r of c can be nearest to points of the disc, and if m > r all are on one side.
        """
        values = np.empty(len(points))
        for tile in _tiles(points):
            part = points[tile]
            centre = (part.min(axis=0) + part.max(axis=0)) / 2
            radius = float(np.sqrt(((part - centre) ** 2).sum(axis=1)).max()) * _SLACK
            found = self.distances(centre[None])[0]
            sides = np.flatnonzero(found <= (found.min() + 2 * radius + 4 * error) * _SLACK)
            low, high = part[:, 1].min(), part[:, 1].max()
            ys = self.starts[:, 1], self.ends[:, 1]
            level = np.flatnonzero((np.minimum(*ys) <= high) & (np.maximum(*ys) >= low))
            step = max(1, _CELLS // (1 + max(len(sides), len(level))))
            for rows in (slice(i, i + step) for i in range(0, len(part), step)):
                values[tile[rows]] = self.distances(part[rows], sides).min(axis=1)
            if found.min() > (radius + 4 * error) * _SLACK:
                values[tile] *= 1 if self.crossings(centre[None])[0] % 2 else -1
                continue
            for rows in (slice(i, i + step) for i in range(0, len(part), step)):
                values[tile[rows]] *= np.where(self.crossings(part[rows], level) % 2, 1, -1)
        return values


def _tiles(points: Floats) -> Iterator[Indices]:
    """The indices of the points, neighbours together."""
    low, high = points.min(axis=0), points.max(axis=0)
    across = max(1, round((len(points) / _TILE) ** 0.5))
    width = (high - low) / across
    cell = np.where(width > 0, width, 1.0)
    place = np.minimum(np.floor((points - low) / cell), across - 1).astype(int)
    key = place[:, 0] * across + place[:, 1]
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    return iter(np.split(order, cuts))
