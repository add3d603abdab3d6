"""L as a temperature: both minimization problems from a general convex solver, and the overfitting example."""

from __future__ import annotations

import math

import numpy as np
import pytest
from least_bce import solve, total
from scipy.optimize import minimize

from lipcheck.claims.bethune2021.temperature import scaling
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


@pytest.mark.parametrize("T", [0.5, 2.0, 4.0])
def test_the_two_problems_have_the_same_minimizers(T: float) -> None:
    """L_T over Lip_1 by Nelder and Mead on slopes, against L over Lip_T by the convex solver."""
    x, y, w = np.array([0.0, 1.0, 3.0]), np.array([1.0, -1.0, 1.0]), np.array([1.0, 2.0, 1.0])

    def values(free: np.ndarray) -> np.ndarray:
        return free[0] + np.concatenate([[0], np.cumsum(np.clip(free[1:], -1, 1) * np.diff(x))])

    best = min(
        (minimize(lambda free: total(T * values(free), y, w), start, method="Nelder-Mead",
                  options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000})
         for start in (np.array([0.0, -0.9, 0.9]), np.zeros(3))),
        key=lambda found: float(found.fun),
    )  # fmt: skip
    f = solve(x.reshape(-1, 1), y, w, T)
    assert best.fun == pytest.approx(total(f, y, w), abs=1e-6)
    assert np.allclose(T * values(best.x), f, atol=1e-2)


def test_temperature_zero() -> None:
    assert total(np.zeros(4), [1, 1, 1, -1], [1, 1, 1, 1]) == pytest.approx(4 * math.log(2))
    constant = minimize(lambda c: total(np.full(4, c[0]), [1, 1, 1, -1], [1, 1, 1, 1]), [0.0])
    assert constant.x[0] == pytest.approx(math.log(3), abs=1e-4) and constant.fun < 4 * math.log(2) - 0.5
    (rule,) = scaling.zero(Variant(), Budget.CI)
    assert refutes({"z": "2"}, rule) and not refutes({"z": "1/2"}, rule)


def test_without_a_constraint_the_temperature_does_not_matter() -> None:
    x, y = np.array([0.0, 0.0, 1.0]), np.array([1.0, -1.0, 1.0])  # affine f; one input with both labels
    found = []
    for T in (0.5, 1.0, 3.0):
        ends = minimize(lambda t, T=T: total(T * (t[0] * x + t[1]), y, np.ones(3)), np.array([30.0 / T, 0.0]))
        found.append(float(ends.fun))
    assert max(found) - min(found) < 1e-6
    universal = scaling.cone(Variant(dropped=frozenset({"unconstrained"})), Budget.CI)[1]
    assert refutes({"bound": "3", "T": "1/2", "other": "1"}, universal)
    assert not refutes({"bound": "3", "T": "1", "other": "1"}, universal)
    with pytest.raises(ReplayError, match="temperatures are numbers"):
        refutes({"bound": None, "T": None, "other": "1"}, universal)


def test_negative_temperatures_reverse_the_labels() -> None:
    f, y = np.array([0.3, -2.0]), np.array([1.0, -1.0])
    assert total(-2 * f, y, [1, 1]) == pytest.approx(total(2 * (-f), y, [1, 1]))


def test_overfitting() -> None:
    previous = (math.inf, 0.0)
    for L in (0.0, 1.0, 4.0, 12.0):
        f = solve([[0.0], [1.0]], [1, -1], [1, 1], L)
        assert np.allclose(f, [L / 2, -L / 2], atol=1e-3)
        training = total(f, [1, -1], [0.5, 0.5])
        expected = total(np.repeat(f, 2), [1, -1, 1, -1], [0.25] * 4)
        assert training < previous[0] and expected > previous[1]
        previous = (training, expected)
    assert previous[0] < 0.01 and previous[1] > 2.9
