"""The table of torch's operations: each name with what it does to views. What is in no table is not understood.

MOVING holds the operations that only move elements; torch itself runs them on the positions. Every other entry takes
the `Call`: builder, dtype, arguments with defaults filled in by torch's own schema.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lipcheck.graph import Max
from lipcheck.nn.reading import linear, nonlinear
from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.linear import moved, scalar
from lipcheck.nn.reading.nonlinear import Comparison
from lipcheck.nn.reading.views import NotUnderstood, View

MOVING = frozenset(
    "alias atleast_1d atleast_2d atleast_3d broadcast_to cat channel_shuffle chunk clone column_stack concat "
    "concatenate contiguous detach diagonal dsplit dstack expand expand_as flatten flip fliplr flipud hsplit hstack "
    "index index_select lift_fresh lift_fresh_copy movedim moveaxis narrow native_channel_shuffle permute "
    "pixel_shuffle pixel_unshuffle ravel repeat repeat_interleave reshape reshape_as roll rot90 select "
    "select_scatter slice slice_scatter split split_with_sizes squeeze stack swapaxes swapdims t tensor_split tile "
    "transpose numpy_T mT unbind unflatten unfold unsafe_chunk unsafe_split unsqueeze upsample_nearest1d upsample_nearest2d view "
    "view_as vsplit vstack gather index_put take diagonal_scatter unsafe_view _unsafe_view "
    "permute_copy view_copy expand_copy slice_copy select_copy split_copy split_with_sizes_copy squeeze_copy "
    "transpose_copy unsqueeze_copy unbind_copy alias_copy detach_copy t_copy".split()
)
"""Operations whose results are elements of their inputs, chosen without looking at them."""
RESHAPING = frozenset(("view", "unsafe_view", "_unsafe_view", "view_copy"))
IDENTITY = frozenset("dropout feature_dropout alpha_dropout feature_alpha_dropout native_dropout".split())
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


@dataclass(frozen=True)
class Call:
    """One call: the operation's arguments by name, in which views stand for what depends on the example."""

    builder: Builder
    dtype: torch.dtype
    arguments: dict[str, Any]
    shape: tuple[int, ...]

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The argument, or something else if there is none."""
        return self.arguments.get(name, otherwise)

    @property
    def x(self) -> View:
        """The first argument, which has to be a view."""
        view = next(iter(self.arguments.values()))
        if not isinstance(view, View):
            raise NotUnderstood("its first argument is no tensor that depends on the input")
        return view

    def number(self, name: str, otherwise: float = 0.0) -> float:
        """A number as the operation uses it, or `otherwise` where it is None."""
        value = self.arguments.get(name)
        return otherwise if value is None else scalar(float(value), self.dtype)

    def constant(self, value: Any) -> Tensor | float:
        """A constant operand."""
        return value if isinstance(value, Tensor) else scalar(float(value), self.dtype)


Rule = Callable[[Call], Any]
RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Enter a function into the table."""

    def enter(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, function))
        return function

    return enter


def _constants(*values: Any) -> None:
    if any(isinstance(value, View | Comparison) for value in values):
        raise NotUnderstood("its weight depends on the input")


@rule("linear")
def _linear(call: Call) -> View:
    _constants(call["weight"], call["bias"])
    weight = call["weight"]
    weight = weight[None] if weight.ndim == 1 else weight
    result = linear.dense(call.builder, call.x, weight, call["bias"])
    return moved(result, Tensor.squeeze, -1) if call["weight"].ndim == 1 else result


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
def _matmul(call: Call) -> View:
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
    _constants(call["weight"], call["bias"])
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


@rule("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm", "cudnn_batch_norm", "instance_norm")
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
    _constants(*parts)
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
    slope = (call.number("lower") + call.number("upper")) / 2
    return nonlinear.piecewise(call.builder, call.x, slope, 1.0)


@rule("prelu", "_prelu_kernel")
def _prelu(call: Call) -> View:
    _constants(call["weight"])
    return nonlinear.parametric(call.builder, call.x, call["weight"])


@rule("clamp", "clip", "hardtanh", "clamp_min", "clamp_max")
def _clamp(call: Call) -> View:
    ends = [call.get("min", call.get("min_val")), call.get("max", call.get("max_val"))]
    view = call.x
    for end, largest in zip(ends, (True, False), strict=True):
        if isinstance(end, View):
            view = nonlinear.larger(call.builder, view, end, largest)
            ends[0 if largest else 1] = None
        elif isinstance(end, Tensor) and end.ndim:
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
    return moving(call.builder, torch.where, (condition, yes, no), {})


@rule("masked_fill")
def _masked_fill(call: Call) -> View:
    mask, value = call["mask"], call["value"]
    if isinstance(mask, Comparison):
        return nonlinear.chosen(call.builder, mask, value, call.x)
    value = value if isinstance(value, Tensor | View) else torch.tensor(scalar(float(value), call.dtype))
    return moving(call.builder, torch.where, (mask, value, call.x), {})


def _masked(call: Call, operation: Callable[..., Tensor]) -> View:
    mask = operation(torch.ones(call.x.shape), call.get("diagonal", 0)) > 0
    return moving(call.builder, torch.where, (mask, call.x, torch.zeros((), dtype=torch.float64)), {})


RULES["tril"] = lambda call: _masked(call, torch.tril)
RULES["triu"] = lambda call: _masked(call, torch.triu)


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


@rule("to", "_to_copy", "type_as", "float", "double", "half")
def _to(call: Call) -> View:
    kind = call.get("dtype")
    if kind is not None and not kind.is_floating_point:
        raise NotUnderstood(f"it casts to {kind}, which jumps")
    return call.x


for _name, _smooth in SMOOTH.items():
    RULES[_name] = lambda call, kind=_smooth: nonlinear.smoothed(call.builder, call.x, kind)


@rule(*IDENTITY)
def _dropout(call: Call) -> Any:
    if call.get("train", call.get("training", False)):
        raise NotUnderstood("it drops elements at random in train mode")
    return call.x


def moving(builder: Builder, operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """An operation that only moves elements, with views and constants among its arguments, run on the positions."""
    views: list[View] = []
    _collect(arguments, views)
    _collect(tuple(named.values()), views)
    streams = list(views)

    def lifted(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(lifted(v) for v in value)
        if isinstance(value, Tensor) and value.is_floating_point():
            views.append(linear.constant_view(builder, value, streams[0]))
            return views[-1]
        return value

    arguments, named = lifted(arguments), {key: lifted(value) for key, value in named.items()}
    base, places = builder.combined(views)
    where = {id(view): place for view, place in zip(views, places, strict=True)}

    def put(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(put(v) for v in value)
        return where[id(value)] if isinstance(value, View) else value

    if RESHAPING & {_name(operation)}:
        # Positions have strides of their own, which a view may not fit.
        operation = torch.reshape
    result = operation(*put(arguments), **{key: put(value) for key, value in named.items()})
    if isinstance(result, Tensor):
        return base.moved(result)
    return tuple(base.moved(part) for part in result)


def _name(operation: Any) -> str:
    schema = getattr(operation, "_schema", None)
    return "" if schema is None else str(schema.name).partition("::")[2]


def _collect(value: Any, views: list[View]) -> None:
    if isinstance(value, View):
        views.append(value)
    for part in value if isinstance(value, list | tuple) else ():
        _collect(part, views)

