"""Anyone's network as data: a graph of operations on the arrays of one example."""

from lipcheck.graph.graph import Graph, GraphError, Node
from lipcheck.graph.operations import (
    AveragePool,
    Clamp,
    Constant,
    Convolution,
    Dense,
    Diagonal,
    Gather,
    Input,
    Join,
    Max,
    Operation,
    Piecewise,
    Smooth,
    Sort,
    Sum,
    Unknown,
)

__all__ = [
    "AveragePool",
    "Clamp",
    "Constant",
    "Convolution",
    "Dense",
    "Diagonal",
    "Gather",
    "Graph",
    "GraphError",
    "Input",
    "Join",
    "Max",
    "Node",
    "Operation",
    "Piecewise",
    "Smooth",
    "Sort",
    "Sum",
    "Unknown",
]
