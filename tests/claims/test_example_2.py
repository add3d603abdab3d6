"""Example 2 by simulation: rays, Newton's method in two dimensions, gradient descent, floats of 32 bits."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize

from lipcheck.claims.bethune2021.example_2 import descent, float32, gradient, only, ties
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget

X, Y = np.array([-1.0, 1.0]), np.array([-1.0, 1.0])


def mean_loss(theta: np.ndarray, x: np.ndarray = X, y: np.ndarray = Y) -> float:
    return float(np.logaddexp(0, -y * (theta[0] * x + theta[1])).mean())


def derivatives(theta: np.ndarray, x: np.ndarray = X, y: np.ndarray = Y) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and Hessian of the mean loss in (W, b)."""
    design = np.stack([x, np.ones_like(x)], axis=1)
    s = 1 / (1 + np.exp(y * (design @ theta)))
    return -design.T @ (y * s) / len(x), (design.T * (s * (1 - s))) @ design / len(x)


def test_rays_and_shifted_rays_minimize() -> None:
    for direction, offset in [((1, 0), (0, 0)), ((1, 0.5), (0, 0)), ((1, 0), (0, 1)), ((3, 1), (-5, 4))]:
        d, o = np.array(direction, float), np.array(offset, float)
        losses = [mean_loss(scale * d + o) for scale in (1, 10, 100)]
        assert losses == sorted(losses, reverse=True) and 0 < losses[-1] < 1e-20
    assert mean_loss(np.array([500.0, 500.0])) > math.log(2) / 2 - 1e-9  # a margin of 0: the ray stays at log 2 there


def test_sequences_that_lie_on_no_ray() -> None:
    (rule,) = only.printed(Variant(), Budget.CI)
    assert refutes(only.sequence([["0"], ["3"]], [1, -1], ["-2", "1"], ["0", "1"]), rule)
    assert not refutes(only.sequence([["0"], ["3"]], [1, 1], ["0", "1"], ["1", "0"]), rule)
    with pytest.raises(ReplayError, match="one label"):
        refutes(only.sequence([["0"]], [1, -1], ["1", "0"], ["0", "1"]), rule)


def test_rays_of_classifiers_with_ties() -> None:
    (rule,) = ties.obligations(Variant(), Budget.CI)
    for b, tie in ((0, True), (1, False), (2, True)):  # inputs 0, -1, 1 with f(x) = 2 x + b
        labels = [1 if 2 * x + b >= 0 else -1 for x in (0, -1, 1)]
        data = {"inputs": [["0"], ["-1"], ["1"]], "labels": labels, "direction": ["2", str(b)]}
        loss = mean_loss(400 * np.array([2.0, b]), np.array([0.0, -1.0, 1.0]), np.array(labels, float))
        assert (loss > 0.2) == tie
        assert refutes(data, rule) == (tie and len(set(labels)) == 2)
    with pytest.raises(ReplayError, match="one label"):
        refutes({"inputs": [["0"]], "labels": [], "direction": ["1", "0"]}, rule)


def test_newtons_method_moves_each_margin_alone() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        theta = rng.normal(size=2)
        start = theta[0]
        for step in range(1, 8):
            margins = np.array([theta[0] + theta[1], theta[0] - theta[1]])
            if margins.max() > 12:  # the Hessian is close to singular in floats
                break
            g, H = derivatives(theta)
            theta = theta - np.linalg.solve(H, g)
            expected = margins + 1 + np.exp(-margins)
            assert np.allclose([theta[0] + theta[1], theta[0] - theta[1]], expected, rtol=1e-5)
            assert theta[0] > start + step


def test_separable_data_have_no_critical_point() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        x = rng.normal(size=6)
        y = np.where(x > 0.1, 1.0, -1.0)
        g, _ = derivatives(rng.normal(size=2) * 3, x, y)
        assert np.dot(g, [1, -0.1]) < 0
    mixed, _ = derivatives(np.zeros(2), np.array([-1.0, 1.0, -1.0, 1.0]), np.array([1.0, 1.0, -1.0, -1.0]))
    assert np.allclose(mixed, 0)


@pytest.mark.parametrize(("eta", "start"), [(1.0, 0.0), (0.3, -2.0), (1.0, 3.0)])
def test_gradient_descent_grows_like_the_logarithm(eta: float, start: float) -> None:
    theta = np.array([start, 0.2])
    first = np.exp([theta[0] + theta[1], theta[0] - theta[1]])
    for t in range(1, 400):
        theta = theta - eta * derivatives(theta)[0]
        E = np.exp([theta[0] + theta[1], theta[0] - theta[1]])
        assert (first + eta * t + 1e-9 >= E).all()
        assert (first + eta * t * first / (1 + first) - 1e-9 <= E).all()
    assert math.e**2 > 1 + 4  # eta = 4 from E = 1: the upper bound needs a small step


def test_sign_descent_does_not_struggle() -> None:
    w = 0.0
    for _ in range(100):
        w += 0.1 * np.sign(1 / (1 + math.exp(w)))
    assert w == pytest.approx(10) and descent.HYPOTHESES
    steps = (math.exp(10) - 1) / 0.1
    assert steps > 200_000


def test_the_two_readings_of_the_derivative() -> None:
    h = 1e-6
    for m in (2.0, 8.0):
        size = abs(np.logaddexp(0, -(m + h)) - np.logaddexp(0, -(m - h))) / (2 * h)
        assert size == pytest.approx(1 / (1 + math.exp(m)), rel=1e-3)
        literal = abs(np.logaddexp(0, m + h) - np.logaddexp(0, m - h)) / (2 * h)  # y = -1: log(1 + e^m)
        assert literal == pytest.approx(1 / (1 + math.exp(-m)), rel=1e-3)
    (rule,) = gradient.literal(Variant(), Budget.CI)
    assert refutes({"y": "-1", "E": "9", "F": "1/9", "g": "9/10", "epsilon": "1/2"}, rule)


def test_103_newton_steps_in_python_floats() -> None:
    w, norms = 0.0, []
    for _ in range(110):
        norms.append(1 / (1 + math.exp(w)))
        w = w + 1 + math.exp(-w)
    assert next(k for k, g in enumerate(norms) if g < 2.0**-150) == 103
    assert next(k for k, g in enumerate(norms) if np.float32(g) == 0) == 103
    assert next(k for k, g in enumerate(norms) if 1 - np.float32(1 - g) == 0) == 17
    (positive, below, _) = float32.newton(Variant(constants={"steps": Fraction(104)}), Budget.CI)
    assert positive.enclose(128)[0] > 0 and below.enclose(128)[0] > 0  # type: ignore[union-attr]


def test_gradient_descent_stops_in_binary32_with_a_gradient_left() -> None:
    def stays(w: float) -> bool:
        one = np.float32(1)
        g = one / (one + np.exp(np.float32(w)))
        return bool(np.float32(w) + g == np.float32(w)) and g > 0

    assert stays(14.6) and not stays(14.4)


def test_penalties_bound_the_minimizer() -> None:
    for mu in (1e-2, 1e-3):
        found = minimize(lambda t, mu=mu: mean_loss(t) + mu * t[0] ** 2, np.array([1.0, 3.0]), tol=1e-12)
        assert found.x[0] ** 2 <= 1 / mu and abs(found.x[1]) < 1e-2
        assert mean_loss(found.x) > 0


@pytest.mark.parametrize("eta", [0.1, 1.0])
def test_weights_stay_below_the_logarithm(eta: float) -> None:
    w = 0.0
    for step in range(1, 3000):
        w += eta / (1 + math.exp(w))
        assert w <= math.log(1 + eta * step) + 1e-9
    assert 20.7 < math.log(1 + 10**9) < 21
