"""Exact numbers in sentences: short ones as they are, long ones as decimals."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction

from lipcheck.exact import Vector
from lipcheck.norms import Exponent

_DECIMAL = decimal.Context(prec=17)


def spelled_point(point: Vector) -> str:
    """The first six coordinates, in brackets."""
    text = ", ".join(map(spelled, point[:6]))
    return f"({text}{', ...' if len(point) > 6 else ''})"


def spelled(value: Fraction) -> str:
    """The number, or its nearest decimal of seventeen digits."""
    return str(value) if _is_short(value, 24) else str(_DECIMAL.divide(value.numerator, value.denominator))


def _is_short(value: Fraction, digits: int) -> bool:
    # Python refuses to spell integers of thousands of digits.
    return max(abs(value.numerator), value.denominator).bit_length() < 4 * digits and len(str(value)) <= digits


def spelled_exponent(p: Exponent) -> str:
    """The exponent of a norm, "inf" for infinity."""
    return "inf" if p == math.inf else str(p)


def upward(value: Fraction) -> str:
    """The number, or a decimal of at most eighteen digits that is not below it."""
    if _is_short(value, 18):
        return str(value)
    return str(decimal.Context(prec=18, rounding=decimal.ROUND_CEILING).divide(value.numerator, value.denominator))
