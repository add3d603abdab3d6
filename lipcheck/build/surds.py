"""The ordered field Q(sqrt 3): exact numbers a + b sqrt(3) with rational a and b.

The corners of the Koch snowflake lie in it. Signs are decided by a^2 against 3 b^2, so that every comparison is exact:
a^2 = 3 b^2 holds for a = b = 0 only, because sqrt(3) is irrational.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, prod
from typing import Any

from lipcheck.exact import NetworkError, exact
from lipcheck.words.errors import LipcheckError

MOST_BITS = 1 << 20
"""The largest precision of an enclosure."""


class SurdError(LipcheckError, ValueError):
    """A value that is no number of Q(sqrt 3), or a width that cannot be met."""


@dataclass(frozen=True, slots=True, eq=False)
class Surd:
    """rational + irrational * sqrt(3), both Fractions, from what `lipcheck.exact.exact` takes.

    Mixes with int and Fraction in +, -, *, / and comparisons; equal numbers have equal hashes, across the three types.
    These refuse floats (TypeError, and == is False): write `Fraction(x)` where the exact binary value is meant.
    """

    rational: Fraction
    irrational: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        """Both parts as Fractions; SurdError for what is not a number."""
        for name in ("rational", "irrational"):
            if not isinstance(part := getattr(self, name), Fraction):
                try:
                    object.__setattr__(self, name, exact(part, name))
                except NetworkError as problem:
                    raise SurdError(str(problem)) from problem

    @property
    def conjugate(self) -> Surd:
        """a - b sqrt(3): the other automorphism of the field, which does not keep the order."""
        return Surd(self.rational, -self.irrational)

    @property
    def norm(self) -> Fraction:
        """a^2 - 3 b^2 = self * conjugate; 0 for zero only."""
        return self.rational**2 - 3 * self.irrational**2

    @property
    def sign(self) -> int:
        """-1, 0 or 1, decided exactly."""
        a, b = _sign(self.rational), _sign(self.irrational)
        return a or b if a * b >= 0 else a * _sign(self.norm)

    def enclosure(self, bits: int = 64) -> tuple[Fraction, Fraction]:
        """(lower, upper) rationals around the number, |b| / 2^bits apart, equal where it is rational."""
        checked_bits(bits)
        low = isqrt(3 << 2 * bits)
        ends = (self.rational + self.irrational * Fraction(root, 1 << bits) for root in (low, low + 1))
        lower, upper = sorted(ends)
        return lower, upper

    def to_ball(self) -> Any:
        """A `flint.arb` around the number, at flint's current precision."""
        import flint

        a, b = (flint.fmpq(part.numerator, part.denominator) for part in (self.rational, self.irrational))
        return flint.arb(a) + flint.arb(b) * flint.arb(3).sqrt()

    def __float__(self) -> float:
        """The nearest float (half the distance of two floats at most); OverflowError beyond the floats."""
        bits = 64
        while True:
            low, high = map(float, self.enclosure(bits))
            # No irrational number lies half-way between two floats, so that both ends round alike in the end.
            if low == high:
                return low
            bits *= 2

    def __bool__(self) -> bool:
        """Whether the number is not zero."""
        return bool(self.rational or self.irrational)

    def __hash__(self) -> int:
        """The hash of the Fraction where the number is rational."""
        return hash((self.rational, self.irrational)) if self.irrational else hash(self.rational)

    def __eq__(self, other: object) -> bool:
        """Exact equality with a Surd, an int or a Fraction."""
        if isinstance(other, Surd):
            return self.rational == other.rational and self.irrational == other.irrational
        if isinstance(other, int | Fraction):
            return not self.irrational and self.rational == other
        return NotImplemented

    def __lt__(self, other: Surd | Fraction | int) -> bool:
        """Exact order."""
        return NotImplemented if (number := _enter(other)) is None else (self - number).sign < 0

    def __le__(self, other: Surd | Fraction | int) -> bool:
        """Exact order."""
        return NotImplemented if (number := _enter(other)) is None else (self - number).sign <= 0

    def __gt__(self, other: Surd | Fraction | int) -> bool:
        """Exact order."""
        return NotImplemented if (number := _enter(other)) is None else (self - number).sign > 0

    def __ge__(self, other: Surd | Fraction | int) -> bool:
        """Exact order."""
        return NotImplemented if (number := _enter(other)) is None else (self - number).sign >= 0

    def __neg__(self) -> Surd:
        """The negative."""
        return Surd(-self.rational, -self.irrational)

    def __abs__(self) -> Surd:
        """The absolute value."""
        return -self if self.sign < 0 else self

    def __add__(self, other: Surd | Fraction | int) -> Surd:
        """The sum."""
        if (number := _enter(other)) is None:
            return NotImplemented
        return Surd(self.rational + number.rational, self.irrational + number.irrational)

    __radd__ = __add__

    def __sub__(self, other: Surd | Fraction | int) -> Surd:
        """The difference."""
        if (number := _enter(other)) is None:
            return NotImplemented
        return Surd(self.rational - number.rational, self.irrational - number.irrational)

    def __rsub__(self, other: Fraction | int) -> Surd:
        """The difference."""
        return -self + other

    def __mul__(self, other: Surd | Fraction | int) -> Surd:
        """The product."""
        if (number := _enter(other)) is None:
            return NotImplemented
        a, b, c, d = self.rational, self.irrational, number.rational, number.irrational
        return Surd(a * c + 3 * b * d, a * d + b * c)

    __rmul__ = __mul__

    def __truediv__(self, other: Surd | Fraction | int) -> Surd:
        """The quotient; ZeroDivisionError for a zero divisor."""
        if (number := _enter(other)) is None:
            return NotImplemented
        numerator, norm = self * number.conjugate, number.norm
        return Surd(numerator.rational / norm, numerator.irrational / norm)

    def __rtruediv__(self, other: Fraction | int) -> Surd:
        """The quotient; ZeroDivisionError for a zero divisor."""
        return NotImplemented if (number := _enter(other)) is None else number / self

    def __pow__(self, exponent: int) -> Surd:
        """The power, for a whole exponent >= 0; by repeated multiplication."""
        if not isinstance(exponent, int) or exponent < 0:
            return NotImplemented
        return prod([self] * exponent, start=Surd(Fraction(1)))

    def __str__(self) -> str:
        """As a formula, with sqrt(3) where it occurs."""
        if not self.irrational:
            return str(self.rational)
        sign = "-" if self.irrational < 0 else "+"
        return f"{self.rational} {sign} {abs(self.irrational)} sqrt(3)"


SQRT3 = Surd(Fraction(0), Fraction(1))
"""The square root of 3."""


def surd(value: object, name: str = "value") -> Surd:
    """The number of Q(sqrt 3) that `value` is: a Surd, or what `lipcheck.exact.exact` takes (a float is exact).

    Raises SurdError for NaN, infinities, booleans and what is not a number.
    """
    if isinstance(value, Surd):
        return value
    try:
        return Surd(exact(value, name))
    except NetworkError as problem:
        raise SurdError(str(problem)) from problem


def checked_bits(bits: int) -> int:
    """The precision; SurdError unless it is a whole number from 1 to MOST_BITS."""
    if not isinstance(bits, int) or isinstance(bits, bool) or not 1 <= bits <= MOST_BITS:
        raise SurdError(f"bits is {bits!r}: give a whole number of at least 1, up to {MOST_BITS}.")
    return bits


def _enter(value: object) -> Surd | None:
    if isinstance(value, Surd):
        return value
    return Surd(Fraction(value)) if isinstance(value, int | Fraction) else None


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
