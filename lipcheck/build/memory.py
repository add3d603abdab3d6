"""How much memory a construction needs, asked before it starts."""

from __future__ import annotations

from decimal import Decimal

from lipcheck.exact import shown
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
    if size > _bytes(memory):
        raise MemoryNeeded(
            f"{what} needs about {_count(rows)} vectors of {n + 1} numbers, {_count(size)} bytes, but memory is "
            f"{_count(memory)}: ask for less accuracy, or raise memory."
        )


def require_pairs(count: int, memory: int, what: str) -> None:
    """Raise MemoryNeeded unless a byte for every pair of `count` things fits."""
    if count**2 > _bytes(memory):
        raise MemoryNeeded(
            f"{what} needs a byte for every pair of {_count(count)} points, {_count(count**2)} bytes, but memory is "
            f"{_count(memory)}: give fewer points, or raise memory."
        )


def _bytes(memory: object) -> int:
    if not isinstance(memory, int) or isinstance(memory, bool):
        raise MemoryNeeded(f"memory is {shown(memory)}: give a whole number of bytes.")
    return memory


def _count(number: int) -> str:
    if number < 10**12:
        return f"{number:,}"
    # Python refuses to spell integers of thousands of digits.
    return f"{Decimal(number):.2e}"
