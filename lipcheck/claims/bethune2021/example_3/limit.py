"""After Example 3: "As L grows, we close to up to the maximum accuracy", for all finite training sets.

At an input with a share s > 1/2 of labels +1, every logit f <= 0 has a loss of at least log 2, more than the least one:
the derivative sigma(f) - s is negative there. Once the least loss over Lip_L is close enough to its infimum over all
functions, no input can be on its minority's side.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021._bce import EXP, PAPER
from lipcheck.claims.bethune2021.example_3.growing import TWO_CLASSES
from lipcheck.claims.bethune2021.example_3.minimizer import MCSHANE, ROW
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """D >= d: distances, R: largest difference of some values; E: the loss of a minimizer; p = sigma(f), u = e^-f."""
    u, s, p, L, D, d, R, change = map(var, ("u", "s", "p", "L", "D", "d", "R", "change"))
    E, infimum, delta, w, excess, rest, least = map(var, ("E", "infimum", "delta", "w", "excess", "rest", "least"))
    side: dict[str, Formula] = {"sigmoid": conj(equals(p * (1 + u), 1), p > 0), "wrong side": u >= 1}
    if variant.keeps("majority"):
        side["majority"] = 2 * s > 1
    room: dict[str, Formula] = {"values": absolute(change) <= R, "apart": conj(d > 0, d <= D, L >= 0)}
    close: dict[str, Formula] = {
        "wrong": conj(rest + w * (least + excess) <= E, w > 0, excess > 0),
        "infimum": equals(infimum, rest + w * least),
        "near": delta < w * excess,
    }
    if variant.keeps("large_L"):
        room["large_L"] = L * d >= R
    return [
        Forall("on the wrong side the loss falls towards the right one", side, p - s < 0),
        Forall("any values are L-Lipschitz for large L", room, absolute(change) <= L * D),
        Forall("one input on the wrong side costs too much", close, infimum + delta < E),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.best_accuracy",
        source=f"{PAPER}, section 4, after Example 3",
        printed="As L grows, we close to up to the maximum accuracy.",
        statement="For every finite training set with both labels there is an L_0 such that for all L >= L_0 every "
        "minimizer of the training loss over Lip_L predicts, at every input whose labels are not evenly split, the "
        "majority of its labels: no function has a higher training accuracy.",
        reading="for the minimizers over Lip_L, on every finite training set; an evenly split input counts half anyway",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all finite training sets in R^n with both labels",
        covers_all=True,
        hypotheses={"majority": "the labels at the input are not evenly split", "large_L": "L is large enough"},
        textbook=(EXP, MCSHANE, TWO_CLASSES, Textbook("definition of the infimum", "Rudin, Principles, 1.8")),
        depends_on=("bethune2021.proposition_4.two_classes",),
        argument="proof.md#the-accuracy-in-the-limit",
        notes="Without contradictory labels .maximum_accuracy gives an explicit L_0.",
    ),
)
