"""Values and changes of random graphs lie within their error bars, which exact arithmetic decides."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch

from lipcheck.bounds.enclosure import changes, length, two_norms
from lipcheck.bounds.lowering import lower
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
    Sort,
    Sum,
    Unknown,
)
from lipcheck.graph.smooth import SLOPES, smooth, value

MODES = ("zeros", "reflect", "replicate", "circular")


def random_graph(rng: np.random.Generator) -> Graph:
    """A convolution, pooling, a skip connection, sorting, maxima: one of everything that is piecewise linear."""
    dtype = (np.float64, np.float32)[rng.integers(2)]
    scale = 2.0 ** rng.choice([-40, 0, 0, 20])

    def numbers(*shape: int) -> np.ndarray:
        drawn = rng.integers(-2, 3, shape) if rng.integers(2) else rng.standard_normal(shape)
        return (scale * drawn).astype(dtype)

    activations: list[Operation] = [
        Piecewise(np.array(Fraction(1, 10)), np.array(1.0)),
        Piecewise(np.array(-1.0), np.array(1.0)),
        Sort(2, True),
        Sort(4, False),
        Clamp(Fraction(-1, 3), 6.0),
    ]
    convolution = Convolution(
        numbers(2, 2, 2, 2), numbers(2), (1, 1), ((1, 0), (0, 1)), (1, 1), 1, MODES[rng.integers(4)]
    )
    nodes = [
        Node("x", Input(), (), (2, 2, 2)),
        Node("conv", convolution, (0,), (2, 2, 2)),
        Node("bn", Diagonal(numbers(2, 1, 1), numbers(2, 1, 1)), (1,), (2, 2, 2)),
        Node("act", activations[rng.integers(5)], (2,), (2, 2, 2)),
        Node("skip", Sum((1, Fraction(1, 3))), (0, 3), (2, 2, 2)),
        Node(
            "pool",
            AveragePool(np.array([[0, 1, -1], [2, 3, 4], [4, 5, 6], [6, 7, 0]]), np.array([2, 3, 3, 3])),
            (4,),
            (4,),
        ),
        Node("one", Constant(numbers(2)), (), (2,)),
        Node("join", Join(), (5, 6, 5), (10,)),
        Node("places", Gather(rng.integers(-1, 10, 8)), (7,), (8,)),
        Node("fc", Dense(numbers(8, 8), numbers(8)), (8,), (8,)),
        Node("sort", activations[rng.integers(5)], (9,), (8,)),
        Node("max", Max(np.array([[0, 1, 2], [3, 4, -1], [5, 6, 7]])), (10,), (3,)),
    ]
    return Graph(tuple(nodes), len(nodes) - 1)


def test_random_graphs() -> None:
    rng = np.random.default_rng(0)
    relative = []
    for _ in range(120):
        graph = random_graph(rng)
        form = lower(graph)
        x = rng.integers(-2, 3, 8).astype(float) if rng.integers(3) == 0 else rng.standard_normal(8)
        y = x + rng.standard_normal(8) * 2.0 ** rng.choice([0, -20, -40])
        exact = [form(tuple(Fraction(float(a)) for a in point)) for point in (x, y)]
        found = changes(graph, x, y)
        for i, (at_x, at_y) in enumerate(zip(*exact, strict=True)):
            assert abs(Fraction(found.v[i]) - at_x) <= Fraction(found.r[i])
            assert abs(Fraction(found.w[i]) - (at_y - at_x)) <= Fraction(found.s[i])
            if at_x != at_y:
                relative.append(found.s[i] / abs(float(at_y - at_x)))
    # Loose bars would pass as well: most changes are known to many digits, even those of length 2^-40.
    assert np.median(relative) < 1e-12


def test_a_short_change_in_one_region_keeps_its_digits() -> None:
    rng = np.random.default_rng(1)
    nodes = (
        Node("x", Input(), (), (8,)),
        Node("fc", Dense(rng.standard_normal((8, 8)), 100 * rng.standard_normal(8)), (0,), (8,)),
        Node("sort", Sort(2, True), (1,), (8,)),
        Node("max", Max(np.arange(8).reshape(2, 4)), (2,), (2,)),
        Node("relu", Piecewise(np.array(0.0), np.array(1.0)), (3,), (2,)),
        Node("clamp", Clamp(-1e4, 1e4), (4,), (2,)),
    )
    found = changes(Graph(nodes, 5), np.zeros(8), 1e-9 * rng.standard_normal(8))
    assert (found.s <= 1e-12 * np.abs(found.w)).all()
    assert (found.w != 0).any()


@pytest.mark.parametrize("name", [*SLOPES, "elu"])
def test_smooth_activations(name: str) -> None:
    operation = smooth(name, 1.5, 2, Fraction(1, 2)) if name == "elu" else smooth(name)
    x = np.array([-800.0, -30, -3, -1, -1e-9, 0, 1e-9, 1, 3, 30, 800])
    graph = Graph((Node("x", Input(), (), (11,)), Node("act", operation, (0,), (11,))), 1)
    found = changes(graph, x, x + 0.5)
    assert np.allclose(found.v, value(operation, x), rtol=1e-13, atol=1e-13)
    assert np.allclose(found.w, value(operation, x + 0.5) - value(operation, x), rtol=1e-12, atol=1e-12)
    assert (found.r < 1e-12 * (1 + np.abs(x))).all()


def test_refusals() -> None:
    graph = Graph((Node("x", Input(), (), (1,)), Node("fc", Dense(np.array([[1e300]])), (0,), (1,))), 1)
    with pytest.raises(GraphError, match="fc overflows"):
        changes(graph, np.array([0.0]), np.array([1e300]))
    with pytest.raises(GraphError, match="give 1 each"):
        changes(graph, np.zeros(2), np.zeros(1))
    odd = Graph((Node("x", Input(), (), (1,)), Node("softmax", Unknown("softmax", ""), (0,), (1,))), 1)
    with pytest.raises(GraphError, match="softmax is Unknown"):
        changes(odd, np.zeros(1), np.ones(1))


def test_from_an_exact_point_across_kinks() -> None:
    rng = np.random.default_rng(2)
    absolute = Piecewise(np.array(-1.0), np.array(1.0))
    nodes = (
        Node("x", Input(), (), (6,)),
        Node("fc1", Dense(rng.standard_normal((6, 6))), (0,), (6,)),
        Node("abs1", absolute, (1,), (6,)),
        Node("fc2", Dense(rng.standard_normal((6, 6))), (2,), (6,)),
        Node("abs2", absolute, (3,), (6,)),
    )
    graph = Graph(nodes, 4)
    form = lower(graph)
    for _ in range(20):
        y = rng.standard_normal(6)
        found = changes(graph, np.zeros(6), y)
        for w, s, wanted in zip(found.w, found.s, form(tuple(Fraction(float(a)) for a in y)), strict=True):
            assert abs(Fraction(w) - wanted) <= Fraction(s)


def test_the_2_norms_of_the_errors() -> None:
    rng = np.random.default_rng(3)
    middle: list[Operation] = [
        Sort(4, True),
        Piecewise(np.array(Fraction(-1, 3)), np.array(1.0)),
        Clamp(Fraction(-1, 3), 1.0),
        Sort(2, False),
    ]
    tight = []
    for _ in range(40):
        nodes = [Node("x", Input(), (), (8,))]
        for i in range(4):
            weight = (
                np.linalg.qr(rng.standard_normal((8, 8)))[0] if rng.integers(2) else rng.integers(-2, 3, (8, 8)) / 3
            )
            nodes.append(Node(f"fc{i}", Dense(weight, rng.standard_normal(8)), (len(nodes) - 1,), (8,)))
            nodes.append(Node(f"act{i}", middle[rng.integers(4)], (len(nodes) - 1,), (8,)))
            if rng.integers(2):
                nodes.append(Node(f"skip{i}", Sum((Fraction(1, 3), -1.5)), (len(nodes) - 1, len(nodes) - 3), (8,)))
        graph = Graph(tuple(nodes), len(nodes) - 1)
        form, x = lower(graph), rng.standard_normal(8)
        y = x + rng.standard_normal(8) * 2.0 ** rng.choice([0, -10, -40])
        found = changes(graph, x, y, two_norms(graph))
        loose = changes(graph, x, y)
        exact = [form(tuple(Fraction(float(a)) for a in point)) for point in (x, y)]
        errors = [(Fraction(v) - a, Fraction(w) - (b - a)) for v, w, a, b in zip(found.v, found.w, *exact, strict=True)]
        assert sum(e * e for e, _ in errors) <= Fraction(found.size_r) ** 2
        assert sum(e * e for _, e in errors) <= Fraction(found.size_s) ** 2
        for (of_v, of_w), r, s in zip(errors, found.r, found.s, strict=True):
            assert abs(of_v) <= Fraction(r)
            assert abs(of_w) <= Fraction(s)
        assert (found.s <= loose.s * (1 + 1e-9)).all()
        tight.append(found.size_s / loose.size_s)
    assert np.median(tight) < 0.8


def test_a_norm_that_is_too_small_is_no_bound() -> None:
    # Integers beyond 2^53: the value is off by one, which a constant of zero would hide.
    big = Dense(np.array([[1.0, 1.0], [1.0, -1.0]]))
    graph = Graph((Node("x", Input(), (), (2,)), Node("a", big, (0,), (2,)), Node("b", big, (1,), (2,))), 2)
    x = np.array([2.0**53, 1.0])
    wanted = lower(graph)(tuple(Fraction(float(a)) for a in x))
    sound, planted = (changes(graph, x, x + 2, constants) for constants in (two_norms(graph), (None, None, 0.0)))
    missed = max(abs(Fraction(v) - a) for v, a in zip(sound.v, wanted, strict=True))
    assert 0 < missed <= Fraction(sound.size_r)
    assert planted.size_r < sound.size_r


def test_lengths_are_above() -> None:
    for bars in ([3e-200, 4e-200], [3e200, 4e200], [0.0, 0.0], [1.0] * 7):
        exact = sum(Fraction(b) ** 2 for b in bars)
        assert Fraction(length(np.array(bars))) ** 2 >= exact
    assert length(np.array([np.inf])) == np.inf


@pytest.mark.parametrize("flush", [False, True])
def test_weights_and_inputs_that_a_processor_takes_for_zero(flush: bool) -> None:
    # 1e-310 (1e300 x) - 1e-10 x is nearly 0: without its first term it moves, and would prove a slope.
    big, tiny = Diagonal(np.array(1e300)), Diagonal(np.array(1e-310))
    slopes = Piecewise(np.array(1e-310), np.array(1e-310))
    x, first = Node("x", Input(), (), (2,)), Node("big", big, (0,), (2,))
    dense = Dense(np.eye(2) * 1e-310)
    by_dense, by_diagonal, by_slopes = (Node("tiny", a, (1,), (2,)) for a in (dense, tiny, slopes))
    whole = Node("sum", Sum((1.0, -1e-10)), (2, 0), (2,))
    late = Node("sum", Sum((1e-310, -1e-10)), (1, 0), (2,))
    graphs = [Graph((x, first, middle, whole), 3) for middle in (by_dense, by_diagonal, by_slopes)]
    graphs += [Graph((x, first, late), 2), Graph((x, first), 1)]
    ends = (np.array([1.0, -2.0]), np.array([3.0, 5.0])), (np.array([3e-310, 0.0]), np.array([-2e-309, 1e-310]))
    torch.set_flush_denormal(flush)
    try:
        found = [(graph, x, y, changes(graph, x, y)) for graph in graphs for x, y in ends]
    finally:
        torch.set_flush_denormal(False)
    for graph, start, end, change in found:
        form = lower(graph)
        at, to = (form(tuple(Fraction(float(a)) for a in point)) for point in (start, end))
        for v, r, w, s, a, b in zip(change.v, change.r, change.w, change.s, at, to, strict=True):
            assert abs(Fraction(v) - a) <= Fraction(r)
            assert abs(Fraction(w) - (b - a)) <= Fraction(s)
