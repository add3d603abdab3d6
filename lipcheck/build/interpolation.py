"""Exact interpolation: a lattice that takes given values at given points (Anil et al. 2019, appendix D, Lemma 1).

The lemma's max of min, made finite: around each point x_i a group of pieces through (x_i, v_i), each w_i of dual norm
one, such that for every other point x_j some piece has v_i + w_i . (x_j - x_i) <= v_j. Their minimum is v_i at x_i and
at most v_j at x_j, so the maximum over groups is v_j at x_j. For 1-Lipschitz data the piece of steepest descent from
x_i to x_j is such a piece; where the values leave room, a rational one near it is. One piece serves many points, so
that few are needed: the most constrained point asks first. Groups that another one replaces at their point are dropped,
and the whole is done for the opposite values too (min of max); the smaller one is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from lipcheck.build.data import Data, DataError, fit
from lipcheck.build.distances import distances
from lipcheck.build.lattice import Lattice, negative
from lipcheck.build.memory import MEMORY, require_pairs
from lipcheck.build.pieces import Piece, nearest
from lipcheck.build.sampling import Progress
from lipcheck.build.separation import slope_at_most
from lipcheck.exact import Vector
from lipcheck.norms.arguments import as_exponent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interpolation:
    """The lattice, and the data that it takes exactly; `data.moves` lists what was changed in the given ones."""

    lattice: Lattice
    data: Data


def interpolate(
    points: object,
    values: object,
    *,
    p: object,
    slack: object = None,
    memory: int = MEMORY,
    progress: Progress = lambda stage, done, total: None,
) -> Interpolation:
    """A lattice f with f(x_i) = v_i, exactly, ||W||_{p -> inf} of its first layer one; p = 1, 2 or infinity.

    `slack`: how far the values may miss the Lipschitz condition and are moved for it, see `lipcheck.build.data.fit`.
    Raises DataError for other p, and for data that do not fit; MemoryNeeded where there are more pairs of points than
    `memory` has bytes.
    """
    exponent = as_exponent(p)
    if exponent not in (1, 2, float("inf")):
        raise DataError(
            f"p is {exponent}: data are interpolated exactly for p = 1, 2 and inf; approximate others within some eps."
        )
    data = fit(points, values, exponent, slack)
    require_pairs(len(data.points), memory, "Interpolation")
    upper = max_of_min(data, partial(progress, "fitting max of min"))
    lower = max_of_min(-data, partial(progress, "fitting min of max"))
    best = upper if len(upper.pieces) <= len(lower.pieces) else negative(lower)
    if best.values(data.points) != data.values:
        raise AssertionError("The lattice of the module's text takes the values of all data that fit.")
    return Interpolation(best, data)


def max_of_min(data: Data, progress: Callable[[int, int], None] = lambda done, total: None) -> Lattice:
    """The max of min of the module's text for data that fit."""
    import numpy as np

    x = np.array([[nearest(c) for c in point] for point in data.points])
    v = np.array([nearest(c) for c in data.values])
    groups = []
    for i in range(len(data.points)):
        progress(i, len(data.points))
        groups.append(_group(i, data, x, v))
    return Lattice(tuple(groups[i] for i in _needed(groups, data, x, v)), data.p)


def _group(i: int, data: Data, x: Floats, v: Floats) -> tuple[Piece, ...]:
    """Pieces through (x_i, v_i) whose minimum is at most v_j at every x_j."""
    import numpy as np

    far = distances(x[i : i + 1], x, data.p)[0]
    with np.errstate(over="ignore", invalid="ignore"):
        room = (v - v[i]) / np.where(far > 0, far, 1.0)
    waiting = np.ones(len(v), dtype=bool)
    waiting[i] = False
    pieces: list[Piece] = []
    while waiting.any():
        j = int(np.flatnonzero(waiting)[room[waiting].argmin()])
        step = tuple(b - a for a, b in zip(data.points[i], data.points[j], strict=True))
        weight = slope_at_most(step, data.values[j] - data.values[i], data.p)
        pieces.append(Piece.through(data.points[i], data.values[i], weight))
        row = np.array([nearest(w) for w in weight])
        with np.errstate(over="ignore", invalid="ignore"):
            surplus, doubt = v - v[i] - (x - x[i]) @ row, _doubt(i, x, v)
            waiting &= ~(surplus > doubt)
            waiting[j] = False
            unsure = waiting & ~(surplus < -doubt)
        for k in np.flatnonzero(unsure):
            waiting[k] = pieces[-1].at(data.points[k]) > data.values[k]
    return tuple(pieces) or (Piece.through(data.points[i], data.values[i], _any_row(data)),)


def _doubt(i: int, x: Floats, v: Floats) -> Floats:
    """Above the error of v_j - v_i - w . (x_j - x_i), |w|_inf <= 1; the rounding of `lipcheck.build.lattice`."""
    import numpy as np

    sizes = np.abs(v) + abs(v[i]) + np.abs(x).sum(axis=1) + np.abs(x[i]).sum()
    doubt: Floats = (8 * (x.shape[1] + 8) * 2.0**-53) * sizes + 2.0**-900
    return doubt


def _any_row(data: Data) -> Vector:
    return (Fraction(1), *(Fraction(0),) * (len(data.points[0]) - 1))


def _needed(groups: Sequence[tuple[Piece, ...]], data: Data, x: Floats, v: Floats) -> list[int]:
    """Groups that together reach every value at its point: the ones that reach most points first."""
    import numpy as np

    reached = np.empty((len(groups), len(v)), dtype=bool)
    for k, group in enumerate(groups):
        weight = np.array([[nearest(w) for w in piece.weight] for piece in group])
        with np.errstate(over="ignore", invalid="ignore"):
            least = v[k] + ((x - x[k]) @ weight.T).min(axis=1)
            reached[k] = ~(least < v - _doubt(k, x, v))
        for j in np.flatnonzero(reached[k]):
            if j != k:
                reached[k, j] = all(piece.at(data.points[j]) >= data.values[j] for piece in group)
    chosen: list[int] = []
    missing = np.ones(len(v), dtype=bool)
    while missing.any():
        best = int((reached & missing).sum(axis=1).argmax())
        chosen.append(best)
        missing &= ~reached[best]
    return sorted(chosen)
