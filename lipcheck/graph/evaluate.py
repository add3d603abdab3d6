"""Graphs in float64 on many examples at once, with a bound on what rounding may do in any run of the same operations.

The bound is a running error analysis. Where inputs are off by e and an operation rounds with unit u: a linear row of k
terms is off by |W| e + gamma (|W| |x| + |b|), gamma = (k + 4) u / (1 - (k + 4) u), whatever the order of the sum;
sorting and maxima by the largest e of their group; an activation by its largest slope times e, plus a rounding (smooth
ones: 16 units of |x| + |f(x)| + 1, the accuracy that we ask of the libraries). Underflow is covered by one smallest
subnormal number per operation.
"""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, Any

from lipcheck.graph import grouped
from lipcheck.graph.graph import Graph, GraphError
from lipcheck.graph.matrices import source_indices
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
    Softmax,
    Sort,
    Standardize,
    Sum,
)
from lipcheck.graph.smooth import value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def evaluate(graph: Graph, x: Array) -> Array:
    """The outputs (batch, *shape) at the inputs (batch, *shape); GraphError with an unknown operation on the way."""
    if graph.unknown:
        node = graph.unknown[0]
        raise GraphError(f"{node.name} is not understood, so the graph has no value: read the module itself.")
    found = values(graph, x)[graph.output]
    assert found is not None
    return found


def values(graph: Graph, x: Array) -> list[Array | None]:
    """What every node gives, (batch, *shape); None for unknown operations and all that depends on them."""
    return [None if pair is None else pair[0] for pair in _run(graph, x, 0.0)]


def values_and_errors(graph: Graph, x: Array, unit: float) -> list[tuple[Array, Array] | None]:
    """Per node the values and how far a run that rounds with this unit (2^-53 for float64) may be from them."""
    return _run(graph, x, max(unit, 2.0**-53))


def _run(graph: Graph, x: Array, unit: float) -> list[tuple[Array, Array] | None]:
    import numpy as np

    x = np.asarray(x, np.float64)
    if x.shape[1:] != graph.nodes[0].shape:
        raise GraphError(f"The input has shape {x.shape}: give (batch, *{graph.nodes[0].shape}).")
    found: list[tuple[Array, Array] | None] = []
    for node in graph.nodes:
        given = [found[j] for j in node.inputs]
        if isinstance(node.operation, Input):
            found.append((x, np.zeros_like(x)))
            continue
        known = [pair for pair in given if pair is not None]
        if len(known) < len(given) or (not given and not isinstance(node.operation, Constant)):
            found.append(None)
            continue
        pair = _apply(node.operation, node.shape, known, len(x), unit)
        if pair is None:
            found.append(None)
            continue
        shape = (len(x), *node.shape)
        # Twice: the values themselves are rounded too, with a unit that is no larger.
        slack = 0.0 if isinstance(node.operation, Constant | Gather | Join | Sort | Max) else 2.0**-1074
        found.append((pair[0].reshape(shape), pair[1].reshape(shape) * (1 + 16 * unit) + (slack if unit else 0.0)))
    return found


def _apply(
    operation: Operation, shape: tuple[int, ...], given: list[tuple[Array, Array]], batch: int, unit: float
) -> tuple[Array, Array] | None:
    import numpy as np

    if isinstance(operation, Constant):
        constant = np.broadcast_to(_floats(operation.value), (batch, *shape)).copy()
        return constant, unit * np.abs(constant)
    x, error = given[0]
    flat, flat_error = x.reshape(batch, -1), error.reshape(batch, -1)
    match operation:
        case Dense(weight=weight, bias=bias):
            w, b = _floats(weight), 0.0 if bias is None else _floats(bias)
            size = _gamma(weight.shape[1], unit) * (np.abs(x) @ np.abs(w).T + np.abs(b))
            return x @ w.T + b, error @ np.abs(w).T + size
        case Convolution():
            terms = math.prod(operation.weight.shape[1:])
            if operation.transposed:
                terms = math.prod(operation.weight.shape[2:]) * operation.weight.shape[0] // operation.groups
            size = _gamma(terms, unit) * convolve(operation, np.abs(x), shape, positive=True)
            spread = convolve(operation, error, shape, positive=True, bias=False)
            return convolve(operation, x, shape), spread + size
        case AveragePool(windows=windows, divisors=divisors):
            total = _windows(flat, windows, 0.0).sum(2) / divisors
            size = _windows(np.abs(flat), windows, 0.0).sum(2) / divisors
            return total, _windows(flat_error, windows, 0.0).sum(2) / divisors + _gamma(windows.shape[1], unit) * size
        case Gather(indices=indices):
            where = indices.reshape(1, -1)
            return tuple(np.where(where >= 0, a[:, where[0]], 0.0) for a in (flat, flat_error))  # type: ignore[return-value]
        case Diagonal(factor=factor, shift=shift):
            f, s = _floats(factor), 0.0 if shift is None else _floats(shift)
            return f * x + s, np.abs(f) * error + _gamma(2, unit) * (np.abs(f * x) + np.abs(s))
        case Sum(coefficients=coefficients):
            c = [float(a) for a in coefficients]
            total = np.sum([a * v for a, (v, _) in zip(c, given, strict=True)], 0)
            size = np.sum([abs(a) * np.abs(v) for a, (v, _) in zip(c, given, strict=True)], 0)
            spread = np.sum([abs(a) * e for a, (_, e) in zip(c, given, strict=True)], 0)
            return total, spread + _gamma(len(c), unit) * size
        case Join():
            return (
                np.concatenate([v.reshape(batch, -1) for v, _ in given], 1),
                np.concatenate([e.reshape(batch, -1) for _, e in given], 1),
            )
        case Piecewise(negative=negative, positive=positive):
            n, p = _floats(negative), _floats(positive)
            steepest = np.maximum(np.abs(n), np.abs(p))
            return np.where(x < 0, n * x, p * x), steepest * error + 2 * unit * steepest * np.abs(x)
        case Clamp(lower=lower, upper=upper):
            low, high = (-np.inf if lower is None else float(lower)), (np.inf if upper is None else float(upper))
            ends = max((abs(end) for end in (low, high) if math.isfinite(end)), default=0.0)
            return np.clip(x, low, high), error + unit * ends
        case Smooth(lower=lower, upper=upper):
            y, slope = value(operation, x), float(max(abs(lower), abs(upper)))
            return y, slope * error + 16 * unit * (np.abs(x) + np.abs(y) + 1)
        case Sort(size=size, descending=descending):
            groups, errors = (a.reshape(batch, -1, size) for a in (flat, flat_error))
            ordered = np.sort(groups, axis=2)
            return (
                ordered[:, :, ::-1] if descending else ordered,
                np.broadcast_to(errors.max(2, keepdims=True), errors.shape),
            )
        case Softmax(size=size) | Standardize(size=size):
            groups, errors = (a.reshape(batch, -1, size) for a in (flat, flat_error))
            y = grouped.value(operation, groups)
            return y, _grouped_error(operation, groups, y, errors.max(2, keepdims=True), unit)
        case Max(windows=windows):
            return _windows(flat, windows, -np.inf).max(2), _windows(flat_error, windows, 0.0).max(2)
    return None


def _grouped_error(operation: Softmax | Standardize, x: Array, y: Array, error: Array, unit: float) -> Array:
    """Slopes times errors, and roundings: of n terms in a sum, of the exponent's argument, of 16 steps besides.

    The slopes are those of `lipcheck.bounds.group_norms` in the infinity norm, 1/2 and (2 + sqrt n) / sqrt(epsilon).
    """
    import numpy as np

    n = operation.size
    top = np.abs(x).max(2, keepdims=True)
    if isinstance(operation, Softmax):
        spread = x.max(2, keepdims=True) - x
        return np.asarray(0.5 * error + unit * (y * (n + 16 + 4 * top + 2 * spread) + 16 * unit))
    slope = (2 + math.sqrt(n)) / math.sqrt(float(operation.epsilon)) if operation.epsilon > 0 else np.inf
    return np.asarray(slope * (error + (n + 4) * unit * top) + (n + 16) * unit * np.abs(y))


def convolve(
    operation: Convolution, x: Array, shape: tuple[int, ...], *, positive: bool = False, bias: bool = True
) -> Array:
    """The convolution of (batch, channels, *image) tap by tap; `positive`: with the moduli of filter and bias."""
    import numpy as np

    weight, groups = _floats(operation.weight), operation.groups
    weight = np.abs(weight) if positive else weight
    image = shape[1:] if operation.transposed else x.shape[2:]
    small = x.shape[2:] if operation.transposed else shape[1:]
    rows, columns = weight.shape[0] // groups, weight.shape[1]
    filters = weight.reshape(groups, rows, *weight.shape[1:])
    whole = np.zeros((len(x), groups, columns if operation.transposed else rows, *shape[1:]))
    source = x.reshape(len(x), groups, -1, *x.shape[2:])
    for offset in product(*(range(k) for k in weight.shape[2:])):
        axes = zip(image, small, offset, operation.stride, operation.padding, operation.dilation, strict=True)
        read = [
            source_indices(n, np.arange(out) * stride - before + k * dilation, operation.mode)
            for n, out, k, stride, (before, _), dilation in axes
        ]
        inside = [np.flatnonzero(r >= 0) for r in read]
        tap: Any = (..., *offset)
        taps = filters[tap]
        everything = [np.arange(size) for size in whole.shape[:3]]
        channels = [np.arange(size) for size in source.shape[:3]]
        far, near = [r[i] for r, i in zip(read, inside, strict=True)], inside
        if operation.transposed:
            part = np.einsum("grc,ngr...->ngc...", taps, source[np.ix_(*channels, *near)])
            np.add.at(whole, np.ix_(*everything, *far), part)
        else:
            whole[np.ix_(*everything, *near)] += np.einsum("grc,ngc...->ngr...", taps, source[np.ix_(*channels, *far)])
    y = whole.reshape(len(x), *shape)
    if operation.bias is None or not bias:
        return y
    b = _floats(operation.bias)
    return y + (np.abs(b) if positive else b).reshape(-1, *(1,) * len(shape[1:]))


def _gamma(terms: int, unit: float) -> float:
    product_ = (terms + 4) * unit
    return product_ / (1 - product_) if product_ < 1 else math.inf


def _windows(flat: Array, windows: NDArray[np.int64], absent: float) -> Array:
    import numpy as np

    return np.where(windows >= 0, flat[:, windows], absent)


def _floats(array: NDArray[Any]) -> Array:
    import numpy as np

    return np.asarray(array, np.float64)
