"""Coq in a process that can be killed: theories compiled afresh in a folder of their own, and what Coq prints of them.

Nothing is taken from the folder of the sources but their text, so that an object file there, stale or forged, is
never read. The questions stand in a separate file that imports no theory, so that a theory cannot change how its
statements are printed and every name of a theory comes out with the theory before it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lipcheck.engines.formal_scan import FormalError, Outline

SECONDS = 120.0
INSTALL = "apt-get install coq"
ROOT = "Lipcheck"


class NoCoq(FormalError):
    """Coq is not installed here, or did not answer in time."""


@dataclass(frozen=True)
class Printed:
    """What Coq prints of one theory: its definitions, its theorems' statements, and the axioms behind all of these."""

    definitions: Mapping[str, str]
    statements: Mapping[str, str]
    axioms: tuple[str, ...]


def version(command: str = "coqc") -> str:
    """The version of the installed Coq; raises `NoCoq` with the reason where there is none."""
    if shutil.which(command) is None:
        raise NoCoq(f"{command} is not installed: {INSTALL}")
    words = _run([command, "--print-version"], Path("/"), 20.0).split()
    if not words:
        raise NoCoq(f"{command} does not tell its version: {INSTALL}")
    return words[0]


def printed(
    sources: Mapping[str, str], outlines: Mapping[str, Outline], seconds: float = SECONDS, command: str = "coqc"
) -> dict[str, Printed]:
    """Compile the theories, given so that each comes after those it imports, and ask Coq for all that it knows of them.

    Raises `FormalError` for a theory that does not compile.
    """
    version(command)
    with tempfile.TemporaryDirectory(prefix="lipcheck-coq-") as name:
        folder = Path(name)
        found = {}
        for theory, source in sources.items():
            (folder / f"{theory}.v").write_text(source, encoding="ascii")
            _compile(folder, theory, seconds, command)
            question = f"ask_{theory}"
            (folder / f"{question}.v").write_text(_questions(theory, outlines[theory]), encoding="ascii")
            _compile(folder, question, seconds, command)
            found[theory] = _answers(folder, theory, outlines[theory])
    return found


def _compile(folder: Path, theory: str, seconds: float, command: str) -> None:
    _run([command, "-q", "-w", "none", "-Q", ".", ROOT, f"{theory}.v"], folder, seconds)


def _run(command: Sequence[str], folder: Path, seconds: float) -> str:
    """The output of a command that succeeds. Its process group is killed when the time is over."""
    clean = {k: v for k, v in os.environ.items() if k not in ("COQPATH", "COQLIB", "COQCORELIB", "COQBIN")}
    process = subprocess.Popen(command, cwd=folder, env=clean | {"HOME": str(folder)}, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, start_new_session=True)  # fmt: skip
    try:
        out, errors = process.communicate(timeout=seconds)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise NoCoq(f"{command[-1]}: no answer from Coq within {seconds:g} s") from error
        raise
    if process.returncode:
        raise FormalError(f"Coq refuses {command[-1]}: {' '.join(errors.split())[:300]}")
    return out


def _questions(theory: str, outline: Outline) -> str:
    lines = [f"From Coq Require Import {library}." for library in outline.libraries]
    lines += [f"From {ROOT} Require {name}." for name in [*outline.theories, theory]]
    lines += [f"Open Scope {scope}." for scope in outline.scopes]
    lines += ["Set Printing Width 100.", "Set Printing Depth 10000."]
    for number, name in enumerate(outline.definitions):
        lines.append(f'Redirect "definition_{theory}_{number}" Print {theory}.{name}.')
    for number, name in enumerate(outline.theorems):
        lines.append(f'Redirect "statement_{theory}_{number}" Check @{theory}.{name}.')
    # One question about all of them: Coq goes through the real numbers once and not once for each.
    proofs = ", ".join(f"@{theory}.{name}" for name in outline.theorems)
    lines += [f"Definition all_of_them := ({proofs}).", f'Redirect "axioms_{theory}" Print Assumptions all_of_them.']
    return "\n".join(lines) + "\n"


def _answers(folder: Path, theory: str, outline: Outline) -> Printed:
    def read(kind: str) -> str:
        return (folder / f"{kind}.out").read_text(encoding="utf-8").rstrip()

    definitions = {f"{theory}.{name}": read(f"definition_{theory}_{i}") for i, name in enumerate(outline.definitions)}
    statements = {f"{theory}.{name}": read(f"statement_{theory}_{i}") for i, name in enumerate(outline.theorems)}
    if unclear := [name for name, text in (definitions | statements).items() if f"{ROOT}." in text]:
        raise FormalError(f"{unclear[0]} speaks of a name that two theories share: rename one of them")
    return Printed(
        {name: _definition(text) for name, text in definitions.items()},
        {name: _statement(text) for name, text in statements.items()},
        axioms(read(f"axioms_{theory}")),
    )


def _definition(text: str) -> str:
    """The definition without the notes on how its arguments are read."""
    body = text.partition("\n\nArguments ")[0]
    return "\n".join(line.rstrip() for line in body.splitlines())


def _statement(text: str) -> str:
    """The statement after "name : ", moved to column 0."""
    name, colon, statement = text.partition(":")
    if not colon or len(name.split()) != 1:
        raise FormalError(f"Coq prints {text[:60]!r} where a statement was asked for")
    lines = statement.strip("\n").splitlines()
    indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    cut = min(indents, default=0)
    return "\n".join([lines[0].strip(), *(line[cut:].rstrip() for line in lines[1:])])


def axioms(text: str) -> tuple[str, ...]:
    """The axioms that `Print Assumptions` lists, each as "name : type"; anything else that it says stands there too."""
    if text == "Closed under the global context":
        return ()
    head, _, rest = text.partition("\n")
    if head != "Axioms:":
        return (" ".join(text.split()),)
    entries = re.split(r"\n(?=\S)", rest)
    return tuple(" ".join(entry.split()) for entry in entries)
