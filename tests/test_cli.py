"""The command line: what goes where, exit statuses, and that finished work is kept."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console

import lipcheck
from lipcheck import judge, registry
from lipcheck.cli import main
from lipcheck.cli.listing import lines
from lipcheck.judge import Settings
from lipcheck.judged import Judged
from lipcheck.render import render_ledger, render_sections
from lipcheck.words.claim import Claim
from lipcheck.words.obligation import Obligation
from lipcheck.words.record import Evidence, Record
from lipcheck.words.verdict import Verdict

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[0]
SHARP, FALSE = "Fraction(2), mutated=Fraction(199, 100)", "Fraction(1), mutated=Fraction(99, 100)"
FALSE_EXAMPLE = EXAMPLE.replace("obligations(variant, 2)", "obligations(variant, 1)").replace(SHARP, FALSE)


@pytest.fixture(autouse=True)
def only_planted_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """No claims but those of the files that a test names."""
    monkeypatch.setattr(registry, "_package_modules", list)
    monkeypatch.setattr(registry, "_plugin_modules", list)


@pytest.fixture
def demo(tmp_path: Path) -> str:
    path = tmp_path / "demo.py"
    path.write_text(EXAMPLE, encoding="utf-8")
    return str(path)


@pytest.fixture
def judged_ids(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the claims that were really judged, in order."""
    found: list[str] = []
    real = judge.judge_one

    def spy(claim: Claim, *rest: Any) -> Record:
        found.append(claim.id)
        return real(claim, *rest)

    monkeypatch.setattr(judge, "judge_one", spy)
    return found


def records_in(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["records"]
    return found


def test_results_on_stdout_progress_on_stderr(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--claims", demo]) == 0
    out, err = capsys.readouterr()
    assert "demo2025.lemma_1.sharp" in out
    assert "2 claims: 1 proved, 1 refuted (1 constant); all as expected" in out
    assert err.splitlines() == ["1/2 demo2025.lemma_1", "2/2 demo2025.lemma_1.sharp"]
    assert "\x1b" not in out + err


def test_refutations_in_one_line_or_in_full(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "demo2025", "--claims", demo])
    assert "repaired by demo2025.lemma_1.sharp" in capsys.readouterr().out
    main(["check", "demo2025.lemma_1", "--claims", demo])
    out = capsys.readouterr().out
    for words in (
        "Demo 2025, Lemma 1", "On [-1, 1]^2", "x = 1, y = -1", "(1, -1) and (-1, 1) are the only integer points",
        "\nassert max(x, y) - min(x, y) > 1\n", "demo2025.lemma_1.sharp: max(x, y) - min(x, y) <= 2",
    ):  # fmt: skip
        assert words in out


def test_printed_replay_command_works(demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proofs = tmp_path / "proofs of mine"
    command = ["check", "demo2025.lemma_1", "--claims", demo, "--evidence", str(proofs), "--update", "--quiet"]
    assert main(command) == 0
    (line,) = re.findall(r"^replay +(lipcheck replay .*)$", capsys.readouterr().out, re.MULTILINE)
    assert main(shlex.split(line)[1:]) == 0
    printed, err = capsys.readouterr()
    assert err == ""
    assert "refuted   spread" in printed
    assert "its hash is the ledger's" in printed


def test_json_on_stdout_is_json_only(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        ["check", "--claims", demo, "--json", "-"], ["list", "--claims", demo, "--json", "-"],
        ["show", "demo2025", "--claims", demo, "--json", "-"], ["supports", "--json", "-"], ["schema"],
        ["schema", "evidence"],
    ):  # fmt: skip
        assert main(command) == 0
        assert isinstance(json.loads(capsys.readouterr().out), dict)


def test_quiet_json_says_nothing_else(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--claims", demo, "--json", "-", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_unexpected_verdict_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "false.py"
    path.write_text(FALSE_EXAMPLE, encoding="utf-8")
    assert main(["check", "demo2025.lemma_1.sharp", "--claims", str(path)]) == 1
    out = capsys.readouterr().out
    assert "! refuted" in out
    assert "demo2025.lemma_1.sharp is refuted, expected proved" in out


def test_wrong_mutant_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "loose.py"
    path.write_text(EXAMPLE.replace('variant.keeps("bounded")', "True"), encoding="utf-8")
    assert main(["check", "demo2025.lemma_1.sharp", "--claims", str(path)]) == 1
    assert "mutant 'without bounded' came out not refuted, it must be refuted" in capsys.readouterr().out


def test_error_is_status_1_and_the_others_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.py"
    path.write_text(EXAMPLE.replace("obligations(variant, 1)", "obligations(variant, 1 / 0)"), encoding="utf-8")
    assert main(["check", "--claims", str(path)]) == 1
    out = capsys.readouterr().out
    assert "1 error" in out
    assert "ZeroDivisionError" in out
    assert re.search(r"demo2025\.lemma_1\.sharp +proved +proved", out)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["check", "demo2025.lemma_2"], "no claim is called 'demo2025.lemma_2' (did you mean 'demo2025.lemma_1'?)"),
        (["show", "nothing"], "no claim is called 'nothing'"),
        (["list", "nothing"], "no claim is called 'nothing'"),
        (["check", "--claims", "missing.py"], "missing.py"),
        (["check", "--resume"], "--resume takes records over from a file: name it with --json PATH"),
        (["check", "--resume", "--json", "-"], "--json PATH"),
        (["check", "--evidence", "missing"], "--evidence missing is not a directory"),
        (["replay", "missing.json"], "missing.json is not a file"),
        (["check", "--evidence", __file__, "--update"], "is not a directory"),
        (["check", "--json", "/dev/null/x.json"], "/dev/null/x.json cannot be written"),
        (["list", "--json", "/"], "/ cannot be written ("),
        (["replay", "x.json", "--evidence", "missing"], "--evidence missing is not a directory"),
    ],
)
def test_wrong_use_is_status_2_and_one_sentence(
    command: list[str], words: str, demo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--claims", demo]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("lipcheck: ")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [[], ["judge"], ["check", "--budget=huge"], ["check", "--networks=0"], ["check", "--seed=x"], ["show"], ["replay"]],
)
def test_wrong_options_are_status_2(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(command)
    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "error: " in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import nothing_of_this_name\n", "line 1"),
        ("x = (\n", "SyntaxError: '(' was never closed"),
        ("x = '\0'\n", "null bytes"),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
        ("raise ValueError('two\\nlines')\n", "ValueError: two lines ("),
        ("assert False\n", "AssertionError ("),
        ("CLAIM = 3\n", "has [3] for claims: give CLAIM a Claim"),
        ("CLAIMS = 3\n", "has 3 for claims"),
        ("X = 3\n", "defines neither CLAIM nor CLAIMS"),
        (EXAMPLE.replace('repaired_by="demo2025.lemma_1.sharp"', 'repaired_by="demo2025.x"'), "which is no claim"),
        (EXAMPLE.replace("    expected=Verdict.PROVED,\n", ""), "'expected'"),
    ],
)
def test_broken_claim_file_is_one_sentence(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text, encoding="utf-8")
    assert main(["list", "--claims", str(path)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "broken.py" in err or "demo2025.lemma_1" in err
    assert words in err


def test_two_claims_of_one_name_and_no_stray_files(
    demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    twin = tmp_path / "twin.py"
    twin.write_text(EXAMPLE, encoding="utf-8")
    assert main(["list", "--claims", demo, "--claims", str(twin)]) == 2
    assert f"two claims are called 'demo2025.lemma_1': rename the one in {twin}" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.py", "twin.py"]
    assert sys.dont_write_bytecode is False


def test_interrupted_run_keeps_finished_records_and_resumes(
    demo: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    judged_ids: list[str],
) -> None:
    out = tmp_path / "out.json"
    command = ["check", "--claims", demo, "--json", str(out)]
    spied = judge.judge_one

    def interrupted(claim: Claim, *rest: Any) -> Record:
        if claim.id.endswith("sharp"):
            raise KeyboardInterrupt
        return spied(claim, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(judge, "judge_one", interrupted)
        assert main(command) == 130
    printed, err = capsys.readouterr()
    assert "1 claim: 1 refuted" in printed
    assert "interrupted after 1 record" in err
    assert [record["claim"] for record in records_in(out)] == ["demo2025.lemma_1"]
    first = records_in(out)[0]

    judged_ids.clear()
    assert main([*command, "--resume"]) == 0
    assert judged_ids == ["demo2025.lemma_1.sharp"]
    assert records_in(out)[0] == first
    assert len(records_in(out)) == 2

    for other in (["--seed", "1"], ["--networks", "7"], ["--budget", "ci"]):
        judged_ids.clear()
        assert main([*command, "--resume", *other]) == 0
        assert len(judged_ids) == 2, other


def test_interrupted_resume_loses_nothing(
    demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.json"
    command = ["check", "--claims", demo, "--json", str(out)]
    assert main(command) == 0
    document = json.loads(out.read_text(encoding="utf-8"))
    document["records"][0]["verdict"] = "error"
    out.write_text(json.dumps(document), encoding="utf-8")

    def interrupted(claim: Claim, *rest: Any) -> Record:
        raise KeyboardInterrupt

    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr(judge, "judge_one", interrupted)
        assert main([*command, "--resume"]) == 130
    printed, err = capsys.readouterr()
    assert printed == ""
    assert "interrupted after 0 records; --resume goes on from there" in err
    assert [record["claim"] for record in records_in(out)] == ["demo2025.lemma_1.sharp"]
    assert main([*command, "--resume"]) == 0
    assert [record["claim"] for record in records_in(out)] == ["demo2025.lemma_1", "demo2025.lemma_1.sharp"]
    capsys.readouterr()
    assert main([*command, "--resume", "--seed", "1"]) == 0
    assert f"no record in {out} is of these settings" in capsys.readouterr().err


def test_resume_judges_another_wording_again(demo: str, tmp_path: Path, judged_ids: list[str]) -> None:
    out = tmp_path / "out.json"
    command = ["check", "--claims", demo, "--json", str(out)]
    assert main(command) == 0
    document = json.loads(out.read_text(encoding="utf-8"))
    document["records"][0]["statement_sha256"] = "0" * 64
    document["records"][1]["verdict"] = "error"
    out.write_text(json.dumps(document), encoding="utf-8")
    judged_ids.clear()
    assert main([*command, "--resume"]) == 0
    assert judged_ids == ["demo2025.lemma_1", "demo2025.lemma_1.sharp"]


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 1}', '{"schema": 2, "records": []}', "[" * 100_000])
def test_resume_from_something_else_is_refused(
    text: str, demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    out.write_text(text, encoding="utf-8")
    assert main(["check", "--claims", demo, "--json", str(out), "--resume"]) == 2
    assert "is no document of records" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == text


def test_two_runs_differ_in_seconds_only(demo: str, tmp_path: Path) -> None:
    documents = []
    for name in ("a.json", "b.json"):
        assert main(["check", "--claims", demo, "--json", str(tmp_path / name)]) == 0
        document = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        for record in document["records"]:
            assert record.pop("seconds") >= 0
        documents.append(document)
    assert documents[0] == documents[1]


def test_replay_refuses_forged_evidence(demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proofs = tmp_path / "proofs"
    assert main(["check", "--claims", demo, "--evidence", str(proofs), "--update", "--quiet"]) == 0
    capsys.readouterr()
    path = proofs / "demo2025" / "lemma_1" / "counterexample.json"
    good = path.read_text(encoding="utf-8")
    options = ["--claims", demo, "--evidence", str(proofs)]
    assert main(["replay", "demo2025/lemma_1/counterexample.json", *options, "--json", "-"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["replays"]
    assert (result["shown"], result["in_ledger"], result["refused"]) == ({"spread": "refuted"}, True, None)
    elsewhere = tmp_path / "elsewhere.json"
    for text, words in (
        (good.replace('"-1"', '"0"'), "satisfy the conclusion"),
        (good.replace("demo2025.lemma_1", "demo2025.lemma_7"), "which is no claim here"),
        ("{", "is not an evidence file"),
        ("[]", "names no claim"),
    ):
        elsewhere.write_text(text, encoding="utf-8")
        assert main(["replay", str(elsewhere), str(path), *options]) == 1
        out, err = capsys.readouterr()
        assert words in err
        assert "refuted   spread" in out
        assert "Traceback" not in err
    path.write_text(good + " ", encoding="utf-8")
    assert main(["replay", str(path), *options]) == 1
    assert "differs from the ledger's SHA-256" in capsys.readouterr().err


@pytest.mark.parametrize("entry", [[], {"files": []}, {"files": {"demo2025/lemma_1/counterexample.json": 0}}])
def test_replay_refuses_a_garbled_ledger_and_empty_evidence(
    entry: object, demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proofs = tmp_path / "proofs"
    assert main(["check", "--claims", demo, "--evidence", str(proofs), "--update", "--quiet"]) == 0
    path = proofs / "demo2025" / "lemma_1" / "counterexample.json"
    options = ["--claims", demo, "--evidence", str(proofs)]
    empty = tmp_path / "empty.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    empty.write_text(json.dumps({**document, "obligations": {}}), encoding="utf-8")
    capsys.readouterr()
    assert main(["replay", str(empty), *options]) == 1
    assert "holds evidence for no obligation" in capsys.readouterr().err
    ledger = {"schema": 1, "claims": {"demo2025.lemma_1": entry}}
    (proofs / "ledger.json").write_text(json.dumps(ledger), encoding="utf-8")
    assert main(["replay", str(path), *options]) == 1
    assert "ledger" in capsys.readouterr().err


def test_command_that_stores_names_one_directory(demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, directory in (([], "DIR"), (["--evidence", str(tmp_path)], str(tmp_path))):
        assert main(["check", "demo2025.lemma_1", "--claims", demo, "--quiet", *options]) == 0
        (line,) = re.findall(r"^to store it +(lipcheck check .*)$", capsys.readouterr().out, re.MULTILINE)
        words = shlex.split(line)
        assert [b for a, b in pairwise(words) if a == "--evidence"] == [directory]


def test_only_headings_are_bold(capsys: pytest.CaptureFixture[str]) -> None:
    render_sections([("scope", "all reals")], Console(force_terminal=True, color_system="standard", width=80))
    assert re.fullmatch(r"\x1b\[1mscope *\x1b\[0mall reals\n", capsys.readouterr().out)


def test_list_in_a_terminal_puts_statements_below(demo: str) -> None:
    row = {"claim": "a.b", "expected": "proved", "grade": None, "statement": "word " * 30}
    piped, terminal = list(lines([row])), list(lines([row], 60))
    assert len(piped) == 2
    assert max(map(len, terminal)) <= 60
    assert " ".join(" ".join(terminal).split()).count("word") == 30


def test_show_and_list(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--claims", demo]) == 0
    assert re.search(r"^demo2025\.lemma_1 +refuted +constant +max", capsys.readouterr().out, re.MULTILINE)
    assert main(["show", "demo2025.lemma_1", "--claims", demo]) == 0
    out = capsys.readouterr().out
    headings = ("source", "as printed", "statement", "hypothesis", "constant", "repair", "near miss", "repaired by")
    for heading in headings:
        assert re.search(rf"^{heading}  +\S", out, re.MULTILINE), heading


def test_supports_names_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["supports", "--json", "-"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {"affine", "abs", "relu", "maxmin", "fullsort", "maxout", "groupsort"} <= set(data["layers"])
    readings = {path.stem for path in (ROOT / "lipcheck" / "readings").glob("*.py")}
    assert set(data["readings"]) <= readings
    assert {"smt", "exact", "linear"} <= set(data["engines"])
    assert set(data["obligations"]) == {kind.__name__ for kind in get_args(Obligation)}
    for words in (*data["obligations"].values(), *data["engines"].values()):
        assert words.endswith(".")
        assert "\n" not in words
    assert data["libraries"]["rich"]
    assert {"joblib", "dask", "distributed"} <= set(data["libraries"])


@pytest.mark.parametrize("width", [100, 120, 160])
def test_ledger_fits_and_keeps_ids_whole(width: int, demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    claims = registry.load([Path(demo)])
    records = list(Judged(claims, Settings()).run(list(claims.values())))
    long = "anil2019.fullsort_maxmin.chunked_biases_sharp"
    unfiled = (Evidence("smt", "a/certificate.json", "0" * 64, False), Evidence("search", None, None, False))
    records.append(replace(records[1], claim=long, evidence=unfiled, worst="1/123456789123", scope="all " * 60))
    render_ledger(records, Console(width=width, color_system=None))
    ledger, _, _ = capsys.readouterr().out.partition("3 claims: ")
    assert long in ledger
    assert "smt (not replayed)" in " ".join(ledger.split()) or width >= 150
    assert "search (not replayed)" not in ledger
    assert "8.1e-12" in ledger
    assert max(len(line.rstrip()) for line in ledger.splitlines()) <= width
    assert ledger.count("all") >= 60


def test_unknown_names_engine_and_help(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    claims = registry.load([Path(demo)])
    record = Judged(claims, Settings()).record(claims["demo2025.lemma_1.sharp"])
    open_ = replace(record, verdict=Verdict.UNKNOWN, reason="spread: z3 stopped after 10 s")
    render_ledger([open_], Console(width=120, color_system=None))
    out = capsys.readouterr().out
    assert "z3 stopped after 10 s" in out
    assert "smt (z3-solver" in out
    assert "--budget deep" in out


def test_output_that_nobody_reads_is_no_traceback() -> None:
    command = [sys.executable, "-m", "lipcheck", "schema"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (1, "")


def test_the_readme_names_every_part_of_the_package() -> None:
    picture = README.split("## Architecture")[1].split("## Adding a claim")[0]
    named = [word for word in re.findall(r"[\w*]+(?:\.py|/)", picture) if word != "tests/"]
    parts = {path.name + "/" * path.is_dir() for path in (ROOT / "lipcheck").iterdir() if not path.name.startswith("_")}
    for part in parts - {"py.typed"}:
        assert any(fnmatchcase(part, word) for word in named), part


def test_closed_streams_are_no_traceback(tmp_path: Path) -> None:
    for closed in ("sys.stdout = None", "sys.stderr = None", "sys.stdout = sys.stderr = None"):
        code = f"import sys; {closed}; from lipcheck.cli import main; sys.exit(main(['schema']))"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), closed


def test_missing_device_is_said_at_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lipcheck.cli.check.find_spec", lambda name: None)
    assert main(["check", "--device", "cuda"]) == 2
    assert capsys.readouterr().err.startswith("lipcheck: --device cuda needs torch")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"lipcheck {lipcheck.__version__}\n"


def test_python_gives_the_same_records(demo: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert main(["check", "--claims", demo, "--json", str(out)]) == 0
    records = [record.to_json() for record in lipcheck.check("demo2025", claims=[demo])]
    for record in (*records, *(printed := records_in(out))):
        del record["seconds"]
    assert json.loads(json.dumps(records)) == printed


@pytest.mark.parametrize("records", [3, [1], [{"claim": "demo2025.lemma_1"}]])
def test_resume_from_garbled_records_is_one_sentence(
    records: object, demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    command = ["check", "--claims", demo, "--json", str(out)]
    assert main(command) == 0
    text = json.dumps(json.loads(out.read_text(encoding="utf-8")) | {"records": records})
    out.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert main([*command, "--resume"]) == 2
    assert "its records are garbled" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == text


def test_a_pipe_is_not_replaced_by_a_file_and_a_link_is_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert main(["list", "--json", str(tmp_path / "pipe")]) == 2
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    (tmp_path / "link").symlink_to(tmp_path / "target.json")
    assert main(["list", "--json", str(tmp_path / "link")]) == 0
    assert (tmp_path / "link").is_symlink() and json.loads((tmp_path / "target.json").read_text(encoding="utf-8"))
