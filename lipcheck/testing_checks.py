"""Checks for authors of layers: whatever a layer's raw weights are, its constant is at most the k that it promises.

Each check sets the raw weights of one module to numbers that break normalisations (an entry far above all others,
singular values down to a millionth, none at all, squares that leave the format, ...), lets the module see one batch in
train mode, as a step of training does, and audits it in eval mode. What fails is a pair of inputs, a bound that is
missing, or weights that are no numbers.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from lipcheck.audit import Audit, AuditError, audit
from lipcheck.audit.words import sections
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import torch
    from torch import Generator, Tensor, nn

CLAIMS = (1.0, 0.5, 2.0)
DTYPES = ("float32", "float64", "bfloat16")
WIDEST = 1 + Fraction(1, 10**6)
"""The room that verified norms may leave: each is within 1e-9 of the truth, so this is that of a thousand layers."""


def _gaussian(m: int, n: int, random: Generator) -> Tensor:
    import torch

    weight: Tensor = torch.randn(m, n, generator=random, dtype=torch.float64) / max(m, n) ** 0.5
    return weight


def _ill_conditioned(m: int, n: int, random: Generator) -> Tensor:
    import torch

    left, values, right = torch.linalg.svd(_gaussian(m, n, random), full_matrices=False)
    weight: Tensor = left @ torch.diag(torch.logspace(0, -6, len(values), dtype=values.dtype)) @ right
    return weight


def _spike(m: int, n: int, random: Generator) -> Tensor:
    weight = _gaussian(m, n, random) / 1024
    weight[m // 2, n // 2] = 1024
    return weight


def _rank_deficient(m: int, n: int, random: Generator) -> Tensor:
    return _gaussian(m, 1, random) * _gaussian(1, n, random)


def _zero(m: int, n: int, random: Generator) -> Tensor:
    return 0 * _gaussian(m, n, random)


def _tiny(m: int, n: int, random: Generator) -> Tensor:
    # Squares are subnormal or zero in float32.
    return 2.0**-70 * _gaussian(m, n, random)


def _huge(m: int, n: int, random: Generator) -> Tensor:
    # Sums of squares are near the end of float32's range.
    return 2.0**58 * _gaussian(m, n, random)


def _dead_filter(m: int, n: int, random: Generator) -> Tensor:
    weight = _gaussian(m, n, random)
    weight[0] = 0
    return weight


def _equal(m: int, n: int, random: Generator) -> Tensor:
    return 0 * _gaussian(m, n, random) + 1


STRESSES: dict[str, Callable[[int, int, Generator], Tensor]] = {
    "gaussian": _gaussian,
    "ill_conditioned": _ill_conditioned,
    "spike": _spike,
    "rank_deficient": _rank_deficient,
    "zero": _zero,
    "tiny": _tiny,
    "huge": _huge,
    "dead_filter": _dead_filter,
    "equal": _equal,
}
"""Raw weights, one row for each output, that a layer has to stand."""


def stress_(module: nn.Module, name: str, seed: int = 0) -> None:
    """Overwrite every parameter with two axes or more, those below parametrizations too, in place."""
    import torch

    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim > 1 and parameter.is_floating_point():
                rows = parameter.shape[0]
                weight = STRESSES[name](rows, parameter.numel() // rows, random)
                parameter.copy_(weight.reshape(parameter.shape).to(parameter.dtype))


@dataclass(frozen=True)
class Check:
    """One check, to be called in a test; `id` is the sentence that it is about. Returns the audit that passed."""

    name: str
    source: Any
    k: float
    dtype: str
    stress: str
    input_shape: tuple[int, ...]
    settings: Mapping[str, Any]
    passes: int

    @property
    def id(self) -> str:
        """The sentence in one word."""
        return f"{self.name}-at_most_{self.k:g}_with_{self.stress}_weights_in_{self.dtype}"

    def module(self) -> nn.Module:
        """The module under stress, in eval mode."""
        import torch

        kind: torch.dtype = getattr(torch, self.dtype)
        owned = isinstance(self.source, torch.nn.Module)
        module: nn.Module = copy.deepcopy(self.source).to(kind) if owned else self.source(self.k, kind)
        if not isinstance(module, torch.nn.Module):
            raise ValueError(f"The factory {self.name} gives a {type(module).__name__}: return a torch.nn.Module.")
        stress_(module, self.stress)
        random = torch.Generator().manual_seed(1)
        module.train()
        with torch.no_grad():
            for _ in range(self.passes):
                module(torch.randn(2, *self.input_shape, generator=random).to(kind))
        return module.eval()

    def __call__(self) -> Audit:
        """Raise AssertionError unless the constant is at most k, up to rounding of weights and the width of bounds.

        Where bounds are so wide apart that they decide nothing, the test is skipped, and the reason says so.
        """
        found = checked(self.module(), self.input_shape, Fraction(self.k), allow_unknown=True, **self.settings)
        asked, room = found.verdict.asked, width(found)
        assert asked is not None
        if found.upper is None or found.upper.value > asked * room:
            raise AssertionError(told(found))
        if found.upper.value > asked and room > WIDEST:
            import pytest

            pytest.skip(
                f"{self.id} is not decided: the upper bound is {float(found.upper.value):.9g}, and the layers' bounds "
                f"leave room for a factor {float(room):.9g}; give a larger budget"
            )
        return found


def checked(
    module: Any, input_shape: Sequence[int] | None, claim: Any, *, allow_unknown: bool, **settings: Any
) -> Audit:
    """The audit; AssertionError in its words where it is violated, unknown, a requirement fails, or nothing is read."""
    try:
        found = audit(module, input_shape=input_shape, claim=claim, **settings)
    except AuditError:
        raise
    except LipcheckError as problem:
        raise AssertionError(f"no audit is possible: {problem}") from problem
    if found.status == 1 or (found.status == 3 and not allow_unknown):
        raise AssertionError(told(found))
    return found


def width(found: Audit) -> Fraction:
    """How far the product of the layers' upper ends can be above that of their lower ends: upper / lower, multiplied.

    An upper bound that exceeds the claim by less decides nothing: for all that the verified ends say, the layers' true
    norms may keep it. A layer without a lower end adds no room.
    """
    own = (layer.own for layer in found.layers if layer.own is not None)
    ratios = (
        Fraction(bound.upper) / Fraction(bound.lower) for bound in own if 0 < bound.lower <= bound.upper < math.inf
    )
    return math.prod(ratios, start=Fraction(1))


def told(found: Audit) -> str:
    """The audit in words."""
    return "\n".join(f"{heading}: {text}" for heading, text in sections(found))


def checks_of(
    factories: Mapping[str, Any] | Sequence[Any],
    input_shape: Sequence[int],
    claims: Sequence[float],
    dtypes: Sequence[str],
    stresses: Sequence[str] | None,
    passes: int,
    settings: Mapping[str, Any],
) -> list[Check]:
    """Every factory with every k, dtype and stress; a module promises its own k and is checked with each of them."""
    known = tuple(STRESSES) if stresses is None else tuple(stresses)
    _all_known("stress", known, STRESSES)
    _all_known("dtype", dtypes, DTYPES)
    for k in claims:
        if isinstance(k, bool) or not isinstance(k, int | float | Fraction) or not 0 < k < math.inf:
            raise ValueError(f"The claim {k!r} is no positive number: give the k that a layer promises, for example 1.")
    if not isinstance(passes, int) or passes < 0:
        raise ValueError(f"passes is {passes!r}: give the number of batches in train mode, 0 or more.")
    whole = isinstance(input_shape, Sequence) and not isinstance(input_shape, str)
    if not whole or not all(isinstance(n, int) and n > 0 for n in input_shape):
        raise ValueError(f"The input shape is {input_shape!r}: give that of one example, as (16,) or (3, 32, 32).")
    shape = tuple(input_shape)
    return [
        Check(name, source, float(k), dtype, stress, shape, dict(settings), passes)
        for name, source in _named(factories)
        for k, dtype, stress in product(claims, dtypes, known)
    ]


def _all_known(what: str, names: Sequence[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"The {what} {name!r} is not known: choose from {', '.join(known)}.")


def _named(factories: Any) -> Iterator[tuple[str, Any]]:
    from torch.nn import Module

    if isinstance(factories, Module) or not isinstance(factories, Iterable) or isinstance(factories, str):
        raise ValueError(f"The layers are a {type(factories).__name__}: give a list, or a dict from name to factory.")
    if isinstance(factories, Mapping):
        named = list(factories.items())
    else:
        named = [(getattr(source, "__name__", type(source).__name__), source) for source in factories]
    seen: set[str] = set()
    for name, source in named:
        if not callable(source):
            raise ValueError(f"{source!r} is no layer: give a torch.nn.Module, or a factory (k, dtype) -> module.")
        if name in seen or name == "<lambda>":
            raise ValueError(f"Two factories are called {name}, or one has no name: give a dict from name to factory.")
        seen.add(name)
        yield name, source
