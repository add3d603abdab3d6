"""Example 3 against a general convex solver, and random training sets for what is said of every one."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from least_bce import solve, total

from lipcheck.claims.bethune2021.example_3 import accuracy
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget

X, Y, W = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([1.0, -1.0, 1.0, -1.0]), np.array([0.9, 0.1, 0.1, 0.9])


def solution(L: float) -> np.ndarray:
    q = math.exp(L)
    b = L if q**3 <= 8 * q + 9 else math.log((4 + math.sqrt(16 + 9 * q)) / q)
    return np.array([b + L, b, -b, -b - L])


@pytest.mark.parametrize("L", [0.0, 0.3, 1.0, 1.18, 1.2, 2.0, 2.8, 2.9, 4.0])
def test_the_solution_against_the_solver(L: float) -> None:
    f = solve(X, Y, W, L)
    assert np.allclose(f, solution(L), atol=3e-3)
    assert total(solution(L), Y, W) <= total(f, Y, W) + 1e-9


def test_the_solution_beats_random_lipschitz_functions() -> None:
    rng = np.random.default_rng(0)
    for L in (0.7, 2.0, 3.5):
        for _ in range(300):
            slopes = rng.uniform(-L, L, 3)
            f = rng.normal() * 2 + np.concatenate([[0], np.cumsum(slopes * [1, 2, 1])])
            near = 0.9 * solution(L) + 0.1 * f
            assert min(total(f, Y, W), total(near, Y, W)) >= total(solution(L), Y, W) - 1e-12


def test_thresholds() -> None:
    assert solution(math.log(17))[1] == pytest.approx(0, abs=1e-12)
    assert solution(math.log(17) - 0.01)[1] > 0 > solution(math.log(17) + 0.01)[1]
    grid = [k / 1000 for k in range(1, 6000)]
    bend = next(L for L in grid if solution(L)[1] < L)
    assert bend == pytest.approx(1.188, abs=1e-9)
    losses = [total(solution(L), Y, W) for L in grid]
    assert all(a > b for a, b in pairwise(losses)) and total(solution(60), Y, W) < 1e-10
    assert all(solution(L)[0] > 0 for L in grid)


def test_the_threshold_for_other_weights() -> None:
    for ratio in (2.0, 5.0):
        L = math.log(2 * ratio - 1)
        weights = np.array([ratio, 1, 1, ratio])
        assert solve(X, Y, weights, L - 0.1)[1] > 0 > solve(X, Y, weights, L + 0.1)[1]


def test_scaling_the_minimizer() -> None:
    for L in (0.5, 1.18):
        assert np.allclose(solution(L) / L, solution(1.0))
    scaled = solution(math.log(17)) / math.log(17)
    assert np.allclose(scaled, [1, 0, 0, -1])
    assert total(scaled, Y, W) == pytest.approx(0.7025, abs=1e-3)
    assert total(solution(1.0), Y, W) == pytest.approx(0.4911, abs=1e-3)


def chain_points(gap: int) -> np.ndarray:
    return np.array([[0.0], [1.0], [1.0 + gap]])


@pytest.mark.parametrize("t", ["3/2", "2", "3"])
def test_the_chain_against_the_solver(t: str) -> None:
    value = Fraction(t)
    f = solve(chain_points(5), [1, -1, 1], [1, 2, 2], math.log(value))
    right = [bool(y * v > 0) for y, v in zip((1, -1, 1), f, strict=True)]
    assert right == accuracy.Chain((Fraction(1), Fraction(2), Fraction(2)), 5).right(value)
    assert f[0] - f[1] == pytest.approx(math.log(value), abs=1e-5)


def test_the_derivative_of_the_chain() -> None:
    it, t = accuracy.Chain((Fraction(1), Fraction(2), Fraction(2)), 5), Fraction(3, 2)
    L, h = math.log(1.5), 1e-6
    for y in (Fraction(1, 3), Fraction(1), Fraction(7, 4)):
        ends = [total(math.log(y) + e + np.array([0, -L, 4 * L]), [1, -1, 1], [1, 2, 2]) for e in (h, -h)]
        assert float(it.derivative(y, t)) == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-6)


def test_five_samples_are_the_fewest_in_the_family() -> None:
    ts = sorted({Fraction(a, b) for b in (1, 2, 3, 4) for a in range(b + 1, 4 * b + 1)})

    def falls(weights: tuple[int, int, int], gap: int) -> bool:
        it = accuracy.Chain(tuple(map(Fraction, weights)), gap)  # type: ignore[arg-type]
        found = [it.accuracy(t) for t in ts]
        return any(b < a for a, b in pairwise(found))

    for gap in range(1, 8):
        assert not any(falls(w, gap) for w in product((1, 2), repeat=3) if sum(w) <= 4)
    assert falls((1, 2, 2), 5) and not falls((1, 2, 2), 4)


def test_data_that_are_no_chain() -> None:
    rule = accuracy.printed(Variant(), Budget.CI)[0]
    for broken in ({}, accuracy.chain([1, 2], 5, "2", "3"), accuracy.chain([1, 2, 2], 0, "2", "3")):
        with pytest.raises(ReplayError):
            refutes(broken, rule)
    assert not refutes(accuracy.chain([0, 2, 2], 5, "3/2", "2"), rule)


def random_set(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    p = int(rng.integers(2, 6))
    x, y = rng.normal(size=(p, 2)), np.array([1.0, -1.0, *rng.choice([1.0, -1.0], p - 2)])
    d = min(np.linalg.norm(x[i] - x[j]) for i in range(p) for j in range(p) if y[i] != y[j])
    return x, y, float(d)


def test_the_loss_falls_with_larger_constants() -> None:
    rng = np.random.default_rng(1)
    for _ in range(15):
        x, y, _ = random_set(rng)
        losses = [total(solve(x, y, np.ones(len(y)), L), y, np.ones(len(y))) for L in (0.2, 0.6, 1.5)]
        assert losses[0] > losses[1] + 1e-6 and losses[1] > losses[2] + 1e-6
    both = [total(solve([[0.0], [0.0]], [1, -1], [1, 1], L), [1, -1], [1, 1]) for L in (1.0, 5.0)]
    assert both[0] == pytest.approx(both[1]) == pytest.approx(2 * math.log(2))


def test_large_constants_classify_everything_right() -> None:
    rng = np.random.default_rng(2)
    for _ in range(15):
        x, y, d = random_set(rng)
        p = len(y)
        L = 2 / d * math.log(2 * p)
        start = y * L * d / 2
        assert (y * solve(x, y, np.ones(p), L, start) > 0).all()
        assert (1 + 1 / (2 * p)) ** p < 2


def test_contradictory_labels_end_at_the_majority() -> None:
    x = [[0.0], [0.0], [1.0], [1.0], [2.0]]
    y, w = np.array([1, -1, 1, -1, 1]), np.array([2, 1, 1, 3, 1])
    f = solve(x, y, w, 6.0)
    assert f[0] == pytest.approx(math.log(2), abs=0.02) and f[2] == pytest.approx(-math.log(3), abs=0.02) and f[4] > 4
