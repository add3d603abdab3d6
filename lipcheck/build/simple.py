"""Whether closed chains of sides are simple and disjoint: exact decisions, floats to leave out what cannot meet.

Two sides that share no corner must not meet, and neighbours must not fold back onto each other. Rounding to nearest
floats keeps the order of numbers or makes them equal, so that sides that meet have rounded bounding boxes that meet. Of
the pairs left, those go where both ends of one side lie clearly on one side of the other: with corners of size at most
M, all differences are at most 2 M and off by at most 5 u M, u = 2^-53, so that the computed d x w is off by at most
60 u M^2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lipcheck.build.euclidean import turn
from lipcheck.build.surds import Surd

Corner: TypeAlias = tuple[Surd, Surd]
Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]


def folds(corners: Sequence[Corner]) -> Iterator[tuple[int, int]]:
    """The sides (i, i + 1) of a closed chain that fold back onto each other; side i runs from corner i to the next."""
    n = len(corners)
    for i in range(n):
        a, b, c = corners[i], corners[(i + 1) % n], corners[(i + 2) % n]
        back = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
        if back.sign < 0 and turn(a, b, c) == 0:
            yield i, (i + 1) % n


def meetings(
    sides: Sequence[tuple[Corner, Corner]], following: Sequence[int], starts: Floats, ends: Floats
) -> Iterator[tuple[int, int]]:
    """The pairs of sides, i < j, that have a point in common, but for those of which one follows the other.

    `following[i]` is the side after side i; `starts` and `ends` are the nearest floats of the sides' ends.
    """
    first, second = _candidates(starts, ends)
    apart = _apart(starts, ends, first, second) | _apart(starts, ends, second, first)
    for i, j in zip(first[~apart].tolist(), second[~apart].tolist(), strict=True):
        if following[i] != j and following[j] != i and _meet(*sides[i], *sides[j]):
            yield min(i, j), max(i, j)


def _candidates(starts: Floats, ends: Floats) -> tuple[Indices, Indices]:
    """Pairs of sides whose bounding boxes meet, found by a sweep from left to right."""
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    order = np.argsort(low[:, 0], kind="stable")
    low, high = low[order], high[order]
    last = np.searchsorted(low[:, 0], high[:, 0], side="right")
    first, second = [], []
    for i, stop in enumerate(last.tolist()):
        others = slice(i + 1, stop)
        found = np.flatnonzero((low[others, 1] <= high[i, 1]) & (high[others, 1] >= low[i, 1])) + i + 1
        first.append(np.full(len(found), order[i]))
        second.append(order[found])
    return np.concatenate(first), np.concatenate(second)


def _apart(starts: Floats, ends: Floats, one: Indices, other: Indices) -> NDArray[np.bool_]:
    """Where both ends of the other side are certainly on the same side of the one, and not on its line."""
    a, along = starts[one], ends[one] - starts[one]
    bound = 64 * 2.0**-53 * float(np.abs(starts).max()) ** 2
    sides = []
    for corner in (starts[other], ends[other]):
        away = corner - a
        sides.append(along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0])
    left, right = np.minimum(*sides) > bound, np.maximum(*sides) < -bound
    apart: NDArray[np.bool_] = left | right
    return apart


def _meet(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    """Whether the closed segments ab and cd have a point in common."""
    ends = turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
    if any(ends):
        return ends[0] * ends[1] <= 0 and ends[2] * ends[3] <= 0
    return all(max(min(a[k], b[k]), min(c[k], d[k])) <= min(max(a[k], b[k]), max(c[k], d[k])) for k in (0, 1))
