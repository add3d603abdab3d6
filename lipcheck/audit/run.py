"""The audit: read, bound from above and below, judge, and look at gradients, certificates and state."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.audit.bounds import Bounds, bounds_of
from lipcheck.audit.report import Audit, StateReport
from lipcheck.audit.request import Request, request
from lipcheck.audit.rounding import UNIT_ROUNDOFFS, rounding_scale
from lipcheck.audit.states import state_reports
from lipcheck.audit.subnormal import subnormal_numbers
from lipcheck.audit.verdict import judge
from lipcheck.graph import Graph

if TYPE_CHECKING:
    from lipcheck.bounds.measured import Measured
    from lipcheck.nn.reading import Target

Progress = Callable[[str], None]


def audit(
    target: Any,
    *,
    norm: float | str = 2,
    claim: Fraction | float | None = None,
    input_shape: Sequence[int] | None = None,
    box: tuple[Any, Any] | None = None,
    data: Any = None,
    labels: Any = None,
    head: str | None = None,
    radius_factor: Fraction | float = 1,
    require: Sequence[str] = (),
    rounding: bool = False,
    budget: float = 60.0,
    seed: int = 0,
    state: bool = True,
    progress: Progress | None = None,
) -> Audit:
    """A verdict on any network: torch module, lipcheck Network, or what `lipcheck.nn.reading.read_target` reads.

    `norm` is 1, 2 or inf, of inputs and outputs alike; `claim` the constant that is claimed; `input_shape` the shape of
    one example; `box` the least and the largest inputs (numbers, or arrays of one example) where the claim is about a
    box only; `data` examples, first axis first, `labels` whole numbers; `head` "sign" or "argmax" for a classifier;
    `radius_factor` multiplies the certified radius, to test a rule of one's own; `require` holds "gnp", "certificates"
    or both; `rounding` judges the claim times 1 + rounding_scale; `budget` is in seconds of work; `state` also looks at
    eval, casts, saving and one training step. Raises lipcheck.words.errors.LipcheckError for wrong input.
    """
    start = time.monotonic()
    asked = request(norm, claim, box, data, labels, head, radius_factor, require, rounding, budget, seed)
    with subnormal_numbers():
        return _audit(target, input_shape, asked, state, start, progress or (lambda text: None))


def _audit(
    target: Any, input_shape: Sequence[int] | None, asked: Request, state: bool, start: float, report: Progress
) -> Audit:
    from lipcheck.nn.reading import read_target, restless

    budget = asked.budget
    report("reading the network")
    found = read_target(target, input_shape)
    asked = asked.fitted(found.input_shape)
    if found.graph is None:
        return _unread(found, asked, start, report)
    graph = found.graph
    scale = rounding_scale(graph, asked.norm, found.dtype if found.dtype in UNIT_ROUNDOFFS else None)
    bounds = bounds_of(graph, asked, start + 0.7 * budget, report)
    least = bounds.lower.lower if bounds.lower else Fraction(0)
    measured, missing = None, bounds.missing
    if graph.unknown and found.module is not None:
        measured, missing = _measured(found, asked, start + 0.7 * budget, report)
    verdict, problem = judge(least, bounds.best, asked.claim, scale, asked.rounding), bounds.problem
    differing = 0.0 if found.module is None else restless(found.module, found.input_shape)
    if differing > (scale if asked.rounding else 0):
        # The bounds are those of one pass: a later one computes with other weights.
        verdict = replace(verdict, outcome="unknown") if verdict.outcome == "holds" else verdict
        problem = (
            f"two runs in eval mode differ by {differing:.3g} of the output: the bounds are those of a single pass"
        )
    gradient = _gradient(graph, asked, start + 0.8 * budget, report)
    certificates = _certificates(graph, bounds, asked, start + 0.9 * budget, report)
    states: tuple[StateReport, ...] = ()
    if state and found.module is not None:
        states = state_reports(found.module, graph, found.input_shape, asked, scale, start + budget, report)
    return Audit(
        target=found.name,
        norm=asked.norm,
        verdict=verdict,
        rounding_scale=scale,
        lower=bounds.lower,
        upper=bounds.uppers[0] if bounds.uppers else None,
        exact=bounds.exact,
        bounds=bounds.uppers,
        layers=bounds.layers,
        problem=problem,
        missing=missing,
        measured=measured,
        gradient_norm=gradient,
        certificates=certificates,
        state=states,
        required=_required(asked, gradient, certificates),
        seconds=time.monotonic() - start,
    )


def _measured(found: Target, asked: Request, deadline: float, report: Progress) -> tuple[Measured | None, str | None]:
    """The steepest pair that running the module gives, or why there is none."""
    from lipcheck.bounds.measured import MeasureError, search_module

    report("the network cannot be read; searching for a steep pair of inputs")
    assert found.module is not None, "what is no module is read or refused"
    try:
        measured = search_module(
            found.module, found.input_shape, asked.norm, box=asked.box, data=asked.data, seed=asked.seed,
            deadline=deadline, progress=report,
        )  # fmt: skip
    except MeasureError as problem:
        return None, str(problem)
    return measured, None


def _unread(found: Target, asked: Request, start: float, report: Progress) -> Audit:
    """A module that runs and cannot be read: no upper bound, and slopes that are measured, not proved."""
    measured, missing = _measured(found, asked, start + 0.8 * asked.budget, report)
    return Audit(
        target=found.name,
        norm=asked.norm,
        verdict=judge(Fraction(0), None, asked.claim, Fraction(0), asked.rounding),
        rounding_scale=None,
        lower=None,
        upper=None,
        exact=None,
        bounds=(),
        layers=(),
        problem=found.problem,
        missing=missing,
        measured=measured,
        gradient_norm=None,
        certificates=None,
        state=(),
        required=dict.fromkeys(asked.require),
        seconds=time.monotonic() - start,
    )


def _gradient(graph: Graph, asked: Request, deadline: float, report: Progress) -> Mapping[str, Any] | None:
    """Singular values of Jacobians and the first layer that loses norm; None outside of the 2-norm."""
    from lipcheck.bounds.gradient_norm import LayerEffect, gradient_norm

    def effect(layer: LayerEffect) -> dict[str, Any]:
        return {"name": layer.name, "effect": layer.effect, "reason": layer.reason, "deviation": layer.deviation}

    if asked.norm != 2 or graph.unknown:
        return None
    found = gradient_norm(graph, data=asked.data, seed=asked.seed, deadline=deadline, progress=report)
    return {
        "preserved": found.preserved,
        "least": found.least,
        "median": found.median,
        "largest": found.largest,
        "points": found.points,
        "method": found.method,
        "first": None if found.first is None else effect(found.first),
        "layers": [effect(layer) for layer in found.layers],
    }


def _certificates(
    graph: Graph, bounds: Bounds, asked: Request, deadline: float, report: Progress
) -> Mapping[str, Any] | None:
    from lipcheck.audit.classifier import certificates

    if asked.head is None or bounds.everywhere is None:
        return None
    return certificates(graph, bounds.everywhere, bounds.layers, asked, deadline, report)


def _required(
    asked: Request, gradient: Mapping[str, Any] | None, certificates: Mapping[str, Any] | None
) -> dict[str, bool | None]:
    known = {
        "gnp": None if gradient is None else gradient["preserved"],
        "certificates": None if certificates is None else certificates["hold"],
    }
    return {name: known[name] for name in asked.require}
