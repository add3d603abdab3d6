"""An audit in words: (heading, text) pairs, numbers rounded outwards as they are printed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from lipcheck.audit.report import AFTER, SEMANTICS, Audit, StateReport
from lipcheck.bounds.product import NodeBound

DIGITS = 10
_FEW = 24
_LONG = 160


def sections(found: Audit) -> Iterator[tuple[str, str]]:
    """What a reader wants to know first comes first."""
    yield "target", found.target
    yield "norm", "inf" if found.norm == math.inf else str(int(found.norm))
    yield "verdict", verdict(found)
    if found.exact is not None:
        yield "constant", f"{_between(found.exact.lower, found.exact.upper)} ({found.exact.method})"
    yield "at most", _at_most(found)
    yield from (("also at most", f"{shown(u.value, up=True)} ({u.method})") for u in found.bounds[1:])
    yield "at least", _at_least(found)
    if found.upper is not None and found.problem is not None:
        yield "note", found.problem
    if found.rounding_scale is not None:
        yield "rounding scale", f"{shown(found.rounding_scale, up=True, digits=3)} (what rounding the weights can add)"
    yield from (("layer", text) for text in _layers(found.layers))
    yield from (("gradient norm", text) for text in _gradient(found.gradient_norm))
    yield from (("certificates", text) for text in _certificates(found.certificates))
    yield from (("state", text) for text in _states(found.state))
    yield from (("required", f"{name}: {_yes(holds)}") for name, holds in found.required.items())
    yield from (("ended by the budget" if text != AFTER else "interrupted", text) for text in found.cut)
    yield "means", SEMANTICS
    yield "seconds", f"{found.seconds:.1f}"


def verdict(found: Audit) -> str:
    """One sentence that answers the question."""
    judged = found.verdict
    if judged.claimed is None:
        return "none: no constant was claimed (--claim K)"
    claim = f"the network is {_plain(judged.claimed)}-Lipschitz"
    if judged.asked is not None and judged.asked != judged.claimed:
        claim += f" up to rounding, {shown(judged.asked, up=False)}"
    if judged.outcome == "holds":
        return f"holds: {claim}"
    if judged.outcome == "unknown":
        return f"unknown: whether {claim}"
    excess = f", by at least {shown(judged.excess, up=False, digits=3)} of it" if judged.excess is not None else ""
    words = f"violated{excess}: two inputs show that it is not true that {claim}"
    if judged.rounding:
        words += "; rounding of the weights is the likely cause (--rounding allows for it)"
    return words


def shown(value: Fraction, up: bool, digits: int = DIGITS) -> str:
    """A decimal number at or above (up) or at or below the value."""
    if value == 0:
        return "0"
    size = abs(value)
    power = math.floor(math.log10(size.numerator) - math.log10(size.denominator))
    unit = Fraction(10) ** (power - digits + 1)
    steps = math.ceil(value / unit) if up else math.floor(value / unit)
    if -6 < power < digits:
        text = f"{steps * unit.numerator // unit.denominator if unit >= 1 else _decimal(steps, digits - 1 - power)}"
        return text
    mantissa = _decimal(steps, digits - 1)
    return f"{mantissa}e{power:+03d}"


def _decimal(steps: int, places: int) -> str:
    text = f"{abs(steps):0{places + 1}d}"
    whole, part = (text[:-places], text[-places:].rstrip("0")) if places else (text, "")
    return ("-" if steps < 0 else "") + whole + (f".{part}" if part else "")


def _plain(value: Fraction) -> str:
    return str(value) if value.denominator < 1000 else shown(value, up=False)


def _between(low: Fraction, high: Fraction) -> str:
    return str(low) if low == high and low.denominator < 10**6 else f"{shown(low, up=False)} to {shown(high, up=True)}"


def _at_most(found: Audit) -> str:
    if found.upper is None:
        return f"unknown: {found.problem}"
    return f"{shown(found.upper.value, up=True)} ({found.upper.method}; proved)"


def _at_least(found: Audit) -> str:
    if found.lower is None:
        if found.measured is not None:
            doubt = found.verdict.claimed is not None and found.measured.ratio - found.measured.rounding > (
                found.verdict.asked or 0
            )
            words = "; the claim is in doubt" if doubt else ""
            return f"0 proved; {found.measured.ratio:.10g} {found.measured.caveat}{words}"
        return f"0 (no pair of inputs was found{f': {found.missing}' if found.missing else ''})"
    return f"{shown(found.lower.lower, up=False)} (two inputs, proved; --pair FILE saves them)"


def _layers(layers: tuple[NodeBound, ...]) -> Iterator[str]:
    told = [layer for layer in layers if layer.own is not None and layer.kind in ("Dense", "Convolution", "Diagonal")]
    others = [layer for layer in layers if layer.kind == "Unknown"]
    for layer in [*told, *others][:_FEW]:
        if layer.own is None:
            yield f"{layer.name}: not understood"
            continue
        low, high = Fraction(layer.own.lower), layer.own.upper
        upper = shown(Fraction(high), up=True) if math.isfinite(high) else "unknown"
        yield f"{layer.name} ({layer.kind}): {shown(low, up=False)} to {upper}, {layer.own.method}"
    if len(told) + len(others) > _FEW:
        yield f"... {len(told) + len(others) - _FEW} more (--json)"


def _gradient(data: Mapping[str, Any] | None) -> Iterator[str]:
    if data is None:
        return
    words = {True: "preserved by every layer", False: "not preserved", None: "not known to be preserved"}
    if data["points"]:
        ends = " / ".join(f"{data[key]:.6g}" for key in ("least", "median", "largest"))
        values = f"singular values at {data['points']} points, least / median / largest: {ends}"
    else:
        values = "no Jacobian was complete in time"
    yield f"{words[data['preserved']]}; {values}"
    if data["first"] is not None:
        yield f"first layer to look at: {data['first']['name']}: {data['first']['effect']}, {data['first']['reason']}"


def _certificates(data: Mapping[str, Any] | None) -> Iterator[str]:
    if data is None:
        return
    factor = "" if data["factor"] == "1" else f", times {data['factor']}"
    holds = {True: "proved", False: "refuted", None: "neither proved nor refuted"}[data["hold"]]
    constant = "beyond float64" if data["constant"] is None else shown(Fraction(data["constant"]), up=True)
    yield f"radius = {data['rule']} with K = {constant}{factor}: {holds}"
    accuracy = "" if data["accuracy"] is None else f"; accuracy {data['accuracy']:.4g}"
    yield f"{data['examples']} examples{accuracy}; median radius {_radius(data['median_radius'])}"
    yield f"{data['attacked']} attacked, {data['flipped']} flipped within their radius"
    for flip in data["flips"][:3]:
        distance = shown(Fraction(flip["distance"]), up=True)
        yield f"example {flip['example']} changes its class at distance {distance}: proved"


def _radius(value: float | None) -> str:
    return "unbounded" if value is None else shown(Fraction(value), up=False, digits=6)


def _states(reports: tuple[StateReport, ...]) -> Iterator[str]:
    still = [report.name for report in reports if report.changed is False]
    if still:
        yield f"nothing changes by, or is found by: {', '.join(still)}"
    for report in reports:
        if report.changed:
            judged = f"; the claim then: {report.outcome}" if report.outcome else ""
            yield f"{report.name}: {_cut(report.detail)}{judged}"
        elif report.changed is None and report.detail != "does not apply":
            yield f"{report.name}: {_cut(report.detail)}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 4] + " ..."


def _yes(value: bool | None) -> str:
    return "not known" if value is None else "yes" if value else "no"
