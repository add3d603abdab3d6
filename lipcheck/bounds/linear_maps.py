"""Linear layers as maps on flat float64 vectors, together with the map of their moduli |W|, which bounds errors.

Inner products are conventional, as `lipcheck.norms.rounding` asks: numpy's products of matrices, or sums tap by tap.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from lipcheck.exact import shown
from lipcheck.graph import AveragePool, Convolution, Dense, Diagonal, Gather, GraphError, Node
from lipcheck.graph.operations import Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearMap:
    """y = apply(x) + shift, flat; `absolute` applies |W|; every output is a sum of at most `terms` products.

    Weights below 2^-1022 are left out; `flushed` is 2^-1022 if there are any, else 0.
    """

    terms: int
    apply: Callable[[Floats], Floats]
    absolute: Callable[[Floats], Floats]
    shift: Floats | None = None
    flushed: float = 0.0


def normal(array: NDArray[Any]) -> tuple[Floats, float]:
    """The numbers in float64 with zeros for those below 2^-1022, and 2^-1022 if there are any, else 0."""
    import numpy as np

    # Comparisons may read subnormal numbers as zero, bits do not.
    wide: Floats = np.ascontiguousarray(np.asarray(array, np.float64)).reshape(np.shape(array))
    small = (wide.view(np.int64) & (2**63 - 1)) < 2**52
    there = wide.view(np.int64) << 1 != 0
    there = there | (array != 0) if array.dtype == object else there
    if not (small & there).any():
        return wide, 0.0
    return np.where(small, 0.0, wide), 2.0**-1022


def linear_map(node: Node, image: Shape) -> LinearMap:
    """The map of a linear operation with one input of shape `image`; GraphError for other operations."""
    import numpy as np

    match node.operation:
        case Dense(weight=weight, bias=bias):
            w, flushed = normal(weight)
            m = np.abs(w)
            blocks = math.prod(image) // w.shape[1]
            shift = None if bias is None else np.tile(np.asarray(bias, np.float64), blocks)
            return LinearMap(w.shape[1], lambda x: _rows(x, w), lambda x: _rows(x, m), shift, flushed)
        case Convolution() as operation:
            return _convolution(operation, node, image)
        case Gather(indices=indices):
            places = indices.ravel()

            def gathered(x: Floats) -> Floats:
                return np.where(places >= 0, x[places], 0.0)

            return LinearMap(1, gathered, gathered)
        case Diagonal(factor=factor, shift=shift):
            narrow, flushed = normal(factor)
            f = np.broadcast_to(narrow, node.shape).ravel()
            moved = None if shift is None else np.broadcast_to(np.asarray(shift, np.float64), node.shape).ravel()
            return LinearMap(1, lambda x: f * x, lambda x: np.abs(f) * x, moved, flushed)
        case AveragePool(windows=windows, divisors=divisors):

            def pooled(x: Floats) -> Floats:
                total: Floats = np.where(windows >= 0, x[windows], 0.0).sum(1) / divisors
                return total

            return LinearMap(windows.shape[1], pooled, pooled)
    raise GraphError(f"{shown(node.operation)} is not a linear map of one input.")


def _rows(x: Floats, weight: Floats) -> Floats:
    product: Floats = x.reshape(-1, weight.shape[1]) @ weight.T
    return product.ravel()


def _convolution(operation: Convolution, node: Node, image: Shape) -> LinearMap:
    import numpy as np

    from lipcheck.graph.evaluate import convolve

    weight, flushed = normal(operation.weight)
    operation = replace(operation, weight=weight)
    per_group = operation.weight.shape[0] // operation.groups if operation.transposed else operation.weight.shape[1]
    terms = per_group * math.prod(operation.weight.shape[2:])

    def apply(x: Floats, positive: bool = False) -> Floats:
        whole: Any = convolve(operation, x.reshape(1, *image), node.shape, positive=positive, bias=False)
        flat: Floats = whole.ravel()
        return flat

    bias = operation.bias
    size = math.prod(node.shape[1:])
    shift = None if bias is None else np.repeat(np.asarray(bias, np.float64), size)
    return LinearMap(terms, apply, lambda x: apply(x, True), shift, flushed)
