"""Definition 1 calls the set of ties "the maximum margin frontier": none keeps farther from the classes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.claims.bethune2021.mountain_function.definition import ROW
from lipcheck.claims.bethune2021.mountain_function.definition_1 import PRINTED, SOURCE
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def widest(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Any frontier meets the segment from a to b; and x in A is d(A, B)/2 from every tie z, since d(z, B) = d(z, A)."""
    m, to_a, to_b, step, e = map(var, ("margin", "to_a", "to_b", "step", "e"))
    apart, x_z, z_a, z_b, x_b = map(var, ("apart", "x_z", "z_A", "z_B", "x_b"))
    part = variant.value("half", Fraction(1, 2))
    on = lemmas.kept(variant, separates=conj(equals(to_a + to_b, step), m <= to_a, m <= to_b))
    tie = lemmas.kept(variant, equidistant=equals(z_a, z_b))

    def holds(element: Sequence[Sequence[str]]) -> bool:
        found = line.classes_of(element)
        one, other = found
        away = min(line.distance(x, line.frontier(found)) for x in (*one, *other))
        return away == part * min(line.distance(x, other) for x in one)

    triangle = conj(x_b <= x_z + z_b + e, apart <= x_b, z_a <= x_z)
    text = f"the margin of the set of ties is {part} of the distance of the classes"
    return [
        Forall("no wider margin", {"size": step >= 0, **on}, m <= part * step),
        Forall("this margin", {"triangle": triangle, "e": conj(e > 0, apart >= 0), **tie}, part * apart <= x_z + e),
        *lemmas.with_ci(
            budget, Exhaustive("classes in {0, 1, 2, 3}", text, lambda: line.labelled(4, 2), holds, [4, 2, str(part)])
        ),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.maximum_margin",
        source=SOURCE,
        printed=PRINTED,
        reading="'maximum margin frontier': largest least distance from the points of X",
        statement="For disjoint non-empty closed classes: the zeros of a continuous g with sign(g) = c on X are at "
        "distance d(A, B)/2 or less from X, and the set of ties is at distance d(A, B)/2 from X exactly. So "
        "inf over X of |g| <= d(A, B)/2 = inf over X of |f| for every 1-Lipschitz g with sign(g) = c on X.",
        expected=Verdict.PROVED,
        obligations=widest,
        scope="all normed spaces, all disjoint closed non-empty classes",
        covers_all=True,
        hypotheses={
            "separates": "the frontier meets the segment from a in A to b in B",
            "equidistant": "the points of the frontier are as far from A as from B",
        },
        constants={"half": Constant(Fraction(1, 2), mutated=Fraction(101, 200), words="of the classes' distance")},
        textbook=(lemmas.INTERMEDIATE,),
        argument="proof.md#maximum-margin",
        notes="'The' maximum margin frontier is one of several: for A = {0, 10}, B = {2} the ties are 1 and 6, and the "
        "zeros 1 and 7 have the margin 1, too.",
    ),
)
