"""The residual remark by random vectors and matrices, in floats."""

from __future__ import annotations

import numpy as np
import pytest

from lipcheck.claims.bethune2021.residual_remark import residual, scaling
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


def test_the_mean_in_other_norms() -> None:
    rng = np.random.default_rng(11)
    seen = set()
    for n in (1, 2, 3):
        for _ in range(60):
            u, v = (rng.integers(-2, 3, size=n).astype(float) for _ in range(2))
            if not u.any() or not v.any():
                continue
            u, v = u / np.abs(u).sum(), v / np.abs(v).sum()
            kept = np.abs(u + v).sum() / 2 > 1 - 1e-12
            assert kept == (u * v >= 0).all()
            seen.add((n, bool(kept), bool(np.allclose(u, v))))
    assert (2, True, False) in seen and (1, True, False) not in seen
    assert np.abs((np.array([1, 0]) + np.array([1, 1])) / 2).max() == 1  # the max-norm


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
    assert not refutes({"f": residual.SWAP, "g": one}, rule)  # f is not x
    assert not refutes({"f": one, "g": [["-1", "0"], ["0", "-1"]]}, rule)
    assert not refutes({"f": one, "g": [["1/2", "0"], ["0", "1/2"]]}, rule)  # norm below one
    (repaired, _) = residual.vector_valued(Variant(repaired=True), Budget.CI)
    assert not refutes(residual.SORTED, repaired)
    with pytest.raises(ReplayError, match="square"):
        refutes({"f": one, "g": [["1", "0"]]}, rule)


def test_scaled_sums() -> None:
    assert scaling.vanishes(["1", "-1"]) and not scaling.vanishes(["1", "1"]) and not scaling.vanishes(["2", "-2"])
