"""Approximation: the proved bound is the sum it says it is, and no function with the same samples exceeds it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf, sin, sqrt
from random import Random
from typing import Any

import numpy as np
import pytest

from lipcheck.build.approximation import G_ERROR, Approximation, approximate
from lipcheck.build.boxes import Box
from lipcheck.build.data import DataError
from lipcheck.build.distances import between
from lipcheck.build.greedy import propose
from lipcheck.build.memory import MemoryNeeded
from lipcheck.build.promise import check_promise
from lipcheck.build.rows import exact_row
from lipcheck.exact import NetworkError, Vector
from lipcheck.network import Affine
from lipcheck.norms import Exponent, NormError, dual_exponent, operator_norm_at_most, vector_norm

TWO = Fraction(2)
Function = Callable[[tuple[Any, ...]], Any]
SQUARE = Box([-1, -1], [1, 1])


def tent(x: tuple[Any, ...]) -> Any:
    """|x_1| - |x_2| / 2 or so, exact in fractions: 1-Lipschitz in every p-norm up to the factor."""
    return (abs(x[0]) - abs(x[1]) / 2) / 2 if len(x) > 1 else abs(x[0] - Fraction(1, 3))


def ridge(x: tuple[Any, ...]) -> Any:
    return max(min(*x, x[0] / 2 + Fraction(1, 8)), -x[0] / 3)


# Exact functions: the float that g is given is the sample, so that g_error = 0 is right.
EXACT = [(tent, Box([-1], [1]), "1/20", TWO, "lattice"), (tent, SQUARE, "1/8", TWO, "lattice"),
         (tent, SQUARE, "1/6", Fraction(1), "lattice"), (ridge, SQUARE, "1/6", inf, "lattice"),
         (ridge, SQUARE, "1/4", Fraction(3), "lattice"), (tent, SQUARE, "1/4", Fraction(3, 2), "lattice"),
         (ridge, Box([0] * 3, [1] * 3), "1/2", inf, "lattice"), (tent, SQUARE, "1/8", inf, "cones"),
         (tent, SQUARE, "1/8", Fraction(1), "cones"), (ridge, SQUARE, "1/3", TWO, "cones"),
         (tent, SQUARE, "1/2", Fraction(3), "cones"), (tent, Box([-1], [1]), "1/9", Fraction(5, 2), "cones"),
         (ridge, Box([0, "1/3"], [1, "1/3"]), "1/9", TWO, "lattice"),
         (ridge, Box([0, "1/3"], [1, "1/3"]), "1/9", TWO, "cones"),
         (tent, Box(["1/3", 1], ["1/3", 1]), "1/9", TWO, "lattice"),
         (tent, Box(["1/3", 1], ["1/3", 1]), "1/9", TWO, "cones")]  # fmt: skip


@pytest.fixture(scope="module", params=EXACT, ids=lambda c: f"{c[0].__name__} {c[1].dimension} {c[2]} {c[3]} {c[4]}")
def exact_case(request: pytest.FixtureRequest) -> tuple[Function, Approximation, Exponent]:
    g, box, eps, p, method = request.param
    return g, approximate(fractions(g), box, eps, p, method=method, g_error=0), p


def fractions(g: Function) -> Function:
    """g in fractions of the floats that it is given: no rounding."""
    return lambda x: g(tuple(map(Fraction, x)))


def inside(box: Box, count: int, seed: object) -> list[Vector]:
    random = Random(f"{seed}")
    ends = list(zip(box.lower, box.sides, strict=True))
    found = [tuple(a + s * Fraction(random.randint(0, 10**4), 10**4) for a, s in ends) for _ in range(count)]
    return [box.lower, box.upper, *found]


Case = tuple[Function, Approximation, Exponent]


def test_the_bound_holds_everywhere(exact_case: Case) -> None:
    g, found, _ = exact_case
    assert isinstance(found.domain, Box)
    points = inside(found.domain, 700, "bound")
    off = [abs(v - g(x)) for x, v in zip(points, found.lattice.values(points), strict=True)]
    assert max(off) <= found.bound <= found.eps


def test_the_bound_is_the_sum_of_its_parts(exact_case: Case) -> None:
    g, found, p = exact_case
    assert isinstance(found.domain, Box)
    moved = max(between(x, tuple(Fraction(float(c)) for c in x), p).upper for x in found.samples)
    assert list(found.values) == [g(tuple(Fraction(float(c)) for c in x)) for x in found.samples]
    taken = found.lattice.values(found.samples)
    true = [abs(a - v) for a, v in zip(taken, found.values, strict=True)]
    assert all(e <= bound <= e + Fraction(1, 10**12) for e, bound in zip(true, found.errors, strict=True))
    if found.method == "lattice":
        assert found.bound == max(found.errors) + 2 * found.radius + moved
    elif p in (1, inf) or found.domain.dimension == 1:
        assert found.bound == found.radius + moved
    else:
        assert found.radius <= found.bound <= found.eps
    # Every point of the box is within the radius of a sample, and some hardly.
    nearest_samples = []
    for x in inside(found.domain, 20, "cover"):
        step = min(vector_norm([a - b for a, b in zip(x, s, strict=True)], p).lower for s in found.samples)
        nearest_samples.append(step)
    assert max(nearest_samples) <= found.radius
    assert max(nearest_samples) >= found.radius * Fraction(3, 5)


def test_no_function_with_the_same_samples_is_farther_away(exact_case: Case) -> None:
    # The largest and the smallest 1-Lipschitz functions of these samples are allowed to be g.
    _, found, p = exact_case
    assert isinstance(found.domain, Box)
    points = inside(found.domain, 14, "adversary")
    samples = list(zip(found.samples, found.values, strict=True))
    worst = Fraction(0)
    for x, value in zip(points, found.lattice.values(points), strict=True):
        apart = [(v, between(x, s, p)) for s, v in samples]
        high = min(v + d.upper for v, d in apart)
        low = max(v - d.upper for v, d in apart)
        worst = max(worst, high - value, value - low)
    assert found.radius * Fraction(3, 4) <= worst <= found.bound + Fraction(1, 2**60)


def test_rows_and_norms(exact_case: Case) -> None:
    _, found, p = exact_case
    q = dual_exponent(p)
    for weight in {piece.weight for piece in found.lattice.pieces}:
        assert vector_norm(weight, q).at_most(1) is True
    first = found.lattice.network().layers[0]
    assert isinstance(first, Affine) and operator_norm_at_most(first.weight, 1, p, inf) is True
    if p in (1, 2, inf):
        assert found.lattice.norm.at_least(1) is True


def test_what_the_result_says(exact_case: Case) -> None:
    _, found, p = exact_case
    norm = "inf" if p == inf else str(p)
    assert found.hypotheses[0] == (
        f"g is 1-Lipschitz for the {norm}-norm on the box: promised by the user, checked on pairs of samples"
    )
    assert found.hypotheses[1] == "what g returns is within g_error = 0 (0) of its value"
    floats = all(Fraction(float(c)) == c for x in found.samples for c in x)
    assert len(found.hypotheses) == (2 if floats else 3)
    assert floats or "nearest floats, up to" in found.hypotheses[2]


@pytest.mark.parametrize("method", ["lattice", "cones"])
@pytest.mark.parametrize("p", [TWO, inf], ids=str)
def test_the_error_of_g_is_counted(p: Exponent, method: Any) -> None:
    error = Fraction(1, 50)
    sign = iter([1, -1] * 10**5)
    noisy = approximate(
        lambda x: tent(tuple(map(Fraction, x))) + error * next(sign), SQUARE, "1/4", p, method=method, g_error=error
    )
    points = inside(SQUARE, 500, "noise")
    off = max(abs(v - tent(x)) for x, v in zip(points, noisy.lattice.values(points), strict=True))
    assert off <= noisy.bound <= Fraction(1, 4)
    if method == "lattice":
        assert noisy.bound == max(noisy.errors) + 2 * noisy.radius + error
    elif p == inf:
        assert noisy.bound == noisy.radius + error
        # Attained, up to the spread of the samples: cones of values that are all too large by the error.
        high = approximate(lambda x: error, SQUARE, "1/4", p, method=method, g_error=error)
        assert max(v for v in high.lattice.values(points)) > high.bound * Fraction(9, 10)
        assert max(high.lattice.values(points)) <= high.bound
    assert f"g_error = {error} (0.02)" in noisy.hypotheses[1]


@pytest.mark.parametrize("p", [TWO, Fraction(3), Fraction(3, 2)], ids=str)
def test_cones_of_few_rows_are_centred(p: Exponent) -> None:
    # Along a cone of g's own the lattice is too high by what the fan loses, from a sample to the far corners.
    most = Fraction(0)
    for sides, eps in (((1, 1), "3/5"), ((2, 1), "4/5"), ((3, 1), 1), ((1, 5), "3/2"), ((4, 3), "3/2")):
        box = Box([0, 0], sides)
        apex = approximate(lambda x: 0, box, eps, p, method="cones", g_error="1/1000").samples[0]

        def away(x: tuple[Any, ...], apex: Vector = apex) -> Fraction:
            return -between(tuple(map(Fraction, x)), apex, p).upper

        found = approximate(away, box, eps, p, method="cones", g_error="1/1000")
        points = [*inside(box, 150, sides), (Fraction(sides[0]), Fraction(0)), (Fraction(0), Fraction(sides[1]))]
        off = [v - away(x) for x, v in zip(points, found.lattice.values(points), strict=True)]
        assert max(map(abs, off)) <= found.bound <= Fraction(eps)
        most = max(most, max(off) / found.bound)
    assert most > Fraction(7, 10)


def test_g_error_is_taken_from_g_or_a_default() -> None:
    def g(x: tuple[float, ...]) -> float:
        return sin(x[0])

    found = approximate(g, Box([0], [1]), "1/9", 2)
    assert str(G_ERROR) in found.hypotheses[1]
    g.error = Fraction(1, 1000)  # type: ignore[attr-defined]
    assert "g_error = 1/1000" in approximate(g, Box([0], [1]), "1/9", 2).hypotheses[1]
    assert "g_error = 1/500" in approximate(g, Box([0], [1]), "1/9", 2, g_error=0.002 and "1/500").hypotheses[1]


@pytest.mark.parametrize("p", [Fraction(1), TWO, inf, Fraction(3)], ids=str)
def test_finite_sets(p: Exponent) -> None:
    random = Random("finite")
    points = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(120)]
    found = approximate(fractions(tent), [*points, points[0]], "1/20", p, g_error=0)
    assert found.radius == 0 and len(found.samples) == 120 and found.domain == found.samples
    off = [abs(v - tent(x)) for x, v in zip(found.samples, found.lattice.values(found.samples), strict=True)]
    assert max(off) <= found.bound == max(found.errors) <= Fraction(1, 20)
    assert len(found.lattice.pieces) < 60 and "on the points" in found.hypotheses[0]
    assert approximate(fractions(tent), np.array(points), "1/20", p, g_error=0).lattice == found.lattice


def test_points_that_are_no_floats() -> None:
    called: list[tuple[float, ...]] = []

    def g(x: tuple[float, ...]) -> Fraction:
        called.append(x)
        return Fraction(x[0])

    found = approximate(g, [["1/3"], ["2/3"]], "1/100", 2, g_error=0)
    assert called == [(1 / 3,), (2 / 3,)] and all(type(c) is float for x in called for c in x)
    moved = abs(Fraction(2, 3) - Fraction(2 / 3))
    assert found.bound == max(found.errors) + moved and len(found.hypotheses) == 3
    assert abs(found.lattice.value(["1/3"]) - Fraction(1, 3)) <= found.bound
    with pytest.raises(DataError, match=r"points are up to 0\.4 from floats: raise eps"):
        approximate(lambda x: 0, [[10**16 + Fraction(4, 10)]], "2/5", 2, g_error=0)


@pytest.mark.parametrize("p", [Fraction(1), TWO, inf, Fraction(3)], ids=str)
@pytest.mark.parametrize("method", ["lattice", "cones"])
@pytest.mark.parametrize("scale", [1e300, 1e-290, 1e160, 1e-170, 1e5])
def test_scales(scale: float, method: Any, p: Exponent) -> None:
    unit = Fraction(scale)
    box = Box([0, -unit], [unit, unit])
    found = approximate(fractions(tent), box, unit / 2, p, g_error=0, method=method)
    points = inside(box, 60, "scale")
    assert max(abs(v - tent(x)) for x, v in zip(points, found.lattice.values(points), strict=True)) <= found.bound
    with pytest.raises(DataError, match=r"is not 1-Lipschitz for the"):
        approximate(lambda x: Fraction(x[1]) * Fraction(11, 10), box, unit / 2, p, g_error=0, method=method)


def test_broken_promises_are_shown() -> None:
    with pytest.raises(DataError) as refusal:
        approximate(lambda x: 2 * abs(x[0]), Box([-1], [1]), "1/10", 2, g_error=0)
    text = str(refusal.value)
    assert "g is not 1-Lipschitz for the 2-norm: g(" in text and "have the slope 2: divide g by its constant" in text
    for method in ("lattice", "cones"):
        with pytest.raises(DataError, match="is not 1-Lipschitz for the inf-norm"):
            approximate(lambda x: x[0] + x[1] / 50, SQUARE, "1/4", inf, g_error=0, method=method)  # type: ignore[arg-type]
    # A step between two samples is smaller than what g_error forgives, or is not.
    low = approximate(lambda x: Fraction(x[0] > 0, 10), Box([-1], [1]), "1/4", 2, g_error="1/20")
    assert low.bound <= Fraction(1, 4)
    with pytest.raises(DataError, match="have the slope"):
        approximate(lambda x: int(x[0] > 0), Box([-1], [1]), "1/4", 2, g_error="1/20")


def pairs(count: int) -> tuple[list[Vector], list[Fraction]]:
    random = Random("pairs")
    points = [(Fraction(random.randint(-999, 999)), Fraction(random.randint(-999, 999))) for _ in range(count)]
    return points, [Fraction(0)] * count


@pytest.mark.parametrize("p", [Fraction(1), TWO, inf, Fraction(3), Fraction(5, 2)], ids=str)
def test_every_pair_is_checked_to_the_last_digit(p: Exponent) -> None:
    points, values = pairs(40)
    error = Fraction(1, 10)
    for i, j in ((0, 1), (3, 30), (39, 5), (0, 39)):
        if points[i] == points[j]:
            continue
        raised = list(values)
        size = vector_norm([a - b for a, b in zip(points[i], points[j], strict=True)], p, Fraction(1, 2**250))
        near = [points[i], points[j]]
        for sign in (1, -1):
            check_promise(near, [Fraction(0), sign * (size.lower + 2 * error) * (1 - Fraction(1, 2**60))], p, error)
            with pytest.raises(DataError, match="have the slope"):
                check_promise(near, [Fraction(0), sign * (size.upper + 2 * error + Fraction(1, 2**60))], p, error)
        raised[i] = size.upper + 2 * error + 1
        with pytest.raises(DataError, match="have the slope"):
            check_promise(points, raised, p, error)
    line = [(Fraction(k, 7), Fraction(0)) for k in range(9)]
    check_promise(line, [Fraction(k, 7) + error * (-1) ** k for k in range(9)], p, error)
    with pytest.raises(DataError, match="have the slope"):
        check_promise(line, [Fraction(k, 7) + error * (-1) ** k for k in range(9)], p, error - Fraction(1, 10**40))


def test_of_many_samples_neighbours_and_a_choice_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lipcheck.build.promise.ALL_PAIRS", 20)
    monkeypatch.setattr("lipcheck.build.promise._CHUNK", 100)
    line = [(Fraction(k),) for k in range(200)]
    flat = [Fraction(0)] * 200
    seen: list[tuple[str, int, int]] = []
    check_promise(line, flat, TWO, Fraction(0), lambda *told: seen.append(told))
    assert seen[0] == ("checking the promise", 0, 20) and len(seen) == 4
    for k in (1, 77, 199):
        with pytest.raises(DataError, match="have the slope 3/2"):
            check_promise(line, [Fraction(3, 2) if i == k else v for i, v in enumerate(flat)], TWO, Fraction(0))
    # Alternating far and near: neighbours fit, the pairs of the choice do not.
    zigzag = [(Fraction(k % 2 * 10**6 + k),) for k in range(200)]
    with pytest.raises(DataError, match="have the slope"):
        check_promise(zigzag, [Fraction(5 * k) for k in range(200)], TWO, Fraction(0))


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    found = approximate(tent, SQUARE, "1/6", 2, progress=lambda *step: told.append(step))
    fits = ["fitting max of min", "fitting min of max"]
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["sampling", "checking the promise", *fits]
    assert all(0 <= done <= total for _, done, total in told)
    for fit in fits:
        fitting = [done for stage, done, _ in told if stage == fit]
        assert fitting[-1] == len(found.samples) and fitting == sorted(fitting)


def test_fewer_pieces_than_samples_and_cones() -> None:
    fitted = approximate(tent, SQUARE, "1/10", 2)
    cones = approximate(tent, SQUARE, "1/10", 2, method="cones")
    assert len(fitted.lattice.pieces) < 25 < len(fitted.samples) < len(cones.lattice.pieces)
    assert len(cones.samples) <= len(fitted.samples) and fitted.method == "lattice" and cones.method == "cones"


@pytest.mark.parametrize("p", [Fraction(1), TWO, inf], ids=str)
def test_a_gentle_slope_gets_a_row_of_norm_one_that_never_shows(p: Exponent) -> None:
    for slope in (Fraction(1, 2), Fraction(-1, 2)):
        for domain in (Box([0, 0], [1, 12]), [[0, 0], [1, 12], [0, 12], [1, 5]]):
            found = approximate(lambda x, s=slope: s * Fraction(x[1]), domain, 1, p, g_error=0)
            assert found.lattice.norm.at_least(1) is True and found.lattice.norm.at_most(1) is True
            ends = [(Fraction(a), Fraction(b)) for a in (0, 1) for b in (0, 12)] if isinstance(domain, Box) else domain
            shown = {found.lattice.pieces[i].weight for i in found.lattice.showing(ends)}
            assert all(w[1] == slope or (p == 1 and abs(w[1] - slope) < Fraction(1, 10**6)) for w in shown)


def test_one_point() -> None:
    for p in (1, 2, inf, 3):
        for domain in ([[2, -1]], Box([2, -1], [2, -1])):
            found = approximate(lambda x: 7, domain, "1/10", p)
            assert abs(found.lattice.value([2, -1]) - 7) <= found.bound <= Fraction(1, 10)


def test_a_covering_just_reached_with_flat_sides() -> None:
    # 3 eps / 8 = 1/6: three cells of a unit side, off by a rounding; the flat sides stay as they are.
    box = Box([0] * 9, [1] + [0] * 8)
    found = approximate(lambda x: x[0], box, Fraction(4, 9), 2, g_error=0)
    assert found.bound <= Fraction(4, 9) and len(found.samples) == 4
    with pytest.raises(DataError, match="below the spacing of floats"):
        approximate(lambda x: 0, Box([10**16], [10**16 + 10]), "1/10", 2)


@pytest.mark.parametrize("p", [Fraction(1), TWO, inf, Fraction(3), Fraction(3, 2), Fraction(50)], ids=str)
def test_exact_rows(p: Exponent) -> None:
    random = Random("rows")
    q = dual_exponent(p)
    for _ in range(60):
        slope = np.array([random.gauss(0, 1) * random.choice([0, 1, 1e-9]) for _ in range(3)])
        length = float(np.linalg.norm(slope, ord=float(q))) or 1.0
        for size in (0.0, 0.3, 1 - 2.0**-20, 1 - 1e-12, 1.0, 1 + 1e-12, 1.4, 3.0):
            row = exact_row(slope / length * size, p)
            assert vector_norm(row, q).at_most(1) is True
            if size <= 1 + 1e-12 and slope.any():
                assert max(abs(float(w) - s) for w, s in zip(row, slope / length * size, strict=True)) < 3e-8
            if p in (1, 2, inf) and 1 - 1e-12 <= size < 2 and slope.any():
                assert vector_norm(row, q).at_least(1) is True or p == 1
    assert exact_row(np.array([np.nan, 0.5]), p) == (0, Fraction(1, 2))
    assert exact_row(np.array([0.0, -1.0]), p) == (0, -1)


def test_proposals_stay_in_the_band() -> None:
    random = Random("band")
    x = np.array([[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(80)])
    v = np.sqrt((x**2).sum(axis=1))
    for p in (Fraction(1), TWO, inf):
        values = v if p != inf else np.abs(x).max(axis=1)
        for scale in (1.0, 1e-200, 1e200):
            groups = propose(x * scale, values * scale, 0.1 * scale, p, lambda done, total: None)
            reached = np.array([((x - x[g.sample]) @ g.slopes.T).min(axis=1) + values[g.sample] for g in groups])
            assert (reached.max(axis=0) <= values + 1e-6).all() and (reached.max(axis=0) >= values - 0.1).all()
            norms = [np.linalg.norm(s, ord=float(dual_exponent(p))) for g in groups for s in g.slopes]
            assert max(norms) <= 1 + 1e-12 and len(groups) < 40


def test_memory_is_asked_for_first() -> None:
    called = []
    for method in ("lattice", "cones"):
        with pytest.raises(MemoryNeeded, match=r"covering radius of 0\.00\d+ on .* about \d\.\d\de\+\d+ vectors of 11"):
            approximate(called.append, Box([0] * 10, [1] * 10), "1/100", 2, method=method)  # type: ignore[arg-type]
        with pytest.raises(MemoryNeeded, match="memory is 0"):
            approximate(called.append, SQUARE, "1/4", 2, method=method, memory=0)  # type: ignore[arg-type]
        with pytest.raises(MemoryNeeded, match="whole number of bytes"):
            approximate(called.append, SQUARE, "1/4", 2, method=method, memory=None)  # type: ignore[arg-type]
    with pytest.raises(MemoryNeeded, match="3 points needs"):
        approximate(called.append, [[0], [1], [2]], "1/4", 2, memory=100)
    with pytest.raises(MemoryNeeded, match=r"Cones of eps = 0\.1 on 1 samples needs about 1\.10e\+12 vectors of 41"):
        approximate(called.append, Box([0] * 40, [0] * 40), "1/10", 1, method="cones")
    with pytest.raises(MemoryNeeded, match=r"Cones of eps = 0\.9 on .* samples needs about"):
        approximate(called.append, Box([0] * 6, [1] * 6), "9/10", 2, method="cones", memory=10**8)
    assert not called


RETURNED = [None, float("nan"), inf, -inf, True, "x", [1], np.array([0.5]), np.nan, 1j, Fraction, np.bool_(True)]


@pytest.mark.parametrize("returned", RETURNED, ids=str)
@pytest.mark.parametrize("method", ["lattice", "cones"])
def test_what_g_must_not_return(method: Any, returned: Any) -> None:
    with pytest.raises(DataError, match=r"g\(.*\) is .*g must return a finite number on the whole domain"):
        approximate(lambda x: returned, Box([0], [1]), "1/4", 2, method=method)


@pytest.mark.parametrize(
    "returned", [0, 0.5, Fraction(1, 3), np.float32(0.5), np.int64(3), np.array(0.25), "1/3", 10**300, -1e308], ids=str
)
def test_what_g_may_return(returned: Any) -> None:
    eps = 10 if abs(float(Fraction(returned) if isinstance(returned, str) else returned)) < 10 else 10**299
    found = approximate(lambda x: returned, Box([0], [1]), eps, 2)
    wanted = Fraction(returned) if isinstance(returned, str) else Fraction(float(returned))
    assert abs(found.lattice.value(["1/2"]) - wanted) <= found.bound <= eps


def test_g_that_fails() -> None:
    with pytest.raises(DataError, match=r"g\(.*\) raises ZeroDivisionError \(division by zero\)"):
        approximate(lambda x: 1 / 0, Box([0], [1]), "1/4", 2)
    with pytest.raises(DataError, match=r"raises ValueError \(math domain error\)"):
        approximate(lambda x: sqrt(-1 - x[0]), [[0], [1]], "1/4", 2)
    with pytest.raises(DataError, match="beyond the range of float64"):
        approximate(lambda x: 10**400, Box([0], [1]), "1/4", 2)
    for g in (3, None, "g", [1]):
        with pytest.raises(DataError, match="give a function that takes a tuple of floats"):
            approximate(g, Box([0], [1]), "1/4", 2)  # type: ignore[arg-type]


def test_refusals() -> None:
    def call(**change: Any) -> Approximation:
        given: dict[str, Any] = {"g": tent, "domain": Box([0], [1]), "eps": "1/4", "p": 2} | change
        return approximate(given.pop("g"), given.pop("domain"), given.pop("eps"), given.pop("p"), **given)

    for eps in (0, -1, "-1/9", G_ERROR, 2 * G_ERROR, 10**400):
        with pytest.raises(DataError, match="give eps above twice g_error"):
            call(eps=eps)
    for eps in (float("nan"), inf, None, True, "x", [1]):
        with pytest.raises(NetworkError, match="eps"):
            call(eps=eps)
    for error in (-1, "-1/9", "1/8"):
        with pytest.raises(DataError, match="and g_error >= 0"):
            call(g_error=error)
    for error in (float("nan"), inf, True, "x"):
        with pytest.raises(NetworkError, match="g_error"):
            call(g_error=error)
    for p in (Fraction(1, 2), float("nan"), True, "2", None, 0):
        with pytest.raises(NormError):
            call(p=p)
    for method in ("both", None, 1):
        with pytest.raises(DataError, match="say 'lattice' or 'cones'"):
            call(method=method)
    with pytest.raises(DataError, match="Distance cones cover a box"):
        call(method="cones", domain=[[0], [1]])
    for domain in (None, 5, "ab", [5], [["x"]], [[float("nan")]], [[None]], [[True]], np.array([0.5, 1.0])):
        with pytest.raises(DataError, match="no Box and no sequence of points"):
            call(domain=domain)
    for domain in ([], [[]], [[0], [0, 1]]):
        with pytest.raises(DataError, match="no points, or points of different dimensions"):
            call(domain=domain)
    with pytest.raises(DataError, match="beyond the range of float64"):
        call(domain=[[Fraction(10) ** 400]])
