"""Graphs refuse what does not fit, and the matrix of each linear operation is what torch computes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from lipcheck.graph import AveragePool, Convolution, Dense, Diagonal, Gather, Graph, GraphError, Input, Node
from lipcheck.graph.matrices import Sparse, matrix_of

torch = pytest.importorskip("torch")


def applied(sparse: Sparse, x: np.ndarray) -> np.ndarray:
    y = np.zeros(sparse.shape[0])
    np.add.at(y, sparse.rows, sparse.values * x.ravel()[sparse.columns])
    y = y if sparse.divisors is None else y / sparse.divisors
    return y if sparse.shift is None else y + sparse.shift


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize(("axes", "transposed"), [(1, False), (2, False), (1, True), (2, True)])
def test_convolution_is_torch(mode: str, axes: int, transposed: bool) -> None:
    if transposed and mode != "zeros":
        pytest.skip("torch has transposed convolutions with zeros only")
    rng = np.random.default_rng(0)
    for stride, dilation, groups, pad in product((1, 2), (1, 2), (1, 2), (0, 1, 2)):
        image = (4, *(7, 6)[:axes])
        kernel = (3, 2)[:axes]
        kind = {(1, False): "Conv1d", (2, False): "Conv2d", (1, True): "ConvTranspose1d", (2, True): "ConvTranspose2d"}
        make = getattr(torch.nn, kind[axes, transposed])
        layer = make(4, 6, kernel, stride, pad, dilation=dilation, groups=groups, padding_mode=mode).double()
        x = rng.standard_normal(image)
        wanted = layer(torch.from_numpy(x)[None])[0].detach().numpy()
        operation = Convolution(
            layer.weight.detach().numpy(),
            layer.bias.detach().numpy(),
            (stride,) * axes,
            ((pad, pad),) * axes,
            (dilation,) * axes,
            groups,
            mode,
            transposed,
        )
        graph = Graph((Node("x", Input(), (), image), Node("conv", operation, (0,), wanted.shape)), 1)
        assert np.abs(applied(matrix_of(graph.nodes[1], image), x) - wanted.ravel()).max() < 1e-12


def test_other_linear_operations() -> None:
    x = np.arange(6.0).reshape(2, 3)
    weight = np.array([[1.0, 2, 3], [0, 1, 0]])
    nodes = [
        (Dense(weight, np.array([1.0, -1])), (2, 2), x @ weight.T + [1, -1]),
        (Gather(np.array([5, -1, 0, 0])), (4,), np.array([5.0, 0, 0, 0])),
        (Diagonal(np.array([1.0, 2, 3]), np.array([[1.0], [2]])), (2, 3), x * [1, 2, 3] + [[1], [2]]),
        (AveragePool(np.array([[0, 1, -1], [3, 4, 5]]), np.array([2, 3])), (2,), np.array([0.5, 4])),
    ]
    for operation, shape, wanted in nodes:
        node = Node("layer", operation, (0,), shape)
        Graph((Node("x", Input(), (), (2, 3)), node), 1)
        assert applied(matrix_of(node, (2, 3)), x).tolist() == wanted.ravel().tolist()


def test_refusals() -> None:
    source = Node("x", Input(), (), (3,))
    with pytest.raises(GraphError, match="no input"):
        Graph((), 0)
    with pytest.raises(GraphError, match="earlier"):
        Graph((source, Node("a", Gather(np.array([0])), (1,), (1,))), 1)
    with pytest.raises(GraphError, match=r"fc: the weight at \[0, 1\] is nan"):
        Graph((source, Node("fc", Dense(np.array([[0, np.nan, 0]])), (0,), (1,))), 1)
    with pytest.raises(GraphError, match=r"weight of shape \(1, 2\)"):
        Graph((source, Node("fc", Dense(np.zeros((1, 2))), (0,), (1,))), 1)
    with pytest.raises(GraphError, match="gathers"):
        Graph((source, Node("a", Gather(np.array([3])), (0,), (1,))), 1)
    with pytest.raises(GraphError, match="no matrix"):
        matrix_of(source, (3,))
