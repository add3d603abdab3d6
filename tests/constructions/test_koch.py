from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from lipcheck.build.koch import (
    ROUNDING,
    KochError,
    koch_area,
    koch_array,
    koch_corners,
    koch_perimeter,
    koch_side,
    koch_snowflake,
)
from lipcheck.build.surds import SQRT3, Surd

F = Fraction
half = F(1, 2)


def test_the_first_two_snowflakes_by_hand() -> None:
    assert koch_corners(0) == ((-half * SQRT3, -half), (half * SQRT3, -half), (0, 1))
    star = koch_corners(1)
    assert star[:4] == ((-half * SQRT3, -half), (-SQRT3 / 6, -half), (0, -1), (SQRT3 / 6, -half))
    assert star[6] == (half * SQRT3, half) and star[10] == (-half * SQRT3, half)


@pytest.mark.parametrize("steps", range(5))
def test_number_and_length_of_the_sides(steps: int) -> None:
    corners = koch_corners(steps)
    assert len(set(corners)) == len(corners) == 3 * 4**steps
    for a, b in pairwise((*corners, corners[0])):
        assert (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) == F(3, 9**steps)
    assert koch_side(steps) * koch_side(steps) == F(3, 9**steps)
    assert koch_perimeter(steps) == len(corners) * koch_side(steps)


@pytest.mark.parametrize("steps", range(5))
def test_area_by_the_closed_form(steps: int) -> None:
    flake = koch_snowflake(steps)
    assert flake.corners == koch_corners(steps)  # counter-clockwise as they stand
    assert flake.area == koch_area(steps)
    if steps:
        teeth = 3 * 4 ** (steps - 1)
        assert koch_area(steps) - koch_area(steps - 1) == teeth * koch_side(steps) * koch_side(steps) * SQRT3 / 4
    assert koch_area(steps) < F(6, 5) * SQRT3


def test_symmetries_and_the_disc() -> None:
    corners = set(koch_corners(3))
    assert {(-x, y) for x, y in corners} == corners
    turned = {(-half * x - half * SQRT3 * y, half * SQRT3 * x - half * y) for x, y in corners}
    assert turned == corners
    assert {(-x, -y) for x, y in corners} == corners and {(-x, -y) for x, y in koch_corners(0)} != set(koch_corners(0))
    assert max(x * x + y * y for x, y in corners) == 1


def test_a_step_keeps_the_corners_and_never_shrinks() -> None:
    for steps in range(3):
        coarse, fine = koch_snowflake(steps), koch_snowflake(steps + 1)
        assert fine.corners[::4] == coarse.corners
        assert all(coarse.side(corner) <= 0 for corner in fine.corners)
        assert sum(coarse.side(corner) < 0 for corner in fine.corners) == len(coarse.corners)
        assert all(fine.side(corner) >= 0 for corner in coarse.corners)


@pytest.mark.parametrize("steps", [0, 1, 3, 5])
def test_the_array_keeps_its_rounding_bound(steps: int) -> None:
    array = koch_array(steps)
    assert array.shape == (3 * 4**steps, 2)
    off = False
    for point, corner in zip(array.tolist(), koch_corners(steps), strict=True):
        for value, exact in zip(point, corner, strict=True):
            assert abs(F(value) - exact) <= ROUNDING * abs(exact)
            off |= F(value) != exact
    assert off


def test_inside_and_outside_at_the_fourth_step() -> None:
    flake = koch_snowflake(4)
    assert flake.side((0, 0)) == 1 and flake.side((0, 1)) == 0 and flake.side((0, F(1000001, 1000000))) == -1
    tip = Surd(F(1)) - F(1, 10**9)
    assert flake.side((0, tip)) == 1 and flake.side((F(1, 10**9), 1)) == -1
    # The middle of a side of the triangle is inside, its neighbour tooth's tip (0, -1) on the frontier.
    assert flake.side((0, -half)) == 1 and flake.side((0, -1)) == 0 and flake.side((half, F(-9, 10))) == -1


@pytest.mark.parametrize("steps", [-1, 13, True, 1.0, None])
def test_steps_that_are_not_drawn(steps: object) -> None:
    for make in (koch_array, koch_area, koch_perimeter, koch_side):
        with pytest.raises(KochError, match="from 0 to 12"):
            make(steps)  # type: ignore[operator]


@pytest.mark.parametrize("steps", [-1, 9, True, None])
def test_steps_whose_corners_are_not_made_exactly(steps: object) -> None:
    for make in (koch_corners, koch_snowflake):
        with pytest.raises(KochError, match="from 0 to 8"):
            make(steps)  # type: ignore[arg-type]
