"""The same function over the reals with fewer nodes: gathers composed, padding fused, what nobody reads removed.

Only elements are moved, and numbers copied: no arithmetic, hence no rounding. Rules, from input to output until nothing
changes: a gather of a gather or of a join is one gather; a gather that changes nothing but the shape vanishes before
operations that read flat arrays; a join of gathers of one node is one gather; a gather that pads an image as circular,
reflect, replicate or zero padding does becomes a convolution's own padding; equal nodes are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lipcheck.graph.graph import Graph, Node
from lipcheck.graph.matrices import source_indices
from lipcheck.graph.operations import (
    AveragePool,
    Convolution,
    Gather,
    Join,
    Max,
    PaddingMode,
)

MODES: tuple[PaddingMode, ...] = ("zeros", "circular", "reflect", "replicate")


def simplify(graph: Graph) -> Graph:
    """The simplified graph."""
    while True:
        simpler = _without_unread(_pass(graph))
        if len(simpler.nodes) == len(graph.nodes) and all(
            a is b for a, b in zip(simpler.nodes, graph.nodes, strict=True)
        ):
            return simpler
        graph = simpler


def _pass(graph: Graph) -> Graph:
    nodes: list[Node] = []
    place: list[int] = []
    for node in graph.nodes:
        inputs = tuple(place[j] for j in node.inputs)
        node = node if inputs == node.inputs else replace(node, inputs=inputs)
        kept = _reduced(node, nodes)
        if isinstance(kept, int):
            place.append(kept)
        else:
            place.append(len(nodes))
            nodes.append(kept)
    return Graph(tuple(nodes), place[graph.output])


def _reduced(node: Node, nodes: Sequence[Node]) -> Node | int:
    """The node in a simpler form, or the place of one that does the same."""
    match node.operation:
        case Gather(indices=indices):
            source = nodes[node.inputs[0]]
            if isinstance(source.operation, Gather):
                inner = np.append(source.operation.indices.ravel(), -1)
                return replace(node, operation=Gather(inner[indices]), inputs=source.inputs)
            if isinstance(source.operation, Join):
                return _past_join(node, indices, source, nodes)
            if node.shape == source.shape and _is_identity(indices):
                return node.inputs[0]
        case AveragePool(windows=windows) | Max(windows=windows):
            source = nodes[node.inputs[0]]
            if isinstance(source.operation, Gather) and (source.operation.indices >= 0).all():
                moved = np.where(windows >= 0, source.operation.indices.ravel()[windows], -1)
                return replace(node, operation=replace(node.operation, windows=moved), inputs=source.inputs)
        case Join():
            return _joined(node, nodes)
        case Convolution(transposed=False) as convolution:
            return _padded(node, convolution, nodes)
        case _:
            pass
    return node


def _is_identity(indices: NDArray[np.int64]) -> bool:
    return bool((indices.ravel() == np.arange(indices.size)).all())


def _past_join(node: Node, indices: NDArray[np.int64], join: Node, nodes: Sequence[Node]) -> Node:
    """A gather that reads a single part of a join."""
    start = 0
    for j in join.inputs:
        size = nodes[j].size
        read = indices[indices >= 0]
        if read.size and ((read >= start) & (read < start + size)).all():
            return replace(node, operation=Gather(np.where(indices >= 0, indices - start, -1)), inputs=(j,))
        start += size
    return node


def _joined(node: Node, nodes: Sequence[Node]) -> Node | int:
    """A join of one node, or of gathers of one node, as a gather."""
    sources = {nodes[j].inputs[0] if isinstance(nodes[j].operation, Gather) else j for j in node.inputs}
    if len(sources) != 1:
        return node
    (source,) = sources
    parts = []
    for j in node.inputs:
        operation = nodes[j].operation
        parts.append(operation.indices.ravel() if isinstance(operation, Gather) else np.arange(nodes[j].size))
    indices = np.concatenate(parts).reshape(node.shape)
    return replace(node, operation=Gather(indices), inputs=(source,))


def _padded(node: Node, convolution: Convolution, nodes: Sequence[Node]) -> Node:
    """A convolution without padding of its own that reads a padded image."""
    gather = nodes[node.inputs[0]]
    source = nodes[gather.inputs[0]] if isinstance(gather.operation, Gather) else gather
    if not isinstance(gather.operation, Gather) or any(p != (0, 0) for p in convolution.padding):
        return node
    if len(source.shape) != len(gather.shape) or source.shape[0] != gather.shape[0]:
        return node
    for mode in MODES:
        padding = recognised(gather.operation.indices, source.shape, gather.shape, mode)
        if padding is not None:
            return replace(node, operation=replace(convolution, padding=padding, mode=mode), inputs=gather.inputs)
    return node


def recognised(
    indices: NDArray[np.int64], image: tuple[int, ...], padded: tuple[int, ...], mode: PaddingMode
) -> tuple[tuple[int, int], ...] | None:
    """The padding (before, after) per axis that these indices are, or None."""
    channels = image[0]
    grown = [b - a for a, b in zip(image[1:], padded[1:], strict=True)]
    flat = np.arange(int(np.prod(image))).reshape(image)
    where = np.argwhere(indices.reshape(padded)[0] == 0)
    candidates = {tuple(int(k) for k in at) for at in where}
    for before in sorted(candidates, key=lambda at: sum(abs(2 * b - g) for b, g in zip(at, grown, strict=True))):
        axes = [
            source_indices(n, np.arange(m) - b, mode) for n, m, b in zip(image[1:], padded[1:], before, strict=True)
        ]
        built = flat[np.ix_(np.arange(channels), *(np.maximum(a, 0) for a in axes))]
        for k, axis in enumerate(axes):
            outside = (axis < 0).reshape(-1, *(1,) * (len(axes) - 1 - k))
            built = np.where(outside, -1, built)
        if np.array_equal(built, indices.reshape(padded)):
            return tuple((b, g - b) for b, g in zip(before, grown, strict=True))
    return None


def _without_unread(graph: Graph) -> Graph:
    """Only the nodes on the way to the output, the input, and no two that share name, operation and inputs."""
    read = {0, graph.output}
    for i in range(len(graph.nodes) - 1, -1, -1):
        if i in read:
            read.update(graph.nodes[i].inputs)
    kept = sorted(read)
    place = {old: new for new, old in enumerate(kept)}
    nodes = []
    for old in kept:
        node = graph.nodes[old]
        inputs = tuple(place[j] for j in node.inputs)
        nodes.append(node if inputs == node.inputs else replace(node, inputs=inputs))
    return Graph(tuple(nodes), place[graph.output])
