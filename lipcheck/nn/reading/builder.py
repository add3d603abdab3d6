"""A graph in the making: equal operations on equal inputs are one node, names are the user's, views become nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lipcheck.graph import Constant, Gather, Graph, Input, Join, Node, Operation, Unknown
from lipcheck.graph.operations import Shape
from lipcheck.nn.reading.views import Layout, NotUnderstood, View, layout, pattern, rebuilt, together, whole


@dataclass
class Builder:
    """Nodes so far. `batch` is the number of examples that the views hold; `name` what emitted nodes are called."""

    inputs: Shape
    batch: int
    name: str = "input"
    nodes: list[Node] = field(default_factory=list)
    _known: dict[Any, int] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin with the input."""
        self.emit(Input(), (), self.inputs)

    def emit(self, operation: Operation, inputs: Sequence[int], shape: Shape) -> int:
        """The place of the node, an old one if there is one that does the same."""
        key = (_content(operation), tuple(inputs), tuple(shape))
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(Node(self._fresh(operation), operation, tuple(inputs), tuple(shape)))
        return self._known[key]

    def graph(self, output: View) -> Graph:
        """The graph that gives this view; its examples must be the batch's, in their order."""
        try:
            found = layout(output, self.batch)
            in_order = output.shape[:1] == (self.batch,) and bool(
                (found.order == torch.arange(output.index.numel()).reshape(self.batch, -1)).all()
            )
            if not in_order:
                raise NotUnderstood("the outputs do not belong to the examples in their order")
            node = self.node(output, found, output.shape[1:])
        except NotUnderstood as problem:
            node = self.emit(Unknown("output", str(problem)), (output.node,), output.shape[1:] or (1,))
        return Graph(tuple(self.nodes), node)

    def node(self, view: View, found: Layout, shape: Shape | None = None) -> int:
        """The node that holds an example of the view, in the layout's order; of that shape, or of any if None."""
        places = pattern(view, found)
        base = self.nodes[view.node]
        if bool((places == torch.arange(base.size)).all() if len(places) == base.size else False) and (
            shape is None or shape == base.shape
        ):
            return view.node
        numbers = view.constants[(-1 - places[places < 0])] if len(view.constants) else view.constants
        needed = torch.unique(numbers[numbers != 0])
        start, size = view.node, base.size
        indices = places.clone()
        indices[places < 0] = torch.where(numbers == 0, -1, size + torch.searchsorted(needed, numbers))
        if len(needed):
            constant = self.emit(Constant(needed.numpy()), (), (len(needed),))
            start = self.emit(Join(), (view.node, constant), (size + len(needed),))
        shape = found.shape if shape is None else shape
        return self.emit(Gather(indices.numpy().reshape(shape)), (start,), shape)

    def materialised(self, view: View) -> tuple[int, Layout]:
        """The node that holds an example of the view, and where its elements stand."""
        found = layout(view, self.batch)
        return self.node(view, found), found

    def elementwise(self, operation: Operation, view: View) -> View:
        """The view after an operation that keeps shapes and takes one input."""
        node, found = self.materialised(view)
        shape = self.nodes[node].shape
        return rebuilt(self.emit(operation, (node,), shape), self.nodes[node].size, found, view.shape)

    def example(self, view: View) -> tuple[int, Shape]:
        """The node of a view whose first axis is the batch, of the example's shape."""
        found = layout(view, self.batch)
        if view.shape[:1] != (self.batch,) or found.shape != view.shape[1:] or bool(found.order[0, 0] != 0):
            raise NotUnderstood("its first axis is not the batch's")
        return self.node(view, found, found.shape), found.shape

    def batched(self, node: int) -> View:
        """The view of a node of its own shape."""
        return whole(node, self.nodes[node].shape, self.batch)

    def combined(self, views: Sequence[View]) -> tuple[View, list[Tensor]]:
        """The views on one base."""
        return together(views, self._join, self.batch)

    def unknown(self, kind: str, reason: str, views: Sequence[View], shape: Shape) -> View:
        """A batched tensor of this shape that nothing is known about."""
        inputs = tuple(dict.fromkeys(view.node for view in views))
        separate = shape[:1] == (self.batch,)
        own = tuple(shape[1:]) if separate else (-(-int(np.prod(shape)) // self.batch),)
        view = self.batched(self.emit(Unknown(kind, reason), inputs, own))
        return view if separate else view.moved(view.index.reshape(-1)[: int(np.prod(shape))].reshape(shape))

    def _join(self, nodes: Sequence[int]) -> int:
        return self.emit(Join(), nodes, (sum(self.nodes[n].size for n in nodes),))

    def _fresh(self, operation: Operation) -> str:
        name, count = self.name, 1
        if isinstance(operation, Gather | Join | Constant):
            name = f"{self.name} ({type(operation).__name__.lower()})"
        first = name
        while name in self._names:
            count += 1
            name = f"{first} #{count}"
        self._names.add(name)
        return name


def _content(operation: Operation) -> Any:
    """A key that is equal for equal operations only."""
    parts: list[Any] = [type(operation)]
    for entry in fields(operation):
        part = getattr(operation, entry.name)
        if isinstance(part, np.ndarray):
            data = tuple(part.ravel().tolist()) if part.dtype == object else part.tobytes()
            part = (str(part.dtype), part.shape, data)
        parts.append(part)
    return tuple(parts)
