"""Corollary 2 for functions: f(x) = (d(x, supp Q) - d(x, supp P)) / 2 is 1-Lipschitz and right on both supports."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.corollary_2.unbounded import PRINTED, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SEPARATED = {"separated": "the closed classes A and B have a positive distance, or no common point"}


def separating(variant: Variant) -> list[Forall]:
    """f = half (b - a), a = d(x, A), b = d(x, B); a1, b1 at another point at distance d. On A the value is b / 2."""
    a, b, a1, b1, d, gap = map(var, ("a", "b", "a1", "b1", "d", "gap"))
    half = variant.value("half", Fraction(1, 2))
    distances = conj(a - a1 <= d, a1 - a <= d, b - b1 <= d, b1 - b <= d, d >= 0)
    point: dict[str, Formula] = {"x in A": equals(a, 0), "gap": conj(b >= gap, gap >= 0)}
    other: dict[str, Formula] = {"x in B": equals(b, 0), "gap": conj(a >= gap, gap >= 0)}
    if variant.keeps("separated"):
        point["separated"] = other["separated"] = gap > 0
    return [
        Forall("1-Lipschitz", {"distances": distances}, half * (b - a) - half * (b1 - a1) <= d),
        Forall("positive on A", point, conj(half * (b - a) > 0, 2 * half * (b - a) >= gap)),
        Forall("negative on B", other, conj(half * (b - a) < 0, 2 * half * (b - a) <= -gap)),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The function and its margin."""
    return separating(variant)


CLAIMS = (
    Claim(
        id=f"{ROW}.functions",
        source=f"{SOURCE}; section 3: 'In particular, when classes are separable they can achieve 100% accuracy'",
        printed=PRINTED,
        reading="1-Lipschitz functions instead of networks",
        variant_of=ROW,
        statement="Let A and B be closed, disjoint and not empty. f = (d(., B) - d(., A)) / 2 is 1-Lipschitz on R^n, "
        "positive on A and negative on B; if the distance of A and B is at least s, |f| >= s / 2 on both. So f has "
        "error zero for A = supp P and B = supp Q, whatever sign(0) is.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all norms, all closed disjoint supports, bounded or not",
        covers_all=True,
        hypotheses=SEPARATED,
        constants={"half": Constant(Fraction(1, 2), Fraction(101, 200), words="the factor of the two distances")},
        textbook=(
            Textbook("d(., S) is 1-Lipschitz, and vanishes on S; it is positive off S if S is closed", "metric spaces"),
            Textbook(
                "a probability measure on R^n gives its support mass one", "Parthasarathy, Probability measures, II.2"
            ),
        ),
        argument="proof.md#functions",
        notes="Disjoint supports are enough; epsilon gives the margin. An empty class: a constant function.",
    ),
)
