"""A batched tensor as a view: which element of which example of a graph's node stands at each of its positions.

Operations that only move elements (reshape, permute, slice, pad, concatenate, roll, ...) act on the positions: torch's
own operation runs on them, so that their meaning is torch's. A computing operation asks for the layout of a view: the
positions of each example. Where the examples cannot be told apart, or are not treated alike, the operation mixes
examples, and `NotUnderstood` says so: the batch axis stays separate by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lipcheck.graph.operations import Shape


class NotUnderstood(Exception):
    """Why an operation cannot be read; the reader turns it into an `Unknown` of the graph."""


@dataclass(frozen=True, eq=False)
class View:
    """Position -> example * size + element of the node, or -1 - j for the number `constants[j]`.

    `index` has the shape of the batched tensor and dtype float64, exact below 2^53, so that torch's operations that
    refuse integers run on it as well.
    """

    node: int
    size: int
    index: Tensor
    constants: Tensor

    @property
    def shape(self) -> Shape:
        """The batched tensor's."""
        return tuple(self.index.shape)

    def moved(self, index: Tensor) -> View:
        """The same elements in other places."""
        return View(self.node, self.size, index, self.constants)


@dataclass(frozen=True, eq=False)
class Layout:
    """`order[b]`: the flat positions of example b, in C order of the example's own `shape`."""

    order: Tensor
    shape: Shape


def broadcast(*shapes: Sequence[int]) -> Shape:
    """The shape that these broadcast to."""
    return np.broadcast_shapes(*(tuple(shape) for shape in shapes))


def whole(node: int, shape: Shape, batch: int) -> View:
    """A batched tensor that is the node itself, the batch axis first."""
    size = int(np.prod(shape))
    index = torch.arange(batch * size, dtype=torch.float64).reshape(batch, *shape)
    return View(node, size, index, torch.zeros(0, dtype=torch.float64))


def rebuilt(node: int, size: int, layout: Layout, shape: Shape) -> View:
    """A batched tensor of this shape whose positions `layout.order[b]` are the elements of the node in their order."""
    index = torch.empty(int(np.prod(shape)), dtype=torch.float64)
    batch = len(layout.order)
    index[layout.order.reshape(-1)] = torch.arange(batch * size, dtype=torch.float64)
    return View(node, size, index.reshape(shape), torch.zeros(0, dtype=torch.float64))


def layout(view: View, batch: int) -> Layout:
    """The positions of each example. Raises NotUnderstood where examples are mixed."""
    index = view.index.to(torch.int64)
    owner = torch.div(index, max(view.size, 1), rounding_mode="floor")
    owner[index < 0] = -1
    total = index.numel()
    positions = torch.arange(total).reshape(index.shape)
    for axis, length in enumerate(index.shape):
        if length == batch:
            wanted = torch.arange(batch).reshape(-1, *(1,) * (index.ndim - 1 - axis))
            if bool(((owner == wanted) | (owner < 0)).all()):
                shape = tuple(n for i, n in enumerate(index.shape) if i != axis)
                return Layout(positions.movedim(axis, 0).reshape(batch, -1), shape)
    if batch == 1:
        return Layout(positions.reshape(1, -1), tuple(index.shape))
    flat = owner.reshape(-1)
    counts = torch.bincount(flat[flat >= 0], minlength=batch)
    if bool((flat < 0).any()) or total % batch or bool((counts != total // batch).any()):
        raise NotUnderstood("it mixes the examples of a batch")
    return Layout(torch.argsort(flat, stable=True).reshape(batch, -1), (total // batch,))


def pattern(view: View, found: Layout) -> Tensor:
    """What stands at each position of an example, the same for all examples: elements, or -1 - j for constants.

    Raises NotUnderstood where examples differ.
    """
    index = view.index.reshape(-1)[found.order].to(torch.int64)
    batch = len(index)
    local = torch.where(index >= 0, index - view.size * torch.arange(batch)[:, None], index)
    numbers = _numbers(local, view.constants)
    same = bool((torch.where(local >= 0, local, -1) == torch.where(local[:1] >= 0, local[:1], -1)).all())
    if not same or not bool((numbers == numbers[:1]).all()):
        raise NotUnderstood("it treats the examples of a batch differently")
    return local[0]


def _numbers(local: Tensor, constants: Tensor) -> Tensor:
    if not len(constants):
        return torch.zeros_like(local, dtype=torch.float64)
    return torch.where(local < 0, constants[(-1 - local).clamp(min=0, max=len(constants) - 1)], 0.0)


def of_constant(values: Tensor, like: View) -> View:
    """A view of the same node that holds only these numbers."""
    flat, places = torch.unique(values.detach().to(torch.float64).reshape(-1), return_inverse=True)
    return View(like.node, like.size, (-1.0 - places).to(torch.float64).reshape(values.shape), flat)


def together(views: Sequence[View], join: Callable[[Sequence[int]], int], batch: int) -> tuple[View, list[Tensor]]:
    """One base for several views and their positions on it; `join` makes the node that joins several."""
    nodes = list(dict.fromkeys(view.node for view in views))
    sizes = {view.node: view.size for view in views}
    base = nodes[0] if len(nodes) == 1 else join(nodes)
    total, offsets, at = sum(sizes.values()), {}, 0
    for node in nodes:
        offsets[node] = at
        at += sizes[node]
    constants = torch.cat([view.constants for view in views])
    found, past = [], 0
    for view in views:
        index, size = view.index.to(torch.int64), max(view.size, 1)
        example = torch.div(index, size, rounding_mode="floor")
        moved = example * total + offsets[view.node] + (index - example * size)
        found.append(torch.where(index >= 0, moved, index - past).to(torch.float64))
        past += len(view.constants)
    return View(base, total, found[0], constants), found


def shared(operation: Callable[..., Any], base: View, places: list[Tensor]) -> Any:
    """The operation on positions: one view, or as many as it gives."""
    result = operation(*places)
    if isinstance(result, Tensor):
        return base.moved(result)
    return type(result)(base.moved(part) for part in result)
