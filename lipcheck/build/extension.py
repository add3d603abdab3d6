"""The largest and the smallest 1-Lipschitz extension of data, as lattices (McShane 1934, Whitney 1934).

    smallest(x) = max_i (v_i - ||x - x_i||_p),    largest(x) = min_i (v_i + ||x - x_i||_p).

||z||_p is the maximum of 2n linear functions for p = infinity, of 2^n for p = 1: both extensions are lattices, exactly,
on all of R^n. For other p a fan of rows (`lipcheck.build.directions`) gives ratio ||z||_p <= max u . z <= ||z||_p, so
that the lattice of cones is above the smallest extension by at most (1 - ratio) max_i ||x - x_i||_p: a gap that is
proved on a box. Pieces through x_i that keep the cone of x_i below the other values are added, so that the lattice
takes the data exactly all the same.

A cone is hidden exactly if another cone is as high at its apex: if v_j - v_i >= ||x_j - x_i||_p for some j. Such cones
are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Literal, TypeAlias

from lipcheck.build.boxes import Box
from lipcheck.build.data import Data, DataError, fit
from lipcheck.build.directions import Fan, fan
from lipcheck.build.distances import between, suspects
from lipcheck.build.lattice import Lattice, negative
from lipcheck.build.memory import MEMORY, require
from lipcheck.build.pieces import Piece
from lipcheck.build.separation import slope_at_most
from lipcheck.exact import Vector, dot, exact, shown
from lipcheck.norms import vector_norm
from lipcheck.norms.arguments import as_exponent

Which: TypeAlias = Literal["largest", "smallest"]


@dataclass(frozen=True)
class Extension:
    """The lattice, the data, and the largest distance from the extension itself on the box: 0 is exact everywhere."""

    lattice: Lattice
    data: Data
    gap: Fraction
    box: Box | None


def extend(
    points: object,
    values: object,
    *,
    p: object,
    which: Which,
    box: Box | None = None,
    gap: object = None,
    slack: object = None,
    memory: int = MEMORY,
) -> Extension:
    """The largest or the smallest function that is 1-Lipschitz for ||.||_p and takes the values at the points.

    Exact for p = 1 and infinity and in one dimension; for other p within `gap` on `box`, which must then be given. The
    lattice takes the data exactly in every case where their rows are rational (always for p = 1, 2 and infinity).
    Raises DataError for data that do not fit, a missing or empty box, a gap that is not positive, and lattices that
    need more than `memory` bytes.
    """
    exponent = as_exponent(p)
    if which not in ("largest", "smallest"):
        raise DataError(f"The extension asked for is {shown(which)}: say 'largest' or 'smallest'.")
    data = fit(points, values, exponent, slack)
    n = len(data.points[0])
    exact_rows = exponent in (1, float("inf")) or n == 1
    if exact_rows:
        words = f"The extension of {len(data.points)} points in {n} dimensions"
        allow = partial(_allow, len(data.points), n, memory, words)
        found, missed = fan(n, exponent, allow=allow), Fraction(0)
    else:
        found, missed = _fan_for(data, box, gap, memory)
    lattice = _smallest(data if which == "smallest" else -data, found)
    return Extension(lattice if which == "smallest" else negative(lattice), data, missed, None if exact_rows else box)


def _fan_for(data: Data, box: Box | None, gap: object, memory: int) -> tuple[Fan, Fraction]:
    if not isinstance(box, Box) or gap is None:
        raise DataError(f"For p = {data.p} an extension is approached on a box: give box=Box(lower, upper) and a gap.")
    allowed, n = exact(gap, "gap"), len(data.points[0])
    if allowed <= 0:
        raise DataError(f"The gap is {allowed}: give a positive number, the extension is no lattice for p = {data.p}.")
    if box.dimension != n:
        raise DataError(f"The box has {box.dimension} dimensions but the points have {n}: give a box of theirs.")
    reach = max(vector_norm(box.farthest(x), data.p).upper for x in data.points)
    ratio = max(1 - allowed / reach, Fraction(1, 2)) if reach else Fraction(1, 2)
    words = f"A gap of {allowed} around {len(data.points)} points in {n} dimensions"
    found = fan(n, data.p, ratio, partial(_allow, len(data.points), n, memory, words))
    return found, (1 - found.ratio) * reach


def _allow(cones: int, n: int, memory: int, words: str, rows: int) -> None:
    require(cones * rows, n, memory, words)


def _smallest(data: Data, rows: Fan) -> Lattice:
    groups, hidden = [], _hidden(data)
    for i, (point, value) in enumerate(zip(data.points, data.values, strict=True)):
        if i not in hidden:
            weights = [*rows.rows, *_missing(point, value, data, rows.rows if rows.ratio < 1 else ())]
            groups.append(tuple(Piece.through(point, value, weight) for weight in weights))
    return Lattice(tuple(groups), data.p)


def _hidden(data: Data) -> set[int]:
    """The points whose cone another apex lies on or above."""
    found = set()
    for pair in suspects(data.points, data.values, data.p):
        low, high = sorted(pair, key=data.values.__getitem__)
        gap = data.values[high] - data.values[low]
        if gap and between(data.points[low], data.points[high], data.p).at_most(gap) is True:
            found.add(low)
    return found


def _missing(point: Vector, value: Fraction, data: Data, rows: Sequence[Vector]) -> list[Vector]:
    """Rows that keep the cone at or below the other values, where the fan does not."""
    if not rows:
        return []
    found: list[Vector] = []
    for x, v in zip(data.points, data.values, strict=True):
        step, room = tuple(a - b for a, b in zip(x, point, strict=True)), v - value
        if x != point and min(dot(w, step) for w in (*rows, *found)) > room:
            found.append(slope_at_most(step, room, data.p))
    return found
