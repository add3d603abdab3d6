"""Every affine operation as a sparse matrix and a shift, number by number as stored: nothing is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from lipcheck.exact import shown
from lipcheck.graph.graph import GraphError, Node
from lipcheck.graph.operations import AveragePool, Convolution, Dense, Diagonal, Gather, PaddingMode, Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Sparse:
    """y = (M x) / divisors + shift, flat. M has `values[k]` at (rows[k], columns[k]); entries at one place add up.

    `divisors` are whole numbers, one per row, None for ones; `shift` None for zeros.
    """

    shape: tuple[int, int]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[Any]
    divisors: NDArray[np.int64] | None = None
    shift: NDArray[Any] | None = None


def matrix_of(node: Node, image: Shape) -> Sparse:
    """The matrix of a linear operation with one input, of shape `image`. Raises GraphError for other operations."""
    import numpy as np

    size = int(np.prod(image))
    everywhere = np.arange(node.size)
    match node.operation:
        case Dense(weight=weight, bias=bias):
            blocks = size // weight.shape[1]
            block, i, j = (a.ravel() for a in np.indices((blocks, *weight.shape)))
            values = np.broadcast_to(weight, (blocks, *weight.shape)).ravel()
            shift = None if bias is None else np.tile(bias, blocks)
            rows, columns = block * weight.shape[0] + i, block * weight.shape[1] + j
            return Sparse((node.size, size), rows, columns, values, shift=shift)
        case Gather(indices=indices):
            flat = indices.ravel()
            there = flat >= 0
            return Sparse((node.size, size), everywhere[there], flat[there], np.ones(int(there.sum())))
        case Diagonal(factor=factor, shift=shift):
            wide = np.broadcast_to(factor, node.shape).ravel()
            moved = None if shift is None else np.broadcast_to(shift, node.shape).ravel()
            return Sparse((node.size, size), everywhere, everywhere, wide, shift=moved)
        case AveragePool(windows=windows, divisors=divisors):
            rows, _ = np.nonzero(windows >= 0)
            return Sparse((node.size, size), rows, windows[windows >= 0], np.ones(len(rows)), divisors)
        case Convolution() as convolution:
            return _convolution(convolution, image, node.shape)
    raise GraphError(f"{node.name} is {shown(node.operation)}: it has no matrix, as it is not linear in one input.")


def _convolution(operation: Convolution, image: Shape, result: Shape) -> Sparse:
    import numpy as np

    if operation.transposed:
        image, result = result, image
    weight, groups = operation.weight, operation.groups
    outputs, inputs = weight.shape[0] // groups, weight.shape[1]
    source = np.arange(int(np.prod(image))).reshape(groups, inputs, *image[1:])
    target = np.arange(int(np.prod(result))).reshape(groups, outputs, *result[1:])
    filters = weight.reshape(groups, outputs, *weight.shape[1:])
    found = []
    for offset in product(*(range(k) for k in weight.shape[2:])):
        axes = zip(image[1:], result[1:], offset, operation.stride, operation.padding, operation.dilation, strict=True)
        read = [
            source_indices(n, np.arange(out) * stride - before + k * dilation, operation.mode)
            for n, out, k, stride, (before, _), dilation in axes
        ]
        everything = [np.arange(groups), np.arange(outputs)]
        to = target[np.ix_(*everything, *(np.flatnonzero(r >= 0) for r in read))].reshape(groups, outputs, 1, -1)
        back = source[np.ix_(everything[0], np.arange(inputs), *(r[r >= 0] for r in read))].reshape(
            groups, 1, inputs, -1
        )
        value = filters[:, :, :, *offset, None]
        found.append([a.ravel() for a in np.broadcast_arrays(to, back, value)])
    rows, columns, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    sizes = (int(np.prod(result)), int(np.prod(image)))
    if operation.transposed:
        rows, columns, sizes, result = columns, rows, sizes[::-1], image
    shift = None if operation.bias is None else np.repeat(operation.bias, int(np.prod(result[1:])))
    return Sparse(sizes, rows, columns, values, shift=shift)


def source_indices(size: int, positions: NDArray[np.int64], mode: PaddingMode) -> NDArray[np.int64]:
    """Which of `size` elements a padded axis holds at each position, -1 for zero; 0 ... size - 1 are inside."""
    import numpy as np

    if mode == "circular":
        return positions % size
    if mode == "replicate":
        return np.clip(positions, 0, size - 1)
    if mode == "reflect":
        period = max(2 * size - 2, 1)
        return size - 1 - np.abs(positions % period - (size - 1))
    return np.where((positions >= 0) & (positions < size), positions, -1)
