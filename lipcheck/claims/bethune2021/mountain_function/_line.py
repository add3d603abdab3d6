"""Two or more finite classes of rational numbers, straight from definitions 3 and 4, with empty and overlapping ones.

Nothing here rests on `lipcheck.build.mountain`: distances are minima, and the frontier of disjoint classes on the line
is the set of midpoints of two points of different classes that are as near as the nearest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from typing import Any, TypeAlias

from lipcheck.words.errors import LipcheckError
from lipcheck.words.rationals import parse

Classes: TypeAlias = tuple[tuple[Fraction, ...], ...]


class LineError(LipcheckError, ValueError):
    """Data that describe no classes of numbers, or a value that definition 3 or 4 does not give."""


def read(given: Any, *more: str) -> tuple[Classes, dict[str, Fraction]]:
    """The classes A, B, C, ... of JSON data, and the numbers under the further keys."""
    if not isinstance(given, Mapping) or not set(more) <= set(given):
        raise LineError(f"give classes A, B, ... as lists of numbers, and {', '.join(more) or 'nothing else'}")
    names = sorted(set(given) - set(more))
    if len(names) < 2 or names != list("ABCDEFGH"[: len(names)]) or not all(isinstance(given[k], list) for k in names):
        raise LineError(f"the classes are called {names}: give at least A and B, as lists")
    return tuple(tuple(map(parse, given[k])) for k in names), {k: parse(given[k]) for k in more}


def disjoint(classes: Classes) -> bool:
    """Whether no number is in two classes."""
    return not any(set(a) & set(b) for a, b in combinations(classes, 2))


def distance(x: Fraction, points: Sequence[Fraction]) -> Fraction:
    """min |x - s|; LineError for no points."""
    if not points:
        raise LineError("no point is at any distance from an empty class")
    return min(abs(x - s) for s in points)


@lru_cache(maxsize=64)
def frontier(classes: Classes) -> tuple[Fraction, ...]:
    """Where two classes tie as nearest; LineError for an empty class and for classes that overlap."""
    if not disjoint(classes):
        raise LineError("classes with a common point tie there")
    middles = {(a + b) / 2 for one, other in combinations(classes, 2) for a, b in product(one, other)}
    return tuple(sorted(m for m in middles if len(nearest(m, classes)) > 1))


def nearest(x: Fraction, classes: Classes) -> list[int]:
    """The numbers of the nearest classes."""
    away = [distance(x, members) for members in classes]
    return [k for k, d in enumerate(away) if d == min(away)]


def height(x: Fraction, classes: Classes) -> Fraction:
    """Definition 3 for two classes."""
    one, other = classes
    d = distance(x, frontier(classes))
    return d if distance(x, other) >= distance(x, one) else -d


def heights(x: Fraction, classes: Classes) -> tuple[Fraction, ...]:
    """Definition 4."""
    winners = nearest(x, classes)
    d = distance(x, frontier(classes))
    return tuple(d if winners == [k] else Fraction(0) for k in range(len(classes)))


def labelled(size: int, count: int) -> Iterator[list[list[str]]]:
    """All ways to give the points 0, ..., size - 1 one of `count` labels or none, every label being used."""
    for labels in product(range(-1, count), repeat=size):
        if set(range(count)) <= set(labels):
            yield [[str(x) for x, label in enumerate(labels) if label == k] for k in range(count)]


def classes_of(element: Sequence[Sequence[str]]) -> Classes:
    """The classes of one element of `labelled`."""
    return tuple(tuple(map(parse, members)) for members in element)
