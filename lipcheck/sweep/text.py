"""The program's text: a hash that changes with every file that a law's margins can depend on.

These are the files of the package, those given by path, and the modules that define the law or register it, with
everything that these import, and so on. The standard library and installed packages are left out, for nobody edits
them between two runs (torch is in the plan by its version), save the package that the law itself comes from.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType

from lipcheck.registry import ENTRY_POINTS, claims_of
from lipcheck.sweep.plan import Asked

PACKAGE = Path(__file__).resolve().parents[1]
INSTALLED = tuple({str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "purelib", "platlib")})


@lru_cache(maxsize=16)
def code(asked: Asked) -> str:
    """SHA-256 of the text; places of files do not matter, so it is the same on every machine."""
    found = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        found.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    for own in sorted(hashlib.sha256(file.read_bytes()).digest() for file in law_files(asked)):
        found.update(own)
    return found.hexdigest()


def law_files(asked: Asked) -> set[Path]:
    """The files outside this package that the law is defined in, or uses."""
    law = asked.law()
    functions = [_plain(function) for function in (law.margin, law.exact_margin, law.admits)]
    # A constant of the law may stand in the module that registers it.
    queue, seen = [*(getattr(f, "__module__", "") for f in functions), *_registering(asked.claim)], set[str]()
    tops = {name.partition(".")[0] for name in queue}
    found = {Path(file).resolve() for file in asked.files}
    # The functions' code says where they come from even where two files share a module's name.
    found |= {Path(f.__code__.co_filename).resolve() for f in functions if hasattr(f, "__code__")}
    queue += [n for n, m in list(sys.modules.items()) if getattr(m, "__file__", None) and _file(m) in found]
    while queue:
        name = queue.pop()
        module = sys.modules.get(name)
        if name in seen or module is None or not getattr(module, "__file__", None):
            continue
        seen.add(name)
        file = _file(module)
        foreign = str(file).startswith(INSTALLED) and name.partition(".")[0] not in tops
        if file.suffix == ".py" and not foreign and PACKAGE not in file.parents:
            found.add(file)
            queue += _imported(module)
    return {file for file in found if PACKAGE not in file.parents}


def _registering(claim: str) -> list[str]:
    modules = [entry.module for entry in entry_points(group=ENTRY_POINTS) if entry.module in sys.modules]
    return [name for name in modules if any(one.id == claim for one in claims_of(sys.modules[name]))]


def _plain(function: object) -> object:
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _file(module: ModuleType) -> Path:
    return Path(str(module.__file__)).resolve()


def _imported(module: ModuleType) -> Iterator[str]:
    """The modules that a module's file imports when it is loaded, those inside functions left out."""
    for statement in _statements(ast.parse(_file(module).read_bytes()).body):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        else:
            name = "." * statement.level + (statement.module or "")
            base = resolve_name(name, module.__package__ or None)
            yield from (base, *(f"{base}.{alias.name}" for alias in statement.names))


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        elif isinstance(statement, ast.Try):
            yield from _statements([*statement.body, *statement.orelse, *statement.finalbody])
            yield from _statements([inner for handler in statement.handlers for inner in handler.body])
        elif isinstance(statement, ast.If) and "TYPE_CHECKING" not in ast.unparse(statement.test):
            yield from _statements([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.With | ast.For):
            yield from _statements(statement.body)
