"""Corollary 3: "There is no classifier with the same risk and better certificates", larger at every point of X.

At a pair of nearest points of A and B not both certificates, nor both radii, exceed those of HMF(b).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.corollary_3.tight import ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """a and b at distance d, nearest if d = s; `hmf_a`, `hmf_b`: |f| there; g by its values, and by its radii.

    A classifier that tells a from b changes at a place t of the segment: `change`.
    """
    g_a, g_b, d, s, hmf_a, hmf_b, r_a, r_b, t = map(var, ("g_a", "g_b", "d", "s", "hmf_a", "hmf_b", "r_a", "r_b", "t"))
    half = variant.value("half", Fraction(1, 2))
    given: dict[str, Formula] = {"HMF": conj(hmf_a >= half * s, hmf_b >= half * s), "s": s > 0}
    if variant.keeps("attained"):
        given["attained"] = d <= s
    values, radii = dict(given), dict(given)
    if variant.keeps("lipschitz"):
        values["lipschitz"] = g_a - g_b <= d
    if variant.keeps("risk"):
        values["risk"] = conj(g_a > 0, g_b < 0)
        radii["change"] = conj(r_a <= t, r_b <= d - t)
    return [
        Forall("certificates", values, disj(absolute(g_a) <= hmf_a, absolute(g_b) <= hmf_b)),
        Forall("radii", radii, disj(r_a <= hmf_a, r_b <= hmf_b)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.no_better_everywhere",
        source=SOURCE,
        printed="There is no classifier with the same risk and better certificates.",
        reading="better: larger at every point of X; the distance of the classes is attained",
        variant_of=f"{ROW}.no_better",
        statement="Let A and B be closed, disjoint and not empty, X their union, and |a - b| the least distance of a "
        "point of A and one of B. No 1-Lipschitz g with the labels of b has |g| > |HMF(b)| at both a and b, and no "
        "classifier with the labels of b has radii above |HMF(b)| at both.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all closed disjoint classes with a nearest pair (one of them bounded, say)",
        covers_all=True,
        hypotheses={
            "lipschitz": "g is 1-Lipschitz",
            "risk": "g has the labels of b at a and b",
            "attained": "|a - b| is the distance of the classes",
        },
        constants={"half": Constant(Fraction(1, 2), Fraction(99, 200), words="of the distance, a bound of |HMF(b)|")},
        textbook=(Textbook("the supremum of an interval of equal labels", "completeness of the reals"),),
        argument="proof.md#better-everywhere",
        depends_on=(f"{ROW}.max_min_value",),
        notes="Nowhere smaller and somewhere larger is possible: .no_better.",
    ),
)
