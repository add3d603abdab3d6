"""Activations, sorting, maxima and clamping on views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lipcheck.graph import Clamp, Diagonal, Max, Piecewise, Softmax, Sort, Standardize
from lipcheck.graph.operations import Number
from lipcheck.graph.smooth import smooth
from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.linear import (
    along,
    example_values,
    from_last,
    on_channels,
    scaled,
    sorted_along,
    to_last,
)
from lipcheck.nn.reading.views import NotUnderstood, View, broadcast, rebuilt


@dataclass(frozen=True, eq=False)
class Comparison:
    """x > 0 or x < 0 (or with equality), for `where` and for products with a mask."""

    view: View
    positive: bool


def piecewise(builder: Builder, view: View, negative: float, positive: float) -> View:
    """Negative x where x < 0, positive x elsewhere."""
    return builder.elementwise(Piecewise(np.array(negative), np.array(positive)), view)


def parametric(builder: Builder, view: View, slopes: Tensor) -> View:
    """PReLU: one slope, or one per channel (axis 1)."""
    if slopes.numel() > 1 and slopes.ndim == 1:
        slopes = slopes.reshape(1, -1, *(1,) * (view.index.ndim - 2))
    view, node, found, values = example_values(builder, view, slopes)
    shape = builder.nodes[node].shape
    operation = Piecewise(values, np.array(1.0))
    return rebuilt(builder.emit(operation, (node,), shape), builder.nodes[node].size, found, view.shape)


def clamped(builder: Builder, view: View, lower: float | None, upper: float | None) -> View:
    """min(max(x, lower), upper)."""
    if lower is not None and upper is not None and lower > upper:
        raise NotUnderstood(f"it clamps between {lower} and {upper}, which is a constant")
    lower = None if lower is None or lower == -np.inf else lower
    upper = None if upper is None or upper == np.inf else upper
    if lower == 0 and upper is None:
        return piecewise(builder, view, 0.0, 1.0)
    return view if lower is None and upper is None else builder.elementwise(Clamp(lower, upper), view)


def smoothed(builder: Builder, view: View, name: str, *parameters: Number) -> View:
    """A smooth activation of `lipcheck.graph.smooth`."""
    return builder.elementwise(smooth(name, *parameters), view)


def softplus(builder: Builder, view: View, beta: float, threshold: float, dtype: torch.dtype) -> View:
    """log(1 + exp(beta x)) / beta; torch gives x itself beyond the threshold, a jump that rounding has to cover."""
    unit = torch.finfo(dtype).eps / 2
    if beta <= 0 or np.log1p(np.exp(-threshold)) > unit * threshold:
        raise NotUnderstood(
            f"torch's softplus jumps by {np.log1p(np.exp(-threshold)) / abs(beta or 1):.1e} at {threshold:g} / beta, "
            f"more than {dtype} rounds there: give it threshold=40, or use torch.logaddexp"
        )
    inner = view if beta == 1 else scaled(builder, view, beta)
    outer = smoothed(builder, inner, "softplus")
    return outer if beta == 1 else scaled(builder, outer, beta, inverse=True)


def pairs(builder: Builder, first: View, second: View) -> tuple[View, View]:
    """The larger and the smaller of two views, from one Sort whatever the order of the two."""
    shape = broadcast(first.shape, second.shape)
    views = sorted((first, second), key=lambda v: (v.node, v.index.numpy().tobytes()))
    base, places = builder.combined([v.moved(v.index.expand(shape)) for v in views])
    result = along(builder, base.moved(torch.stack(places, -1)), -1, 2, lambda count: Sort(2, True))
    return result.moved(result.index[..., 0]), result.moved(result.index[..., 1])


def larger(builder: Builder, view: View, other: View | Tensor | float, largest: bool) -> View:
    """The elementwise maximum or minimum of a view and a view or constants."""
    if isinstance(other, View):
        return pairs(builder, view, other)[0 if largest else 1]
    if isinstance(other, float) or not other.ndim:
        bound = float(other)
        return clamped(builder, view, bound if largest else None, None if largest else bound)
    # max(x, c) = relu(x - c) + c, and min(x, c) = -relu(c - x) + c.
    sign = 1.0 if largest else -1.0
    shifted = scaled(builder, view, sign, -sign * other.to(torch.float64))
    return scaled(builder, piecewise(builder, shifted, 0.0, 1.0), sign, other.to(torch.float64))


def extreme(builder: Builder, view: View, axes: Sequence[int] | None, keep: bool, largest: bool) -> View:
    """The maximum or minimum over axes."""
    front, chosen = to_last(view, axes)
    length = front.shape[-1]
    if length == 2:
        ordered = sorted_along(builder, front, -1, True)
        result = ordered.moved(ordered.index[..., :1] if largest else ordered.index[..., 1:])
    else:
        signed = front if largest else scaled(builder, front, -1.0)
        places = np.arange(length)[None]
        result = along(builder, signed, -1, 1, lambda count: Max(on_channels(places, count, length)))
        result = result if largest else scaled(builder, result, -1.0)
    return from_last(view, result, chosen, keep)


def softmax(builder: Builder, view: View, axis: int) -> View:
    """Softmax of each fibre along an axis."""
    length = view.shape[axis] if view.shape else 1
    return along(builder, view, axis, length, lambda count: Softmax(length))


def standardized(builder: Builder, view: View, axes: int, epsilon: float, centred: bool) -> View:
    """Each example's groups of the last `axes` axes, less their mean if `centred`, over their root mean square."""
    front, _ = to_last(view, list(range(view.index.ndim - axes, view.index.ndim)))
    length = front.shape[-1]
    result = along(builder, front, -1, length, lambda count: Standardize(length, epsilon, centred))
    return result.moved(result.index.reshape(view.shape))


def standardized_groups(builder: Builder, view: View, groups: int, epsilon: float) -> View:
    """Each example (channels, *positions) in groups of consecutive channels, every group standardised as a whole."""
    batch, channels, *_ = view.shape
    if channels % groups:
        raise NotUnderstood(f"its {channels} channels are no {groups} groups")
    rows = view.moved(view.index.reshape(batch, groups, -1))
    result = standardized(builder, rows, 1, epsilon, True)
    return result.moved(result.index.reshape(view.shape))


def chosen(builder: Builder, condition: Comparison, yes: View | Tensor | float, no: View | Tensor | float) -> View:
    """where(x > 0, yes, no) with multiples of x: a piecewise linear activation."""
    view = condition.view
    slopes = [_slope(builder, view, branch) for branch in (yes, no)]
    positive, negative = slopes if condition.positive else slopes[::-1]
    node, found = builder.materialised(view)
    shape = builder.nodes[node].shape
    operation = Piecewise(np.asarray(negative), np.asarray(positive))
    return rebuilt(builder.emit(operation, (node,), shape), builder.nodes[node].size, found, view.shape)


def _slope(builder: Builder, view: View, branch: View | Tensor | float) -> Any:
    """The factor a of branch = a x. Raises NotUnderstood if it is not that."""
    if not isinstance(branch, View):
        if bool((torch.as_tensor(branch) == 0).all()):
            return np.array(0.0)
        raise NotUnderstood("it chooses between x and numbers, which jumps")
    node, found = builder.materialised(view)
    if branch.shape == view.shape:
        own, layout = builder.materialised(branch)
        if torch.equal(layout.order, found.order):
            if own == node:
                return np.array(1.0)
            made = builder.nodes[own]
            if made.inputs == (node,) and isinstance(made.operation, Diagonal) and made.operation.shift is None:
                return made.operation.factor
    raise NotUnderstood("it chooses by the sign of x between things that are not multiples of x")


def is_softsign(builder: Builder, view: View, divisor: View) -> bool:
    """Whether the divisor is 1 + |x|, at the same places."""
    (node, found), (own, other) = builder.materialised(view), builder.materialised(divisor)
    last = builder.nodes[own]
    if not (
        view.shape == divisor.shape and torch.equal(found.order, other.order) and isinstance(last.operation, Diagonal)
    ):
        return False
    inner = builder.nodes[last.inputs[0]]
    shift = last.operation.shift
    one = (last.operation.factor == 1).all() and shift is not None and (shift == 1).all()
    if not (one and isinstance(inner.operation, Piecewise)):
        return False
    absolute = (inner.operation.negative == -1).all() and (inner.operation.positive == 1).all()
    return bool(absolute and inner.inputs == (node,))
