"""Plain trees of torch's own modules as the operations that torch.export would give, without loading torch.export.

`Sequential` containers of linear and convolution layers, batch normalisation, flattening and common activations do what
their classes say, and nothing else, under conditions that are all checked here: the type is exactly one of the table,
with the `forward` of the file that defines the class; the instance holds no attribute, parameter or buffer beyond those
of its class, and plain tensors in them; there are no hooks, of its own or global, no second use of a module, no
autocast, and nobody stands in for torch's functions. Everything else is left to torch.export. What is built here is
translated and then compared with the module's own outputs just as exported programs are.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional
from torch.nn.modules import module as hooks
from torch.overrides import _get_current_function_mode_stack
from torch.utils._python_dispatch import _get_current_dispatch_mode

from lipcheck import layers
from lipcheck.nn import activations

aten = torch.ops.aten
Rule = Callable[["_Emitter", Any, fx.Node], fx.Node]

_BASE = frozenset(vars(nn.Module()))
_CONVOLUTION = (
    "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "transposed", "output_padding",
    "groups", "padding_mode", "_reversed_padding_repeated_twice",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One class: how it is written in operations, what an instance holds, what of torch its forward calls."""

    rule: Rule
    attributes: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    buffers: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    modes_differ: bool = False


@dataclass(frozen=True, eq=False)
class Plain:
    """The operations in order, what each of them gives, and which of them are the module's own numbers."""

    input: fx.Node
    output: fx.Node
    nodes: tuple[fx.Node, ...]
    values: dict[fx.Node, Any]
    constants: dict[fx.Node, Any]


def plain(module: nn.Module, x: Tensor, *, train: bool = False) -> Plain | None:
    """The operations of a plain tree on the batch x; None where any condition fails: torch.export has to look then."""
    leaves = None if _intercepted() else _leaves(module, "")
    if leaves is None or len({id(part) for _, part in leaves}) < len(leaves):
        return None
    if not all(_is_plain(part, train) for _, part in leaves):
        return None
    graph, values, constants = fx.Graph(), {}, {}
    last = source = graph.placeholder("input")
    values[source] = x
    for path, part in leaves:
        for name, tensor in (*part._parameters.items(), *part._buffers.items()):
            if tensor is not None:
                node = graph.placeholder(f"{path}_{name}".replace(".", "_"))
                values[node] = constants[node] = tensor
        last = KINDS[type(part)].rule(_Emitter(graph, values, constants, path), part, last)
    return Plain(source, last, tuple(graph.nodes), values, constants)


def _intercepted() -> bool:
    """Whether something else than the modules decides what happens: global hooks, modes of torch, autocast."""
    global_hooks = any(value for name, value in vars(hooks).items() if name.startswith("_global_") and "hook" in name)
    modes: Any = _get_current_function_mode_stack, _get_current_dispatch_mode
    return global_hooks or any(mode() for mode in modes) or torch.is_autocast_enabled("cpu")


@dataclass(frozen=True, eq=False)
class _Emitter:
    """Adds the operations of one module to the graph, and runs them."""

    graph: fx.Graph
    values: dict[fx.Node, Any]
    constants: dict[fx.Node, Any]
    path: str

    def __call__(self, target: Any, *arguments: Any, **named: Any) -> fx.Node:
        node = self.graph.create_node("call_function", target, arguments, named, name=_name(target))
        node.meta["nn_module_stack"] = {self.path: (self.path, "")}
        self.values[node] = target(*fx.map_arg(arguments, self.values.__getitem__), **named)
        return node

    def held(self, tensor: Tensor | None) -> fx.Node | None:
        """The place of one of the module's own tensors."""
        return None if tensor is None else next(n for n, value in self.constants.items() if value is tensor)


def _name(target: Any) -> str:
    schema = getattr(target, "_schema", None)
    return str(schema.name).partition("::")[2] if schema is not None else str(target.__name__)


def _leaves(module: nn.Module, path: str) -> list[tuple[str, nn.Module]] | None:
    """(path, module) in the order of calls; None where a container does more than call its parts."""
    if type(module) is not nn.Sequential:
        return [(path, module)]
    if not _unchanged(module, ()) or module._parameters or module._buffers:
        return None
    found: list[tuple[str, nn.Module]] = []
    for name, part in module._modules.items():
        inner = None if part is None else _leaves(part, f"{path}.{name}".lstrip("."))
        if inner is None:
            return None
        found += inner
    return found


def _unchanged(part: nn.Module, attributes: tuple[str, ...]) -> bool:
    """Whether the module does what the file of its class says: no attribute of its own, no hook, no other forward."""
    names = frozenset(vars(part))
    if not names <= _BASE.union(attributes) or part._compiled_call_impl is not None:
        return False
    if any(value for name, value in vars(part).items() if "hooks" in name):
        return False
    methods = [getattr(type(part), name) for name in ("forward", "_conv_forward") if hasattr(type(part), name)]
    return all(_of_file(method, type(part)) for method in methods) and _of_file(type(part).__call__, nn.Module)


def _of_file(method: Any, kind: type) -> bool:
    """Whether the method's code is in the file that defines the class, or one of its bases."""
    code = getattr(method, "__code__", None)
    files = {getattr(sys.modules.get(base.__module__), "__file__", None) for base in kind.__mro__}
    return code is not None and code.co_filename in files


def _is_plain(part: nn.Module, train: bool) -> bool:
    kind = KINDS.get(type(part))
    if kind is None or (train and kind.modes_differ) or part._modules:
        return False
    if not _unchanged(part, kind.attributes) or not all(_torchs_own(name) for name in kind.uses):
        return False
    held = (part._parameters, nn.Parameter, kind.parameters), (part._buffers, Tensor, kind.buffers)
    for tensors, wanted, names in held:
        if set(tensors) != set(names) or any(type(t) not in (wanted, type(None)) for t in tensors.values()):
            return False
    settings = {"padding_mode": "zeros", "inplace": False, "return_indices": False}
    return all(getattr(part, name, usual) == usual for name, usual in settings.items())


def _torchs_own(name: str) -> bool:
    """Whether torch.nn.functional still has its own function of this name."""
    found = getattr(functional, name)
    code = getattr(found, "__code__", None)
    return type(found).__name__ == "builtin_function_or_method" or (
        code is not None and code.co_filename in (functional.__file__, sys.modules["torch._jit_internal"].__file__)
    )


def _linear(emit: _Emitter, part: Any, x: fx.Node) -> fx.Node:
    return emit(aten.linear.default, x, emit.held(part.weight), emit.held(part.bias))


def _convolution(emit: _Emitter, part: Any, x: fx.Node) -> fx.Node:
    named = isinstance(part.padding, str)
    packet = aten.conv1d if isinstance(part, nn.Conv1d) else aten.conv2d
    padding = part.padding if named else list(part.padding)
    settings = list(part.stride), padding, list(part.dilation), part.groups
    operation = packet.padding if named else packet.default
    return emit(operation, x, emit.held(part.weight), emit.held(part.bias), *settings)


def _normalisation(emit: _Emitter, part: Any, x: fx.Node) -> fx.Node:
    mean, variance = emit.held(part.running_mean), emit.held(part.running_var)
    settings = mean is None and variance is None, part.momentum or 0.0, part.eps, False
    return emit(aten.batch_norm.default, x, emit.held(part.weight), emit.held(part.bias), mean, variance, *settings)


def _max_pool(emit: _Emitter, part: Any, x: fx.Node) -> fx.Node:
    settings = (_pair(n) for n in (part.kernel_size, part.stride, part.padding, part.dilation))
    return emit(aten.max_pool2d.default, x, *settings, part.ceil_mode)


def _average_pool(emit: _Emitter, part: Any, x: fx.Node) -> fx.Node:
    settings = (_pair(n) for n in (part.kernel_size, part.stride, part.padding))
    more = part.ceil_mode, part.count_include_pad, part.divisor_override
    return emit(aten.avg_pool2d.default, x, *settings, *more)


def _pair(number: Any) -> list[int]:
    return [number, number] if isinstance(number, int) else list(number)


def _activation(emit: _Emitter, part: Any, x: fx.Node) -> fx.Node:
    """lipcheck's own: on (examples, features, 1), as `lipcheck.readings.tensor_layers.activation` computes it."""
    *outer, features = emit.values[x].shape
    layer, rows = part.layer, emit(aten.reshape.default, x, [-1, features, 1])
    match layer:
        case layers.Abs():
            rows = emit(aten.abs.default, rows)
        case layers.ReLU():
            rows = emit(aten.relu.default, rows)
        case _:
            rows = emit(aten.flatten.using_ints, _sorted(emit, layer, features, rows), 1, 2)
    return emit(aten.reshape.default, rows, [*outer, -1])


def _sorted(emit: _Emitter, layer: Any, features: int, rows: fx.Node) -> fx.Node:
    groups = emit(aten.unflatten.int, rows, 1, [-1, layer.group(features)])
    if layer.group(features) != 2:
        found = emit(aten.sort.default, groups, 2, layer.order == "descending")
        return emit(operator.getitem, found, 0)
    pair = emit(aten.unbind.int, groups, 2)
    one, other = (emit(operator.getitem, pair, i) for i in range(2))
    ends = aten.minimum.default, aten.maximum.default
    first, second = (emit(end, one, other) for end in (ends if layer.order == "ascending" else ends[::-1]))
    return emit(aten.stack.default, [first, second], 2)


def _unary(target: Any, *settings: str) -> Rule:
    """An operation with one input and the module's settings of these names."""
    return lambda emit, part, x: emit(target, x, *(getattr(part, name) for name in settings))


_WEIGHTS = ("weight", "bias")
_OWN = Kind(_activation, ("layer",))
_BATCH_NORM = Kind(
    _normalisation, ("num_features", "eps", "momentum", "affine", "track_running_stats"), _WEIGHTS,
    ("running_mean", "running_var", "num_batches_tracked"), ("batch_norm",), modes_differ=True,
)  # fmt: skip

KINDS: dict[type, Kind] = {
    nn.Linear: Kind(_linear, ("in_features", "out_features"), _WEIGHTS, uses=("linear",)),
    nn.Conv1d: Kind(_convolution, _CONVOLUTION, _WEIGHTS, uses=("conv1d",)),
    nn.Conv2d: Kind(_convolution, _CONVOLUTION, _WEIGHTS, uses=("conv2d",)),
    nn.BatchNorm1d: _BATCH_NORM,
    nn.BatchNorm2d: _BATCH_NORM,
    nn.MaxPool2d: Kind(
        _max_pool, ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"), uses=("max_pool2d",)
    ),
    nn.AvgPool2d: Kind(
        _average_pool,
        ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"),
        uses=("avg_pool2d",),
    ),
    nn.Flatten: Kind(_unary(aten.flatten.using_ints, "start_dim", "end_dim"), ("start_dim", "end_dim")),
    nn.Identity: Kind(lambda emit, part, x: x),
    nn.Dropout: Kind(
        lambda emit, part, x: emit(aten.dropout.default, x, part.p, False),
        ("p", "inplace"),
        uses=("dropout",),
        modes_differ=True,
    ),
    nn.ReLU: Kind(_unary(aten.relu.default), ("inplace",), uses=("relu",)),
    nn.LeakyReLU: Kind(
        _unary(aten.leaky_relu.default, "negative_slope"), ("inplace", "negative_slope"), uses=("leaky_relu",)
    ),
    nn.ELU: Kind(_unary(aten.elu.default, "alpha"), ("inplace", "alpha"), uses=("elu",)),
    nn.SiLU: Kind(_unary(aten.silu.default), ("inplace",), uses=("silu",)),
    nn.Softplus: Kind(_unary(aten.softplus.default, "beta", "threshold"), ("beta", "threshold"), uses=("softplus",)),
    nn.Tanh: Kind(_unary(aten.tanh.default)),
    nn.Sigmoid: Kind(_unary(aten.sigmoid.default)),
    activations.Abs: _OWN,
    activations.ReLU: _OWN,
    activations.MaxMin: _OWN,
    activations.GroupSort: _OWN,
    activations.FullSort: _OWN,
}
