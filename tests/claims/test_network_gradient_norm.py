"""Gradients of sorting networks by torch's autograd, at random orthogonal weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from lipcheck.claims.anil2019.orthonormal_gnp import isometry
from lipcheck.claims.anil2019.orthonormal_gnp.common import at, plain
from lipcheck.claims.bethune2021.network_gradient_norm import orthogonal, printed
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def orthonormal(rng: np.random.Generator, rows: int, columns: int) -> torch.Tensor:
    q, _ = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
    return torch.tensor(q if rows >= columns else q.T)


def gradient_norm(weights: list[torch.Tensor], biases: list[torch.Tensor], x: torch.Tensor) -> float:
    x = x.clone().requires_grad_()
    h = x
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        h = w @ h + b
        if i + 1 < len(weights):
            h = h.reshape(-1, 2).sort(dim=1).values.reshape(-1) if len(h) % 2 == 0 else h.sort().values
    (found,) = torch.autograd.grad(h.sum(), x)
    return float(found.norm())


def random_norms(sizes: list[int], seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(20):
        weights = [orthonormal(rng, m, n) for n, m in pairwise(sizes)]
        biases = [torch.tensor(rng.normal(size=m)) for m in sizes[1:]]
        found.append(gradient_norm(weights, biases, torch.tensor(rng.normal(size=sizes[0]))))
    return found


@pytest.mark.parametrize("sizes", [[2, 2, 1], [4, 4, 4, 1], [5, 4, 2, 1], [6, 3, 3, 1], [3, 1], [1, 1, 1]])
def test_widths_that_never_rise(sizes: list[int]) -> None:
    assert np.allclose(random_norms(sizes, 1), 1)


@pytest.mark.parametrize("sizes", [[1, 2, 1], [2, 8, 8, 1], [2, 1, 2, 1]])
def test_widths_that_rise(sizes: list[int]) -> None:
    found = random_norms(sizes, 2)
    assert max(found) < 1 + 1e-9 and min(found) < 0.99


def test_the_shape_of_example_1() -> None:
    assert isometry.loses([2, 12, 12, 12, 12, 12, 1]) and not isometry.loses([4, 4, 2, 1])


def test_networks_and_points() -> None:
    (rule, *_) = printed.obligations(Variant(), Budget.CI)
    assert refutes(printed.FLAT, rule) and not refutes(at(printed.RAMP, "1/1000"), rule)
    assert refutes(at(printed.TURNED, 1), rule) and not refutes(at(printed.TURNED, -1), rule)
    with pytest.raises(ReplayError, match="kink"):
        refutes(at(printed.RAMP, 0), rule)
    with pytest.raises(ReplayError, match="outputs"):
        refutes(at(plain(2, [["1", "0"], ["0", "1"]]), 0, 0), rule)
    (repaired,) = printed.obligations(Variant(repaired=True), Budget.CI)
    assert not refutes(printed.FLAT, repaired)


def test_each_hypothesis_has_its_network() -> None:
    for name in ("orthogonal", "sort", "widths"):
        rule = orthogonal.networks(Variant(dropped=frozenset({name})))
        assert any(rule.examine(data).violates(rule.dropped) for data in rule.candidates())
    rule = orthogonal.networks(Variant())
    assert not any(rule.examine(data).violates() for data in rule.candidates())


def test_normalized_kernels_are_no_orthogonal_convolutions() -> None:
    for n in (2, 3, 7):
        for a, b in ((3 / 5, 4 / 5), (-3 / 5, 4 / 5), (1, 0), (0, -1)):
            matrix = a * np.eye(n) + b * np.roll(np.eye(n), 1, axis=1)
            assert np.linalg.norm(matrix.T @ np.ones(n)) == pytest.approx(abs(a + b) * np.sqrt(n))
            assert np.allclose(matrix @ matrix.T, np.eye(n)) == (a * b == 0)
