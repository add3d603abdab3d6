"""`lipcheck supports`: what can be read, built and asked here, found out without importing any large library."""

from __future__ import annotations

import argparse
import ast
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

from lipcheck import layers
from lipcheck._version import __version__
from lipcheck.cli.output import console, write
from lipcheck.render import render_sections
from lipcheck.words import obligation
from lipcheck.words.verdict import Budget, EvidenceKind, Grade, Verdict

READINGS = {
    "rational": "",
    "ball": "python-flint",
    "symbolic": "sympy",
    "smt": "",
    "tensor": "torch",
}
NORMS = (
    "1",
    "2",
    "inf",
    "p -> q, exact for p = 1 or q = inf, inf -> 1 by enumeration up to 20 columns, else bracketed",
)
OBLIGATIONS = (obligation.Forall, obligation.Exhaustive, obligation.Positive, obligation.Exists, obligation.Universal)
LIBRARIES = (
    "cvc5", "hypothesis", "numpy", "python-flint", "rich", "scipy", "sympy", "threadpoolctl", "z3-solver", "torch",
    "safetensors", "onnx", "onnxruntime", "matplotlib", "joblib", "dask", "distributed",
    "pytest", "pytest-xdist", "jsonschema",
)  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print what is supported."""
    data = supported()
    if options.json is not None:
        write(data, options.json)
    if options.json != "-":
        render_sections(list(sections(data)), console())
    return 0


def supported() -> dict[str, Any]:
    """Layers, readings, norms, engines, kinds of obligation and evidence, and the versions of libraries."""
    return {
        "schema": 1,
        "lipcheck": __version__,
        "python": platform.python_version(),
        "layers": sorted(layers.KINDS),
        "elementwise": list(layers.ELEMENTWISE),
        "readings": {name: {"needs": needs or None, "installed": not needs or installed(needs) is not None}
                     for name, needs in READINGS.items()},
        "norms": list(NORMS),
        "engines": modules("lipcheck.engines"),
        "constructions": modules("lipcheck.build"),
        "obligations": {kind.__name__: first_sentence(kind.__doc__) for kind in OBLIGATIONS},
        "evidence": [str(kind) for kind in EvidenceKind],
        "verdicts": [str(verdict) for verdict in Verdict],
        "grades": [str(grade) for grade in Grade],
        "budgets": [str(budget) for budget in Budget],
        "libraries": {name: installed(name) for name in LIBRARIES},
    }  # fmt: skip


def installed(distribution: str) -> str | None:
    """The version of an installed distribution, or None."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def modules(package: str) -> dict[str, str]:
    """Each module of a package with the first sentence of its file, which is read and not imported."""
    found = {}
    for file in sorted(files(package).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".py") and not file.name.startswith("_"):
            text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
            found[file.name.removesuffix(".py")] = first_sentence(text)
    return found


def first_sentence(text: str | None) -> str:
    """The first sentence of a docstring, in one line."""
    paragraph = " ".join((text or "").strip().partition("\n\n")[0].split())
    return re.split(r"(?<=\.)(?<! al\.) ", paragraph, maxsplit=1)[0]


def sections(data: dict[str, Any]) -> list[tuple[str, str]]:
    """The same as (heading, text) pairs."""
    lines = [("lipcheck", f"{data['lipcheck']} on Python {data['python']}")]
    lines += [("layers", ", ".join(data["layers"])), ("elementwise", ", ".join(data["elementwise"]))]
    for name, reading in data["readings"].items():
        missing = "" if reading["installed"] else ", which is not installed"
        lines.append(("reading", f"{name}: {reading['needs'] or 'standard library'}{missing}"))
    lines += [("norm", norm) for norm in data["norms"]]
    lines += [("engine", f"{name}: {words}") for name, words in data["engines"].items()]
    lines += [("construction", f"{name}: {words}") for name, words in data["constructions"].items()]
    lines += [("obligation", f"{name}: {words}") for name, words in data["obligations"].items()]
    lines += [(heading, ", ".join(data[heading])) for heading in ("evidence", "verdicts", "grades", "budgets")]
    return lines + [("library", f"{name} {number or 'not installed'}") for name, number in data["libraries"].items()]
