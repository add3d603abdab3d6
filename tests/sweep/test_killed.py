"""Processes killed at any moment: at most the chunks in hand are lost, and the record's bytes are the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from processes import LAWS, WORK, finish, kept, record, run_of, start, wait_for

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


def finish_here(folder: Path) -> None:
    """What is missing, in this process."""
    from lipcheck import registry
    from lipcheck.sweep import Asked, plan, sweep

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_package_modules", list)
        patch.setattr(plan, "WORK", WORK)
        plan.known.cache_clear()
        sweep(Asked("swept.true", 3000, points=32, files=(str(LAWS),)), folder, workers=1, resume=True)
    plan.known.cache_clear()


def ended(workers: list[int]) -> None:
    """Wait until the workers have ended by themselves."""
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "workers outlive their parent"
        time.sleep(0.05)


def test_killed_interrupted_and_resumed(whole: bytes, tmp_path: Path) -> None:
    """A worker is killed, then the parent, then all is interrupted as a terminal does: the bytes are the same."""
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    wait_for(tmp_path, len(kept(tmp_path)) + 3)
    workers = workers_of(process.pid)
    process.kill()
    _, err = process.communicate(timeout=60)
    assert err.count("a worker died; the chunks in hand are done again") == 1
    ended(workers)
    before = kept(tmp_path)
    assert workers and not (tmp_path / "swept.true" / "result.json").exists()
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, len(before) + 1)
    os.killpg(process.pid, signal.SIGINT)
    told_how_to_go_on(process, tmp_path)
    after = kept(tmp_path)
    assert before.items() <= after.items(), "a finished chunk was lost"
    finish_here(tmp_path)
    assert record(tmp_path) == whole
    assert run_of(tmp_path)["resumed"] == len(after) < run_of(tmp_path)["chunks"]


def told_how_to_go_on(process: subprocess.Popen[str], folder: Path) -> None:
    """Status 130, and the command that goes on, with nothing of a traceback."""
    _, err = finish(process, status=130)
    last = err.splitlines()[-1]
    assert "lipcheck: interrupted; finished chunks are kept, go on with: lipcheck sweep swept.true " in last, err
    assert last.endswith(f"--resume {folder}") and "--networks 3000 --points 32 --seed 0" in last
    assert "Traceback" not in err


@pytest.fixture
def one_by_one(beyond_smoke: bool) -> None:
    """Skip at budget smoke, where `test_killed_interrupted_and_resumed` stands for the kinds of death one by one."""
    if not beyond_smoke:
        pytest.skip("one test stands for all kinds of death at budget smoke")


@pytest.mark.usefixtures("one_by_one")
def test_killed_and_resumed_three_times(whole: bytes, tmp_path: Path) -> None:
    rng = random.Random(11)
    before: dict[str, bytes] = {}
    for _ in range(3):
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


@pytest.mark.usefixtures("one_by_one")
def test_a_killed_worker_is_reported_and_its_chunk_is_done_again(whole: bytes, tmp_path: Path) -> None:
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    _, err = finish(process)
    assert err.count("a worker died; the chunks in hand are done again") == 1
    assert record(tmp_path) == whole
    assert (run_of(tmp_path)["deaths"], run_of(tmp_path)["resumed"]) == (1, 0)


@pytest.mark.usefixtures("one_by_one")
def test_a_killed_parent_leaves_no_worker_behind_and_can_be_resumed(whole: bytes, tmp_path: Path) -> None:
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    workers = workers_of(process.pid)
    assert len(workers) == 2
    process.kill()
    process.wait(timeout=60)
    ended(workers)
    process.communicate(timeout=60)
    finish(start(tmp_path, "--workers", "2"))
    assert record(tmp_path) == whole and run_of(tmp_path)["resumed"] >= 1


@pytest.mark.usefixtures("one_by_one")
def test_an_interrupt_of_the_parent_alone_is_status_130(whole: bytes, tmp_path: Path) -> None:
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    process.send_signal(signal.SIGINT)
    told_how_to_go_on(process, tmp_path)
    finish(start(tmp_path, "--workers", "1"))
    assert record(tmp_path) == whole and run_of(tmp_path)["resumed"] >= 1


@pytest.mark.usefixtures("one_by_one")
def test_a_worker_that_is_stopped_for_a_while_changes_nothing(whole: bytes, tmp_path: Path) -> None:
    process = start(tmp_path, "--workers", "2")
    wait_for(tmp_path, 1)
    stopped = workers_of(process.pid)[0]
    os.kill(stopped, signal.SIGSTOP)
    time.sleep(1)
    assert process.poll() is None
    os.kill(stopped, signal.SIGCONT)
    finish(process)
    assert record(tmp_path) == whole and run_of(tmp_path)["deaths"] == 0
