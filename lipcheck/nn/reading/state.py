"""What becomes of a module's function when its state moves: modes, export, files, formats, one step of training.

Each check works on deep copies and gives the graph that results, for whoever computes constants, with what changed.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor, nn
from torch.nn.utils import parametrize

from lipcheck.bounds.clock import NO_TIME, late
from lipcheck.graph import Graph
from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.exported import copied, example, frozen, own_dtype
from lipcheck.nn.reading.module import read_module
from lipcheck.words.errors import LipcheckError

CASTS = (torch.float32, torch.float64, torch.bfloat16)


@dataclass(frozen=True)
class StateCheck:
    """One check. `graph`: the function afterwards, None where there is no other or it cannot be read (`problem`).

    `changed`: whether it is another function than the module's in eval mode, or, for checks of weights, whether
    something was found; None if not known.
    """

    name: str
    graph: Graph | None
    problem: str | None
    changed: bool | None
    detail: str


def check_state(
    module: nn.Module,
    input_shape: Sequence[int],
    dtype: torch.dtype | None = None,
    *,
    graph: Graph | None = None,
    deadline: float | None = None,
) -> list[StateCheck]:
    """All checks of a module that runs; `graph`, where given, is what `read_module` makes of it in eval mode.

    Checks that would start after `deadline`, an instant of time.monotonic(), say that no time was left. Raises
    ReadingError where the module does not run.
    """
    kind, shape = own_dtype(module, dtype), tuple(int(n) for n in input_shape)
    x = example(shape, kind, 7)
    base = _base(module, shape, kind) if graph is None else graph

    def check(
        name: str, make: Callable[[], nn.Module | None], *, train: bool = False, cast: bool = False
    ) -> StateCheck:
        if late(deadline):
            return StateCheck(name, None, None, None, NO_TIME)
        try:
            changed = make()
            if changed is None:
                return StateCheck(name, None, None, None, "does not apply")
            found = read_module(changed, shape, own_dtype(changed, None) if cast else kind, train=train)
        except (LipcheckError, RuntimeError, TypeError, ValueError, NotImplementedError) as problem:
            return StateCheck(name, None, str(problem).splitlines()[0], None, "cannot be read")
        differing = None if base is None else differences(base, found)
        detail = "the same numbers" if differing == [] else "; ".join(differing or ["nothing to compare with"])
        return StateCheck(name, found, None, None if differing is None else bool(differing), detail)

    def found(name: str, look: Callable[[], StateCheck]) -> StateCheck:
        return StateCheck(name, None, None, None, NO_TIME) if late(deadline) else look()

    return [
        found("eval twice", lambda: _repeated(module, x)),
        found("aliases", lambda: _aliases(module)),
        found("unsaved buffers", lambda: _unsaved(module, x)),
        found("stale weights", lambda: _stale(module, x)),
        found("power iteration", lambda: _iterations(module)),
        check("train", lambda: module, train=True),
        check("train and eval again", lambda: _toggled(module)),
        check("export", lambda: _exported(module)),
        check("remove parametrizations", lambda: frozen(copied(module)) if _parametrized(module) else None),
        check("save and load", lambda: _reloaded(module)),
        *(
            check(f"cast to {str(target).removeprefix('torch.')}", functools.partial(_cast, module, target), cast=True)
            for target in CASTS
        ),
        check("one optimiser step", lambda: _stepped(module, x)),
    ]


def _base(module: nn.Module, shape: tuple[int, ...], dtype: torch.dtype) -> Graph | None:
    try:
        return read_module(module, shape, dtype)
    except ReadingError as problem:
        if not problem.runs:
            raise
        return None


def differences(first: Graph, second: Graph) -> list[str]:
    """Which nodes of two graphs hold other numbers, by name; [] only if the graphs agree number by number."""
    if len(first.nodes) != len(second.nodes):
        return [f"the graph has {len(second.nodes)} operations in place of {len(first.nodes)}"]
    found = []
    for a, b in zip(first.nodes, second.nodes, strict=True):
        if type(a.operation) is not type(b.operation) or a.inputs != b.inputs or a.shape != b.shape:
            found.append(f"{b.name} is another operation")
            continue
        for entry in fields(a.operation):
            p, q = getattr(a.operation, entry.name), getattr(b.operation, entry.name)
            if not isinstance(p, np.ndarray) or not isinstance(q, np.ndarray):
                # An array beside None, as a bias that one of the two lacks, is another field.
                same, size = p is q or (not isinstance(p, np.ndarray) and not isinstance(q, np.ndarray) and p == q), ""
            else:
                gap = np.abs(p - q).max(initial=0) if _fit(p.shape, q.shape) else np.inf
                same, size = bool(gap == 0), f" by up to {float(gap):.3g}"
            if not same:
                found.append(f"{b.name}: {entry.name} differs{size}")
    return found


def _fit(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Whether one shape broadcasts to the other."""
    try:
        return np.broadcast_shapes(first, second) in (first, second)
    except ValueError:
        return False


def _cast(module: nn.Module, dtype: torch.dtype) -> nn.Module:
    return copied(module).to(dtype)


def _toggled(module: nn.Module) -> nn.Module:
    return copied(module).train().eval()


def _exported(module: nn.Module) -> nn.Module | None:
    if not hasattr(module, "vanilla_export"):
        return None
    made = copied(module).vanilla_export()  # type: ignore[operator]
    return made if isinstance(made, nn.Module) else None


def _parametrized(module: nn.Module) -> bool:
    return any(parametrize.is_parametrized(part) for part in module.modules())


def _reloaded(module: nn.Module) -> nn.Module:
    """A copy whose whole state was overwritten, and then loaded from a file's bytes."""
    fresh = copied(module)
    stored = {name: tensor.detach().contiguous().clone() for name, tensor in copied(module).state_dict().items()}
    with torch.no_grad():
        for tensor in fresh.state_dict().values():
            if tensor.is_floating_point():
                tensor.fill_(0.5)
    fresh.load_state_dict(load_tensors(save_tensors(stored)))
    return fresh.eval()


def _stepped(module: nn.Module, x: Tensor) -> nn.Module | None:
    """A copy after one step of gradient descent on a random linear loss, in train mode."""
    trained = copied(module, train=True)
    parameters = [p for p in trained.parameters() if p.requires_grad]
    if not parameters:
        return None
    output = trained(x)
    loss = (output * example(output.shape[1:], output.dtype, 8)).sum()
    # By hand, as torch.optim.SGD does it: the first optimiser of a process loads torch's compiler, which takes seconds.
    slopes = torch.autograd.grad(loss, parameters, allow_unused=True)
    with torch.no_grad():
        for parameter, slope in zip(parameters, slopes, strict=True):
            if slope is not None:
                parameter.add_(slope, alpha=-0.01)
    return trained.eval()


def restless(module: nn.Module, input_shape: Sequence[int], dtype: torch.dtype | None = None) -> float:
    """How far two runs of a module in eval mode differ, per largest output: above 0 it has no one function."""
    first, second = _two_runs(module, example(tuple(int(n) for n in input_shape), own_dtype(module, dtype), 7))
    if torch.equal(first, second):
        return 0.0
    size = float(first.double().abs().max())
    return _gap(first, second) / size if size else math.inf


def _two_runs(module: nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
    part = copied(module)
    with torch.no_grad():
        # Copies: a forward pass that writes to its input is still a function of it.
        return part(x.clone()), part(x.clone())


def _repeated(module: nn.Module, x: Tensor) -> StateCheck:
    """Whether running the module in eval mode changes what it does."""
    first, second = _two_runs(module, x)
    same = torch.equal(first, second)
    detail = "the same output twice" if same else f"two runs in eval mode differ by {_gap(first, second):.3g}"
    return StateCheck("eval twice", None, None, not same, detail)


def _gap(first: Tensor, second: Tensor) -> float:
    return float((first.detach().double() - second.detach().double()).abs().max())


def _tensors(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from module.named_parameters(remove_duplicate=False)
    yield from module.named_buffers(remove_duplicate=False)


def _aliases(module: nn.Module) -> StateCheck:
    """Tensors that share memory under several names, and layers that stand at several places."""
    owners: dict[int, list[str]] = {}
    for name, tensor in _tensors(module):
        if tensor.numel():
            owners.setdefault(tensor.untyped_storage().data_ptr(), []).append(name)
    for name, part in module.named_modules(remove_duplicate=False):
        if name and any(True for _ in part.parameters(recurse=False)):
            owners.setdefault(id(part), []).append(name)
    shared = [" = ".join(dict.fromkeys(names)) for names in owners.values() if len(set(names)) > 1]
    shared = list(dict.fromkeys(shared))
    return StateCheck("aliases", None, None, bool(shared), "; ".join(shared) or "no tensor has two names")


def _unsaved(module: nn.Module, x: Tensor) -> StateCheck:
    """Buffers that the function depends on and that the state dict leaves out."""
    saved, lost = set(copied(module).state_dict(keep_vars=True)), []
    with torch.no_grad():
        wanted = copied(module)(x)
        for name, buffer in module.named_buffers():
            if name not in saved and buffer.is_floating_point() and buffer.numel():
                part = copied(module)
                part.get_buffer(name).fill_(0.5)
                if not torch.equal(part(x), wanted):
                    lost.append(name)
    detail = f"not in the state dict: {', '.join(lost)}" if lost else "the state dict holds all that the function needs"
    return StateCheck("unsaved buffers", None, None, bool(lost), detail)


def _stale(module: nn.Module, x: Tensor) -> StateCheck:
    """Whether weights kept for eval mode follow the parameters, as they are and after other ones are loaded."""
    if _repeated(module, x).changed:
        return StateCheck("stale weights", None, None, None, "not known: each run in eval mode changes the module")
    found = []
    with torch.no_grad():
        before, after = copied(module)(x), _toggled(module)(x)
        if not torch.equal(before, after):
            found.append(f"going through train mode and back changes the output by {_gap(before, after):.3g}")
        part = copied(module)
        part(x)
        changed = {n: t * 1.25 if t.is_floating_point() else t for n, t in part.state_dict().items()}
        part.load_state_dict(changed)
        kept = part(x)
        renewed = part.train().eval()(x)
        if not torch.equal(kept, renewed):
            found.append(f"after loading other weights in eval mode the output is off by {_gap(kept, renewed):.3g}")
    for name, child in module.named_modules():
        found += _stored_copies(name, child)
    return StateCheck("stale weights", None, None, bool(found), "; ".join(found) or "weights follow their parameters")


def _stored_copies(name: str, part: nn.Module) -> list[str]:
    """Exported weights beside what makes them: a layer whose vanilla export holds other weights than it uses itself."""
    # On copies only: reading the weight of a parametrized layer in train mode may move its state.
    if not hasattr(part, "vanilla_export") or not isinstance(getattr(copied(part), "weight", None), Tensor):
        return []
    made = copied(part).vanilla_export()  # type: ignore[operator]
    weight = getattr(made, "weight", None)
    own = copied(part).weight
    if not isinstance(weight, Tensor) or not isinstance(own, Tensor) or weight.shape != own.shape:
        return []
    return (
        [] if torch.equal(weight, own) else [f"{name}: its export differs from its weight by {_gap(weight, own):.3g}"]
    )


def _iterations(module: nn.Module) -> StateCheck:
    """Spectral normalisation by power iteration: the norm that it divides by, against the weight's own."""
    found = []
    with torch.no_grad():
        for name, part in copied(module).named_modules():
            for matrix, u, v in _power_iterations(part):
                estimate = float(u.double() @ matrix.double() @ v.double())
                largest = float(torch.linalg.matrix_norm(matrix.double(), 2))
                used = getattr(part, "weight", None)
                if isinstance(used, Tensor) and _two_norm(used) <= 1:
                    # What follows the division mends it, as orthonormalization does.
                    continue
                # The estimate is off by the rounding of a product of this length at most, once it has converged.
                slack = (sum(matrix.shape) + 8) * torch.finfo(matrix.dtype).eps
                if estimate < largest * (1 - slack):
                    found.append(f"{name}: divides by {estimate:.6g} where the norm is {largest:.6g}")
    detail = "; ".join(found) or "no spectral normalisation that has not converged"
    return StateCheck("power iteration", None, None, bool(found), detail)


def _two_norm(weight: Tensor) -> float:
    return float(torch.linalg.matrix_norm(weight.double().flatten(1), 2)) if weight.ndim > 1 else math.inf


def _power_iterations(part: nn.Module) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    if parametrize.is_parametrized(part):
        for entry in part.parametrizations.values():  # type: ignore[operator]
            value = getattr(entry, "original", None)
            for made in entry:
                u, v = getattr(made, "_u", None), getattr(made, "_v", None)
                if isinstance(value, Tensor) and isinstance(u, Tensor) and isinstance(v, Tensor):
                    axis = int(getattr(made, "dim", 0))
                    yield value.movedim(axis, 0).flatten(1), u, v
                value = made(value) if isinstance(value, Tensor) else None
    for hook in part._forward_pre_hooks.values():
        name = getattr(hook, "name", None)
        u, v = getattr(part, f"{name}_u", None), getattr(part, f"{name}_v", None)
        original = getattr(part, f"{name}_orig", None)
        if isinstance(original, Tensor) and isinstance(u, Tensor) and isinstance(v, Tensor):
            yield original.movedim(int(getattr(hook, "dim", 0)), 0).flatten(1), u, v
