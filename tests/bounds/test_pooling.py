"""Pooling and transposed convolutions as the audit reads them from torch, beside their matrices."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from lipcheck.bounds.layer_bound import LayerBound  # noqa: E402
from lipcheck.bounds.nodes import node_norm  # noqa: E402
from lipcheck.bounds.pooling import average_two_norm  # noqa: E402
from lipcheck.graph import AveragePool, Node  # noqa: E402
from lipcheck.nn.reading import read_module  # noqa: E402

INF = math.inf


def bound_of(layer: Any, shape: tuple[int, ...], p: float) -> LayerBound:
    """The constant of a network that is one node."""
    graph = read_module(layer.double(), shape)
    assert len(graph.nodes) == 2
    return node_norm(graph.nodes[1], shape, p)


def matrix_of(layer: Any, shape: tuple[int, ...]) -> Any:
    eye = torch.eye(math.prod(shape), dtype=torch.float64).reshape(-1, *shape)
    with torch.no_grad():
        return layer.double()(eye).reshape(len(eye), -1).T.numpy()


AVERAGES = [
    torch.nn.AvgPool2d(kernel, stride, padding, ceil, include, divisor)
    for kernel, stride, padding, ceil, include, divisor in itertools.product(
        (1, 2, 3), (1, 2), (0, 1), (False, True), (False, True), (None, 7)
    )
    if padding <= kernel // 2
]
MORE = [torch.nn.AdaptiveAvgPool2d((2, 3)), torch.nn.AdaptiveAvgPool2d(1), torch.nn.AvgPool2d((1, 3), 1)]


@pytest.mark.parametrize("layer", AVERAGES + MORE, ids=repr)
def test_average_pooling(layer: Any) -> None:
    shape = (2, 5, 6)
    matrix = matrix_of(layer, shape)
    for p in (1, 2, INF):
        truth, bound = float(np.linalg.norm(matrix, p)), bound_of(layer, shape, p)
        assert bound.lower <= truth * (1 + 1e-13) and truth * (1 - 1e-13) <= bound.upper
        assert bound.upper <= bound.lower * (1 + 1e-9)


@pytest.mark.parametrize("layer", [torch.nn.AvgPool1d(3, 1, 1, count_include_pad=False), torch.nn.AvgPool1d(4, 2)])
def test_average_pooling_of_lines(layer: Any) -> None:
    truth, bound = float(np.linalg.norm(matrix_of(layer, (3, 9)), 2)), bound_of(layer, (3, 9), 2)
    assert bound.lower <= truth * (1 + 1e-13) <= bound.upper * (1 + 2e-13) and bound.upper <= bound.lower * (1 + 1e-9)


def test_disjoint_means_are_exact() -> None:
    for kernel in (2, 4, 8):
        assert bound_of(torch.nn.AvgPool2d(kernel), (3, 8, 8), 2).upper == 1 / kernel


def test_large_images_take_no_dense_matrix() -> None:
    bound = bound_of(torch.nn.AvgPool2d(3, 2, 1, count_include_pad=False), (4, 112, 112), 2)
    assert bound.method == "product of the norms along the axes" and bound.upper <= bound.lower * (1 + 1e-9)


def test_windows_that_are_no_product_are_refused_and_still_bounded() -> None:
    """One entry of a 2 x 2 window is another one: no Kronecker product, though all sums but two are the same."""
    windows = np.array([[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]])
    divisors = np.full(4, 4)
    assert average_two_norm(windows, divisors, (1, 3, 3), (1, 2, 2)) is not None
    for changed in ([0, 1, 3, 8], [0, 1, 3, -1]):
        other = windows.copy()
        other[0] = changed
        assert average_two_norm(other, divisors, (1, 3, 3), (1, 2, 2)) is None
        matrix = np.zeros((4, 9))
        for row, window in zip(matrix, other, strict=True):
            row[window[window >= 0]] = 0.25
        node = Node("mean", AveragePool(other, divisors), (0,), (1, 2, 2))
        assert node_norm(node, (1, 3, 3), 2).upper >= np.linalg.norm(matrix, 2) * (1 - 1e-13)
    assert average_two_norm(windows, np.array([4, 4, 4, 5]), (1, 3, 3), (1, 2, 2)) is None


def test_negative_divisors_flip_outputs_only() -> None:
    windows = np.array([[0, 1], [1, 2]])
    for p in (1, 2, INF):
        found = [
            node_norm(Node("mean", AveragePool(windows, np.array(d)), (0,), (1, 2)), (1, 3), p)
            for d in ([2, 2], [-2, 2], [-2, -2])
        ]
        assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "dilation"), [(2, 2, 0, 1), (3, 1, 1, 1), (3, 2, 1, 1), (2, 1, 1, 2)]
)
@pytest.mark.parametrize("ceil", [False, True])
def test_max_pooling_attains_its_constant(kernel: int, stride: int, padding: int, dilation: int, ceil: bool) -> None:
    layer = torch.nn.MaxPool2d(kernel, stride, padding, dilation, ceil_mode=ceil)
    raised = torch.eye(42, dtype=torch.float64).reshape(-1, 1, 6, 7) * 5
    change = (layer(raised) - layer(torch.zeros(1, 1, 6, 7, dtype=torch.float64))).reshape(42, -1)
    for p in (1, 2, INF):
        bound = bound_of(layer, (1, 6, 7), p)
        attained = float(torch.linalg.vector_norm(change, p, dim=1).max()) / 5
        assert bound.lower <= bound.upper and bound.upper == pytest.approx(attained, rel=1e-14)


@pytest.mark.parametrize("p", [1, 2, INF])
def test_transposed_convolutions(p: float) -> None:
    layer = torch.nn.ConvTranspose2d(4, 6, (3, 2), 2, 1, 1, 2, False, dtype=torch.float64)
    layer.weight.data = torch.from_numpy(np.random.default_rng(2).standard_normal((4, 3, 3, 2)))
    truth, bound = float(np.linalg.norm(matrix_of(layer, (4, 4, 5)), p)), bound_of(layer, (4, 4, 5), p)
    assert bound.lower <= truth * (1 + 1e-12) and truth <= bound.upper * (1 + 1e-12)
    assert bound.upper <= bound.lower * (1 + 1e-9)


@pytest.mark.parametrize("p", [1, 2, INF])
def test_shuffles_of_channels_have_constant_one(p: float) -> None:
    assert F(bound_of(torch.nn.ChannelShuffle(2), (4, 3, 3), p).upper) == 1
