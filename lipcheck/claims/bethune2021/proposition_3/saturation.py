"""Section 4, the sentences around Proposition 3: when minimization saturates logits, and what saturated logits give.

On one input with both labels, share s of +1, the loss s log(1 + 1/z) + (1 - s) log(1 + z) of the logit log z has the
derivative z/(1 + z) - s, which vanishes at z = s/(1 - s): finite unless s is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, PAPER, LawError
from lipcheck.claims.bethune2021.proposition_3.statement import ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

BOTH_LABELS = {"share": "1/2", "z": "1"}
LEAST = "no finite logit is best"
CERTAIN = "the probability is 0 or 1"


def saturates(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No function minimizes the loss, since at no input a finite logit is best; repaired: each input has one label."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"share", "z"}:
            raise LawError("an input has the share of the label +1 there and z, the exponential of its logit")
        share, z = parse(data["share"]), parse(data["z"])
        hypotheses = {"share": 0 <= share <= 1, "finite": z > 0}
        if variant.repaired:
            hypotheses["one label"] = share in (0, 1)
        return Examination(hypotheses, z * (1 - share) != share)

    text = "at no input with a share of labels +1 does the derivative of its loss vanish at a finite logit log z"
    return [Universal(LEAST, text, examine, lambda: [BOTH_LABELS], parameters=variant.repaired)]


def steep(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f at a point of label +1, g at one of label -1; c: the size of their logits, at least."""
    f, g, c, L, d = map(var, ("f", "g", "c", "L", "d"))
    given: dict[str, Formula] = {"lipschitz": f - g <= L * d, "saturated": conj(c > 0, disj(f >= c, -f >= c), -g >= c)}
    if variant.keeps("right"):
        given["right"] = f > 0
    return [Forall("saturated and right", given, L * d >= variant.value("factor", 2) * c)]


def certain(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """s = sigma(f) for a logit f >= 25 log 2, z = e^-f; repaired: up to e^-f."""
    s, z = var("s"), var("z")
    saturated: dict[str, Formula] = {"sigmoid": equals(s * (1 + z), 1), "saturated": conj(z > 0, 2**25 * z <= 1)}
    conclusion = conj(1 - s <= z, s <= 1) if variant.repaired else disj(equals(s, 0), equals(s, 1))
    return [Forall(CERTAIN, saturated, conclusion)]


def near(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """0 < 1 - sigma(f) < c e^-f with z = e^-f; sigma(-f) = 1 - sigma(f) gives the other sign."""
    s, z = var("s"), var("z")
    given: dict[str, Formula] = {"sigmoid": equals(s * (1 + z), 1)}
    if variant.keeps("finite"):
        given["finite"] = z > 0
    distance = conj(1 - s > 0, 1 - s < variant.value("factor", 1) * z)
    return [Forall("distance from 1", given, distance), _reflection()]


def _reflection() -> Forall:
    """sigma(f) + sigma(-f) = 1: with z y = 1, s (1 + z) = 1 and r (1 + y) = 1."""
    s, r, z, y = map(var, ("s", "r", "z", "y"))
    given: dict[str, Formula] = {"s": equals(s * (1 + z), 1), "r": equals(r, z * s), "y": equals(z * y, 1)}
    return Forall("reflection", given, conj(equals(r * (1 + y), 1), equals(s + r, 1)),
                  witness={"s": Fraction(1, 2), "r": Fraction(1, 2), "z": Fraction(1), "y": Fraction(1)})  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.title",
        source=f"{PAPER}, section 4, title of Proposition 3",
        printed="Saturated Neural Networks have high Lipschitz constant",
        statement="If |f| >= c at two points of opposite labels at distance d, and f is right at both, then L d >= 2 c "
        "for every Lipschitz constant L of f; no larger factor than 2 will do.",
        reading="saturated: large logits of the right signs on both classes",
        expected=Verdict.PROVED,
        obligations=steep,
        scope="all n, all functions",
        covers_all=True,
        hypotheses={"right": "f is right at both points"},
        constants={"factor": Constant(Fraction(2), mutated=Fraction(201, 100), words="factor of c")},
        argument="proof.md#saturation",
        notes="Large logits alone do not suffice: a constant network has Lipschitz constant 0.",
    ),
    Claim(
        id=f"{ROW}.saturation",
        short="not if an input carries both labels (logit 0 is best there); it takes eq. 3 and two classes",
        source=f"{PAPER}, section 4, before Proposition 3",
        printed="On unconstrained neural networks, minimization of this loss leads to saturation of the logits and "
        "uncontrolled growth of Lipschitz constant.",
        statement="Whatever the training set, no unconstrained network minimizes the loss: at no input is a finite "
        "logit best.",
        reading="for every training set, as nothing is said of it there; Proposition 3 then asks for equation 3",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=saturates,
        scope="all training sets",
        covers_all=True,
        repairs={"every input carries one label": Variant(repaired=True)},
        counterexamples={LEAST: BOTH_LABELS},
        near_misses=(
            NearMiss(LEAST, {"share": "1/2", "z": "2"}, "the logit log 2 is not best"),
            NearMiss(LEAST, {"share": "1", "z": "1000"}, "one label: no finite logit is best"),
            NearMiss(LEAST, {"share": "1", "z": "0"}, "0 is no exponential"),
        ),
        minimality="one input with one sample of each label; with one sample no finite logit is best",
        snippet=(
            "from fractions import Fraction as F\n"
            "def exp_two_losses(z): return (1 + z) * (1 + 1 / z)  # one input, labels +1 and -1, logit log z\n"
            "print('least at logit 0:', exp_two_losses(F(1)))\n"
            "assert all(exp_two_losses(F(k, 10)) > 4 for k in range(1, 100) if k != 10)"
        ),
        repaired_by=ROW,
        argument="proof.md#saturation",
        notes="With a single class logits saturate, but constants do: the Lipschitz constant stays 0. That is the "
        "mutant without two classes of Proposition 3.",
    ),
    Claim(
        id=f"{ROW}.saturated_probability",
        short="0 < σ < 1 for every finite logit; it lies within e^−|f| of 0 or 1",
        source=f"{PAPER}, section 4, after Proposition 3",
        printed="With saturated logits the probability σ(f(x)) will be either 0 or 1 which do not carry any useful "
        "information on the true confidence of the classifier",
        statement="If a logit is saturated (here: f >= 25 log 2, where binary32 rounds sigma(f) to 1), then sigma(f) "
        "is 0 or 1.",
        reading="literal, in real arithmetic",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=certain,
        scope="all real logits above a threshold",
        covers_all=True,
        repairs={"within e^-f of 1": Variant(repaired=True)},
        counterexamples={CERTAIN: {"s": "33554432/33554433", "z": "1/33554432"}},
        near_misses=(
            NearMiss(CERTAIN, {"s": "1/2", "z": "1"}, "logit 0 is not saturated"),
            NearMiss(CERTAIN, {"s": "1", "z": "0"}, "an infinite logit"),
        ),
        minimality="a single logit; no finite logit, however large, has sigma(f) = 0 or 1",
        snippet=(
            "from fractions import Fraction\n"
            "z = Fraction(1, 2**25)  # e^-f at the logit f = 25 log 2\n"
            "s = 1 / (1 + z)\n"
            "print(s)\n"
            "assert 0 < s < 1"
        ),
        repaired_by=f"{ROW}.saturated_probability_near",
        argument="proof.md#saturated-probabilities",
        notes="Rounded to binary32 it is literally true: sigma(f) rounds to 1 from f = log(2^25 - 1) = 17.33 on, and "
        "to 0 from f = -104 on downwards. Close to 0 or 1 is what the authors mean.",
    ),
    Claim(
        id=f"{ROW}.saturated_probability_near",
        source=f"{PAPER}, section 4, after Proposition 3",
        printed="With saturated logits the probability σ(f(x)) will be either 0 or 1",
        reading="repaired: close to 0 or 1",
        statement="For every finite logit f >= 0, 0 < 1 - sigma(f) < exp(-f), and sigma(-f) = 1 - sigma(f); no smaller "
        "factor of exp(-f) does.",
        expected=Verdict.PROVED,
        obligations=near,
        scope="all real logits",
        covers_all=True,
        hypotheses={"finite": "the logit is finite: exp(-f) > 0"},
        constants={"factor": Constant(Fraction(1), mutated=Fraction(99, 100), words="factor of exp(-f)")},
        textbook=(EXP,),
        argument="proof.md#saturated-probabilities",
    ),
)
