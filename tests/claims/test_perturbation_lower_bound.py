"""Flips near the boundary, and the margin's bound on random linear classifiers."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest

from lipcheck.claims.anil2019 import perturbation_lower_bound as row
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


@pytest.mark.parametrize("K", ["1/1000", "1", "50"])
@pytest.mark.parametrize("r", ["1/1000", "1", "50"])
def test_every_proposal_fails_for_every_constant(K: str, r: str) -> None:
    data = {"a": K, "K": K, "r": r, "x": str(F(r) / 4), "delta": str(-F(r) / 2)}
    assert refutes(data, row.bound_alone(Variant(), Budget.CI)[0])
    assert not refutes(data, row.bound_alone(Variant(repaired=True), Budget.CI)[0])


@pytest.mark.parametrize("p", [1, 2, np.inf])
def test_the_margin_bounds_the_perturbation_of_linear_classifiers(p: float) -> None:
    rng = np.random.default_rng(2)
    dual = {1: np.inf, 2: 2, np.inf: 1}[p]
    nearest = np.inf
    for _ in range(300):
        weight, x = rng.normal(size=(3, 2)), rng.normal(size=2)
        K = max(np.linalg.norm(w, dual) for w in weight)
        logits = weight @ x
        t = int(np.argmax(logits))
        margin = logits[t] - max(np.delete(logits, t))
        for delta in rng.normal(size=(30, 2)):
            after = weight @ (x + delta)
            if max(np.delete(after, t)) >= after[t]:
                ratio = np.linalg.norm(delta, p) * 2 * K / margin
                nearest = min(nearest, ratio)
                assert ratio >= 1 - 1e-9
    assert nearest < 3


def test_numbers_that_are_not_positive_are_refused() -> None:
    for name in ("K", "r"):
        with pytest.raises(ReplayError):
            refutes({**row.FLIP, name: "0"}, row.bound_alone(Variant(), Budget.CI)[0])


def test_a_smaller_margin_would_not_repair_it() -> None:
    found = row.flip(row.NEARER, margin=False)
    assert found.violates() and not row.flip(row.NEARER, margin=True).violates()
    gap = 2 * F(row.NEARER["a"]) * F(row.NEARER["x"])
    assert F(199, 100) < gap / (F(row.NEARER["K"]) * F(row.NEARER["r"])) < 2
