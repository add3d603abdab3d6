"""Anil et al. 2019, section 4.1: "When we pick a grouping size of 2, we call the operation MaxMin. This is equivalent
to the Orthogonal Permutation Linear Unit (Chernodub & Nowicki, 2016)."

OPLU sends each pair to (max, min); GroupSort "sorts each group into ascending order", so to (min, max). Equivalent: up
to one fixed exchange inside each pair, which the next weight matrix absorbs. As functions the two differ.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.groupsort_properties.common import ICML, ROW, sort
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import equals, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, maximum, minimum, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "When we pick a grouping size of 2, we call the operation MaxMin. This is equivalent to the Orthogonal Permutation "
    "Linear Unit (Chernodub & Nowicki, 2016)."
)


def oplu(a: Term, b: Term) -> list[Term]:
    """The larger number, then the smaller one."""
    return [maximum(a, b), minimum(a, b)]


def up_to_exchange(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The sorted pair, exchanged, against OPLU; a mutant pairs units otherwise or does not exchange."""
    a, b, c = variables("x", 3)
    low, high = sort([a, b])
    left = [high, low] if variant.keeps("exchange") else [low, high]
    right = oplu(a, b) if variant.keeps("same pairs") else oplu(a, c)
    return [Forall("pair: exchanging the sorted pair gives OPLU", {}, same(left, right), size=2)]


def identical(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equality as functions, under the printed order; repaired where both sort downwards."""
    a, b = variables("x", 2)
    left = sort([a, b], "descending" if variant.repaired else "ascending")
    return [
        Forall("pair: GroupSort(2) equals OPLU", {}, same(left, oplu(a, b)), size=2),
        Forall(
            "minimal: equal entries are no counterexample",
            {"tie": equals(a, b)},
            same(sort([a, b]), oplu(a, b)),
            size=2,
        ),
    ]


SNIPPET = """\
from fractions import Fraction as F
x = [F(0), F(1)]
groupsort, oplu = sorted(x), [max(x), min(x)]
print("ascending GroupSort:", groupsort, " OPLU:", oplu)
assert groupsort != oplu and groupsort[::-1] == oplu
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.oplu",
        source=ICML,
        printed=PRINTED,
        statement="GroupSort with groups of 2 equals OPLU on the same pairs followed by an exchange in each pair.",
        reading="equivalent: equal up to one fixed permutation of the units, whatever the input",
        expected=Verdict.PROVED,
        obligations=up_to_exchange,
        scope="all reals, every even width",
        covers_all=True,
        hypotheses={
            "exchange": "the two outputs of each pair are exchanged",
            "same pairs": "both act on the same pairs of units",
        },
        argument="proof.md#oplu",
        depends_on=(f"{ROW}.norms",),
        notes="The exchange is a permutation matrix, so every p-norm of the next weight matrix stays what it was.",
    ),
    Claim(
        id=f"{ROW}.oplu_identical",
        short="MaxMin and OPLU differ in the order of each pair, and in nothing else",
        source=ICML,
        printed=PRINTED,
        statement="GroupSort with groups of 2, ascending, and OPLU, (max, min), are the same function.",
        reading="equivalent: the same function, with the printed ascending order",
        variant_of=f"{ROW}.oplu",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=identical,
        scope="one pair",
        covers_all=True,
        argument="proof.md#oplu",
        counterexamples={"pair: GroupSort(2) equals OPLU": {"x1": "0", "x2": "1"}},
        minimality="one pair is the least width, and two different entries are needed",
        near_misses=(NearMiss("pair: GroupSort(2) equals OPLU", {"x1": "1", "x2": "1"}, "the entries are equal"),),
        repairs={"both put the maximum first": Variant(repaired=True)},
        repaired_by=f"{ROW}.oplu",
        snippet=SNIPPET,
        notes="The paper itself uses both orders: ascending in section 4.1, the maximum first in equation 8 of the "
        "ICLR appendix, MaxMin(x, 0) = (ReLU(x), -ReLU(-x)).",
    ),
)
