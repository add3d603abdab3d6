"""How much memory a construction needs, asked before it starts."""

from __future__ import annotations

from lipcheck.words.errors import LipcheckError

MEMORY = 1 << 31
"""Bytes that a construction may take where nothing else is said: 2 GiB."""

_BYTES_PER_NUMBER = 160
"""A rational number in a tuple, its two whole numbers included, and its float64."""


class MemoryNeeded(LipcheckError, MemoryError):
    """A construction that is larger than the memory asked for."""


def needed(rows: int, n: int) -> int:
    """About how many bytes `rows` vectors of n numbers and one more take."""
    return rows * (n + 1) * _BYTES_PER_NUMBER


def require(rows: int, n: int, memory: int, what: str) -> None:
    """Raise MemoryNeeded, with the size in the message, unless the vectors fit."""
    size = needed(rows, n)
    if size > memory:
        raise MemoryNeeded(
            f"{what} needs about {_count(rows)} vectors of {n + 1} numbers, {_count(size)} bytes, but memory is "
            f"{_count(memory)}: ask for less accuracy, or raise memory."
        )


def _count(number: int) -> str:
    if number < 10**12:
        return f"{number:,}"
    digits = str(number)
    return f"{digits[0]}.{digits[1:3]}e{len(digits) - 1}"
