"""The nearest values that some 1-Lipschitz function takes.

Let miss = max over pairs of |v_i - v_j| - d_ij >= 0, d_ij = ||x_i - x_j||_p. No fitting values are nearer than
miss / 2, and

    v'_i = (max_j (v_j - d_ij) + min_j (v_j + d_ij)) / 2

are as near as that: both terms are 1-Lipschitz in x_i by the triangle inequality, the first lies in [v_i, v_i + miss],
the second in [v_i - miss, v_i]. Distances may be irrational. Then, with the unit 2^-160 min d and rationals D_ij from
d_ij to d_ij + 2^-20 units, m_ij = ceil(D_ij) + 1 in whole units keeps the triangle inequality, since
ceil(a + b + 1) <= ceil(a) + ceil(b) + 1, and (1 - 2^-158) m_ij is a metric below d_ij: the values then fit exactly, and
are as near as possible up to 2^-157 times a distance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.distances import between, violations
from lipcheck.exact import Vector
from lipcheck.norms import Exponent, vector_norm

_BITS = 160


def nearest_fit(points: Sequence[Vector], values: Sequence[Fraction], p: Exponent) -> tuple[Fraction, ...]:
    """The values of the module's text; points in no violating pair keep theirs unless that spoils the fit."""
    guilty = {i for pair in violations(points, values, p) for i in pair[:2]}
    metric = Metric(points, p)
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


class Metric:
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
