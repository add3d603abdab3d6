"""Laws on the line that are finite mixtures of atoms and of uniform laws on intervals, and what is exact about them.

A law is a list of parts [low, high, mass]: an atom where low = high, else a uniform law on [low, high]. Distribution
functions are piecewise affine with jumps, so W(P, Q) = integral of |F_P - F_Q| (Vallender 1974) is a rational number,
and so is the expectation of a piecewise affine function.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.network import Network, from_json
from lipcheck.readings.line import Piece, pieces
from lipcheck.words.errors import LipcheckError
from lipcheck.words.rationals import parse

zero, one, half = Fraction(0), Fraction(1), Fraction(1, 2)


class LawError(LipcheckError, ValueError):
    """Data that spell no probability law, or no function, on the line."""


@dataclass(frozen=True)
class Part:
    """An atom (low = high) or a uniform law on [low, high], with its mass."""

    low: Fraction
    high: Fraction
    mass: Fraction

    def below(self, t: Fraction) -> Fraction:
        """The mass of (-infinity, t], for t not an atom."""
        if self.low == self.high:
            return self.mass if self.low < t else zero
        return self.mass * min(max((t - self.low) / (self.high - self.low), zero), one)


@dataclass(frozen=True)
class Law:
    """A probability law on the line."""

    parts: tuple[Part, ...]

    def below(self, t: Fraction) -> Fraction:
        """The distribution function at t, for t not an atom."""
        return sum((part.below(t) for part in self.parts), zero)

    def ends(self) -> set[Fraction]:
        """Where the distribution function changes its form."""
        return {end for part in self.parts for end in (part.low, part.high)}


def read(data: Any) -> Law:
    """The law that a list of [low, high, mass], numbers spelled "p/q", describes."""
    try:
        parts = tuple(Part(*map(parse, part)) for part in data)
    except (TypeError, ValueError) as problem:
        raise LawError(f"a law is a list of [low, high, mass]: {problem}") from problem
    if any(p.mass <= 0 or p.low > p.high for p in parts) or sum(p.mass for p in parts) != 1:
        raise LawError("the masses of a law are positive and add up to 1, and no interval has its ends swapped")
    return Law(parts)


def atoms(*places: int | str) -> list[list[str]]:
    """The data of the law with equal masses at these places; a place may be named several times."""
    mass = str(Fraction(1, len(places)))
    return [[str(x), str(x), mass] for x in places]


def function(data: Any) -> tuple[Piece, ...]:
    """The affine pieces of a network from R to R."""
    network: Network = from_json(data).dense()
    if (network.inputs, network.outputs) != (1, 1):
        raise LawError("a dual function on the line is a network from R to R")
    return pieces(network)


def value(parts: Sequence[Piece], t: Fraction) -> Fraction:
    """f(t)."""
    return next(p.at(t)[0] for p in parts if p.high is None or t <= p.high)


def expectation(parts: Sequence[Piece], law: Law) -> Fraction:
    """E f, exactly."""
    return sum((part.mass * _mean(parts, part) for part in law.parts), zero)


def _mean(parts: Sequence[Piece], part: Part) -> Fraction:
    if part.low == part.high:
        return value(parts, part.low)
    cuts = sorted({part.low, part.high, *(p.low for p in parts if p.low is not None and part.low < p.low < part.high)})
    area = sum(((b - a) * (value(parts, a) + value(parts, b)) / 2 for a, b in pairwise(cuts)), zero)
    return area / (part.high - part.low)


def objective(parts: Sequence[Piece], first: Law, second: Law) -> Fraction:
    """E_first f - E_second f."""
    return expectation(parts, first) - expectation(parts, second)


def slope(parts: Iterable[Piece]) -> Fraction:
    """The smallest Lipschitz constant of a function given by its pieces."""
    return max(abs(p.slopes[0]) for p in parts)


def distance(first: Law, second: Law) -> Fraction:
    """W(first, second) = integral of |F - G| over the line."""
    return sum((_area(first, second, a, b) for a, b in pairwise(sorted(first.ends() | second.ends()))), zero)


def _area(first: Law, second: Law, a: Fraction, b: Fraction) -> Fraction:
    """The integral of |F - G| over (a, b), where F - G is affine: from two values inside to those at the ends."""
    p, q = (first.below(t) - second.below(t) for t in ((2 * a + b) / 3, (a + 2 * b) / 3))
    left, right = 2 * p - q, 2 * q - p
    if left * right >= 0:
        return (b - a) * abs(left + right) / 2
    return (b - a) * (left**2 + right**2) / (2 * (abs(left) + abs(right)))


def differing(first: Law, second: Law) -> list[tuple[Fraction, Fraction]]:
    """The intervals between neighbouring ends on which F and G are not equal throughout."""
    ends = sorted(first.ends() | second.ends())
    return [(a, b) for a, b in pairwise(ends) if _area(first, second, a, b) > 0]


def signs(first: Law, second: Law) -> list[tuple[Fraction, Fraction, int]]:
    """(a, b, sign of F - G on (a, b)) from left to right, between the outermost ends."""
    found = []
    for a, b in pairwise(sorted(first.ends() | second.ends())):
        p, q = (first.below(t) - second.below(t) for t in ((2 * a + b) / 3, (a + 2 * b) / 3))
        left, right = 2 * p - q, 2 * q - p
        cut = a + (b - a) * left / (left - right) if left * right < 0 else b
        found += [(a, cut, _sign(left or right)), *([(cut, b, _sign(right))] if cut < b else [])]
    return found


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def steep(parts: Iterable[Piece], a: Fraction, b: Fraction) -> bool:
    """Whether f has slope 1 or -1 almost everywhere on (a, b)."""
    return all(abs(p.slopes[0]) == 1 for p in parts if (p.low is None or p.low < b) and (p.high is None or p.high > a))
