"""The product bound: chains, skip connections, joins, and what is not understood."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.bounds.product import product_bound, side_by_side
from lipcheck.graph import Constant, Dense, Gather, Graph, Input, Join, Node, Sort, Sum, Unknown
from lipcheck.graph.operations import Shape


def doubling(node: Node, image: Shape) -> LayerBound:
    """Layers of constant two."""
    return LayerBound(2.0, 2.0, f"planted for {node.name} at {image}")


def residual(*behind: Node) -> Graph:
    nodes = (
        Node("x", Input(), (), (2,)),
        Node("fc", Dense(np.eye(2)), (0,), (2,)),
        Node("sort", Sort(2, True), (1,), (2,)),
        Node("sum", Sum((1, Fraction(-1, 2))), (0, 2), (2,)),
        *behind,
    )
    return Graph(nodes, len(nodes) - 1)


def test_a_skip_connection_adds() -> None:
    found = product_bound(residual(), 2, doubling)
    assert [bound.upper for bound in found] == [1, 2, 4, 3]
    assert found[1].own == LayerBound(2.0, 2.0, "planted for fc at (2,)")
    assert found[3].own is None


@pytest.mark.parametrize(("p", "wanted"), [(1, 8), (2, 5), (math.inf, 4)])
def test_side_by_side_in_the_norm_itself(p: float, wanted: int) -> None:
    assert side_by_side([Fraction(3), Fraction(4), Fraction(0), Fraction(1 if p == 1 else 0)], p) == wanted


def test_the_root_is_above_the_truth() -> None:
    bound = side_by_side([Fraction(1), Fraction(1)], 2)
    assert 2 < bound**2 < 2 + Fraction(1, 2**70)


def test_constants_do_not_move_and_unknown_stays_unknown() -> None:
    still = residual(Node("c", Constant(np.zeros(2)), (), (2,)), Node("join", Join(), (3, 4), (4,)))
    assert product_bound(still, 2, doubling)[-1].upper == 3
    odd = residual(
        Node("softmax", Unknown("softmax", "has no bound here"), (3,), (2,)),
        Node("join", Join(), (3, 4), (4,)),
        Node("first", Gather(np.array([0])), (5,), (1,)),
    )
    assert [bound.upper for bound in product_bound(odd, 2, doubling)[-3:]] == [None, None, None]


def test_an_infinite_layer_is_unknown_unless_nothing_moves() -> None:
    def infinite(node: Node, image: Shape) -> LayerBound:
        return LayerBound(0.0, math.inf, "out of range")

    assert product_bound(residual(), 1, infinite)[1].upper is None
    constant = Graph(
        (
            Node("x", Input(), (), (1,)),
            Node("c", Constant(np.zeros(2)), (), (2,)),
            Node("fc", Dense(np.eye(2)), (1,), (2,)),
        ),
        2,
    )
    assert product_bound(constant, 1, infinite)[-1].upper == 0
