"""The constants of single operations, where their arguments are unusual."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.bounds.nodes import node_norm
from lipcheck.graph import Convolution, Graph, Input, Max, Node
from lipcheck.graph.matrices import matrix_of


@pytest.mark.parametrize("p", [1, 2, math.inf])
def test_an_entry_counts_once_per_window(p: float) -> None:
    node = Node("max", Max(np.array([[0, 0, 1], [1, 1, -1], [0, 0, 0]])), (0,), (3,))
    # Entry 0 is in two windows, and so is entry 1.
    bound = node_norm(node, (2,), p)
    truth = {1: 2.0, 2: math.sqrt(2), math.inf: 1.0}[p]
    assert bound.lower <= truth * (1 + 1e-15) and truth <= bound.upper <= truth * (1 + 1e-15)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("padding", [(-1, 0), (2, -1), (-1, -2), (0, -1), (-6, 9)])
def test_negative_padding_cuts(padding: tuple[int, int], transposed: bool) -> None:
    weight = np.random.default_rng(0).integers(-3, 4, (2, 2, 2)) / 2
    wide, small = (2, 6), (2, (6 + sum(padding) - 2) // 2 + 1)
    shapes = (small, wide) if transposed else (wide, small)
    operation = Convolution(weight, None, (2,), (padding,), (1,), transposed=transposed)
    node = Node("conv", operation, (0,), shapes[1])
    Graph((Node("x", Input(), (), shapes[0]), node), 1)
    sparse = matrix_of(node, shapes[0])
    dense = np.zeros(sparse.shape)
    np.add.at(dense, (sparse.rows, sparse.columns), sparse.values)
    for p, truth in ((1, np.abs(dense).sum(0).max()), (math.inf, np.abs(dense).sum(1).max())):
        bound = node_norm(node, shapes[0], p)
        assert Fraction(bound.lower) <= Fraction(truth) <= Fraction(bound.upper)
        assert bound.upper == truth
    norm, bound = float(np.linalg.norm(dense, 2)), node_norm(node, shapes[0], 2)
    assert bound.lower <= norm * (1 + 1e-12) and norm * (1 - 1e-12) <= bound.upper
