"""What is shipped: the wheel built from the sdist, the requirements, the constraints, the size of the repository."""

from __future__ import annotations

import configparser
import email
import fnmatch
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
SIZE_LIMIT = 25_000_000
PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[0-9][A-Za-z0-9.]*)")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def shipped_files(top: Path) -> set[str]:
    """Every file under `top` except bytecode, as posix paths relative to it."""
    files = (path for path in top.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(top).as_posix() for path in files}


def requirements() -> Iterator[tuple[str, Requirement]]:
    """Every requirement written in pyproject.toml with the table that it stands in."""
    tables = project()
    yield from (("build-system", Requirement(line)) for line in tables["build-system"]["requires"])
    yield from (("dependencies", Requirement(line)) for line in tables["project"]["dependencies"])
    for extra, lines in tables["project"]["optional-dependencies"].items():
        yield from ((extra, Requirement(line)) for line in lines)


def pin_fault(line: str) -> str | None:
    """Say what is wrong with one line of constraints.txt, or None: a line is a comment or `name==version`."""
    if not line or line.startswith("#"):
        return None
    if PIN.fullmatch(line) is None:
        return f"{line!r} is not name==version (no local label, address, path, marker or option)"
    return None


def bound_fault(requirement: Requirement) -> str | None:
    """Say what is wrong with one requirement, or None: exactly one lower bound, or this project's own extras."""
    if requirement.name == "lipcheck":
        return None
    operators = [specifier.operator for specifier in requirement.specifier]
    if requirement.url is not None or operators != [">="]:
        return f"{requirement} must carry exactly one lower bound (>=)"
    return None


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [match for line in lines if (match := PIN.fullmatch(line))]
    named: dict[str, Version] = {canonicalize_name(match["name"]): Version(match["version"]) for match in found}
    assert len(named) == len(found), "constraints.txt pins a package twice"
    return named


@pytest.fixture(scope="module")
def wheel(built_wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built_wheel) as archive:
        yield archive


def test_wheel_holds_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    expected = {f"lipcheck/{name}" for name in shipped_files(ROOT / "lipcheck")}
    assert "lipcheck/py.typed" in expected
    assert any(name.startswith("lipcheck/build/") for name in expected)
    assert expected <= set(wheel.namelist())


def test_wheel_holds_the_evidence(wheel: zipfile.ZipFile) -> None:
    proofs = shipped_files(ROOT / "proofs")
    assert proofs
    for name in sorted(proofs):
        assert wheel.read(f"lipcheck/_proofs/{name}") == (ROOT / "proofs" / name).read_bytes(), name
    assert ("lipcheck/_proofs/ledger.json" in wheel.namelist()) == (ROOT / "proofs" / "ledger.json").exists()


def test_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {re.sub(r"-.*\.dist-info", ".dist-info", top) for top in tops} == {"lipcheck", "lipcheck.dist-info"}


def test_sdist_can_test_and_rebuild_itself(unpacked_sdist: Path) -> None:
    expected = {"Makefile", "constraints.txt", "pyproject.toml", "README.md", "LICENSE", "CITATION.cff", ".ci/run"}
    expected |= {f"tests/{name}" for name in shipped_files(ROOT / "tests")}
    expected |= {f"proofs/{name}" for name in shipped_files(ROOT / "proofs")}
    assert expected <= shipped_files(unpacked_sdist)


def test_wheel_metadata(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_bytes(wheel.read(name))
    assert metadata["Name"] == "lipcheck"
    assert metadata["Version"] == runpy.run_path(str(ROOT / "lipcheck" / "_version.py"))["__version__"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    core = {line.split(">=")[0] for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line}
    assert core == {
        "cvc5",
        "highspy",
        "hypothesis",
        "markdown-it-py",
        "numpy",
        "python-flint",
        "rich",
        "scipy",
        "sympy",
        "threadpoolctl",
        "z3-solver",
    }
    assert set(metadata.get_all("Provides-Extra", [])) == {
        "all", "dev", "export", "notebooks", "peers", "plot", "sweep", "test", "torch"
    }  # fmt: skip


def test_entry_points_lead_to_shipped_modules(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt")]
    groups = configparser.ConfigParser()
    groups.read_string(wheel.read(name).decode())
    assert dict(groups["console_scripts"]) == {"lipcheck": "lipcheck.cli:main"}
    assert dict(groups["pytest11"]) == {"lipcheck": "lipcheck.pytest_plugin"}
    for group in groups.sections():
        for target in groups[group].values():
            path = target.split(":")[0].replace(".", "/")
            assert {f"{path}.py", f"{path}/__init__.py"} & set(wheel.namelist()), f"{target} is not in the wheel"


def test_requirements_are_lower_bounds() -> None:
    found = list(requirements())
    extras = project()["project"]["optional-dependencies"]
    assert {table for table, _ in found} == {"build-system", "dependencies", *extras}
    assert [fault for _, requirement in found if (fault := bound_fault(requirement))] == []


def test_extra_all_names_every_other_extra() -> None:
    extras = project()["project"]["optional-dependencies"]
    (requirement,) = map(Requirement, extras["all"])
    assert requirement.name == "lipcheck"
    # Other libraries' layers are audited where somebody has them; nothing here needs them.
    assert requirement.extras == set(extras) - {"all", "peers"}


@pytest.mark.parametrize("line", ["numpy", "numpy==2.0", "numpy>=2,<3", "numpy~=2.0", "numpy @ file:///wheels/numpy"])
def test_other_bounds_are_caught(line: str) -> None:
    assert bound_fault(Requirement(line)) is not None


def test_constraints_are_exact_and_portable() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [fault for line in lines if (fault := pin_fault(line))] == []
    assert pins()["torch"] >= Version("2.11")


def test_constraints_pin_every_direct_requirement_above_its_bound() -> None:
    pinned = pins()
    for table, requirement in requirements():
        if requirement.name != "lipcheck":
            name = canonicalize_name(requirement.name)
            assert name in pinned, f"constraints.txt does not pin {name} ({table})"
            assert requirement.specifier.contains(pinned[name]), f"{name}=={pinned[name]} violates {requirement}"


@pytest.mark.parametrize(
    "line",
    [
        "torch==2.13.0+cpu",
        "torch>=2.13",
        "numpy @ file:///wheels/numpy-2.0.whl",
        "--index-url https://example.org/simple",
        "-e .",
        "./numpy-2.0.whl",
        "numpy==2.0 ; python_version < '3.12'",
    ],
)
def test_other_constraints_are_caught(line: str) -> None:
    assert pin_fault(line) is not None


def test_repository_is_small() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this tree is not a git checkout")
    # The checkout may belong to another user than the one who runs the tests: reading its index is harmless.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = {ROOT / name for name in listed if name}
    assert ROOT / "pyproject.toml" in files
    size = sum(path.lstat().st_size for path in files if path.is_symlink() or path.is_file())
    assert size < SIZE_LIMIT, f"the repository holds {size} bytes; the limit is {SIZE_LIMIT}"


@pytest.fixture(scope="module")
def installed(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """An empty folder, and the environment in which the wheel, unpacked elsewhere, is the only lipcheck."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(built_wheel) as archive:
        archive.extractall(site)
    return tmp_path_factory.mktemp("empty"), {**os.environ, "PYTHONPATH": str(site)}


def run_installed(installed: tuple[Path, dict[str, str]], *arguments: str) -> str:
    folder, environment = installed
    command = [sys.executable, "-m", "lipcheck", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_wheel_comes_to_the_same_verdicts_from_an_empty_folder(installed: tuple[Path, dict[str, str]]) -> None:
    document = json.loads(run_installed(installed, "check", "--json", "-", "--quiet"))
    ledger = json.loads((ROOT / "proofs" / "ledger.json").read_text(encoding="utf-8"))["claims"]
    assert {r["claim"]: r["verdict"] for r in document["records"]} == {k: v["verdict"] for k, v in ledger.items()}
    assert not list(installed[0].iterdir()), "a check leaves nothing behind"


def test_the_wheel_replays_every_file(installed: tuple[Path, dict[str, str]]) -> None:
    ledger = json.loads((ROOT / "proofs" / "ledger.json").read_text(encoding="utf-8"))["claims"]
    files = [name for entry in ledger.values() for name in entry["files"] if name.endswith(".json")]
    # Formal theorems are Coq's to check, in test_formal.py.
    files = [name for name in files if not name.startswith("formal/")]
    shown = json.loads(run_installed(installed, "replay", "--json", "-", *files))["replays"]
    assert len(shown) == len(files) > 0
    assert all(entry["refused"] is None and entry["in_ledger"] for entry in shown)


def test_pytest_looks_into_every_folder_of_tests(pytestconfig: pytest.Config) -> None:
    skipped = pytestconfig.getini("norecursedirs")
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(folders) > 3
    assert not [str(f) for f in folders for part in f.parts if any(fnmatch.fnmatch(part, p) for p in skipped)]
