"""Gradients of random 1-Lipschitz networks by finite differences, and the three ways in which they can grow."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from lipcheck.claims.bethune2021.proposition_9 import convolution, exploding, trained
from lipcheck.claims.bethune2021.proposition_9.exploding import NetworkDataError
from lipcheck.words.claim import Variant


def forward(weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, target: np.ndarray) -> float:
    """Affine layers with MaxMin between them, and the loss |y - target|^2 / 2."""
    for k, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        x = weight @ x + bias
        if k + 1 < len(weights):
            x = np.sort(x.reshape(-1, 2), axis=1)[:, ::-1].ravel()
    return float(np.sum((x - target) ** 2) / 2)


def states(weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray) -> list[np.ndarray]:
    """The input of every affine layer, and the output."""
    found = [x]
    for k, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        x = weight @ x + bias
        if k + 1 < len(weights):
            x = np.sort(x.reshape(-1, 2), axis=1)[:, ::-1].ravel()
        found.append(x)
    return found


@pytest.mark.parametrize("orthogonal", [True, False])
def test_both_inequalities_by_finite_differences(orthogonal: bool) -> None:
    rng = np.random.default_rng(12)
    for _ in range(5):
        weights = [np.linalg.qr(rng.normal(size=(4, 4)))[0] * (1 if orthogonal else 0.7) for _ in range(3)]
        biases = [rng.normal(size=4) for _ in range(3)]
        x, target, h = rng.normal(size=4), rng.normal(size=4), 1e-6
        inputs = states(weights, biases, x)
        of_loss = np.linalg.norm(inputs[-1] - target)
        for i in range(3):
            gradient, of_bias = np.zeros((4, 4)), np.zeros(4)
            for j in range(4):
                for sign in (1, -1):
                    biases[i][j] += sign * h
                    of_bias[j] += sign * forward(weights, biases, x, target) / (2 * h)
                    biases[i][j] -= sign * h
                    for k in range(4):
                        weights[i][j, k] += sign * h
                        gradient[j, k] += sign * forward(weights, biases, x, target) / (2 * h)
                        weights[i][j, k] -= sign * h
            bound = of_loss * np.linalg.norm(inputs[i])
            assert np.linalg.norm(gradient) <= bound * (1 + 1e-4) and np.linalg.norm(of_bias) <= of_loss * (1 + 1e-4)
            assert np.linalg.norm(gradient) == pytest.approx(np.linalg.norm(gradient, 2), rel=1e-4)
            if orthogonal:
                assert np.linalg.norm(gradient) == pytest.approx(bound, rel=1e-4)


def test_states_grow_linearly_with_biases() -> None:
    rng = np.random.default_rng(13)
    weights = [np.linalg.qr(rng.normal(size=(4, 4)))[0] for _ in range(30)]
    biases = [b / np.linalg.norm(b) for b in rng.normal(size=(30, 4))]
    x = rng.normal(size=4)
    norms = [np.linalg.norm(s) for s in states(weights, biases, x)]
    assert all(after <= before + 1 + 1e-12 for before, after in pairwise(norms))
    chain = exploding.shifts(Variant())
    for depth in (2, 5):
        assert chain.examine({"x": "0", "biases": ["1"] * depth}).violates()
    assert not chain.examine({"x": "0", "biases": ["1"]}).violates()
    assert not exploding.shifts(Variant(repaired=True)).examine({"x": "3", "biases": ["0"] * 4}).violates()


def test_convolutions_against_numpy() -> None:
    rng = np.random.default_rng(14)
    for n, size in ((3, 2), (5, 3), (6, 6)):
        g, x = rng.integers(-3, 4, size=n), rng.integers(-3, 4, size=n)
        kernel, bias = convolution.gradients([*map(int, g)], [*map(int, x)], size)
        expected = [float(np.dot(g, np.roll(x, -j))) for j in range(size)]
        assert [float(v) for v in kernel] == expected and float(bias) == g.sum()
        assert sum(v * v for v in expected) <= size * np.dot(g, g) * np.dot(x, x)


def test_the_trained_row_by_finite_differences() -> None:
    rng = np.random.default_rng(15)
    law = trained.row("x", 0)
    for _ in range(30):
        V = rng.integers(1, 8, size=3)
        h = rng.integers(-4, 5, size=3)
        if not h.any():
            continue
        scaled, step = V / 4, 1e-6
        gradient = np.array(
            [
                ((scaled + e) @ h / np.linalg.norm(scaled + e) - (scaled - e) @ h / np.linalg.norm(scaled - e))
                / (2 * step)
                for e in step * np.eye(3)
            ]
        )
        grows = np.linalg.norm(gradient) > np.linalg.norm(h)
        data = {"V": [f"{v}/4" for v in V], "h": [str(v) for v in h]}
        assert law.examine(data).conclusion is bool(not grows)


def test_malformed_data_are_refused() -> None:
    for examine, data in (
        (exploding.shifts(Variant()).examine, {"x": "0", "biases": []}),
        (convolution.shared(Variant(), "bias").examine, {"kernel": ["1", "1"], "x": ["1"], "g": ["1"]}),
        (trained.row("x", 0).examine, {"V": ["0"], "h": ["1"]}),
    ):
        with pytest.raises(NetworkDataError):
            examine(data)


@pytest.mark.parametrize(("g", "holds"), [(["1", "1", "1"], True), (["2", "-1", "1"], True)])
def test_the_bias_counts_positions_and_not_kernel_entries(g: list[str], holds: bool) -> None:
    data = {"kernel": ["1"], "x": ["1", "1", "1"], "g": g}
    assert convolution.shared(Variant(repaired=True), "bias").examine(data).conclusion == holds
    square, bound = sum(map(int, g)) ** 2, sum(int(v) ** 2 for v in g)
    assert convolution.shared(Variant(), "bias").examine(data).conclusion == (square <= bound)


@pytest.mark.parametrize("h", [(0.0, 1.0), (1.0, 1.0), (3.0, -1.0), (2.0, 4.0)])
@pytest.mark.parametrize("V", [(0.5, 0.0), (0.5, 0.5), (2.0, 1.0), (0.25, -0.75)])
def test_the_gradient_of_a_normalised_row_by_differences(V: tuple[float, float], h: tuple[float, float]) -> None:
    v, e = np.array(V), 1e-6
    slopes = [
        ((v + d) @ h / np.linalg.norm(v + d) - (v - d) @ h / np.linalg.norm(v - d)) / (2 * e) for d in e * np.eye(2)
    ]
    bounded = bool(np.dot(slopes, slopes) <= np.dot(h, h) + 1e-6)
    data = {"V": [str(Fraction(c)) for c in V], "h": [str(Fraction(c)) for c in h]}
    assert trained.row("any row", Fraction(0)).examine(data).conclusion == bounded
