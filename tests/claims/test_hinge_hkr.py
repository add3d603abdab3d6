"""Hinge and hinge-KR problems by linear programs and numerical integration."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import linprog
from scipy.stats import wasserstein_distance

from lipcheck.claims.bethune2021.hinge_hkr import _samples, any_law, any_margin, consistency, transport
from lipcheck.words.rationals import NumberError

Points = list[tuple[float, int, float]]


def solve(points: Points, m: float, kr: float, strength: float, sweep: int = 0) -> tuple[Any, np.ndarray]:
    """The least kr (-y f) + strength (m - y f)+ ; with `sweep` the smallest or largest f[0] among the minimizers."""
    n = len(points)
    cost = np.array([*(-kr * w * y for _, y, w in points), *(strength * w for *_, w in points)])
    rows, limits = [], []
    for i, j in combinations(range(n), 2):
        for sign in (1, -1):
            row = np.zeros(2 * n)
            row[i], row[j] = sign, -sign
            rows.append(row)
            limits.append(abs(points[i][0] - points[j][0]))
    for i, (_, y, _) in enumerate(points):
        row = np.zeros(2 * n)
        row[i], row[n + i] = -y, -1
        rows.append(row)
        limits.append(-m)
    bounds = [(None, None)] * n + [(0, None)] * n
    found = linprog(cost, A_ub=np.array(rows), b_ub=limits, bounds=bounds)
    if not sweep:
        return found, found.x
    aim = np.zeros(2 * n)
    aim[0] = sweep
    again = linprog(aim, A_ub=np.array([*rows, cost]), b_ub=[*limits, found.fun + 1e-9], bounds=bounds)
    return found, again.x


def moved(points: Points, m: float, strength: float) -> float:
    """The transport problem: masses between the weights and 1 + strength times them."""
    ups, downs = ([p for p in points if p[1] == y] for y in (1, -1))
    extra = len(ups) + len(downs)
    pairs = [(i, j) for i in range(len(ups)) for j in range(len(downs))]
    cost = [*(abs(ups[i][0] - downs[j][0]) for i, j in pairs), *([-m] * extra)]
    rows = []
    for i in range(len(ups)):
        rows.append([*(float(a == i) for a, _ in pairs), *(-float(k == i) for k in range(extra))])
    for j in range(len(downs)):
        rows.append([*(float(b == j) for _, b in pairs), *(-float(k == len(ups) + j) for k in range(extra))])
    weights = [p[2] for p in ups + downs]
    bounds = [(0, None)] * len(pairs) + [(0, strength * w) for w in weights]
    return float(linprog(cost, A_eq=rows, b_eq=weights, bounds=bounds).fun)


def random_points(random: Random, apart: int) -> Points:
    """Weighted points on the line; label +1 and -1 are at least `apart` apart."""
    while True:
        places = random.sample(range(0, 24), random.randint(2, 6))
        labels = [random.choice((1, -1)) for _ in places]
        near = [abs(a - b) for (a, y), (b, z) in combinations(zip(places, labels, strict=True), 2) if y != z]
        if near and min(near) >= apart:
            raw = [random.randint(1, 9) for _ in places]
            return [(float(x), y, r / sum(raw)) for x, y, r in zip(places, labels, raw, strict=True)]


def test_below_the_gap_every_minimizer_has_the_level() -> None:
    random = Random(1)
    for _ in range(25):
        points = random_points(random, 2)
        gap = min(abs(p[0] - q[0]) for p, q in combinations(points, 2) if p[1] != q[1])
        m = gap * random.choice((0.3, 0.5, 0.8, 0.95))
        points = sorted(points, key=lambda p: random.random())
        # label noise at every point: the likelier label keeps more than half of the weight
        noisy = [q for x, y, w in points for q in ((x, y, 0.7 * w), (x, -y, 0.3 * w))]
        for data in (points, noisy):
            label = data[0][1]
            _, x = solve(data, m, 0, 1, sweep=label)
            assert label * x[0] >= min(m, gap - m) - 1e-6


def test_above_the_gap_a_light_point_is_lost() -> None:
    points = [(0.0, -1, 0.25), (1.0, 1, 0.75)]
    for m in (1.0, 1.5, 3.0):
        found, x = solve(points, m, 0, 1)
        assert found.fun == pytest.approx(0.25 * (2 * m - 1)) and x[0] >= -1e-9
    assert solve(points, 0.99, 0, 1)[1][0] < 0
    sample = _samples.read(any_margin.TWO)
    assert sample.minimizer and not sample.right and sample.loss == Fraction(1, 2)


def test_hinge_kr_is_transport() -> None:
    random = Random(2)
    solved = 0
    for _ in range(30):
        points, m, strength = random_points(random, 1), random.choice((0.5, 1.0, 2.0)), random.choice((0.5, 2.0, 10.0))
        p = sum(w for _, y, w in points if y == 1)
        finite = 1 / (1 + strength) <= p / (1 - p) <= 1 + strength
        found, _ = solve(points, m, 1, strength)
        assert (found.status == 0) == finite
        if finite:
            solved += 1
            assert found.fun == pytest.approx(-moved(points, m, strength), abs=1e-8)
    assert solved > 10


def test_samples_with_certificates() -> None:
    for data in transport.SAMPLES:
        sample = _samples.read(data)
        points = [(float(x), y, float(w)) for x, y, w in sample.points]
        found, _ = solve(points, 1.0, 1.0, float(sample.strength))
        assert sample.minimizer and float(sample.loss) == pytest.approx(found.fun)
    spoiled = {**transport.SAMPLES[0], "f": ["-1", "2"]}
    assert _samples.read(spoiled).minimizer  # far apart there are many minimizers
    assert not _samples.read({**transport.SAMPLES[1], "f": ["0", "0"]}).minimizer


def test_only_balanced_plans_within_the_bounds_are_certificates() -> None:
    assert _samples.read(any_margin.TWO).feasible
    assert not _samples.read({**any_margin.TWO, "plan": []}).feasible
    assert not _samples.read({**any_margin.TWO, "plan": [[0, 1, "-1/4"]]}).feasible
    assert not _samples.read({**any_margin.TWO, "masses": ["3/4", "3/4"], "plan": [[1, 0, "3/4"]]}).feasible


def test_the_loss_of_touching_classes() -> None:
    a, b = Fraction(2, 3), Fraction(1, 3)
    for m, c in [(Fraction(1, 2), Fraction(-1, 6)), (Fraction(3, 4), Fraction(1, 3)), (Fraction(2), Fraction(-1, 2))]:
        left = quad(lambda x, m=m, c=c: max(0.0, float(m) + x + float(c)), -1, 0)[0]
        right = quad(lambda x, m=m, c=c: max(0.0, float(m) - x - float(c)), 0, 1)[0]
        assert float(any_law.loss(a, b, m, c)) == pytest.approx(float(a) * left + float(b) * right, abs=1e-7)
    for m in (Fraction(1, 10), Fraction(1, 2), Fraction(1), Fraction(4)):
        assert min(any_law.loss(a, b, m, Fraction(-k, 50)) for k in range(1, 50)) < any_law.loss(a, b, m, Fraction(0))
    even = Fraction(1, 2)
    assert all(any_law.loss(even, even, even, Fraction(k, 20)) >= any_law.loss(even, even, even, Fraction(0))
               for k in range(-9, 10))  # fmt: skip


def test_touching_classes_on_a_grid_of_points() -> None:
    count, m = 24, 0.5
    points = [(-(k + 0.5) / count, -1, 2 / 3 / count) for k in range(count)]
    points += [((k + 0.5) / count, 1, 1 / 3 / count) for k in range(count)]
    _, x = solve(points, m, 0, 1)
    assert (x[0] + x[count]) / 2 == pytest.approx(-1 / 6, abs=0.03)


def test_only_equal_counts_bound_the_wasserstein_loss() -> None:
    for n in range(1, 7):
        for k in range(n + 1):
            labels = [1] * k + [-1] * (n - k)
            assert consistency.examine({"labels": labels, "bound": "1"}, False).conclusion == (2 * k == n)


@pytest.mark.parametrize("change", [{"m": "0"}, {"f": ["0"]}, {"plan": [[0, 5, "1"]]}, {"m": "1.5"},
                                    {"points": [["0", 0, "1/4"], ["1", 1, "3/4"]]}])  # fmt: skip
def test_other_data_are_refused(change: Any) -> None:
    with pytest.raises((_samples.SampleError, NumberError)):
        _samples.read({**any_margin.TWO, **change})


def test_class_wise_means_converge_for_unequal_counts() -> None:
    """Three points of one class for each of the other: W(P_n, Q_k) stays within both distances to the laws."""
    draw = np.random.default_rng(3)
    p, q = np.array([0.0, 1.0, 5.0]), np.array([2.0, 3.0])
    true = wasserstein_distance(p, q)
    for n in (3, 30, 3000):
        x, y = draw.choice(p, n), draw.choice(q, 3 * n)
        room = wasserstein_distance(x, p) + wasserstein_distance(y, q)
        assert abs(wasserstein_distance(x, y) - true) <= room + 1e-12
    assert room < 0.2
