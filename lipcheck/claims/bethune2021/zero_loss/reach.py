"""Before Proposition 4: "Conversely, 1-Lipschitz neural network cannot reach zero loss."

Nothing reaches it. What the constraint adds is a positive infimum, if both classes occur.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER
from lipcheck.claims.bethune2021.example_2.infimum import FINITE, not_null, ray
from lipcheck.claims.bethune2021.proposition_3 import statement as proposition_3
from lipcheck.claims.bethune2021.proposition_4._laws import ONE_CLASS, TWO_CLASSES, read
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.zero_loss"
SOURCE = f"{PAPER}, section 4, before Proposition 4"
PRINTED = "Conversely, 1-Lipschitz neural network cannot reach zero loss."
INFIMUM = "the infimum is positive"
MEASURE = Textbook("a positive function has a positive integral", "Rudin, Real and Complex Analysis, theorem 1.39")


def infimum(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Training sets with weights: over 1-Lipschitz f the infimum is positive exactly if both labels occur."""

    def examine(data: Any) -> Examination:
        law = read(data)
        hypotheses = {"law": law.proper, "lipschitz": law.L == 1}
        if variant.repaired:
            hypotheses["two classes"] = law.two_classes
        return Examination(hypotheses, law.two_classes)

    text = "the losses of 1-Lipschitz functions on a training set with weights have a positive lower bound"
    return [Universal(INFIMUM, text, examine, lambda: [ONE_CLASS], parameters=variant.repaired)]


def two_classes(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """exp(p e) >= (1 + e^(-d/2))^2 > 1 for the mean loss e, by the steps of Proposition 3 with L = 1."""
    P, s, w = var("P"), var("s"), var("w")
    far: dict[str, Formula] = {"two losses": (1 + s) ** 2 <= P, "exponentials": conj(s > 0, w > 0), "lipschitz": s >= w}
    positive = Forall("the bound is positive", far, conj((1 + w) ** 2 <= P, P > 1))
    return [*proposition_3.pair(variant), positive, proposition_3.attained()]


def unconstrained(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No network reaches zero loss; along a ray of networks that separate, the loss falls below every epsilon."""
    return [*not_null(variant), *ray(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For every law of (x, y) and every 1-Lipschitz f the expected loss is positive.",
        expected=Verdict.PROVED,
        obligations=lambda variant, budget: not_null(variant),
        scope="all laws and all real-valued functions, 1-Lipschitz or not",
        covers_all=True,
        hypotheses=FINITE,
        textbook=(EXP, INDUCTION, MEASURE),
        argument="proof.md#zero-loss",
        notes="The Lipschitz constraint is not used, so the word 'Conversely' promises a contrast that only the other "
        "reading has: see .infimum, .two_classes and .unconstrained.",
    ),
    Claim(
        id=f"{ROW}.infimum",
        short="with one class constants come as close to 0 as one likes; with two the infimum is positive",
        source=SOURCE,
        printed=PRINTED,
        reading="reach: come arbitrarily close to, as unconstrained networks do",
        statement="For every training set, the losses of 1-Lipschitz functions have a positive infimum.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=infimum,
        scope="all training sets with weights",
        covers_all=True,
        repairs={"both labels occur": Variant(repaired=True)},
        counterexamples={INFIMUM: ONE_CLASS},
        near_misses=(
            NearMiss(INFIMUM, TWO_CLASSES, "two classes"),
            NearMiss(INFIMUM, {**ONE_CLASS, "L": "2"}, "another constant than 1"),
        ),
        minimality="one point",
        snippet=(
            "from math import exp, log\n"
            "for t in (1, 10, 30):  # the constant t is 1-Lipschitz; every label is +1\n"
            "    print(t, log(1 + exp(-t)))\n"
            "assert log(1 + exp(-30)) < 1e-12"
        ),
        repaired_by=f"{ROW}.two_classes",
        argument="proof.md#the-infimum",
    ),
    Claim(
        id=f"{ROW}.two_classes",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: both classes occur; with the bound",
        statement="On a training set of p points, two of opposite labels at distance d, every L-Lipschitz f has a mean "
        "loss of at least (2/p) log(1 + exp(-L d/2)), here for L = 1; equality for p = 2.",
        expected=Verdict.PROVED,
        obligations=two_classes,
        scope="all training sets with both labels",
        covers_all=True,
        hypotheses={"two_classes": proposition_3.HYPOTHESES["two_classes"]},
        constants={"factor": Constant(Fraction(1), mutated=Fraction(101, 100), words="factor of (1 + exp(-d/2))^2")},
        textbook=(EXP, INDUCTION),
        argument="proof.md#the-infimum",
    ),
    Claim(
        id=f"{ROW}.unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="the contrast: what unconstrained networks do instead",
        statement="No real-valued function reaches zero loss on a nonempty training set; if a network separates the "
        "training set with positive margins, its multiples have losses that tend to 0.",
        expected=Verdict.PROVED,
        obligations=unconstrained,
        scope="all training sets, all real-valued functions",
        covers_all=True,
        hypotheses={**FINITE, "separable": "the network has positive margins at all training points"},
        textbook=(EXP, INDUCTION),
        argument="proof.md#zero-loss",
    ),
)
