"""All bounds on the constant of a graph that a time budget allows: product, semidefinite, exact, and the search."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from lipcheck.audit.report import Exact, Upper
from lipcheck.audit.request import AuditError, Request
from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.lowering import gate_count, lower
from lipcheck.bounds.nodes import node_norm
from lipcheck.bounds.product import NodeBound, product_bound
from lipcheck.bounds.witness import Witness, WitnessError, norm_end
from lipcheck.graph import Convolution, Dense, Graph, GraphError, Node, Smooth
from lipcheck.graph.operations import Shape

Progress = Callable[[str], None]

GATES_EXACT = 160
"""More gates than this leave branch and bound without hope in a minute."""
JACOBIANS = 300_000
"""Gates times inputs times outputs that branch and bound can look at often."""
NUMBERS_EXACT = 24_000
"""Coefficients of gates and outputs in inputs and gates: with more, the first regions alone take longer than that."""
GATES_SEMIDEFINITE = 700
COEFFICIENTS = 4_000_000
"""Units times columns of the abs-normal form, which is dense: larger networks are bounded layer by layer only."""
SUBSTITUTIONS = 100_000_000
"""Rational operations that putting fixed gates into the others may take: a few seconds."""
_ROUNDS = 24
_LINEAR = ("Dense", "Convolution", "AveragePool", "Diagonal", "Gather")


@dataclass(frozen=True)
class Bounds:
    """`uppers` are proved, the least first; `problem` says why there is none, `missing` why there is no witness."""

    lower: Witness | None
    uppers: tuple[Upper, ...]
    exact: Exact | None
    layers: tuple[NodeBound, ...]
    problem: str | None
    missing: str | None

    @property
    def best(self) -> Fraction | None:
        """The least upper bound."""
        return self.uppers[0].value if self.uppers else None

    @property
    def everywhere(self) -> Fraction | None:
        """The least upper bound that holds outside of the box as well: balls around examples may leave it."""
        return next((bound.value for bound in self.uppers if bound.everywhere), None)


def bounds_of(graph: Graph, asked: Request, deadline: float, report: Progress) -> Bounds:
    """Bounds until `deadline`, an instant of time.monotonic(); a late step is left out, a started one may end later."""
    start = time.monotonic()
    report("norms of the layers")
    layers = _layers(graph, asked.norm, deadline - start)
    uppers = [Upper(k, "product of the layers' norms") for k in [layers[graph.output].upper] if k is not None]
    problem = None if uppers else _why(graph, layers)
    form = _form(graph)
    if form is not None and asked.norm == 2 and len(form.gates) <= GATES_SEMIDEFINITE and uppers:
        report("semidefinite bound")
        uppers += _semidefinite(form, uppers[0].value, _share(deadline, 0.4))
    local = _on_box(form, asked) if form is not None else None
    if local is not None and local is not form and asked.norm == 2 and uppers:
        report("semidefinite bound on the box")
        found_on_box = _semidefinite(local, min(bound.value for bound in uppers), _share(deadline, 0.4))
        uppers += [replace(bound, everywhere=False) for bound in found_on_box]
    exact: Exact | None = None
    points: list[list[float]] = []
    if local is not None and _within_reach(local):
        report("exact constant")
        exact, upper, points = _exact(local, asked, _share(deadline, 0.6))
        uppers.append(upper)
    report("searching for a steep pair of inputs")
    missing = None
    found: Witness | str = "the network is not understood"
    if not graph.unknown:
        found = _search(graph, asked, layers, points if exact is not None else [], deadline, report)
    if isinstance(found, str):
        missing, pair = found, None
    else:
        pair = _sharpened(form, found) if form is not None and _within_reach(form) else found
    if problem is None:
        # Early ends of branch and bound can lie above what is known already.
        uppers = sorted((bound for bound in uppers if bound.value <= uppers[0].value), key=lambda bound: bound.value)
    if pair is not None and uppers and pair.lower > uppers[0].value:
        raise AuditError(
            f"Two inputs prove {float(pair.lower)!r} where {uppers[0].method} says at most {float(uppers[0].value)!r}: "
            "one of them is wrong, so no bound is given. Please report the network."
        )
    if exact is None and pair is not None and uppers and uppers[0].value == pair.lower:
        exact = Exact(pair.lower, pair.lower, "upper and lower bound agree")
    return Bounds(pair, tuple(uppers), exact, layers, problem, missing)


def _share(deadline: float, part: float) -> float:
    now = time.monotonic()
    return now + max(0.5, part * (deadline - now))


def _layers(graph: Graph, norm: float, seconds: float) -> tuple[NodeBound, ...]:
    heavy = max(1, sum(isinstance(node.operation, Convolution | Dense) for node in graph.nodes))

    def own(node: Node, image: Shape) -> object:
        return node_norm(node, image, norm, max(1.0, 0.5 * seconds / heavy))

    return product_bound(graph, norm, own)  # type: ignore[arg-type]


def _within_reach(form: AbsNormal) -> bool:
    gates, outputs = len(form.gates), len(form.outputs)
    numbers, jacobians = (gates + outputs) * (1 + form.inputs + gates), max(1, gates) * form.inputs * outputs
    return gates <= GATES_EXACT and numbers <= NUMBERS_EXACT and jacobians <= JACOBIANS


def _why(graph: Graph, layers: tuple[NodeBound, ...]) -> str:
    if graph.unknown:
        listed = "; ".join(f"{node.name} ({node.operation.kind}): {node.operation.reason}" for node in graph.unknown)  # type: ignore[union-attr]
        return f"not understood: {listed}"
    first = next(layer for layer in layers if layer.upper is None)
    return f"{first.name} ({first.kind}) has no finite bound"


def _form(graph: Graph) -> AbsNormal | None:
    """The abs-normal form, where the network is piecewise linear and small enough for it."""
    gates = gate_count(graph)
    if graph.unknown or any(isinstance(node.operation, Smooth) for node in graph.nodes):
        return None
    wide = sum(node.size for node in graph.nodes) * (1 + graph.inputs + gates)
    return lower(graph) if gates <= GATES_SEMIDEFINITE and wide <= COEFFICIENTS else None


def _on_box(form: AbsNormal, asked: Request) -> AbsNormal:
    """The form without the gates whose sign the box fixes; the form itself where there is none, or too many to ask."""
    from lipcheck.bounds.fixed_signs import fix_signs

    box, gates = _box(asked), len(form.gates)
    if box is None or gates**2 * (1 + form.inputs + gates) > SUBSTITUTIONS:
        return form
    small = fix_signs(form, box)
    return small if len(small.gates) < gates else form


def _box(asked: Request) -> list[tuple[float, float]] | None:
    return None if asked.box is None else list(zip(asked.box[0].tolist(), asked.box[1].tolist(), strict=True))


def _semidefinite(form: AbsNormal, at_most: Fraction, deadline: float) -> list[Upper]:
    from lipcheck.bounds.semidefinite import semidefinite_bound

    found = semidefinite_bound(form, deadline=deadline, at_most=at_most)
    if found is None or found.method == "given":
        return []
    return [Upper(found.upper, "semidefinite bound, multipliers verified")]


def _exact(form: AbsNormal, asked: Request, deadline: float) -> tuple[Exact | None, Upper, list[list[float]]]:
    from lipcheck.bounds.exact import exact_constant

    box = _box(asked)
    norm = "inf" if asked.norm == math.inf else int(asked.norm)
    found = exact_constant(form, norm, box, deadline=max(0.5, deadline - time.monotonic()))  # type: ignore[arg-type]
    upper = Upper(found.upper, found.method, everywhere=asked.box is None)
    exact = Exact(found.lower, found.upper, found.method) if found.complete else None
    return exact, upper, [[float(a) for a in found.witness]]


def _search(
    graph: Graph,
    asked: Request,
    layers: tuple[NodeBound, ...],
    starts: list[list[float]],
    deadline: float,
    report: Progress,
) -> Witness | str:
    """The best witness, or why there is none. With the region of an exact constant no more than a look is needed."""
    from lipcheck.bounds.search import search

    try:
        return search(
            graph,
            asked.norm,
            box=asked.box,
            data=asked.data,
            seed=asked.seed,
            rounds=1 if starts else _ROUNDS,
            deadline=deadline,
            progress=report,
            constants=_two_norms(layers) if asked.norm == 2 else None,
            starts=starts or None,
        )
    except (WitnessError, GraphError) as problem:
        return str(problem)


def _sharpened(form: AbsNormal, pair: Witness) -> Witness:
    """The same two inputs in exact arithmetic: what they prove without error bars."""
    x, y = (tuple(Fraction(a) for a in point) for point in (pair.x, pair.y))
    moved, apart = ([b - a for a, b in zip(*ends, strict=True)] for ends in ((form(x), form(y)), (x, y)))
    lower = norm_end(moved, pair.p, up=False) / norm_end(apart, pair.p, up=True)
    return replace(pair, lower=max(pair.lower, lower))


def _two_norms(layers: tuple[NodeBound, ...]) -> list[float | None]:
    """What the search's error bars need: a bound on the 2-norm of every linear layer that has one."""
    return [
        layer.own.upper if layer.own is not None and layer.kind in _LINEAR and math.isfinite(layer.own.upper) else None
        for layer in layers
    ]
