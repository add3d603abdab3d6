"""Values by torch against the numpy evaluation and against exact numbers; derivatives against differences."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch
from test_enclosure import random_graph

from lipcheck.bounds.lowering import lower
from lipcheck.graph import Convolution, Dense, Graph, GraphError, Input, Node, Unknown
from lipcheck.graph.evaluate import evaluate
from lipcheck.graph.matrices import matrix_of
from lipcheck.graph.smooth import SLOPES, smooth, value
from lipcheck.graph.values import evaluator, values

MODES = ("zeros", "reflect", "replicate", "circular")


def test_every_piecewise_linear_operation() -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        graph = random_graph(rng)
        form, x = lower(graph), rng.standard_normal((3, 8))
        found = values(graph, torch.from_numpy(x)).numpy()
        wanted = np.array([[float(v) for v in form([Fraction(a) for a in row.tolist()])] for row in x])
        scale = np.abs(wanted).max() + 1e-300
        assert np.abs(found - wanted).max() <= 1e-9 * scale
        assert np.abs(evaluate(graph, x.reshape(3, 2, 2, 2)) - found).max() <= 1e-9 * scale


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("axes", [1, 2])
def test_convolutions_are_their_matrices(mode: str, transposed: bool, axes: int) -> None:
    rng = np.random.default_rng(4)
    for stride, dilation, pads, groups in [(1, 1, (1, 1), 1), (2, 1, (2, 0), 2), (1, 2, (2, 3), 1), (2, 1, (-1, 1), 1)]:
        weight = rng.integers(-3, 4, (4, 4 // groups, *(3, 2)[:axes])).astype(float)
        small = tuple((6 + sum(pads) - dilation * (k - 1) - 1) // stride + 1 for k in weight.shape[2:])
        image, result = (4, *(6,) * axes), (4, *small)
        if transposed:
            image, result = result, image
        bias = rng.integers(-3, 4, 4).astype(float)
        shape = (stride,) * axes, (pads,) * axes, (dilation,) * axes
        operation = Convolution(weight, bias, *shape, groups, mode, transposed)  # type: ignore[arg-type]
        node = Node("conv", operation, (0,), result)
        graph = Graph((Node("x", Input(), (), image), node), 1)
        x = rng.integers(-3, 4, (2, graph.inputs)).astype(float)
        sparse = matrix_of(node, image)
        dense = np.zeros(sparse.shape)
        np.add.at(dense, (sparse.rows, sparse.columns), sparse.values)
        assert (values(graph, torch.from_numpy(x)).numpy() == x @ dense.T + sparse.shift).all()


@pytest.mark.parametrize("name", [*SLOPES, "elu"])
def test_smooth_activations(name: str) -> None:
    operation = smooth(name, 1.5, 2, Fraction(1, 2)) if name == "elu" else smooth(name)
    x = np.array([-80.0, -30, -3, -1, -1e-9, 0, 1e-9, 1, 3, 30, 80])
    graph = Graph((Node("x", Input(), (), (11,)), Node("act", operation, (0,), (11,))), 1)
    assert np.allclose(values(graph, torch.from_numpy(x)[None])[0], value(operation, x), rtol=1e-12, atol=1e-13)


def test_derivatives_both_ways() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        run = evaluator(random_graph(rng))
        x, d = (torch.from_numpy(rng.standard_normal((3, 8))) for _ in range(2))
        y, pushed = torch.func.jvp(run, (x,), (d,))
        step = (run(x + 2.0**-24 * d) - run(x - 2.0**-24 * d)) * 2.0**23
        assert torch.allclose(pushed, step, rtol=1e-5, atol=1e-5 * float(pushed.abs().max()))
        u = torch.from_numpy(rng.standard_normal(y.shape))
        pulled = torch.func.vjp(run, x)[1](u)[0]
        assert torch.allclose((pulled * d).sum(1), (pushed * u).sum(1), atol=1e-9 * float(pulled.abs().max()))


def test_refusals() -> None:
    nodes = (Node("x", Input(), (), (1,)), Node("softmax", Unknown("softmax", ""), (0,), (1,)))
    with pytest.raises(GraphError, match="softmax is Unknown"):
        evaluator(Graph(nodes, 1))
    constant = Graph((*nodes[:1], Node("fc", Dense(np.array([[2.0]])), (0,), (1,))), 1)
    assert values(constant, torch.ones(2, 1, dtype=torch.float64)).tolist() == [[2], [2]]
