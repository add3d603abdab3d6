"""Exact numbers and their one spelling in files."""

from __future__ import annotations

import hashlib
import json
import math
import re
from fractions import Fraction
from typing import Any

from lipcheck.words.errors import LipcheckError

_SPELLING = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?")


DIGITS = 4000


class NumberError(LipcheckError, ValueError):
    """A text that does not spell an exact number."""


def spell(value: Fraction | int) -> str:
    """The text "p/q" in lowest terms, or "p" for an integer."""
    return str(Fraction(value))


def readable(value: Fraction) -> bool:
    """Whether the number is surely short enough for `parse`; `spell` itself fails far beyond that."""
    # A number of b bits has at most b log10(2) + 1 digits; sign and slash come on top.
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    return bits * Fraction("0.30103") + 4 <= DIGITS


def parse(text: object) -> Fraction:
    """The number that `spell` wrote; anything else, floats and "2/4" included, raises `NumberError`."""
    if isinstance(text, str) and len(text) > DIGITS:
        raise NumberError(f"a number of {len(text)} digits exceeds the {DIGITS} that evidence may hold: shorten it")
    if isinstance(text, str) and _SPELLING.fullmatch(text):
        value = Fraction(text)
        if spell(value) == text:
            return value
    raise NumberError(f"{text!r} is not an exact number: write an integer or a fraction in lowest terms, as in '-3/4'")


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The number of least denominator, then of least size, in the closed interval (Stern and Brocot)."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest_between(-high, -low)
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    return below + 1 / simplest_between(1 / (high - below), 1 / (low - below))


def canonical(data: Any) -> bytes:
    """JSON bytes that depend on the data alone: sorted keys, no spaces, no NaN or infinity."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON bytes, in hexadecimal."""
    return hashlib.sha256(canonical(data)).hexdigest()
