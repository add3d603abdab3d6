"""Figure 2b: "For L high enough an inflexion point appears".

The minimizer is -L x for L <= L_1. For L > L_1 its slopes between the points are -L, -b, -L with b < L, so every
minimizer bends up around -1 and down around 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP
from lipcheck.claims.bethune2021.example_3.minimizer import ROW, SOURCE, q, v
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


def inflexion(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """q v > 1 says b < L; then the second differences of the values are L - b and b - L."""
    b, L, f, x = map(var, ("b", "L", "f", "x"))
    beyond: dict[str, Formula] = {"v": v > 0}
    if variant.keeps("large_L"):
        beyond["large_L"] = q**3 > variant.value("linear_term", 8) * q + 9
    slopes = {"slopes": b < L}
    forced = conj(absolute(f - 2 * L) <= L * (x + 2), absolute(f + 2 * L) <= L * (2 - x))
    return [
        Forall("the middle is slack", beyond, q * v > 1, hint=Hint(5)),
        Forall("bends up, then down", slopes, conj(-b - (-L) > 0, -L - (-b) < 0)),
        Forall("no bend before", {"ends": forced}, conj(f <= -(L * x), f >= -(L * x))),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.inflexion",
        source=f"{SOURCE}, Figure 2b",
        printed="For L high enough an inflexion point appears",
        statement="For L <= L_1 = 1.1872..., where q = e^L has q^3 <= 8 q + 9, the minimizer on [-2, 2] is -L x. For L "
        "> L_1 every minimizer has slopes -L, -b, -L between the points with b < L, so its curvature is positive "
        "around -1 and negative around 1: an inflexion lies between.",
        reading="inflexion: the second differences of the values at the points change their sign",
        expected=Verdict.PROVED,
        obligations=inflexion,
        scope="all L >= 0, all minimizers",
        covers_all=True,
        hypotheses={"large_L": "q^3 > 8 q + 9, that is L > L_1"},
        constants={
            "linear_term": Constant(Fraction(8), mutated=Fraction(792, 100), words="in q^3 = 8 q + 9 at L_1"),
        },
        textbook=(EXP,),
        depends_on=(f"{ROW}.minimizer",),
        argument="proof.md#the-inflexion",
        notes="The inflexion appears before the points of small weight turn right (L_1 < log 17). From log 17 on the "
        "minimizer is no longer monotone.",
    ),
)
