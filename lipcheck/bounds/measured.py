"""The search on a module that runs but cannot be read: what its quotients measure, and no proof.

Nothing is known about the operations inside, so no error bar is: the quotient of two outputs may owe something to
rounding, to caches or to chance. The pair is what can be said: anyone can run the module on it. A module may cast to
fewer digits inside, where near inputs give any quotient; so the jitter of its values is measured first, by steps of
many lengths, and pairs are ranked by their quotients less that jitter.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.directions import Field, chunks, norms, puller
from lipcheck.bounds.domain import Domain, domain_of
from lipcheck.bounds.search import Pair, steep_pairs
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_BATCH = 64


class MeasureError(LipcheckError, ValueError):
    """A module that cannot be run as a function of one example."""


@dataclass(frozen=True)
class Measured:
    """||f(x) - f(y)||_p / ||x - y||_p as the module itself gave it in `dtype`, one example at a time; not proved.

    `rounding` is a guess at what rounding may have added: a claim is in doubt if ratio - rounding exceeds it.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    p: float
    ratio: float
    rounding: float
    dtype: str
    caveat: str


def search_module(
    module: torch.nn.Module,
    input_shape: tuple[int, ...],
    p: float,
    *,
    box: Pair | None = None,
    data: Any = None,
    seed: int = 0,
    rounds: int = 24,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Measured:
    """The steepest pair found for a copy of the module in eval mode, in float64 where it can be cast to that.

    Arguments as in `lipcheck.bounds.search.search`. Raises MeasureError for modules whose outputs are no numbers, or
    differ when one input is given twice.
    """
    domain = domain_of(math.prod(input_shape), box, data)
    value, dtype = _runner(module, input_shape)
    field = _field(value, domain, seed)
    pairs = steep_pairs(field, p, domain, seed=seed, rounds=rounds, deadline=deadline, progress=progress)
    if not pairs:
        raise MeasureError("No two inputs have finite outputs: check that the weights are finite.")
    found = [(*_quotient(value, pair, p, field.noise), pair) for pair in pairs]
    ratio, rounding, (x, y) = max(found, key=lambda scored: scored[0] - scored[1])
    caveat = f"measured by running the module in {dtype}, not proved: its operations are not known"
    return Measured(tuple(x.tolist()), tuple(y.tolist()), p, ratio, rounding, dtype, caveat)


def _runner(module: torch.nn.Module, shape: tuple[int, ...]) -> tuple[Callable[[Tensor], Tensor], str]:
    """The module as a function of flat float64 rows, and the dtype that it runs in."""
    import torch

    kinds = {t.dtype for t in [*module.parameters(), *module.buffers()] if t.is_floating_point()}
    own = next(iter(kinds), torch.float64)
    problem: Exception | None = None
    widths: dict[torch.dtype, int] = {}
    for dtype in dict.fromkeys((torch.float64, own, torch.float32)):
        held = copy.deepcopy(module).eval().to(device="cpu", dtype=dtype)
        for parameter in held.parameters():
            if parameter.is_leaf:
                parameter.requires_grad_(False)

        def run(x: Tensor, held: torch.nn.Module = held, dtype: torch.dtype = dtype) -> Tensor:
            out = held(x.reshape(len(x), *shape).to(dtype, copy=True))
            if not isinstance(out, torch.Tensor) or out.ndim < 1 or len(out) != len(x):
                raise MeasureError(
                    "The module does not give one tensor with a row per example: wrap it so that it does."
                )
            if out.is_complex():
                raise MeasureError("The module gives complex numbers: wrap it so that it gives real ones.")
            flat = out.reshape(len(x), -1).to(torch.float64)
            if widths.setdefault(dtype, flat.shape[1]) != flat.shape[1]:
                raise MeasureError(
                    f"The module gives {flat.shape[1]} numbers for some inputs and {widths[dtype]} for others: only a "
                    "function into one space has a Lipschitz constant."
                )
            return flat

        probe = torch.zeros(_BATCH, math.prod(shape), dtype=torch.float64)
        try:
            first, second = run(probe), run(probe)
            run(probe[:1])
        except (RuntimeError, TypeError, ValueError, IndexError, AssertionError) as failure:
            if isinstance(failure, MeasureError):
                raise
            problem = failure
            continue
        if not torch.equal(first.nan_to_num(), second.nan_to_num()):
            raise MeasureError("The module gives two outputs for one input: make it deterministic in eval mode.")
        return run, str(dtype).removeprefix("torch.")
    reason = str(problem).strip().splitlines()[:1]
    raise MeasureError(
        f"The module does not run on 1 and on {_BATCH} examples of shape {shape} ({' '.join(reason)}): nothing can be "
        "searched."
    )


def _field(value: Callable[[Tensor], Tensor], domain: Domain, seed: int) -> Field:
    import torch

    inputs, noise = len(domain.low), _jitter(value, domain, torch.Generator().manual_seed(seed))
    length = max(2.0**-20, math.sqrt(noise))
    probe = torch.zeros(1, inputs, dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        out = value(probe)

    def push(x: Tensor, d: Tensor) -> Tensor:
        # A central difference: it needs nothing from the module.
        h = length * (1 + x.abs().amax(1, keepdim=True)) / d.abs().amax(1, keepdim=True).clamp(min=1e-300)
        return (value(x + h * d) - value(x - h * d)) / (2 * h)

    def pull_by_differences(x: Tensor, u: Tensor) -> Tensor:
        found = []
        for one, force in zip(x, u, strict=True):
            units = chunks(torch.eye(inputs, dtype=x.dtype), _BATCH)
            found.append(torch.cat([push(one.repeat(len(some), 1), some) @ force for some in units]))
        return torch.stack(found)

    pull = puller(value) if out.requires_grad else pull_by_differences
    return Field(inputs, out.shape[1], _BATCH, value, push, pull, bool(out.requires_grad), noise)


def _jitter(value: Callable[[Tensor], Tensor], domain: Domain, random: torch.Generator) -> float:
    """How far values stray from any straight course, relative to them: changes beyond twice the slope of long steps."""
    import torch

    x = domain.sample(_BATCH, random)
    way = torch.randn(x.shape, generator=random, dtype=x.dtype)
    with torch.no_grad():
        base = value(x)
        sizes = norms(base, math.inf).clamp(min=1e-300)
        changes = {k: norms(value(x + 2.0**k * domain.spread * way) - base, math.inf) for k in range(-44, -4, 4)}
    slope = torch.stack([changes[k] / 2.0**k for k in (-8, -12)]).amax(0)
    strays = torch.stack([(moved - 2 * slope * 2.0**k) / sizes for k, moved in changes.items()])
    return max(2.0**-46, 4 * float(strays.nan_to_num(0.0).max()))


def _quotient(value: Callable[[Tensor], Tensor], pair: Pair, p: float, noise: float) -> tuple[float, float]:
    """The quotient and what rounding may do to it: one example at a time, so that no other one matters."""
    x, y = (point[None] for point in pair)
    at, to, apart = value(x), value(y), float(norms(x - y, p))
    return float(norms(at - to, p)) / apart, noise * float(norms(at, p) + norms(to, p)) / apart
