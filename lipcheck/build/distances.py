"""Distances between the points of data: exact, in floating point, and the pairs that floating point cannot clear."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.build.pieces import nearest
from lipcheck.exact import Vector
from lipcheck.norms import Bracket, Exponent, vector_norm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

_WIDTH = Fraction(1, 1 << 80)
_NARROW = Fraction(1, 1 << 220)
_CHUNK = 1 << 22
_ORDER = 10**300
"""From here on ||z||_p is max |z_i|, as far as floating point can tell."""


def violations(
    points: Sequence[Vector], values: Sequence[Fraction], p: Exponent
) -> Iterator[tuple[int, int, Fraction]]:
    """Pairs i < j with |v_i - v_j| > ||x_i - x_j||_p and an upper bound on the excess, decided exactly.

    For p that is neither infinite nor a whole number up to 16, pairs count that are equal up to a relative 2^-220.
    """
    for i, j in suspects(points, values, p):
        gap = abs(values[i] - values[j])
        distance = between(points[i], points[j], p, gap)
        if distance.at_least(gap) is not True:
            yield i, j, gap - distance.lower


def between(x: Vector, y: Vector, p: Exponent, gap: Fraction | None = None) -> Bracket:
    """||x - y||_p within a relative 2^-80, or 2^-220 where that is needed to tell it from `gap`.

    Exact for p = 1 and infinity and where it is rational for a whole p up to 16, with its exact power for such p.
    """
    step = [a - b for a, b in zip(x, y, strict=True)]
    found = vector_norm(step, p, _WIDTH)
    return found if gap is None or found.at_least(gap) is not None else vector_norm(step, p, _NARROW)


def suspects(points: Sequence[Vector], values: Sequence[Fraction], p: Exponent) -> Iterator[tuple[int, int]]:
    """Pairs that floating point cannot clear.

    Entries are within u of the exact ones, differences and sums of n terms within (n + 6) u of their parts. A power is
    within a few u; a root takes 1 / p, rounded, as its exponent, which costs u |log| / p < 750 u of the sum that it is
    taken of. The relative error used is 128 (n + 8) u, of sizes before cancellation.
    """
    import numpy as np

    x = np.array([[nearest(c) for c in point] for point in points])
    v = np.array([nearest(c) for c in values])
    count, n = x.shape
    relative = 128 * (n + 8) * 2.0**-53
    step = max(1, _CHUNK // (count * n))
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for start in range(0, count, step):
            part = slice(start, start + step)
            gap = np.abs(v[part, None] - v)
            size = np.abs(v[part, None]) + np.abs(v) + np.abs(x[part]).sum(axis=1)[:, None] + np.abs(x).sum(axis=1)
            apart = distances(x[part], x, p)
            clear = (gap + relative * size + 2.0**-500 < apart) & np.isfinite(apart)
            for i, j in np.argwhere(~clear):
                if start + i < j:
                    yield start + int(i), int(j)


def distances(x: Floats, y: Floats, p: Exponent) -> Floats:
    """||x_i - y_j||_p in floating point, (len(x), len(y)); entries are scaled where powers could leave its range."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        apart = np.abs(x[:, None, :] - y[None, :, :])
        found: Floats
        if p == math.inf:
            found = apart.max(axis=2)
            return found
        order = float(min(p, _ORDER))
        found = np.linalg.norm(apart, ord=order, axis=2)
        reach = 2.0 ** (1000 / order)
        beyond = ~((found > 1 / reach) & (found < reach))
        top = apart[beyond].max(axis=1)
        scaled = apart[beyond] / np.where(top > 0, top, 1.0)[:, None]
        found[beyond] = top * np.linalg.norm(scaled, ord=order, axis=1)
    return found
