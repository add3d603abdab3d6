"""`lipcheck lattice`: what is built, printed and written, and what is refused."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lipcheck.cli import main
from lipcheck.cli.lattice_report import _bounded as bounded
from lipcheck.network import from_json
from lipcheck.norms import operator_norm_at_most
from lipcheck.readings.rational import evaluate
from lipcheck.schema import lattice_schema


def table(folder: Path, text: str) -> str:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def measured(tmp_path: Path) -> str:
    """Distances from a point of the plane in float64: many miss the condition by some 1e-17."""
    random = Random(0)
    rows = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(40)]
    lines = ["x,y,value", *(f"{x!r},{y!r},{math.hypot(x - 0.3, y + 0.2)!r}" for x, y in rows), "0.3,-0.2,0"]
    return table(tmp_path, "\n".join(lines) + "\n")


@pytest.fixture
def small(tmp_path: Path) -> str:
    return table(tmp_path, "x,y,v\n0,0,0\n1,0,1\n\n0,1/2,0.25\n2e0,1,0.5\n")


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    assert main(["lattice", *arguments]) == status
    return capsys.readouterr()


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    out, _ = run(capsys, *arguments, "--json", "-")
    found: dict[str, Any] = json.loads(out)
    assert list(Draft202012Validator(lattice_schema()).iter_errors(found)) == []
    return found


def value(found: dict[str, Any], x: tuple[Fraction, ...]) -> Fraction:
    """The lattice in the document at x, by itself."""
    inner, outer = (min, max) if found["lattice"]["outer"] == "max" else (max, min)
    groups = [
        [sum((Fraction(w) * c for w, c in zip(p["weight"], x, strict=True)), Fraction(p["bias"])) for p in group]
        for group in found["lattice"]["groups"]
    ]
    return outer(inner(group) for group in groups)


@pytest.mark.parametrize("norm", ["1", "2", "inf"])
def test_the_document_takes_the_numbers_as_written(norm: str, small: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, small, "--norm", norm)
    rows = {(0, 0): 0, (1, 0): 1, (0, Fraction(1, 2)): Fraction(1, 4), (2, 1): Fraction(1, 2)}
    for x, v in rows.items():
        assert value(found, tuple(map(Fraction, x))) == v
    assert (found["points"], found["inputs"], found["moves"], found["columns"]) == (4, 2, [], ["x", "y", "v"])
    assert found["error"] == "0" and found["lattice"]["first_norm_is_one"] is True


def test_every_move_is_listed(measured: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, measured, "--norm", "2")
    assert len(found["moves"]) > 3
    moved = {m["row"]: abs(Fraction(m["used"]) - Fraction(m["given"])) for m in found["moves"]}
    assert 0 < max(moved.values()) <= Fraction(found["slack"]) / 2
    assert Fraction(found["slack"]) == 8 * Fraction(math.ulp(1.3))
    out, _ = run(capsys, measured, "--norm", "2")
    listed = " ".join(out.split())
    for row in moved:
        assert f"row {row} by " in listed
    assert f"{len(moved)} values moved to the nearest that fit" in listed


def test_slack_0_refuses(measured: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = run(capsys, measured, "--norm", "2", "--slack", "0", status=2)
    assert out == ""
    assert "not 1-Lipschitz for p = 2: rows " in err
    assert "their slope is 1.0000" in err and "The smallest constant that fits all rows is 1.0000" in err


def test_the_refusal_names_pair_slope_and_constant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = table(tmp_path, "x,v\n0,0\n1,3/2\n3,4\n4,6\n")
    _, err = run(capsys, data, "--norm", "inf", status=2)
    assert "rows 0 and 3, (0) -> 0 and (4) -> 6, miss by 2, more than the slack of" in err
    assert "their slope is 3/2. The smallest constant that fits all rows is 2: divide" in err


def test_eps_gives_a_smaller_network_with_a_proved_bound(measured: str, capsys: pytest.CaptureFixture[str]) -> None:
    exact, near = document(capsys, measured, "--norm", "2"), document(capsys, measured, "--norm", "2", "--eps", "1/20")
    assert near["lattice"]["pieces"] < exact["lattice"]["pieces"] / 2
    assert Fraction(near["bound"]) <= Fraction(1, 20) == Fraction(near["eps"])
    lines = Path(measured).read_text(encoding="utf-8").splitlines()[1:]
    rows = [tuple(Fraction(cell) for cell in line.split(",")) for line in lines]
    slack = Fraction(near["slack"])
    assert all(abs(value(near, (x, y)) - v) <= Fraction(near["bound"]) + slack for x, y, v in rows)
    out, err = run(capsys, measured, "--norm", "2", "--eps", "0.05")
    assert "proved; eps is 1/20" in out and "Tanielian and Biau 2021" in " ".join(out.split())
    assert "fitting max of min: 41" in err.splitlines()
    assert run(capsys, measured, "--norm", "2", "--eps", "0.05", "--quiet")[1] == ""


def test_other_norms_only_within_eps(measured: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = run(capsys, measured, "--norm", "3", status=2)
    assert "p is 3: data are interpolated exactly for p = 1, 2 and inf" in err
    # ||.||_3 <= ||.||_2, so the data are steeper in this norm.
    _, err = run(capsys, measured, "--norm", "3", "--eps", "0.1", status=2)
    assert "not 1-Lipschitz for p = 3" in err
    found = document(capsys, measured, "--norm", "3/2", "--eps", "0.1")
    assert found["norm"] == "3/2" and found["lattice"]["first_norm_is_one"] is False
    out, _ = run(capsys, measured, "--norm", "3/2", "--eps", "0.1")
    assert "||W||_{3/2,inf} <= 1 in the first layer, by at most" in out


@pytest.mark.parametrize(("norm", "exact"), [("1", True), ("inf", True), ("2", False)])
def test_extensions_enclose_every_interpolant(
    norm: str, exact: bool, small: str, capsys: pytest.CaptureFixture[str]
) -> None:
    largest = document(capsys, small, "--norm", norm, "--extension", "largest")
    smallest = document(capsys, small, "--norm", norm, "--extension", "smallest")
    between = document(capsys, small, "--norm", norm)
    gap = Fraction(largest["extension"]["gap"])
    assert (gap == 0) is exact and gap <= Fraction(1, 100)
    random = Random(3)
    for _ in range(40):
        x = Fraction(random.randint(0, 40), 20), Fraction(random.randint(0, 20), 20)
        assert value(smallest, x) - gap <= value(between, x) <= value(largest, x) + gap


def test_the_json_network_is_exact(small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "net.json"
    printed, _ = run(capsys, small, "--norm", "inf", "--out", str(out))
    assert "distance from the data at most 0" in " ".join(printed.split())
    network = from_json(json.loads(out.read_text(encoding="utf-8")))
    assert evaluate(network, (2, 1)) == (Fraction(1, 2),)
    first = network.layers[0].weight  # type: ignore[union-attr]
    assert operator_norm_at_most(first, 1, math.inf, math.inf) is True


@pytest.mark.parametrize("name", ["net.safetensors", "net.onnx"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_exported_norms_are_at_most_one_exactly(
    name: str, dtype: str, measured: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    found = document(capsys, measured, "--norm", "2", "--out", str(path), "--dtype", dtype)
    assert path.stat().st_size > 100
    assert found["exported"]["dtype"] == dtype and found["exported"]["norm_at_most_one"] is True
    assert (
        0 < Fraction(found["exported"]["error"]) < (Fraction(1, 10**15) if dtype == "float64" else Fraction(1, 10**6))
    )
    out, _ = run(capsys, measured, "--norm", "2", "--out", str(path), "--dtype", dtype)
    assert f"{path} ({dtype})" in "".join(out.split("\n")) or str(path) in out.replace("\n", "")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_plot_is_a_picture(ending: str, small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"net.{ending}"
    run(capsys, small, "--norm", "2", "--plot", str(path))
    head = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending]
    assert path.read_bytes().startswith(head)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("x,v\n", "has a header but no data"),
        ("1,2\n3,4\n", "starts with numbers: put a header line first"),
        ("v\n1\n", "has one column"),
        ("x,v\n1\n", "line 2: 1 cells where the header has 2"),
        ("x,v\n1,2\n3,nan\n", "line 3, v: 'nan' is no finite number"),
        ("x,v\n1,2\n3,inf\n", "line 3, v: 'inf' is no finite number"),
        ("x,v\n1,2\n,3\n", "line 3, x: '' is no finite number"),
        ("x,v\n1,1e99999999\n", "line 2, v: '1e99999999' is no finite number"),
        ("x,v\n1,2\n3,1e309\n", "line 3, v: '1e309' is beyond float64: scale it"),
        ("x,v\n1,2\n-1e-999,0\n", "line 3, x: '-1e-999' is beyond float64: scale it"),
        ("x,v\n1," + "2" * 200_000 + "\n", "line 2: field larger than field limit"),
        ("x,v\n1,2\n1,3\n", "Rows 0 and 1 are the same point (1) with the values 2 and 3"),
    ],
)
def test_bad_tables_are_refused_in_a_sentence(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = run(capsys, table(tmp_path, text), "--norm", "2", status=2)
    assert message in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "net.pt"], "end its name in .safetensors, .onnx or .json"),
        (["--plot", "net.jpeg"], "end its name in .png, .svg or .pdf"),
        (["--plot", "no/such/folder/net.png"], "is in a folder that does not exist"),
        (["--eps", "1", "--extension", "largest"], "--extension and --eps exclude each other"),
        (["--gap", "1"], "add --extension largest or smallest"),
        (["--eps", "0"], "eps is 0 and g_error 0: give eps above"),
        (["--slack", "-1"], "The slack is -1: give a number that is not negative"),
        (["--extension", "largest", "--gap", "0"], "The gap is 0: give a positive number"),
    ],
)
def test_wrong_options_are_refused_in_a_sentence(
    arguments: list[str], message: str, small: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = run(capsys, small, "--norm", "2", *arguments, status=2)
    assert message in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("norm", "message"),
    [
        ("0.5", "below 1"),
        ("nan", "not a number"),
        ("two", "not a number"),
        ("1e400", "too near to 1 or to inf"),
        ("1." + "0" * 400 + "1", "too near to 1 or to inf"),
    ],
)
def test_wrong_norms_are_refused(norm: str, message: str, small: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["lattice", small, "--norm", norm])
    assert stop.value.code == 2 and message in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = run(capsys, str(tmp_path / "none.csv"), "--norm", "2", status=2)
    assert "none.csv" in err and "No such file" in err


def test_what_is_built_is_printed_even_if_a_file_fails(
    small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "net.png").mkdir()
    (tmp_path / "net.onnx").mkdir()
    for option, name in (("--plot", "net.png"), ("--out", "net.onnx")):
        out, err = run(capsys, small, "--norm", "2", option, str(tmp_path / name), "--quiet", status=2)
        assert "every value exactly, checked in rationals" in out and "plotted" not in out and "exported" not in out
        assert name in err and err.count("\n") == 1


def test_too_fine_a_gap_names_the_size(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = run(capsys, small, "--norm", "2", "--extension", "largest", "--gap", "1e-18", status=2)
    assert "bytes, but memory is 2,147,483,648: ask for less accuracy" in err


def test_the_largest_numbers_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = table(tmp_path, "x,v\n1.797e308,1.797e308\n-1.797e308,-1.797e308\n")
    assert "every value exactly" in run(capsys, data, "--norm", "2")[0]
    assert "slack          inf: the values fit" in run(capsys, data, "--norm", "2", "--slack", "1e400")[0]
    _, err = run(capsys, data, "--norm", "2", "--plot", str(tmp_path / "net.png"), status=2)
    assert "beyond 1e+100, too large for a picture" in err


def test_printed_bounds_are_never_below_the_number() -> None:
    random = Random(5)
    for _ in range(2000):
        digits = Fraction(random.randint(1, 10**20), random.randint(1, 10**20))
        number = digits * Fraction(10) ** random.randint(-340, 280)
        text = bounded(number)
        assert number <= Fraction(text) <= max(number * Fraction(101, 100), Fraction(1, 10**300))
    assert (bounded(Fraction(0)), bounded(Fraction(10) ** 400)) == ("0", "inf")


def test_two_files_of_the_same_name(small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.json"
    _, err = run(capsys, small, "--norm", "2", "--out", str(path), "--json", str(path), status=2)
    assert "--out and --json both name" in err and not path.exists()


def test_numbers_too_long_for_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random = Random(7)
    top = 10**190
    rows = [[f"{random.randint(-top, top)}/{random.randint(top, 2 * top)}" for _ in range(40)] for _ in range(3)]
    apart = float(sum(abs(Fraction(a) - Fraction(b)) for a, b in zip(rows[0], rows[1], strict=True)))
    lines = [",".join([*row, repr(v)]) for row, v in zip(rows, (0, apart * 0.99, apart / 2), strict=True)]
    data = table(tmp_path, ",".join(f"c{i}" for i in range(41)) + "\n" + "\n".join(lines) + "\n")
    out, err = run(capsys, data, "--norm", "1", "--out", str(tmp_path / "net.json"), status=2)
    assert "every value exactly" in out and "exceeds 4000 digits: leave out --out" in err
    assert not (tmp_path / "net.json").exists()
    out, err = run(capsys, data, "--norm", "1", "--json", "-", status=2)
    assert out == "" and "exceeds 4000 digits: leave out --json" in err
    run(capsys, data, "--norm", "1", "--out", str(tmp_path / "net.onnx"))
