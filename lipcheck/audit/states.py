"""What changes of state do to the claim: eval, export, saving, casts, one training step."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lipcheck.audit.bounds import Progress, bounds_of
from lipcheck.audit.report import StateReport
from lipcheck.audit.request import Request
from lipcheck.audit.verdict import judge
from lipcheck.bounds.clock import NO_TIME, late, left
from lipcheck.graph import Graph

_SECONDS = 1.0
"""For the bounds of one changed network, at most: its verdict stands beside that of the whole audit, not instead."""


def state_reports(
    module: Any, graph: Graph, shape: Sequence[int], asked: Request, scale: Fraction, deadline: float, report: Progress
) -> tuple[StateReport, ...]:
    """One report per change of state; bounds are computed where the network changes, while there is time."""
    from lipcheck.nn.reading import check_state

    report("changes of state")
    found = []
    for check in check_state(module, shape, graph=graph, deadline=deadline):
        lower = upper = outcome = None
        too_late = late(deadline)
        if check.changed and check.graph is not None and not too_late:
            short = min(_SECONDS, left(deadline) / 2)
            bounds = bounds_of(check.graph, replace(asked, data=None), time.monotonic() + short, lambda text: None)
            if bounds.interrupted:
                raise KeyboardInterrupt
            lower, upper = bounds.lower.lower if bounds.lower else None, bounds.best
            outcome = judge(lower or Fraction(0), upper, asked.claim, scale, asked.rounding).outcome
        detail = check.problem or check.detail
        if check.changed and too_late:
            detail = f"{detail}; {NO_TIME} for its bounds".lstrip("; ")
        found.append(StateReport(check.name, check.changed, outcome, lower, upper, detail))
    return tuple(found)
