"""All bounds on the constant of a graph that a time budget allows: product, semidefinite, exact, and the search."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lipcheck.audit.report import Exact, Upper
from lipcheck.audit.request import AuditError, Request
from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.clock import late, left
from lipcheck.bounds.convolution import CLOSE
from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.bounds.layer_norms import rough_dense_norm
from lipcheck.bounds.lowering import gate_count, lower
from lipcheck.bounds.nodes import node_norm
from lipcheck.bounds.product import NodeBound, product_bound
from lipcheck.bounds.witness import Witness, WitnessError, norm_end
from lipcheck.graph import Convolution, Dense, Graph, GraphError, Node, Smooth, Softmax, Standardize
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
LEAST_SECONDS = 0.25
"""What a step gets that begins when the budget has ended: seven of them stay below two seconds."""
_SPECTRAL = 1e-10
"""Seconds per product of the sides of a matrix and the smaller one, for a verified norm: 0.1 for 1,024 x 1,024."""
_ANYWAY = 1.0
"""Seconds of verified norms that are computed however late it is: every bound rests on them, and rough ones of wide
layers are several times too large."""
_ROUNDS = 24
_LINEAR = ("Dense", "Convolution", "AveragePool", "Diagonal", "Gather")


@dataclass(frozen=True)
class Bounds:
    """`uppers` are proved, the least first; `problem` says why there is none, `missing` why there is no witness.

    `cut` names what the end of the budget left out. `interrupted`: Ctrl-C came, and this is what was finished.
    """

    lower: Witness | None
    uppers: tuple[Upper, ...]
    exact: Exact | None
    layers: tuple[NodeBound, ...]
    problem: str | None
    missing: str | None
    cut: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def best(self) -> Fraction | None:
        """The least upper bound."""
        return self.uppers[0].value if self.uppers else None

    @property
    def everywhere(self) -> Fraction | None:
        """The least upper bound that holds outside of the box as well: balls around examples may leave it."""
        return next((bound.value for bound in self.uppers if bound.everywhere), None)


@dataclass
class _Known:
    """What is proved so far."""

    uppers: list[Upper] = field(default_factory=list)
    exact: Exact | None = None
    layers: tuple[NodeBound, ...] = ()
    pair: Witness | None = None
    problem: str | None = None
    missing: str | None = None
    cut: list[str] = field(default_factory=list)
    interrupted: bool = False


def bounds_of(graph: Graph, asked: Request, deadline: float, report: Progress) -> Bounds:
    """Bounds until `deadline`, an instant of time.monotonic(), or until Ctrl-C; every step has a share of what is left.

    At most 0.8 for the layers' norms; 0.3 of the rest for the exact form of the network, again for the semidefinite
    bound and for the one on the box; half of the rest for branch and bound, and what they do not use for the search. A
    step that begins late still gets a quarter of a second, branch and bound half of one.
    """
    known = _Known(problem="interrupted before the norms of the layers were known")
    try:
        _work(graph, asked, deadline, report, known)
    except KeyboardInterrupt:
        known.interrupted = True
    uppers = known.uppers
    if uppers:
        # Early ends of branch and bound can lie above what is known already.
        uppers = sorted((bound for bound in uppers if bound.value <= uppers[0].value), key=lambda bound: bound.value)
    pair, exact = known.pair, known.exact
    if pair is not None and uppers and pair.lower > uppers[0].value:
        raise AuditError(
            f"Two inputs prove {float(pair.lower)!r} where {uppers[0].method} says at most {float(uppers[0].value)!r}: "
            "one of them is wrong, so no bound is given. Please report the network."
        )
    if exact is None and pair is not None and uppers and uppers[0].value == pair.lower:
        exact = Exact(pair.lower, pair.lower, "upper and lower bound agree")
    missing = "interrupted" if known.interrupted and pair is None else known.missing
    return Bounds(pair, tuple(uppers), exact, known.layers, known.problem, missing, tuple(known.cut), known.interrupted)


def _work(graph: Graph, asked: Request, deadline: float, report: Progress, known: _Known) -> None:
    report("norms of the layers")
    known.layers = _layers(graph, asked.norm, share(deadline, 0.8), known.cut)
    layers = known.layers
    known.uppers = [Upper(k, "product of the layers' norms") for k in [layers[graph.output].upper] if k is not None]
    # A bound of branch and bound stands even where the layers have none, as for weights beyond float64.
    known.problem = None if known.uppers else _why(graph, layers)
    form = _form(graph, share(deadline, 0.3), known.cut)
    if form is not None and asked.norm == 2 and len(form.gates) <= GATES_SEMIDEFINITE and known.uppers:
        report("semidefinite bound")
        known.uppers += _semidefinite(form, known.uppers[0].value, share(deadline, 0.3))
    local = _on_box(form, asked) if form is not None and not late(deadline) else form
    if local is not None and local is not form and asked.norm == 2 and known.uppers:
        report("semidefinite bound on the box")
        on_box = _semidefinite(local, min(bound.value for bound in known.uppers), share(deadline, 0.3))
        known.uppers += [replace(bound, everywhere=False) for bound in on_box]
    points: list[list[float]] = []
    if local is not None and _within_reach(local):
        report("exact constant")
        # Its first call loads the solver of linear programs.
        known.exact, upper, points = _exact(local, asked, share(deadline, 0.5, 2 * LEAST_SECONDS))
        known.uppers.append(upper)
        if known.exact is None:
            known.cut.append("exact constant: some regions are open, the bound is the best of the time given")
    report("searching for a steep pair of inputs")
    found: Witness | str = "the network is not understood"
    if not graph.unknown:
        found = _search(graph, asked, layers, points if known.exact is not None else [], share(deadline, 1.0), report)
        if late(deadline):
            known.cut.append("search for a steep pair of inputs")
    if isinstance(found, str):
        known.missing = found
    else:
        known.pair = _sharpened(form, found) if form is not None and _within_reach(form) else found


def share(deadline: float, part: float, least: float | None = None) -> float:
    """The instant at which this part of the time that is left has passed, and `least`, or LEAST_SECONDS, at least."""
    return time.monotonic() + max(LEAST_SECONDS if least is None else least, part * left(deadline))


def _layers(graph: Graph, norm: float, deadline: float, cut: list[str]) -> tuple[NodeBound, ...]:
    heavy = sum(isinstance(node.operation, Convolution | Dense) for node in graph.nodes)
    rough: list[str] = []
    spare = _ANYWAY

    def own(node: Node, image: Shape) -> LayerBound:
        nonlocal heavy, spare
        match node.operation:
            case Dense(weight=weight) if norm == 2 and weight.dtype.kind == "f":
                heavy -= 1
                cost = _SPECTRAL * weight.size * min(weight.shape)
                if cost > max(left(deadline), spare):
                    rough.append(node.name)
                    return rough_dense_norm(weight)
                spare -= cost
            case Convolution():
                heavy -= 1
        start, seconds = time.monotonic(), left(deadline) / (1 + max(0, heavy))
        found = node_norm(node, image, norm, seconds)
        wide = isinstance(node.operation, Convolution) and found.upper > found.lower * CLOSE
        if wide and time.monotonic() - start >= seconds:
            rough.append(node.name)
        return found

    found = product_bound(graph, norm, own)
    if rough:
        cut.append(f"norms of the layers: rough ones for {', '.join(rough)}")
    elif late(deadline):
        cut.append("norms of the layers: the best ones of the time given")
    return found


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


def _form(graph: Graph, deadline: float, cut: list[str]) -> AbsNormal | None:
    """The abs-normal form, where the network is piecewise linear and small enough for it."""
    gates = gate_count(graph)
    if graph.unknown or any(isinstance(node.operation, Smooth | Softmax | Standardize) for node in graph.nodes):
        return None
    wide = sum(node.size for node in graph.nodes) * (1 + graph.inputs + gates)
    if gates > GATES_SEMIDEFINITE or wide > COEFFICIENTS:
        return None
    try:
        return lower(graph, deadline)
    except TimeoutError:
        cut.append("semidefinite bound and exact constant: the exact form of the network was not complete")
        return None


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
    found = exact_constant(form, norm, box, deadline=left(deadline))  # type: ignore[arg-type]
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
            constants=two_norms_of(layers) if asked.norm == 2 else None,
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


def two_norms_of(layers: tuple[NodeBound, ...]) -> list[float | None]:
    """What the search's error bars need: a bound on the 2-norm of every linear layer that has one."""
    return [
        layer.own.upper if layer.own is not None and layer.kind in _LINEAR and math.isfinite(layer.own.upper) else None
        for layer in layers
    ]
