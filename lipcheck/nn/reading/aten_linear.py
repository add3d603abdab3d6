"""Rules for torch's linear operations: products, convolutions, normalisation in eval mode, sums, factors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from lipcheck.nn.reading import linear, nonlinear
from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.call import RULES, Call, constants_only, rule
from lipcheck.nn.reading.linear import moved
from lipcheck.nn.reading.nonlinear import Comparison
from lipcheck.nn.reading.views import NotUnderstood, View


@rule("linear")
def _linear(call: Call) -> View:
    constants_only(call["weight"], call["bias"])
    weight, one = call["weight"], bool(call["weight"].ndim == 1)
    weight = weight[None] if one else weight
    result = linear.dense(call.builder, call.x, weight, call["bias"])
    return moved(result, Tensor.squeeze, -1) if one else result


@rule("addmm", "baddbmm", "addmv", "addbmm")
def _addmm(call: Call) -> Any:
    names = list(call.arguments)
    bias, first, second = (call[name] for name in names[:3])
    result = _matmul_of(call.builder, first, second)
    alpha, beta = call.number("alpha", 1.0), call.number("beta", 1.0)
    if isinstance(result, View) and isinstance(bias, View):
        return linear.added(call.builder, bias, result, beta, alpha)
    if isinstance(result, View):
        return linear.scaled(call.builder, result, alpha, bias.to(torch.float64) * beta)
    return linear.scaled(call.builder, bias, beta, result.to(torch.float64) * alpha)


@rule("mm", "matmul", "bmm", "mv", "dot", "inner", "vdot")
def _matmul(call: Call) -> Any:
    first, second = list(call.arguments.values())[:2]
    return _matmul_of(call.builder, first, second)


def _matmul_of(builder: Builder, first: Any, second: Any) -> Any:
    if isinstance(first, View) and isinstance(second, View):
        raise NotUnderstood("it multiplies two things that depend on the input")
    if isinstance(first, View):
        return linear.product_right(builder, first, second)
    return linear.product_left(builder, first, second) if isinstance(second, View) else first @ second


@rule("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "convolution")
def _convolution(call: Call) -> View:
    constants_only(call["weight"], call["bias"])
    weight = call["weight"]
    axes = weight.ndim - 2
    stride, dilation = list(call["stride"]) or [1], list(call["dilation"])
    dilation = dilation * (axes if len(dilation) == 1 else 1)
    transposed = bool(call.get("transposed", "output_padding" in call.arguments))
    if isinstance(call["padding"], str):
        spans = [d * (k - 1) for d, k in zip(dilation, weight.shape[2:], strict=True)]
        same = call["padding"] == "same"
        padding = [(span // 2, span - span // 2) if same else (0, 0) for span in spans]
    else:
        padding = [(p, p) for p in call["padding"]]
    padding = padding * (axes if len(padding) == 1 else 1)
    more = call.get("output_padding", [0])
    return linear.convolution(
        call.builder, call.x, weight, call["bias"], stride, padding, dilation, call["groups"],
        transposed=transposed, output_padding=more,
    )  # fmt: skip


@rule("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm", "cudnn_batch_norm")
def _batch_norm(call: Call) -> Any:
    factor, shift = normalization(call.arguments)
    sides = (1, -1, *(1,) * (call.x.index.ndim - 2))
    result = linear.scaled(call.builder, call.x, factor.reshape(sides), shift.reshape(sides))
    return (result, None, None) if "momentum" in call.arguments and "training" not in call.arguments else result


def normalization(arguments: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Factor and shift of a batch normalisation in eval mode, computed in its own precision as torch's kernel does."""
    if arguments.get("training", False) or arguments.get("use_input_stats", False):
        raise NotUnderstood("it normalises by the statistics of its own input (train mode, or no running statistics)")
    mean, variance = arguments["running_mean"], arguments["running_var"]
    if mean is None or variance is None:
        raise NotUnderstood("it has no running statistics, so that it normalises by those of its own input")
    low = mean.dtype in (torch.bfloat16, torch.float16)
    parts = [mean, variance, arguments["weight"], arguments["bias"]]
    constants_only(*parts)
    mean, variance, weight, bias = (p.float() if low and p is not None else p for p in parts)
    factor = 1 / torch.sqrt(variance + arguments["eps"])
    factor = factor if weight is None else factor * weight
    shift = -mean * factor if bias is None else bias - mean * factor
    return factor, shift


def _sum(call: Call, first_sign: float, second_sign: float) -> View:
    first, second = list(call.arguments.values())[:2]
    alpha = call.number("alpha", 1.0)
    if isinstance(first, View) and isinstance(second, View):
        scale = [first_sign, second_sign]
        scale[0 if first_sign < 0 else 1] *= alpha
        return linear.added(call.builder, first, second, *scale)
    if isinstance(first, View):
        factor, amount = (first_sign * alpha, 1.0) if first_sign < 0 else (first_sign, second_sign * alpha)
        return linear.scaled(call.builder, first, factor, _times(call.constant(second), amount))
    factor, amount = (second_sign, first_sign * alpha) if first_sign < 0 else (second_sign * alpha, first_sign)
    return linear.scaled(call.builder, second, factor, _times(call.constant(first), amount))


def _times(value: Tensor | float, amount: float) -> Tensor | float:
    return value.to(torch.float64) * amount if isinstance(value, Tensor) else value * amount


RULES["add"] = lambda call: _sum(call, 1.0, 1.0)
RULES["sub"] = RULES["subtract"] = lambda call: _sum(call, 1.0, -1.0)
RULES["rsub"] = lambda call: _sum(call, -1.0, 1.0)


@rule("mul", "multiply")
def _mul(call: Call) -> View:
    first, second = list(call.arguments.values())[:2]
    for x, mask in ((first, second), (second, first)):
        if isinstance(x, View) and isinstance(mask, Comparison):
            if torch.equal(x.index, mask.view.index) and x.node == mask.view.node:
                return nonlinear.chosen(call.builder, mask, x, 0.0)
            raise NotUnderstood("it multiplies by the sign of something else")
    if isinstance(first, View) and isinstance(second, View):
        raise NotUnderstood("it multiplies two things that depend on the input")
    view, value = (first, second) if isinstance(first, View) else (second, first)
    return linear.scaled(call.builder, view, call.constant(value))


@rule("div", "divide", "true_divide")
def _div(call: Call) -> View:
    first, second = list(call.arguments.values())[:2]
    if call.get("rounding_mode") is not None:
        raise NotUnderstood("it rounds, which jumps")
    if isinstance(first, View) and isinstance(second, View) and nonlinear.is_softsign(call.builder, first, second):
        return nonlinear.smoothed(call.builder, first, "softsign")
    if not isinstance(first, View) or isinstance(second, View):
        raise NotUnderstood("it divides by something that depends on the input")
    return linear.scaled(call.builder, first, call.constant(second), inverse=True)


@rule("neg", "negative")
def _neg(call: Call) -> View:
    return linear.scaled(call.builder, call.x, -1.0)


def _reduction(call: Call, mean: bool) -> View:
    if call.get("dtype") is not None and not call["dtype"].is_floating_point:
        raise NotUnderstood(f"it casts to {call['dtype']}")
    return linear.reduced(call.builder, call.x, call.get("dim"), bool(call.get("keepdim", False)), mean)


RULES["mean"] = lambda call: _reduction(call, True)
RULES["sum"] = lambda call: _reduction(call, False)


@rule("cumsum")
def _cumsum(call: Call) -> View:
    length = call.x.index.shape[call["dim"]]
    return linear.dense(call.builder, call.x, torch.tril(torch.ones(length, length)), axis=call["dim"])
