"""The budget is kept inside the steps, by a clock that counts how often it is read; Ctrl-C loses nothing finished."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clocks import Clock
from jsonschema import Draft202012Validator

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from lipcheck import nn as layers  # noqa: E402
from lipcheck.audit import Audit, AuditInterrupted, audit  # noqa: E402
from lipcheck.audit import bounds as bounds_module  # noqa: E402
from lipcheck.audit import run as run_module  # noqa: E402
from lipcheck.audit.report import StateReport  # noqa: E402
from lipcheck.audit.words import sections  # noqa: E402
from lipcheck.bounds.certificates import certify  # noqa: E402
from lipcheck.bounds.directions import field_of, finest, jacobian_at  # noqa: E402
from lipcheck.bounds.exact.start import candidates  # noqa: E402
from lipcheck.bounds.gradient_norm import effects, gradient_norm  # noqa: E402
from lipcheck.bounds.layer_bound import LayerBound  # noqa: E402
from lipcheck.bounds.lowering import lower  # noqa: E402
from lipcheck.bounds.search import search  # noqa: E402
from lipcheck.cli import main  # noqa: E402
from lipcheck.graph import Convolution, Graph, Node  # noqa: E402
from lipcheck.nn.reading import read_module  # noqa: E402
from lipcheck.schema import audit_schema  # noqa: E402


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(time, "monotonic", found.monotonic)
    return found


def graph(width: int = 8, outputs: int = 8) -> Graph:
    return read_module(net(width, outputs), (width,))


def net(width: int = 8, outputs: int = 8) -> nn.Sequential:
    torch.manual_seed(0)
    parts = [
        nn.Linear(width, width),
        layers.MaxMin(),
        nn.Linear(width, width),
        layers.MaxMin(),
        nn.Linear(width, outputs),
    ]
    return nn.Sequential(*parts).double()


def test_gradient_norms_stop_between_points_and_layers(clock: Clock) -> None:
    known = graph()
    found = gradient_norm(known, deadline=12.0)
    assert 1 <= found.points < 12 and found.cut is not None and "of 64 points" in found.cut
    assert found.preserved is None or found.preserved is False
    whole = gradient_norm(known)
    assert whole.points == 64 and whole.cut is None


def test_layers_that_are_late_are_not_said_to_lose_anything(clock: Clock) -> None:
    found = effects(graph(), 1e-3, deadline=0.0)
    late = [layer for layer in found if layer.effect == "unknown"]
    assert len(late) == 3 and all("budget" in layer.reason for layer in late)


def test_a_jacobian_is_whole_or_none(clock: Clock) -> None:
    field = replace(field_of(graph()), batch=1)
    x = torch.randn(8, dtype=torch.float64)
    assert jacobian_at(field, x, deadline=0.0) is None
    assert jacobian_at(field, x) is not None
    start = torch.ones(1, 8, dtype=torch.float64)
    assert torch.equal(finest(field, x[None], 2, torch.ones(8, dtype=torch.bool), start, deadline=0.0), start)


@pytest.mark.parametrize("p", [1, 2, float("inf")])
def test_a_search_that_is_late_still_decides_one_pair(clock: Clock, p: float) -> None:
    known = graph()
    found = search(known, p, deadline=0.0)
    assert found.lower > 0
    assert clock.now < 100, "a late search reads the clock once per step, and takes few steps"


def test_the_first_regions_are_cut(clock: Clock) -> None:
    form = lower(graph())
    assert len(candidates(form, 2, None, until=0.0)) >= 1
    assert clock.now < 20


def test_the_exact_form_is_whole_or_refused(clock: Clock) -> None:
    with pytest.raises(TimeoutError, match="was next"):
        lower(graph(), deadline=0.0)


def test_radii_of_the_first_examples(clock: Clock) -> None:
    data = np.random.default_rng(0).standard_normal((40, 8))
    found = certify(graph(), 10, "argmax", 2, data, deadline=30.0)
    assert 1 <= len(found.radii) < 40 and found.attacked <= len(found.radii)
    assert len(certify(graph(), 10, "argmax", 2, data[:3]).radii) == 3


def test_a_report_says_what_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every deadline lies in the past, and every step still hands back something sound."""
    monkeypatch.setattr(bounds_module, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(run_module, "_AFTER_READING", 0.0)
    data = np.random.default_rng(0).standard_normal((40, 8))
    found = audit(net(), input_shape=(8,), claim=1, budget=1e-6, data=data, head="argmax", require=("gnp",))
    assert found.lower is not None and found.upper is not None and found.lower.lower <= found.upper.value
    text = "; ".join(found.cut)
    for step in ("norms of the layers", "exact form", "search", "gradient norm", "certificates", "changes of state"):
        assert step in text, (step, text)
    assert found.required["gnp"] is not True, "what was not looked at is not said to hold"
    assert any(heading == "ended by the budget" for heading, _ in sections(found))
    assert faults(found.to_json()) == []
    unhurried = audit(net(), input_shape=(8,), claim=1, budget=60, state=False)
    assert unhurried.cut == () and unhurried.upper is not None
    assert unhurried.upper.value <= found.upper.value


def faults(document: object) -> list[str]:
    return [error.message for error in Draft202012Validator(audit_schema()).iter_errors(document)]


def interrupting(step: str) -> Callable[[str], None]:
    def report(text: str) -> None:
        if text.startswith(step):
            raise KeyboardInterrupt

    return report


STEPS = ["norms of", "exact constant", "searching", "gradient norm", "changes of state"]


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupted_audit_keeps_what_is_finished(step: str) -> None:
    with pytest.raises(AuditInterrupted) as caught:
        audit(net(), input_shape=(8,), claim=100, budget=5, progress=interrupting(step))
    found: Audit = caught.value.found
    done = STEPS.index(step)
    assert (found.upper is not None) == (done >= 1)
    assert (found.lower is not None) == (done >= 3) and (found.gradient_norm is not None) == (done >= 4)
    assert found.verdict.outcome == ("holds" if done else "unknown")
    assert faults(found.to_json()) == [] and "Ctrl-C" in found.cut[-1]


def test_a_convolution_that_used_up_its_share_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the layers behind it are so quick that the deadline of all norms is kept."""
    module = nn.Sequential(nn.Conv1d(1, 1, 3), nn.Flatten(), nn.Linear(6, 1))
    graph, now, real = read_module(module, (1, 8)), [0.0], bounds_module.node_norm

    def slow(upper: float, node: Node, image: Any, p: float, seconds: float | None = None) -> LayerBound:
        if not isinstance(node.operation, Convolution):
            return real(node, image, p, seconds)
        now[0] += seconds or 0.0
        return LayerBound(1.0, upper, "by hand")

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for upper, named in ((2.0, True), (1.0, False)):
        monkeypatch.setattr(bounds_module, "node_norm", partial(slow, upper))
        cut: list[str] = []
        bounds_module._layers(graph, 2, now[0] + 8.0, cut)
        assert cut == (["norms of the layers: rough ones for 0"] if named else []), cut


class Alternating(nn.Module):
    """Every other run in eval mode multiplies by one and an ulp: an export shows only one of the two."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.runs = nn.Linear(3, 3), 0
        nn.init.eye_(self.layer.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.runs += 1
        y: torch.Tensor = self.layer(x) * (1 + 1.2e-7 * (self.runs % 2))
        return y


@pytest.mark.parametrize("step", [*STEPS[:-1], "certified radii", "none"])
def test_nothing_holds_for_a_module_of_two_functions_whenever_the_audit_ends(step: str) -> None:
    data, required = np.random.default_rng(0).standard_normal((4, 3)), ("gnp", "certificates")
    try:
        found = audit(
            Alternating(), input_shape=(3,), claim=2, data=data, head="argmax", require=required, budget=5, state=False,
            progress=interrupting(step),
        )  # fmt: skip
    except AuditInterrupted as stop:
        found = stop.found
    assert found.verdict.outcome == "unknown" and True not in found.required.values() and found.status == 3
    assert (
        not (found.certificates or {"hold": None})["hold"]
        and not (found.gradient_norm or {"preserved": None})["preserved"]
    )
    assert step == STEPS[0] or "two runs" in str(found.problem)
    assert faults(found.to_json()) == []


def test_nothing_holds_for_a_module_of_two_functions_in_another_state_either(monkeypatch: pytest.MonkeyPatch) -> None:
    one = StateReport("cast to float64", True, "holds", Fraction(0), Fraction(1), "")
    monkeypatch.setattr(run_module, "state_reports", lambda *given: (one, replace(one, outcome="violated")))
    found = audit(Alternating(), input_shape=(3,), claim=2, budget=1)
    assert [each.outcome for each in found.state] == ["unknown", "violated"]


def test_the_command_writes_what_is_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lipcheck.cli import audit as command

    class Progress:
        def __enter__(self) -> Callable[[str], None]:
            return interrupting("gradient norm")

        def __exit__(self, *problem: Any) -> None:
            return

    monkeypatch.setattr(command, "_progress", lambda quiet: Progress())
    code = (
        "import torch\nfrom torch import nn\ntorch.manual_seed(0)\nmodel = nn.Sequential(nn.Linear(3, 3), nn.ReLU())\n"
    )
    (tmp_path / "networks.py").write_text(code, encoding="utf-8")
    target, path = f"{tmp_path / 'networks.py'}:model", tmp_path / "audit.json"
    asked = ["audit", target, "--input-shape", "3", "--claim", "9", "--budget", "5"]
    assert main([*asked, "--json", str(path)]) == 130
    document = json.loads(path.read_text(encoding="utf-8"))
    assert faults(document) == [] and document["verdict"] == "holds" and document["gradient_norm"] is None
    words = capsys.readouterr()
    assert "interrupted" in words.err and "holds" in words.out
    assert main([*asked, "--json", "-"]) == 130
    assert json.loads(capsys.readouterr().out)["verdict"] == "holds"


def branching(x: Any) -> Any:
    return x if x.sum() > 0 else 2 * x


class Branching(nn.Module):
    """It runs, and cannot be exported."""

    def forward(self, x: Any) -> Any:
        return torch.stack([branching(row) for row in x])


def test_an_interrupted_search_on_what_cannot_be_read_says_so() -> None:
    with pytest.raises(AuditInterrupted) as caught:
        audit(Branching(), input_shape=(3,), claim=9, budget=5, progress=interrupting("the network cannot be read"))
    found = caught.value.found
    assert found.missing == "interrupted" and found.verdict.outcome == "unknown" and "Ctrl-C" in found.cut[-1]
    assert faults(found.to_json()) == []


def test_an_interrupted_reading_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lipcheck.nn import reading

    def stopped(*given: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "read_target", stopped)
    assert main(["audit", "networks.py:model", "--input-shape", "3"]) == 130
    words = capsys.readouterr()
    assert words.out == "" and words.err == (
        "lipcheck: interrupted while the network was read: nothing is known of it yet\n"
    )


def test_norms_that_take_no_time_are_verified_however_late_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds_module, "LEAST_SECONDS", 0.0)
    late = [layer for layer in bounds_module._layers(graph(), 2, 0.0, []) if layer.kind == "Dense"]
    assert all(layer.own is not None and "Cholesky" in layer.own.method for layer in late)
    monkeypatch.setattr(bounds_module, "_ANYWAY", 0.0)
    cut: list[str] = []
    rough = [layer for layer in bounds_module._layers(graph(), 2, 0.0, cut) if layer.kind == "Dense"]
    assert all(layer.own is not None and "sums" in layer.own.method for layer in rough) and "rough" in cut[0]
    for one, other in zip(late, rough, strict=True):
        assert one.own is not None and other.own is not None and one.own.upper <= other.own.upper
