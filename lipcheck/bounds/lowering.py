"""From a graph to its abs-normal form: every number exact, every kink a gate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any

from lipcheck.algebra import comparators, groups
from lipcheck.bounds.abs_normal import AbsNormal, Folder, Row, rational
from lipcheck.bounds.clock import late
from lipcheck.exact import exact, shown
from lipcheck.graph import (
    AveragePool,
    Clamp,
    Constant,
    Convolution,
    Dense,
    Diagonal,
    Gather,
    Graph,
    GraphError,
    Input,
    Join,
    Max,
    Node,
    Piecewise,
    Sort,
    Sum,
)
from lipcheck.graph.matrices import Sparse, matrix_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


def lower(graph: Graph, deadline: float | None = None) -> AbsNormal:
    """The abs-normal form of a piecewise linear graph, flat input to flat output, in exact numbers.

    Meant for small networks: the form is dense, (gates + outputs) x (1 + inputs + gates). Raises GraphError for smooth
    operations and for those that are not understood, TimeoutError at a node that is not reached by the deadline.
    """
    folder = Folder(graph.inputs)
    units: list[list[Row]] = []
    for node in graph.nodes:
        if late(deadline):
            raise TimeoutError(f"The exact form of the network was not complete in time: {node.name} was next.")
        units.append(_units(node, folder, [units[i] for i in node.inputs], graph))
    return folder.close(units[graph.output])


def gate_count(graph: Graph) -> int:
    """At most how many gates the abs-normal form has: one for each compare-exchange, kink and end of a clamp."""
    return sum(_gates(node) for node in graph.nodes)


def _gates(node: Node) -> int:
    match node.operation:
        case Sort(size=size):
            return node.size // size * len(comparators(size))
        case Max(windows=windows):
            return int((windows >= 0).sum()) - len(windows)
        case Piecewise():
            return node.size
        case Clamp(lower=low, upper=high):
            return node.size * ((low is not None) + (high is not None))
    return 0


def _units(node: Node, folder: Folder, given: Sequence[list[Row]], graph: Graph) -> list[Row]:
    match node.operation:
        case Input():
            return folder.variables()
        case Constant(value=value):
            return [folder.constant(exact(a)) for a in value.ravel()]
        case Join():
            return [row for rows in given for row in rows]
        case Sum(coefficients=coefficients):
            factors = [rational(exact(a)) for a in coefficients]
            return [folder.combine(list(zip(factors, rows, strict=True))) for rows in zip(*given, strict=True)]
        case Gather(indices=indices):
            return [given[0][i] if i >= 0 else {} for i in indices.ravel()]
        case Dense(weight=weight, bias=bias):
            return _dense(weight, bias, folder, given[0])
        case Convolution() | AveragePool() | Diagonal():
            return _sparse(matrix_of(node, graph.nodes[node.inputs[0]].shape), folder, given[0])
        case Piecewise(negative=negative, positive=positive):
            slopes = zip(_wide(negative, node), _wide(positive, node), strict=True)
            return [_two_slopes(folder, row, exact(a), exact(b)) for row, (a, b) in zip(given[0], slopes, strict=True)]
        case Clamp(lower=low, upper=high):
            return [_clamped(folder, row, low, high) for row in given[0]]
        case Sort(size=size, descending=descending):
            sort = folder.descending if descending else folder.ascending
            return [row for group in groups(given[0], size) for row in sort(group)]
        case Max(windows=windows):
            return [reduce(folder.maximum, [given[0][i] for i in window if i >= 0]) for window in windows]
    raise GraphError(f"{node.name} is {shown(node.operation)}: it is not piecewise linear, so it has no exact form.")


def _dense(weight: NDArray[Any], bias: NDArray[Any] | None, folder: Folder, rows: list[Row]) -> list[Row]:
    exact_weight = tuple(tuple(exact(a) for a in row) for row in weight)
    shift = tuple(exact(b) for b in bias) if bias is not None else (Fraction(0),) * len(weight)
    blocks = groups(rows, weight.shape[1])
    return [row for block in blocks for row in folder.affine(exact_weight, shift, block)]


def _sparse(matrix: Sparse, folder: Folder, rows: list[Row]) -> list[Row]:
    terms: list[list[tuple[Any, Row]]] = [[] for _ in range(matrix.shape[0])]
    for i, j, value in zip(matrix.rows, matrix.columns, matrix.values, strict=True):
        factor = exact(value) if matrix.divisors is None else exact(value) / int(matrix.divisors[i])
        terms[i].append((rational(factor), rows[j]))
    if matrix.shift is not None:
        for own, b in zip(terms, matrix.shift, strict=True):
            own.append((1, folder.constant(exact(b))))
    return [folder.combine(own) for own in terms]


def _wide(slopes: NDArray[Any], node: Node) -> list[Any]:
    import numpy as np

    return list(np.broadcast_to(slopes, node.shape).ravel())


def _two_slopes(folder: Folder, row: Row, negative: Fraction, positive: Fraction) -> Row:
    mean, half = rational((positive + negative) / 2), rational((positive - negative) / 2)
    return folder.combine([(mean, row), (half, folder.absolute(row) if half else {})])


def _clamped(folder: Folder, row: Row, low: object, high: object) -> Row:
    if low is not None:
        row = folder.maximum(row, folder.constant(exact(low)))
    return row if high is None else folder.minimum(row, folder.constant(exact(high)))
