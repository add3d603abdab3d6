"""ONNX models as graphs: a table of operations of its own, on the same views as torch's.

What does not depend on the input is computed by ONNX's reference evaluator, which also runs the operations that only
move elements on their positions, and with which the graph is compared, value by value, before it is given away.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import Tensor

from lipcheck.graph import Graph, Max
from lipcheck.graph.evaluate import values_and_errors
from lipcheck.graph.simplify import simplify
from lipcheck.nn.reading import linear, nonlinear
from lipcheck.nn.reading.aten import RULES, Call, moving
from lipcheck.nn.reading.aten_nonlinear import above_zero
from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.call import constants_only
from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.module import agree, points
from lipcheck.nn.reading.nonlinear import Comparison
from lipcheck.nn.reading.views import NotUnderstood, View

MOVING = frozenset(
    """
    Flatten Reshape Transpose Squeeze Unsqueeze Slice Split Concat Gather GatherElements GatherND Identity
    Expand Tile DepthToSpace SpaceToDepth
    """.split()  # noqa: SIM905
)
SMOOTH = {
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Atan": "atan",
    "Sin": "sin",
    "Cos": "cos",
    "Erf": "erf",
    "Mish": "mish",
    "HardSwish": "hardswish",
}
SAME = {"Add": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "Relu": "relu", "Abs": "abs", "Neg": "neg"}
SAME |= {"MatMul": "matmul", "Greater": "gt", "GreaterOrEqual": "ge", "Less": "lt", "LessOrEqual": "le"}


class Step:
    """One node: its attributes, its inputs as views or constants (None where left out)."""

    def __init__(self, model: onnx.ModelProto, node: onnx.NodeProto, inputs: list[Any], builder: Builder, dtype: Any):
        self.model, self.node, self.inputs, self.builder, self.dtype = model, node, inputs, builder, dtype
        self.attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}

    def get(self, name: str, otherwise: Any = None, place: int | None = None) -> Any:
        """An attribute, or the constant input that takes its place since some version of ONNX."""
        if place is not None and place < len(self.inputs) and self.inputs[place] is not None:
            value = self.inputs[place]
            if isinstance(value, View):
                raise NotUnderstood(f"its {name} depends on the input")
            return value.tolist()
        value = self.attributes.get(name, otherwise)
        return value.decode() if isinstance(value, bytes) else value

    @property
    def x(self) -> View:
        """The first input, which has to depend on the network's."""
        if not isinstance(self.inputs[0], View):
            raise NotUnderstood("its first input is constant")
        return self.inputs[0]

    def input(self, place: int) -> Any:
        """An input, or None."""
        return self.inputs[place] if place < len(self.inputs) else None

    def reference(self, *tensors: Tensor) -> Any:
        """The node on these floating-point inputs, by ONNX's reference evaluator."""
        given = iter(tensors)
        arrays = [
            next(given) if isinstance(value, View) or _floating(value) else value
            for value in self.inputs
            if value is not None
        ]
        return _reference(self.model, self.node, [torch.as_tensor(a).numpy() for a in arrays])


def _floating(value: Any) -> bool:
    return isinstance(value, Tensor) and value.is_floating_point()


def _reference(model: onnx.ModelProto, node: onnx.NodeProto, arrays: Sequence[Any]) -> Any:
    present = [name for name in node.input if name]
    named = {name: array for name, array in zip(present, arrays, strict=True)}
    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in named.items()
    ]
    outputs = [helper.make_empty_tensor_value_info(name) for name in node.output if name]
    graph = helper.make_graph([node], "one", inputs, outputs)
    single = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    found = [torch.from_numpy(np.array(a)) for a in ReferenceEvaluator(single).run(None, named)]
    return found[0] if len(found) == 1 else tuple(found)


def read_onnx(path: str | Path, input_shape: Sequence[int] | None = None) -> Graph:
    """The graph of an ONNX model with one input, its batch axis first, and one output."""
    try:
        model = onnx.load(str(path))
        onnx.checker.check_model(model)
    except Exception as problem:
        raise ReadingError(f"{path} is no valid ONNX model ({str(problem).splitlines()[0][:200]}).") from problem
    held = {t.name: torch.from_numpy(np.array(numpy_helper.to_array(t))) for t in model.graph.initializer}
    entries = [entry for entry in model.graph.input if entry.name not in held]
    if len(entries) != 1 or len(model.graph.output) != 1:
        raise ReadingError(
            f"{path} has {len(entries)} inputs and {len(model.graph.output)} outputs: a network with one each is read."
        )
    batch, shape = _shape(path, entries[0], input_shape)
    kind = helper.tensor_dtype_to_np_dtype(entries[0].type.tensor_type.elem_type)
    dtype = {"float32": torch.float32, "float64": torch.float64, "float16": torch.float16}.get(str(kind))
    if dtype is None:
        raise ReadingError(f"{path} takes {kind}: a network of floating-point inputs is read.")
    builder = Builder(shape, batch)
    values: dict[str, Any] = {entries[0].name: builder.batched(0), **held, "": None}
    for node in model.graph.node:
        builder.name = node.name or node.output[0]
        result = _step(model, node, values, builder, dtype)
        for name, value in zip(node.output, result if isinstance(result, tuple) else (result,), strict=False):
            values[name] = value
    output = values[model.graph.output[0].name]
    if not isinstance(output, View):
        raise ReadingError(f"{path}: the output does not depend on the input, or is no number: its constant is 0.")
    graph = builder.graph(output)
    _compare(model, Graph(tuple(builder.nodes), graph.output), values, points(shape, dtype, batch), entries[0].name)
    return simplify(graph)


def _shape(path: Any, entry: onnx.ValueInfoProto, given: Sequence[int] | None) -> tuple[int, tuple[int, ...]]:
    sizes = [d.dim_value if d.HasField("dim_value") else 0 for d in entry.type.tensor_type.shape.dim]
    if not sizes:
        raise ReadingError(f"{path}: the input {entry.name} has no batch axis: give the model one, its first.")
    shape = tuple(sizes[1:]) if given is None else tuple(int(n) for n in given)
    fits = len(shape) == len(sizes) - 1 and all(n > 0 and m in (0, n) for n, m in zip(shape, sizes[1:], strict=True))
    if not fits:
        raise ReadingError(
            f"{path} takes examples of shape {tuple(n or '?' for n in sizes[1:])}, not {shape}: give --input-shape so."
        )
    return sizes[0] or 2, shape


def _step(model: onnx.ModelProto, node: onnx.NodeProto, values: dict[str, Any], builder: Builder, dtype: Any) -> Any:
    inputs = [values[name] for name in node.input]
    streams = [value for value in inputs if isinstance(value, View)]
    compared = [value.view for value in inputs if isinstance(value, Comparison)]
    try:
        if node.op_type.startswith("Random") or node.op_type in ("Bernoulli", "Multinomial"):
            raise NotUnderstood("it draws random numbers")
        if node.domain not in ("", "ai.onnx"):
            raise NotUnderstood(f"it is an operation of {node.domain}, not of ONNX")
        if not streams and not compared:
            return _reference(model, node, [v.numpy() for v in inputs if v is not None])
        step = Step(model, node, inputs, builder, dtype)
        if node.op_type == "Shape":
            shape = torch.tensor(step.x.shape)
            return shape[step.get("start", 0) : step.get("end")]
        if node.op_type in MOVING:
            floats = tuple(v for v in inputs if isinstance(v, View) or _floating(v))
            return moving(builder, step.reference, floats, {})
        if node.op_type in SMOOTH:
            return nonlinear.smoothed(builder, step.x, SMOOTH[node.op_type])
        if node.op_type in SAME:
            arguments = {name: value for name, value in zip(("self", "other"), inputs, strict=False)}
            shapes = [tuple(v.shape) for v in inputs if isinstance(v, View | Tensor)]
            return RULES[SAME[node.op_type]](Call(builder, dtype, arguments, shapes[0]))
        if node.op_type not in TABLE:
            raise NotUnderstood("it is not among the operations that are understood")
        return TABLE[node.op_type](step)
    except NotUnderstood as problem:
        evaluated = _reference_shapes(model, node, inputs)
        views = streams + compared or [builder.batched(0)]
        unknown = tuple(builder.unknown(node.op_type, str(problem), views, shape) for shape in evaluated)
        return unknown if len(unknown) > 1 else unknown[0]


def _reference_shapes(model: onnx.ModelProto, node: onnx.NodeProto, inputs: list[Any]) -> list[tuple[int, ...]]:
    """The shapes of a node's outputs, found by running it on ones."""
    floats = [v for v in inputs if v is not None]
    arrays = [
        np.ones(v.shape, np.float32)
        if isinstance(v, View)
        else np.ones(v.view.shape, bool)
        if isinstance(v, Comparison)
        else v.numpy()
        for v in floats
    ]
    try:
        found = _reference(model, node, arrays)
    except Exception as problem:
        raise ReadingError(f"{node.op_type} ({node.name}) is not understood, nor run by ONNX's reference.") from problem
    return [tuple(t.shape) for t in (found if isinstance(found, tuple) else (found,))]


def _compare(model: Any, graph: Graph, values: dict[str, Any], batches: list[Tensor], name: str) -> None:
    evaluator = ReferenceEvaluator(model)
    for x in batches:
        found = values_and_errors(graph, x.double().numpy(), torch.finfo(x.dtype).eps / 2)
        results = evaluator.run(None, {name: x.numpy()}, intermediate=True)
        for key, wanted in dict(results).items():
            view = values.get(key)
            if isinstance(view, View) and tuple(np.shape(wanted)) == view.shape:
                agree(found, view, torch.from_numpy(np.array(wanted, np.float64)), str(key))


def _gemm(step: Step) -> View:
    first, second, third = step.inputs[0], step.inputs[1], step.input(2)
    alpha, beta = step.get("alpha", 1.0), step.get("beta", 1.0)
    if step.get("transA", 0):
        first = first.moved(first.index.T) if isinstance(first, View) else first.T
    if step.get("transB", 0):
        second = second.moved(second.index.T) if isinstance(second, View) else second.T
    arguments = {"self": first, "other": second}
    if isinstance(second, Tensor) and isinstance(third, Tensor) and third.ndim == 1 and alpha == beta == 1:
        third = third.expand(second.shape[1])
        return linear.dense(step.builder, first, second.T, third)
    y: View = RULES["matmul"](Call(step.builder, step.dtype, arguments, ()))
    if isinstance(third, View):
        return linear.added(step.builder, y, third, alpha, beta)
    return linear.scaled(step.builder, y, alpha, 0.0 if third is None else third.double() * beta)


def _pads(step: Step, image: Sequence[int], kernel: Sequence[int], stride: Any, dilation: Any) -> list[tuple[int, int]]:
    axes, auto = len(kernel), step.get("auto_pad", "NOTSET")
    if auto in ("NOTSET", "VALID"):
        pads = step.get("pads", [0] * 2 * axes) if auto == "NOTSET" else [0] * 2 * axes
        return list(zip(pads[:axes], pads[axes:], strict=True))
    found = []
    for n, k, s, d in zip(image, kernel, stride, dilation, strict=True):
        total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
        small, large = total // 2, total - total // 2
        found.append((small, large) if auto == "SAME_UPPER" else (large, small))
    return found


def _conv(step: Step, transposed: bool) -> View:
    weight, bias = step.inputs[1], step.input(2)
    if isinstance(weight, View) or isinstance(bias, View):
        raise NotUnderstood("its weight depends on the input")
    axes = weight.ndim - 2
    stride, dilation = step.get("strides", [1] * axes), step.get("dilations", [1] * axes)
    if transposed and (step.get("auto_pad", "NOTSET") != "NOTSET" or step.get("output_shape") is not None):
        raise NotUnderstood("it has auto_pad or output_shape: give it pads and output_padding")
    pads = _pads(step, step.x.shape[2:], weight.shape[2:], stride, dilation)
    more = step.get("output_padding", [0] * axes) if transposed else [0] * axes
    return linear.convolution(
        step.builder, step.x, weight, bias, stride, pads, dilation, step.get("group", 1),
        transposed=transposed, output_padding=more,
    )  # fmt: skip


def _batch_norm(step: Step) -> View:
    scale, bias, mean, variance = step.inputs[1:5]
    if step.get("training_mode", 0) or any(isinstance(t, View) for t in step.inputs[1:5]):
        raise NotUnderstood("it normalises by the statistics of its own input")
    sides = (1, -1, *(1,) * (step.x.index.ndim - 2))
    factor = scale / torch.sqrt(variance + step.get("epsilon", 1e-5))
    centred = linear.scaled(step.builder, step.x, 1.0, -mean.reshape(sides))
    return linear.scaled(step.builder, centred, factor.reshape(sides), bias.reshape(sides))


def _pool(step: Step, kind: str) -> View:
    kernel = step.get("kernel_shape")
    axes = len(kernel)
    stride, dilation = step.get("strides", [1] * axes), step.get("dilations", [1] * axes)
    image = step.x.shape[-axes:]
    pads = _pads(step, image, kernel, stride, dilation)
    outputs = []
    for n, k, s, d, (before, after) in zip(image, kernel, stride, dilation, pads, strict=True):
        room = n + before + after - d * (k - 1) - 1
        if step.get("ceil_mode", 0) and room % s:
            raise NotUnderstood("it rounds its shape up (ceil_mode), which versions of ONNX do differently")
        outputs.append(room // s + 1)
    places = linear.window_places(image, kernel, stride, [before for before, _ in pads], dilation, outputs)
    if kind == "max":
        return linear.pooled(step.builder, step.x, places, outputs, Max)
    divisors = (places >= 0).sum(1)
    if step.get("count_include_pad", 0):
        divisors = np.full(len(places), math.prod(kernel))
    return linear.pooled(step.builder, step.x, places, outputs, lambda w: linear.average(w, divisors))


def _global(step: Step, kind: str) -> View:
    axes = list(range(2, step.x.index.ndim))
    if kind == "max":
        return nonlinear.extreme(step.builder, step.x, axes, True, True)
    return linear.reduced(step.builder, step.x, axes, True, True)


def _reduce(step: Step, kind: str) -> View:
    axes = step.get("axes", None, 1)
    if not axes and step.get("noop_with_empty_axes", 0):
        return step.x
    keep = bool(step.get("keepdims", 1))
    if kind in ("max", "min"):
        return nonlinear.extreme(step.builder, step.x, axes, keep, kind == "max")
    return linear.reduced(step.builder, step.x, axes, keep, kind == "mean")


def _extreme(step: Step, largest: bool) -> View:
    streams = [v for v in step.inputs if isinstance(v, View)]
    found = streams[0]
    for other in streams[1:]:
        found = nonlinear.larger(step.builder, found, other, largest)
    for constant in (v for v in step.inputs if isinstance(v, Tensor)):
        found = nonlinear.larger(step.builder, found, constant if constant.numel() > 1 else float(constant), largest)
    return found


def _clip(step: Step) -> View:
    low, high = step.get("min", None, 1), step.get("max", None, 2)
    return nonlinear.clamped(step.builder, step.x, low, high)


def _prelu(step: Step) -> View:
    slopes = step.inputs[1]
    if isinstance(slopes, View):
        raise NotUnderstood("its slopes depend on the input")
    return nonlinear.parametric(
        step.builder, step.x, slopes.reshape((1,) * (step.x.index.ndim - slopes.ndim) + slopes.shape)
    )


def _pad(step: Step) -> View:
    mode, pads = step.get("mode", "constant"), step.get("pads", None, 1)
    axes = step.get("axes", None, 3)
    ndim = step.x.index.ndim
    axes = list(range(ndim)) if axes is None else [a % ndim for a in axes]
    widths = [(0, 0)] * ndim
    for i, axis in enumerate(axes):
        widths[axis] = (pads[i], pads[i + len(axes)])
    if any(p < 0 for pair in widths for p in pair):
        raise NotUnderstood("it cuts by negative pads")
    index, constants = step.x.index.numpy(), step.x.constants
    if mode != "constant":
        if mode not in ("reflect", "edge", "wrap"):
            raise NotUnderstood(f"it pads by {mode}")
        pad: Any = np.pad
        found = pad(index, widths, mode=mode)
        return step.x.moved(torch.from_numpy(found))
    value = step.get("value", 0.0, 2)
    constants = torch.cat([constants, torch.tensor([value], dtype=torch.float64).reshape(-1)])
    found = np.pad(index, widths, constant_values=-float(len(constants)))
    return View(step.x.node, step.x.size, torch.from_numpy(found), constants)


def _topk(step: Step) -> Any:
    if not step.get("sorted", 1):
        raise NotUnderstood("the order of its values is not fixed (sorted=0)")
    axis, (count,) = step.get("axis", -1), np.ravel(step.get("k", None, 1))
    ordered = linear.sorted_along(step.builder, step.x, axis, bool(step.get("largest", 1)))
    return linear.moved(ordered, torch.narrow, axis, 0, int(count)), None


def _cast(step: Step) -> View:
    if step.get("to") not in (1, 10, 11, 16):
        raise NotUnderstood("it casts to integers, which jumps")
    return step.x


def _elu(step: Step) -> View:
    return nonlinear.smoothed(step.builder, step.x, "elu", step.get("alpha", 1.0), 1.0, 1.0)


def _selu(step: Step) -> View:
    alpha, gamma = step.get("alpha", 1.67326319217681884765625), step.get("gamma", 1.05070102214813232421875)
    return nonlinear.smoothed(step.builder, step.x, "elu", alpha, gamma, 1.0)


def _hard_sigmoid(step: Step) -> View:
    alpha, beta = step.get("alpha", 0.2), step.get("beta", 0.5)
    return nonlinear.clamped(step.builder, linear.scaled(step.builder, step.x, alpha, beta), 0.0, 1.0)


def _where(step: Step) -> View:
    return RULES["where"](Call(step.builder, step.dtype, dict(enumerate(step.inputs)), ()))  # type: ignore[arg-type, no-any-return]


def _softmax(step: Step) -> View:
    if _version(step) < 13 and step.get("axis", 1) not in (-1, step.x.index.ndim - 1):
        raise NotUnderstood("before version 13 of ONNX it takes all axes from its own to the last as one")
    return nonlinear.softmax(step.builder, step.x, step.get("axis", -1))


def _layer_norm(step: Step) -> View:
    axis = step.get("axis", -1)
    axes = -axis if axis < 0 else step.x.index.ndim - axis
    factor, shift = _factors(step)
    view = nonlinear.standardized(step.builder, step.x, axes, _epsilon(step), True)
    return linear.affine(step.builder, view, factor, shift)


def _group_norm(step: Step, groups: int) -> View:
    factor, shift = _factors(step)
    view = nonlinear.standardized_groups(step.builder, step.x, groups, _epsilon(step))
    return linear.affine(step.builder, view, factor, shift, (1, -1, *(1,) * (step.x.index.ndim - 2)))


def _factors(step: Step) -> tuple[Tensor | None, Tensor | None]:
    """The second and the third input, where they are there."""
    constants_only(*step.inputs[1:3])
    factor, shift = (None if tensor is None else tensor.double() for tensor in [*step.inputs, None, None][1:3])
    return factor, shift


def _epsilon(step: Step) -> float:
    return above_zero(float(step.get("epsilon", 1e-5)))


def _version(step: Step) -> int:
    """The version of ONNX's own operations that the model is written in."""
    return next((int(entry.version) for entry in step.model.opset_import if entry.domain in ("", "ai.onnx")), 1)


TABLE: dict[str, Callable[[Step], Any]] = {
    "Gemm": _gemm,
    "Conv": lambda step: _conv(step, False),
    "ConvTranspose": lambda step: _conv(step, True),
    "BatchNormalization": _batch_norm,
    "Softmax": _softmax,
    "LayerNormalization": _layer_norm,
    "InstanceNormalization": lambda step: _group_norm(step, step.x.shape[1]),
    "GroupNormalization": lambda step: _group_norm(step, step.get("num_groups")),
    "LeakyRelu": lambda step: nonlinear.piecewise(step.builder, step.x, step.get("alpha", 0.01), 1.0),
    "PRelu": _prelu,
    "Clip": _clip,
    "Max": lambda step: _extreme(step, True),
    "Min": lambda step: _extreme(step, False),
    "Sum": lambda step: _total(step),
    "MaxPool": lambda step: _pool(step, "max"),
    "AveragePool": lambda step: _pool(step, "mean"),
    "GlobalAveragePool": lambda step: _global(step, "mean"),
    "GlobalMaxPool": lambda step: _global(step, "max"),
    "ReduceMax": lambda step: _reduce(step, "max"),
    "ReduceMin": lambda step: _reduce(step, "min"),
    "ReduceMean": lambda step: _reduce(step, "mean"),
    "ReduceSum": lambda step: _reduce(step, "sum"),
    "Pad": _pad,
    "TopK": _topk,
    "Dropout": lambda step: _dropout(step),
    "Cast": _cast,
    "Elu": _elu,
    "Selu": _selu,
    "HardSigmoid": _hard_sigmoid,
    "Gelu": lambda step: nonlinear.smoothed(
        step.builder, step.x, "gelu_tanh" if step.get("approximate", "none") == "tanh" else "gelu"
    ),
    "Where": _where,
}


def _total(step: Step) -> View:
    found = step.inputs[0]
    for other in step.inputs[1:]:
        found = RULES["add"](Call(step.builder, step.dtype, {"self": found, "other": other}, ()))
    return found  # type: ignore[no-any-return]


def _dropout(step: Step) -> View:
    if step.get("training_mode", False, 2):
        raise NotUnderstood("it drops elements at random in train mode")
    return step.x
