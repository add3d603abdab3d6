"""Introduction: "we show that the class of 1-Lipschitz functions with margin have a finite VC dimension and then
provable error bounds"; abstract: "Last, we derive preliminary bounds on their VC dimensions."

On a bounded domain this holds. On an unbounded one, which neither sentence excludes, the dimension is infinite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, ROW, ExampleError
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "In the last sections, we outline the link between classification with 1-Lipschitz functions and optimal transport "
    "and we show that the class of 1-Lipschitz functions with margin have a finite VC dimension and then "
    "provable error "
    "bounds."
)
SOURCE = f"{PAPER}, section 1; abstract: 'we derive preliminary bounds on their VC dimensions'"
FIVE: Any = {"points": ["0", "2", "4", "6", "8"], "m": "1", "bound": 4}


def shattered(points: Sequence[Fraction], m: Fraction) -> bool:
    """Whether for every labelling the values m y are 1-Lipschitz on the points."""
    return all(
        all(abs(m * y - m * z) <= abs(p - q) for (p, y), (q, z) in combinations(zip(points, labels, strict=True), 2))
        for labels in product((1, -1), repeat=len(points))
    )


def examine(data: Data, bounded: bool) -> Examination:
    """A proposed bound on the dimension for this margin, on the line or (bounded) on [0, 2 m (bound - 1)]."""
    if not isinstance(data, Mapping) or set(data) != {"points", "m", "bound"} or type(data["bound"]) is not int:
        raise ExampleError("give points, a margin m and a bound, a whole number")
    points, m, bound = [parse(x) for x in data["points"]], parse(data["m"]), data["bound"]
    if m <= 0 or len(points) > 8:
        raise ExampleError("the margin is positive, and there are at most 8 points")
    hypotheses = {"shattered": shattered(points, m)}
    if bounded:
        hypotheses["bounded"] = all(0 <= x < 2 * m * bound for x in points)
    return Examination(hypotheses, len(points) <= bound)


def unbounded(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One proposal, and that the points 0, 2m, 4m, ... defeat every proposal."""
    where = "on an interval" if variant.repaired else "on the line"
    text = f"no set of more than `bound` points is shattered with margin m, {where}"
    i, j, m = map(var, ("i", "j", "m"))
    return [
        Universal("one bound", text, lambda d: examine(d, variant.repaired), lambda: [FIVE], parameters=where),
        Forall("every bound fails", {"i": i >= j + 1, "m": m > 0}, 2 * m * i - 2 * m * j >= m - -m),
    ]


def finite(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Points that are shattered are 2 m apart (with any levels too); points of one cell of a fine grid are nearer."""
    f_x, f_y, g_x, g_y, s_x, s_y, m, d = map(var, ("f_x", "f_y", "g_x", "g_y", "s_x", "s_y", "m", "d"))
    apart = variant.value("apart", 2) * m
    given: dict[str, Formula] = {"margin": m > 0}
    if variant.keeps("lipschitz"):
        given["lipschitz"] = conj(f_x - f_y <= d, g_y - g_x <= d)
    one_way, other = conj(f_x >= m, f_y <= -m), conj(g_x <= -m, g_y >= m)
    levels = conj(f_x >= s_x + m, f_y <= s_y - m, g_x <= s_x - m, g_y >= s_y + m)
    total, t, count, h, square = map(var, ("total", "t", "count", "h", "square"))
    step: dict[str, Formula] = {"so far": total <= count * h * h, "coordinate": conj(t <= h, t >= -h)}
    cell: dict[str, Formula] = {"distance": equals(d * d, square), "d": d >= 0, "margin": m > 0}
    if variant.keeps("fine grid"):
        cell["fine grid"] = square < 4 * m * m
    return [
        Forall("shattered points are 2 m apart", {**given, "labels": conj(one_way, other)}, d >= apart),
        Forall("fat-shattered points are 2 m apart", {**given, "levels": levels}, d >= apart),
        Forall("one more coordinate within a cell", step, total + t * t <= (count + 1) * h * h),
        Forall("points of a cell are nearer", cell, disj(d < 2 * m)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.vc_dimension",
        source=SOURCE,
        printed=PRINTED,
        statement="For every domain in R^n and every m > 0 the VC dimension of the 1-Lipschitz functions with "
        "margin m is "
        "finite.",
        reading="every domain, as no bound is printed in these two sentences",
        variant_of=f"{ROW}.vc_dimension_sharp",
        short="on R the points 0, 2m, 4m, ... are shattered: infinite dimension; finite on bounded domains",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=unbounded,
        scope="the line, every proposed bound",
        covers_all=True,
        repairs={"a bounded interval": Variant(repaired=True)},
        counterexamples={"one bound": FIVE},
        near_misses=(
            NearMiss("one bound", {**FIVE, "bound": 5}, "five points do not exceed five"),
            NearMiss("one bound", {**FIVE, "points": ["0", "2", "4", "6", "7"]}, "6 and 7 are nearer than 2 m"),
        ),
        minimality="one dimension, every margin; for each bound B the B + 1 points 0, 2m, ..., 2mB are as few "
        "as possible",
        snippet="""\
from itertools import product
m, points = 1, [0, 2, 4, 6, 8]                       # and so on: any number of points at distance 2 m
ok = all(abs(m * a[i] - m * a[j]) <= abs(points[i] - points[j])
         for a in product((1, -1), repeat=5) for i in range(5) for j in range(5))
print("all", 2**5, "labellings have 1-Lipschitz values of size m:", ok)
assert ok
""",
        repaired_by=f"{ROW}.vc_dimension_sharp",
        argument="proof.md#dimension",
        notes="Proposition 7 states the bounded support; the two sentences here do not.",
    ),
    Claim(
        id=f"{ROW}.vc_dimension_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="bounded domains, as in Proposition 7, which these sentences announce",
        statement="If X lies in a cube of side S of R^n and m > 0, a set that is shattered (or fat-shattered) "
        "with margin "
        "m has at most (floor(S/h) + 1)^n points for every h > 0 with n h^2 < 4 m^2; so the m-fat-shattering dimension "
        "is finite and margin bounds on the error hold.",
        expected=Verdict.PROVED,
        obligations=finite,
        scope="all bounded domains of R^n with the Euclidean norm, all m > 0",
        covers_all=True,
        hypotheses={"lipschitz": "f is 1-Lipschitz", "fine grid": "cells of side h with n h^2 < 4 m^2"},
        constants={"apart": Constant(Fraction(2), Fraction(201, 100), words="of m, the distance of shattered points")},
        textbook=(
            Textbook("induction over coordinates and the pigeonhole principle", "Peano's axioms"),
            Textbook(
                "finite fat-shattering dimension at all scales gives uniform error bounds",
                "Alon, Ben-David, Cesa-Bianchi, Haussler, J. ACM 44 (1997)",
            ),
        ),
        argument="proof.md#dimension",
        notes="Classes with an undecided value need fat-shattering bounds: finite VC dimension alone gives no bound by "
        "empirical risk minimization for partial classes.",
    ),
)
