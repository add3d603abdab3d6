"""Exact Euclidean geometry of the plane over Q and over Q(sqrt 3): pieces of lines, and distances with a sign.

A distance is the root of a number of the field, seldom itself in it. Kept as sign and square
it can be compared exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from lipcheck.build.surds import Surd, SurdError, checked_bits
from lipcheck.norms.bracket import root

N = TypeVar("N", Fraction, Surd)


@dataclass(frozen=True)
class Stretch(Generic[N]):
    """The points origin + t direction for start <= t <= end; None is an infinite end. The direction is not zero."""

    origin: tuple[N, N]
    direction: tuple[N, N]
    start: Fraction | None = Fraction(0)
    end: Fraction | None = Fraction(1)

    def squared_distance(self, point: tuple[N, N]) -> N:
        """The exact square of the Euclidean distance from the point."""
        (ox, oy), (dx, dy), (x, y) = self.origin, self.direction, point
        wx, wy = x - ox, y - oy
        t = (wx * dx + wy * dy) / (dx * dx + dy * dy)
        if self.start is not None and t < self.start:
            t = t * 0 + self.start
        if self.end is not None and t > self.end:
            t = t * 0 + self.end
        wx, wy = wx - t * dx, wy - t * dy
        return wx * wx + wy * wy


@dataclass(frozen=True)
class SignedRoot(Generic[N]):
    """sign * sqrt(square), the form that signed distances have; sign is -1, 0 or 1, and 0 exactly where square is.

    Raises SurdError for anything else.
    """

    sign: int
    square: N

    def __post_init__(self) -> None:
        """Refuse what is no signed root."""
        square = self.square
        if not isinstance(square, Fraction | Surd) or square < 0 or self.sign not in ((-1, 1) if square else (0,)):
            raise SurdError(f"The sign {self.sign!r} and the square {square} make no root: give -1, 1, or 0 for 0.")

    def enclosure(self, bits: int = 60) -> tuple[Fraction, Fraction]:
        """(lower, upper) around the value, 2^-bits of it apart at most; SurdError for bits < 1."""
        checked_bits(bits)
        if not self.sign:
            return Fraction(0), Fraction(0)
        low, high = _ends(self.square, bits + 1)
        width = Fraction(1, 1 << bits + 2)
        lower, upper = root(low, 2, width).lower, root(high, 2, width).upper
        return (lower, upper) if self.sign > 0 else (-upper, -lower)

    def __float__(self) -> float:
        """The value within a relative 2^-52, among the normal floats; OverflowError beyond them."""
        return float(self.enclosure()[0])

    def is_within(self, square: N, other: SignedRoot[N]) -> bool:
        """Whether the two values differ by at most sqrt(square), decided exactly.

        For s, t >= 0, |sqrt s - sqrt t|^2 <= r means s + t - r <= 2 sqrt(s t), and with opposite signs the condition is
        s + t + 2 sqrt(s t) <= r.
        """
        excess, product = self.square + other.square - square, 4 * self.square * other.square
        if self.sign * other.sign >= 0:
            return excess <= 0 or excess * excess <= product
        return excess <= 0 and product <= excess * excess


def _ends(value: Fraction | Surd, bits: int) -> tuple[Fraction, Fraction]:
    """Rationals around a positive number, a relative 2^-bits apart at most."""
    if isinstance(value, Fraction):
        return value, value
    precision = bits
    while True:
        lower, upper = value.enclosure(precision)
        if lower > 0 and (upper - lower) * 2**bits <= lower:
            return lower, upper
        precision *= 2


def turn(a: tuple[N, N], b: tuple[N, N], c: tuple[N, N]) -> int:
    """1 where c is to the left of the line from a to b, 0 on it, -1 to the right."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def squared_distance(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """|a - b|^2 in the 2-norm."""
    return sum(((x - y) ** 2 for x, y in zip(a, b, strict=True)), Fraction(0))
