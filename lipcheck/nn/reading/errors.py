"""What is said where nothing can be read."""

from __future__ import annotations

from lipcheck.words.errors import LipcheckError


class ReadingError(LipcheckError, ValueError):
    """A module or a file that cannot be read as a graph: no upper bound on it is possible.

    `runs`: the module runs on inputs of its shape, so that a violation can still be searched for.
    """

    def __init__(self, message: str, *, runs: bool = False) -> None:
        super().__init__(message)
        self.runs = runs
