"""Extensions: the McShane and Whitney functions themselves for p = 1 and infinity, within a proved gap for others."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import inf
from random import Random
from typing import Any

import pytest

from lipcheck.build.boxes import Box
from lipcheck.build.data import DataError
from lipcheck.build.distances import between
from lipcheck.build.extension import Which, extend
from lipcheck.build.interpolation import interpolate
from lipcheck.build.lattice import LatticeError
from lipcheck.build.memory import MemoryNeeded
from lipcheck.exact import NetworkError, Vector
from lipcheck.norms import Exponent, NormError
from lipcheck.readings.rational import evaluate

TWO = Fraction(2)
BOTH: tuple[Which, Which] = ("largest", "smallest")


def data(n: int, count: int, p: Exponent, seed: object = 0) -> tuple[list[Vector], list[Fraction]]:
    """Points with the values of half a distance, a little off: they fit with room, some cones hidden by none."""
    random = Random(f"{seed} {n} {p}")
    points = list({tuple(Fraction(random.randint(-30, 30), 3) for _ in range(n)): None for _ in range(count)})
    return points, [Fraction(round(between(x, points[0], p).lower * 64), 80) for x in points]


def randoms(seed: object, n: int, count: int, reach: int = 10) -> list[Vector]:
    random = Random(f"{seed} {n}")
    return [tuple(Fraction(random.randint(-reach * 7, reach * 7), 7) for _ in range(n)) for _ in range(count)]


def formula(points: list[Vector], values: list[Fraction], x: Vector, p: Exponent, which: Which) -> Fraction:
    """McShane's and Whitney's, for a rational norm."""
    cones = [(v, between(x, y, p)) for y, v in zip(points, values, strict=True)]
    assert all(d.exact for _, d in cones)
    return min(v + d.lower for v, d in cones) if which == "largest" else max(v - d.lower for v, d in cones)


@pytest.mark.parametrize("which", BOTH)
@pytest.mark.parametrize(("n", "p"), [(1, TWO), (1, Fraction(3)), (1, Fraction(1)), (1, inf), (2, Fraction(1)),
                                      (2, inf), (4, Fraction(1)), (4, inf)], ids=str)  # fmt: skip
def test_exact_extensions_are_the_formula(n: int, p: Exponent, which: Which) -> None:
    points, values = data(n, 14, p)
    found = extend(points, values, p=p, which=which)
    assert found.gap == 0 and found.box is None and found.data.values == tuple(values)
    others = [*randoms("formula", n, 60), *points, *randoms("far", n, 10, 10**9)]
    assert list(found.lattice.values(others)) == [formula(points, values, x, p, which) for x in others]
    assert found.lattice.outer == {"largest": "min", "smallest": "max"}[which]
    assert found.lattice.norm.at_most(1) is True and found.lattice.norm.at_least(1) is True
    network = found.lattice.network()
    assert all(evaluate(network, x) == (found.lattice.value(x),) for x in others[:3])


APPROACHED = [(2, TWO, "1/10"), (2, Fraction(3), "1/5"), (2, Fraction(3, 2), "1/5"), (3, TWO, 2),
              (2, Fraction(40), "1/2"), (2, TWO, 10**6)]  # fmt: skip


@pytest.mark.parametrize("which", BOTH)
@pytest.mark.parametrize(("n", "p", "gap"), APPROACHED, ids=str)
def test_other_extensions_are_within_the_gap_on_the_box(n: int, p: Exponent, gap: Any, which: Which) -> None:
    points, values = data(n, 8, p)
    box = Box([-12] * n, [15] * n)
    found = extend(points, values, p=p, which=which, box=box, gap=gap)
    assert 0 < found.gap <= Fraction(gap) and found.box == box
    assert list(found.lattice.values(points)) == values
    assert found.lattice.norm.at_most(1) is True
    corners = [tuple(map(Fraction, c)) for c in product((-12, 15), repeat=n)]
    near = [tuple(c + d / 1000 for c, d in zip(points[i], step, strict=True))
            for i, step in enumerate(randoms("near", n, 8))]  # fmt: skip
    sign = 1 if which == "smallest" else -1
    for x, value in zip(others := [*randoms("box", n, 30), *corners, *near], found.lattice.values(others), strict=True):
        # Above every cone, and above the highest by no more than the gap; upside down for the largest.
        rooms = [sign * (v - value) for v in values]
        assert all(between(x, y, p, room).at_least(room) is True for y, room in zip(points, rooms, strict=True))
        reached = [between(x, y, p).at_most(room + found.gap) for y, room in zip(points, rooms, strict=True)]
        assert any(reached)


def test_the_gap_is_needed() -> None:
    # Far from the only point the lattice of few rows is off by most of what is promised.
    found = extend([[0, 0]], [0], p=2, which="smallest", box=Box([-10, -10], [10, 10]), gap=1)
    random = Random("gap")
    far = [(Fraction(random.randint(-9999, 9999), 1000), Fraction(random.choice([-10, 10]))) for _ in range(300)]
    values = found.lattice.values(far)
    off = max(v + between(x, (Fraction(0), Fraction(0)), TWO).lower for x, v in zip(far, values, strict=True))
    assert found.gap / 3 < off <= found.gap
    assert extend([[0, 0]], [0], p=2, which="smallest", box=Box([-10, -10], [10, 10]), gap="1/100").gap < found.gap / 20


@pytest.mark.parametrize("p", [Fraction(1), inf], ids=str)
def test_every_interpolant_lies_between(p: Exponent) -> None:
    points, values = data(2, 20, p, "between")
    low, high = (extend(points, values, p=p, which=which).lattice for which in ("smallest", "largest"))
    middle = interpolate(points, values, p=p).lattice
    others = randoms("between", 2, 150)
    rows = list(zip(low.values(others), middle.values(others), high.values(others), strict=True))
    assert all(a <= b <= c for a, b, c in rows) and any(a < b < c for a, b, c in rows)


def test_hidden_cones_are_left_out() -> None:
    # A cone of its own: every other apex lies on the cone of the first.
    points = [[0, 0], [3, 4], [-6, 8], [1, 0], [0, -2]]
    values = [0, -5, -10, -1, -2]
    box = Box([-10, -10], [10, 10])
    smallest = extend(points, values, p=2, which="smallest", box=box, gap="1/10").lattice
    assert len(smallest.groups) == 1 and smallest.values(points) == tuple(values)
    largest = extend(points, values, p=2, which="largest", box=box, gap="1/10").lattice
    assert len(largest.groups) == 5 - 1 and largest.values(points) == tuple(values)
    exact = extend([[0], [1], [3]], [0, 1, 2], p=inf, which="smallest").lattice
    assert len(exact.groups) == 2 and len(exact.pieces) == 4
    assert exact.values([[0], [1], [3], [2], [-1]]) == (0, 1, 2, 1, -1)
    flat = extend([[0], [1]], [0, 0], p=1, which="smallest").lattice
    assert len(flat.groups) == 2 and flat.value([2]) == -1


def test_data_as_steep_as_can_be_are_taken_exactly() -> None:
    # Pairs with |v_i - v_j| = ||x_i - x_j||_2 in rational and irrational directions, off the rows of the fan.
    points = [(Fraction(a), Fraction(b)) for a, b in ((0, 0), (20, 21), (1, 1), (5, 12))]
    values = [Fraction(0), Fraction(29), Fraction(141421356, 10**8), Fraction(13)]
    for which in BOTH:
        found = extend(points, values, p=2, which=which, box=Box([0, 0], [21, 21]), gap=5, slack=0)
        assert list(found.lattice.values(points)) == values


def test_one_point_and_degenerate_boxes() -> None:
    for which in BOTH:
        assert extend([[1, 2]], [3], p=2, which=which, box=Box([1, 2], [1, 2]), gap="1/9").lattice.value([1, 2]) == 3
        found = extend([[1, 2], [1, 4]], [3, 4], p=3, which=which, box=Box([1, 0], [1, 9]), gap="1/9")
        assert found.lattice.values([[1, 2], [1, 4]]) == (3, 4) and found.gap <= Fraction(1, 9)
        assert extend([[1, 2, 3]], [3], p=1, which=which).lattice.value([0, 0, 0]) == (9 if which == "largest" else -3)


@pytest.mark.parametrize("scale", [1e300, 1e-300, 1e160, 1e-170])
@pytest.mark.parametrize("p", [Fraction(1), TWO, inf, Fraction(3)], ids=str)
def test_scales(p: Exponent, scale: float) -> None:
    unit = Fraction(scale)
    points = [(unit * a / 8, unit * b / 8) for a, b in ((0, 0), (8, 1), (3, 5), (-8, 2))]
    values = [between(x, points[2], p).lower / 2 for x in points]
    for which in BOTH:
        found = extend(points, values, p=p, which=which, box=Box([-unit, 0], [unit, unit]), gap=unit / 3, slack=0)
        assert list(found.lattice.values(points)) == values
    with pytest.raises(DataError, match="not 1-Lipschitz"):
        extend([[0, 0], [scale, 0]], [0, scale * 1.01], p=p, which="smallest", box=Box([0, 0], [1, 1]), gap=1)


def test_memory_is_asked_for_first() -> None:
    with pytest.raises(MemoryNeeded, match=r"2 points in 80 dimensions needs about 2\.42e\+24 vectors of 81"):
        extend([[0] * 80, [1] * 80], [0, 0], p=1, which="largest")
    with pytest.raises(MemoryNeeded, match=r"gap of 1/1000000000 around 1 points in 3 dimensions needs about"):
        extend([[0] * 3], [0], p=2, which="largest", box=Box([0] * 3, [1] * 3), gap=Fraction(1, 10**9))
    for memory, words in ((0, "memory is 0"), (None, "whole number"), (float("nan"), "whole number")):
        with pytest.raises(MemoryNeeded, match=words):
            extend([[0]], [0], p=1, which="largest", memory=memory)  # type: ignore[arg-type]


def test_refusals() -> None:
    good: dict[str, Any] = {"p": 2, "which": "largest", "box": Box([0, 0], [1, 1]), "gap": 1}
    for which in ("middle", None, 1):
        with pytest.raises(DataError, match="say 'largest' or 'smallest'"):
            extend([[0, 0]], [0], **good | {"which": which})
    for change in ({"box": None}, {"gap": None}, {"box": ([0, 0], [1, 1])}, {"box": "box"}):
        with pytest.raises(DataError, match=r"give box=Box\(lower, upper\) and a gap"):
            extend([[0, 0]], [0], **good | change)
    for gap in (0, -1, "-1/7"):
        with pytest.raises(DataError, match="give a positive number"):
            extend([[0, 0]], [0], **good | {"gap": gap})
    for gap in (float("nan"), inf, True, "x"):
        with pytest.raises(NetworkError, match="gap"):
            extend([[0, 0]], [0], **good | {"gap": gap})
    with pytest.raises(DataError, match="The box has 1 dimensions but the points have 2"):
        extend([[0, 0]], [0], **good | {"box": Box([0], [1])})
    for p in (Fraction(1, 2), float("nan"), True, "2", None):
        with pytest.raises(NormError):
            extend([[0, 0]], [0], **good | {"p": p})
    with pytest.raises(DataError, match="not 1-Lipschitz"):
        extend([[0, 0], [1, 0]], [0, 2], **good)
    with pytest.raises(DataError, match="no points"):
        extend([], [], **good)


def test_values_that_only_irrational_rows_reach() -> None:
    # ||(1, 1)||_3 = 2^(1/3), up to 1e-110.
    box = Box([0, 0], [1, 1])
    with pytest.raises(LatticeError, match="no rational row for p = 3"):
        extend([[0, 0], [1, 1]], [0, _root_below(10**110)], p=3, which="largest", box=box, gap=1, slack=0)


def _root_below(bottom: int) -> Fraction:
    """2^(1/3) rounded down to a multiple of 1 / bottom."""
    low, high = bottom, 2 * bottom
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**3 <= 2 * bottom**3 else (low, middle)
    return Fraction(low, bottom)
