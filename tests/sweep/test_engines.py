"""Every engine and every number of workers writes the record of one worker, byte for byte."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from processes import finish, record, run_of, start, wait_for

pytest.importorskip("torch")
pytest.importorskip("joblib")


def test_two_workers_within_their_memory(whole: bytes, tmp_path: Path, beyond_smoke: bool) -> None:
    if not beyond_smoke:
        pytest.skip("workers that are killed stand for it at budget smoke, memory is bounded in the cluster's test")
    out, err = finish(start(tmp_path, "--workers", "2", "--memory", "420"))
    run = run_of(tmp_path)
    assert record(tmp_path) == whole
    assert run["workers"] == 2 >= run["hosts"][0]["processes"] and run["deaths"] == 0
    assert 50 < run["peak_mib"]["worker"] <= 420 and f"worker {run['peak_mib']['worker']} MiB within 420" in out
    assert "3,000 of 3,000 networks" in err


def test_a_dask_cluster_and_one_that_is_lost(whole: bytes, tmp_path: Path, beyond_smoke: bool) -> None:
    """A worker of two threads: chunks take turns, for they share its memory. Without a scheduler nothing goes on."""
    distributed = pytest.importorskip("distributed", reason="dask is not installed: pip install 'lipcheck[sweep]'")
    options = {"n_workers": 1, "threads_per_worker": 2, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        address = cluster.scheduler_address
        finish(start(tmp_path, "--engine", f"dask:{address}", "--memory", "420"))
        if beyond_smoke:
            lost = start(tmp_path / "lost", "--engine", f"dask:{address}")
            wait_for(tmp_path / "lost", 1)
    run = run_of(tmp_path)
    assert record(tmp_path) == whole and run["engine"] == f"dask:{address}"
    assert 50 < run["peak_mib"]["worker"] <= 420
    if beyond_smoke:
        last = finish(lost, status=2)[1].splitlines()[-1]
        words = f"the connection to the scheduler at {address} was lost: start it again, and go on with --resume"
        assert last == f"lipcheck: {words}"


def test_a_dask_cluster_even_when_a_worker_is_killed(whole: bytes, tmp_path: Path, beyond_smoke: bool) -> None:
    if not beyond_smoke:
        pytest.skip("a worker of `local` is killed at budget smoke")
    distributed = pytest.importorskip("distributed", reason="dask is not installed: pip install 'lipcheck[sweep]'")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        process = start(tmp_path, "--engine", f"dask:{cluster.scheduler_address}")
        wait_for(tmp_path, 1)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        _, err = finish(process)
    assert record(tmp_path) == whole
    assert err.count("is gone; dask gives its chunk to another") == run_of(tmp_path)["deaths"] >= 1
    assert run_of(tmp_path)["engine"].startswith("dask:tcp://") and run_of(tmp_path)["resumed"] == 0


def test_ray(whole: bytes, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="ray is not installed: pip install ray")
    finish(start(tmp_path, "--engine", "ray", "--workers", "2"))
    assert record(tmp_path) == whole and run_of(tmp_path)["engine"] == "ray"
