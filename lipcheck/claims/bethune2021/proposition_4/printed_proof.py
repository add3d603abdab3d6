"""Appendix B, proof of Proposition 4: large functions have one sign, misclassify a class, and so have a large loss.

The first step holds with half the printed threshold; the second needs a class on the wrong side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, PAPER, LawError
from lipcheck.claims.bethune2021.proposition_4.statement import ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{PAPER}, appendix B, proof of Proposition 4"
PRINTED = (
    "if lim sup_{t→∞} u_t = +∞ then lim sup_{t→∞} E(f_t) = +∞. Indeed, for ||f_t||_∞ ≥ 2L diam X we can guarantee that "
    "sign f_t is constant over X and in this case one of the two classes y is misclassified, knowing that lim_{f(x)→∞} "
    "L(−yf(x), y) = O(f(x)) → +∞ yields the desired result."
)
DIVERGES = "unbounded functions have unbounded losses"
ALONE = {"share": "1", "sign": 1}


def diverges(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The constants f_t = t or -t: their loss is unbounded exactly if the other class has positive probability."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"share", "sign"} or data["sign"] not in (1, -1):
            raise LawError("a sequence of constants has the share of the label +1 and the sign of the constants")
        share = parse(data["share"])
        hypotheses = {"law": 0 <= share <= 1}
        if variant.repaired:
            hypotheses["two classes"] = 0 < share < 1
        return Examination(hypotheses, (1 - share if data["sign"] == 1 else share) > 0)

    text = "the expected loss of the constants t (or -t), t = 1, 2, ..., is unbounded"
    return [Universal(DIVERGES, text, examine, lambda: [ALONE], parameters=variant.repaired)]


def constant_sign(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f0 is a value with |f0| > L diam X =: M, f1 any other; then the printed threshold 2M, attained at f0."""
    f0, f1, M = var("f0"), var("f1"), var("M")
    factor = variant.value("factor", 1)
    close = {"lipschitz": conj(f0 - f1 <= M, f1 - f0 <= M)} if variant.keeps("lipschitz") else {}
    given: dict[str, Formula] = {"diameter": M >= 0, **close}
    large = disj(f0 > factor * M, -f0 > factor * M)
    same = disj(conj(f0 > 0, f1 > 0), conj(f0 < 0, f1 < 0))
    printed = disj(f0 >= 2 * M, -f0 >= 2 * M)
    return [
        Forall("above L diam X", {**given, "large": large}, same),
        Forall("from 2 L diam X on", {**given, "large": printed}, disj(same, conj(equals(f0, 0), equals(f1, 0)))),
    ]


def limit(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """F = e^f: the loss of -y f(x) with label y is log(1 + F), between f and f + log 2 for f >= 0."""
    F, y, f = var("F"), var("y"), var("f")
    given: dict[str, Formula] = {"exponential": F > 0}
    if variant.keeps("nonnegative"):
        given["nonnegative"] = F >= 1
    label = {"label": disj(equals(y, 1), equals(y, -1))}
    return [
        Forall("the label enters twice", label, equals(y * (-(y * f)), -f)),
        Forall("between f and f + log 2", given, conj(1 + F > F, variant.value("factor", 2) * F >= 1 + F)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="with one class nothing is misclassified: f_t = t is unbounded and its loss tends to 0",
        source=SOURCE,
        printed=PRINTED,
        statement="If sup |f_t| is unbounded for f_t in Lip_L(X, R), then so is the expected loss of f_t.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=diverges,
        scope="constant functions, all laws",
        covers_all=True,
        repairs={"both labels have positive probability": Variant(repaired=True)},
        counterexamples={DIVERGES: ALONE},
        near_misses=(
            NearMiss(DIVERGES, {"share": "1", "sign": -1}, "the constants -t misclassify the only class"),
            NearMiss(DIVERGES, {"share": "1/2", "sign": 1}, "half of the labels are on the wrong side"),
            NearMiss(DIVERGES, {"share": "2", "sign": 1}, "no probability"),
        ),
        minimality="one input, one label, constant functions",
        snippet=(
            "from math import exp, log\n"
            "share = 1  # of the label +1; one input\n"
            "loss = [share * log(1 + exp(-t)) + (1 - share) * log(1 + exp(t)) for t in range(40)]\n"
            "print(max(loss), loss[-1])\n"
            "assert max(loss) <= log(2) and loss[-1] < 1e-15"
        ),
        repaired_by=f"{ROW}.two_classes",
        argument="proof.md#the-printed-proof",
        notes="With two classes the proof is right; that E is continuous in the uniform norm, which its last sentence "
        "uses, is the step 'the loss is 1-Lipschitz' of .two_classes.",
    ),
    Claim(
        id=f"{ROW}.constant_sign",
        source=SOURCE,
        printed="for ||f_t||_∞ ≥ 2L diam X we can guarantee that sign f_t is constant over X",
        statement="For f in Lip_L(X, R): if |f| exceeds L diam X somewhere, f has that sign, and no zero, on all of X; "
        "no smaller factor than 1 will do. In particular the printed threshold 2 L diam X suffices (if it is 0, f is "
        "constant).",
        expected=Verdict.PROVED,
        obligations=constant_sign,
        scope="all compact X, all L >= 0",
        covers_all=True,
        hypotheses={"lipschitz": "|f(x) - f(x')| <= L diam X"},
        constants={"factor": Constant(Fraction(1), mutated=Fraction(99, 100), words="factor of L diam X")},
        argument="proof.md#one-sign",
        notes="Strictness matters: f(x) = L x on [0, D] has the maximum L D and vanishes at 0.",
    ),
    Claim(
        id=f"{ROW}.limit",
        source=SOURCE,
        printed="knowing that lim_{f(x)→∞} L(−yf(x), y) = O(f(x)) → +∞",
        reading="L(g, y) = -log sigma(y g) at g = -y f(x), as f(x) -> infinity",
        statement="L(-y f, y) = log(1 + e^f) for y in {-1, 1}; for f >= 0 it lies between f and f + log 2, so it is "
        "O(f) and tends to infinity with f.",
        expected=Verdict.PROVED,
        obligations=limit,
        scope="all real f, both labels",
        covers_all=True,
        hypotheses={"nonnegative": "f >= 0"},
        constants={"factor": Constant(Fraction(2), mutated=Fraction(199, 100), words="exp of log 2")},
        textbook=(EXP,),
        argument="proof.md#the-printed-proof",
        notes="O(f) alone is an upper bound and gives no divergence; the lower bound f is what the proof needs.",
    ),
)
