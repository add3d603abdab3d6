"""The residual remark by random vectors and matrices, in floats."""

from __future__ import annotations

import numpy as np
import pytest

from lipcheck.claims.bethune2021.residual_remark import averages, residual, scaling
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def unit(rng: np.random.Generator, n: int) -> np.ndarray:
    v = rng.normal(size=n)
    return v / np.linalg.norm(v)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_squared_norm_of_the_mean(n: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(50):
        u, v = unit(rng, n), unit(rng, n)
        t = rng.uniform()
        gap = np.dot(u - v, u - v)
        assert np.dot((u + v) / 2, (u + v) / 2) == pytest.approx(1 - gap / 4)
        assert np.dot(t * u + (1 - t) * v, t * u + (1 - t) * v) == pytest.approx(1 - t * (1 - t) * gap)


def test_other_norms() -> None:
    (rule, _) = averages.any_norm(Variant(), Budget.CI)
    for u, v, p, fails in [
        (["1", "0"], ["0", "1"], "1", True),
        (["1", "0"], ["1", "1"], "inf", True),
        (["1", "0"], ["0", "1"], "inf", False),
        (["3/5", "4/5"], ["1", "0"], "2", False),
        (["1/2", "1/2"], ["1/3", "2/3"], "1", True),
        (["1/2", "1/2"], ["-1/3", "2/3"], "1", False),
    ]:
        assert refutes({"u": u, "v": v, "p": p}, rule) == fails
        order = {"1": 1, "2": 2, "inf": np.inf}[p]
        mean = (np.array([eval_(a) for a in u]) + np.array([eval_(a) for a in v])) / 2
        assert (np.linalg.norm(mean, order) > 1 - 1e-12) == fails
    with pytest.raises(ReplayError, match="one length"):
        refutes({"u": ["1"], "v": ["1", "0"], "p": "1"}, rule)


def eval_(text: str) -> float:
    p, _, q = text.partition("/")
    return float(p) / float(q or 1)


def test_norm_below_one_is_decided_exactly() -> None:
    rng = np.random.default_rng(7)
    for _ in range(40):
        weight = rng.integers(-3, 4, size=(2, 2)) / 4
        assert residual.below_one(tuple(map(tuple, weight.tolist()))) == (np.linalg.norm(weight, 2) < 1 - 1e-12)


def test_the_mean_of_the_identity_and_a_contraction() -> None:
    """|(I + G)/2| = 1 exactly if G keeps a vector; all singular values are 1 exactly for G = I."""
    rng = np.random.default_rng(3)
    for n in (1, 2, 3, 4):
        for _ in range(20):
            q, _ = np.linalg.qr(rng.normal(size=(n, n)))
            keeps = np.min(np.abs(np.linalg.eigvals(q) - 1)) < 1e-9
            values = np.linalg.svd((np.eye(n) + q) / 2, compute_uv=False)
            assert (values[0] > 1 - 1e-9) == keeps
            assert values[-1] < 1 - 1e-9 or np.allclose(q, np.eye(n))
    swap = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert np.linalg.norm((np.eye(2) + swap) / 2, 2) == pytest.approx(1)


def test_jacobians_that_are_no_counterexample() -> None:
    (rule, _) = residual.vector_valued(Variant(), Budget.CI)
    one = residual.IDENTITY
    assert refutes({"f": one, "g": [["1", "0"], ["0", "-1"]]}, rule)
    assert not refutes({"f": one, "g": [["-1", "0"], ["0", "-1"]]}, rule)
    assert not refutes({"f": one, "g": [["1/2", "0"], ["0", "1/2"]]}, rule)  # norm below one
    (repaired, _) = residual.vector_valued(Variant(repaired=True), Budget.CI)
    assert not refutes(residual.SORTED, repaired)
    with pytest.raises(ReplayError, match="square"):
        refutes({"f": one, "g": [["1", "0"]]}, rule)


def test_scaled_sums() -> None:
    assert scaling.vanishes(["1", "-1"]) and not scaling.vanishes(["1", "1"]) and not scaling.vanishes(["2", "-2"])
