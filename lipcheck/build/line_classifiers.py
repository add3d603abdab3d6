"""Classifiers on the line with finitely many changes, and their robustness radii, exactly.

The line is cut at `ends` into open intervals and single points, from left to right, and each of these cells has one
label. The radius at x is the distance from x to the cells of other labels; it is attained exactly if a cell at that
distance contains the point of it that is nearest to x, which an open interval does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lipcheck.network import Network
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.errors import LipcheckError

CONVENTIONS = (-1, 0, 1)
"""What sign(0) can be: one of the two labels, or a value of its own."""


class ClassifierError(LipcheckError, ValueError):
    """Data that describe no classifier on the line."""


@dataclass(frozen=True)
class Cells:
    """labels[0] left of ends[0], labels[1] at ends[0], labels[2] between ends[0] and ends[1], and so on."""

    ends: tuple[Fraction, ...]
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.labels) != 2 * len(self.ends) + 1:
            raise ClassifierError(f"{len(self.ends)} ends make {2 * len(self.ends) + 1} cells, not {len(self.labels)}")
        if any(a >= b for a, b in pairwise(self.ends)):
            raise ClassifierError("the ends are not in ascending order: sort them, each once")

    def label(self, x: Fraction) -> int:
        """c(x)."""
        below = sum(end < x for end in self.ends)
        return self.labels[2 * below + (x in self.ends)]

    def radius(self, x: Fraction) -> tuple[Fraction | None, bool]:
        """(inf |delta| over c(x + delta) != c(x), or None without such a delta; whether some delta attains it)."""
        mine = self.label(x)
        found: list[tuple[Fraction, bool]] = []
        for i, label in enumerate(self.labels):
            if label != mine:
                touching = self.ends[max(0, (i - 1) // 2) : i // 2 + 1]
                found.append((min(abs(x - end) for end in touching), i % 2 == 1))
        if not found:
            return None, False
        least = min(distance for distance, _ in found)
        return least, any(own for distance, own in found if distance == least)


def sign(value: Fraction, zero: int) -> int:
    """The sign, with sign(0) = zero."""
    return zero if value == 0 else 1 if value > 0 else -1


def sign_cells(network: Network, zero: int) -> Cells:
    """sign of a piecewise linear network with one input and one output."""
    if network.outputs != 1:
        raise ClassifierError(f"the network has {network.outputs} outputs: a sign belongs to one")
    if zero not in CONVENTIONS or isinstance(zero, bool):
        raise ClassifierError(f"sign(0) is {zero!r}: give -1, 0 or 1")
    parts = pieces(network)
    found = {end for part in parts for end in (part.low, part.high) if end is not None}
    for part in parts:
        if part.slopes[0] and part.strictly_contains(root := -part.offsets[0] / part.slopes[0]):
            found.add(root)
    ends = sorted(found)
    if not ends:
        return Cells((), (sign(value(network, Fraction(0)), zero),))
    places = [ends[0] - 1]
    for low, high in pairwise(ends):
        places += [low, (low + high) / 2]
    places += [ends[-1], ends[-1] + 1]
    return Cells(tuple(ends), tuple(sign(value(network, t), zero) for t in places))


def value(network: Network, x: Fraction) -> Fraction:
    """f(x)."""
    return evaluate(network, [x])[0]
