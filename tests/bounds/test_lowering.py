"""The abs-normal form of a graph is the graph: every operation, skip connections, refusals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipcheck.algebra import comparators
from lipcheck.bounds.lowering import gate_count, lower
from lipcheck.graph import (
    AveragePool,
    Clamp,
    Constant,
    Convolution,
    Dense,
    Diagonal,
    Gather,
    Graph,
    GraphError,
    Input,
    Join,
    Max,
    Node,
    Operation,
    Piecewise,
    Smooth,
    Sort,
    Sum,
)

THIRD = Fraction(1, 3)


def chain(inputs: tuple[int, ...], *operations: tuple[Operation, tuple[int, ...]]) -> Graph:
    nodes = [Node("x", Input(), (), inputs)]
    nodes += [Node(f"layer {i}", op, (i,), shape) for i, (op, shape) in enumerate(operations)]
    return Graph(tuple(nodes), len(operations))


def test_a_convolutional_network_by_hand() -> None:
    weight = np.arange(12.0).reshape(2, 1, 2, 3) - 5
    windows = np.array([[0, 1], [2, 3], [4, 5], [6, 7]])
    graph = chain(
        (1, 3, 4),
        (Convolution(weight, np.array([1.0, -2]), (1, 1), ((0, 0), (0, 0)), (1, 1)), (2, 2, 2)),
        (Piecewise(np.array(0.0), np.array(1.0)), (2, 2, 2)),
        (AveragePool(windows, np.array([3, 3, 3, 3])), (4,)),
        (Max(np.array([[0, 1, -1], [2, 3, 0]])), (2,)),
        (Diagonal(np.array([2.0, -1]), np.array([0.5, 0])), (2,)),
        (Clamp(-1, 100), (2,)),
    )
    form = lower(graph)
    rng = np.random.default_rng(0)
    for _ in range(20):
        x = rng.integers(-3, 4, (3, 4))
        hidden = [
            [
                [max(int((weight[c, 0] * x[i : i + 2, j : j + 3]).sum()) + (1, -2)[c], 0) for j in range(2)]
                for i in range(2)
            ]
            for c in range(2)
        ]
        flat = [v for plane in hidden for line in plane for v in line]
        pooled = [Fraction(flat[2 * i] + flat[2 * i + 1], 3) for i in range(4)]
        top = [max(pooled[0], pooled[1]), max(pooled[2], pooled[3], pooled[0])]
        wanted = (2 * top[0] + Fraction(1, 2), -top[1])
        assert form(x.ravel().tolist()) == tuple(min(max(v, Fraction(-1)), Fraction(100)) for v in wanted)


def test_skip_connections_sorting_and_joins() -> None:
    nodes = (
        Node("x", Input(), (), (2,)),
        Node("fc", Dense(np.array([[1.0, 2], [3, -1]]), np.array([0.0, 1])), (0,), (2,)),
        Node("sum", Sum((1, THIRD)), (0, 1), (2,)),
        Node("one", Constant(np.array([1.0])), (), (1,)),
        Node("all", Join(), (1, 2, 3), (5,)),
        Node("pad", Gather(np.array([4, 0, 2, -1, 1, 3])), (4,), (6,)),
        Node("sort", Sort(3, True), (5,), (6,)),
    )
    form = lower(Graph(nodes, 6))
    for x, y in ((1, 1), (-2, 5), (0, 0)):
        first = [Fraction(x + 2 * y), Fraction(3 * x - y + 1)]
        every = [*first, x + THIRD * first[0], y + THIRD * first[1], 1]
        placed = [every[4], every[0], every[2], 0, every[1], every[3]]
        assert list(form((x, y))) == sorted(placed[:3], reverse=True) + sorted(placed[3:], reverse=True)


def test_smooth_operations_are_refused_by_name() -> None:
    with pytest.raises(GraphError, match="layer 0 is Smooth"):
        lower(chain((1,), (Smooth("tanh", Fraction(0), Fraction(1)), (1,))))


def test_gates_are_counted_from_above() -> None:
    graph = chain((4,), (Sort(4, True), (4,)), (Clamp(0, None), (4,)), (Max(np.array([[0, 1], [2, -1]])), (2,)))
    assert gate_count(graph) == len(comparators(4)) + 4 + 1 >= len(lower(graph).gates)
