"""The one-way flow: a module imports only from its own floor and from lower ones, and the light parts stay light."""

from __future__ import annotations

import ast
import functools
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lipcheck"

# The part of a module is its dotted name's second word: lipcheck.<part>...; "" is lipcheck itself.
FLOORS: dict[str, int] = {
    "_version": 0, "words": 0,
    "algebra": 1, "exact": 1, "graph*": 1, "layers": 1, "network*": 1, "norms*": 1, "readings": 1,
    "nn": 2, "build": 2, "bounds": 2,
    "claims": 3, "engines": 3, "replay": 3,
    "judge*": 4, "registry": 4, "sharpening": 4,
    "": 5, "__main__": 5, "audit*": 5, "cli*": 5, "experiments": 5, "notebook": 5, "pytest_plugin": 5, "render*": 5,
    "schema": 5, "sweep": 5, "testing*": 5,
}  # fmt: skip
STRANGERS = {("claims", "engines"), ("engines", "claims"), ("replay", "engines")}
HEAVY = {
    "cvc5", "cvxpy", "dask", "distributed", "flint", "highspy", "hypothesis", "joblib", "matplotlib", "numpy", "onnx",
    "ot", "rich", "safetensors", "scipy", "sympy", "torch", "z3",
}  # fmt: skip
SOLVERS = {"cvc5", "cvxpy", "highspy", "hypothesis", "ot", "scipy", "torch", "z3"}
LIGHT_PARTS = {"words", "claims", ""}


class Import(NamedTuple):
    """One import: the module asked for, the line, and whether it runs when the importing module is imported."""

    target: str
    line: int
    eager: bool


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def floor(module: str) -> int:
    found = [height for pattern, height in FLOORS.items() if fnmatchcase(part(module), pattern)]
    assert len(found) == 1, f"{module} stands on no floor, or on several: name its part once in FLOORS"
    return found[0]


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _statements(node: ast.AST, eager: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Walk below `node`, saying of each descendant whether it runs at import time."""
    for name, value in ast.iter_fields(node):
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and name == "body"
        lazy |= isinstance(node, ast.If) and name == "body" and _is_type_checking(node.test)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child, eager and not lazy
                yield from _statements(child, eager and not lazy)


def imports(source: str, module: str, is_package: bool, known: frozenset[str]) -> list[Import]:
    """List every import in `source`, relative ones resolved; `from a import b` asks for a.b where that is a module."""
    found = []
    for node, eager in _statements(ast.parse(source), True):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno, eager) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                words = module.split(".")
                words = words[: len(words) - node.level + is_package]
                base = ".".join([*words, base] if base else words)
            names = [f"{base}.{alias.name}" for alias in node.names]
            found += [Import(name if name in known else base, node.lineno, eager) for name in names]
        elif isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func).split(".")[-1]
            argument = node.args[0]
            if called in {"import_module", "__import__"} and isinstance(argument, ast.Constant):
                found.append(Import(str(argument.value), node.lineno, eager))
    return found


def floor_faults(graph: Mapping[str, list[Import]]) -> list[str]:
    """Every import that climbs to a higher floor or joins two parts that must stay strangers."""
    faults = []
    for module, found in graph.items():
        for target, line, _ in found:
            if target.split(".")[0] != "lipcheck":
                if part(module) == "replay" and target.split(".")[0] in SOLVERS:
                    faults.append(f"{module}:{line} imports {target}: the trusted checker uses no solver and no torch")
            elif floor(target) > floor(module):
                faults.append(f"{module}:{line} (floor {floor(module)}) imports {target} (floor {floor(target)})")
            elif (part(module), part(target)) in STRANGERS:
                faults.append(f"{module}:{line} imports {target}: {part(module)} never imports {part(target)}")
    return faults


def weight_faults(graph: Mapping[str, list[Import]]) -> list[str]:
    """Every light module whose import loads a heavy library, directly or through other modules of the package."""
    faults = []
    for start in (module for module in graph if part(module) in LIGHT_PARTS):
        chains, seen = [[start]], {start}
        while chains:
            chain = chains.pop()
            for target, _, eager in graph[chain[-1]]:
                words = target.split(".")
                # Importing a.b.c runs a, a.b and a.b.c.
                for name in (".".join(words[: count + 1]) for count in range(len(words))) if eager else ():
                    if name in HEAVY:
                        faults.append(" -> ".join([*chain, name]))
                    elif name in graph and name not in seen:
                        seen.add(name)
                        chains.append([*chain, name])
    return faults


def read_graph(sources: Mapping[str, str], packages: frozenset[str]) -> dict[str, list[Import]]:
    known = frozenset(sources)
    return {name: imports(text, name, name in packages, known) for name, text in sources.items()}


@functools.cache
def package_graph() -> dict[str, list[Import]]:
    sources, packages = {}, set()
    for path in sorted(PACKAGE.rglob("*.py")):
        words = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(words[:-1] if words[-1] == "__init__" else words)
        sources[name] = path.read_text(encoding="utf-8")
        if words[-1] == "__init__":
            packages.add(name)
    return read_graph(sources, frozenset(packages))


def test_every_module_has_a_floor() -> None:
    graph = package_graph()
    assert {floor(module) for module in graph} == {0, 1, 2, 3, 4, 5}


def test_imports_go_down() -> None:
    assert floor_faults(package_graph()) == []


def test_light_modules_load_no_heavy_library() -> None:
    assert weight_faults(package_graph()) == []


def fresh_import(module: str) -> tuple[float, set[str]]:
    """Import `module` in a new interpreter: the seconds that takes, and the top-level packages that it loads."""
    child = (
        "import json, sys, time; before = set(sys.modules); start = time.perf_counter(); __import__(sys.argv[1]);"
        "spent = time.perf_counter() - start; print(json.dumps([spent, sorted(set(sys.modules) - before)]))"
    )
    command = [sys.executable, "-c", child, module]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"import {module} fails:\n{done.stderr}"
    spent, loaded = json.loads(done.stdout)
    return spent, {name.split(".")[0] for name in loaded}


def test_import_lipcheck_is_quick() -> None:
    runs = [fresh_import("lipcheck") for _ in range(3)]
    assert all("lipcheck" in loaded and not loaded & HEAVY for _, loaded in runs)
    assert min(spent for spent, _ in runs) < 0.2


@pytest.mark.parametrize("face", ["lipcheck.pytest_plugin", "lipcheck.cli"])
def test_faces_start_without_torch(face: str) -> None:
    _, loaded = fresh_import(face)
    assert "lipcheck" in loaded
    assert not loaded & {"torch", "ot", "cvxpy"}


def plant(module: str, source: str) -> dict[str, list[Import]]:
    """A small sound package with one more module in it."""
    sources = {
        "lipcheck": "def check(name):\n    from lipcheck import judge\n    return judge.check(name)\n",
        "lipcheck.words": "",
        "lipcheck.words.claim": "from fractions import Fraction\n",
        "lipcheck.network": "from .words import claim\n",
        "lipcheck.readings": "",
        "lipcheck.readings.tensor": "import torch\n",
        "lipcheck.build": "from lipcheck import network\n",
        "lipcheck.claims": "from ..words.claim import Fraction\n",
        "lipcheck.engines": "import lipcheck.words.claim\nimport z3\n",
        "lipcheck.replay": "from lipcheck import claims\n",
        "lipcheck.judge": "from lipcheck import claims, engines, replay\n",
        "lipcheck.cli": "from lipcheck.judge import check\nimport rich\n",
        module: source,
    }
    packages = {"lipcheck", *(name.rpartition(".")[0] for name in sources), "lipcheck.claims", "lipcheck.engines"}
    return read_graph(sources, frozenset(packages - {""}))


def test_sound_package_passes() -> None:
    graph = plant("lipcheck.claims.sound", "def build():\n    import torch\n    from ..readings import tensor\n")
    assert floor_faults(graph) == []
    assert weight_faults(graph) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lipcheck.words.planted", "from lipcheck.network import Network\n"),
        ("lipcheck.words.planted", "from .. import network\n"),
        ("lipcheck.words.planted", "from lipcheck import check\n"),
        ("lipcheck.network", "def build():\n    from .build import lattice\n"),
        ("lipcheck.readings.planted", "import importlib\nimportlib.import_module('lipcheck.build')\n"),
        ("lipcheck.build", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .claims import Claim\n"),
        ("lipcheck.claims.planted", "from ..engines import smt\n"),
        ("lipcheck.claims.planted", "def build():\n    import lipcheck.engines.smt\n"),
        ("lipcheck.engines.planted", "from lipcheck import claims\n"),
        ("lipcheck.replay", "from .engines import smt\n"),
        ("lipcheck.replay", "def check():\n    import z3\n"),
        ("lipcheck.judge", "from lipcheck.cli import main\n"),
    ],
)
def test_planted_climb_is_caught(module: str, source: str) -> None:
    (fault,) = floor_faults(plant(module, source))
    assert fault.startswith(f"{module}:")


@pytest.mark.parametrize(
    ("module", "source", "chain"),
    [
        ("lipcheck.words.planted", "import numpy as np\n", "lipcheck.words.planted -> numpy"),
        ("lipcheck.claims.planted", "from torch.nn import Module\n", "lipcheck.claims.planted -> torch"),
        ("lipcheck.claims.planted", "class A:\n    import z3\n", "lipcheck.claims.planted -> z3"),
        ("lipcheck.claims.planted", "def f(x=__import__('ot')):\n    pass\n", "lipcheck.claims.planted -> ot"),
        ("lipcheck", "try:\n    import scipy.optimize\nexcept ImportError:\n    raise\n", "lipcheck -> scipy"),
        (
            "lipcheck.claims.planted",
            "from lipcheck.readings import tensor\n",
            "lipcheck.claims.planted -> lipcheck.readings.tensor -> torch",
        ),
    ],
)
def test_planted_weight_is_caught(module: str, source: str, chain: str) -> None:
    assert chain in weight_faults(plant(module, source))


def test_unknown_part_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"lipcheck\.attic stands on no floor"):
        floor_faults(plant("lipcheck.words.planted", "import lipcheck.attic\n"))
