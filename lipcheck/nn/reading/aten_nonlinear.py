"""Rules for torch's activations, sorting, maxima and choices."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor

from lipcheck.nn.reading import linear, nonlinear
from lipcheck.nn.reading.aten_linear import normalization
from lipcheck.nn.reading.call import RULES, Call, Rule, constants_only, rule
from lipcheck.nn.reading.linear import moved, scalar
from lipcheck.nn.reading.moving import one_moved
from lipcheck.nn.reading.nonlinear import Comparison
from lipcheck.nn.reading.views import NotUnderstood, View

IDENTITY = frozenset(["dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "native_dropout"])
SMOOTH = {
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "silu": "silu",
    "softsign": "softsign",
    "atan": "atan",
    "arctan": "atan",
    "sin": "sin",
    "cos": "cos",
    "mish": "mish",
    "erf": "erf",
    "special_expit": "sigmoid",
    "special_erf": "erf",
    "log_sigmoid": "logsigmoid",
    "hardswish": "hardswish",
}


@rule("relu")
def _relu(call: Call) -> View:
    return nonlinear.piecewise(call.builder, call.x, 0.0, 1.0)


@rule("abs", "absolute")
def _abs(call: Call) -> View:
    return nonlinear.piecewise(call.builder, call.x, -1.0, 1.0)


@rule("leaky_relu")
def _leaky(call: Call) -> View:
    return nonlinear.piecewise(call.builder, call.x, call.number("negative_slope"), 1.0)


@rule("rrelu", "rrelu_with_noise")
def _rrelu(call: Call) -> View:
    if call.get("training", False):
        raise NotUnderstood("it draws random slopes in train mode")
    slope = scalar((float(call["lower"]) + float(call["upper"])) / 2, call.dtype)
    return nonlinear.piecewise(call.builder, call.x, slope, 1.0)


@rule("prelu", "_prelu_kernel")
def _prelu(call: Call) -> View:
    constants_only(call["weight"])
    return nonlinear.parametric(call.builder, call.x, call["weight"])


@rule("clamp", "clip", "hardtanh", "clamp_min", "clamp_max")
def _clamp(call: Call) -> View:
    ends = [call.get("min", call.get("min_val")), call.get("max", call.get("max_val"))]
    view = call.x
    for end, largest in zip(ends, (True, False), strict=True):
        if isinstance(end, View) or (isinstance(end, Tensor) and end.ndim):
            view = nonlinear.larger(call.builder, view, end, largest)
            ends[0 if largest else 1] = None
    low, high = (None if end is None else scalar(float(end), call.dtype) for end in ends)
    return nonlinear.clamped(call.builder, view, low, high)


@rule("relu6")
def _relu6(call: Call) -> View:
    return nonlinear.clamped(call.builder, call.x, 0.0, 6.0)


@rule("threshold")
def _threshold(call: Call) -> View:
    at, value = call.number("threshold"), call.number("value")
    if at != value:
        raise NotUnderstood(f"it jumps from {value} to {at}, so that no constant bounds it")
    return nonlinear.clamped(call.builder, call.x, at, None)


@rule("hardsigmoid")
def _hardsigmoid(call: Call) -> View:
    inner = nonlinear.clamped(call.builder, linear.scaled(call.builder, call.x, 1.0, 3.0), 0.0, 6.0)
    return linear.scaled(call.builder, inner, 6.0, inverse=True)


@rule("softshrink")
def _softshrink(call: Call) -> View:
    bound = call.number("lambd", 0.5)
    inner = nonlinear.clamped(call.builder, call.x, -bound, bound)
    return linear.added(call.builder, call.x, inner, 1.0, -1.0)


@rule("elu", "selu", "celu", "elu_")
def _elu(call: Call) -> View:
    alpha, outer, inner = call.number("alpha", 1.0), call.number("scale", 1.0), call.number("input_scale", 1.0)
    return nonlinear.smoothed(call.builder, call.x, "elu", alpha, outer, inner)


def _selu(call: Call) -> View:
    return nonlinear.smoothed(call.builder, call.x, "elu", 1.6732632423543772848, 1.0507009873554804934, 1.0)


def _celu(call: Call) -> View:
    alpha = call.number("alpha", 1.0)
    if alpha <= 0:
        raise NotUnderstood(f"celu with alpha {alpha} is unbounded or undefined")
    return nonlinear.smoothed(call.builder, call.x, "elu", alpha, 1.0, 1 / Fraction(alpha))


RULES["selu"], RULES["celu"] = _selu, _celu


@rule("gelu")
def _gelu(call: Call) -> View:
    name = "gelu" if call.get("approximate", "none") == "none" else "gelu_tanh"
    return nonlinear.smoothed(call.builder, call.x, name)


@rule("softplus")
def _softplus(call: Call) -> View:
    beta, threshold = call.number("beta", 1.0), call.number("threshold", 20.0)
    return nonlinear.softplus(call.builder, call.x, beta, threshold, call.dtype)


@rule("logaddexp")
def _logaddexp(call: Call) -> View:
    first, second = list(call.arguments.values())[:2]
    if isinstance(first, View) and isinstance(second, View):
        raise NotUnderstood("it is logaddexp of two things that depend on the input")
    view, value = (first, second) if isinstance(first, View) else (second, first)
    if bool((value == 0).all()):
        return nonlinear.smoothed(call.builder, view.moved(view.index.expand(call.shape)), "softplus")
    values = value.to(torch.float64)
    return linear.scaled(
        call.builder, nonlinear.smoothed(call.builder, linear.scaled(call.builder, view, 1.0, -values), "softplus"),
        1.0, values,
    )  # fmt: skip


def _largest(call: Call, largest: bool) -> Any:
    if "other" in call.arguments:
        first, second = list(call.arguments.values())[:2]
        view, other = (first, second) if isinstance(first, View) else (second, first)
        return nonlinear.larger(call.builder, view, other if isinstance(other, View) else call.constant(other), largest)
    dims = call.get("dim")
    axes = [dims] if isinstance(dims, int) else dims
    result = nonlinear.extreme(call.builder, call.x, axes, bool(call.get("keepdim", False)), largest)
    return (result, None) if isinstance(dims, int) else result


for _name in ("maximum", "max", "fmax", "amax"):
    RULES[_name] = lambda call: _largest(call, True)
for _name in ("minimum", "min", "fmin", "amin"):
    RULES[_name] = lambda call: _largest(call, False)


@rule("sort")
def _sort(call: Call) -> Any:
    return linear.sorted_along(call.builder, call.x, call.get("dim", -1), bool(call.get("descending", False))), None


@rule("msort")
def _msort(call: Call) -> View:
    return linear.sorted_along(call.builder, call.x, 0, False)


@rule("topk")
def _topk(call: Call) -> Any:
    if not call.get("sorted", True):
        raise NotUnderstood("the order of its values is not fixed (sorted=False)")
    ordered = linear.sorted_along(call.builder, call.x, call["dim"], bool(call["largest"]))
    return moved(ordered, torch.narrow, call["dim"], 0, call["k"]), None


@rule("kthvalue")
def _kthvalue(call: Call) -> Any:
    ordered = linear.sorted_along(call.builder, call.x, call["dim"], False)
    kept = moved(ordered, torch.narrow, call["dim"], call["k"] - 1, 1)
    return kept if call.get("keepdim", False) else moved(kept, torch.squeeze, call["dim"]), None


@rule("softmax", "_softmax")
def _softmax(call: Call) -> View:
    return nonlinear.softmax(call.builder, call.x, call["dim"])


@rule("layer_norm", "native_layer_norm")
def _layer_norm(call: Call) -> Any:
    view = _standardized(call, call.number("eps"), True)
    return (view, None, None) if "cudnn_enable" not in call.arguments else view


@rule("rms_norm", "_fused_rms_norm")
def _rms_norm(call: Call) -> View:
    # Without eps torch takes that of the format; for half formats, which it computes in wider ones, it does not say so.
    if call.get("eps") is None and call.dtype not in (torch.float32, torch.float64):
        raise NotUnderstood("it takes its epsilon from the format: give it eps")
    epsilon = float(torch.finfo(call.dtype).eps) if call.get("eps") is None else call.number("eps")
    return _standardized(call, epsilon, False)


@rule("group_norm")
def _group_norm(call: Call) -> View:
    return _standardized_groups(call, int(call["num_groups"]))


@rule("instance_norm")
def _instance_norm(call: Call) -> View:
    if call["use_input_stats"]:
        return _standardized_groups(call, call.x.shape[1])
    factor, shift = normalization(call.arguments)
    sides = (1, -1, *(1,) * (call.x.index.ndim - 2))
    return linear.scaled(call.builder, call.x, factor.reshape(sides), shift.reshape(sides))


def _standardized_groups(call: Call, groups: int) -> View:
    weight, bias = _factors(call)
    view = nonlinear.standardized_groups(call.builder, call.x, groups, above_zero(call.number("eps")))
    return linear.affine(call.builder, view, weight, bias, (1, -1, *(1,) * (view.index.ndim - 2)))


def _standardized(call: Call, epsilon: float, centred: bool) -> View:
    weight, bias = _factors(call)
    axes = len(call["normalized_shape"])
    view = nonlinear.standardized(call.builder, call.x, axes, above_zero(epsilon), centred)
    return linear.affine(call.builder, view, weight, bias)


def _factors(call: Call) -> tuple[Tensor | None, Tensor | None]:
    constants_only(call.get("weight"), call.get("bias"))
    return call.get("weight"), call.get("bias")


def above_zero(epsilon: float) -> float:
    """The epsilon of a normalisation; NotUnderstood for 0, with which it has no bound."""
    if epsilon <= 0:
        raise NotUnderstood("with epsilon 0 it has no bound: it divides by the spread of its input, however small")
    return epsilon


@rule("gt", "ge")
def _above(call: Call) -> Comparison:
    return _compare(call, True)


@rule("lt", "le")
def _below(call: Call) -> Comparison:
    return _compare(call, False)


def _compare(call: Call, above: bool) -> Comparison:
    first, second = list(call.arguments.values())[:2]
    view, other, positive = (first, second, above) if isinstance(first, View) else (second, first, not above)
    if not isinstance(view, View) or isinstance(other, View) or bool((torch.as_tensor(other) != 0).any()):
        raise NotUnderstood("it compares with something else than zero")
    return Comparison(view, positive)


@rule("where")
def _where(call: Call) -> View:
    condition, yes, no = list(call.arguments.values())[:3]
    if isinstance(condition, Comparison):
        return nonlinear.chosen(call.builder, condition, yes, no)
    if isinstance(condition, View):
        raise NotUnderstood("it chooses by something that depends on the input")
    return one_moved(call.builder, torch.where, (condition, yes, no), {})


@rule("masked_fill")
def _masked_fill(call: Call) -> View:
    mask, value = call["mask"], call["value"]
    if isinstance(mask, Comparison):
        return nonlinear.chosen(call.builder, mask, value, call.x)
    value = value if isinstance(value, Tensor | View) else torch.tensor(scalar(float(value), call.dtype))
    return one_moved(call.builder, torch.where, (mask, value, call.x), {})


def _masked(call: Call, operation: Callable[..., Tensor]) -> View:
    mask = operation(torch.ones(call.x.shape), call.get("diagonal", 0)) > 0
    return one_moved(call.builder, torch.where, (mask, call.x, torch.zeros((), dtype=torch.float64)), {})


RULES["tril"] = lambda call: _masked(call, torch.tril)
RULES["triu"] = lambda call: _masked(call, torch.triu)


@rule("to", "_to_copy", "type_as", "float", "double", "half")
def _to(call: Call) -> View:
    kind = call.get("dtype")
    if kind is not None and not kind.is_floating_point:
        raise NotUnderstood(f"it casts to {kind}, " + ("complex numbers" if kind.is_complex else "which jumps"))
    return call.x


def _smooth_rule(name: str) -> Rule:
    return lambda call: nonlinear.smoothed(call.builder, call.x, name)


RULES.update({name: _smooth_rule(kind) for name, kind in SMOOTH.items()})


@rule(*IDENTITY)
def _dropout(call: Call) -> Any:
    if call.get("train", call.get("training", False)):
        raise NotUnderstood("it drops elements at random in train mode")
    return call.x
