"""Ctrl-C in a terminal: long work stops with status 130, what is finished is kept, and the next run goes on from there.

Each command runs in a process group of its own, to which SIGINT is sent as a terminal does, once its progress says that
something is finished.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIPCHECK = (sys.executable, "-m", "lipcheck")
CLAIMS = ("anil2019.composition", "anil2019.operator_norms", "anil2019.maxmin_abs")
SECONDS = 120


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


@contextmanager
def started(*command: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """The running command, in a process group of its own, which is ended when the test is left."""
    process = subprocess.Popen(command, cwd=cwd, env=environment(), text=True, start_new_session=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=SECONDS)


def interrupted(process: subprocess.Popen[str], lines: Iterator[str], word: str) -> tuple[str, str]:
    """(stdout, stderr) of the command, to which Ctrl-C came after a line with this word; its status is 130."""
    seen = ""
    for line in lines:
        seen += line
        if word in line:
            break
    else:
        pytest.fail(f"no progress with {word!r}: {seen}")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    return out, err


def test_check_keeps_its_records_and_resumes(tmp_path: Path) -> None:
    command = (*LIPCHECK, "check", *CLAIMS, "--json", "records.json")
    with started(*command, cwd=tmp_path) as process:
        assert process.stderr is not None
        _, err = interrupted(process, process.stderr, "3/")
    assert "--resume goes on from there" in err
    kept = json.loads((tmp_path / "records.json").read_text(encoding="utf-8"))["records"]
    assert len(kept) >= 2
    done = subprocess.run([*command, "--resume"], cwd=tmp_path, env=environment(), capture_output=True, text=True,
                          timeout=SECONDS)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "1/" in done.stderr and kept[0]["claim"] not in done.stderr
    after = json.loads((tmp_path / "records.json").read_text(encoding="utf-8"))["records"]
    assert len(after) > len(kept) and all(record in after for record in kept)


def test_sharpen_keeps_what_it_reached(tmp_path: Path) -> None:
    command = (*LIPCHECK, "sharpen", "anil2019.margin_certificate", "--gap", "1/100000", "--json", "found.json")
    with started(*command, cwd=tmp_path) as process:
        assert process.stderr is not None
        lines = (line for _ in range(3) for line in [next(process.stderr, "")])
        last = [next(lines), next(lines)]
        assert all("factor = " in line for line in last)
        out, _ = interrupted(process, lines, "factor = ")
    (found, *_) = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["sharpened"]
    assert found["claim"] == "anil2019.margin_certificate" and "proved at   2" in out


def test_report_leaves_no_part_of_a_page(tmp_path: Path) -> None:
    with started(*LIPCHECK, "report", *CLAIMS, "--budget", "smoke", cwd=tmp_path) as process:
        assert process.stderr is not None
        interrupted(process, process.stderr, "2/")
    assert list(tmp_path.iterdir()) == []


def test_notebooks_that_are_rendered_are_kept(tmp_path: Path) -> None:
    for name in ("jupytext", "nbclient", "ipykernel"):
        pytest.importorskip(name, reason=f"{name} is missing: pip install 'lipcheck[notebooks]'")
    head = (ROOT / "notebooks" / "guides" / "03_add_a_claim.py").read_text(encoding="utf-8").split("# %%")[0]
    folder = tmp_path / "notebooks" / "own"
    for place in (folder, tmp_path / "docs", tmp_path / "proofs"):
        place.mkdir(parents=True)
    (tmp_path / "proofs" / "ledger.json").write_text('{"claims": {}}', encoding="utf-8")
    tool = tmp_path / "docs" / "notebooks.py"
    tool.write_bytes((ROOT / "docs" / "notebooks.py").read_bytes())
    (folder / "01_quick.py").write_text(f"{head}# %%\nprint(1 + 1)\n", encoding="utf-8")
    (folder / "02_slow.py").write_text(f"{head}# %%\nimport time\n\ntime.sleep(600)\n", encoding="utf-8")
    with started(sys.executable, str(tool), cwd=tmp_path) as process:
        assert process.stdout is not None
        _, err = interrupted(process, process.stdout, "2/2 notebooks/own/02_slow.py")
    assert "what is rendered is kept" in err
    assert [path.name for path in sorted(folder.glob("*.ipynb"))] == ["01_quick.ipynb"]
    (folder / "02_slow.py").write_text(f"{head}# %%\nprint(1 + 1)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(tool)], cwd=tmp_path, env=environment(), capture_output=True, text=True,
                          timeout=SECONDS)  # fmt: skip
    assert done.returncode == 0 and done.stdout == "1/1 notebooks/own/02_slow.py\n"
