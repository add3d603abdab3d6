"""Consoles and JSON, for all commands."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lipcheck.words.errors import LipcheckError
from lipcheck.words.evidence import write_json

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 120
INTERRUPTED = 130
"""The exit status after Ctrl-C, as of shells: 128 and the number of the signal."""


class UsageError(LipcheckError, ValueError):
    """A command line that cannot be carried out."""


def console(stderr: bool = False) -> Console:
    """A console on stdout or stderr; where it is no terminal, as wide as COLUMNS says, else 120."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    given = os.environ.get("COLUMNS", "")
    width = None if stream.isatty() else int(given) if given.isdecimal() and int(given) else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def write(data: Any, where: str) -> None:
    """Write JSON to a file, atomically, or to stdout for "-"; raises `UsageError` for a path that takes none."""
    if where == "-":
        print(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False))
        return
    try:
        write_json(Path(where), data)
    except OSError as error:
        raise UsageError(f"{where} cannot be written ({error.strerror or error}): name a file with --json") from error
