"""Every kind of module that a user may bring ends in a sound report or in one clear sentence, never in a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402
from torch.nn.utils import parametrizations  # noqa: E402

from lipcheck.audit import Audit, audit  # noqa: E402
from lipcheck.cli import main  # noqa: E402
from lipcheck.schema import audit_schema  # noqa: E402
from lipcheck.words.errors import LipcheckError  # noqa: E402


class Function(nn.Module):
    """A linear layer and what `function` does with it."""

    def __init__(self, function: Callable[[nn.Linear, Tensor], Any]) -> None:
        super().__init__()
        self.linear, self.function = nn.Linear(6, 6), function

    def forward(self, x: Tensor) -> Any:
        return self.function(self.linear, x)


class Several(Function):
    def forward(self, x: Tensor, y: Tensor) -> Any:  # type: ignore[override]
        return self.linear(x) + y


class Complex(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(6, 6, dtype=torch.complex64))

    def forward(self, x: Tensor) -> Tensor:
        return torch.view_as_real(x.to(torch.complex64) @ self.weight).flatten(1)


def linear() -> nn.Linear:
    return nn.Linear(6, 6)


def hooked(k: float) -> nn.Module:
    module = nn.Sequential(linear())
    module[0].register_forward_hook(lambda part, given, out: k * out)
    return module


def in_place(layer: nn.Linear, x: Tensor) -> Tensor:
    y = layer(x)
    y += 1
    y.mul_(2)
    y[:, 0] = 0
    return nn.functional.relu_(y)


def changed_input(layer: nn.Linear, x: Tensor) -> Tensor:
    x.mul_(2)
    return layer(x)  # type: ignore[no-any-return]


def quantized() -> nn.Module:
    return torch.ao.quantization.quantize_dynamic(nn.Sequential(linear()), {nn.Linear}, dtype=torch.qint8)  # type: ignore[no-any-return]


def parametrized(kind: str, dtype: torch.dtype) -> nn.Module:
    if kind == "spectral":
        return parametrizations.spectral_norm(linear()).to(dtype)
    if kind == "weight":
        return parametrizations.weight_norm(linear()).to(dtype)
    return parametrizations.orthogonal(linear(), orthogonal_map=kind).to(dtype)


BOUNDED: dict[str, Callable[[], nn.Module]] = {
    "softmax": lambda: nn.Sequential(linear(), nn.Softmax(-1)),
    "layer norm": lambda: nn.Sequential(linear(), nn.LayerNorm(6)),
    "root mean square norm": lambda: nn.Sequential(linear(), nn.RMSNorm(6)),
    "batch norm in train mode": lambda: nn.Sequential(linear(), nn.BatchNorm1d(6)).train(),
    "dropout in train mode": lambda: nn.Sequential(linear(), nn.Dropout(0.5)).train(),
    "hook": lambda: hooked(3.0),
    "layer used twice": lambda: Function(lambda f, x: f(torch.relu(f(x)))),
    "in place": lambda: Function(in_place),
    "writes to its input": lambda: Function(changed_input),
    "float16": lambda: nn.Sequential(linear(), nn.ReLU(), linear()).half(),
    "bfloat16": lambda: nn.Sequential(linear(), nn.ReLU(), linear()).bfloat16(),
    "no parameters": nn.ReLU,
    "spectral in bfloat16": lambda: parametrized("spectral", torch.bfloat16),
    "spectral in float16": lambda: parametrized("spectral", torch.float16),
    "weight norm in bfloat16": lambda: parametrized("weight", torch.bfloat16),
    "matrix exponential in bfloat16": lambda: parametrized("matrix_exp", torch.bfloat16),
}
NAMED: dict[str, tuple[Callable[[], nn.Module], str]] = {
    "layer norm without epsilon": (lambda: nn.Sequential(linear(), nn.LayerNorm(6, eps=0)), "layer_norm"),
    "batch statistics": (lambda: nn.BatchNorm1d(6, track_running_stats=False), "batch_norm"),
    "branch on values": (lambda: Function(lambda f, x: f(x) if x.sum() > 0 else -f(x)), "branches"),
    "shape from values": (lambda: Function(lambda f, x: f(x)[:, f(x)[0] > 0]), "index"),
    "complex": (Complex, "complex"),
    "quantized": (quantized, "export"),
    "argmax": (lambda: Function(lambda f, x: f(x).argmax(1)), "argmax"),
    "round": (lambda: Function(lambda f, x: f(x).round()), "round"),
    "normalised by its length": (lambda: Function(lambda f, x: nn.functional.normalize(f(x))), "linalg_vector_norm"),
    "sums over the batch": (lambda: Function(lambda f, x: f(x).sum()), "batch"),
}
REFUSED: dict[str, tuple[Callable[[], nn.Module], str]] = {
    "tuple": (lambda: Function(lambda f, x: (f(x), x)), "wraps it"),
    "dict": (lambda: Function(lambda f, x: {"a": f(x)}), "wraps it"),
    "number": (lambda: Function(lambda f, x: 3), "one tensor"),
    "several inputs": (lambda: Several(lambda f, x: x), "several inputs"),
    "embedding": (lambda: nn.Embedding(10, 4), "whole numbers"),
    "lazy": (lambda: nn.Sequential(nn.LazyLinear(6)), "run the module once"),
    "meta": (lambda: nn.Linear(6, 6, device="meta"), "load its weights"),
    "float8": (lambda: linear().to(torch.float8_e4m3fn), "bfloat16 or wider"),
    "several formats": (lambda: nn.Sequential(linear(), linear().double()), "several formats"),
    "fails": (lambda: Function(lambda f, x: 1 / 0), "ZeroDivisionError"),
    "cayley in bfloat16": (lambda: parametrized("cayley", torch.bfloat16), "remove the parametrization in float32"),
    "householder in float16": (lambda: parametrized("householder", torch.float16), "audit the module in float32"),
}


def audited(make: Callable[[], nn.Module], **settings: Any) -> Audit:
    torch.manual_seed(0)
    return audit(make(), input_shape=(6,), **{"budget": 1, "state": False, "claim": 100} | settings)


def faults(document: object) -> list[str]:
    return [error.message for error in Draft202012Validator(audit_schema()).iter_errors(document)]


@pytest.mark.parametrize("kind", BOUNDED)
def test_kinds_that_are_bounded(kind: str) -> None:
    found = audited(BOUNDED[kind])
    assert found.upper is not None and found.lower is not None, found.problem
    assert 0 < found.lower.lower <= found.upper.value
    assert faults(found.to_json()) == []


@pytest.mark.parametrize("kind", NAMED)
def test_kinds_that_are_named_and_searched(kind: str) -> None:
    make, word = NAMED[kind]
    found = audited(make)
    assert found.verdict.outcome == "unknown" and found.upper is None and found.status == 3
    assert found.problem is not None and word in found.problem, found.problem
    assert found.measured is not None or (found.missing or "").startswith("The module "), found.missing
    assert faults(found.to_json()) == []


@pytest.mark.parametrize("kind", REFUSED)
def test_kinds_that_are_refused_with_the_remedy(kind: str) -> None:
    make, word = REFUSED[kind]
    with pytest.raises(LipcheckError) as caught:
        audited(make)
    assert word in str(caught.value) and "\n" not in str(caught.value)


def test_state_of_modules_that_are_hard_to_copy_or_cast() -> None:
    for kind in ("hook", "layer used twice", "writes to its input", "float16"):
        found = audited(BOUNDED[kind], state=True, budget=20)
        assert {report.name for report in found.state} >= {"eval twice", "aliases", "save and load"}, kind
    restless = {r.name: r.changed for r in audited(BOUNDED["writes to its input"], state=True, budget=20).state}
    assert restless["eval twice"] is False


def test_the_command_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "from torch import nn\nlazy = nn.Sequential(nn.LazyLinear(3))\nsoft = nn.Softmax(-1)\n"
    code += "class Two(nn.Module):\n    def forward(self, x):\n        return x, x\ntwo = Two()\n"
    (tmp_path / "kinds.py").write_text(code, encoding="utf-8")
    old = tmp_path / "old.json"
    old.write_text("kept", encoding="utf-8")
    for name in ("lazy", "two"):
        asked = ["audit", f"{tmp_path / 'kinds.py'}:{name}", "--input-shape", "3", "--json", str(old)]
        assert main(asked) == 2
        words = capsys.readouterr()
        assert words.out == "" and words.err.count("\n") == 1 and words.err.startswith("lipcheck: ")
        assert old.read_text(encoding="utf-8") == "kept", "what is refused writes no report"
    asked = ["audit", f"{tmp_path / 'kinds.py'}:soft", "--input-shape", "3", "--no-state", "--claim", "0.5"]
    assert main([*asked, "--budget", "2", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert faults(document) == [] and document["upper"]["value"] == 0.5
