"""Does a network keep the 2-norm of its gradients? The singular values at points, layer by layer, and where they go.

A network whose layers have orthonormal rows and whose activations permute (sorting) or change signs (absolute value)
has J J' = I wherever it is differentiable: every singular value of its Jacobian is one. A layer is said to

    keep      the norm of every gradient: WW' = I up to a proved deviation; sorting; slopes of modulus one
    expand    more outputs than inputs, W'W = I: gradients outside of its range are shortened
    narrow    fewer outputs than both the network's inputs and its outputs: J has rank at most that, the rest is zero
    lose      something else, and the reason says what
    unknown   too large to decide, streams that are added, or not understood

A layer that loses norm does not break a claim K: the constant is an upper bound. Where a layer is unknown the singular
values decide: L layers that keep the norm up to a share t each leave none below (1 - t)^L.

Half of the time goes to points, the rest to layers. What is late is left out, and `cut` says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lipcheck.bounds.clock import late, left
from lipcheck.bounds.directions import Field, field_of, jacobian_at
from lipcheck.bounds.domain import domain_of
from lipcheck.bounds.isometry import WHOLE, isometry
from lipcheck.bounds.lowering import gate_count, lower
from lipcheck.graph import (
    AveragePool,
    Clamp,
    Constant,
    Convolution,
    Dense,
    Diagonal,
    Gather,
    Graph,
    GraphError,
    Input,
    Join,
    Max,
    Node,
    Piecewise,
    Smooth,
    Softmax,
    Sort,
    Standardize,
    Sum,
    Unknown,
)

if TYPE_CHECKING:
    from torch import Tensor

Effect: TypeAlias = Literal["keep", "expand", "narrow", "lose", "unknown"]

_NUMBERS, _PRODUCTS = 40_000, 100_000
"""An abs-normal form of at most so many coefficients, and products of them, gives its Jacobians exactly."""
_SINGULAR_VALUES = 2.0e-9
"""Seconds per product of the sides of a matrix and the smaller one: what a look at its singular values costs."""
_WIDE = 256
"""Jacobians whose smaller side is longer have their singular values from eigenvalues, which cost less."""
_LATE = "not looked at: the budget ended"
_LOOKS, _LEAST_POINTS = 2**33, 8
"""Wide Jacobians are looked at in so many products, inputs x outputs x the smaller each, but in eight points or more:
one of 1,024 x 1,024 shows a thousand singular values, and takes as long as 64 of 256 x 256."""


@dataclass(frozen=True)
class LayerEffect:
    """What one node does to gradients; `deviation` as in `lipcheck.bounds.isometry` for linear nodes, else None."""

    name: str
    effect: Effect
    reason: str
    deviation: float | None


@dataclass(frozen=True)
class GradientNorm:
    """Singular values over all points, for one output the gradient's norm; about right, as floats are.

    They are None where no Jacobian was complete in time. `first` is the first layer that narrows, loses or is unknown,
    else the first that expands, else None. `preserved`: every layer keeps the norm, so that all singular values are one
    up to the deviations; None where some layers are unknown and nothing speaks against it. `cut` says what the end of
    the budget left out, else None.
    """

    points: int
    least: float | None
    median: float | None
    largest: float | None
    method: str
    layers: tuple[LayerEffect, ...]
    first: LayerEffect | None
    preserved: bool | None
    cut: str | None = None


def gradient_norm(
    graph: Graph,
    *,
    data: Any = None,
    points: int = 64,
    tolerance: float = 1e-3,
    seed: int = 0,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> GradientNorm:
    """Singular values of Jacobians at `points` examples (random inputs without data), and the effect of each layer.

    Jacobians with more than 512 x 512 entries are looked at in fewer points, and never in fewer than 8.
    `tolerance` is the share of its norm that a gradient may lose in a layer that is still said to keep it; the proved
    deviation stands beside it. GraphError for operations that are not understood.
    """
    import torch

    smaller = min(graph.inputs, graph.outputs)
    points = min(points, max(_LEAST_POINTS, _LOOKS // (graph.inputs * graph.outputs * smaller)))
    domain = domain_of(graph.inputs, None, data)
    random = torch.Generator().manual_seed(seed)
    x = domain.sample(points, random) if domain.data is None else domain.data[:points]
    jacobian, method = _jacobians(graph, random, deadline)
    half = None if deadline is None else time.monotonic() + left(deadline) / 2
    found: list[Tensor] = []
    for number, point in enumerate(x):
        if found and late(half):
            break
        if progress is not None:
            progress(f"gradient norm, point {number + 1} of {len(x)}")
        here = jacobian(point)
        if here is None:
            break
        found.append(_singular_values(here))
    layers = effects(graph, tolerance, deadline)
    worse = [layer for layer in layers if layer.effect not in ("keep", "expand")]
    worse += [layer for layer in layers if layer.effect == "expand"]
    values = torch.cat(found) if found else None
    least, median, largest = (
        (None, None, None) if values is None else (float(v) for v in (values.min(), values.median(), values.max()))
    )
    preserved: bool | None = not worse
    if worse and all(layer.effect == "unknown" for layer in worse):
        preserved = False if least is not None and least < (1 - tolerance) ** len(layers) else None
    skipped = sum(layer.reason == _LATE for layer in layers)
    cut = f"{len(found)} of {len(x)} points, {skipped} of {len(layers)} layers not looked at"
    return GradientNorm(
        len(found), least, median, largest, method, layers, worse[0] if worse else None, preserved,
        cut if skipped or len(found) < len(x) else None,
    )  # fmt: skip


def _singular_values(jacobian: Tensor) -> Tensor:
    """The singular values; of wide Jacobians as roots of eigenvalues of JJ', which blurs those below 1e-8 of all."""
    import torch

    if min(jacobian.shape) <= _WIDE:
        found: Tensor = torch.linalg.svdvals(jacobian)
        return found
    # Scaled: squares of tiny or huge entries leave the range of float64.
    top: Tensor = jacobian.abs().max().clamp(min=1e-300)
    scaled = jacobian / top
    gram = scaled @ scaled.T if len(scaled) <= scaled.shape[1] else scaled.T @ scaled
    values: Tensor = torch.linalg.eigvalsh(gram).clamp(min=0).sqrt()
    found = top * values
    return found


def _jacobians(graph: Graph, random: Any, deadline: float | None) -> tuple[Callable[[Tensor], Tensor | None], str]:
    """Exact Jacobians of small piecewise linear graphs, else automatic differentiation."""
    piecewise = not any(isinstance(node.operation, Smooth | Softmax | Standardize | Unknown) for node in graph.nodes)
    gates = gate_count(graph)
    rows = gates + graph.outputs
    small = rows * (1 + graph.inputs + gates) <= _NUMBERS and rows * gates * graph.inputs <= _PRODUCTS
    if piecewise and small:
        return _exact(graph, random), "exact Jacobians of linear regions"
    field: Field = field_of(graph)
    return lambda point: jacobian_at(field, point, deadline), "Jacobians by automatic differentiation in float64"


def _exact(graph: Graph, random: Any) -> Callable[[Tensor], Tensor]:
    import torch

    form = lower(graph)

    def jacobian(point: Tensor) -> Tensor:
        exact = [Fraction(a) for a in point.tolist()]
        length = Fraction(1)
        while True:
            values = form.gate_values(exact)
            gates, rows = form.piece([1 if value >= 0 else -1 for value in values])
            # A gate that is zero all around, as behind an inactive unit, has no kink there.
            if not any(value == 0 and any(gate) for value, gate in zip(values, gates, strict=True)):
                return torch.tensor([[float(a) for a in row[1:]] for row in rows], dtype=torch.float64)
            # On a kink there is no Jacobian: a nearby region answers.
            length /= 2**20
            steps = torch.randint(-(2**10), 2**10, point.shape, generator=random).tolist()
            exact = [a + length * step for a, step in zip(exact, steps, strict=True)]

    return jacobian


def effects(graph: Graph, tolerance: float, deadline: float | None = None) -> tuple[LayerEffect, ...]:
    """The effect of each node that does something: inputs and constants are left out.

    A linear layer whose singular values are not to be had by the deadline is unknown.
    """
    kept: list[LayerEffect] = []
    for node in graph.nodes:
        if not isinstance(node.operation, Input | Constant):
            given = [graph.nodes[i] for i in node.inputs]
            if _cost(node, given) > left(deadline):
                kept.append(LayerEffect(node.name, "unknown", _LATE, None))
                continue
            effect, reason, deviation = _effect(node, given, graph, tolerance)
            kept.append(LayerEffect(node.name, effect, reason, deviation))
    return tuple(kept)


def _cost(node: Node, given: Sequence[Node]) -> float:
    """Foreseen seconds for a linear layer, 0 for what is decided by its kind."""
    match node.operation:
        case Dense(weight=weight):
            rows, columns = weight.shape
            return float(_SINGULAR_VALUES * rows * columns * min(rows, columns))
        case Convolution() | AveragePool() | Gather() | Diagonal():
            m, n = node.size, given[0].size
            return _SINGULAR_VALUES * m * n * min(m, n) if max(m, n) <= WHOLE else 1e-7 * max(m, n)
    return 0.0


def _effect(node: Node, given: Sequence[Node], graph: Graph, tolerance: float) -> tuple[Effect, str, float | None]:
    match node.operation:
        case Sort():
            return "keep", "sorting permutes", None
        case Piecewise(negative=negative, positive=positive):
            slopes = sorted({abs(float(a)) for a in (*negative.ravel(), *positive.ravel())})
            if slopes == [1.0]:
                return "keep", "slopes of modulus one", None
            where = "ReLU: " if slopes == [0.0, 1.0] else ""
            return "lose", f"{where}slopes of modulus {slopes[0]:g} to {slopes[-1]:g}", None
        case Clamp():
            return "lose", "cuts: the slope is 0 outside of its bounds", None
        case Smooth(name=name, lower=low, upper=high):
            return "lose", f"{name}: slopes between {float(low):g} and {float(high):g}", None
        case Softmax():
            return "lose", "softmax: no slope above 1/2", None
        case Standardize():
            return "lose", "standardises: the length of its input is lost", None
        case Max():
            return "lose", "takes the largest of each window: the others do not count", None
        case Sum() if len(given) > 1:
            return "unknown", "a skip connection adds streams: their gradients may cancel or add up", None
        case Join() if len(given) > 1:
            return "unknown", "streams side by side: their gradients may cancel or add up", None
        case Unknown(reason=reason):
            return "unknown", f"not understood: {reason}", None
        case Sum(coefficients=coefficients):
            gain = abs(float(coefficients[0]))
            near = abs(gain - 1) <= tolerance
            return ("keep" if near else "lose"), f"multiplies by {gain:g}", abs(gain * gain - 1)
        case Join():
            return "keep", "one stream", 0.0
    return _linear(node, given[0], graph, tolerance)


def _linear(node: Node, given: Node, graph: Graph, tolerance: float) -> tuple[Effect, str, float | None]:
    try:
        found = isometry(node, given.shape)
    except GraphError as problem:
        return "unknown", str(problem), None
    deviation = found.deviation
    if deviation is None:
        return "unknown", "too large to decide", None
    if node.size < min(graph.inputs, graph.outputs, given.size):
        return "narrow", f"{given.size} to {node.size} numbers: gradients in its null space are lost", deviation
    # sqrt(1 - deviation) >= 1 - tolerance
    if deviation <= tolerance * (2 - tolerance):
        if found.backward:
            return "keep", "orthonormal rows", deviation
        return "expand", f"{given.size} to {node.size} numbers, orthonormal columns", deviation
    if found.least is None or found.largest is None:
        return "unknown", f"orthonormal up to {deviation:.3g} only", deviation
    rank = "rank deficient: " if found.least <= 1e-6 * found.largest else ""
    return "lose", f"{rank}singular values from {found.least:.6g} to {found.largest:.6g}", deviation
