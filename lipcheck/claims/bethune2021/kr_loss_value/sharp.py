"""Equation 6 with the right sign and factor: -W(P, Q)/2 for balanced labels, -W(P, Q) for added class means."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH, one_more_pair
from lipcheck.claims.anil2019.kr_duality.duality import series, strong_duality
from lipcheck.claims.bethune2021.kr_loss_value._pairs import PRINTED, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

INDUCTION = Textbook("induction over the pairs of a coupling", "Peano's axioms")


def weighted(variant: Variant) -> Forall:
    """-p A + (1 - p) B is the loss of a function with E_P f = A and E_Q f = B: `factor` times A - B."""
    p, A, B = var("p"), var("A"), var("B")
    given: dict[str, Formula] = {"balanced": equals(2 * p, 1)} if variant.keeps("balanced") else {}
    factor = variant.value("factor", Fraction(-1, 2))
    return Forall("the loss and the gain", given, equals(-p * A + (1 - p) * B, factor * (A - B)))


def added(variant: Variant) -> Forall:
    """-A + B is the sum of the class means."""
    A, B = var("A"), var("B")
    return Forall("the loss and the gain", {}, equals(B - A, variant.value("factor", -1) * (A - B)))


def attained(factor: Fraction) -> Forall:
    """The gain is at most W and some f attains it: the loss is at least `factor` W, and equal there."""
    gain, best, W = var("gain"), var("best"), var("W")
    given: dict[str, Formula] = {"weak duality": gain <= W, "attained": equals(best, W)}
    return Forall("the best gain gives the least loss", given, factor * gain >= factor * best)


def mean(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Loss and gain, weak duality pair by pair, moments, and both sides by brute force on small spaces."""
    return [weighted(variant), *shared(variant, Fraction(-1, 2))]


def summed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The same for the added class means."""
    return [added(variant), *shared(variant, Fraction(-1))]


def shared(variant: Variant, factor: Fraction) -> list[Obligation]:
    """What both conventions rest on."""
    return [attained(factor), one_more_pair(variant), series(True, variant.dropped), strong_duality(3, 2, 2)]


HYPOTHESES = {
    "lipschitz": "f is 1-Lipschitz",
    "mass": "a coupling has no negative mass",
    "first moment": "E |X| is finite under both laws",
}

CLAIMS = (
    Claim(
        id=f"{ROW}.sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: sign, factor, balanced labels and first moments",
        statement="If P(Y = 1) = 1/2 and P and Q have finite first moments, min over 1-Lipschitz f of E[-Y f(X)] = "
        "-W(P, Q)/2, and it is attained.",
        expected=Verdict.PROVED,
        obligations=mean,
        scope="all such laws on R^n",
        covers_all=True,
        hypotheses={"balanced": "P(Y = 1) = 1/2", **HYPOTHESES},
        constants={"factor": Constant(Fraction(-1, 2), Fraction(-101, 200), words="of W(P, Q) in the minimum")},
        textbook=(KANTOROVICH, INDUCTION),
        argument="proof.md#the-right-value",
        notes="Lip_1 may be read as constant at most 1 or exactly 1: the minimizers have constant 1 if W > 0, and for "
        "P = Q every function has the loss 0.",
    ),
    Claim(
        id=f"{ROW}.summed_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: the sign, with the class means added",
        statement="If P and Q have finite first moments, min over 1-Lipschitz f of E_P[-f] + E_Q[f] = -W(P, Q), and it "
        "is attained.",
        expected=Verdict.PROVED,
        obligations=summed,
        scope="all such laws on R^n",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"factor": Constant(Fraction(-1), Fraction(-101, 100), words="of W(P, Q) in the minimum")},
        textbook=(KANTOROVICH, INDUCTION),
        argument="proof.md#the-right-value",
    ),
)
