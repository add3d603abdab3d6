"""Gradients passed backwards through random networks, in the dual norm and in others."""

from __future__ import annotations

import numpy as np
import pytest

from lipcheck.claims.anil2019 import backprop_nonincreasing as row

DUAL = {1: np.inf, 2: 2, np.inf: 1}


@pytest.mark.parametrize("p", [1, 2, np.inf])
def test_the_dual_norm_never_grows_and_another_norm_does(p: float) -> None:
    rng = np.random.default_rng(4)
    grows = 0
    for _ in range(200):
        weight = rng.normal(size=(4, 2)) if p != 1 else rng.normal(size=(2, 4))
        weight /= np.linalg.norm(weight, p)
        g = rng.normal(size=weight.shape[0])
        slopes = rng.uniform(-1, 1, size=weight.shape[1])
        back = weight.T @ g
        assert np.linalg.norm(back, DUAL[p]) <= np.linalg.norm(g, DUAL[p]) * (1 + 1e-12)
        assert np.linalg.norm(slopes * back, DUAL[p]) <= np.linalg.norm(back, DUAL[p])
        shuffled = back[rng.permutation(len(back))]
        assert np.linalg.norm(shuffled, DUAL[p]) == pytest.approx(np.linalg.norm(back, DUAL[p]))
        grows += int(np.linalg.norm(back, p) > np.linalg.norm(g, p))
    assert (grows > 0) is (p != 2)


@pytest.mark.parametrize("m", [1, 2, 5])
def test_the_factor_is_the_number_of_outputs(m: int) -> None:
    data = {"W": [["1"]] * m, "g": ["1"] * m}
    for norm in ("inf", "2"):
        found = row.grown(data, float("inf"), norm)
        assert found.hypotheses["weights"] and found.conclusion is (m == 1)
    assert row.grown(data, float("inf"), "1").conclusion


def test_a_network_that_is_1_lipschitz_without_constraints_on_its_layers() -> None:
    double, half = np.array([[2.0]]), np.array([[0.5]])
    g = [np.array([1.0])]
    for weight in (half, double):
        g.append(weight.T @ g[-1])
    assert [float(v[0]) for v in g] == [1, 0.5, 1]
