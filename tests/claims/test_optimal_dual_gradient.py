"""Optimal duals by linear programs in the plane, and beads built anew."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.optimal_dual_gradient import always, beads, finite_supports, null_support, on_the_line
from lipcheck.words.claim import Variant

Floats = NDArray[np.float64]


def solve(points: Floats, weights: Floats, extra: Floats | None = None, value: float | None = None) -> Floats:
    """Values of an optimal dual at the points; or, given its value, of one that is extreme in the direction `extra`."""
    n = len(points)
    rows, bounds = [], []
    for i in range(n):
        for j in range(n):
            if i != j:
                row = np.zeros(n)
                row[i], row[j] = 1, -1
                rows.append(row)
                bounds.append(np.linalg.norm(points[i] - points[j]))
    anchor = np.zeros(n)
    anchor[0] = 1
    equations, sides = [anchor], [0.0]
    if value is not None:
        equations, sides = [anchor, weights], [0.0, value]
    goal = weights if extra is None else extra
    found = linprog(-goal, A_ub=rows, b_ub=bounds, A_eq=equations, b_eq=sides, bounds=(None, None))
    assert found.status == 0
    return np.asarray(found.x)


def cones(points: Floats, values: Floats, x: Floats) -> float:
    return float(np.max(values - np.linalg.norm(points - x, axis=1)))


def test_cones_over_random_supports_are_optimal_with_gradient_one() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 3):
        points = rng.normal(size=(8, n))
        weights = np.concatenate([rng.dirichlet(np.ones(4)), -rng.dirichlet(np.ones(4))])
        values = solve(points, weights)
        assert [cones(points, values, p) for p in points] == pytest.approx(values, abs=1e-7)
        for x in rng.normal(size=(20, n)) * 2:
            step = 1e-5
            gradient = [(cones(points, values, x + step * e) - cones(points, values, x - step * e)) / (2 * step)
                        for e in np.eye(n)]  # fmt: skip
            assert np.linalg.norm(gradient) == pytest.approx(1, abs=1e-3)


def test_slope_one_along_the_segments_of_the_optimal_plan() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(4, 2)), rng.normal(size=(4, 2)) + 1
    away = np.linalg.norm(first[:, None] - second[None], axis=2)
    marginals = [np.kron(np.eye(4)[i], np.ones(4)) for i in range(4)] + [np.tile(np.eye(4)[j], 4) for j in range(4)]
    plan = linprog(away.ravel(), A_eq=marginals, b_eq=np.ones(8) / 4).x.reshape(4, 4)
    values = solve(np.vstack([first, second]), np.array([0.25] * 4 + [-0.25] * 4))
    for i, j in np.argwhere(plan > 1e-6):
        assert values[i] - values[4 + j] == pytest.approx(away[i, j], abs=1e-6)


def bead_laws(count: int, levels: int) -> tuple[Floats, Floats, list[int]]:
    """Points (centres first), signed weights, and which points lie on circles."""
    found = list(beads.level(Fraction(0), Fraction(0), Fraction(1), count, levels))
    places = {(b.x, b.y): 1.0 / len(found) for b in found}
    for b in found:
        for p in b.points():
            places[p] = places.get(p, 0.0) - 1.0 / (4 * len(found))
    points = np.array([[float(x), float(y)] for x, y in places])
    return points, np.array(list(places.values())), list(range(len(found), len(places)))


@pytest.mark.parametrize(("count", "levels"), [(3, 1), (7, 1)])
def test_beads_force_one_value_on_their_points(count: int, levels: int) -> None:
    points, weights, circle = bead_laws(count, levels)
    best = float(weights @ solve(points, weights))
    radius = 1 / (2 * count)
    assert best == pytest.approx(radius, abs=1e-7)
    for k in (1, len(circle) // 2, len(circle) - 1):
        difference = np.zeros(len(points))
        difference[circle[k]], difference[circle[0]] = 1, -1
        extreme = [float(difference @ solve(points, weights, s * difference, best)) for s in (1, -1)]
        assert extreme == pytest.approx([0, 0], abs=1e-6)


def test_beads_that_do_not_hang_together_force_less() -> None:
    assert beads.chained(3) and beads.chained(7) and beads.chained(11)
    assert not beads.chained(5) and not beads.chained(9)


def test_the_beads_of_three_levels_hang_together_and_do_not_overlap() -> None:
    found = list(beads.level(Fraction(0), Fraction(0), Fraction(1), 3, 3))
    assert len(found) == 5 + 4 * 13 + 16 * 29
    x = np.array([[float(b.x), float(b.y)] for b in found])
    r = np.array([float(b.radius) for b in found])
    apart = np.linalg.norm(x[:, None] - x[None], axis=2) - r[:, None] - r[None] + 10 * np.eye(len(found))
    assert apart.min() > -1e-12
    shared: dict[object, list[int]] = {}
    for i, b in enumerate(found):
        for p in b.points():
            shared.setdefault(p, []).append(i)
    root = list(range(len(found)))

    def top(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    for group in shared.values():
        for i in group[1:]:
            root[top(i)] = top(group[0])
    assert len({top(i) for i in range(len(found))}) == 1


def test_what_the_strips_leave_has_positive_area() -> None:
    side, count = Fraction(1), 3
    squares = 1
    for _ in range(12):
        side, squares, count = side * (1 - Fraction(1, count)) / 2, squares * 4, 2 * count + 1
        assert squares * side**2 > Fraction(1, 9)


def test_malformed_beads_are_refused() -> None:
    for count in (4, -1, 0, True, 51, "3"):
        with pytest.raises(beads.BeadError):
            beads.forced({"beads": count, "levels": "all"})
    with pytest.raises(beads.BeadError):
        beads.forced({"beads": 3})


def test_the_flat_counterexample_by_hand() -> None:
    f = laws.function(always.CLAMP)
    for x in (Fraction(-3), Fraction(0), Fraction(1, 3), Fraction(1), Fraction(9)):
        assert laws.value(f, x) == -min(max(x, Fraction(0)), Fraction(1))
    for x in (Fraction(-3), Fraction(1), Fraction(9)):
        assert laws.value(laws.function(always.HINGE), x) == -max(x - 1, Fraction(0))
    for examine, data in ((always.everywhere, always.SHIFT), (always.on_the_data, always.SHARED)):
        assert examine(data, False).violates() and not examine(data, True).violates()


def test_on_the_line_the_dual_attains_the_distance_of_random_laws() -> None:
    random = Random(7)
    for _ in range(60):
        data = {}
        for name in ("first", "second"):
            parts = [(Fraction(random.randint(-8, 8), 2), random.randint(0, 4), random.randint(1, 3)) for _ in range(3)]
            total = sum(m for *_, m in parts)
            data[name] = [[str(a), str(a + b), str(Fraction(m, total))] for a, b, m in parts]
        assert on_the_line.examine(data, Fraction(1), True).conclusion
        first, second = laws.read(data["first"]), laws.read(data["second"])
        assert all(abs(p.slopes[0]) == 1 for p in on_the_line.dual(first, second, Fraction(1)))


def test_each_candidate_for_finite_supports_misses_one_hypothesis() -> None:
    found = [finite_supports.examine(data, Fraction(1)) for data in finite_supports.CANDIDATES]
    missing = [[k for k, holds in f.hypotheses.items() if not holds] for f in found]
    assert missing == [[], ["lipschitz"], ["optimal"], ["lipschitz"], ["finite"]]
    assert [f.conclusion for f in found] == [True, False, False, False, False]


def test_larger_norms_scale_homogeneous_networks_and_no_others() -> None:
    rng = np.random.default_rng(2)
    w, b = [rng.normal(size=(3, 2)), rng.normal(size=(1, 3))], [rng.normal(size=3), rng.normal(size=1)]
    k = (1.7, 0.4)

    def network(x: Floats, factors: tuple[float, float], bend: object) -> float:
        assert callable(bend)
        hidden = bend(factors[0] * w[0] @ x + factors[0] * b[0])
        return float((factors[1] * w[1] @ hidden + factors[0] * factors[1] * b[1])[0])

    for x in rng.normal(size=(10, 2)):
        for bend in (lambda z: np.maximum(z, 0), np.sort, np.abs):
            assert network(x, k, bend) == pytest.approx(k[0] * k[1] * network(x, (1, 1), bend))
        assert network(x, k, np.tanh) != pytest.approx(k[0] * k[1] * network(x, (1, 1), np.tanh))


def test_cones_over_one_support_attain_the_distance_whatever_the_other_law() -> None:
    random = Random(11)
    for _ in range(12):
        places = sorted(random.sample(range(-6, 7), 3))
        low = random.randint(-6, 4)
        data = {"first": laws.atoms(*places), "second": [[str(low), str(low + random.randint(1, 3)), "1"]]}
        first, second = laws.read(data["first"]), laws.read(data["second"])
        f = on_the_line.dual(first, second, Fraction(1))
        values = {Fraction(s): laws.value(f, Fraction(s)) for s in places}
        over = laws.function(null_support.cones(values))
        assert laws.objective(over, first, second) == laws.distance(first, second)
        for k in range(-20, 21):
            x = Fraction(k, 2)
            assert laws.value(over, x) == max(v - abs(x - s) for s, v in values.items()) <= laws.value(f, x)


def test_cones_over_discrete_points_in_the_plane_are_optimal_against_any_law() -> None:
    rng = np.random.default_rng(5)
    points = rng.normal(size=(30, 2))
    weights = np.concatenate([np.full(3, 1 / 3), np.full(27, -1 / 27)])
    values = solve(points, weights)
    over = np.array([cones(points[:3], values[:3], p) for p in points])
    assert np.all(over <= values + 1e-7) and weights @ over == pytest.approx(weights @ values, abs=1e-7)


def test_each_candidate_for_one_support_misses_one_hypothesis() -> None:
    found = [null_support.examine(data, Fraction(1)) for data in null_support.networks(Variant()).candidates()]
    missing = [[k for k, holds in f.hypotheses.items() if not holds] for f in found]
    assert missing == [[], [], [], ["lipschitz"], ["optimal"], ["null"]]
    assert [f.conclusion for f in found] == [True, True, True, False, False, False]
    slope = Fraction(1001, 1000)
    tilted = {"first": laws.atoms(-1, 0, 1), "second": laws.atoms(0), "network": null_support.tilted(slope)}
    assert null_support.examine(tilted, slope).violates()
