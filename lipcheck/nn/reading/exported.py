"""A module as torch exports it: one operation after the other, and all that does not depend on the input computed.

Weights made by parametrizations, iterations and normalisations are thereby the numbers that the module itself computes
in eval mode, in its own precision; from there on they are read exactly.
"""

from __future__ import annotations

import copy
import functools
import operator
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn.utils import parametrize

from lipcheck.nn.reading.aten_linear import normalization
from lipcheck.nn.reading.direct import plain
from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.linear import scalar

BATCH = 2
ARITHMETIC = (torch.float64, torch.float32, torch.bfloat16, torch.float16)
CONSTANT = frozenset(["zeros_like", "ones_like", "full_like", "new_zeros", "new_ones", "new_full", "fill", "zero"])
"""Operations whose results depend on the shape of their first argument only."""
SILENT = frozenset(["_assert_tensor_metadata", "_assert_async", "sym_constrain_range", "_assert_scalar"])
"""Operations that give nothing."""


@dataclass(frozen=True, eq=False)
class Exported:
    """The operations, the constants among them in their own precision, and the shapes of everything else."""

    module: nn.Module | None
    dtype: torch.dtype
    batch: int
    input: fx.Node
    output: fx.Node
    nodes: tuple[fx.Node, ...]
    constants: dict[fx.Node, Any]
    random: frozenset[fx.Node]
    shapes: dict[fx.Node, Any]

    def depends(self, node: fx.Node) -> bool:
        """Whether the node has a value that the input decides."""
        return node not in self.constants and node.op != "output"


def copied(module: nn.Module, *, train: bool = False) -> nn.Module:
    """A deep copy on the cpu, in eval mode (or in train mode), which nothing here can harm."""
    # Weights that a hook has computed stand beside the parameters, with a history that torch does not copy.
    computed = [t for part in module.modules() for t in vars(part).values() if isinstance(t, Tensor) and not t.is_leaf]
    try:
        return copy.deepcopy(module, {id(t): t.detach().clone() for t in computed}).cpu().train(train)
    except Exception as problem:
        raise ReadingError(
            f"{type(module).__name__} cannot be copied ({_first_line(problem)}): give one that copy.deepcopy takes."
        ) from problem


def frozen(module: nn.Module) -> nn.Module:
    """The module with every parametrized tensor replaced by what its parametrization gives; it is changed in place.

    A parametrization that keeps a state and changes it in each forward pass, as power iterations may, is so read as of
    one pass. One that torch cannot remove stays, and is computed by the export.
    """
    with torch.no_grad():
        for part in module.modules():
            held: Any = part.parametrizations if parametrize.is_parametrized(part) else {}
            for name in list(held):
                value = _computed(part, str(name))
                del held[name]
                if not len(held):
                    del part.parametrizations
                    part.__class__ = part.__class__.__bases__[0]
                else:
                    delattr(type(part), str(name))
                part.register_parameter(str(name), nn.Parameter(value.detach().clone(), requires_grad=False))
    return module


def _computed(part: nn.Module, name: str) -> Any:
    """What a parametrization gives; one sentence where torch cannot compute it in the module's format."""
    try:
        return getattr(part, name)
    except (RuntimeError, NotImplementedError) as problem:
        raise ReadingError(
            f"The parametrized {name} of {type(part).__name__} cannot be computed in its format "
            f"({_first_line(problem)}): remove the parametrization in float32 "
            "(torch.nn.utils.parametrize.remove_parametrizations) and cast then, or audit the module in float32."
        ) from problem


def own_dtype(module: nn.Module, dtype: torch.dtype | None) -> torch.dtype:
    """The dtype of the inputs: as asked, or that of the first floating-point parameter or buffer."""
    tensors = (*module.parameters(), *module.buffers())
    found = next((t.dtype for t in tensors if t.is_floating_point()), torch.get_default_dtype())
    return found if dtype is None else dtype


def example(shape: Sequence[int], dtype: torch.dtype, seed: int = 0, batch: int = BATCH) -> Tensor:
    """A batch of inputs from a stream of its own."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, *shape, generator=generator, dtype=torch.float64).to(dtype)


def _refuse_unfinished(module: nn.Module) -> None:
    """Refuse tensors without numbers (lazy ones, those on the meta device) and formats that torch cannot compute in."""
    held = [*module.named_parameters(remove_duplicate=False), *module.named_buffers(remove_duplicate=False)]
    for name, tensor in held:
        if nn.parameter.is_lazy(tensor):
            raise ReadingError(f"{name} is not initialised yet: run the module once on an example, then audit it.")
        if tensor.is_meta:
            raise ReadingError(f"{name} is on the meta device, without numbers: load its weights, then audit it.")
        if tensor.is_floating_point() and tensor.dtype not in ARITHMETIC:
            raise ReadingError(
                f"{name} is in {tensor.dtype}, in which torch does not compute on the cpu: cast the module to "
                "bfloat16 or wider, which keeps its numbers."
            )


def exported(
    module: nn.Module, shape: Sequence[int], dtype: torch.dtype | None = None, *, train: bool = False
) -> Exported:
    """Export a copy of the module in eval mode. Raises ReadingError where it does not run or cannot be exported."""
    inputs = tuple(int(n) for n in shape)
    if any(n < 1 for n in inputs):
        raise ReadingError(f"The input shape is {inputs}: give the positive sizes of one example, without the batch.")
    _refuse_unfinished(module)
    module = copied(module, train=train)
    kind = own_dtype(module, dtype)
    module = frozen(module)
    x = example(inputs, kind)
    name = type(module).__name__
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = module(x.clone())
        except Exception as problem:
            raise ReadingError(
                f"{name} does not run on an input of shape ({BATCH}, {', '.join(map(str, inputs))}) and {kind} "
                f"({_first_line(problem)}): {_remedy(problem)}."
            ) from problem
        if not isinstance(result, Tensor):
            raise ReadingError(
                f"{name} gives a {type(result).__name__}: audit a module that returns one tensor, for example one that "
                "wraps it and hands on the output that is meant."
            )
        if (found := plain(module, x, train=train)) is not None:
            shapes = {node: _shape(value) for node, value in found.values.items()}
            nodes, constants = found.nodes, found.constants
            return Exported(module, kind, BATCH, found.input, found.output, nodes, constants, frozenset(), shapes)
        try:
            program = torch.export.export(module, (x,), strict=False)
            if any(_decomposed(node) for node in program.graph.nodes):
                program = program.run_decompositions(_table())
        except Exception as problem:
            raise ReadingError(
                f"{name} cannot be exported by torch.export ({_first_line(problem)}): take branches that depend on "
                "values out of its forward; the search for violations still runs on the module.",
                runs=True,
            ) from problem
        return folded(module, kind, program, x)


DECOMPOSED = ("einsum", "tensordot")
"""Operations that torch writes in simpler ones; the others stay as the user called them."""


def _decomposed(node: fx.Node) -> bool:
    """Whether torch has to write the operation anew: one that writes in place, or one of DECOMPOSED."""
    schema = getattr(node.target, "_schema", None)
    special = node.op == "call_function" and schema is None and base_name(node) != "getitem"
    return special or (schema is not None and (schema.is_mutable or base_name(node) in DECOMPOSED))


@functools.cache
def _table() -> dict[Any, Callable[..., Any]]:
    known = torch.export.default_decompositions()
    found = {}
    for name in DECOMPOSED:
        operation = getattr(getattr(torch.ops.aten, name, None), "default", None)
        if operation is not None and operation in known:
            found[operation] = known[operation]
    return found


def folded(module: nn.Module | None, dtype: torch.dtype, program: Any, x: Tensor) -> Exported:
    """The program with everything that does not depend on the input computed; x is a batch of examples."""
    signature = program.graph_signature
    held = {**program.state_dict, **program.constants}
    owners = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    owners |= dict(getattr(signature, "inputs_to_lifted_tensor_constants", {}))
    graph = program.graph_module.graph
    nodes = tuple(graph.nodes)
    values: dict[fx.Node, Any] = {}
    constants: dict[fx.Node, Any] = {}
    random: set[fx.Node] = set()
    source: fx.Node | None = None
    changing = {owner for owner in signature.buffers_to_mutate.values()}
    for node in nodes:
        if node.op == "placeholder":
            if node.name in signature.user_inputs:
                source, values[node] = node, x
            elif owners.get(node.name) in changing:
                # A buffer that the forward pass changes: the function depends on how often it ran.
                random.add(node)
                values[node] = held[owners[node.name]]
            else:
                values[node] = constants[node] = held[owners[node.name]]
        elif node.op == "get_attr":
            values[node] = constants[node] = operator.attrgetter(str(node.target))(program.graph_module)
        elif node.op == "call_function":
            values[node] = run(node, values.__getitem__)
            drawn = torch.Tag.nondeterministic_seeded in getattr(node.target, "tags", ())
            if drawn and base_name(node) not in (
                "dropout",
                "rrelu",
                "rrelu_with_noise",
                "feature_dropout",
                "native_dropout",
            ):
                random.add(node)
            elif (base_name(node) in CONSTANT and not (len(node.args) > 1 and _open(node.args[1], constants))) or all(
                n in constants for n in node.all_input_nodes
            ):
                constants[node] = values[node]
    (output,) = (node for node in nodes if node.op == "output")
    names = [str(name) for name in signature.user_outputs]
    last = [node for node in output.all_input_nodes if node.name == names[0]]
    if source is None or not last:
        raise ReadingError("The module has no input that its output depends on: give another one.")
    shapes = {node: _shape(value) for node, value in values.items()}
    return Exported(module, dtype, len(x), source, last[0], nodes, constants, frozenset(random), shapes)


def _open(value: Any, constants: dict[fx.Node, Any]) -> bool:
    return isinstance(value, fx.Node) and value not in constants


def _shape(value: Any) -> Any:
    if isinstance(value, Tensor):
        return tuple(value.shape)
    return tuple(_shape(v) for v in value) if isinstance(value, list | tuple) else None


def base_name(node: fx.Node) -> str:
    """The operation's name without namespace, overload and in-place mark."""
    schema = getattr(node.target, "_schema", None)
    name = (
        str(schema.name).partition("::")[2]
        if schema is not None
        else getattr(node.target, "__name__", str(node.target))
    )
    return name.rstrip("_") if not name.startswith("_") else name


def path(node: fx.Node) -> str:
    """The user's name of the module that the operation is in."""
    stack = node.meta.get("nn_module_stack") or {}
    return str(list(stack.values())[-1][0]) if stack else ""


def run(node: fx.Node, value: Callable[[fx.Node], Any]) -> Any:
    """The operation on values."""
    arguments = fx.map_arg(node.args, value)
    named = fx.map_arg(node.kwargs, value)
    target: Any = node.target
    return target(*arguments, **named)


def replay(program: Exported, x: Tensor, precise: bool) -> dict[fx.Node, Any]:
    """What every operation gives at these inputs: in the module's own precision, or in float64 on the same constants.

    `precise` also takes the numbers of the program and the factors of normalisations as the reading does.
    """
    found: dict[fx.Node, Any] = {program.input: x.double() if precise else x}

    def value(node: fx.Node) -> Any:
        if node in found:
            return found[node]
        held = program.constants.get(node)
        return held.double() if precise and isinstance(held, Tensor) and held.is_floating_point() else held

    with torch.no_grad():
        for node in program.nodes:
            if node.op != "call_function" or not program.depends(node) or base_name(node) in SILENT:
                continue
            if node in program.random or any(
                n not in found and n not in program.constants for n in node.all_input_nodes
            ):
                continue
            if any(found.get(n, 0) is None for n in node.all_input_nodes):
                continue
            try:
                found[node] = _precise(program, node, value) if precise else run(node, value)
            except (RuntimeError, NotImplementedError) as problem:
                raise ReadingError(
                    f"{path(node) or node.name} ({base_name(node)}) does not run in float64 ({_first_line(problem)}): "
                    "its reading cannot be checked.",
                    runs=True,
                ) from problem
    return found


def _precise(program: Exported, node: fx.Node, value: Callable[[fx.Node], Any]) -> Any:
    arguments = bound(node)
    if {"running_mean", "running_var"} <= set(arguments) and not arguments.get("training", False):
        raw = {key: program.constants.get(v, v) if isinstance(v, fx.Node) else v for key, v in arguments.items()}
        known = raw["running_mean"] is not None and not raw.get("use_input_stats", False)
        if known and not any(isinstance(v, fx.Node) for k, v in raw.items() if k != "input"):
            factor, shift = normalization(raw)
            x = value(arguments["input"])
            sides = (1, -1, *(1,) * (x.ndim - 2))
            y = x * factor.double().reshape(sides) + shift.double().reshape(sides)
            return (y, None, None) if "training" not in arguments else y
    if getattr(node.target, "_schema", None) is None:
        return run(node, value)

    def plain(entry: Any) -> Any:
        if isinstance(entry, list | tuple):
            return type(entry)(plain(v) for v in entry)
        if isinstance(entry, float):
            return scalar(entry, program.dtype)
        return torch.float64 if isinstance(entry, torch.dtype) and entry.is_floating_point else entry

    if base_name(node) in ("softplus", "rrelu") and not arguments.get("training", False):
        x = value(next(iter(arguments.values())))
        if base_name(node) == "rrelu":
            return nn.functional.leaky_relu(x, scalar((arguments["lower"] + arguments["upper"]) / 2, program.dtype))
        # The function that torch's means, without its jump at the threshold.
        beta = scalar(arguments["beta"], program.dtype)
        return torch.logaddexp(beta * x, torch.zeros_like(x)) / beta
    if base_name(node) == "rms_norm" and arguments["eps"] is None:
        held = arguments["weight"]
        weight = None if held is None else value(held)
        epsilon = torch.finfo(program.dtype).eps
        return nn.functional.rms_norm(value(arguments["input"]), arguments["normalized_shape"], weight, epsilon)
    target: Any = node.target
    positional = [plain(v) for v in fx.map_arg(node.args, value)]
    return target(*positional, **{key: plain(v) for key, v in fx.map_arg(node.kwargs, value).items()})


def bound(node: fx.Node) -> dict[str, Any]:
    """The arguments by the names of torch's schema, defaults filled in."""
    schema = getattr(node.target, "_schema", None)
    if schema is None:
        return {str(i): v for i, v in enumerate(node.args)} | dict(node.kwargs)
    found: dict[str, Any] = {}
    for i, argument in enumerate(schema.arguments):
        if i < len(node.args):
            found[argument.name] = node.args[i]
        else:
            found[argument.name] = node.kwargs.get(argument.name, argument.default_value)
    return found


def _remedy(problem: BaseException) -> str:
    """What to do about a module that does not run."""
    text = str(problem)
    if "missing" in text and "positional argument" in text:
        return "it takes several inputs; audit a module of one, with the others fixed or joined to it"
    if "indices" in text or "Long" in text:
        return "it takes whole numbers, between which nothing is defined; audit what follows the embedding"
    if "same dtype" in text:
        return "its layers are in several formats; cast it to one with .to(dtype)"
    return "give the shape of one example, without the batch"


def _first_line(problem: BaseException) -> str:
    lines = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {lines[0][:200]}" if lines else type(problem).__name__
