"""Regions with a margin as JSON data, finite sets that are shattered, and the words that several claims share.

c_f^m(x) is +1 where f(x) >= m, -1 where f(x) <= -m, and otherwise undecided; a set is shattered if every labelling by
+1 and -1 is some c_f^m on it. VC is the size of the largest shattered set, B the unit ball, ratio = vol(X) / vol(m B).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from lipcheck.build.root_lattices import PackingError
from lipcheck.build.volumes import Region, ball, cube
from lipcheck.exact import Vector
from lipcheck.norms import Bracket
from lipcheck.words.claim import Textbook
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import Number

ROW = "bethune2021.proposition_7"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, Proposition 7"
PROOF = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, proof of Proposition 7"
McSHANE = Textbook(
    "extension of 1-Lipschitz functions from a subset", "McShane, Extension of range of functions, Bull. AMS 40 (1934)"
)
MEASURE = Textbook(
    "Lebesgue measure is monotone, subadditive, additive on disjoint sets, and scales with the n-th power",
    "Rudin, Real and Complex Analysis, theorems 1.19 and 2.20",
)
BLICHFELDT_PRINCIPLE = Textbook(
    "Blichfeldt's principle: some translate of a lattice L has at least vol(X) / det(L) points in a bounded "
    "measurable X",
    "Cassels, An Introduction to the Geometry of Numbers, section III.2",
)
SHAPES: dict[str, Callable[[int, Fraction], Region]] = {"ball": ball, "cube": cube}


def region(shape: str, dimension: int, size: Number, margin: Number = 1) -> dict[str, Any]:
    """JSON data of a ball by its radius, or a cube by its side, with a margin."""
    return {"shape": shape, "dimension": dimension, "size": spell(Fraction(size)), "margin": spell(Fraction(margin))}


def read(data: Any) -> tuple[Region, Fraction]:
    """The region and the positive margin; `PackingError` for other data."""
    match data:
        case {"shape": str(shape), "dimension": int(n), "size": str(size), "margin": str(margin), **rest}:
            if rest or shape not in SHAPES or parse(margin) <= 0:
                raise PackingError("A region is a ball or a cube with dimension, size and a positive margin.")
            return SHAPES[shape](n, parse(size)), parse(margin)
    raise PackingError("A region has exactly the entries shape, dimension, size and margin.")


def scaled(ratio: Bracket, factor: Fraction) -> Bracket:
    """The bracket of a number times a factor that is not negative."""
    return Bracket(ratio.lower * factor, ratio.upper * factor)


def points_of(data: Any) -> list[Vector]:
    """Distinct rational points of one dimension; `PackingError` for other data."""
    if not isinstance(data, Sequence) or isinstance(data, str) or not all(isinstance(row, list) for row in data):
        raise PackingError("Points are a list of lists of numbers.")
    found = [tuple(parse(value) for value in row) for row in data]
    if len(set(map(len, found))) > 1 or len(set(found)) < len(found):
        raise PackingError("Points are distinct and have one dimension.")
    return found


def squared_distance(x: Vector, y: Vector) -> Fraction:
    """||x - y||^2."""
    return sum(((a - b) ** 2 for a, b in zip(x, y, strict=True)), Fraction(0))


def realizable(points: Sequence[Vector], labels: Sequence[int], margin: Fraction) -> bool:
    """Whether some 1-Lipschitz f has f >= margin at the points labelled +1, and f <= -margin at the others.

    The values +margin and -margin extend exactly if they are 1-Lipschitz on the points; and if two of them are not,
    neither are values that are further apart.
    """
    pairs = combinations(zip(points, labels, strict=True), 2)
    return all(squared_distance(x, y) >= (margin * (a - b)) ** 2 for (x, a), (y, b) in pairs)


def shattered(points: Sequence[Vector], margin: Fraction) -> bool:
    """Whether every one of the 2^k labellings is realizable."""
    return all(realizable(points, labels, margin) for labels in product((1, -1), repeat=len(points)))


def exactly(data: Any, *names: str) -> Mapping[str, Any]:
    """The data, if they are a mapping with exactly these entries; `PackingError` otherwise."""
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise PackingError(f"The data have exactly the entries {', '.join(names)}.")
    return data
