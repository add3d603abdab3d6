"""Fixtures shared by all test modules."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

# Tests share the cores: one thread for each process of theirs, kernels of notebooks included.
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]

_BUILD = "import sys; from hatchling import build; print(getattr(build, 'build_' + sys.argv[1])(sys.argv[2]))"


def _build(kind: str, source: Path, target: Path) -> Path:
    """Build `kind` (sdist or wheel) from the tree `source` with hatchling itself: no isolation, no network."""
    command = [sys.executable, "-c", _BUILD, kind, str(target)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"hatchling could not build the {kind} of {source}:\n{done.stderr}"
    return target / done.stdout.split()[-1]


@pytest.fixture(scope="session")
def built_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of this tree."""
    return _build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def unpacked_sdist(built_sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one top folder inside the sdist, unpacked."""
    target = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(built_sdist) as archive:
        archive.extractall(target, filter="data")
    (top,) = target.iterdir()
    return top


@pytest.fixture(scope="session")
def built_wheel(unpacked_sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the unpacked sdist and not from the checkout."""
    return _build("wheel", unpacked_sdist, tmp_path_factory.mktemp("wheel"))
