"""Appendix E by finite differences, bisection and linear programs."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from lipcheck.claims.bethune2021.transport_view import distribution, normalized, wasserstein
from lipcheck.words.rationals import NumberError

X_P, W_P = np.array([0.0, 1.0, 2.5]), np.array([0.2, 0.5, 0.3])
X_Q, W_Q = np.array([-1.0, 0.5]), np.array([0.6, 0.4])


def f(theta: float, x: np.ndarray) -> np.ndarray:
    return np.sin(theta * x) + theta**2 * x - theta


def slope(theta: float, x: np.ndarray) -> np.ndarray:
    return x * np.cos(theta * x) + 2 * theta * x - 1


def sigma(u: Any) -> Any:
    return 1 / (1 + np.exp(-u))


def loss(at_p: np.ndarray, at_q: np.ndarray) -> float:
    return float(W_P @ np.log1p(np.exp(-at_p)) + W_Q @ np.log1p(np.exp(at_q)))


@pytest.mark.parametrize("printed", [True, False])
def test_equation_24_with_either_normalization(printed: bool) -> None:
    theta, h = 0.7, 1e-6
    numeric = -(loss(f(theta + h, X_P), f(theta + h, X_Q)) - loss(f(theta - h, X_P), f(theta - h, X_Q))) / (2 * h)
    g_p, g_q = sigma(f(theta, X_P)), sigma(f(theta, X_Q))
    z_p, z_q = (W_P @ g_p, W_Q @ (1 - g_q)) if printed else (W_P @ (1 - g_p), W_Q @ g_q)
    P, Q = W_P * (1 - g_p) / z_p, W_Q * g_q / z_q
    assert z_p * (P @ slope(theta, X_P)) - z_q * (Q @ slope(theta, X_Q)) == pytest.approx(numeric, abs=1e-8)
    assert (abs(P.sum() - 1) < 1e-12) == (not printed)


@pytest.mark.parametrize(("s", "t", "up", "down"), [(0.75, 0.5, 1.0, 0.0), (0.2, 0.9, 1.0, -2.0), (0.5, 0.5, 3.0, 1.0)])
def test_normalized_laws_need_the_other_factors(s: float, t: float, up: float, down: float) -> None:
    """One atom each, logits moving with the slopes up and down; the derivative by a difference quotient."""
    a, b, h = np.log(s / (1 - s)), np.log(t / (1 - t)), 1e-6
    ahead, behind = (np.log1p(np.exp(-a - k * up)) + np.log1p(np.exp(b + k * down)) for k in (h, -h))
    descent = -(ahead - behind) / (2 * h)
    data = {"P": [str(Fraction(s).limit_denominator(100)), str(int(up))],
            "Q": [str(Fraction(t).limit_denominator(100)), str(int(down))]}  # fmt: skip
    assert descent == pytest.approx((1 - s) * up - t * down, abs=1e-8)
    assert normalized.examine(data, True).conclusion
    assert normalized.examine(data, False).conclusion == (abs(s * up - (1 - t) * down - descent) < 1e-6)


def test_the_moving_atoms_carry_a_1_lipschitz_function() -> None:
    (x, s, _), (y, t, _) = ([float(Fraction(v)) for v in wasserstein.MOVING[k]] for k in "PQ")
    assert abs(np.log(s / (1 - s)) - np.log(t / (1 - t))) <= abs(x - y)
    assert not wasserstein.examine({**wasserstein.MOVING, "Q": ["2", "1/4", "-2"]}, False).hypotheses["1-Lipschitz"]


def threshold(theta: float) -> float:
    low, high = -50.0, 50.0
    for _ in range(100):
        middle = (low + high) / 2
        above = W_P @ sigma(f(theta, X_P) - middle) > W_Q @ (1 - sigma(f(theta, X_Q) - middle))
        low, high = (middle, high) if above else (low, middle)
    return low


def test_the_threshold_and_equation_25() -> None:
    theta, h = 0.7, 1e-5
    T = threshold(theta)
    g_p, g_q = sigma(f(theta, X_P) - T), sigma(f(theta, X_Q) - T)
    assert W_P @ g_p == pytest.approx(W_Q @ (1 - g_q)) and W_P @ (1 - g_p) == pytest.approx(W_Q @ g_q)
    losses = [loss(f(theta, X_P) - T - t, f(theta, X_Q) - T - t) for t in (-0.01, 0, 0.01)]
    assert losses[1] < min(losses[0], losses[2])

    def moving(t: float) -> float:
        return loss(f(t, X_P) - threshold(t), f(t, X_Q) - threshold(t))

    direction = W_P @ ((1 - g_p) * slope(theta, X_P)) - W_Q @ (g_q * slope(theta, X_Q))
    assert -(moving(theta + h) - moving(theta - h)) / (2 * h) == pytest.approx(direction, abs=1e-6)


def test_bce_minimizers_are_potentials() -> None:
    places, p, q = np.array([0.0, 1.0, 3.0, 3.5]), np.array([0.5, 0.0, 0.4, 0.1]), np.array([0.1, 0.6, 0.0, 0.3])
    pairs = list(combinations(range(4), 2))
    rows = [s * (np.eye(4)[i] - np.eye(4)[j]) for i, j in pairs for s in (1, -1)]
    limits = [abs(places[i] - places[j]) for i, j in pairs for _ in (1, -1)]

    def bce(v: np.ndarray) -> float:
        return float(p @ np.log1p(np.exp(-v)) + q @ np.log1p(np.exp(v)))

    rules = [{"type": "ineq", "fun": lambda v, r=r, c=c: c - r @ v} for r, c in zip(rows, limits, strict=True)]
    best = minimize(bce, np.zeros(4), constraints=rules, method="SLSQP", options={"ftol": 1e-14, "maxiter": 500}).x
    weight = p * (1 - sigma(best)) - q * sigma(best)
    assert abs(weight.sum()) < 1e-6
    dual = linprog(-weight, A_ub=rows, b_ub=limits, bounds=[(0, 0), *[(None, None)] * 3])
    assert weight @ best == pytest.approx(-dual.fun, abs=1e-6)
    worse = best * 0.9
    weight = p * (1 - sigma(worse)) - q * sigma(worse)
    assert weight @ worse < -linprog(-weight, A_ub=rows, b_ub=limits, bounds=[(-9, 9)] * 4).fun - 1e-4


def test_masses_of_the_printed_law() -> None:
    right, wrong = distribution.means(distribution.SURE)
    assert (right, wrong, wrong / right) == (Fraction(3, 4), Fraction(1, 4), Fraction(1, 3))
    assert distribution.means(distribution.MIXED) == (Fraction(1, 2), Fraction(1, 2))
    assert wasserstein.examine(wasserstein.MOVING, False).violates()
    assert not wasserstein.examine(wasserstein.MOVING, True).violates()


@pytest.mark.parametrize("data", [{}, {"P": []}, {"P": [["1", "0"]]}, {"P": [["1", "1/2"], ["1", "1/2"]]},
                                  {"P": [["1", "0.5"]]}])  # fmt: skip
def test_other_data_are_refused(data: Any) -> None:
    with pytest.raises((distribution.LawError, NumberError)):
        distribution.read(data)
