""" "|f(x)| < m can be understood as examples x for which the classifier is unsure: the label may be flipped using
attacks of norm ||delta|| <= m": at most |f(x)| + e is enough for some f with this value, and none below |f(x)| for any.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.margin_choice.epsilon import ROW
from lipcheck.claims.bethune2021.proposition_5._steps import kept, within
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

value, after, size, m = map(var, ("value", "after", "size", "m"))


def flipped(variant: Variant) -> Forall:
    """g(z) = f(x) - |z - x| is 1-Lipschitz with g(x) = f(x); at distance (f(x) + m)/2 <= m it is negative."""
    given: dict[str, Formula] = {"positive": value > 0, "unsure": value < m}
    distance = (value + m) / 2
    given = kept(variant, given, ["unsure"])
    return Forall("a function that flips", given, conj(value - distance < 0, distance <= m))


def safe(variant: Variant) -> Forall:
    """|f(x)| >= m: every attack smaller than m leaves the sign, for every 1-Lipschitz f."""
    given: dict[str, Formula] = {"lipschitz": within(after - value, size), "sure": value >= m}
    given["small"] = size < variant.value("radius", 1) * m
    return Forall("sure examples keep their label", kept(variant, given, ["lipschitz", "sure"]), after > 0)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both sides of m, for a positive label; for a negative one take -f."""
    return [flipped(variant), safe(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.unsure",
        source="Béthune et al. 2021, arXiv 2104.05097v2, section 5, the paragraph before Proposition 7",
        printed="|f(x)| < m can be understood as examples x for which the classifier is unsure: the label may be "
        "flipped using attacks of norm ‖δ‖ ≤ m.",
        reading="may: for some 1-Lipschitz function with that value at x, and for none where |f(x)| >= m and the "
        "attack is smaller than m",
        statement="If 0 < |v| < m, some 1-Lipschitz f on R^n with f(x) = v changes its sign within distance m of x. If "
        "|f(x)| >= m > 0 for a 1-Lipschitz f, no attack of norm below m changes its sign.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all x in R^n, all m > 0",
        covers_all=True,
        hypotheses={
            "unsure": "|f(x)| < m",
            "sure": "|f(x)| >= m",
            "lipschitz": "f is 1-Lipschitz",
        },
        constants={
            "radius": Constant(Fraction(1), mutated=Fraction(101, 100), words="norm of a harmless attack over m")
        },
        textbook=(Textbook("the distance to a point is 1-Lipschitz", "Rudin, Principles, theorem 4.6"),),
        argument="proof.md#unsure-examples",
        notes="For a given f the label need not be flipped by any attack: f = m/2.",
    ),
)
