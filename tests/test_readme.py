"""What the README shows works as printed, by copying: the claim file, the table, the network to audit, the commands."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import textwrap
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lipcheck import registry
from lipcheck.cli import main
from lipcheck.cli.options import parser
from lipcheck.readings.rational import evaluate
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


def blocks() -> list[str]:
    """The blocks of commands that are meant to be pasted."""
    return re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shell(words: str) -> str:
    """The one block of commands that holds these words."""
    (block,) = [block for block in blocks() if words in block]
    return block


def paste(block: str, where: Path) -> str:
    """What a terminal prints for these commands, with the `lipcheck` of this interpreter; none may fail."""
    alias = f'set -e\nlipcheck() {{ "{sys.executable}" -m lipcheck "$@"; }}\n'
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(["bash", "-c", alias + block], cwd=where, capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": paths}, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_lattice_network_by_pasting(tmp_path: Path) -> None:
    for name in ("torch", "onnx", "matplotlib"):
        pytest.importorskip(name, reason=f"{name} is missing: pip install 'lipcheck[torch,export,plot]'")
    printed = paste(shell("lipcheck lattice"), tmp_path)
    assert "every value exactly" in printed
    assert (tmp_path / "heights.onnx").stat().st_size and (tmp_path / "heights.png").stat().st_size
    from lipcheck.nn import load

    rows = [row.split(",") for row in (tmp_path / "heights.csv").read_text(encoding="utf-8").splitlines()[1:]]
    network = load(tmp_path / "heights.onnx").to_lattice().network()
    (distance,) = re.findall(r"distance from the data at most ([\d.e-]+)", " ".join(printed.split()))
    for *at, height in rows:
        assert abs(evaluate(network, [*map(Fraction, at)])[0] - Fraction(height)) <= Fraction(distance) < 1e-15


def test_an_audit_by_pasting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch", reason="torch is missing: pip install 'lipcheck[torch]'")
    printed = paste(shell("lipcheck audit"), tmp_path)
    (constant,) = re.findall(r"The network itself has the constant (0\.\d+)", " ".join(README.split()))
    assert re.search(rf"verdict +holds.*? constant +{constant}\d* to {constant}\d*", " ".join(printed.split()))
    assert float(re.findall(r"([\d.]+) \(product of the layers' norms\)", printed)[0]) > 1
    block = README.split("From Python:\n")[1].split("The TARGET of")[0]
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    exec(textwrap.dedent(block), {})
    outcome, bounds = capsys.readouterr().out.splitlines()
    lower, upper = map(float, bounds.split())
    assert outcome == "holds" and lower <= upper and f"{lower:.5f}" == f"{upper:.5f}" == constant


def test_every_command_line_is_understood() -> None:
    """Each is parsed; the lines of the list of commands are left out, which hold placeholders and explanations."""
    lines = re.findall(r"^ {4}lipcheck ([^#\n]+)", README, re.MULTILINE)
    lines += re.findall(r"^lipcheck (.+)", "".join(blocks()), re.MULTILINE)
    whole = [line.strip() for line in lines if not re.search(r" {3,}\S", line)]
    assert {line.split()[0] for line in whole} == {"check", "show", "report", "replay", "lattice", "audit", "sweep"}
    for line in whole:
        parser().parse_args(shlex.split(line))


def test_the_sweep_from_python_says_the_least_margin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = README.split("`pip install ray` and `--engine ray`. From Python:")[1].split("## GPU")[0]
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(textwrap.dedent(block).replace("2000", "40"), names)
    assert Fraction(names["found"].record["search"]["worst_exact"]) >= 0
    assert names["found"].record["search"]["networks"] == 40


def test_the_table_of_other_libraries_is_that_of_their_page() -> None:
    page = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")
    rows = [line for line in README.split("<!-- peers -->")[1].split("<!-- /peers -->")[0].splitlines() if line]
    assert len(rows) > 8 and "\n".join(rows) in page


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
