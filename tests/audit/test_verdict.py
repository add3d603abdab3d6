"""Verdicts at, just below and just above the claim, and what rounding can add."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.audit.rounding import ROUNDINGS, rounding_scale
from lipcheck.audit.verdict import judge
from lipcheck.graph import Convolution, Dense, Diagonal, Graph, Input, Node, Piecewise

ONE, TINY = Fraction(1), Fraction(1, 10**30)


def test_a_verdict_is_never_softened() -> None:
    scale = Fraction(1, 10**6)
    assert judge(ONE, ONE, ONE, scale, False).outcome == "holds"
    assert judge(ONE, ONE + TINY, ONE, scale, False).outcome == "unknown"
    violated = judge(ONE + TINY, None, ONE, scale, False)
    assert (violated.outcome, violated.excess, violated.rounding) == ("violated", TINY, True)
    assert not judge(ONE + 2 * scale, None, ONE, scale, False).rounding


def test_rounding_only_where_it_is_asked_for() -> None:
    scale = Fraction(1, 10**6)
    assert judge(ONE, 1 + scale, ONE, scale, True).outcome == "holds"
    assert judge(ONE + TINY, None, ONE, scale, True).outcome == "unknown"
    assert judge(ONE + scale + TINY, None, ONE, scale, True).outcome == "violated"


def test_no_claim_and_the_claim_zero() -> None:
    assert judge(ONE, ONE, None, ONE, False).outcome is None
    zero = judge(Fraction(0), Fraction(0), Fraction(0), ONE, False)
    assert (zero.outcome, zero.excess) == ("holds", None)
    assert judge(TINY, None, Fraction(0), ONE, False).outcome == "violated"


def layers(dtype: str) -> Graph:
    image = np.zeros((4, 2, 3, 3), dtype)
    nodes = (
        Node("x", Input(), (), (2, 3, 3)),
        Node("conv", Convolution(image, None, (1, 1), ((1, 1), (0, 2)), (1, 1), 1, "reflect"), (0,), (4, 3, 3)),
        Node("bn", Diagonal(np.ones((4, 1, 1), dtype)), (1,), (4, 3, 3)),
        Node("relu", Piecewise(np.array(0), np.array(1)), (2,), (4, 3, 3)),
        Node("fc", Dense(np.zeros((16, 3), dtype)), (3,), (4, 3, 16)),
    )
    return Graph(nodes, 4)


@pytest.mark.parametrize(("dtype", "unit"), [("float32", Fraction(1, 2**24)), ("float64", Fraction(1, 2**53))])
def test_scale_by_layers(dtype: str, unit: Fraction) -> None:
    unit = ROUNDINGS * unit
    assert rounding_scale(layers(dtype), 1) == (1 + unit) ** 3 - 1
    assert rounding_scale(layers(dtype), math.inf) == (1 + unit) ** 3 - 1
    wanted = (1 + unit * math.sqrt(9 * 9 * 2)) * (1 + unit) * (1 + unit * math.sqrt(3)) - 1
    assert float(rounding_scale(layers(dtype), 2)) == pytest.approx(float(wanted), rel=1e-9)
    assert rounding_scale(layers(dtype), 1, "bfloat16") == (1 + ROUNDINGS * Fraction(1, 256)) ** 3 - 1


def test_exact_weights_add_nothing() -> None:
    exact = np.array([[Fraction(1, 3)]], dtype=object)
    graph = Graph((Node("x", Input(), (), (1,)), Node("fc", Dense(exact), (0,), (1,))), 1)
    assert rounding_scale(graph, 2) == 0


def test_the_scale_bounds_what_rounding_does() -> None:
    rng = np.random.default_rng(0)
    for m, n in ((3, 3), (40, 7), (7, 40)):
        weight = rng.standard_normal((m, n))
        graph = Graph((Node("x", Input(), (), (n,)), Node("fc", Dense(weight.astype(np.float32)), (0,), (m,))), 1)
        moved = np.linalg.norm(weight.astype(np.float32).astype(float) - weight, 2) / np.linalg.norm(weight, 2)
        assert ROUNDINGS * moved <= rounding_scale(graph, 2)
    hadamard = np.array([[1.0]])
    for _ in range(4):
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    assert np.linalg.norm(np.abs(hadamard), 2) == pytest.approx(math.sqrt(16) * np.linalg.norm(hadamard, 2))


def test_the_scale_covers_weights_that_are_computed() -> None:
    torch = pytest.importorskip("torch")
    for size in (8, 24, 256):
        torch.manual_seed(size)
        made = {
            "householder": torch.nn.init.orthogonal_(torch.empty(size, size)),
            "polar": (lambda u, _, v: u @ v)(*torch.linalg.svd(torch.randn(size, size))),
        }
        for name, weight in made.items():
            excess = float(torch.linalg.matrix_norm(weight.double(), 2)) - 1
            graph = Graph((Node("x", Input(), (), (size,)), Node("fc", Dense(weight.numpy()), (0,), (size,))), 1)
            assert excess <= rounding_scale(graph, 2), name
