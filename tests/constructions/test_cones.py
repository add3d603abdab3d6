from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest

from lipcheck.build.cones import ConeError, Cones, absolute_value, cone, nested_norm, norm_surface, three_cones
from lipcheck.engines.smt import ask
from lipcheck.network import Affine, MaxMin, Network, Select
from lipcheck.norms import operator_norm, vector_norm
from lipcheck.readings import smt
from lipcheck.readings.rational import evaluate
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import absolute, const, maximum, minimum, var

F = Fraction
CIRCLE = [(F(1 - t * t) / (1 + t * t), F(2 * t) / (1 + t * t)) for t in (F(n, 5) for n in range(-14, 15))]
CIRCLE.append((-F(1), F(0)))


def points(n: int, count: int, seed: int) -> list[tuple[Fraction, ...]]:
    random = Random(seed)
    return [tuple(F(random.randint(-40, 40), random.randint(1, 9)) for _ in range(n)) for _ in range(count)]


def test_the_absolute_value_for_all_reals() -> None:
    network, x = absolute_value().network(), var("x")
    assert ask(Forall("abs", {}, equals(smt.evaluate(network, [x])[0], absolute(x)))).status == "unsat"
    assert [type(layer) for layer in network.layers] == [Affine, MaxMin, Select]
    # G.1: 1 on average at -1 and 1, and 0 at 0: the cost of moving each half by 1.
    assert (absolute_value().value((-1,)) + absolute_value().value((1,))) / 2 - absolute_value().value((0,)) == 1


@pytest.mark.parametrize("p", [1, math.inf])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_polyhedral_norms_for_all_reals(p: float, n: int) -> None:
    surface = norm_surface(n, p)
    xs = [var(f"x{i}") for i in range(n)]
    norm = absolute(xs[0])
    for x in xs[1:]:
        norm = norm + absolute(x) if p == 1 else maximum(norm, absolute(x))
    assert surface.ratio == 1
    assert ask(Forall("norm", {}, equals(smt.evaluate(surface.lattice.network(), xs)[0], norm))).status == "unsat"


@pytest.mark.parametrize("p", [1, math.inf])
def test_three_polyhedral_cones_for_all_reals(p: float) -> None:
    surface = three_cones(p).surface()
    x, y = var("x"), var("y")
    away = None
    for c in (-2, 0, 2):
        d = absolute(x - c) + absolute(y) if p == 1 else maximum(absolute(x - c), absolute(y))
        away = d if away is None else minimum(away, d)
    assert away is not None
    (got,) = smt.evaluate(surface.lattice.network(), [x, y])
    assert ask(Forall("cones", {}, equals(got, const(1) - away))).status == "unsat"
    assert operator_norm(first(surface.lattice.network()).weight, p if p == 1 else math.inf, math.inf).upper == 1


def first(network: Network) -> Affine:
    layer, *rest = network.layers
    assert isinstance(layer, Affine) and all(isinstance(other, MaxMin | Select) for other in rest)
    return layer


def test_one_at_the_centres_and_zero_on_the_circles() -> None:
    cones = three_cones()
    for c in cones.centres:
        assert cones.enclosure(c) == (1, 1)
        assert all(cones.enclosure((c[0] + u, c[1] + v)) == (0, 0) for u, v in CIRCLE)
    assert cones.distance((1, 1)).power == 2 and cones.enclosure((0, 3)) == (-2, -2)
    low, high = cones.enclosure((1, 1))
    assert low < high and (1 - low) ** 2 > 2 > (1 - high) ** 2


@pytest.mark.parametrize("p", [1, 2, 3, math.inf, F(3, 2)])
def test_values_against_the_definition(p: float | Fraction) -> None:
    cones = Cones(((0, 0, 1), (F(1, 2), -1, 0), (3, 1, 1)), F(5, 3), p)  # type: ignore[arg-type]
    for x in points(3, 30, 1):
        away = [[a - b for a, b in zip(x, c, strict=True)] for c in cones.centres]
        value = 5 / 3 - min(
            max(map(abs, z)) if p == math.inf else sum(abs(float(t)) ** float(p) for t in z) ** (1 / float(p))
            for z in away
        )
        low, high = cones.enclosure(x)
        assert float(low) - 1e-9 <= value <= float(high) + 1e-9 and high - low < F(1, 10**6)


@pytest.mark.parametrize(
    ("n", "ratio"), [(2, F(3, 4)), (2, F(99, 100)), (2, F(99999, 100000)), (3, F(9, 10)), (4, F(3, 4))]
)
def test_fans_of_unit_vectors_and_their_ratio(n: int, ratio: Fraction) -> None:
    surface = norm_surface(n, 2, ratio)
    assert ratio <= surface.ratio < 1
    rows = [piece.weight for piece in surface.lattice.pieces]
    assert all(sum(w * w for w in u) == 1 for u in rows) and len(set(rows)) == len(rows)
    if n == 2:
        # Half the angle between neighbours has cos^2 = (1 + u . v) / 2, so that the ratio is the least such cosine.
        ordered = sorted(rows, key=lambda u: math.atan2(u[1], u[0]))
        cosines = [(1 + u[0] * v[0] + u[1] * v[1]) / 2 for u, v in pairwise([*ordered, ordered[0]])]
        assert all(u[0] * v[1] - u[1] * v[0] > 0 for u, v in pairwise([*ordered, ordered[0]]))
        assert surface.ratio**2 <= min(cosines) <= surface.ratio**2 * (1 + F(1, 10**6))
    for x in points(n, 60, 2):
        value, square = surface.lattice.value(x), sum(a * a for a in x)
        assert value >= 0 and surface.ratio**2 * square <= value * value <= square
    assert operator_norm(first(surface.lattice.network()).weight, 2, math.inf).upper == 1


def test_the_ratio_is_nearly_reached_in_the_plane() -> None:
    surface = norm_surface(2, 2, F(3, 4))
    rows = sorted((p.weight for p in surface.lattice.pieces), key=lambda u: math.atan2(u[1], u[0]))
    worst = min(
        surface.lattice.value((u[0] + v[0], u[1] + v[1])) ** 2 / ((u[0] + v[0]) ** 2 + (u[1] + v[1]) ** 2)
        for u, v in pairwise([*rows, rows[0]])
    )
    assert surface.ratio**2 <= worst <= surface.ratio**2 * (1 + F(1, 10**6))


@pytest.mark.parametrize("p", [1, 2, F(3, 2), math.inf])
def test_the_gap_of_three_cones(p: float | Fraction) -> None:
    cones = three_cones(p)
    surface = cones.surface(F(1) if p in (1, math.inf) else F(49, 50))
    network, gaps = surface.lattice.network(), []
    for x in points(2, 25, 4) + [(a + d, b) for a, b in CIRCLE for d in (-2, 0, 2)]:
        value, (low, high) = surface.lattice.value(x), cones.enclosure(x)
        assert low <= value <= high + (1 - surface.ratio) * cones.distance(x).upper
        gaps.append(value - high)
        assert evaluate(network, x) == (value,)
    assert any(gap > 0 for gap in gaps) == (surface.ratio < 1)
    assert all(surface.lattice.value(c) == 1 for c in cones.centres)


@pytest.mark.parametrize("p", [1, 2, math.inf])
def test_surfaces_of_cones_that_stand_anywhere(p: float) -> None:
    cones = Cones(((F(1, 3), 2, -1), (4, F(-5, 2), 1)), F(7, 5), p)  # type: ignore[arg-type]
    surface = cones.surface(F(9, 10) if p == 2 else 1)
    assert all(surface.lattice.value(c) == F(7, 5) for c in cones.centres)
    for x in points(3, 25, 8):
        value, (low, high) = surface.lattice.value(x), cones.enclosure(x)
        assert low <= value <= high + (1 - surface.ratio) * cones.distance(x).upper


def test_the_cone_in_many_dimensions() -> None:
    centre = cone(6)
    assert centre.enclosure((0,) * 6) == (1, 1) and centre.distance((1, 1, 1, 1, 0, 0)).lower == 2
    for p in (1, math.inf):
        surface = cone(6, p).surface()
        assert len(surface.lattice.pieces) == (64 if p == 1 else 12)
        for x in points(6, 20, 5):
            size = sum(map(abs, x)) if p == 1 else max(map(abs, x))
            assert surface.lattice.value(x) == 1 - size


@pytest.mark.parametrize(
    ("n", "ratio"),
    [(2, F(1, 10**400)), (2, F(1, 2)), (3, F(9, 10)), (4, F(99, 100)), (7, F(9, 10)), (20, F(19, 20))],
)
def test_nested_norms(n: int, ratio: Fraction) -> None:
    network, proved = nested_norm(n, ratio)
    assert ratio <= proved < 1 and network.inputs == n and network.outputs == 1
    below = False
    for x in [*points(n, 12, 6), *(tuple(F(int(i == k)) for i in range(n)) for k in range(0, n, 3)), (F(0),) * n]:
        (value,), square = evaluate(network, x), sum(a * a for a in x)
        assert value >= 0 and proved**2 * square <= value * value <= square
        below |= value * value < square
    assert below
    for x, y in pairwise(points(n, 12, 7)):
        (u,), (v,) = evaluate(network, x), evaluate(network, y)
        assert (u - v) ** 2 <= sum((a - b) ** 2 for a, b in zip(x, y, strict=True))


def test_nested_norms_grow_linearly() -> None:
    sizes = [nested_norm(n, F(9, 10))[0].widths[1] for n in (16, 32, 64)]
    assert sizes[1] <= 3 * sizes[0] and sizes[2] <= 3 * sizes[1]


def test_lipschitz_constants_are_reached() -> None:
    for p, q in product((1, 2, math.inf), repeat=2):
        if p == q:
            continue
        # The p-norm surface is 1-Lipschitz for p, and for other norms only where they are larger.
        surface = norm_surface(2, p, F(9, 10) if p == 2 else 1)
        assert surface.lattice.norm.at_most(1) is True and surface.lattice.norm.at_least(1) is True
        steep = max(vector_norm(piece.weight, _dual(q)).upper for piece in surface.lattice.pieces)
        assert (steep > 1) == (p < q)


def _dual(p: float) -> float | Fraction:
    return {1: math.inf, 2: F(2), math.inf: F(1)}[p]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Cones(()), "empty"),
        (lambda: Cones(((F(0),), (F(0),))), "Two centres are equal"),
        (lambda: Cones(((F(0),), (F(0), F(1)))), "ragged"),
        (lambda: Cones(((F(0),),), F(0)), "radius is 0"),
        (lambda: Cones(((F(0),),), float("nan")), "radius is nan"),  # type: ignore[arg-type]
        (lambda: three_cones().distance((1,)), "1 coordinates: give 2"),
        (lambda: three_cones().distance((1, None)), "not a rational number"),
        (lambda: norm_surface(2, 2, 1), "ratio is 1, which"),
        (lambda: norm_surface(2, 2, 0), "ratio is 0"),
        (lambda: norm_surface(2, 2, F(3, 2)), "ratio is 3/2"),
        (lambda: norm_surface(2, 2, True), "boolean"),
        (lambda: norm_surface(0, 2, F(1, 2)), "dimension is 0"),
        (lambda: norm_surface(17, 1), "at most 16"),
        (lambda: norm_surface(12, 2, F(9, 10)), "smaller ratio"),
        (lambda: norm_surface(3000, math.inf), "takes over 8388608 weights"),
        (lambda: norm_surface(10**9, 2, F(1, 2)), "up to 65536"),
        (lambda: cone(10**9), "up to 65536"),
        (lambda: cone(True), "dimension is True"),
        (lambda: nested_norm(1, F(1, 2)), "at least 2"),
        (lambda: nested_norm(3, 1), "below 1"),
        (lambda: nested_norm(3, 1 - F(1, 10**30)), "smaller ratio"),
        (lambda: nested_norm(2000, F(9, 10)), "weights"),
    ],
)
def test_what_is_refused(build: object, message: str) -> None:
    with pytest.raises(ConeError, match=message):
        build()  # type: ignore[operator]
