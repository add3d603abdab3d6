"""What an audit found, as data: bounds with their methods, the verdict, and everything that supports it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lipcheck._version import __version__
from lipcheck.audit.verdict import Verdict
from lipcheck.bounds.measured import Measured
from lipcheck.bounds.product import NodeBound
from lipcheck.bounds.witness import Witness
from lipcheck.norms.rounding import outward

SCHEMA = 1
SEMANTICS = "the stored weights read as exact real numbers; every bound holds for them, however it was computed"

AFTER = "Ctrl-C came: what was not finished by then is left out"


@dataclass(frozen=True)
class Upper:
    """An upper bound that is proved, by the method named; on all inputs, or (`everywhere` False) on the box only."""

    value: Fraction
    method: str
    everywhere: bool = True


@dataclass(frozen=True)
class Exact:
    """The constant itself: lower = upper where it is rational, else an enclosure of one root."""

    lower: Fraction
    upper: Fraction
    method: str


@dataclass(frozen=True)
class StateReport:
    """What one change of state does to the network: does the claimed constant survive?"""

    name: str
    changed: bool | None
    outcome: str | None
    lower: Fraction | None
    upper: Fraction | None
    detail: str


@dataclass(frozen=True)
class Audit:
    """The answer to: is this network K-Lipschitz, in which norm, how tight is that?

    `upper` is None where no bound is known, and `problem` says why; `lower` is None where no pair of inputs was found,
    and `missing` says why. `bounds` are all upper bounds that were computed, the best first. `required` maps what was
    asked for with `require` to whether it holds, None where it is not known. `cut` names what was ended by the budget.
    """

    target: str
    norm: float
    verdict: Verdict
    rounding_scale: Fraction | None
    lower: Witness | None
    upper: Upper | None
    exact: Exact | None
    bounds: tuple[Upper, ...]
    layers: tuple[NodeBound, ...]
    problem: str | None
    missing: str | None
    measured: Measured | None
    gradient_norm: Mapping[str, Any] | None
    certificates: Mapping[str, Any] | None
    state: tuple[StateReport, ...]
    required: Mapping[str, bool | None]
    seconds: float
    cut: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """The exit status: 0 holds, 1 violated or a requirement fails, 3 unknown; without a claim 0 or 3."""
        if self.verdict.outcome == "violated" or False in self.required.values():
            return 1
        known = self.verdict.outcome == "holds" if self.verdict.claimed is not None else self.upper is not None
        return 0 if known and None not in self.required.values() else 3

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON: lower bounds are rounded down and upper bounds up, to float64."""
        verdict = self.verdict
        return {
            "schema": SCHEMA,
            "lipcheck": __version__,
            "target": self.target,
            "norm": "inf" if self.norm == math.inf else str(int(self.norm)),
            "semantics": SEMANTICS,
            "claimed": _down(verdict.claimed),
            "asked": _down(verdict.asked),
            "verdict": verdict.outcome,
            "excess": _down(verdict.excess),
            "rounding_scale": _up(self.rounding_scale),
            "rounding_is_likely": verdict.rounding,
            "lower": None if self.lower is None else _pair(self.lower),
            "upper": None if self.upper is None else _upper(self.upper),
            "exact": None
            if self.exact is None
            else {"lower": _down(self.exact.lower), "upper": _up(self.exact.upper), "method": self.exact.method},
            "bounds": [_upper(bound) for bound in self.bounds],
            "layers": [_layer(bound) for bound in self.layers],
            "problem": self.problem,
            "missing": self.missing,
            "measured": None if self.measured is None else _measured(self.measured),
            "gradient_norm": None if self.gradient_norm is None else dict(self.gradient_norm),
            "certificates": None if self.certificates is None else dict(self.certificates),
            "state": [_state(report) for report in self.state],
            "required": dict(self.required),
            "cut": list(self.cut),
            "seconds": round(self.seconds, 3),
        }


def _down(value: Fraction | None) -> float | None:
    """A float at or below the value; a negative one is rounded away from zero."""
    if value is None:
        return None
    return outward(value, up=False) if value >= 0 else -outward(-value, up=True)


def _up(value: Fraction | None) -> float | None:
    return None if value is None else finite(outward(value, up=True))


def finite(value: float) -> float | None:
    """The value where JSON can hold it, else None."""
    return value if math.isfinite(value) else None


def _pair(found: Witness) -> dict[str, Any]:
    return {"value": _down(found.lower), "x": list(found.x), "y": list(found.y)}


def _measured(found: Measured) -> dict[str, Any]:
    return {
        "value": found.ratio,
        "rounding": found.rounding,
        "x": list(found.x),
        "y": list(found.y),
        "means": found.caveat,
    }


def _upper(bound: Upper) -> dict[str, Any]:
    return {"value": _up(bound.value), "method": bound.method, "rigorous": True}


def _layer(bound: NodeBound) -> dict[str, Any]:
    own = bound.own
    return {
        "name": bound.name,
        "kind": bound.kind,
        "lower": None if own is None else own.lower,
        "upper": None if own is None else finite(own.upper),
        "method": None if own is None else own.method,
        "up_to_here": _up(bound.upper),
    }


def _state(report: StateReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "changed": report.changed,
        "verdict": report.outcome,
        "lower": _down(report.lower),
        "upper": _up(report.upper),
        "detail": report.detail,
    }
