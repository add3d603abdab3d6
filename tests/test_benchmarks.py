"""The benchmarks' command: every theme at tiny sizes, tables, JSON, plot and README; no test looks at a real time."""

from __future__ import annotations

import importlib
import json
import runpy
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install lipcheck[torch]")
pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install lipcheck[plot]")

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
PLANTED = '''"""{title}"""
from _timing import Row

def measure(size):
    yield Row("first", "small", 2.0, "another", 3.0, 1.0)
    {then}
    yield Row("second", "small", 1.0, "another", 0.5, 1.0)
'''


@pytest.fixture(autouse=True)
def on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def load(name: str) -> ModuleType:
    return importlib.import_module(name)


def plant(directory: Path, monkeypatch: pytest.MonkeyPatch, **then: str) -> tuple[str, ...]:
    """Themes of these names, whose measurements go on so after the first row."""
    for name, statement in then.items():
        (directory / f"{name}.py").write_text(PLANTED.format(title=f"About {name}.", then=statement))
    monkeypatch.syspath_prepend(str(directory))
    monkeypatch.setattr(load("_command"), "THEMES", tuple(then))
    return tuple(then)


@pytest.fixture(scope="module")
def tiny() -> object:
    """What the command collects of all themes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        timing, collecting = load("_timing"), load("_collect")
        with timing.threads(1):
            return collecting.collect("tiny")


def test_every_theme_measures(tiny: object) -> None:
    assert [theme.name for theme in tiny.themes] == list(load("_collect").THEMES)
    assert [theme.failure for theme in tiny.themes] == [""] * len(tiny.themes)
    assert all(theme.rows and theme.title.endswith(".") for theme in tiny.themes)
    assert all(row.seconds > 0 and row.reference_seconds > 0 for theme in tiny.themes for row in theme.rows)
    assert {"float32 matrix product", "float64 matrix product", "copy"} == set(tiny.machine.ceilings)


def test_every_script_is_a_theme() -> None:
    scripts = {path.stem for path in BENCHMARKS.glob("[a-z]*.py")}
    assert scripts == {*load("_collect").THEMES, load("_collect").GPU}


def test_json_gives_the_same_results(tiny: object, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(tiny.data(), allow_nan=False))
    assert load("_results").read(path) == tiny
    raw = json.loads(path.read_text())["themes"][0]["rows"][0]
    assert raw["ratio"] == raw["reference_seconds"] / raw["seconds"]


def test_plot(tiny: object, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one.svg", "two.svg", "three.png")]
    for path in paths:
        load("_plot").plot(tiny, path)
    one, two, three = (path.read_bytes() for path in paths)
    assert one == two and one.startswith(b"<?xml")
    assert three.startswith(b"\x89PNG")


def test_tables_hold_every_row(tiny: object) -> None:
    rendering = load("_render")
    page = rendering.markdown(tiny)
    for theme in tiny.themes:
        assert f"### `{theme.name}`" in page
        for row in theme.rows:
            assert f"| {' | '.join(rendering.cells(row))} |" in page
            assert "|" not in "".join(rendering.cells(row)), "a bar would break the table"


def test_medians_and_ratios_of_a_planted_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    timing = load("_timing")
    order: list[str] = []
    steps = {"ours": iter([99.0, 2.0, 1.0, 3.0]), "theirs": iter([99.0, 5.0, 50.0, 4.0])}
    at = [0.0]

    def run(name: str) -> None:
        order.append(name)
        at[0] += next(steps[name])

    monkeypatch.setattr(time, "perf_counter", lambda: at[0])
    found = timing.medians({"ours": lambda: run("ours"), "theirs": lambda: run("theirs")}, rounds=3)
    assert found == {"ours": 2.0, "theirs": 5.0}
    assert order == ["ours", "theirs"] * 4
    row = timing.Row("run", "shape", found["ours"], "theirs", found["theirs"])
    assert (row.ratio, row.met) == (2.5, None)
    assert replace(row, goal=2.5).met and not replace(row, goal=2.6).met
    assert not replace(row, goal=2.5, within=False).met
    assert load("_render").cells(replace(row, goal=2.6))[5:7] == ("2.50", "2.60 missed")


def test_durations_and_ratios_are_written_with_their_units() -> None:
    rendering = load("_render")
    written = [rendering.duration(s) for s in (1234.0, 2.0, 0.25, 0.0125, 3e-6, 4e-8)]
    assert written == ["1234 s", "2 s", "250 ms", "12.5 ms", "3 µs", "40 ns"]
    assert [rendering.number(r) for r in (12.345, 0.333, 0.0456)] == ["12.35", "0.33", "0.046"]


def test_a_failing_theme_is_told_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, monkeypatch, planted_broken="raise ValueError('a reason')", planted_sound="pass")
    path = tmp_path / "results.json"
    assert load("_command").main(["--size", "tiny", "--json", str(path)]) == 1
    printed = capsys.readouterr().out
    assert "planted_broken failed after 1 rows: ValueError: a reason" in printed
    assert "2 of 3 goals met; missed: planted_sound: second, small." in printed
    broken, sound = json.loads(path.read_text())["themes"]
    assert [row["name"] for row in broken["rows"]] == ["first"]
    assert [(row["ratio"], row["met"]) for row in sound["rows"]] == [(1.5, True), (0.5, False)]


def test_an_interruption_keeps_what_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, monkeypatch, planted_stopped="raise KeyboardInterrupt", planted_later="pass")
    path, picture = tmp_path / "results.json", tmp_path / "ratios.svg"
    assert load("_command").main(["--size", "tiny", "--json", str(path), "--plot", str(picture)]) == 130
    data = json.loads(path.read_text())
    assert data["interrupted"] and [theme["name"] for theme in data["themes"]] == ["planted_stopped"]
    assert len(data["themes"][0]["rows"]) == 1 and picture.is_file()
    assert "first" in capsys.readouterr().out


def test_the_gpu_s_table_or_why_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    stored = BENCHMARKS / "measured" / "h200.json"
    rows = json.loads(stored.read_text())["rows"]
    (tmp_path / "planted_gpu.py").write_text(f"def measure():\n    return {rows!r}\n")
    (tmp_path / "planted_fault.py").write_text("def measure():\n    raise RuntimeError('out of memory')\n")
    plant(tmp_path, monkeypatch, planted_cpu="pass")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a planted device")
    path = tmp_path / "results.json"
    for module, status in (("planted_gpu", 0), ("planted_fault", 1)):
        monkeypatch.setattr(load("_command"), "GPU", module)
        assert load("_command").main(["--size", "tiny", "--device", "cuda", "--json", str(path)]) == status
        data = json.loads(path.read_text())
        assert len(data["themes"][0]["rows"]) == 2 and data["cuda"]["machine"]["device"] == "a planted device"
    assert "planted_fault failed after 0 rows: RuntimeError: out of memory" in capsys.readouterr().out


def test_what_is_left_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    bjorck = load("bjorck")
    monkeypatch.setattr(bjorck.importlib.util, "find_spec", lambda name: None)
    found = load("_collect").theme("bjorck", "tiny")
    assert [each.name for each in found.omitted] == ["deel-torchlip", "orthogonium"]
    assert any("orthogonium is left out: it is not installed" in line for line in load("_render").problems(found))


def test_constants_that_are_not_closed_in_time_are_no_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    constants = load("exact_constants")
    monkeypatch.setitem(constants.CASES, "tiny", {"4-16-16-1": (1, 0.0)})
    found = load("_collect").theme("exact_constants", "tiny")
    assert not found.failure and not found.rows
    assert "0 closed in 0 s each, the median relative gap left is" in found.omitted[0].reason


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense is no theme: choose from populations"),
        (["--threads", "0"], "0 threads cannot run: give 1 or more"),
        (["--markdown", "replay"], "leave the names out"),
        (["--plot", "picture.txt"], "let it end in .png"),
        (["--json", "/nowhere/at/all.json"], "make its directory first"),
        (["--from", "/nowhere.json"], "is no file: name one that --json wrote"),
    ],
)
def test_wrong_use_is_one_sentence(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        load("_command").main(arguments)
    assert end.value.code == 2
    assert says in capsys.readouterr().err


def test_the_command_runs_and_so_does_a_script_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole = [sys.executable, str(BENCHMARKS), "jacobians", "--size", "tiny", "--json", "-"]
    run = subprocess.run(whole, capture_output=True, text=True, check=True, timeout=300)
    assert [theme["name"] for theme in json.loads(run.stdout)["themes"]] == ["jacobians"]
    assert "torch.func" in run.stderr
    path = tmp_path / "found.json"
    monkeypatch.setattr(sys, "argv", ["jacobians.py", "--size", "tiny", "--json", str(path)])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(BENCHMARKS / "jacobians.py"), run_name="__main__")
    assert end.value.code == 0
    assert "values and exact Jacobians" in capsys.readouterr().out
    assert [theme["name"] for theme in json.loads(path.read_text())["themes"]] == ["jacobians"]


def test_rows_of_the_gpu() -> None:
    stored = json.loads((BENCHMARKS / "measured" / "h200.json").read_text())
    found = load("_gpu").stored(BENCHMARKS / "measured" / "h200.json")
    rates = [row["ratio"] for row in stored["rows"] if "ratio" in row]
    assert [row.ratio for row in found.themes[0].rows] == pytest.approx(rates, rel=1e-12)
    assert found.machine.device == stored["device"]
    assert {row.goal for row in found.themes[0].rows if "FusedNetwork" in row.name} == {0.5, 0.3}


def test_readme_shows_the_stored_measurements() -> None:
    command, results = load("_command"), load("_results")
    current = command.pages(command.README, results.read(command.CPU), load("_gpu").stored(command.DEVICE))
    assert command.README.read_text() == current, "run python benchmarks --from benchmarks/measured/cpu.json --markdown"


def test_a_table_goes_between_its_marks() -> None:
    insert = load("_render").insert
    page = "a\n<!-- m -->\nold\n<!-- end of m -->\nb"
    assert insert(page, "m", r"\1") == "a\n<!-- m -->\n\\1\n<!-- end of m -->\nb"
    with pytest.raises(ValueError, match="once each"):
        insert("a page without marks", "m", "text")
