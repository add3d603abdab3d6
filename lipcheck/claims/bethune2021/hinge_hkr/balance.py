"""For which weights of the labels hinge-KR is finite: the odds lie within 1/(1 + lambda) and 1 + lambda.

Beyond, no masses balance in the transport problem, and constants make the loss arbitrarily small.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.hinge_hkr._samples import ROW, SOURCE
from lipcheck.claims.bethune2021.hinge_hkr.transport import PRINTED
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import maximum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equal masses exist within the bounds; beyond them constants t >= m fall with a fixed slope."""
    p, q, strength, m, t, mass = map(var, ("p", "q", "strength", "m", "t", "mass"))
    odds, one = 1 + strength, variant.value("one", 1)
    law = conj(p > 0, q > 0, equals(p + q, 1), strength >= 0)
    given: dict[str, Formula] = {"law": law, "mass": equals(mass, maximum(p, q))}
    if variant.keeps("odds"):
        given["odds"] = conj(p <= one * odds * q, q <= one * odds * p)
    within = conj(p <= mass, q <= mass, mass <= odds * p, mass <= odds * q)
    loss = -p * t + q * t + strength * (p * positive_part(m - t) + q * positive_part(m + t))
    beyond: dict[str, Formula] = {"law": law, "odds": p > odds * q, "t": conj(t >= m, m > 0)}
    slope = odds * q - p
    return [
        Forall("equal masses within the bounds", given, within),
        Forall("constants beyond the bounds", beyond, conj(equals(loss, slope * t + strength * q * m), slope < 0)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.balance",
        source=SOURCE,
        printed=PRINTED,
        reading="sharpened: for which weights of the labels the problem is finite",
        statement="With P(Y = 1) = p in (0, 1) and finite first moments, E[L_lambda] is bounded below over 1-Lipschitz "
        "f if and only if 1/(1 + lambda) <= p/(1 - p) <= 1 + lambda.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all such laws on R^n",
        covers_all=True,
        hypotheses={"odds": "the odds of the labels lie within 1/(1 + lambda) and 1 + lambda"},
        constants={"one": Constant(Fraction(1), Fraction(101, 100), words="of 1 + lambda in the bound on the odds")},
        depends_on=(f"{ROW}.regularized_transport",),
        argument="proof.md#balance",
        notes="With balanced labels it is always finite. Samples of an unbalanced law are within these bounds "
        "for large "
        "lambda, unlike those of equation 6 (lambda = 0), which need equal numbers of both labels.",
    ),
)
