"""The product bound: how far each node can move per unit of the input, from node to node through the graph.

K(input) = 1. A layer multiplies by its own constant, a sum adds |coefficient| K, and arrays side by side combine in the
norm itself: K_1 + K_2 + ..., sqrt(K_1^2 + K_2^2 + ...), max K_i for p = 1, 2, inf. So a residual block has
1 + K(branch). Every number is a Fraction at or above the true one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.graph import Constant, Graph, Input, Join, Node, Sum, Unknown
from lipcheck.graph.operations import Shape
from lipcheck.norms import vector_norm

LayerNorm = Callable[[Node, Shape], LayerBound]
"""The verified constant of a node with one input, given the shape of that input."""

_ROOT_WIDTH = Fraction(1, 2**80)


@dataclass(frozen=True)
class NodeBound:
    """A node's own constant, None where it has several inputs or none, and that of the network from the input to it.

    `upper` is None behind operations that are not understood.
    """

    name: str
    kind: str
    own: LayerBound | None
    upper: Fraction | None


def product_bound(graph: Graph, p: float, layer_norm: LayerNorm) -> tuple[NodeBound, ...]:
    """Per node, an upper bound on the constant of input -> node, p-norm to p-norm, p = 1, 2 or inf."""
    found: list[NodeBound] = []
    for node in graph.nodes:
        before = [found[i].upper for i in node.inputs]
        own = None
        if isinstance(node.operation, Input | Constant | Sum | Join | Unknown):
            upper = _combined(node, before, p)
        else:
            own = layer_norm(node, graph.nodes[node.inputs[0]].shape)
            upper = _times(before[0], own.upper)
        found.append(NodeBound(node.name, type(node.operation).__name__, own, upper))
    return tuple(found)


def _combined(node: Node, before: Sequence[Fraction | None], p: float) -> Fraction | None:
    known = [k for k in before if k is not None]
    if isinstance(node.operation, Unknown) or len(known) < len(before):
        return None
    if isinstance(node.operation, Sum):
        return sum((abs(Fraction(c)) * k for c, k in zip(node.operation.coefficients, known, strict=True)), Fraction(0))
    if isinstance(node.operation, Join):
        return side_by_side(known, p)
    return Fraction(1 if isinstance(node.operation, Input) else 0)


def side_by_side(constants: Sequence[Fraction], p: float) -> Fraction:
    """An upper bound on the constant of arrays joined side by side."""
    return vector_norm(constants, p, _ROOT_WIDTH).upper


def _times(before: Fraction | None, own: float) -> Fraction | None:
    if before is None or before == 0:
        return before
    return None if own == math.inf else before * Fraction(own)
