"""The constant of each operation with one input, enclosed, in the norm p = 1, 2 or inf.

Activations act on entries or on groups. Entry by entry the constant is the largest slope; sorting and max over disjoint
windows do not stretch any p-norm (for sorting: the Jacobians are permutations). Numbers that are Fractions are bounded
by exact norms.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.convolution import convolution_norm
from lipcheck.bounds.group_norms import group_norm
from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.bounds.layer_norms import SUMS, dense_norm, enclosed, gather_norm, sums_bound
from lipcheck.bounds.pooling import average_two_norm
from lipcheck.exact import exact, shown
from lipcheck.graph import (
    AveragePool,
    Clamp,
    Convolution,
    Dense,
    Diagonal,
    Gather,
    GraphError,
    Max,
    Node,
    Piecewise,
    Smooth,
    Softmax,
    Sort,
    Standardize,
)
from lipcheck.graph.operations import Shape
from lipcheck.norms import dual_exponent, operator_norm
from lipcheck.norms.rounding import square_root

if TYPE_CHECKING:
    from numpy.typing import NDArray


def node_norm(node: Node, image: Shape, p: float, seconds: float | None = None) -> LayerBound:
    """The constant of a node whose input has shape `image`. `seconds` limits the work on one layer.

    Raises GraphError for operations with several inputs or none, and for what is not understood.
    """
    match node.operation:
        case Dense(weight=weight):
            return _dense(weight, p)
        case Convolution() as operation:
            return _convolution(operation, node.shape, image, p, seconds)
        case Gather(indices=indices):
            return gather_norm(indices, math.prod(image), p)
        case AveragePool(windows=windows, divisors=divisors):
            return _averages(windows, divisors, image, node.shape, p)
        case Diagonal(factor=factor):
            return _slopes("largest factor", factor)
        case Piecewise(negative=negative, positive=positive):
            return _slopes("largest slope", negative, positive)
        case Smooth(lower=low, upper=high):
            return enclosed(Fraction(0), max(abs(low), abs(high)), "largest slope")
        case Clamp(lower=low, upper=high):
            flat = low is not None and high is not None and low >= high
            return LayerBound(float(not flat), float(not flat), "largest slope")
        case Sort():
            return LayerBound(1.0, 1.0, "sorting permutes")
        case Softmax() | Standardize():
            return group_norm(node.operation, p)
        case Max(windows=windows):
            return gather_norm(_once(windows), math.prod(image), p)
    raise GraphError(f"{node.name} is {shown(node.operation)}: it has no constant of its own.")


def _dense(weight: NDArray[Any], p: float) -> LayerBound:
    if weight.dtype.kind == "f":
        return dense_norm(weight, p)
    rows = tuple(tuple(exact(a) for a in row) for row in weight)
    bracket = operator_norm(rows, p if p == math.inf else Fraction(int(p)))
    return enclosed(bracket.lower, bracket.upper, "exact norm of a rational matrix")


def _once(windows: NDArray[Any]) -> NDArray[Any]:
    """The windows with -1 where an entry repeats one of the same window."""
    import numpy as np

    ordered = np.sort(windows, axis=1)
    ordered[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = -1
    return ordered


def _convolution(operation: Convolution, shape: Shape, image: Shape, p: float, seconds: float | None) -> LayerBound:
    # A transposed convolution is the adjoint of the one from its outputs to its inputs.
    sizes, q = (shape[1:], float(dual_exponent(p))) if operation.transposed else (image[1:], p)
    if operation.mode == "zeros" and any(min(pad) < 0 for pad in operation.padding):
        # Negative padding cuts: the convolution of what is left.
        sizes = tuple(n + sum(min(0, a) for a in pad) for n, pad in zip(sizes, operation.padding, strict=True))
        padding = tuple((max(0, before), max(0, after)) for before, after in operation.padding)
        if min(sizes) < 1:
            return LayerBound(0.0, 0.0, "reads nothing but padding")
        operation = replace(operation, padding=padding)
    return convolution_norm(
        operation.weight,
        sizes,
        stride=operation.stride,
        padding=operation.padding,
        dilation=operation.dilation,
        groups=operation.groups,
        mode=operation.mode,
        p=q,
        seconds=seconds,
    )


def _averages(windows: NDArray[Any], divisors: NDArray[Any], image: Shape, shape: Shape, p: float) -> LayerBound:
    """Column sums for p = 1, row sums for inf; for 2 the root of their product, or the norms along the axes."""
    import numpy as np

    row, _ = np.nonzero(windows >= 0)
    column = windows[windows >= 0]
    # The sign of a divisor flips an output, and no norm.
    divisors = np.abs(divisors)
    counts = (windows >= 0).sum(1)
    rows = max((Fraction(int(n), int(d)) for n, d in zip(counts, divisors, strict=True)), default=Fraction(0))
    columns = squares = Fraction(0)
    scale = math.lcm(*(int(d) for d in np.unique(divisors)))
    shares = scale // divisors
    if len(column):
        columns = Fraction(int(np.bincount(column, shares[row], math.prod(image)).max()), scale)
        squares = Fraction(int(max(np.bincount(column, shares[row] ** 2).max(), (counts * shares**2).max())), scale**2)
    if p == 2:
        low, high, method = square_root(squares, up=False), sums_bound(columns, rows), SUMS
        along = average_two_norm(windows, divisors, image, shape) if low < high else None
        if along is not None and along[1] < high:
            high, method = along[1], "product of the norms along the axes"
        return enclosed(min(high, max(low, along[0] if along is not None else low)), high, method)
    value = Fraction(rows if p == math.inf else columns)
    return enclosed(value, value, "row sums" if p == math.inf else "column sums")


def _slopes(method: str, *arrays: NDArray[Any]) -> LayerBound:
    largest = max((abs(exact(a)) for array in arrays for a in _extremes(array)), default=Fraction(0))
    return enclosed(largest, largest, method)


def _extremes(array: NDArray[Any]) -> tuple[Any, ...]:
    return (array.min(), array.max()) if array.size else ()
