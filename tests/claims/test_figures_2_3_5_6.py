"""The captions by binary32 arithmetic, optimization and linear programs."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import exp, log
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from lipcheck.claims.bethune2021.figures_2_3_5_6 import underflow


def gradient(W: float) -> float:
    return 1 / (1 + exp(W))


def test_where_the_gradient_is_rounded_to_zero() -> None:
    threshold = 150 * log(2)
    assert np.float32(gradient(103.0)) > 0 and np.float32(gradient(104.0)) == 0
    assert np.float32(gradient(threshold - 1e-3)) > 0 and np.float32(gradient(threshold + 1e-3)) == 0


def test_newton_takes_at_most_104_steps() -> None:
    W, steps = 0.0, 0
    while np.float32(gradient(W)) > 0:
        W += 1 / (1 - gradient(W))
        steps += 1
    assert 95 < steps <= 104


def test_descent_stalls_with_a_gradient() -> None:
    W = np.float32(14.5)
    for _ in range(400_000):
        moved = np.float32(W + np.float32(gradient(float(W))))
        if moved == W:
            break
        W = moved
    assert 14.5 < float(W) < 14.6 and np.float32(gradient(float(W))) > 4e-7
    E = 1.0
    for t in range(1, 2000):
        E *= exp(1 / (1 + E))
        assert 1 + 1.25 * t >= E


def test_spacing_and_bounds() -> None:
    for W in range(1, 201):
        assert float(underflow.spacing(W)) == np.spacing(np.float32(W))
        low, high = underflow.bounds(W)
        assert float(low) < gradient(W) < float(high)
    absorbed = [W for W in range(1, 30) if np.float32(np.float32(W) + np.float32(gradient(W))) == np.float32(W)]
    assert absorbed == list(range(15, 30))
    assert Fraction(1, 2**150) == underflow.TINY


@pytest.mark.parametrize("data", [{}, {"W": 0}, {"W": 201}, {"W": "15"}, {"W": True}])
def test_other_weights_are_refused(data: Any) -> None:
    from lipcheck.words.claim import Variant
    from lipcheck.words.obligation import Universal
    from lipcheck.words.verdict import Budget

    rule = underflow.descent(Variant(), Budget.SMOKE)[0]
    assert isinstance(rule, Universal)
    with pytest.raises(underflow.WeightError):
        rule.examine(data)


def four_points(L: float) -> np.ndarray:
    places, weights, labels = (np.array(v) for v in ([-2, -1, 1, 2], [0.9, 0.1, 0.1, 0.9], [1, -1, 1, -1]))
    rules = [
        {"type": "ineq", "fun": lambda v, i=i, j=j, s=s: L * abs(places[i] - places[j]) - s * (v[i] - v[j])}
        for i, j in combinations(range(4), 2)
        for s in (1, -1)
    ]

    def loss(v: np.ndarray) -> float:
        return float(weights @ np.log1p(np.exp(-labels * v)))

    return minimize(loss, np.zeros(4), constraints=rules, method="SLSQP", options={"ftol": 1e-13, "maxiter": 500}).x


def test_the_four_points_at_both_thresholds() -> None:
    line = log(max(r.real for r in np.roots([1, 0, -8, -9]) if abs(r.imag) < 1e-9))
    assert line == pytest.approx(1.187, abs=1e-3)
    for L in (0.2, 1.0, line - 0.03):
        assert np.allclose(four_points(L), [2 * L, L, -L, -2 * L], atol=2e-3)
    for L in (line + 0.1, 2.0, log(17) - 0.05):
        a, b, c, d = four_points(L)
        assert a > b > c > d and 0 < b < L - 1e-3
    for L in (log(17) + 0.05, 4.0):
        a, b, c, d = four_points(L)
        assert a > 0 > b and c > 0 > d


def hinge(m: float, points: list[tuple[float, int]], L: float) -> float:
    n, rows, limits = len(points), [], []
    for i, j in combinations(range(n), 2):
        for s in (1, -1):
            row = np.zeros(2 * n)
            row[i], row[j] = s, -s
            rows.append(row)
            limits.append(L * abs(points[i][0] - points[j][0]))
    for i, (_, y) in enumerate(points):
        row = np.zeros(2 * n)
        row[i], row[n + i] = -y, -1
        rows.append(row)
        limits.append(-m)
    bounds = [(None, None)] * n + [(0, None)] * n
    return float(linprog([0] * n + [1] * n, A_ub=np.array(rows), b_ub=limits, bounds=bounds).fun)


def test_least_hinge_losses_are_monotone_and_scale() -> None:
    random = Random(1)
    for _ in range(10):
        points = [(float(x), random.choice((1, -1))) for x in random.sample(range(12), 5)]
        table = [[hinge(m, points, L) for m in (0.5, 1.0, 2.0)] for L in (0.5, 1.0, 2.0)]
        for row in table:
            assert row[0] <= row[1] + 1e-9 <= row[2] + 2e-9
        for column in zip(*table, strict=True):
            assert column[0] + 1e-9 >= column[1] >= column[2] - 1e-9
        assert table[1][1] == pytest.approx(2 * table[0][0], abs=1e-8)
        assert table[2][2] == pytest.approx(4 * table[0][0], abs=1e-8)
