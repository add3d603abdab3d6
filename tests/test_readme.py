"""The README's example is a real claim file: it runs as printed, from outside the package."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
import textwrap
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lipcheck import registry
from lipcheck.cli import main
from lipcheck.words.verdict import Verdict

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example() -> str:
    (block,) = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_example_is_one_file_under_100_lines() -> None:
    assert len(example().splitlines()) < 100


def test_the_example_is_judged_as_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo.py").write_text(example(), encoding="utf-8")
    out = tmp_path / "out.json"
    command = ["check", "demo2025", "--claims", str(tmp_path / "demo.py"), "--verbose", "--json", str(out)]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "repaired       demo2025.lemma_1.sharp" in printed
    records = {record["claim"]: record for record in json.loads(out.read_text(encoding="utf-8"))["records"]}
    assert records["demo2025.lemma_1"]["verdict"] == "refuted"
    assert records["demo2025.lemma_1.sharp"]["verdict"] == "proved"
    names = {mutant["name"] for mutant in records["demo2025.lemma_1.sharp"]["mutants"]}
    assert names == {"without bounded", "bound = 199/100 instead of 2"}
    for name in names:
        assert f'"{name}"' in " ".join(README.split())


def test_the_example_can_fail(tmp_path: Path) -> None:
    altered = example().replace("mutated=Fraction(199, 100)", "mutated=Fraction(201, 100)")
    assert altered != example()
    (tmp_path / "altered.py").write_text(altered, encoding="utf-8")
    out = tmp_path / "out.json"
    assert main(["check", "demo2025.lemma_1.sharp", "--claims", str(tmp_path / "altered.py"), "--json", str(out)]) == 1


def test_the_example_snippet_runs_alone(tmp_path: Path) -> None:
    namespace: dict[str, object] = {"__name__": "demo"}
    exec(compile(example(), "README.md", "exec"), namespace)
    snippet = str(namespace["AS_PRINTED"].snippet)  # type: ignore[attr-defined]
    done = subprocess.run([sys.executable, "-I", "-c", snippet], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "2\n")


def test_the_code_about_networks_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = README.split("for a function that is 1-Lipschitz by your word:")[1].split("The bound is proved")[0]
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(textwrap.dedent(block), names)
    found = names["found"]
    assert 0 < found.bound < Fraction(1, 20) and len(found.hypotheses) == 2  # type: ignore[attr-defined]
    (pieces,) = re.findall(r"# (\d+) affine pieces", block)
    assert len(found.lattice.pieces) == int(pieces)  # type: ignore[attr-defined]
    again = names["load"]("net.onnx")  # type: ignore[operator]
    assert again.to_lattice() == names["module"].to_lattice()  # type: ignore[attr-defined]


def test_the_commands_are_those_of_the_parser(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    for command in re.findall(r"^    lipcheck (\w+) +[\[A-Z. \]]*  +\w", README, re.MULTILINE):
        assert re.search(rf"^ +{command} ", shown, re.MULTILINE), command


def test_what_is_generated_is_fresh() -> None:
    names: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "ledger.py"))
    for path, text in names["pages"]():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run python docs/ledger.py"


def test_every_refuted_claim_says_in_one_line_what_is_true() -> None:
    for claim in registry.load().values():
        if claim.expected is Verdict.REFUTED:
            assert claim.short is not None and len(claim.short) <= 150 and "\n" not in claim.short, claim.id
        else:
            assert claim.short is None, claim.id
