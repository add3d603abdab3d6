"""Anil et al. 2019, section 4.1: GroupSort can recover ReLU, Leaky ReLU, concatenated ReLU and maxout.

Plain reading: each is A2 GroupSort(k)(A1 x) with linear A1, A2, for all inputs, whatever the group size k >= 2 and the
order. Groups (x, 0, ..., 0) have ReLU(x) and -ReLU(-x) at their ends, groups (x, a x, ..., a x) have max(x, a x).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.groupsort_other_activations.common import (
    ICML,
    ONE,
    RECOVER,
    ROW,
    UNITS,
    leaky,
    relu,
    sort,
)
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import const, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict

X, A = var("x"), var("a")


def zeros(k: int) -> Forall:
    """The ends of the sorted group (x, 0, ..., 0), in both orders."""
    group = [X, *[const(0)] * (k - 1)]
    up, down = sort(group, "ascending"), sort(group, "descending")
    ends = [down[0], down[-1], up[-1], up[0]]
    return Forall(f"ends of (x, 0, ..., 0), groups of {k}", {}, same(ends, [relu(X), -relu(-X)] * 2), size=k)


def multiples(k: int, variant: Variant) -> Forall:
    """The larger end of the sorted group (x, a x, ..., a x)."""
    slope: dict[str, Formula] = {"slope": variant.value("largest slope", 1) >= A} if variant.keeps("slope") else {}
    group = [X, *[A * X] * (k - 1)]
    return Forall(f"the larger end of (x, a x, ..., a x), groups of {k}", slope,
                  equals(sort(group, "descending")[0], leaky(X, A)), size=k)  # fmt: skip


def one_more() -> Forall:
    """One more entry equal to one that is there moves neither end of the group, m the larger, n the smaller one."""
    m, n, y = var("m"), var("n"), var("y")
    hypotheses: dict[str, Formula] = {"there already": conj(n <= y, y <= m)}
    return Forall("one more equal entry", hypotheses, conj(equals(maximum(m, y), m), equals(minimum(n, y), n)), size=1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Pairs, and the step to one more entry; maxout is the subject of a claim of its own."""
    sizes = (2,) if budget is Budget.SMOKE else (2, 3)
    sizes = sizes if variant.keeps("two or more") else (1,)
    return [one_more(), *map(zeros, sizes), multiples(sizes[0], variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=ICML,
        printed=RECOVER,
        statement=(
            "For every k >= 2, ReLU, concatenated ReLU, Leaky ReLU with a slope a <= 1, and maxout with groups of size "
            "k, of any number of units, are A2 GroupSort(k)(A1 x) for all x, with linear A1 and A2."
        ),
        reading="the four examples; for other functions nothing is said that could be checked",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every k >= 2, both orders, every number of units",
        covers_all=True,
        hypotheses={"two or more": "groups have at least two elements", "slope": "a <= 1"},
        constants={"largest slope": Constant(ONE, Fraction(101, 100), words="the largest slope of Leaky ReLU")},
        textbook=(UNITS,),
        argument="proof.md#the-four-activations",
        depends_on=(f"{ROW}.equation_8", f"{ROW}.leaky_relu", f"{ROW}.concatenated_relu", f"{ROW}.maxout"),
        notes="For slopes a > 1 Leaky ReLU is the smaller end. Both versions of the paper have the sentence.",
    ),
)
