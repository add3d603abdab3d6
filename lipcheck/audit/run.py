"""The audit: read, bound from above and below, judge, and look at gradients, certificates and state."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.audit.bounds import Bounds, bounds_of, share, two_norms_of
from lipcheck.audit.report import AFTER, Audit, StateReport
from lipcheck.audit.request import Request, request
from lipcheck.audit.rounding import UNIT_ROUNDOFFS, rounding_scale
from lipcheck.audit.states import state_reports
from lipcheck.audit.subnormal import subnormal_numbers
from lipcheck.audit.verdict import judge
from lipcheck.bounds.clock import NO_TIME
from lipcheck.graph import Graph
from lipcheck.norms.blas_threads import one_blas_thread

if TYPE_CHECKING:
    from lipcheck.bounds.measured import Measured
    from lipcheck.nn.reading import Target

Progress = Callable[[str], None]

_AFTER_READING = 1.5
"""Seconds, at most the budget itself, for the steps behind a reading that has used up the budget."""


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
    or both; `rounding` judges the claim times 1 + rounding_scale; `state` also looks at eval, casts, saving and one
    training step. Raises lipcheck.words.errors.LipcheckError for wrong input, and AuditInterrupted, with the report of
    what is finished, when Ctrl-C comes after the network was read; KeyboardInterrupt, which says so, before.

    `budget` is in seconds, reading included; verified norms of linear layers that take a second in all are computed
    even so. Of what is left after reading bounds get 0.7 (see `bounds_of`), of the rest a search on the running module
    half, where some of it is not understood, then gradient norms 0.35, then certificates half, or all without changes
    of state, and these what remains; a step that needs less leaves its time to those behind it, and a reading that
    takes all still leaves them 1.5 s, or a shorter budget whole. A step that is late hands back the best sound result
    so far, and `cut` names it. A single factorisation, a single pass through the network and torch's export are not
    cut.
    """
    start = time.monotonic()
    asked = request(norm, claim, box, data, labels, head, radius_factor, require, rounding, budget, seed)
    with subnormal_numbers(), one_blas_thread():
        return _audit(target, input_shape, asked, state, start, progress or (lambda text: None))


class AuditInterrupted(KeyboardInterrupt):
    """Ctrl-C during an audit; `found` is the report of what was finished, and as sound as any other."""

    def __init__(self, found: Audit) -> None:
        """Keep the report."""
        super().__init__("the audit was interrupted")
        self.found = found


@dataclass
class _Parts:
    """What the steps have found so far."""

    measured: Measured | None = None
    missing: str | None = None
    differing: float = 0.0
    gradient: Mapping[str, Any] | None = None
    certificates: Mapping[str, Any] | None = None
    states: tuple[StateReport, ...] = ()
    cut: list[str] = field(default_factory=list)


def _audit(
    target: Any, input_shape: Sequence[int] | None, asked: Request, state: bool, start: float, report: Progress
) -> Audit:
    from lipcheck.nn.reading import read_target, restless

    report("reading the network")
    try:
        found = read_target(target, input_shape)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("interrupted while the network was read: nothing is known of it yet") from None
    asked = asked.fitted(found.input_shape)
    # Before all bounds: no report says that something holds unless this is known, not even one of an interrupted audit.
    module = found.module if found.graph is not None else None
    differing = 0.0 if module is None else restless(module, found.input_shape)
    now = time.monotonic()
    end = max(start + asked.budget, now + min(asked.budget, _AFTER_READING))
    if found.graph is None:
        return _unread(found, asked, start, report)
    scale = rounding_scale(found.graph, asked.norm, found.dtype if found.dtype in UNIT_ROUNDOFFS else None)
    bounds = bounds_of(found.graph, asked, share(end, 0.7), report)
    parts = _Parts(missing=bounds.missing, differing=differing, cut=[*bounds.cut])
    interrupted = bounds.interrupted
    if not interrupted:
        try:
            _look(found, bounds, asked, scale, state, end, report, parts)
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        parts.cut.append(AFTER)
    result = _reported(found, bounds, asked, scale, parts, time.monotonic() - start)
    if interrupted:
        raise AuditInterrupted(result)
    return result


def _look(
    found: Target, bounds: Bounds, asked: Request, scale: Fraction, state: bool, end: float, report: Progress,
    parts: _Parts,
) -> None:  # fmt: skip
    """The steps after the bounds; each leaves what it found in `parts`."""
    graph = found.graph
    assert graph is not None
    if found.module is not None and graph.unknown:
        parts.measured, parts.missing = _measured(found, asked, share(end, 0.5), report)
    parts.gradient = _gradient(graph, asked, share(end, 0.35), report, parts.cut)
    later = state and found.module is not None
    parts.certificates = _certificates(graph, bounds, asked, share(end, 0.5 if later else 1.0), report, parts.cut)
    if later:
        reports = parts.states = state_reports(
            found.module, graph, found.input_shape, asked, scale, share(end, 1.0), report
        )
        if late := sum(found.detail == NO_TIME for found in reports):
            parts.cut.append(f"changes of state: {late} of {len(reports)} not looked at")


def _reported(found: Target, bounds: Bounds, asked: Request, scale: Fraction, parts: _Parts, seconds: float) -> Audit:
    least = bounds.lower.lower if bounds.lower else Fraction(0)
    verdict, problem = judge(least, bounds.best, asked.claim, scale, asked.rounding), bounds.problem
    gradient, certificates, states = parts.gradient, parts.certificates, parts.states
    if parts.differing > (scale if asked.rounding else 0):
        # The bounds are those of one pass: a later one computes with other weights.
        verdict = replace(verdict, outcome="unknown") if verdict.outcome == "holds" else verdict
        gradient, certificates = _doubted(gradient, "preserved"), _doubted(certificates, "hold")
        states = tuple(replace(one, outcome="unknown") if one.outcome == "holds" else one for one in states)
        problem = (
            f"two runs in eval mode differ by {parts.differing:.3g} of the output: the bounds are those of a single "
            "pass"
        )
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
        missing=parts.missing,
        measured=parts.measured,
        gradient_norm=gradient,
        certificates=certificates,
        state=states,
        required=_required(asked, gradient, certificates),
        seconds=seconds,
        cut=tuple(parts.cut),
    )


def _doubted(found: Mapping[str, Any] | None, key: str) -> Mapping[str, Any] | None:
    """The same, with None where it said True."""
    return {**found, key: None} if found is not None and found[key] else found


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
    interrupted = False
    try:
        measured, missing = _measured(found, asked, start + 0.8 * asked.budget, report)
    except KeyboardInterrupt:
        measured, missing, interrupted = None, "interrupted", True
    result = Audit(
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
        cut=(AFTER,) if interrupted else (),
    )
    if interrupted:
        raise AuditInterrupted(result)
    return result


def _gradient(
    graph: Graph, asked: Request, deadline: float, report: Progress, cut: list[str]
) -> Mapping[str, Any] | None:
    """Singular values of Jacobians and the first layer that loses norm; None outside of the 2-norm."""
    from lipcheck.bounds.gradient_norm import LayerEffect, gradient_norm

    def effect(layer: LayerEffect) -> dict[str, Any]:
        return {"name": layer.name, "effect": layer.effect, "reason": layer.reason, "deviation": layer.deviation}

    if asked.norm != 2 or graph.unknown:
        return None
    found = gradient_norm(graph, data=asked.data, seed=asked.seed, deadline=deadline, progress=report)
    cut += [f"gradient norm: {found.cut}"] if found.cut else []
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
    graph: Graph, bounds: Bounds, asked: Request, deadline: float, report: Progress, cut: list[str]
) -> Mapping[str, Any] | None:
    from lipcheck.audit.classifier import certificates

    if asked.head is None or bounds.everywhere is None:
        return None
    constants = two_norms_of(bounds.layers) if asked.norm == 2 else None
    found, left_out = certificates(graph, bounds.everywhere, bounds.layers, constants, asked, deadline, report)
    cut += [f"certificates: {left_out}"] if left_out else []
    return found


def _required(
    asked: Request, gradient: Mapping[str, Any] | None, certificates: Mapping[str, Any] | None
) -> dict[str, bool | None]:
    known = {
        "gnp": None if gradient is None else gradient["preserved"],
        "certificates": None if certificates is None else certificates["hold"],
    }
    return {name: known[name] for name in asked.require}
