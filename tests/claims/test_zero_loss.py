"""Zero loss: bounds on random 1-Lipschitz functions, and minimizers from a general convex solver."""

from __future__ import annotations

import math

import numpy as np
import pytest
from least_bce import solve, total

from lipcheck.claims.bethune2021.proposition_4._laws import law
from lipcheck.claims.bethune2021.zero_loss import reach, well_defined
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def bound(p: int, d: float, L: float = 1.0) -> float:
    return 2 / p * math.log1p(math.exp(-L * d / 2))


def test_the_least_loss_stays_above_the_bound() -> None:
    rng = np.random.default_rng(0)
    for _ in range(25):
        p = int(rng.integers(2, 6))
        x, y = rng.normal(size=(p, 2)), np.array([1, -1, *rng.choice([1, -1], p - 2)])
        f = solve(x, y, np.ones(p), 1.0)
        d = max(np.linalg.norm(x[i] - x[j]) for i in range(p) for j in range(p) if y[i] != y[j])
        nearest = min(np.linalg.norm(x[i] - x[j]) for i in range(p) for j in range(p) if y[i] != y[j])
        least = total(f, y, np.ones(p)) / p
        assert least >= bound(p, nearest) - 1e-7 >= bound(p, d) - 1e-7
        if p == 2:
            assert least == pytest.approx(bound(2, d), abs=1e-7)


def test_one_class_comes_as_close_to_zero_as_one_likes() -> None:
    assert total(np.full(3, 60.0), [1, 1, 1], [1, 1, 1]) < 1e-24
    (rule,) = reach.infimum(Variant(), Budget.CI)
    assert refutes(law(["0", "5"], [-1, -1], ["1/3", "2/3"]), rule)
    assert not refutes(law(["0", "0"], [-1, 1], ["1/3", "2/3"]), rule)
    with pytest.raises(ReplayError, match="at least one"):
        refutes(law([], [], []), rule)


def test_minimizers_agree_on_the_support_whatever_the_start() -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        x, y = rng.normal(size=(5, 1)), np.array([1, -1, 1, -1, 1])
        w = np.array([1, 2, 1, 1, 0])  # the last input has no weight
        base = solve(x, y, w, 1.0)
        lowest = np.array([max(base[i] - abs(x[i, 0] - z) for i in range(4)) for z in x[:, 0]])
        other = solve(x, y, w, 1.0, start=lowest)
        assert np.allclose(base[:4], other[:4], atol=2e-4)


def test_two_minimizers_off_the_support() -> None:
    _, rule = well_defined.unique(Variant(), Budget.CI)
    data = {"inputs": ["0", "2"], "weights": ["1", "0"], "f": ["0", "2"], "g": ["0", "-2"]}
    assert refutes(data, rule)
    assert not refutes({**data, "g": ["0", "3"]}, rule)
    _, repaired = well_defined.unique(Variant(repaired=True), Budget.CI)
    assert not refutes(data, repaired)
    with pytest.raises(ReplayError, match="a value of f and of g"):
        refutes({**data, "g": ["0"]}, rule)
