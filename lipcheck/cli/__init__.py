"""The command `lipcheck`. Results go to stdout, progress and errors to stderr.

Exit status: 0 everything as expected; 1 a verdict or a mutant not as expected, an error, evidence that is refused, or
output that nobody reads; 2 wrong use; 130 interrupted, with the finished records kept and printed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lipcheck.cli.output import INTERRUPTED
from lipcheck.words.errors import LipcheckError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; wrong options end in `SystemExit` with status 2."""
    # A stream that the caller has closed is None.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        from lipcheck.cli.options import parser

        options = parser().parse_args(argv)
        status = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes stdout once more when it ends, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("lipcheck: interrupted", file=sys.stderr)
        return INTERRUPTED
    except LipcheckError as error:
        print(f"lipcheck: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"lipcheck: {error.filename or 'the output'} cannot be used ({error.strerror or error})", file=sys.stderr)
        return 2
    return status
