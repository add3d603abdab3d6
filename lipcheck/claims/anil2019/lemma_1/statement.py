"""Lemma 1 as printed, and for totally bounded spaces.

Plain reading: for every 1-Lipschitz g and every eps > 0 some f in L has |f - g| < eps everywhere on X. The derivation
takes a finite net x_1, ..., x_k instead of the printed open covers: G = max_i min_j f_ij with f_ij(x_i) = g(x_i) and
f_ij(x_j) = g(x_j) equals g on the net, and both are 1-Lipschitz.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from lipcheck.claims.anil2019.lemma_1 import common
from lipcheck.claims.anil2019.lemma_1.common import ICLR, PRINTED, ROW
from lipcheck.words.claim import Claim, Constant, Formal, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import Term, absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict

FAMILIES = "families of affine functions on finitely many points"
NETS = Textbook("a compact metric space is totally bounded: finitely many balls of radius r cover it", "Munkres, "
                "Topology, theorem 45.1")  # fmt: skip


def examine(data: Data, variant: Variant) -> Examination:
    """Which hypotheses a family meets, and whether it is dense."""
    found = common.read(data)
    hypotheses = {
        "two points": len(found.points) >= 2,
        "in C_L": found.lipschitz,
        "lattice": found.lattice,
        "separation": found.separates(variant.value("separation", 1)),
    }
    return Examination(hypotheses, found.dense())


def families(variant: Variant) -> Universal:
    """The lemma for the families of `common`."""
    proposed = [common.ALL_ON_TWO, common.EMPTY_ON_A_POINT, common.AFFINE_ON_THREE, common.CONSTANTS, common.NEARLY_ALL]
    return Universal(FAMILIES, "a separating lattice in C_L on two points or more is dense",
                     lambda data: examine(data, variant), lambda: proposed, variant.dropped)  # fmt: skip


def prescribed(variant: Variant) -> Forall:
    """The values of a 1-Lipschitz g at two points are among those that the separation property offers."""
    a, b, d = var("a"), var("b"), var("d")
    reach = variant.value("separation", 1)
    return Forall("g's values can be prescribed", {"Lipschitz": absolute(a - b) <= d}, absolute(a - b) <= reach * d)


def one_more_minimum() -> Forall:
    """min(F, f) keeps the value v at x_i, stays below w at other net points, and gets below it at x_j."""
    F, f, v, other, least, w = var("F"), var("f"), var("v"), var("other"), var("least"), var("w")
    hypotheses: dict[str, Formula] = {
        "at x_i": conj(equals(F, v), equals(f, v)),
        "at x_j": disj(least <= w, equals(other, w)),
    }
    return Forall("one more function in the minimum", hypotheses,
                  conj(equals(minimum(F, f), v), minimum(least, other) <= w))  # fmt: skip


def one_more_maximum() -> Forall:
    """max(G, F) stays at most v at a net point where both are, and gets the value v where one of them has it."""
    G, F, v = var("G"), var("F"), var("v")
    highest = maximum(G, F)
    return Forall("one more function in the maximum", {"below": conj(v >= G, v >= F)},
                  conj(highest <= v, disj(conj(v > G, v > F), equals(highest, v))))  # fmt: skip


def interpolation(count: int) -> Forall:
    """max_i min_j f_ij is g at the first of `count` points, and so at each; f_ij(1) is arbitrary where 1 is not "
    "i, j."""
    g = var("g1")

    def value(i: int, j: int) -> Term:
        return g if 1 in (i, j) else var(f"f{i}{j}")

    points = range(1, count + 1)
    inner = [reduce(minimum, [value(i, j) for j in points if j != i]) for i in points]
    return Forall(f"max of min on {count} points", {}, equals(reduce(maximum, inner), g), size=count)


def near_a_net(variant: Variant) -> Forall:
    """Where G = g at a net point within r, |G - g| <= 2 r."""
    here, there, g, v, d, r = var("G_here"), var("G_there"), var("g_here"), var("g_there"), var("d"), var("r")
    hypotheses: dict[str, Formula] = {
        "interpolation": equals(there, v),
        "g": absolute(g - v) <= d,
        "in C_L": absolute(here - there) <= d,
        "compact": conj(d <= r, r > 0),
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("the error is at most twice the radius of the net", kept,
                  absolute(here - g) <= variant.value("error", 2) * r)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the derivation; the interpolation as a whole on 2, 3 and 4 points."""
    small: list[Obligation] = [families(variant), prescribed(variant), near_a_net(variant)]
    if budget is Budget.SMOKE:
        return small
    return [*small, one_more_minimum(), one_more_maximum(), *map(interpolation, (2, 3, 4))]


HYPOTHESES = {
    "two points": "X has at least two points",
    "compact": "X is compact",
    "in C_L": "all functions of L are 1-Lipschitz",
    "lattice": "L is a lattice",
    "separation": "for x != y and |a - b| <= d(x, y) some f in L has f(x) = a and f(y) = b",
}
CONSTANTS = {
    "separation": Constant(Fraction(1), Fraction(99, 100), words="|a - b| <= 1 d(x, y)"),
    "error": Constant(Fraction(2), Fraction(199, 100), words="the error over the radius of the net"),
}

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICLR}, Lemma 1; the same in the ICML version, section 6",
        printed=PRINTED,
        statement=(
            "Let X be a compact metric space with at least two points and L a set of 1-Lipschitz functions on X, "
            "closed under max and min, such that for all x != y and |a - b| <= d(x, y) some f in L has f(x) = a, "
            "f(y) = b. Then for every 1-Lipschitz g and eps > 0 some f in L has sup |f - g| < eps."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all compact metric spaces, all lattices of 1-Lipschitz functions",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=CONSTANTS,
        textbook=(NETS, Textbook("induction over finitely many functions", "Peano's axioms")),
        formal=(
            Formal(
                "lattices.restricted_stone_weierstrass",
                says="The whole statement, for totally bounded instead of compact spaces.",
                leaves_out="That a compact metric space is totally bounded (textbook). Of a metric only the Lipschitz "
                "condition is used.",
            ),
            Formal(
                "lattices.premises_can_hold",
                says="The premises of the theorem can hold, on two points.",
                leaves_out="Nothing.",
            ),
        ),
        argument="proof.md#statement",
        notes=(
            "Definition 2 lets the empty set be a lattice; with two points the separation property makes L "
            "nonempty. On one point the property is void and the empty lattice is not dense."
        ),
    ),
    Claim(
        id=f"{ROW}.totally_bounded",
        source=f"{ICLR}, Lemma 1",
        printed=PRINTED,
        statement=(
            "Lemma 1 holds on every totally bounded metric space with at least two points, and for every metric space "
            "in this form: on every finite set of at least two points some f in L takes the values of g exactly."
        ),
        reading="sharper: totally bounded instead of compact",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all totally bounded metric spaces",
        covers_all=True,
        hypotheses=HYPOTHESES | {"compact": "X is totally bounded"},
        constants=CONSTANTS,
        textbook=(Textbook("induction over finitely many functions", "Peano's axioms"),),
        formal=(
            Formal(
                "lattices.restricted_stone_weierstrass",
                says="The first half: Lemma 1 on every totally bounded space with two points.",
                leaves_out="Of a metric only the Lipschitz condition is used. Rests on the excluded middle.",
            ),
            Formal(
                "lattices.values_at_finitely_many_points",
                says="The second half: the values of g at any finite number of points, exactly.",
                leaves_out="Rests on the excluded middle, for the equality of points.",
            ),
            Formal(
                "lattices.premises_can_hold",
                says="The premises of the theorem can hold, on two points.",
                leaves_out="Nothing.",
            ),
        ),
        argument="proof.md#totally-bounded-spaces",
        notes="Bounded is not enough: an infinite set with the discrete metric, and the functions that are eventually "
        "constant. So Theorem 3 needs a bounded X, but no closed one.",
    ),
)
