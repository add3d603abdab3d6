"""Equation 6 for any joint law of (X, Y), as section 2.1 allows: with unequal labels there is no minimum.

Constants are 1-Lipschitz, and the constant t has the loss -(2 p - 1) t.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.kr_loss_value._pairs import PRINTED, ROW, SOURCE, read
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

CONSTANT: Any = {"p": "2/3", "P": [["1", "1", "4"]], "Q": [["0", "1", "4"]]}


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No function is below -W(P, Q), which every finite minimum of this kind would have to respect."""

    def examine(data: Data) -> Examination:
        pair = read(data)
        hypotheses = {"lipschitz": pair.lipschitz}
        if variant.repaired:
            hypotheses["balanced"] = pair.p == Fraction(1, 2)
        return Examination(hypotheses, pair.loss >= -pair.distance)

    labels = "equal" if variant.repaired else "any"
    text = f"E[-Y f] >= -W(P, Q) for every 1-Lipschitz f, for {labels} weights of the labels"
    return [Universal("bounded below", text, examine, lambda: [CONSTANT], parameters=labels), *diverging(Variant())]


def diverging(variant: Variant) -> list[Forall]:
    """For p != 1/2 and every bound B > 0 a constant has a loss of at most -B; for p = 1/2 all have the loss 0."""
    p, t, B = var("p"), var("t"), var("B")
    given: dict[str, Formula] = {"constant": equals((2 * p - 1) * t, B), "bound": B > 0}
    if variant.keeps("unequal"):
        given["unequal"] = disj(2 * p > 1, 2 * p < 1)
    below = Forall("a constant below every bound", given, -p * t + (1 - p) * t <= -variant.value("bound", 1) * B)
    solvable = {"unequal": given["unequal"]} if variant.keeps("unequal") else {}
    slope = Forall("the slope in t is not zero", solvable, disj(2 * p - 1 > 0, 2 * p - 1 < 0))
    balanced = Forall("balanced constants", {"balanced": equals(2 * p, 1)}, equals(-p * t + (1 - p) * t, 0))
    return [below, slope, balanced]


def finite(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Divergence for p != 1/2; for p = 1/2 the loss is half of minus the gain, which W bounds."""
    gain, W = var("gain"), var("W")
    bounded = Forall("bounded for equal weights", {"weak duality": conj(gain <= W, W >= 0)}, -gain / 2 >= -W / 2)
    return [*diverging(variant), bounded]


CLAIMS = (
    Claim(
        id=f"{ROW}.any_balance",
        source=SOURCE,
        printed=PRINTED,
        statement="For every joint law of (X, Y) with both labels, E[-Y f(X)] is bounded below by -W(P, Q) over "
        "1-Lipschitz f, as a minimum in terms of W(P, Q) needs.",
        short="with P(Y=1) != 1/2 constants make E[-Y f] arbitrarily small: no minimum; equal weights are needed",
        reading="any joint law, as section 2.1 says",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all laws with P(Y = 1) != 1/2",
        covers_all=True,
        repairs={"equal weights": Variant(repaired=True)},
        counterexamples={"bounded below": CONSTANT},
        near_misses=(
            NearMiss("bounded below", {**CONSTANT, "p": "1/2"}, "equal weights: constants have the loss 0"),
            NearMiss(
                "bounded below", {"p": "2/3", "P": [["1", "1", "3"]], "Q": [["0", "1", "3"]]}, "its loss is just -W"
            ),
            NearMiss("bounded below", {"p": "1", "P": [["1", "1", "4"]], "Q": [["0", "1", "4"]]}, "one label only"),
        ),
        minimality="one atom each and a constant function; every p != 1/2 fails, p = 1/2 does not",
        snippet="""\
from fractions import Fraction as F
p, W = F(2, 3), 1                                    # P = atom at 1, Q = atom at 0
loss = lambda t: -p * t + (1 - p) * t                # the constant t, which is 1-Lipschitz
print([str(loss(t)) for t in (1, 10, 100, 1000)])
assert loss(4) < -W and loss(3000) == -1000
""",
        repaired_by=f"{ROW}.balance",
        argument="proof.md#balance",
    ),
    Claim(
        id=f"{ROW}.balance",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: for which joint laws the loss is bounded below",
        statement="Let both labels occur and P, Q have finite first moments. E[-Y f(X)] is bounded below over "
        "1-Lipschitz f if and only if P(Y = 1) = 1/2; otherwise constants have arbitrarily small losses.",
        expected=Verdict.PROVED,
        obligations=finite,
        scope="all such laws on R^n",
        covers_all=True,
        hypotheses={"unequal": "P(Y = 1) != 1/2, for the divergence"},
        mutants={"below -1.01 B": Variant(constants={"bound": Fraction(101, 100)})},
        argument="proof.md#balance",
        notes="A sample of odd size never has equal labels, so its empirical loss has no minimum: see "
        "hinge_hkr.consistency_every.",
    ),
)
