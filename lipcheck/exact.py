"""Exact numbers from what users hold: ints, Fractions, floats, strings, arrays, tensors."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from numbers import Rational
from typing import TypeAlias

from lipcheck.words.errors import LipcheckError

Vector: TypeAlias = tuple[Fraction, ...]
Matrix: TypeAlias = tuple[tuple[Fraction, ...], ...]

_NUMERAL = re.compile(r"[+-]?[0-9]+(/[0-9]+|\.[0-9]+)?")
_REMEDY = "use an int, a Fraction, a finite float or a string 'p/q'"


class NetworkError(LipcheckError, ValueError):
    """A network, a layer or an input that cannot be what it was meant to be."""


def exact(value: object, name: str = "value") -> Fraction:
    """The rational number that `value` is; a float stands for its exact binary value.

    Raises NetworkError for NaN, infinities, None, booleans and everything that is not a number.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bool):
        raise NetworkError(f"{name} is the boolean {value}, not a number: {_REMEDY}.")
    if isinstance(value, Fraction):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NetworkError(f"{name} is {value}, which is not finite: {_REMEDY}.")
        return Fraction(value)
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        try:
            return Fraction(value)
        except (ZeroDivisionError, ValueError) as problem:
            raise NetworkError(f"{name} is {value[:40]!r}, not a rational number ({problem}): {_REMEDY}.") from problem
    raise NetworkError(f"{name} is {shown(value)}, not a rational number: {_REMEDY}.")


def vector(values: object, name: str = "vector") -> Vector:
    """A tuple of exact numbers from a sequence, an array or a tensor of one axis."""
    return tuple(exact(value, f"{name}[{i}]") for i, value in enumerate(items(values, name)))


def matrix(values: object, name: str = "matrix") -> Matrix:
    """A tuple of rows of equal, positive length from nested sequences, an array or a tensor of two axes."""
    rows = tuple(vector(row, f"{name}[{i}]") for i, row in enumerate(items(values, name)))
    if not rows or not rows[0]:
        raise NetworkError(f"{name} is empty: give at least one row and one column.")
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise NetworkError(
                f"{name} is ragged: row {i} has {len(row)} entries but row 0 has {len(rows[0])}; "
                "make all rows equally long."
            )
    return rows


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """The inner product of two sequences of equal length."""
    return sum((p * q for p, q in zip(a, b, strict=True) if p and q), Fraction(0))


def items(values: object, name: str) -> Sequence[object]:
    """A list or tuple as it is, an array or tensor as nested lists; NetworkError for anything else."""
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, list | tuple):
        return values
    raise NetworkError(f"{name} is {shown(values)}, not a sequence: give a list, a tuple, an array or a tensor.")


def shown(value: object) -> str:
    """The value as an error message shows it: at most 60 characters."""
    try:
        text = repr(value)
    except ValueError:
        # Python spells no integers of more than some thousand digits.
        return f"a {type(value).__name__} with too many digits to print"
    return text if len(text) <= 60 else text[:57] + "..."
