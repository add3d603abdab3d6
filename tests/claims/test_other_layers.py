"""The row other_layers against numpy: batch normalization in both modes, max-pooling in one and two dimensions."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest

from lipcheck.claims.anil2019.other_layers import batch_norm, max_pooling
from lipcheck.claims.anil2019.other_layers.max_pooling import WindowError, keeps_gradients, pooling
from lipcheck.exact import vector
from lipcheck.network import Affine, Network
from lipcheck.readings.rational import evaluate


def batch_normalized(batch: np.ndarray, eps: float) -> np.ndarray:
    """Training mode with γ = 1, β = 0: each column by its own mean and variance."""
    return (batch - batch.mean(0)) / np.sqrt(batch.var(0) + eps)  # type: ignore[no-any-return]


@pytest.mark.parametrize("count", [2, 3, 10])
@pytest.mark.parametrize("eps", [1e-5, 0.5, 0.99])
def test_training_expands_small_batches(count: int, eps: float) -> None:
    t = np.sqrt((1 - eps) / 2)
    batch = np.zeros((count, 1))
    batch[:2, 0] = t, -t
    moved = batch_normalized(batch, eps) - batch_normalized(np.zeros((count, 1)), eps)
    factor = 1 / np.sqrt(2 * t * t / count + eps)
    assert factor > 1 and np.allclose(moved, factor * batch)
    tiny = batch_normalized(batch * 1e-6, eps)
    assert np.isclose(np.linalg.norm(tiny) / np.linalg.norm(batch * 1e-6), 1 / np.sqrt(eps), rtol=1e-6)


def test_training_with_an_epsilon_of_one_does_not_expand() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        x, y = rng.normal(size=(2, 5, 2)) * rng.uniform(0, 2)
        assert np.linalg.norm(batch_normalized(x, 1) - batch_normalized(y, 1)) <= np.linalg.norm(x - y) + 1e-12


@pytest.mark.parametrize(("count", "eps"), [(2, 1e-2), (3, 0.5), (6, 0.1), (4, 2.0)])
def test_the_two_norm_constant_in_training_is_one_over_the_root_of_epsilon(count: int, eps: float) -> None:
    rng, most = np.random.default_rng(count), 0.0
    for scale in (1e-4, 1e-2, 1, 10) * 25:
        x, y = rng.normal(size=(2, count, 2)) * scale
        moved = batch_normalized(x, eps) - batch_normalized(y, eps)
        most = max(most, float(np.linalg.norm(moved) / np.linalg.norm(x - y)))
    assert 0.8 / np.sqrt(eps) < most <= 1 / np.sqrt(eps) + 1e-9


def test_fixed_statistics_are_a_diagonal_matrix() -> None:
    gamma, v, eps = np.array([1.0, -0.5, 2.0]), np.array([1.0, 0.1, 5.0]), 1e-3
    matrix = np.diag(gamma / np.sqrt(v + eps))
    for p in (1, 2, np.inf):
        assert np.isclose(np.linalg.norm(matrix, p), max(abs(gamma) / np.sqrt(v + eps)))
    for g, var in ((F(1), F(1)), (F(1), F(1, 2)), (F(-3), F(4))):
        data = {"gamma": str(g), "v": str(var), "eps": "0"}
        assert batch_norm.examine(data, False).conclusion is bool(abs(float(g)) / float(var) ** 0.5 > 1)
    with pytest.raises(batch_norm.ScaleError, match="v \\+ ε is 0"):
        batch_norm.examine({"gamma": "1", "v": "0", "eps": "0"}, False)


@pytest.mark.parametrize("p", [1, 2, np.inf])
def test_pooling_of_images_keeps_gradient_norms_without_overlap_only(p: float) -> None:
    rng, grown = np.random.default_rng(4), 0
    for stride in (1, 2):
        for _ in range(50):
            image = rng.permutation(36).reshape(6, 6)
            back, g = np.zeros((6, 6)), {}
            for i, j in product(range(0, 5, stride), repeat=2):
                window = image[i : i + 2, j : j + 2]
                a, b = np.unravel_index(window.argmax(), (2, 2))
                g[i, j] = rng.normal()
                back[i + a, j + b] += g[i, j]
            before, after = np.linalg.norm(list(g.values()), p), np.linalg.norm(back.ravel(), p)
            assert stride == 1 or np.isclose(before, after)
            grown += after > before + 1e-9
    assert bool(grown > 0) is bool(p > 1)


@pytest.mark.parametrize(("size", "p"), [(2, 1), (2, 2), (3, 2), (3, np.inf), (4, 3)])
def test_the_constant_of_overlapping_windows(size: int, p: float) -> None:
    rng, inputs = np.random.default_rng(size), 3 * size
    most = float(size) ** (1 / p)

    def pooled(x: np.ndarray) -> np.ndarray:
        return np.array([x[i : i + size].max() for i in range(inputs - size + 1)])

    for _ in range(200):
        x, y = rng.normal(size=(2, inputs))
        assert np.linalg.norm(pooled(x) - pooled(y), p) <= most * np.linalg.norm(x - y, p) + 1e-12
    spike = np.zeros(inputs)
    spike[size] = 1
    assert np.isclose(np.linalg.norm(pooled(2 * spike) - pooled(spike), p), most)


def test_pooling_networks_and_their_examination() -> None:
    network = pooling(6, 2, 2)
    assert evaluate(network, [1, 5, 2, 0, -1, -3]) == (5, 2, -1)
    assert evaluate(pooling(4, 3, 1), [1, 5, 2, 7]) == (5, 7) and pooling(5, 2, 3).outputs == 2
    assert keeps_gradients(network, vector([1, 5, 2, 0, -1, -3]))
    assert not keeps_gradients(pooling(3, 2, 1), vector([0, 1, 0]))
    mean = Network(2, (Affine.linear([[F(1, 2), F(1, 2)]]),))
    assert not keeps_gradients(mean, vector([0, 1]))
    lenet = max_pooling.examine({"x": ["0", "1", "3", "2"], "size": 2, "stride": 2}, False)
    assert all(lenet.hypotheses.values()) and not lenet.conclusion
    assert max_pooling.examine({"x": ["0", "1", "0"], "size": 2, "stride": 1}, False).hypotheses["no overlap"] is False
    for size, stride in ((4, 1), (1, 0)):
        with pytest.raises(WindowError, match="does not fit"):
            pooling(3, size, stride)
