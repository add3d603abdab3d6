"""Tables of numbers: CSV with a header line, read exactly as written; the last column is the value."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lipcheck.cli.output import UsageError
from lipcheck.exact import Vector, shown
from lipcheck.words.rationals import DIGITS

_LEAST, _LIMIT = Fraction(1, 1 << 1074), Fraction(1 << 1024)


@dataclass(frozen=True)
class Table:
    """The names of the columns, and for every row the coordinates and the value."""

    names: tuple[str, ...]
    points: tuple[Vector, ...]
    values: tuple[Fraction, ...]


def read_table(path: Path) -> Table:
    """The table in a file; `UsageError` names the line and the cell that is no number.

    A cell is an integer, a decimal, with or without an exponent, or a fraction such as 1/3, in the range of float64.
    Empty lines are skipped.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path} is no text in UTF-8 ({problem.reason}): save it as CSV in UTF-8") from problem
    lines = csv.reader(text.splitlines())
    try:
        rows = [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise UsageError(f"{path}, line {lines.line_num}: {problem}: save it as CSV") from problem
    if not rows:
        raise UsageError(f"{path} is empty: give a header line and one line for each point")
    (_, header), *body = rows
    if all(read_number(cell) is not None for cell in header):
        raise UsageError(f"{path} starts with numbers: put a header line first, with a name for every column")
    if len(header) < 2:
        raise UsageError(f"{path} has one column: give at least one coordinate, and the value in the last column")
    if not body:
        raise UsageError(f"{path} has a header but no data: give one line for each point")
    parsed = [_parsed(path, line, row, header) for line, row in body]
    return Table(tuple(name.strip() for name in header), tuple(p[:-1] for p in parsed), tuple(p[-1] for p in parsed))


def _parsed(path: Path, line: int, row: list[str], header: list[str]) -> Vector:
    if len(row) != len(header):
        raise UsageError(f"{path}, line {line}: {len(row)} cells where the header has {len(header)}: give as many")
    numbers = [read_number(cell) for cell in row]
    for name, cell, number in zip(header, row, numbers, strict=True):
        if number is None:
            raise UsageError(f"{path}, line {line}, {name.strip()}: {cell.strip()!r} is no finite number: correct it")
        if number and not _LEAST <= abs(number) < _LIMIT:
            raise UsageError(f"{path}, line {line}, {name.strip()}: {shown(cell.strip())} is beyond float64: scale it")
    return tuple(number for number in numbers if number is not None)


def read_number(cell: str) -> Fraction | None:
    """The exact number that a text spells, up to 4,000 characters and exponents of four digits; None for others."""
    text = cell.strip()
    _, _, exponent = text.lower().partition("e")
    if len(text) > DIGITS or (exponent.lstrip("+-").isdecimal() and len(exponent) > 5):
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
