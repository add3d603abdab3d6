"""Rules for torch's padding and pooling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from lipcheck.graph import Max
from lipcheck.nn.reading import linear
from lipcheck.nn.reading.call import RULES, Call, rule
from lipcheck.nn.reading.linear import moved
from lipcheck.nn.reading.views import View


def _padded(call: Call, mode: str | None) -> View:
    view, amounts = call.x, list(call.get("pad", call.get("padding")))
    mode = call.get("mode", "constant") if mode is None else mode
    if mode != "constant":
        return moved(view, torch.nn.functional.pad, amounts, mode)
    value = call.number("value", 0.0)
    constants = torch.cat([view.constants, torch.tensor([value], dtype=torch.float64)])
    index = torch.nn.functional.pad(view.index, amounts, value=-float(len(constants)))
    return View(view.node, view.size, index, constants)


RULES["pad"] = lambda call: _padded(call, None)
RULES["constant_pad_nd"] = lambda call: _padded(call, "constant")
for _axes in ("1d", "2d", "3d"):
    RULES[f"reflection_pad{_axes}"] = lambda call: _padded(call, "reflect")
    RULES[f"replication_pad{_axes}"] = lambda call: _padded(call, "replicate")


@rule("max_pool1d", "max_pool2d", "max_pool3d", "max_pool2d_with_indices", "max_pool1d_with_indices")
def _max_pool(call: Call) -> View:
    axes = len(_tuple(call["kernel_size"], 0))
    return linear.pooled(call.builder, call.x, _windows(call, axes), call.shape[-axes:], Max)


RULES["max_pool2d_with_indices"] = RULES["max_pool1d_with_indices"] = lambda call: (_max_pool(call), None)


def _tuple(value: Sequence[int] | int, axes: int) -> tuple[int, ...]:
    entries = (value,) if isinstance(value, int) else tuple(value)
    return entries * axes if len(entries) == 1 and axes else entries


def _windows(call: Call, axes: int) -> Any:
    kernel = _tuple(call["kernel_size"], axes)
    stride = _tuple(call["stride"], axes) or kernel
    padding, dilation = _tuple(call["padding"], axes), _tuple(call.get("dilation", 1), axes)
    image = call.x.shape[-axes:]
    return linear.window_places(image, kernel, stride, padding, dilation, call.shape[-axes:])


@rule("avg_pool1d", "avg_pool2d", "avg_pool3d")
def _avg_pool(call: Call) -> View:
    kernel = _tuple(call["kernel_size"], 0)
    axes = len(kernel)
    places, image = _windows(call, axes), call.x.shape[-axes:]
    divisors = (places >= 0).sum(1)
    if call.get("divisor_override") is not None:
        divisors = np.full(len(places), call["divisor_override"])
    elif call["count_include_pad"]:
        # Taps beyond the padding, which ceil_mode can reach, do not count.
        stride, padding = _tuple(call["stride"], axes) or kernel, _tuple(call["padding"], axes)
        wide = tuple(n + 2 * p for n, p in zip(image, padding, strict=True))
        ones = (1,) * axes
        divisors = (linear.window_places(wide, kernel, stride, (0,) * axes, ones, call.shape[-axes:]) >= 0).sum(1)
    return linear.pooled(
        call.builder, call.x, places, call.shape[-axes:], lambda windows: linear.average(windows, divisors)
    )


@rule("adaptive_avg_pool1d", "adaptive_avg_pool2d", "_adaptive_avg_pool2d")
def _adaptive_average(call: Call) -> View:
    outputs = tuple(call.shape[-len(call["output_size"]) :])
    places = linear.adaptive_places(call.x.shape[-len(outputs) :], outputs)
    divisors = (places >= 0).sum(1)
    return linear.pooled(call.builder, call.x, places, outputs, lambda windows: linear.average(windows, divisors))


@rule("adaptive_max_pool1d", "adaptive_max_pool2d")
def _adaptive_max(call: Call) -> Any:
    outputs = tuple(call.shape[-len(_tuple(call["output_size"], 0)) :])
    places = linear.adaptive_places(call.x.shape[-len(outputs) :], outputs)
    return linear.pooled(call.builder, call.x, places, outputs, Max), None
