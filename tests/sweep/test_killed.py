"""Processes killed at any moment: at most the chunks in hand are lost, and the record's bytes are the same."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest
from processes import finish, kept, start, wait_for

pytest.importorskip("torch")
pytest.importorskip("joblib")


def workers_of(parent: int) -> list[int]:
    """The processes that evaluate chunks: loky's children of the parent."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes() if entry.name.isdecimal() else b""
            status = (entry / "stat").read_text().rpartition(")")[2].split() if words else []
        except OSError:
            continue  # the process has ended
        if status and int(status[1]) == parent and b"popen_loky_posix" in words:
            found.append(int(entry.name))
    return found


def record(folder: Path) -> bytes:
    return (folder / "swept.true" / "result.json").read_bytes()


def run_of(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / "swept.true" / "run.json").read_text())
    return found


def test_killed_and_resumed_three_times(whole: bytes, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    rng = random.Random(11)
    times = 1 if pytestconfig.getoption("--lipcheck-budget") == "smoke" else 3
    before: dict[str, bytes] = {}
    for _ in range(times):
        process = start(tmp_path, "--workers", "1")
        wait_for(tmp_path, len(before) + rng.randint(1, 3))
        time.sleep(rng.uniform(0, 0.1))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        after = kept(tmp_path)
        assert before.items() <= after.items() and len(before) < len(after), "a finished chunk was lost"
        assert not (tmp_path / "swept.true" / "result.json").exists()
        before = after
    finish(start(tmp_path, "--workers", "1"))
    assert record(tmp_path) == whole
    assert run_of(tmp_path)["resumed"] == len(before) < run_of(tmp_path)["chunks"]


def test_a_killed_worker_is_reported_and_its_chunk_is_done_again(whole: bytes, tmp_path: Path) -> None:
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    _, err = finish(process)
    assert err.count("a worker died; the chunks in hand are done again") == 1
    assert record(tmp_path) == whole
    assert (run_of(tmp_path)["deaths"], run_of(tmp_path)["resumed"]) == (1, 0)


def test_a_killed_parent_leaves_no_worker_behind_and_can_be_resumed(whole: bytes, tmp_path: Path) -> None:
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    workers = workers_of(process.pid)
    assert len(workers) == 2
    process.kill()
    process.wait(timeout=60)
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "workers outlive their parent"
        time.sleep(0.05)
    process.communicate(timeout=60)
    finish(start(tmp_path, "--workers", "2"))
    assert record(tmp_path) == whole and run_of(tmp_path)["resumed"] >= 1


@pytest.mark.parametrize("whom", ["the parent", "all, as a terminal does"])
def test_an_interrupt_is_status_130_and_the_printed_command_goes_on(
    whom: str, whole: bytes, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if whom == "the parent" and pytestconfig.getoption("--lipcheck-budget") == "smoke":
        pytest.skip("the other case stands for it at budget smoke")
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    if whom == "the parent":
        process.send_signal(signal.SIGINT)
    else:
        os.killpg(process.pid, signal.SIGINT)
    _, err = finish(process, status=130)
    last = err.splitlines()[-1]
    assert "lipcheck: interrupted; finished chunks are kept, go on with: lipcheck sweep swept.true " in last, err
    assert last.endswith(f"--resume {tmp_path}") and "--networks 3000 --points 32 --seed 0" in last
    assert "Traceback" not in err
    finish(start(tmp_path, "--workers", "1"))
    assert record(tmp_path) == whole and run_of(tmp_path)["resumed"] >= 1
