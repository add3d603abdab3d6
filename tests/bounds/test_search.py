"""The search finds planted violations and proves them; known constants are met and never passed."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import nn

from lipcheck.audit.rounding import rounding_scale
from lipcheck.bounds import directions
from lipcheck.bounds.domain import DomainError, domain_of, rows_of
from lipcheck.bounds.measured import MeasureError, search_module
from lipcheck.bounds.search import search
from lipcheck.graph import (
    Constant,
    Convolution,
    Dense,
    Diagonal,
    Graph,
    GraphError,
    Input,
    Node,
    Operation,
    Piecewise,
    Smooth,
    Sort,
    Sum,
    Unknown,
)
from lipcheck.graph.smooth import smooth
from lipcheck.graph.values import evaluator
from lipcheck.nn.reading import read_module
from lipcheck.norms import verified_spectral_norm

RELU = Piecewise(np.array(0.0), np.array(1.0))


def chain(inputs: tuple[int, ...], *operations: tuple[Operation, tuple[int, ...]]) -> Graph:
    nodes = [Node("x", Input(), (), inputs)]
    nodes += [Node(f"layer {i}", op, (i,), shape) for i, (op, shape) in enumerate(operations)]
    return Graph(tuple(nodes), len(operations))


def orthogonal(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.linalg.qr(rng.standard_normal((n, n)))[0]


def maxmin(weights: list[np.ndarray], rng: np.random.Generator) -> Graph:
    operations: list[tuple[Operation, tuple[int, ...]]] = []
    for w in weights:
        bias = (0.3 * rng.standard_normal(len(w))).astype(w.dtype)
        operations += [(Dense(w, bias), (len(w),)), (Sort(2, True), (len(w),))]
    return chain((weights[0].shape[1],), *operations[:-1])


@pytest.mark.parametrize("outputs", [16, 3])
def test_one_float64_layer_of_five_times_one_plus_a_millionth(outputs: int) -> None:
    rng = np.random.default_rng(0)
    weights = [orthogonal(rng, 16) for _ in range(5)]
    weights[-1] = weights[-1][:outputs]
    assert search(maxmin(weights, np.random.default_rng(1)), 2, rounds=2).lower < 1 + Fraction(1, 10**12)
    weights[2] = weights[2] * (1 + 1e-6)
    found = search(maxmin(weights, np.random.default_rng(1)), 2, rounds=4)
    assert 1 + 0.99e-6 < found.lower < 1 + 1.01e-6


def test_ten_rounding_scales_in_float32() -> None:
    rng = np.random.default_rng(2)
    weights = [orthogonal(rng, 64).astype(np.float32) for _ in range(5)]
    healthy = maxmin(weights, np.random.default_rng(1))
    scale = rounding_scale(healthy, 2)
    assert search(healthy, 2, rounds=3).lower <= 1 + scale
    weights[3] = (weights[3] * (1 + 10 * float(scale))).astype(np.float32)
    assert search(maxmin(weights, np.random.default_rng(1)), 2, rounds=3).lower > 1 + 5 * scale


def test_a_scale_lost_in_a_container() -> None:
    rng = np.random.default_rng(3)
    assert search(maxmin([orthogonal(rng, 8), orthogonal(rng, 8)], rng), 2, rounds=2).lower > Fraction(99, 100)


def test_power_iteration_with_too_few_steps() -> None:
    rng = np.random.default_rng(4)
    raw = rng.standard_normal((32, 32))
    u = rng.standard_normal(32)
    for _ in range(2):
        v = raw.T @ u / np.linalg.norm(raw.T @ u)
        u = raw @ v / np.linalg.norm(raw @ v)
    weight = raw / (u @ raw @ v)
    truth = verified_spectral_norm(weight)
    assert truth[0] > 1.01
    found = search(maxmin([orthogonal(rng, 32), weight, orthogonal(rng, 32)], rng), 2, rounds=4)
    assert truth[1] >= found.lower > Fraction(truth[0]) * (1 - Fraction(1, 10**9))


def test_reflect_padding_of_an_orthogonal_convolution() -> None:
    # A patch of two permuted channels, orthogonal with circular padding: shifts by one pixel.
    weight = np.zeros((2, 2, 3))
    weight[0, 1, 0] = weight[1, 0, 2] = 1.0
    graphs = [
        chain((2, 8), (Convolution(weight, None, (1,), ((1, 1),), (1,), 1, mode), (2, 8)), (Sort(2, True), (2, 8)))  # type: ignore[arg-type]
        for mode in ("circular", "reflect")
    ]
    assert Fraction(999, 1000) < search(graphs[0], 2, rounds=2).lower <= 1
    assert search(graphs[1], 2, rounds=2).lower > Fraction(1414, 1000)


@pytest.mark.parametrize("p", [1, 2, math.inf])
def test_the_steepest_region_is_found(p: float) -> None:
    rng = np.random.default_rng(5)
    for outputs in (1, 3):
        weights = [rng.standard_normal((b, a)) for a, b in ((2, 8), (8, 8), (8, outputs))]
        graph = maxmin(weights, rng)
        found = search(graph, p, seed=1, rounds=12)
        run = evaluator(graph)
        points = torch.from_numpy(rng.standard_normal((40000, 2)) * rng.choice([0.3, 1, 3, 30], (40000, 1)))
        columns = [
            torch.func.jvp(run, (points,), (torch.eye(2)[j].double().repeat(len(points), 1),))[1] for j in (0, 1)
        ]
        jacobians = np.stack([c.numpy() for c in columns], 2)
        truth = np.linalg.norm(jacobians, p, axis=(1, 2)).max()
        assert float(found.lower) >= truth * (1 - 1e-7)
        layers = [np.linalg.norm(w, p) for w in weights]
        assert float(found.lower) <= math.prod(layers) * (1 + 1e-9)


def test_smooth_activations_and_skip_connections() -> None:
    rng = np.random.default_rng(6)
    w = orthogonal(rng, 6)
    nodes = (
        Node("x", Input(), (), (6,)),
        Node("fc", Dense(w, 3 * rng.standard_normal(6)), (0,), (6,)),
        Node("tanh", smooth("tanh"), (1,), (6,)),
        Node("back", Dense(w.T.copy()), (2,), (6,)),
        Node("skip", Sum((1, 1)), (0, 3), (6,)),
    )
    found = search(Graph(nodes, 4), 2, rounds=40)
    assert 2 >= found.lower > Fraction(19999, 10000)


def test_a_box_keeps_both_inputs_and_its_steepest_place() -> None:
    # Slope 3 beyond 1, slope 1 in the box; the second coordinate is fixed.
    graph = chain((2,), (Dense(np.array([[1.0, 0], [2, 0]]), np.array([0.0, -2])), (2,)), (RELU, (2,)))
    summed = Graph((*graph.nodes, Node("sum", Dense(np.array([[1.0, 1]])), (2,), (1,))), 3)
    found = search(summed, 2, box=([0, 5], [1, 5]), rounds=3)
    assert found.lower == pytest.approx(1, rel=1e-9)
    assert all(0 <= point[0] <= 1 and point[1] == 5 for point in (found.x, found.y))
    assert search(summed, 2, rounds=6).lower == pytest.approx(3, rel=1e-9)
    assert search(summed, 2, data=np.array([[2.0, 0], [3, 0]]), rounds=1).lower == pytest.approx(3, rel=1e-9)


def test_starts_are_in_the_first_generation() -> None:
    # Slope one, and two on a strip of width 2^-20 around 1000.
    layer = Dense(np.array([[1.0], [1], [1]]), np.array([0.0, -1000, -1000 - 2.0**-20]))
    graph = chain((1,), (layer, (3,)), (RELU, (3,)), (Dense(np.array([[1.0, 1, -1]])), (1,)))
    assert search(graph, 2, rounds=2).lower == pytest.approx(1, rel=1e-9)
    assert search(graph, 2, rounds=2, starts=[[1000 + 2.0**-21]]).lower == pytest.approx(2, rel=1e-9)


def test_degenerate_networks() -> None:
    still = Graph((Node("x", Input(), (), (2,)), Node("c", Constant(np.ones(3)), (), (3,))), 1)
    assert search(still, 2, rounds=1).lower == 0
    dead = chain((1,), (Dense(np.array([[0.0]])), (1,)), (RELU, (1,)))
    assert search(dead, 1, rounds=1).lower == 0
    one = chain((1,), (Dense(np.array([[-0.75]])), (1,)))
    assert search(one, math.inf, rounds=1).lower == pytest.approx(0.75, rel=1e-12)
    for size in (1e-150, 1e100):
        graph = chain((2,), (Dense(np.array([[size, size]])), (1,)), (RELU, (1,)))
        assert float(search(graph, 2, rounds=2).lower) == pytest.approx(size * math.sqrt(2), rel=1e-9)


def test_zero_inputs_and_ties_raise_no_alarm() -> None:
    rng = np.random.default_rng(7)
    weights = [orthogonal(rng, 16) for _ in range(4)]
    graph = chain((16,), *[op for w in weights for op in ((Dense(w), (16,)), (Sort(4, False), (16,)))])
    zeros = search(graph, 2, data=np.zeros((3, 16)), rounds=3)
    assert zeros.lower <= max(1, math.prod(Fraction(verified_spectral_norm(w)[1]) for w in weights))


def test_seeds_decide_and_deadlines_stop() -> None:
    rng = np.random.default_rng(8)
    graph = maxmin([rng.standard_normal((16, 4)), rng.standard_normal((1, 16))], rng)
    assert search(graph, 2, seed=3, rounds=3) == search(graph, 2, seed=3, rounds=3)
    lines: list[str] = []
    late = search(graph, 2, rounds=10**6, deadline=time.monotonic(), progress=lines.append)
    assert late.lower > 0
    assert len(lines) == 1


def test_refusals() -> None:
    with pytest.raises(GraphError, match="softmax"):
        search(Graph((Node("x", Input(), (), (1,)), Node("softmax", Unknown("softmax", ""), (0,), (1,))), 1), 2)
    with pytest.raises(DomainError, match="single point"):
        domain_of(2, (1, 1), None)
    with pytest.raises(DomainError, match="is empty"):
        domain_of(2, (1, [2, 0]), None)
    with pytest.raises(DomainError, match="3 numbers each"):
        rows_of(np.zeros((2, 3)), 2)
    with pytest.raises(DomainError, match="no example"):
        rows_of(np.zeros((0, 3)), 3)
    with pytest.raises(DomainError, match="Example 1 holds nan at 2"):
        rows_of(np.array([[0, 0, 0], [0, 0, math.nan]]), 3)
    odd = Smooth("unheard", Fraction(0), Fraction(1))
    with pytest.raises(GraphError, match="unheard"):
        evaluator(chain((1,), (odd, (1,)), (Diagonal(np.ones(1)), (1,))))


class Opaque(torch.nn.Module):
    """A layer of constant 3 that leaves the graph, or casts as it likes."""

    def __init__(self, detach: bool, cast: bool) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.diag(torch.tensor([3.0, 1, -2])))
        self.detach, self.cast = detach, cast

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.cast:
            x = x.float()
        y = x.flatten(1) @ self.weight
        y = torch.where(y > 100, y, y)
        return y.detach() if self.detach else y


@pytest.mark.parametrize("p", [1, 2, math.inf])
@pytest.mark.parametrize("detach", [False, True])
@pytest.mark.parametrize("cast", [False, True])
def test_modules_are_measured(p: float, detach: bool, cast: bool) -> None:
    found = search_module(Opaque(detach, cast), (3, 1), p, rounds=2)
    assert found.ratio == pytest.approx(3, rel=1e-3 if cast else 1e-9)
    assert found.dtype == ("float32" if cast else "float64")
    assert "not proved" in found.caveat


def test_modules_that_cannot_be_measured() -> None:
    class Noisy(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + torch.randn_like(x)

    with pytest.raises(MeasureError, match="two outputs for one input"):
        search_module(Noisy(), (2,), 2)
    with pytest.raises(MeasureError, match="does not run"):
        search_module(torch.nn.Linear(3, 1), (2,), 2)


@pytest.mark.parametrize("piecewise", [True, False])
def test_both_maps_of_the_linearised_field_are_the_derivatives(piecewise: bool) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(5, 6), nn.ReLU() if piecewise else nn.Tanh(), nn.Linear(6, 3)).double()
    field = directions.field_of(read_module(net, (5,)))
    x, d, u = (torch.randn(4, n, dtype=torch.float64) for n in (5, 5, 3))
    push, pull = field.maps(x)
    for _ in range(2):
        assert torch.allclose(push(d), field.push(x, d), rtol=1e-13) and torch.allclose(pull(u), field.pull(x, u))
    constant = directions.linearised(lambda x: torch.ones(len(x), 2, dtype=x.dtype))(x)
    assert not constant[0](d).any() and not constant[1](torch.ones(4, 2)).any()


@pytest.mark.parametrize("outputs", [7, 2])
def test_lanczos_finds_the_leading_directions_of_every_row(monkeypatch: pytest.MonkeyPatch, outputs: int) -> None:
    """With J in no more than a few passes left, and rows whose leading value is double, or that are zero."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(9, 12), nn.ReLU(), nn.Linear(12, outputs)).double()
    field = directions.field_of(read_module(net, (9,)))
    x, free = torch.randn(6, 9, dtype=torch.float64), torch.ones(9, dtype=torch.bool)
    free[2] = False
    wanted = torch.stack([torch.linalg.svdvals(directions.jacobian_at(field, p)[:, free])[0] for p in x])
    monkeypatch.setattr(directions, "_WHOLE", 1)
    found = directions.finest(field, x, 2, free, torch.where(free, torch.randn(6, 9, dtype=torch.float64), 0.0))
    slopes = torch.stack([(directions.jacobian_at(field, p) @ d).norm() for p, d in zip(x, found, strict=True)])
    assert torch.allclose(found.norm(dim=1), torch.ones(6, dtype=torch.float64)) and not found[:, 2].any()
    assert torch.allclose(slopes, wanted, rtol=1e-9)
