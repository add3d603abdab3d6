"""Anil et al. 2019, section 4.1: "It is also homogeneous (GroupSort(αx) = αGroupSort(x)) as sorting order is
invariant to scaling."

Plain reading: for all real α. A negative α reverses the order, so the equation holds exactly for α >= 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.groupsort_properties.common import ICML, ROW, TRANSPOSITIONS, sort
from lipcheck.words.claim import Claim, Constant, Formal, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, same
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "It is also homogeneous (GroupSort(αx) = αGroupSort(x)) as sorting order is invariant to scaling."


def pair(hypotheses: dict[str, Formula]) -> Forall:
    """GroupSort(alpha x) = alpha GroupSort(x) for a pair."""
    alpha, x = var("alpha"), variables("x", 2)
    conclusion = same(sort([alpha * t for t in x]), [alpha * t for t in sort(x)])
    return Forall("pair: sorting commutes with the scale", hypotheses, conclusion, size=2)


def reversal() -> Forall:
    """What holds for a negative scale: the sorted group comes out in the opposite order."""
    alpha, x = var("alpha"), variables("x", 2)
    left, right = sort([alpha * t for t in x]), sort(x, "descending")
    return Forall("pair: a negative scale reverses the order", {"negative": alpha <= 0},
                  same(left, [alpha * t for t in right]), size=2)  # fmt: skip


def nonnegative(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The gate that carries the proof, with the scale at or above its least value 0."""
    least = variant.value("least scale", 0)
    kept = variant.keeps("nonnegative scale")
    return [pair({"nonnegative scale": var("alpha") >= least} if kept else {}), reversal()]


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All real scales; and no counterexample among smaller integers."""
    return [
        pair({"nonnegative scale": var("alpha") >= 0} if variant.repaired else {}),
        Exhaustive(
            "minimal: no counterexample in integers with |x1| + |x2| + |alpha| <= 1",
            "alpha sort(x1, x2) = sort(alpha x1, alpha x2) for these integers",
            smaller,
            commutes,
            size=1,
        ),
    ]


def smaller() -> list[list[int]]:
    """Integer triples (x1, x2, alpha) with absolute values that add up to at most 1."""
    return [list(t) for t in product((-1, 0, 1), repeat=3) if sum(map(abs, t)) <= 1]


def commutes(data: Any) -> bool:
    """Whether sorting commutes with the scale for these numbers."""
    a, b, alpha = data
    return sorted([alpha * a, alpha * b]) == [alpha * t for t in sorted([a, b])]


SNIPPET = """\
from fractions import Fraction as F
x, alpha = [F(0), F(1)], F(-1)
left = sorted(alpha * t for t in x)
right = [alpha * t for t in sorted(x)]
print("GroupSort(alpha x) =", left, " alpha GroupSort(x) =", right)
assert left != right
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.homogeneous",
        short="GroupSort(αx) = α GroupSort(x) fails for α < 0; it holds for α >= 0",
        source=ICML,
        printed=PRINTED,
        statement="GroupSort(αx) = α GroupSort(x) for every real α and every x.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=as_printed,
        scope="one group of two numbers",
        covers_all=True,
        argument="proof.md#homogeneous",
        counterexamples={"pair: sorting commutes with the scale": {"alpha": "-1", "x1": "0", "x2": "1"}},
        minimality="the fewest entries (one number commutes with every scale) and the smallest integers",
        near_misses=(
            NearMiss(
                "pair: sorting commutes with the scale", {"alpha": "-1", "x1": "1", "x2": "1"}, "the entries are equal"
            ),
            NearMiss(
                "pair: sorting commutes with the scale",
                {"alpha": "1/100", "x1": "0", "x2": "1"},
                "the scale is positive",
            ),
        ),
        repairs={"α >= 0": Variant(repaired=True)},
        repaired_by=f"{ROW}.homogeneous_nonnegative",
        snippet=SNIPPET,
        notes="It fails for every α < 0 and every group with two different entries; in the sense usual for "
        "activations, α >= 0, the sentence is right.",
    ),
    Claim(
        id=f"{ROW}.homogeneous_nonnegative",
        source=ICML,
        printed=PRINTED,
        statement="GroupSort(αx) = α GroupSort(x) for every α >= 0 and every x, in either order.",
        reading="repaired: α >= 0 (positively homogeneous)",
        variant_of=f"{ROW}.homogeneous",
        expected=Verdict.PROVED,
        obligations=nonnegative,
        scope="all reals, every width, every group size",
        covers_all=True,
        hypotheses={"nonnegative scale": "α >= 0"},
        constants={"least scale": Constant(Fraction(0), Fraction(-1, 100), words="the smallest α that is allowed")},
        textbook=(
            TRANSPOSITIONS,
            Textbook("maps that commute with a scaling compose to one that does", "associativity of composition"),
        ),
        formal=(
            Formal(
                "sorting.groupsort_homogeneous",
                says="The whole statement in ascending order, for groups of any size and vectors of any length.",
                leaves_out="Descending order and the Python code.",
            ),
        ),
        argument="proof.md#homogeneous",
    ),
)
