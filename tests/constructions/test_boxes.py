"""Boxes and grids: the covering radius holds for every point of the box, at every scale, and nothing leaves the box."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from math import inf
from random import Random
from typing import Any

import numpy as np
import pytest

from lipcheck.build.boxes import Box, BoxError, Grid, grid, steps_for
from lipcheck.build.memory import MEMORY, MemoryNeeded, needed, require
from lipcheck.norms import Exponent, vector_norm

NORMS: list[Exponent] = [Fraction(1), Fraction(2), inf, Fraction(3), Fraction(3, 2)]
THIRD = Fraction(1, 3)
BOXES = [
    Box([0], [1]),
    Box([-1, "-1/3"], [1, "2/3"]),
    Box(["1/3", 0, 0], ["1/3", 1, 2]),
    Box([0, 0], [0, 0]),
    Box(["1/3"], ["1/3"]),
    Box([10**16], [10**16 + 10]),
    Box([THIRD], [THIRD + Fraction(1, 10**20)]),
    Box([-1e300], [1e300]),
    Box([-1e308, 0], [1.7e308, 1e-300]),
    Box([0], [1e-300]),
    Box([0, 0], [5e-324, Fraction(1, 10**400)]),
    Box([-3, -(2.0**-40)], [0.1, 2.0**-40]),
]


def corners(laid: Grid) -> list[tuple[Fraction, ...]]:
    """The points of the box that are farthest from the grid in some coordinate, and random ones."""
    random = Random("corners")
    axes = []
    for axis, low, high in zip(laid.axes, laid.box.lower, laid.box.upper, strict=True):
        middles = [(a + b) / 2 for a, b in pairwise(axis)]
        inside = [low + (high - low) * Fraction(random.randint(0, 1000), 1000) for _ in range(2)]
        axes.append([low, high, *random.sample(middles, min(3, len(middles))), *inside])
    return list(product(*axes))


def distance(laid: Grid, x: tuple[Fraction, ...], p: Exponent) -> Fraction:
    """An upper bound on the distance from x to the nearest point of the grid."""
    step = [min(abs(c - a) for a in axis) for c, axis in zip(x, laid.axes, strict=True)]
    return vector_norm(step, p, Fraction(1, 10**30)).upper


@pytest.mark.parametrize("p", NORMS, ids=str)
@pytest.mark.parametrize("box", BOXES, ids=[f"box {i}" for i in range(len(BOXES))])
def test_the_covering_radius_covers_and_is_reached(box: Box, p: Exponent) -> None:
    for steps in (1, 2, 3, 7):
        laid = grid(box, (steps,) * box.dimension, p)
        reached = [distance(laid, x, p) for x in corners(laid)]
        # `distance` rounds up as well, by less than `radius` does.
        assert max(reached) <= laid.radius * (1 + Fraction(1, 10**29))
        if steps < 4:
            assert max(reached) >= laid.radius * (1 - Fraction(1, 10**8))
        assert len(laid) == len(list(laid.points())) <= steps**box.dimension
        assert all(box.contains(x) for x in laid.points())
        assert all(list(axis) == sorted(set(axis)) for axis in laid.axes)


def test_points_are_floats_where_the_box_has_some() -> None:
    for box in BOXES[:2] + BOXES[5:6] + BOXES[7:10]:
        assert all(Fraction(float(c)) == c for x in grid(box, (5,) * box.dimension, 2).points() for c in x)
    assert list(grid(Box([THIRD], [THIRD]), (4,), 2).points()) == [(THIRD,)]
    assert list(grid(Box([0, 0], [1, 2]), (1, 2), 2).points()) == [(Fraction(1, 2), Fraction(1, 2)),
                                                                   (Fraction(1, 2), Fraction(3, 2))]  # fmt: skip


@pytest.mark.parametrize("p", NORMS, ids=str)
def test_steps_for_a_radius(p: Exponent) -> None:
    for box in (BOXES[0], BOXES[1], BOXES[2], BOXES[11], Box([0, 1, 5, 7], [2, 3, 7, 7])):
        for radius in (Fraction(1, 5), Fraction(1, 3), Fraction(100)):
            steps = steps_for(box, radius, p)
            laid = grid(box, steps, p)
            assert laid.radius <= radius * (1 + Fraction(1, 10**8))
            # One step less along equal sides is too few.
            if len({side for side in box.sides if side}) == 1 and max(steps) > 1:
                fewer = tuple(max(1, s - 1) for s in steps)
                assert grid(box, fewer, p).radius > radius * (1 - Fraction(1, 10**8))
            assert all(s == 1 for s, side in zip(steps, box.sides, strict=True) if not side)
    assert steps_for(Box([0, 0], [0, 0]), Fraction(1, 9), p) == (1, 1)


def test_boxes_know_themselves() -> None:
    box = Box([0, "-1/2"], [1, 2.5])
    assert box.dimension == 2 and box.sides == (1, 3) and box == Box((0, -0.5), np.array([1.0, 2.5]))
    assert box.contains((Fraction(0), Fraction(5, 2))) and not box.contains((Fraction(0), Fraction(51, 20)))
    assert not box.contains((Fraction(-1, 99), Fraction(0))) and not box.contains((Fraction(0), Fraction(-51, 100)))
    assert box.farthest((Fraction(1, 4), Fraction(-1))) == (Fraction(3, 4), Fraction(7, 2))
    assert box.farthest((Fraction(3), Fraction(1))) == (3, Fraction(3, 2))


BAD = [([1], [0]), ([0, 0], [1]), ([], []), (None, [1]), ([0], None), ([float("nan")], [1]), ([0], [inf]), (0, 1),
       ([True], [1]), (["x"], [1]), ([None], [1]), ("0", "1"), ([[0]], [[1]]), ([0, 2], [1, 1])]  # fmt: skip


@pytest.mark.parametrize(("lower", "upper"), BAD, ids=str)
def test_what_is_no_box(lower: Any, upper: Any) -> None:
    with pytest.raises(BoxError):
        Box(lower, upper)


def test_boxes_beyond_floats_have_no_grid() -> None:
    for box in (Box([0], [Fraction(10) ** 400]), Box([-(Fraction(10) ** 400)], [0])):
        with pytest.raises(BoxError, match="beyond"):
            grid(box, (1,), 2)


def test_memory_is_asked_for_first() -> None:
    require(10, 3, needed(10, 3), "Ten points")
    with pytest.raises(MemoryNeeded, match=r"Ten points needs about 10 vectors of 4 numbers, 6,400 bytes, but"):
        require(10, 3, needed(10, 3) - 1, "Ten points")
    with pytest.raises(MemoryNeeded, match=r"1\.00e\+8000 vectors of 3 numbers, 4\.80e\+8002 bytes"):
        require(10**8000, 2, MEMORY, "Too much")
    with pytest.raises(MemoryNeeded, match=r"about 1 vectors of 2 numbers, 320 bytes, but memory is 0:"):
        require(1, 1, 0, "One point")
    for memory in (None, float("nan"), 1.5, True, "8"):
        with pytest.raises(MemoryNeeded, match="whole number of bytes"):
            require(1, 1, memory, "One point")  # type: ignore[arg-type]
    assert issubclass(MemoryNeeded, MemoryError)
