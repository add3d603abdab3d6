"""A graph: nodes in an order in which each needs only earlier ones, checked shape by shape and number by number."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

from lipcheck.exact import shown
from lipcheck.graph.operations import (
    AveragePool,
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
    Shape,
    Softmax,
    Sort,
    Standardize,
    Sum,
    Unknown,
)
from lipcheck.words.errors import LipcheckError


class GraphError(LipcheckError, ValueError):
    """A graph whose parts do not fit, or numbers in it that are none."""


@dataclass(frozen=True)
class Node:
    """One operation: the name that its user knows it by, the nodes it reads, the shape of what it gives."""

    name: str
    operation: Operation
    inputs: tuple[int, ...]
    shape: Shape

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Graph:
    """x -> nodes[output]; node 0 is the input and the only one of its kind. Raises GraphError for what does not fit."""

    nodes: tuple[Node, ...]
    output: int

    def __post_init__(self) -> None:
        """Refuse what is no graph."""
        if not self.nodes or not isinstance(self.nodes[0].operation, Input):
            raise GraphError("The graph has no input: its first node must be the input.")
        if not 0 <= self.output < len(self.nodes):
            raise GraphError(f"The output is node {self.output} of {len(self.nodes)}: name one that exists.")
        for i, node in enumerate(self.nodes):
            if any(not 0 <= j < i for j in node.inputs):
                raise GraphError(f"Node {i} ({node.name}) reads {node.inputs}: it may read earlier nodes only.")
            if i and isinstance(node.operation, Input):
                raise GraphError(f"Node {i} ({node.name}) is a second input: a network has one.")
            _check_numbers(node)
            problem = _misfit(node, [self.nodes[j].shape for j in node.inputs])
            if problem:
                raise GraphError(f"Node {i} ({node.name}) of shape {node.shape} {problem}.")

    @property
    def inputs(self) -> int:
        """The number of elements of one example."""
        return self.nodes[0].size

    @property
    def outputs(self) -> int:
        """The number of elements of one output."""
        return self.nodes[self.output].size

    @property
    def unknown(self) -> tuple[Node, ...]:
        """The nodes on the way to the output that are not understood."""
        reached = {self.output}
        for i in range(len(self.nodes) - 1, -1, -1):
            if i in reached:
                reached.update(self.nodes[i].inputs)
        return tuple(n for i, n in enumerate(self.nodes) if i in reached and isinstance(n.operation, Unknown))


def _check_numbers(node: Node) -> None:
    import numpy as np

    for field in fields(node.operation):
        value = getattr(node.operation, field.name)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all():
            at = tuple(int(k) for k in np.argwhere(~np.isfinite(value))[0])
            raise GraphError(
                f"{node.name}: the {field.name} at {list(at)} is {value[at]}: only finite numbers have a bound; "
                "train again, or load a checkpoint from before they arose."
            )


def _misfit(node: Node, given: list[Shape]) -> str:
    """What is wrong with the shapes, or nothing."""
    import numpy as np

    sizes = [math.prod(shape) for shape in given]
    wanted: dict[type[Any], int] = {Input: 0, Constant: 0}
    count = wanted.get(type(node.operation), 1)
    if not isinstance(node.operation, Sum | Join | Unknown) and len(given) != count:
        return f"reads {len(given)} nodes: it takes {count}"
    match node.operation:
        case Constant(value=value):
            return "" if value.shape == node.shape else f"holds a constant of shape {value.shape}"
        case Dense(weight=weight):
            fits = weight.ndim == 2 and given[0] and given[0][-1] == weight.shape[1]
            fits = fits and node.shape == (*given[0][:-1], weight.shape[0])
            return "" if fits else f"has a weight of shape {weight.shape} for an input of shape {given[0]}"
        case Convolution(weight=weight, stride=stride, padding=padding, dilation=dilation, transposed=transposed):
            axes = len(stride)
            fits = weight.ndim == axes + 2 and len(given[0]) == axes + 1 == len(node.shape)
            fits = fits and len(padding) == len(dilation) == axes
            image, result = (node.shape, given[0]) if transposed else (given[0], node.shape)
            fits = fits and all(
                out == (n + sum(pad) - d * (k - 1) - 1) // s + 1
                for out, n, k, s, pad, d in zip(
                    result[1:], image[1:], weight.shape[2:], stride, padding, dilation, strict=True
                )
            )
            return "" if fits else f"has a filter of shape {weight.shape} for an image of shape {given[0]}"
        case Gather(indices=indices):
            fits = indices.size == node.size and (not indices.size or -1 <= indices.min() <= indices.max() < sizes[0])
            return "" if fits else f"gathers {indices.size} elements from {sizes[0]}"
        case AveragePool(windows=windows) | Max(windows=windows):
            fits = len(windows) == node.size and -1 <= windows.min() <= windows.max() < sizes[0]
            return "" if fits else f"has {len(windows)} windows over {sizes[0]} elements"
        case Join():
            return "" if sum(sizes) == node.size else f"joins arrays of {sizes} elements"
        case Sum(coefficients=coefficients):
            fits = len(coefficients) == len(given) and all(shape == node.shape for shape in given)
            return "" if fits else f"adds arrays of shapes {given} with {len(coefficients)} coefficients"
        case Sort(size=size):
            return "" if given[0] == node.shape and size >= 1 and node.size % size == 0 else f"sorts groups of {size}"
        case Softmax(size=size) | Standardize(size=size):
            fits = given[0] == node.shape and size >= 1 and node.size % size == 0
            return "" if fits else f"takes groups of {size} of an input of shape {given[0]}"
        case Diagonal(factor=first, shift=second) | Piecewise(negative=first, positive=second):
            shapes = [a.shape for a in (first, second) if a is not None]
            fits = given[0] == node.shape == np.broadcast_shapes(node.shape, *shapes)
            return "" if fits else f"has factors of shapes {shapes} for an input of shape {given[0]}"
        case Input() | Unknown():
            return ""
        case _:
            return "" if given[0] == node.shape else f"changes the shape {given[0]}: {shown(node.operation)}"
