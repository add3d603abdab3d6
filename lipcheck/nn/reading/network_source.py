"""Networks of lipcheck as graphs, every rational number as it is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from lipcheck import layers
from lipcheck.graph import Dense, Gather, Graph, Input, Max, Node, Operation, Piecewise, Sort
from lipcheck.graph.smooth import smooth
from lipcheck.network import Network


def read_network(network: Network) -> Graph:
    """The graph, whose nodes are named by the places of the layers."""
    nodes = [Node("input", Input(), (), (network.inputs,))]
    for i, layer in enumerate(network.layers):
        width = nodes[-1].size
        operation = _operation(layer, width)
        nodes.append(Node(f"layers.{i}", operation, (i,), (layer.outputs(width),)))
    return Graph(tuple(nodes), len(nodes) - 1)


def _operation(layer: layers.Layer, width: int) -> Operation:
    match layer:
        case layers.Affine(weight=weight, bias=bias):
            return Dense(np.array(weight, object), np.array(bias, object))
        case layers.Abs():
            return Piecewise(np.array(-1.0), np.array(1.0))
        case layers.ReLU():
            return Piecewise(np.array(0.0), np.array(1.0))
        case layers.LeakyReLU(slope=slope):
            return Piecewise(np.array(Fraction(slope), object), np.array(1.0))
        case layers.Elementwise(name=name):
            return smooth(name)
        case layers.GroupSort(order=order) | layers.FullSort(order=order):
            return Sort(layer.group(width), order == "descending")
        case layers.Maxout(size=size):
            return Max(np.arange(width).reshape(-1, size))
        case layers.Select(indices=indices):
            return Gather(np.array(indices))
