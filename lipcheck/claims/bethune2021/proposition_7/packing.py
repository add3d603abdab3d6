"""Finiteness, and the packing number of the printed proof: balls that fit inside X are fewer than the VC dimension."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import count, takewhile
from typing import Any

from lipcheck.build.packing_bounds import packing_bounds
from lipcheck.build.root_lattices import PackingError
from lipcheck.claims.bethune2021.proposition_7._common import (
    PROOF,
    ROW,
    SOURCE,
    exactly,
    points_of,
    read,
    region,
    shattered,
)
from lipcheck.claims.bethune2021.proposition_7.bounds import Sides
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def cells() -> Forall:
    """Two points of a half-open cube of side t, seen in one more of k coordinates: |x - y|^2 < k t^2 goes on."""
    D, d, k, t = map(var, ("D", "d", "k", "t"))
    hypotheses: dict[str, Formula] = {"so far": k * t * t > D, "coordinate": d * d < t * t}
    return Forall("a cell, one more coordinate", hypotheses, D + d * d < (k + 1) * t * t)


def one_point() -> Forall:
    """With n t^2 <= (2m)^2 a cell holds no two points at a distance of 2m."""
    D, k, t, m = map(var, ("D", "k", "t", "m"))
    hypotheses: dict[str, Formula] = {"cell": k * t * t > D, "side": k * t * t <= 4 * m * m}
    origin = {"D": Fraction(0), "k": Fraction(1), "t": Fraction(1), "m": Fraction(1)}
    return Forall("a cell holds one point", hypotheses, 4 * m * m > D, witness=origin)


def in_an_interval(data: Data) -> Examination:
    """Points of the interval from 0 to `length` that are shattered with the margin: at most length/(2m) + 1."""
    given = exactly(data, "length", "margin", "points")
    length, m, points = parse(given["length"]), parse(given["margin"]), points_of(given["points"])
    if any(len(x) != 1 for x in points) or length < 0:
        raise PackingError("The points lie on a line, and the length is not negative.")
    bounded = all(0 <= x[0] <= length for x in points)
    hypotheses = {"bounded": bounded, "margin": m > 0, "shattered": shattered(points, m)}
    return Examination(hypotheses, len(points) <= math.floor(length / (2 * (m if m > 0 else 1))) + 1)


INTERVALS: list[dict[str, Any]] = [
    {"length": "4", "margin": "1", "points": [["0"], ["2"], ["4"]]},
    {"length": "4", "margin": "1", "points": [["0"], ["2"], ["4"], ["6"]]},
    {"length": "1", "margin": "0", "points": [["0"], ["1/2"], ["1"]]},
    {"length": "1", "margin": "1", "points": [["0"], ["1"]]},
]


def finite(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Cells of the diameter 2m at most, and intervals, where boundedness and a positive margin are needed."""
    text = "a shattered set of points of this interval has at most length/(2m) + 1 points"
    intervals = Universal("intervals", text, in_an_interval, lambda: INTERVALS, variant.dropped)
    return [cells(), one_point(), intervals]


def fitting(data: Data, printed: bool) -> Examination:
    """The VC dimension of an interval against the number of disjoint intervals of length 2m in it.

    The repair counts the points 0, 2m, 4m, ... of the interval, one by one.
    """
    room, m = read(data)
    if room.dimension != 1 or data["shape"] != "cube":
        raise PackingError("The region is an interval: a cube of dimension 1.")
    centred = packing_bounds(room, 2 * m)
    fitted = packing_bounds(room, 2 * m, inside=True)
    assert centred.lower == centred.upper and fitted.lower == fitted.upper
    from_the_left = sum(1 for _ in takewhile(lambda k: 2 * k * m <= parse(data["size"]), count()))
    return Examination({}, centred.lower == (fitted.lower if printed else from_the_left))


def packing_number(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """VC as the number of balls that fit inside; the repair asks for centres in X only."""
    text = "the VC dimension is the largest number of disjoint balls that fit inside this interval"
    several = [region("cube", 1, Fraction(k, 3), m) for k in range(10) for m in (Fraction(1, 2), 1)]

    def one_more(data: Data) -> bool:
        room, m = read(data)
        return packing_bounds(room, 2 * m).lower == packing_bounds(room, 2 * m, inside=True).upper + 1

    return [
        Universal("balls inside", text, lambda data: fitting(data, not variant.repaired), lambda: [INTERVAL],
                  parameters=variant.repaired),
        Exhaustive("minimal: every interval", "VC is one more than the number of balls inside", lambda: several,
                   one_more),
    ]  # fmt: skip


def inside(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 8 for the number of balls of radius m that fit inside X; the repair is the two-sided bound for VC."""
    if variant.repaired:
        sides = Sides(Fraction(1, 2), Fraction(1), Fraction(1))
    else:
        sides = Sides(Fraction(1), Fraction(2), Fraction(1, 2), inside=True)
    text = "equation 8 holds for the number of balls inside"
    return [sides.everywhere("balls inside", text, [region("cube", 1, 3)], variant.dropped)]


INTERVAL = region("cube", 1, 2)
SNIPPET = """\
a, m = 2, 1                                  # X = [0, a]
points = [0, 2]                              # 2m apart: shattered
inside = [(0, 2)]                            # balls of radius m that lie in [0, a]: length 2m each
assert all(abs(x - y) >= 2 * m for x in points for y in points if x != y)
print("VC >=", len(points), "balls inside:", a // (2 * m))
assert len(points) > a // (2 * m) == len(inside)
"""
INSIDE_SNIPPET = """\
from fractions import Fraction as F
a, m = F(3), F(1)                            # X = [0, a]
inside = a // (2 * m)                        # disjoint intervals of length 2m that lie in X
lower = (1 / m) * a / 2                      # (1/m)^n vol(X) / vol(B), n = 1
print("balls inside:", inside, "printed lower bound:", lower)
assert inside < lower
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.finite",
        source=SOURCE,
        printed="Consider a binary classification task with bounded support X. Let m > 0 the margin. [...] Then the "
        "VC dimension of C^m is finite",
        statement="For every bounded X in R^n and every m > 0 the VC dimension of C^m(X) is finite: at most "
        "(floor(L sqrt(n)/(2m)) + 1)^n if X lies in a cube of side L.",
        expected=Verdict.PROVED,
        obligations=finite,
        scope="all n, all bounded X, all m > 0",
        covers_all=True,
        hypotheses={"bounded": "X is bounded", "margin": "m > 0"},
        depends_on=(f"{ROW}.shattering",),
        textbook=(Textbook("pigeonhole principle, and induction over coordinates", "Peano's axioms"),),
        argument="proof.md#finiteness",
        notes="Both hypotheses are needed: without a bound, or with m = 0, arbitrarily many points are shattered.",
    ),
    Claim(
        id=f"{ROW}.packing_number",
        short="balls that fit inside X are too few: [0, 2], m = 1 has VC 2, one ball; centres in X are right",
        source=PROOF,
        printed="The VC dimension of C^m(X) is the maximum size of a set shattered by C^m(X). [...] The maximum "
        "number of disjoint balls of radius m that fit inside X is known as the packing number of X with radius m. "
        "X is bounded, hence its packing number is finite.",
        statement="The VC dimension of C^m(X) is the maximum number of disjoint open balls of radius m that lie in X.",
        reading="as printed, together with 'hence' and 'the bounds on the packing number', which identify the two",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=packing_number,
        scope="all bounded X in R^n, all m > 0",
        covers_all=True,
        repairs={"centres in X": Variant(repaired=True)},
        counterexamples={"balls inside": INTERVAL},
        near_misses=(
            NearMiss("balls inside", region("cube", 2, 2), "a square is no interval: its numbers are not decided here"),
            NearMiss("balls inside", region("cube", 1, 2, 0), "the margin must be positive"),
        ),
        minimality="dimension one, one ball; every interval is a counterexample, and VC is always larger by one",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.shattering",
        depends_on=(f"{ROW}.shattering",),
        argument="proof.md#the-packing-number",
        notes="Centres must lie in X, the balls may stick out. Finiteness survives: see .finite.",
    ),
    Claim(
        id=f"{ROW}.bounds_inside",
        short="for balls inside X even the line fails: one ball of radius 1 fits into [0, 3], and 1 < 3/2",
        source=f"{SOURCE}, equation 8, with the proof's packing number",
        printed="(1/m)^n A ≤ VC_dim(C^m(X)) ≤ (2/m)^n B. [...] The maximum number of disjoint balls of radius m "
        "that fit inside X is known as the packing number of X with radius m.",
        reading="VC read as the number of disjoint balls of radius m that fit inside X",
        variant_of=ROW,
        statement="(1/m)^n vol(X)/vol(B) is at most the number of disjoint balls of radius m that lie in X.",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=inside,
        scope="all n, all bounded measurable X, all m > 0",
        covers_all=True,
        repairs={"centres in X, and 1/(2m) instead of 1/m": Variant(repaired=True)},
        counterexamples={"balls inside": region("cube", 1, 3)},
        near_misses=(
            NearMiss("balls inside", region("cube", 1, 4), "two balls fit into [0, 4], and the bound is 2"),
            NearMiss("balls inside", region("cube", 1, 0), "an interval of length 0 has the bound 0"),
        ),
        minimality="dimension one; one ball fits",
        snippet=INSIDE_SNIPPET,
        repaired_by=f"{ROW}.two_sided",
        argument="proof.md#the-packing-number",
        notes="In this reading no positive constant can stand on the left: for vol(X) below vol(m B) no ball fits.",
    ),
)
