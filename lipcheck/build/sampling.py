"""Samples of a Python function: on a grid of known covering radius, or at given points."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from lipcheck.build.boxes import Box, Grid, grid, steps_for
from lipcheck.build.data import DataError
from lipcheck.build.memory import require
from lipcheck.exact import NetworkError, Vector, exact, vector
from lipcheck.norms import Exponent, vector_norm

Function: TypeAlias = Callable[[tuple[float, ...]], object]
Progress: TypeAlias = Callable[[str, int, int], None]

LARGEST = Fraction(sys.float_info.max)

_BATCH = 4096


def laid(box: Box, radius: Fraction, p: Exponent, memory: int) -> Grid:
    """A grid on the box with at most that covering radius; MemoryNeeded or DataError where there is none."""
    steps = steps_for(box, radius, p)
    # Coordinates and values as rationals and floats, several vectors of floats at a time.
    require(2 * math.prod(steps), box.dimension, memory, f"A covering radius of {float(radius):.3g} on this box")
    found = grid(box, steps, p)
    while found.radius > radius:
        steps = tuple(s + 1 if side else s for s, side in zip(steps, box.sides, strict=True))
        found = grid(box, steps, p)
        if math.prod(steps) > 4 * len(found) + 4:
            raise DataError(f"A covering radius of {float(radius):.3g} is below the spacing of floats: raise eps.")
    return found


def finite(domain: Sequence[object]) -> tuple[Vector, ...]:
    """The points of a finite domain, each once; DataError for none, and for what is no points."""
    try:
        points = tuple(dict.fromkeys(vector(point, f"domain[{i}]") for i, point in enumerate(domain)))
    except (NetworkError, TypeError) as problem:
        raise DataError(f"The domain is no Box and no sequence of points ({problem}): give one of them.") from problem
    if not points or len({len(point) for point in points}) > 1 or not points[0]:
        raise DataError("The domain has no points, or points of different dimensions: give at least one, all alike.")
    if max(abs(c) for point in points for c in point) > LARGEST:
        raise DataError("The domain has a point beyond the range of float64: scale the points and g down.")
    return points


def sampled(g: Function, points: Sequence[Vector], progress: Progress) -> tuple[Fraction, ...]:
    """What g returns at the points' nearest floats, as exact numbers; all at once by `g.batch` where g has one.

    Raises DataError where g raises, or returns no finite number in the range of float64.
    """
    arguments = [tuple(map(float, point)) for point in points]
    batch = getattr(g, "batch", None)
    returned = _in_batches(batch, arguments, progress) if callable(batch) else _one_by_one(g, arguments, progress)
    values = []
    for argument, found in zip(arguments, returned, strict=True):
        try:
            value = exact(found, f"g{argument}")
        except NetworkError as problem:
            raise DataError(f"{problem} g must return a finite number on the whole domain.") from problem
        if abs(value) > LARGEST:
            raise DataError(f"g{argument} is beyond the range of float64: scale g and the domain down.")
        values.append(value)
    return tuple(values)


def _one_by_one(g: Function, arguments: Sequence[tuple[float, ...]], progress: Progress) -> Iterator[object]:
    for i, argument in enumerate(arguments):
        if i % 256 == 0:
            progress("sampling", i, len(arguments))
        try:
            returned = g(argument)
        except Exception as problem:
            raise DataError(
                f"g{argument} raises {type(problem).__name__} ({problem}): give a function of the whole domain."
            ) from problem
        yield returned


def _in_batches(
    batch: Callable[[object], object], arguments: Sequence[tuple[float, ...]], progress: Progress
) -> Iterator[object]:
    import numpy as np

    for i in range(0, len(arguments), _BATCH):
        progress("sampling", i, len(arguments))
        part = arguments[i : i + _BATCH]
        returned = np.asarray(batch(np.array(part)))
        if returned.shape != (len(part),):
            raise DataError(f"g.batch returns the shape {returned.shape} for {len(part)} points: give one number each.")
        yield from returned.tolist()


def moved_by(points: Sequence[Vector], p: Exponent) -> Fraction:
    """An upper bound on the distances of points from their nearest floats, at which g is called."""
    apart = dict.fromkeys(tuple(c - Fraction(float(c)) for c in point) for point in points)
    return max(vector_norm(difference, p).upper for difference in apart)
