"""Four functions of the plane within 1/20: the bound is proved, exceeded nowhere, and the picture shows it."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from lipcheck.build import Box, approximate
from lipcheck.build.approximation import Approximation
from lipcheck.build.koch import koch_snowflake
from lipcheck.build.signed_distances import SignedDistance
from lipcheck.norms import Exponent
from lipcheck.render_plots import plot_approximation

EPS = Fraction(1, 20)
SQUARE = Box([-1, -1], [1, 1])
Function = Callable[[tuple[float, ...]], float]


def users(x: tuple[float, ...]) -> float:
    """A smooth function with gradients of at most 0.9 in the 2-norm."""
    return 0.3 * math.sin(3 * x[0]) * math.cos(x[1]) + 0.1 * x[1]


# |x_1| - |x_2| / 2 has the gradients (1, 1/2): 1-Lipschitz in the 1-norm, where the dual norm is the largest entry.
CASES: dict[str, tuple[Function, Exponent]] = {
    "2-norm": (lambda x: math.hypot(*x), Fraction(2)),
    "difference": (lambda x: abs(x[0]) - abs(x[1]) / 2, Fraction(1)),
    "Koch": (SignedDistance(koch_snowflake(4)), Fraction(2)),
    "user": (users, Fraction(2)),
}


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[str, Function, Approximation]:
    g, p = CASES[request.param]
    return request.param, g, approximate(g, SQUARE, EPS, p)


def test_the_bound_is_proved_and_holds(case: tuple[str, Function, Approximation]) -> None:
    _, g, found = case
    assert 0 < found.bound <= EPS
    assert max(found.errors) + 2 * found.radius < found.bound
    random = Random(5)
    points = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(1500)]
    worst = max(abs(v - Fraction(g(x))) for x, v in zip(points, found.lattice.values(points), strict=True))
    assert worst <= found.bound
    assert len(found.hypotheses) == 2 and "1-Lipschitz" in found.hypotheses[0] and "g_error" in found.hypotheses[1]


def test_norms_are_one_exactly(case: tuple[str, Function, Approximation]) -> None:
    _, _, found = case
    assert found.lattice.norm.at_most(1) is True and found.lattice.norm.at_least(1) is True


def test_the_networks_are_small(case: tuple[str, Function, Approximation]) -> None:
    name, _, found = case
    assert len(found.lattice.pieces) <= {"2-norm": 40, "difference": 12, "Koch": 1500, "user": 500}[name]


def test_the_picture_is_drawn(case: tuple[str, Function, Approximation], tmp_path: Path) -> None:
    name, g, found = case
    path = tmp_path / "picture.png"
    plot_approximation(found, g, path, name)
    assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 20_000
