"""Interpolation: every value taken exactly by the lattice and by its network, every norm one, the constant reached."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from random import Random
from typing import Any

import pytest

from lipcheck.build.data import Data, DataError, default_slack
from lipcheck.build.distances import between
from lipcheck.build.interpolation import interpolate, max_of_min
from lipcheck.build.lattice import Lattice
from lipcheck.build.memory import MemoryNeeded
from lipcheck.exact import NetworkError, Vector, dot
from lipcheck.network import Affine, Network
from lipcheck.norms import Exponent, NormError, dual_exponent, operator_norm, operator_norm_at_most, vector_norm
from lipcheck.readings.rational import evaluate, jacobian, pattern

TWO = Fraction(2)
NORMS: list[Exponent] = [Fraction(1), TWO, inf]


def data(n: int, count: int, p: Exponent, seed: object = 0) -> tuple[list[Vector], list[Fraction]]:
    """Rational points with the values of a 1-Lipschitz function: the lower of two cones, tilted, in fractions."""
    random = Random(f"{seed} {n} {count} {p}")
    points: dict[Vector, None] = {}
    while len(points) < count:
        points[tuple(Fraction(random.randint(-60, 60), random.choice([1, 2, 3, 7])) for _ in range(n))] = None
    apexes = [tuple(Fraction(random.randint(-40, 40)) for _ in range(n)) for _ in range(3)]

    def value(x: Vector) -> Fraction:
        # Fractions near the distance and below it by less than a thousandth of the shortest distance of the data.
        cones = [between(x, apex, p).lower + k for k, apex in enumerate(apexes)]
        return min(cones) * Fraction(9, 10)

    return list(points), [Fraction(round(value(x) * 10**6), 10**6) for x in points]


CASES = [
    (n, count, p) for n, count in ((1, 20), (1, 200), (2, 40), (2, 200), (3, 200), (8, 30), (8, 200)) for p in NORMS
]


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> tuple[list[Vector], list[Fraction], Exponent, Lattice]:
    n, count, p = request.param
    points, values = data(n, count, p)
    found = interpolate(points, values, p=p, slack=0)
    assert found.data.points == tuple(points) and found.data.values == tuple(values) and not found.data.moves
    return points, values, p, found.lattice


Case = tuple[list[Vector], list[Fraction], Exponent, Lattice]


def test_every_value_is_taken_exactly(case: Case) -> None:
    points, values, _, lattice = case
    assert list(lattice.values(points)) == values
    operations = (min, max) if lattice.outer == "max" else (max, min)
    for x, value in zip(points[:25], values, strict=False):
        assert value == operations[1](operations[0](piece.at(x) for piece in group) for group in lattice.groups)


def test_the_network_takes_them_too(case: Case) -> None:
    points, values, _, lattice = case
    network = lattice.network()
    chosen = range(0, len(points), max(1, len(lattice.pieces) * len(points) // 4000))
    assert [evaluate(network, points[i])[0] for i in chosen] == [values[i] for i in chosen]


def test_every_norm_is_one(case: Case) -> None:
    _, _, p, lattice = case
    q = dual_exponent(p)
    for weight in {piece.weight for piece in lattice.pieces}:
        assert vector_norm(weight, q).at_most(1) is True and vector_norm(weight, q).at_least(1) is True
    first = lattice.network().layers[0]
    assert isinstance(first, Affine) and operator_norm_at_most(first.weight, 1, p, inf) is True
    assert lattice.norm.at_least(1) is True
    if len(lattice.pieces) < 60:
        for layer in lattice.network().dense().layers[1:]:
            if isinstance(layer, Affine):
                assert operator_norm(layer.weight, inf).lower == operator_norm(layer.weight, inf).upper == 1


def steepest_pair(network: Network, x: Vector, p: Exponent) -> tuple[Vector, Vector]:
    """x and a point y of the same affine piece in the direction in which the piece rises at the rate one."""
    (slope,) = jacobian(network, x)
    if p == 1:
        k = max(range(len(x)), key=lambda i: abs(slope[i]))
        away = tuple(Fraction(int(i == k)) * (1 if slope[k] > 0 else -1) for i in range(len(x)))
    elif p == inf:
        away = tuple(Fraction(1 if w > 0 else -1) for w in slope)
    else:
        away = slope
    step = Fraction(1, 2)
    for _ in range(60):
        y = tuple(c + step * d for c, d in zip(x, away, strict=True))
        if pattern(network, y) == pattern(network, x):
            return x, y
        step /= 2
    raise AssertionError("x is on a kink")


def test_the_constant_is_one_and_reached(case: Case) -> None:
    points, _, p, lattice = case
    if len(lattice.pieces) > 800:
        return
    random = Random("constant")
    n = len(points[0])
    network = lattice.network()
    x, y = steepest_pair(network, tuple(Fraction(random.randint(-(10**6), 10**6), 999_983) for _ in range(n)), p)
    (gap,) = (abs(evaluate(network, x)[0] - evaluate(network, y)[0]),)
    assert gap > 0 and between(x, y, p).at_most(gap) is True and between(x, y, p).at_least(gap) is True
    others = [tuple(Fraction(random.randint(-600, 600), 7) for _ in range(n)) for _ in range(40)]
    values = lattice.values(others)
    for i in range(40):
        for j in range(i):
            assert between(others[i], others[j], p).at_least(abs(values[i] - values[j])) is True


@pytest.mark.parametrize("p", NORMS, ids=str)
def test_few_pieces_serve_many_points(p: Exponent) -> None:
    points = [(Fraction(a), Fraction(b)) for a in range(7) for b in range(7)]
    # (1, 0) is no vertex of the dual ball for p = 1, so that there it takes several rows of signs.
    most = (12, 25, 31) if p == 1 else (1, 2, 8)
    heights = [[x[0] for x in points], [abs(x[0] - 3) for x in points], [min(x[1], Fraction(2)) for x in points]]
    for values, count in zip(heights, most, strict=True):
        found = interpolate(points, values, p=p).lattice
        assert list(found.values(points)) == values and len(found.pieces) <= count


@pytest.mark.parametrize("p", NORMS, ids=str)
@pytest.mark.parametrize("n", [1, 3])
def test_data_as_steep_as_can_be(n: int, p: Exponent) -> None:
    # Cones of the data themselves: many pairs with |v_i - v_j| = ||x_i - x_j||_p exactly.
    points = [tuple(Fraction(3 * k if i == 0 else 4 * k if i == 1 else 0) for i in range(n)) for k in range(-6, 7)]
    for sign in (1, -1):
        values = [sign * between(x, points[6], p).lower for x in points]
        found = interpolate(points, values, p=p, slack=0)
        assert list(found.lattice.values(points)) == values


@pytest.mark.parametrize("p", NORMS, ids=str)
def test_every_group_stays_at_or_below_the_values(p: Exponent) -> None:
    points, values = data(2, 30, p, "groups")
    lattice = max_of_min(Data(tuple(points), tuple(values), p, Fraction(0)))
    assert lattice.outer == "max"
    for group in lattice.groups:
        low = [min(piece.at(x) for piece in group) for x in points]
        assert all(a <= v for a, v in zip(low, values, strict=True))
        assert any(a == v for a, v in zip(low, values, strict=True))


@pytest.mark.parametrize("p", NORMS, ids=str)
@pytest.mark.parametrize("values", [[5], ["-1/3"], [1e300]], ids=str)
def test_one_point(values: list[Any], p: Exponent) -> None:
    found = interpolate([[1, "2/3", 1e-300]], values, p=p)
    assert found.lattice.value([1, "2/3", 1e-300]) == found.data.values[0] == Fraction(values[0])
    assert found.lattice.norm.at_least(1) is True and len(found.lattice.pieces) == 1
    assert interpolate([[1], [1.0], ["1"]], values * 3, p=p).data.merged == 2


def test_noisy_data_are_moved_and_taken() -> None:
    points = [(a / 7, b / 3) for a in range(6) for b in range(5)]
    values = [(x * x + y * y) ** 0.5 * (1 + 2.0**-51) for x, y in points]
    found = interpolate(points, values, p=2)
    assert found.data.moves and found.lattice.values(found.data.points) == found.data.values
    allowed = default_slack([Fraction(v) for v in values]) / 2
    assert all(abs(a - Fraction(b)) <= allowed for a, b in zip(found.data.values, values, strict=True))


SCALES = [1e300, 1e-300, 5e-324, 1e160, 1e-170, 1e308]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("p", NORMS, ids=str)
def test_scales(p: Exponent, scale: float) -> None:
    unit = Fraction(scale)
    points = [(unit * a / 8, unit * b / 8) for a, b in ((0, 0), (8, 1), (3, 5), (-8, 2), (1, -7), (8, 8))]
    values = [between(x, points[2], p).lower / 2 - unit * k / 90 for k, x in enumerate(points)]
    found = interpolate(points, values, p=p, slack=0)
    assert list(found.lattice.values(points)) == values
    assert found.lattice.value([0, 0]) == values[0]


def test_points_and_values_beyond_floats() -> None:
    huge, tiny = Fraction(10) ** 400, Fraction(1, 10**400)
    for p in NORMS:
        for points in ([[0, 1], [huge, 0], [10 * huge, tiny]], [[tiny, 0], [2 * tiny, 0], [tiny, huge]]):
            values = [Fraction(0), tiny / 3, -tiny / 3]
            found = interpolate(points, values, p=p, slack=0)
            assert list(found.lattice.values(points)) == values
    steep = interpolate([[0, 0], [3, 4 + Fraction(1, 10**300)], [3, 4]], [0, -5, -5], p=2, slack=0)
    assert steep.lattice.values([[3, 4 + Fraction(1, 10**300)], [0, 0]]) == (-5, 0)


def test_points_that_floats_cannot_tell_apart() -> None:
    step = Fraction(1, 10**30)
    third = Fraction(1, 3)
    points = [[third, 0], [third + step, 0], [third, step], [1, 1]]
    values = [Fraction(0), step / 2, -step / 2, Fraction(1, 2)]
    for p in NORMS:
        assert list(interpolate(points, values, p=p, slack=0).lattice.values(points)) == values


def test_refusals() -> None:
    for p in (3, Fraction(3, 2), 1.5):
        with pytest.raises(DataError, match="interpolated exactly for p = 1, 2 and inf"):
            interpolate([[0]], [0], p=p)
    for p in (Fraction(1, 2), float("nan"), True, "2", None):
        with pytest.raises(NormError):
            interpolate([[0]], [0], p=p)
    with pytest.raises(DataError, match=r"not 1-Lipschitz for p = inf.*constant that fits all rows is 2:"):
        interpolate([[0, 0], [1, 1]], [0, 2], p=inf)
    assert interpolate([[0, 0], [1, 1]], [0, 2], p=1).lattice.values([[0, 0], [1, 1]]) == (0, 2)
    for points, values in (([], []), ([[0], [1, 2]], [0, 0]), ([[float("nan")]], [0]), ([[0]], [None]), (None, None)):
        with pytest.raises(DataError):
            interpolate(points, values, p=2)
    for slack, kind in ((-1, DataError), (float("nan"), NetworkError), (True, NetworkError)):
        with pytest.raises(kind, match="slack"):
            interpolate([[0]], [0], p=2, slack=slack)
    assert dot((Fraction(1),), (TWO,)) == 2


def test_progress_is_told_and_pairs_are_counted() -> None:
    points, values = data(2, 12, Fraction(2))
    told: list[tuple[str, int, int]] = []
    interpolate(points, values, p=2, slack=0, progress=lambda *step: told.append(step))
    count = len(points)
    assert told == [(stage, i, count) for stage in ("fitting max of min", "fitting min of max") for i in range(count)]
    with pytest.raises(MemoryNeeded, match=rf"every pair of {count} points, {count**2} bytes, but memory is 100:"):
        interpolate(points, values, p=2, memory=100)
    assert interpolate(points, values, p=2, memory=count**2).lattice.pieces
