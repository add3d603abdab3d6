"""What the tests of sweeps share: claims in a file, and a sweep as a process of its own, in small chunks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LAWS = Path(__file__).with_name("laws_to_sweep.py")
# Cuts follow from the constant in the parent alone: workers take what they are given.
WORK = 500_000
SMALL = (
    f"import sys, lipcheck.registry, lipcheck.sweep.plan as plan; plan.WORK = {WORK};"
    "lipcheck.registry._package_modules = list;"
    "from lipcheck.cli import main; sys.exit(main(['sweep', *sys.argv[1:]]))"
)


def start(folder: Path, *arguments: str, claim: str = "swept.true") -> subprocess.Popen[str]:
    """`lipcheck sweep` of 3,000 networks, in small chunks."""
    command = [sys.executable, "-c", SMALL, claim, "--claims", str(LAWS), "--networks", "3000", "--points", "32"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    return subprocess.Popen(
        [*command, "--resume", str(folder), *arguments], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def finish(process: subprocess.Popen[str], status: int = 0) -> tuple[str, str]:
    """Wait for the process: what it wrote to stdout and stderr."""
    out, err = process.communicate(timeout=240)
    assert process.returncode == status, f"status {process.returncode}\n{out}\n{err}"
    return out, err


def kept(folder: Path) -> dict[str, bytes]:
    """The finished chunks by file name."""
    return {path.name: path.read_bytes() for path in (folder / "swept.true" / "chunks").glob("*.json")}


def record(folder: Path) -> bytes:
    """What was found, as it was written."""
    return (folder / "swept.true" / "result.json").read_bytes()


def run_of(folder: Path) -> dict[str, Any]:
    """How it came about."""
    found: dict[str, Any] = json.loads((folder / "swept.true" / "run.json").read_text())
    return found


def wait_for(folder: Path, chunks: int) -> None:
    """Wait until this many chunks are kept."""
    deadline = time.monotonic() + 120
    while len(kept(folder)) < chunks:
        assert time.monotonic() < deadline, "the sweep does not get on"
        time.sleep(0.01)
