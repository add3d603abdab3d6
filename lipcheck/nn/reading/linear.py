"""Affine operations on views: dense maps along an axis, convolutions, sums over windows, factors, shifts, sums."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lipcheck.graph import AveragePool, Convolution, Dense, Diagonal, Softmax, Sort, Standardize, Sum
from lipcheck.graph.operations import Operation, Shape
from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.views import Layout, NotUnderstood, View, broadcast, layout, of_constant, rebuilt


def numbers(tensor: Tensor) -> NDArray[np.float64]:
    """The stored numbers, read without rounding."""
    if tensor.is_complex() or tensor.layout != torch.strided:
        raise NotUnderstood(f"its weight is {tensor.dtype}, {tensor.layout}: only dense real weights are read")
    if tensor.dtype == torch.int64 and bool((tensor.abs() > 2**53).any()):
        raise NotUnderstood("its integers are beyond 2^53")
    return tensor.detach().cpu().to(torch.float64).contiguous().numpy()


def moved(view: View, operation: Callable[..., Tensor], *arguments: Any, **named: Any) -> View:
    """The view after an operation that only moves elements."""
    return view.moved(operation(view.index, *arguments, **named))


def along(
    builder: Builder,
    view: View,
    axis: int,
    outputs: int,
    make: Callable[[int], Operation],
    *,
    shaped: bool = False,
    tail: Shape | None = None,
) -> View:
    """The view after an operation on each fibre along an axis, which it makes `outputs` long.

    `make(count)` gives the operation on `count` fibres, one after the other; `shaped`: its node's last axis is theirs.
    `tail` is the shape of what it makes of one, as its node shows it.
    """
    front = view.index.movedim(axis, -1)
    length, turned = front.shape[-1], view.moved(front)
    found = layout(turned, builder.batch)
    if not length or found.order.shape[1] % length:
        raise NotUnderstood("it mixes the examples of a batch")
    rows = found.order.reshape(builder.batch, -1, length)
    starts = rows[:, :, 0]
    if bool((rows != starts[:, :, None] + torch.arange(length)).any()) or bool((starts % length).any()):
        raise NotUnderstood("it mixes the examples of a batch")
    count = rows.shape[1]
    lead = found.shape[:-1] if found.shape and found.shape[-1] == length else (count,)
    node = builder.node(turned, found, (*lead, length) if shaped else None)
    operation, own = make(count), (*lead, *((outputs,) if tail is None else tail))
    own = builder.nodes[node].shape if isinstance(operation, Sort | Softmax | Standardize) else own
    result = builder.emit(operation, (node,), own)
    places = (starts // length * outputs)[:, :, None] + torch.arange(outputs)
    target = Layout(places.reshape(builder.batch, -1), own)
    full = rebuilt(result, count * outputs, target, (*front.shape[:-1], outputs))
    return full.moved(full.index.movedim(-1, axis))


def dense(builder: Builder, view: View, weight: Tensor, bias: Tensor | None = None, axis: int = -1) -> View:
    """W x + b along an axis; weight (outputs, inputs)."""
    operation = Dense(numbers(weight), None if bias is None else numbers(bias))
    return along(builder, view, axis, len(weight), lambda count: operation, shaped=True)


def product_right(builder: Builder, view: View, weight: Tensor) -> View:
    """x @ weight, as `torch.matmul`, for constant weights of one, two or more axes."""
    if weight.ndim == 1:
        return moved(dense(builder, view, weight[None]), Tensor.squeeze, -1)
    if weight.ndim == 2:
        return dense(builder, view, weight.T)
    return _stacked(builder, view, weight, lambda part, w: product_right(builder, part, w))


def product_left(builder: Builder, weight: Tensor, view: View) -> View:
    """weight @ x, as `torch.matmul`."""
    if view.index.ndim == 1:
        return moved(product_left(builder, weight, moved(view, Tensor.unsqueeze, -1)), Tensor.squeeze, -1)
    if weight.ndim == 1:
        return moved(product_left(builder, weight[None], view), Tensor.squeeze, -2)
    if weight.ndim == 2:
        return dense(builder, view, weight, axis=-2)
    return _stacked(builder, view, weight, lambda part, w: product_left(builder, w, part))


def _stacked(builder: Builder, view: View, weight: Tensor, one: Callable[[View, Tensor], View]) -> View:
    """Stacks of matrices: one product for each different matrix, equal ones in one go."""
    if view.index.ndim == 1:
        raise NotUnderstood("it multiplies one vector by a stack of matrices")
    lead = broadcast(weight.shape[:-2], view.index.shape[:-2])
    matrices = weight.expand(*lead, *weight.shape[-2:]).reshape(-1, *weight.shape[-2:])
    index = view.index.expand(*lead, *view.index.shape[-2:]).reshape(-1, *view.index.shape[-2:])
    different, which = torch.unique(matrices, dim=0, return_inverse=True)
    if len(different) > 512:
        raise NotUnderstood(f"it multiplies by a stack of {len(different)} different matrices")
    parts = [one(view.moved(index[which == i]), matrix) for i, matrix in enumerate(different)]
    base, places = builder.combined(parts)
    order = torch.argsort(torch.argsort(which, stable=True))
    return base.moved(torch.cat(places)[order].reshape(*lead, *places[0].shape[1:]))


def convolution(
    builder: Builder,
    view: View,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[tuple[int, int]],
    dilation: Sequence[int],
    groups: int = 1,
    *,
    transposed: bool = False,
    output_padding: Sequence[int] = (0,),
) -> View:
    """A convolution with zero padding, or the adjoint of one."""
    axes = weight.ndim - 2
    if axes not in (1, 2):
        raise NotUnderstood(f"it is a convolution over {axes} axes: one and two are understood")
    node, image = builder.example(view)
    stride, dilation, more = (_each(entry, axes) for entry in (stride, dilation, output_padding))
    ends = list(padding) * (axes if len(padding) == 1 else 1)
    sizes = []
    # What torch adds at the far end of a transposed convolution is padding that it takes away less.
    pads = [(int(a), int(b) - extra) for (a, b), extra in zip(ends, more, strict=True)]
    for i, (n, k) in enumerate(zip(image[1:], weight.shape[2:], strict=True)):
        before, after = pads[i]
        if transposed:
            sizes.append((n - 1) * stride[i] - before - after + dilation[i] * (k - 1) + 1)
        else:
            sizes.append((n + before + after - dilation[i] * (k - 1) - 1) // stride[i] + 1)
    channels = weight.shape[1] * groups if transposed else weight.shape[0]
    operation = Convolution(
        numbers(weight),
        None if bias is None else numbers(bias),
        stride,
        tuple(pads),
        dilation,
        groups,
        "zeros",
        transposed,
    )
    return builder.batched(builder.emit(operation, (node,), (channels, *sizes)))


def _each(entry: Sequence[int], axes: int) -> tuple[int, ...]:
    """One number for each axis."""
    return tuple(int(n) for n in entry) * (axes if len(entry) == 1 else 1)


def window_places(
    image: Shape,
    kernel: Sequence[int],
    stride: Sequence[int],
    before: Sequence[int],
    dilation: Sequence[int],
    outputs: Sequence[int],
) -> NDArray[np.int64]:
    """For each output pixel of one channel the pixels under its window, -1 for padding: (outputs, taps)."""
    axes = [
        np.arange(out)[:, None] * s - b + np.arange(k)[None] * d
        for out, k, s, b, d in zip(outputs, kernel, stride, before, dilation, strict=True)
    ]
    return _grid(image, axes)


def adaptive_places(image: Shape, outputs: Sequence[int]) -> NDArray[np.int64]:
    """The windows of torch's adaptive pooling: from floor(i n / out) to ceil((i + 1) n / out)."""
    axes = []
    for n, out in zip(image, outputs, strict=True):
        spans = [range(i * n // out, -(-(i + 1) * n // out)) for i in range(out)]
        longest = max(map(len, spans))
        axes.append(np.array([[*span, *[-1] * (longest - len(span))] for span in spans]))
    return _grid(image, axes)


def _grid(image: Shape, axes: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """From the pixels under each window along each axis, the flat pixels under each window."""
    rows = []
    for offsets in product(*(range(len(axis)) for axis in axes)):
        place, inside = np.zeros((), np.int64), np.ones((), bool)
        for axis, at, n in zip(axes, offsets, image, strict=True):
            step = axis[at]
            place = place[..., None] * n + step
            inside = inside[..., None] & (step >= 0) & (step < n)
        rows.append(np.where(inside, place, -1).ravel())
    return np.array(rows, np.int64)


def on_channels(places: NDArray[np.int64], channels: int, pixels: int) -> NDArray[np.int64]:
    """The windows of every channel."""
    shifted = np.where(places >= 0, places[None] + pixels * np.arange(channels)[:, None, None], -1)
    return shifted.reshape(-1, places.shape[1])


def pooled(builder: Builder, view: View, places: NDArray[np.int64], outputs: Sequence[int], make: Any) -> View:
    """A pooling of the last axes by windows; `make(windows)` is the operation. Leading axes: channels, examples."""
    axes = len(outputs)
    lead, image = view.index.shape[:-axes], view.index.shape[-axes:]
    flat = view.moved(view.index.reshape(*lead, -1))
    pixels = math.prod(image)
    size = math.prod(outputs)
    tail = tuple(int(n) for n in outputs)
    result = along(builder, flat, -1, size, lambda count: make(on_channels(places, count, pixels)), tail=tail)
    return result.moved(result.index.reshape(*lead, *outputs))


def average(view_windows: NDArray[np.int64], divisors: NDArray[np.int64]) -> AveragePool:
    """Sums over windows, divided by the divisors of one channel."""
    return AveragePool(view_windows, np.tile(divisors, len(view_windows) // len(divisors)))


def reduced(builder: Builder, view: View, axes: Sequence[int] | None, keep: bool, mean: bool) -> View:
    """The sum or the mean over axes."""
    front, axes = to_last(view, axes)
    length = front.shape[-1]
    places, divisors = np.arange(length)[None], np.array([length if mean else 1])
    result = along(builder, front, -1, 1, lambda count: average(on_channels(places, count, length), divisors))
    return from_last(view, result, axes, keep)


def to_last(view: View, axes: Sequence[int] | None) -> tuple[View, list[int]]:
    """The view with these axes (None or empty: all) flattened into one at the end."""
    ndim = view.index.ndim
    chosen = sorted({a % ndim for a in axes}) if axes else list(range(ndim))
    rest = [a for a in range(ndim) if a not in chosen]
    front = view.index.permute(*rest, *chosen)
    return view.moved(front.reshape(*front.shape[: len(rest)], -1)), chosen


def from_last(view: View, result: View, axes: list[int], keep: bool) -> View:
    """The result of a reduction of the last axis to length one, in the place of the axes."""
    index = result.index.squeeze(-1)
    for axis in axes if keep else []:
        index = index.unsqueeze(axis)
    return result.moved(index)


def scalar(value: float, dtype: torch.dtype) -> float:
    """A number of the program as the operation uses it: float64 stays, below that torch computes with float32."""
    return float(value) if dtype == torch.float64 else float(np.float32(value))


def example_values(builder: Builder, view: View, values: Tensor) -> tuple[View, int, Layout, NDArray[np.float64]]:
    """Constant values broadcast to the view: the view, its node and layout, and the values of one example."""
    shape = broadcast(view.shape, values.shape)
    view = view.moved(view.index.expand(shape))
    node, found = builder.materialised(view)
    each = torch.from_numpy(numbers(values)).expand(shape).reshape(-1)[found.order]
    if not bool((each == each[:1]).all()) and not bool(torch.isnan(each).any()):
        raise NotUnderstood("it treats the examples of a batch differently")
    one = each[0].numpy()
    if one.size and (one == one[0]).all():
        return view, node, found, np.array(one[0])
    return view, node, found, one.reshape(builder.nodes[node].shape)


def affine(
    builder: Builder, view: View, factor: Tensor | None, shift: Tensor | None, sides: Sequence[int] = ()
) -> View:
    """Factor x + shift with constants, where there are any; both in the shape of `sides`, if that is given."""
    if factor is not None:
        view = scaled(builder, view, factor.reshape(sides) if sides else factor)
    if shift is not None:
        shift = shift.to(torch.float64)
        view = scaled(builder, view, 1.0, shift.reshape(sides) if sides else shift)
    return view


def scaled(
    builder: Builder, view: View, factor: Tensor | float, shift: Tensor | float = 0.0, *, inverse: bool = False
) -> View:
    """Factor x + shift with constants; `inverse`: x / factor + shift, where 1 / factor is exact."""
    values = torch.as_tensor(factor, dtype=torch.float64) if isinstance(factor, float) else factor
    view, node, found, f = example_values(builder, view, values)
    moves = torch.as_tensor(shift, dtype=torch.float64) if isinstance(shift, float) else shift
    if inverse and (f == 0).any():
        raise NotUnderstood("it divides by zero")
    multiplier = reciprocals(f) if inverse else f
    if not moves.ndim and float(moves) == 0:
        if multiplier.dtype != object and not multiplier.ndim and float(multiplier) == 1:
            return view
        operation = Diagonal(multiplier)
    else:
        view, node, found, s = example_values(builder, view, moves)
        operation = Diagonal(multiplier, s)
    shape = builder.nodes[node].shape
    return rebuilt(builder.emit(operation, (node,), shape), builder.nodes[node].size, found, view.shape)


def reciprocals(values: NDArray[np.float64]) -> NDArray[Any]:
    """1 / v exactly: floats where all of them are powers of two, else Fractions."""
    mantissas, _ = np.frexp(values)
    if (np.abs(mantissas) == 0.5).all() and np.isfinite(1 / values).all():
        return np.asarray(1 / values)
    exact = np.empty(values.shape, object)
    for place, entry in np.ndenumerate(values):
        exact[place] = 1 / Fraction(float(entry))
    return exact


def added(builder: Builder, first: View, second: View, c: float = 1.0, d: float = 1.0) -> View:
    """C first + d second."""
    shape = broadcast(first.shape, second.shape)
    (a, found), (b, other) = (builder.materialised(view.moved(view.index.expand(shape))) for view in (first, second))
    if not torch.equal(found.order, other.order):
        raise NotUnderstood("it adds different examples of a batch")
    nodes = builder.nodes
    own = nodes[a].shape
    if nodes[b].shape != own:
        b = builder.node(second.moved(second.index.expand(shape)), other, own)
    return rebuilt(builder.emit(Sum((c, d)), (a, b), own), nodes[a].size, found, shape)


def sorted_along(builder: Builder, view: View, axis: int, descending: bool) -> View:
    """Each fibre along an axis in order."""
    length = view.index.shape[axis] if view.index.ndim else 1
    if not view.index.ndim:
        return view
    return along(builder, view, axis, length, lambda count: Sort(length, descending))


def constant_view(builder: Builder, values: Tensor, like: View) -> View:
    """Numbers as a view of the same node."""
    return of_constant(torch.from_numpy(numbers(values)), like)
