"""Softmax and standardisation: constants against brute force, enclosures against 300-bit values, reading from torch."""

from __future__ import annotations

import math
from fractions import Fraction

import flint
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from lipcheck.audit import audit  # noqa: E402
from lipcheck.bounds.enclosure import changes  # noqa: E402
from lipcheck.bounds.group_norms import group_norm  # noqa: E402
from lipcheck.graph import Graph, Input, Node, Softmax, Standardize  # noqa: E402
from lipcheck.graph.evaluate import evaluate  # noqa: E402
from lipcheck.graph.grouped import balls  # noqa: E402
from lipcheck.graph.values import values  # noqa: E402

NORMS = (1, 2, math.inf)
OPERATIONS = [
    *(Softmax(n) for n in (1, 2, 3, 8)),
    *(Standardize(n, e, c) for n in (1, 2, 3, 8) for e in (1e-5, 0.25, Fraction(1, 3)) for c in (True, False)),
]


def steepest_jacobian(operation: Softmax | Standardize, p: float) -> float:
    """The largest norm of a Jacobian at points of many sizes, among them zero, ties and far apart logits."""
    random = torch.Generator().manual_seed(0)
    n = operation.size
    graph = Graph((Node("x", Input(), (), (n,)), Node("f", operation, (0,), (n,))), 1)
    points = [torch.zeros(n, dtype=torch.float64)]
    points += [torch.randn(n, generator=random, dtype=torch.float64) * 2.0**k for k in range(-12, 8) for _ in range(12)]
    pair = torch.full((n,), -200.0, dtype=torch.float64)
    pair[:2] = 0
    points.append(pair)
    found = 0.0
    for x in points:
        jacobian = torch.autograd.functional.jacobian(lambda t: values(graph, t[None])[0], x)
        found = max(found, float(torch.linalg.matrix_norm(jacobian, p)))
    return found


@pytest.mark.parametrize("p", NORMS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_constants_against_brute_force(operation: Softmax | Standardize, p: float) -> None:
    bound, steepest = group_norm(operation, p), steepest_jacobian(operation, p)
    assert bound.lower * (1 - 1e-9) <= steepest + 1e-15, "the lower end is attained"
    assert steepest <= bound.upper * (1 + 1e-12) + 1e-15
    if p == 2 or isinstance(operation, Softmax):
        assert bound.upper <= bound.lower * (1 + 1e-15), "a sharp constant"


@pytest.mark.parametrize("p", NORMS)
@pytest.mark.parametrize("operation", [op for op in OPERATIONS if op.size > 1], ids=str)
def test_a_constant_that_is_one_per_cent_smaller_is_refuted(operation: Softmax | Standardize, p: float) -> None:
    assert steepest_jacobian(operation, p) > 0.99 * group_norm(operation, p).lower > 0


def test_roots_are_rounded_outward() -> None:
    for epsilon in (1e-5, 3.0, 1e-12, 1e-300):
        bound = group_norm(Standardize(4, epsilon), 2)
        assert Fraction(bound.lower) ** 2 <= 1 / Fraction(epsilon) <= Fraction(bound.upper) ** 2
    assert Fraction(38491, 100000) ** 2 > Fraction(4, 27) > Fraction(3849, 10000) ** 2
    assert group_norm(Standardize(4, 0.0), 2).upper == math.inf


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_values_and_changes_are_enclosed(operation: Softmax | Standardize) -> None:
    rng = np.random.default_rng(1)
    n = operation.size
    graph = Graph((Node("x", Input(), (), (2 * n,)), Node("f", operation, (0,), (2 * n,))), 1)
    for scale in (1e-6, 1.0, 100.0):
        x, y = scale * rng.standard_normal((2, 2 * n))
        found = changes(graph, x, y)
        before = flint.ctx.prec
        flint.ctx.prec = 300
        try:
            at, to = (
                [b for k in (0, n) for b in balls(operation, [flint.arb(float(a)) for a in point[k : k + n]])]
                for point in (x, y)
            )
            for i in range(2 * n):
                assert abs(at[i] - float(found.v[i])) <= float(found.r[i])
                assert abs(to[i] - at[i] - float(found.w[i])) <= float(found.s[i])
                assert float(found.s[i]) < 1e-9
        finally:
            flint.ctx.prec = before
        assert evaluate(graph, x[None])[0] == pytest.approx([float(b.mid()) for b in at], abs=1e-9)


def test_layers_of_torch_are_read() -> None:
    torch.manual_seed(0)
    norm = nn.LayerNorm(6, eps=0.01)
    with torch.no_grad():
        norm.weight.copy_(torch.tensor([1.0, -3.0, 0.5, 1, 1, 2]))
        norm.bias.copy_(torch.arange(6.0))
    cases: list[tuple[nn.Module, tuple[int, ...], float]] = [
        (nn.Softmax(-1), (6,), 0.5),
        (nn.Softmax(1), (3, 4), 0.5),
        (norm, (6,), 30),
        (norm, (2, 6), 30),
        (nn.LayerNorm((2, 3), eps=0.25), (2, 3), 2),
        (nn.RMSNorm(6, eps=0.25), (6,), 2),
    ]
    for module, shape, constant in cases:
        found = audit(module, input_shape=shape, claim=constant * (1 + 1e-6), budget=2, state=False)
        assert found.verdict.outcome == "holds", (module, found.problem)
        assert found.upper is not None and float(found.upper.value) == pytest.approx(constant, rel=1e-6)
        assert found.lower is not None and found.lower.lower > 0
        assert audit(module, input_shape=shape, claim=constant / 5, budget=2, state=False).verdict.outcome != "holds"


def test_the_search_comes_close_to_the_constant_of_softmax() -> None:
    found = audit(nn.Softmax(-1), input_shape=(2,), claim=0.49, budget=2, state=False)
    assert found.verdict.outcome == "violated" and found.lower is not None and found.lower.lower <= Fraction(1, 2)


def test_layer_normalisation_without_epsilon_is_no_bound() -> None:
    found = audit(nn.LayerNorm(4, eps=0), input_shape=(4,), claim=10, budget=1, state=False)
    assert found.upper is None and found.problem is not None and "epsilon 0" in found.problem


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_root_mean_square_normalisation_takes_the_epsilon_of_the_format(dtype: torch.dtype) -> None:
    """At inputs whose squares are as small as it: by the format's own definition, and as the audit reads it."""
    epsilon = torch.finfo(dtype).eps
    x = torch.tensor([1.0, -2.0], dtype=dtype) * epsilon**0.5
    wanted = x.double() / (x.double().square().mean() + epsilon).sqrt()
    assert nn.functional.rms_norm(x, (2,)).double() == pytest.approx(wanted, rel=1e-5)
    found = audit(nn.RMSNorm(2, dtype=dtype), input_shape=(2,), budget=1, state=False)
    assert found.upper is not None and float(found.upper.value) == pytest.approx(epsilon**-0.5, rel=1e-6)
