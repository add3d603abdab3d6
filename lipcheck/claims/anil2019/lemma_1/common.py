"""What the claims about Lemma 1 share: its words, and families of functions that are decided exactly.

A family lives on finitely many points of the line and consists of all t -> c + s t with s in a finite union T of
intervals, written "[-1, 1]" or "(0, 1/2]". On such points it is

- in C_L if T lies in [-1, 1];
- a lattice if T is an interval (two points: the slopes of max(f, g + c) run through all numbers between those of f and
  g), or has at most one element (three points or more: two affine functions that cross between the outer points have a
  maximum that is not affine);
- separating, for |a - b| <= c d, if T contains [-c, c];
- dense in C_L if the closure of T contains [-1, 1] (two points), never on three points or more, where the affine
  functions are a closed set that lacks the tents, and on one point if there is any function at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lipcheck.exact import vector
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data

ROW = "anil2019.lemma_1"
ICLR = "Anil et al. 2019 (ICLR submission), section 6 and appendix D"
PRINTED = (
    "Lemma 1. (Restricted Stone-Weierstrass Theorem) Suppose that (X, d_X) is a compact metric space with at least two "
    "points and L is a lattice in C_L(X, R) with the property that for any two distinct elements x, y ∈ X and any two "
    "real numbers a and b such that |a − b| ≤ d_X(x, y) there exists a function f ∈ L such that f(x) = a and f(y) = b. "
    "Then L is dense in C_L(X, R)."
)
_INTERVAL = re.compile(r"([\[(])(-?\d+(?:/\d+)?), (-?\d+(?:/\d+)?)([\])])")


class FamilyError(LipcheckError, ValueError):
    """Data that describe no family of functions."""


@dataclass(frozen=True)
class Interval:
    """The numbers from low to high; the ends belong to it where `left` and `right` say so."""

    low: Fraction
    left: bool
    high: Fraction
    right: bool

    def contains(self, other: Interval) -> bool:
        """Whether the other interval is a part of this one."""
        below = self.low < other.low or (self.low == other.low and (self.left or not other.left))
        above = self.high > other.high or (self.high == other.high and (self.right or not other.right))
        return below and above


def closed(low: Fraction, high: Fraction) -> Interval:
    """[low, high]."""
    return Interval(low, True, high, True)


def united(parts: Sequence[Interval]) -> list[Interval]:
    """The same set of numbers as intervals that neither meet nor touch."""
    found: list[Interval] = []
    for part in sorted(parts, key=lambda i: (i.low, not i.left)):
        last = found[-1] if found else None
        if last and (part.low < last.high or (part.low == last.high and (part.left or last.right))):
            end = max((last.high, last.right), (part.high, part.right))
            found[-1] = Interval(last.low, last.left, *end)
        else:
            found.append(part)
    return found


@dataclass(frozen=True)
class Family:
    """All functions c + s t on these points, s in these intervals."""

    points: tuple[Fraction, ...]
    slopes: tuple[Interval, ...]

    @property
    def lipschitz(self) -> bool:
        """Whether all functions are 1-Lipschitz."""
        return len(self.points) < 2 or all(closed(Fraction(-1), Fraction(1)).contains(i) for i in self.slopes)

    @property
    def lattice(self) -> bool:
        """Whether maxima and minima stay in the family."""
        if len(self.points) < 2 or not self.slopes:
            return True
        single = len(self.slopes) == 1 and self.slopes[0].low == self.slopes[0].high
        return single or (len(self.points) == 2 and len(self.slopes) == 1)

    def separates(self, reach: Fraction = Fraction(1)) -> bool:
        """Whether all values with |a - b| <= reach d are taken at any two points."""
        return len(self.points) < 2 or any(i.contains(closed(-reach, reach)) for i in self.slopes)

    @property
    def separates_plainly(self) -> bool:
        """Whether any two points are told apart by some function."""
        return len(self.points) < 2 or any(i.low != i.high or i.low for i in self.slopes)

    def dense(self, reach: Fraction = Fraction(1)) -> bool:
        """Whether every function with slopes of at most `reach` is a limit of functions of the family."""
        if len(self.points) < 2:
            return bool(self.slopes)
        return len(self.points) == 2 and self.closure.separates(reach)

    @property
    def closure(self) -> Family:
        """The uniform closure."""
        return Family(self.points, tuple(united([closed(i.low, i.high) for i in self.slopes])))


def read(data: Data) -> Family:
    """The family that {"points": [...], "slopes": [...]} spells."""
    match data:
        case {"points": list(points), "slopes": list(slopes), **rest} if not rest:
            places = vector(points, "points")
        case _:
            raise FamilyError("A family is given as {'points': [...], 'slopes': ['[-1, 1]', ...]}.")
    if len(set(places)) < len(places):
        raise FamilyError("A point is named twice: give distinct points.")
    return Family(places, tuple(united([_interval(text) for text in slopes])))


def _interval(text: object) -> Interval:
    found = _INTERVAL.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise FamilyError(f"{text!r} is no interval: write '[-1, 1]' or '(0, 1/2]'.")
    interval = Interval(Fraction(found[2]), found[1] == "[", Fraction(found[3]), found[4] == "]")
    if interval.low > interval.high or (interval.low == interval.high and not (interval.left and interval.right)):
        raise FamilyError(f"{text} is empty: give intervals that contain a number.")
    return interval


def family(points: Sequence[int], *slopes: str) -> Data:
    """A family as data."""
    return {"points": [str(p) for p in points], "slopes": list(slopes)}


EMPTY_ON_A_POINT = family([0])
CONSTANTS = family([0, 1], "[0, 0]")
AFFINE_ON_THREE = family([0, 1, 2], "[-1, 1]")
ALL_ON_TWO = family([0, 1], "[-1, 1]")
ALL_BUT_STEEPEST = family([0, 1], "(-1, 1)")
ALL_BUT_CONSTANTS = family([0, 1], "[-1, 0)", "(0, 1]")
HALF = family([0, 1], "[-1/2, 1/2]")
NEARLY_ALL = family([0, 1], "[-99/100, 99/100]")
