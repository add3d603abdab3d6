"""Example 1: "There is not constraint on the shape of the frontier: only on the "speed" at which we move away from it."

For 1-Lipschitz functions any closed set will do. A gradient of norm 1 almost everywhere takes a null set.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.cantor import CantorError, measure
from lipcheck.claims.bethune2021.koch_snowflake.frontier import ROW, SOURCE
from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_1.closed_in_x import FAT
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "There is not constraint on the shape of the frontier: only on the “speed” at which we move away from it."

SNIPPET = """\
from fractions import Fraction as F
q, removed = F(1, 4), F(0)
for m in range(1, 41):                                           # 2^(m-1) gaps of length q^m out of [0, 1]
    removed += 2 ** (m - 1) * q**m
print("all gaps together:", float(removed), " so the frontier left has measure", float(1 - removed))
assert removed < F(1, 2)                                         # f = 0 there, so f' = 0 on a set of measure 1/2
"""


def any_shape(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f = s d(., F), with one sign s on each component of the complement: zeros F, and 1-Lipschitz."""
    d, f, sign = var("d"), var("f"), var("s")
    off: dict[str, Formula] = {"value": equals(f, sign * d), "s": disj(equals(sign, 1), equals(sign, -1)), "d": d >= 0}
    return [
        lemmas.segment(variant),
        lemmas.two_points(variant),
        *lemmas.with_ci(
            budget,
            lemmas.distances(),
            Forall("zeros", off, conj(disj(f > 0, f < 0, equals(d, 0)), disj(d > 0, equals(f, 0)))),
        ),
    ]


def gradient(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Fat Cantor sets as frontiers on the line (times a line, in the plane)."""

    def examine(given: Any) -> Examination:
        if not isinstance(given, dict) or set(given) != {"ratio"}:
            raise CantorError("give the ratio of the gaps")
        size = measure(parse(given["ratio"]))
        return Examination({"null set": size == 0} if variant.repaired else {}, size == 0)

    text = "a closed frontier, where f = 0 and so f' = 0 at almost every point, is a null set"
    size, ratio = var("size"), var("ratio")
    series = Forall(
        "the measure is positive",
        {"series": equals(size * (1 - 2 * ratio), 1 - 3 * ratio), "ratio": conj(ratio > 0, 3 * ratio < 1)},
        size > 0,
    )
    return [Universal("frontiers", text, examine, lambda: [FAT], parameters=[variant.repaired]), series]


def null_sets(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f = s d(., F) as before, |grad f| = 1 off F, and that F has to be a null set."""

    def examine(given: Any) -> Examination:
        if not isinstance(given, dict) or set(given) != {"ratio"}:
            raise CantorError("give the ratio of the gaps")
        size = measure(parse(given["ratio"]))
        return Examination({"null_set": size == 0}, size == 0)

    text = "F, where f = 0 and so f' = 0 at almost every point, is a null set"
    return [
        Universal("Cantor sets as frontiers", text, examine, lambda: [FAT], variant.dropped),
        lemmas.segment(variant),
        lemmas.two_points(variant),
        lemmas.gradient(variant),
        *lemmas.with_ci(budget, lemmas.distances(), lemmas.descent()),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.no_constraint",
        source=SOURCE,
        printed=PRINTED,
        reading="frontiers of 1-Lipschitz functions: closed sets, with any signs on the components off them",
        statement="For every closed non-empty F in R^n and every choice of a sign for each component of R^n \\ F there "
        "is a 1-Lipschitz f with f = 0 on F alone and these signs. The zeros of every continuous f are closed, and its "
        "sign is constant on each component off them.",
        expected=Verdict.PROVED,
        obligations=any_shape,
        scope="all norms of R^n, all closed F",
        covers_all=True,
        hypotheses={"segment": "points of different components are joined by a segment through F"},
        constants={"lipschitz": Constant(Fraction(1), mutated=Fraction(99, 100), words="the Lipschitz constant of f")},
        textbook=(lemmas.CONNECTED,),
        argument="proof.md#any-closed-frontier",
    ),
    Claim(
        id=f"{ROW}.null_frontier",
        short="a frontier of positive measure excludes |∇f| = 1 a.e.; a closed null set will do",
        source=SOURCE,
        printed=PRINTED,
        variant_of=f"{ROW}.no_constraint",
        reading="with the property of the sentence before it, |grad f| = 1 almost everywhere",
        statement="For every closed F in R^n whose complement has two or more components, and every choice of signs "
        "for them that takes both, there is a 1-Lipschitz f with zeros F, these signs and |grad f| = 1 almost "
        "everywhere.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=gradient,
        scope="a family of closed sets on the line",
        covers_all=True,
        textbook=(lemmas.DENSITY, lemmas.RADEMACHER),
        repairs={"null sets": Variant(repaired=True)},
        counterexamples={"frontiers": FAT},
        near_misses=(
            NearMiss("frontiers", {"ratio": "1/3"}, "Cantor's set: fractal, and a null set"),
            NearMiss("frontiers", {"ratio": "2/3"}, "the gaps do not fit"),
        ),
        minimality="n = 1; in the family every ratio below 1/3 does, and 1/3 does not",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.null_frontier_repaired",
        argument="proof.md#a-frontier-with-area",
        notes="In the plane: this set times a line, or Osgood's Jordan curve of positive area. Sets of ties of "
        "disjoint closed classes are always null sets (proposition_1), as are snowflakes, the limit curve included.",
    ),
    Claim(
        id=f"{ROW}.null_frontier_repaired",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: the frontier is a null set, and |grad f| = 1 almost everywhere",
        statement="For every closed non-empty null set F in R^n and every choice of a sign for each component of R^n "
        "\\ F there is an f, 1-Lipschitz in the 2-norm, with f = 0 on F alone, these signs and |grad f| = 1 almost "
        "everywhere. If F is not a null set no such f exists.",
        expected=Verdict.PROVED,
        obligations=null_sets,
        scope="all n, all closed null sets F",
        covers_all=True,
        hypotheses={
            "null_set": "F has measure 0",
            "segment": "points of different components are joined by a segment through F",
        },
        constants={
            "lipschitz": Constant(Fraction(1), mutated=Fraction(99, 100), words="the Lipschitz constant of f"),
            "gradient": Constant(Fraction(1), mutated=Fraction(101, 100), words="the square of |grad f|"),
        },
        textbook=(lemmas.CONNECTED, lemmas.NEAREST, lemmas.RADEMACHER, lemmas.DENSITY),
        argument="proof.md#a-frontier-with-area",
        depends_on=(f"{ROW}.no_constraint",),
    ),
)
