"""Gradient norms: who keeps them, who loses them first and why, with deviations that are never below the truth."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.bounds.gradient_norm import GradientNorm, effects, gradient_norm
from lipcheck.bounds.isometry import isometry
from lipcheck.bounds.search import search
from lipcheck.graph import (
    AveragePool,
    Clamp,
    Convolution,
    Dense,
    Gather,
    Graph,
    GraphError,
    Input,
    Max,
    Node,
    Operation,
    Piecewise,
    Sort,
    Sum,
    Unknown,
)
from lipcheck.graph.smooth import smooth
from lipcheck.norms import spectral_norm

RELU = Piecewise(np.array(0.0), np.array(1.0))


def chain(inputs: tuple[int, ...], *operations: tuple[Operation, tuple[int, ...]]) -> Graph:
    nodes = [Node("x", Input(), (), inputs)]
    nodes += [Node(f"layer {i}", op, (i,), shape) for i, (op, shape) in enumerate(operations)]
    return Graph(tuple(nodes), len(operations))


def orthogonal(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.linalg.qr(rng.standard_normal((n, n)))[0]


def test_exact_jacobians_are_for_forms_that_are_cheap_in_rationals() -> None:
    """164 rows of 165 coefficients, and a million rational products: too many, though the coefficients are few."""
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal(shape) for shape in ((100, 64), (64, 100))]
    graph = chain((64,), (Dense(weights[0]), (100,)), (RELU, (100,)), (Dense(weights[1]), (64,)))
    assert gradient_norm(graph, points=1).method.startswith("Jacobians by automatic differentiation")


def test_orthogonal_layers_and_sorting_keep_it() -> None:
    rng = np.random.default_rng(0)
    w = [orthogonal(rng, 8) for _ in range(3)]
    layers = [(Dense(w[0], rng.standard_normal(8)), (8,)), (Sort(2, True), (8,)), (Dense(w[1]), (8,))]
    absolute = Piecewise(np.array(-1.0), np.array(1.0))
    found = gradient_norm(chain((8,), *layers, (absolute, (8,)), (Dense(w[2][:1]), (1,))))
    assert found.preserved
    assert found.first is None
    assert found.points == 64
    assert found.method.startswith("exact")
    assert found.least == pytest.approx(1, abs=1e-12)
    assert found.largest == pytest.approx(1, abs=1e-12)
    assert all(layer.deviation is None or layer.deviation < 1e-12 for layer in found.layers)


def test_a_rank_deficient_layer_is_reported_and_violates_nothing() -> None:
    rng = np.random.default_rng(1)
    u = orthogonal(rng, 16)
    singular = np.ones(16)
    singular[12:] = 0
    weights = [orthogonal(rng, 16), u * singular @ orthogonal(rng, 16), orthogonal(rng, 16)]
    graph = chain((16,), *[op for w in weights for op in ((Dense(w), (16,)), (Sort(2, True), (16,)))])
    found = gradient_norm(graph)
    assert found.first is not None
    assert found.first.name == "layer 2"
    assert found.first.reason.startswith("rank deficient: singular values from")
    assert (found.least, found.largest) == (pytest.approx(0, abs=1e-12), pytest.approx(1, abs=1e-12))
    assert search(graph, 2, rounds=2).lower < 1 + Fraction(1, 10**12)


def named(graph: Graph) -> tuple[str, str]:
    found: GradientNorm = gradient_norm(graph, points=4)
    assert found.first is not None
    return found.first.name, found.first.effect


def test_the_first_layer_and_its_reason() -> None:
    rng = np.random.default_rng(2)
    w = orthogonal(rng, 8)
    full: tuple[Operation, tuple[int, ...]] = (Dense(w), (8,))
    assert named(chain((8,), full, (RELU, (8,)), full)) == ("layer 1", "lose")
    assert effects(chain((8,), full, (RELU, (8,))), 1e-3)[1].reason == "ReLU: slopes of modulus 0 to 1"
    assert named(chain((8,), (Dense(w[:3]), (3,)), (Sort(3, True), (3,)), (Dense(w[:, :3]), (8,)))) == (
        "layer 0",
        "narrow",
    )
    assert named(chain((8,), full, (Dense(np.vstack([w, 0 * w])), (16,)), (Sort(2, True), (16,)))) == (
        "layer 1",
        "expand",
    )
    assert named(chain((8,), (Max(np.arange(8).reshape(4, 2)), (4,)))) == ("layer 0", "lose")
    pooled = AveragePool(np.arange(8).reshape(4, 2), np.full(4, 2))
    assert effects(chain((8,), (pooled, (4,))), 1e-3)[0].reason == "singular values from 0.707107 to 0.707107"
    assert named(chain((8,), (smooth("tanh"), (8,)))) == ("layer 0", "lose")
    assert effects(chain((8,), (Gather(np.arange(8)[::-1].copy()), (8,))), 0.0)[0].effect == "lose"
    assert effects(chain((8,), (Gather(np.arange(8)[::-1].copy()), (8,))), 1e-12)[0].effect == "keep"
    skip = (Node("x", Input(), (), (8,)), Node("fc", Dense(w), (0,), (8,)), Node("mean", Sum((0.5, 0.5)), (0, 1), (8,)))
    assert named(Graph(skip, 2)) == ("mean", "unknown")


def test_convolutions() -> None:
    shift = np.zeros((2, 2, 3))
    shift[0, 1, 0] = shift[1, 0, 2] = 1.0
    kinds = {
        mode: isometry(Node("c", Convolution(shift, None, (1,), ((1, 1),), (1,), 1, mode), (0,), (2, 8)), (2, 8))  # type: ignore[arg-type]
        for mode in ("circular", "zeros", "reflect")
    }
    assert kinds["circular"].deviation is not None
    assert kinds["circular"].deviation < 1e-13
    assert kinds["zeros"].least == 0
    assert kinds["reflect"].largest == pytest.approx(math.sqrt(2))
    big = Convolution(np.ones((64, 64, 3, 3)), None, (1, 1), ((1, 1), (1, 1)), (1, 1))
    assert isometry(Node("c", big, (0,), (64, 32, 32)), (64, 32, 32)).deviation is None


def test_the_deviation_is_never_below_the_truth() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        m, n = rng.integers(1, 7, 2)
        size = max(m, n)
        weight = (orthogonal(rng, size)[:m, :n] * (1 + rng.choice([0, 1e-9, 0.5]))).astype(
            (np.float64, np.float32)[rng.integers(2)]
        )
        rows = [[Fraction(float(a)) for a in row] for row in (weight if m <= n else weight.T)]
        gap = [
            [sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0)) - (i == j) for j, v in enumerate(rows)]
            for i, u in enumerate(rows)
        ]
        truth = spectral_norm(tuple(map(tuple, gap)), Fraction(1, 2**60))
        dense = isometry(Node("fc", Dense(weight), (0,), (int(m),)), (int(n),))
        kernel = Convolution(weight[:, :, None], None, (1,), ((0, 0),), (1,))
        sparse = isometry(Node("c", kernel, (0,), (int(m), 1)), (int(n), 1))
        for found in (dense, sparse):
            assert found.deviation is not None
            assert found.backward == (m <= n)
            assert Fraction(found.deviation) >= truth.lower
        assert dense.deviation is not None
        assert dense.deviation <= float(truth.upper) * (1 + 1e-9) + 1e-13


def test_ties_data_large_networks_deadlines() -> None:
    rng = np.random.default_rng(4)
    w = orthogonal(rng, 8)
    graph = chain((8,), (Dense(w), (8,)), (Sort(4, True), (8,)), (Dense(w[:1]), (1,)))
    found = gradient_norm(graph, data=np.zeros((5, 8)))
    assert found.points == 5
    assert found.least == pytest.approx(1, abs=1e-12)
    assert gradient_norm(graph, deadline=time.monotonic()).points == 1
    wide = orthogonal(rng, 256)
    large = chain((256,), (Dense(wide), (256,)), (Sort(2, True), (256,)), (Dense(wide[:3]), (3,)))
    other = gradient_norm(large, points=3)
    assert other.method.startswith("Jacobians by automatic")
    assert other.least == pytest.approx(1, abs=1e-10)
    assert other.preserved


def test_refusals() -> None:
    with pytest.raises(GraphError, match="softmax"):
        gradient_norm(Graph((Node("x", Input(), (), (1,)), Node("softmax", Unknown("softmax", ""), (0,), (1,))), 1))


def test_gates_that_are_zero_all_around() -> None:
    relu = Piecewise(np.array(0.0), np.array(1.0))
    graph = chain((1,), (relu, (1,)), (relu, (1,)), (Clamp(0, 6), (1,)))
    found = gradient_norm(graph, data=np.array([[-1.0], [0.5], [0.0]]))
    assert (found.points, found.least, found.largest) == (3, 0, 1)
