from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import ceil, comb, log2
from random import Random

import pytest

from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.build.promises import (
    PromiseError,
    cones,
    lipschitz,
    piecewise_linear,
    rounds,
    tournament,
)
from lipcheck.exact import NetworkError
from lipcheck.network import MaxMin

Line = tuple[Fraction, Fraction]


def lattice(sizes: list[int], inputs: int = 1) -> Lattice:
    piece = Piece((Fraction(1),) + (Fraction(0),) * (inputs - 1), Fraction(0))
    return Lattice(tuple((piece,) * size for size in sizes), float("inf"))


def test_rounds_and_units_of_a_tournament() -> None:
    assert [rounds(k) for k in (1, 2, 3, 4, 5, 8, 9)] == [0, 1, 2, 2, 3, 3, 4]
    assert [tournament(k) for k in (1, 2, 3, 4, 5, 6, 7, 8)] == [0, 2, 6, 6, 12, 12, 14, 14]
    for k in range(2, 3000):
        assert rounds(k) == ceil(log2(k)) and 2 * k - 2 <= tournament(k) <= 2 * k + 2 * rounds(k)
        assert tournament(k) >= tournament(k - 1)


@pytest.mark.parametrize("m", range(1, 14))
def test_the_bounds_are_those_of_the_networks(m: int) -> None:
    convex, interval = piecewise_linear(m, convex=True), piecewise_linear(m, interval=True)
    assert (convex.depth, convex.size) == (lattice([m]).depth, lattice([m]).units)
    assert (interval.depth, interval.size) == (lattice([m] * m).depth, lattice([m] * m).units)
    network = lattice([m]).network()
    sorting = [w for layer, w in zip(network.layers, network.widths, strict=True) if isinstance(layer, MaxMin)]
    assert sum(sorting) == convex.size == tournament(m) and len(sorting) + 1 == convex.depth == 1 + rounds(m)
    assert interval.depth == 1 + 2 * rounds(m) and interval.size == (m + 1) * tournament(m)
    random = Random(m)
    for _ in range(20):  # smaller groups need no more
        smaller = lattice([random.randint(1, m) for _ in range(random.randint(1, m))])
        assert smaller.depth <= interval.depth and smaller.units <= interval.size


def test_the_general_bound_admits_every_antichain() -> None:
    for m in range(1, 8):
        general = piecewise_linear(m)
        groups = [m // 2 or 1] * comb(m, m // 2)
        assert lattice(groups).depth <= general.depth and lattice(groups).units <= general.size
        assert general.depth <= 1 + rounds(m) + m
    assert piecewise_linear(4).depth == 1 + 2 + 3 and piecewise_linear(4).size == 6 * 6 + tournament(6)
    assert (
        piecewise_linear(1) != piecewise_linear(2) and piecewise_linear(1).depth == 1 and piecewise_linear(1).size == 0
    )


def at(line: Line, x: Fraction) -> Fraction:
    return line[0] * x + line[1]


def test_on_an_interval_one_group_for_every_piece_is_enough() -> None:
    random = Random(4)
    for _ in range(200):
        m = random.randint(1, 7)
        knots = sorted(random.sample(range(-30, 30), m + 1))
        value, lines = Fraction(random.randint(-5, 5)), []
        for a, b in pairwise(knots):
            slope = Fraction(random.randint(-4, 4), 4)
            lines.append((slope, value - slope * a))
            value += slope * (b - a)
        groups = [[i for i in lines if all(at(i, Fraction(t)) >= at(k, Fraction(t)) for t in ends)]
                  for k, ends in zip(lines, pairwise(knots), strict=True)]  # fmt: skip
        assert len(groups) <= m and all(len(set(group)) <= m for group in groups)
        for line, (a, b) in zip(lines, pairwise(knots), strict=True):
            for x in (Fraction(a), Fraction(a + b, 2), Fraction(3 * a + b, 4), Fraction(b)):
                assert max(min(at(i, x) for i in group) for group in groups) == at(line, x)


def test_in_the_plane_one_group_for_every_region_is_not_enough() -> None:
    parts: list[Callable[[int, int], int]] = [
        lambda u, v: 0, lambda u, v: u, lambda u, v: 1 - u + 2 * v, lambda u, v: 1 - u - 2 * v
    ]  # fmt: skip

    def f(u: int, v: int) -> int:
        zero, rise, left, right = (part(u, v) for part in parts)
        return min(max(zero, rise), max(left, right))

    region = [(u, v) for u in range(-6, 1) for v in range(-9, 10)]
    assert all(f(u, v) == 0 for u, v in region)
    group = [part for part in parts if all(part(u, v) >= 0 for u, v in region)]
    assert group == parts[:1] and f(3, 0) == -2 < min(part(3, 0) for part in group)


def test_cones_are_within_eps_and_have_the_promised_size() -> None:
    random = Random(8)
    for d, e in ((1, Fraction(1, 10)), (2, Fraction(1, 5)), (3, Fraction(1, 2)), (2, Fraction(2, 7))):
        steps = ceil(1 / (2 * e))
        nodes = [tuple((2 * i + 1) * Fraction(1, 2 * steps) for i in node) for node in product(range(steps), repeat=d)]
        centre = tuple(Fraction(random.randint(0, 9), 9) for _ in range(d))

        def f(x: tuple[Fraction, ...], centre: tuple[Fraction, ...] = centre) -> Fraction:
            return abs(max(abs(a - b) for a, b in zip(x, centre, strict=True)) - Fraction(1, 3))

        def cone(node: tuple[Fraction, ...], e: Fraction = e) -> tuple[Piece, ...]:
            units = [tuple(Fraction(s * (i == j)) for j in range(len(node))) for i in range(len(node)) for s in (1, -1)]
            return tuple(Piece.through(node, f(node) + e, unit) for unit in units)

        built = Lattice(tuple(map(cone, nodes)), float("inf"))
        promise = cones(d, e)
        assert (built.depth, built.units) == (promise.depth, promise.size) and built.norm.at_most(1)
        points = [tuple(Fraction(random.randint(0, 30), 30) for _ in range(d)) for _ in range(60)]
        errors = [abs(value - f(x)) for x, value in zip(points, built.values(points), strict=True)]
        assert max(errors) <= e and built.value(nodes[0]) == f(nodes[0]) + e


def test_orders_are_no_numbers() -> None:
    promise = lipschitz(2, Fraction(1, 10))
    assert promise.depth == "O(4 log2(2 sqrt(2) / (1/10)))" and promise.size == "O((2 sqrt(2) / (1/10))^4)"
    assert "memory" in promise.source and "2006.05254" in promise.source and "within 1/10" in promise.applies
    assert "memory" not in piecewise_linear(3).source and "3 pieces" in piecewise_linear(3).applies


def test_promises_grow() -> None:
    for one, other in combinations([piecewise_linear(m, interval=True) for m in range(1, 40)], 2):
        assert one.depth <= other.depth and one.size <= other.size  # type: ignore[operator]


@pytest.mark.parametrize(
    "make",
    [
        lambda: piecewise_linear(0),
        lambda: piecewise_linear(True),
        lambda: piecewise_linear(2.0),  # type: ignore[arg-type]
        lambda: piecewise_linear(10**9),
        lambda: cones(10**9, 1),
        lambda: cones(5000, Fraction(1, 10)),
        lambda: lipschitz(0, 1),
        lambda: lipschitz(1, 0),
        lambda: cones(0, 1),
        lambda: cones(2, -1),
        lambda: rounds(0),
        lambda: tournament(-1),
    ],
)
def test_what_nothing_is_promised_for(make: Callable[[], object]) -> None:
    with pytest.raises(PromiseError, match="give a"):
        make()


@pytest.mark.parametrize("eps", [float("nan"), float("inf"), None, True])
def test_accuracies_that_are_no_numbers(eps: object) -> None:
    for make in (lipschitz, cones):
        with pytest.raises(NetworkError):
            make(2, eps)


def test_the_largest_bounds_can_be_written_out() -> None:
    assert len(str(piecewise_linear(1 << 13).size)) < 4300 and piecewise_linear(10**9, convex=True).depth == 31
    assert len(str(cones(2000, Fraction(1, 32)).size)) < 4300
