"""Any torch module as a graph: exported, folded, translated operation by operation, and compared with the module.

Meaning: the function that the stored numbers mean over the reals. Casts between floating-point formats are rounding and
hence the identity. Numbers written in the program are taken as the operation takes them (float32 below float64), and
division is by the exact reciprocal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, fx, nn

from lipcheck.graph import Graph
from lipcheck.graph.evaluate import values_and_errors
from lipcheck.graph.simplify import simplify
from lipcheck.nn.reading.aten import MOVING, RULES, Call, moving
from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.exported import (
    BATCH,
    SILENT,
    Exported,
    base_name,
    bound,
    example,
    exported,
    path,
    replay,
)
from lipcheck.nn.reading.nonlinear import Comparison
from lipcheck.nn.reading.views import NotUnderstood, View


def read_module(
    module: nn.Module, input_shape: Sequence[int], dtype: torch.dtype | None = None, *, train: bool = False
) -> Graph:
    """The graph of a module in eval mode on one example of this shape; the module itself is left as it is.

    `train`: in train mode instead, where normalisation and dropout depend on more than one example and are unknown.
    What is not understood is an `Unknown` with the name of its place. Raises ReadingError where the module does not
    run, cannot be exported, or does not do what was read; GraphError for weights that are NaN or infinite.
    """
    if not isinstance(module, nn.Module):
        raise ReadingError(f"The target is a {type(module).__name__}: give a torch.nn.Module.")
    return read_program(exported(module, input_shape, dtype, train=train), named=any(True for _ in module.children()))


def read_program(program: Exported, *, named: bool = True) -> Graph:
    """The graph of what torch exported; `named`: it has layers, so that doing nothing is no mistake."""
    if program.output is program.input and not named:
        raise ReadingError("The module has no layers and gives its input back: give one with layers.")
    builder, views = translated(program)
    graph = builder.graph(_output(program, builder, views))
    compare(program, graph, builder, views)
    return simplify(graph)


def translated(program: Exported) -> tuple[Builder, dict[fx.Node, Any]]:
    """The operations as nodes of a graph, and what each of them is in it."""
    builder = Builder(program.shapes[program.input][1:], program.batch)
    views: dict[fx.Node, Any] = {program.input: builder.batched(0)}
    for node in program.nodes:
        if node.op != "call_function" or not program.depends(node) or base_name(node) in SILENT:
            continue
        place = path(node)
        builder.name = place or node.name
        views[node] = _translate(program, builder, views, node)
    return builder, views


def _translate(program: Exported, builder: Builder, views: dict[fx.Node, Any], node: fx.Node) -> Any:
    name, shape = base_name(node), program.shapes[node]

    def value(entry: fx.Node) -> Any:
        if entry in program.constants:
            return program.constants[entry]
        if entry in program.random and entry not in views:
            raise NotUnderstood(f"it uses the state {entry.name}, which the forward pass itself changes")
        found = views.get(entry)
        if found is None:
            raise NotUnderstood(f"it uses {entry.name}, positions or indices that depend on the input")
        return found

    try:
        if node in program.random:
            raise NotUnderstood("it draws random numbers")
        if name == "getitem":
            whole, which = value(node.args[0]), node.args[1]  # type: ignore[arg-type]
            return whole[which] if not isinstance(whole, View) else whole
        namespace = str(node.target).partition(".")[0]
        if namespace != "aten":
            raise NotUnderstood(f"it is an operation of {namespace}, not of torch")
        if name == "index_put" and len(node.args) > 3 and node.args[3]:
            raise NotUnderstood("it adds up what is put at one place")
        if name in MOVING:
            return moving(builder, node.target, fx.map_arg(node.args, value), dict(fx.map_arg(node.kwargs, value)))  # type: ignore[arg-type]
        if name not in RULES:
            raise NotUnderstood("it is not among the operations that are understood")
        arguments = {key: fx.map_arg(entry, value) for key, entry in bound(node).items()}
        own = shape[0] if shape and isinstance(shape[0], tuple) else shape
        return RULES[name](Call(builder, program.dtype, arguments, own))
    except NotUnderstood as problem:
        reason = str(problem)
    except (RuntimeError, TypeError, ValueError, IndexError, AttributeError, KeyError) as problem:
        reason = f"its arguments are of no form that is understood ({type(problem).__name__}: {problem})".splitlines()[
            0
        ]
    inputs = [views[n] for n in node.all_input_nodes if n in views]
    return _unknown(builder, name, reason, inputs, shape)


def _unknown(builder: Builder, name: str, reason: str, inputs: Sequence[Any], shape: Any) -> Any:
    flat: list[View] = []
    for entry in inputs:
        for part in entry if isinstance(entry, list | tuple) else (entry,):
            part = part.view if isinstance(part, Comparison) else part
            flat += [part] if isinstance(part, View) else []
    flat = flat or [builder.batched(0)]
    if shape and isinstance(shape[0], tuple):
        return tuple(builder.unknown(f"{name}[{i}]", reason, flat, part) for i, part in enumerate(shape))
    return builder.unknown(name, reason, flat, shape or (builder.batch,))


def _output(program: Exported, builder: Builder, views: dict[fx.Node, Any]) -> View:
    if program.output in program.constants:
        value = program.constants[program.output]
        view = moving(builder, torch.where, (torch.tensor(False), builder.batched(0).moved(torch.zeros(())), value), {})
        return view  # type: ignore[no-any-return]
    found = views[program.output]
    if not isinstance(found, View):
        raise ReadingError("The module returns comparisons, which jump: give one that returns numbers.")
    return found


def points(shape: Sequence[int], dtype: torch.dtype, batch: int = BATCH) -> list[Tensor]:
    """Batches to compare at: random, large, whole numbers with ties, and zero beside ones."""
    whole = torch.round(2 * example(shape, torch.float64, 2, batch)).to(dtype)
    ends = torch.zeros(batch, *shape, dtype=dtype)
    ends[-1] = 1
    return [example(shape, dtype, 1, batch), 8 * example(shape, dtype, 3, batch), whole, ends]


def compare(program: Exported, graph: Graph, builder: Builder, views: dict[fx.Node, Any]) -> None:
    """Raise ReadingError at the first operation where graph and module differ by more than rounding can.

    Operation by operation in float64 on the same constants, and the module itself in its own precision.
    """
    whole = Graph(tuple(builder.nodes), graph.output)
    unit = torch.finfo(program.dtype).eps / 2
    for x in points(program.shapes[program.input][1:], program.dtype, program.batch):
        precise = replay(program, x, precise=True)
        found = values_and_errors(whole, x.double().numpy(), 2.0**-53)
        for node, view in views.items():
            parts = zip(view, precise[node], strict=False) if isinstance(view, tuple) and node in precise else ()
            for part, wanted in [*parts, (view, precise.get(node))]:
                if isinstance(part, View) and isinstance(wanted, Tensor):
                    agree(found, part, wanted, f"{path(node) or node.name} ({base_name(node)})")
        if program.module is None:
            continue
        with torch.no_grad():
            own = replay(program, x, precise=False).get(program.output)
            wanted = program.module(x)
        if isinstance(own, Tensor) and not torch.equal(own, wanted):
            errors = values_and_errors(whole, x.double().numpy(), unit)[graph.output]
            gap = (own.double() - wanted.double()).abs().numpy()
            if errors is not None and not (gap <= 2 * errors[1].reshape(gap.shape)).all():
                raise ReadingError(
                    f"What torch.export made of {type(program.module).__name__} differs from it by {gap.max():.3g}: "
                    "its forward does something that the export does not see.",
                    runs=True,
                )


def agree(found: list[Any], view: View, wanted: Tensor, name: str) -> None:
    """Raise ReadingError unless the view of these values and errors is what is wanted, up to rounding."""
    pair = found[view.node]
    if pair is None:
        return
    index = view.index.to(torch.int64).numpy().reshape(-1)
    numbers = view.constants.numpy() if len(view.constants) else np.zeros(1)
    constant = numbers[np.clip(-1 - index, 0, len(numbers) - 1)]
    there = index >= 0
    value, error = (a.reshape(-1)[np.where(there, index, 0)] for a in pair)
    value, error = np.where(there, value, constant), np.where(there, error, 0.0)
    gap = np.abs(value - wanted.double().numpy().reshape(-1))
    if not (gap <= 2 * error).all():
        worst = int(np.argmax(np.where(np.isnan(gap), np.inf, gap - 2 * error)))
        raise ReadingError(
            f"{name} was read wrongly: it gives {wanted.reshape(-1)[worst].item():.17g}, the graph "
            f"{value[worst]:.17g}; no bound is given. Please report the module.",
            runs=True,
        )
