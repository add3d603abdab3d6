"""Appendix B, proof of Proposition 5: "We restrict ourselves to a subset of Lip_L(X, R) on which ||f|| <= 2 L diam X
because the minimum lies in this subspace."

At a minimum the mean of sigma(f) is the share s of the label +1, so f crosses log(s/(1 - s)) and stays within L diam X
of it. Around zero this gives |log(s/(1 - s))| + L diam X, which the print lacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER, LawError, log_exceeds
from lipcheck.claims.bethune2021.proposition_4.statement import ROW, TWO
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{PAPER}, appendix B, proof of Proposition 5"
PRINTED = (
    "We restrict ourselves to a subset of Lip_L(X, R) on which ||f||_∞ ≤ 2L diam X because the minimum lies in this "
    "subspace."
)
WITHIN = "the minimizer is small"
TWO_THIRDS = {"share": "2/3", "inputs": ["0", "1"], "L": "1/4"}


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Laws with the same share of the label +1 at every input: the constant log(share/(1 - share)) is the minimizer."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"share", "inputs", "L"} or not data["inputs"]:
            raise LawError("a law has the share of the label +1, at least one input on the real line, and L")
        share, L = parse(data["share"]), parse(data["L"])
        inputs = list(map(parse, data["inputs"]))
        hypotheses = {"two classes": 0 < share < 1, "L": L > 0}
        if variant.repaired:
            hypotheses["equal shares"] = share == Fraction(1, 2)
        if not hypotheses["two classes"]:
            return Examination(hypotheses, True)
        odds = share / (1 - share)
        return Examination(hypotheses, not log_exceeds(max(odds, 1 / odds), 2 * L * (max(inputs) - min(inputs))))

    text = "for labels independent of the input, the constant minimizer is at most 2 L diam X in size"
    return [Universal(WITHIN, text, examine, lambda: [TWO_THIRDS], parameters=variant.repaired)]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """S: sum of w sigma(f), W: sum of w, T: sum of w over the label +1, D: derivative of the loss along constants."""
    S, W, T, D, w, s, share = map(var, ("S", "W", "T", "D", "w", "s", "share"))
    f, crossing, odds, M = map(var, ("f", "crossing", "odds", "M"))
    so_far: dict[str, Formula] = {"so far": equals(D, S - T)}
    reach: dict[str, Formula] = {"diameter": M >= 0}
    if variant.keeps("minimizer"):
        reach["minimizer"] = crossing <= odds
    if variant.keeps("lipschitz"):
        reach["lipschitz"] = f - crossing <= M
    high: dict[str, Formula] = {"so far": share * W <= S, "one more": conj(s > share, w > 0)}
    return [
        Forall("derivative, one more label +1", so_far, equals(D + w * (s - 1), (S + w * s) - (T + w))),
        Forall("derivative, one more label -1", so_far, equals(D + w * s, (S + w * s) - T)),
        Forall("probabilities above the share have a mean above it", high, S + w * s > share * (W + w)),
        Forall("from the crossing to any point", reach, f <= odds + variant.value("factor", 1) * M),
        attained(),
    ]


def attained() -> Exists:
    """X = {0, D}, all mass at 0, both labels equally likely there: f is a minimizer exactly if f(0) = 0."""

    def accepts(data: Any) -> bool:
        D, L, at_zero, at_D = (parse(data[k]) for k in ("D", "L", "f(0)", "f(D)"))
        return D > 0 and L > 0 and at_zero == 0 and abs(at_D - at_zero) <= L * D and abs(at_D) == L * D

    text = "a minimizer for a law with log odds 0 has the value L diam X at a point of X, for some L > 0 and diam X > 0"
    return Exists("attained", text, accepts, lambda: {"D": "1", "L": "1", "f(0)": "0", "f(D)": "1"})


CLAIMS = (
    Claim(
        id=f"{ROW}.bound",
        short="for 2 of 3 labels +1, L diam X = 1/4, the minimizer is log 2; the bound is |log odds| + L diam X",
        source=SOURCE,
        printed=PRINTED,
        statement="For every bounded X, L > 0 and law with two classes, the minimizers of the expected loss over "
        "Lip_L(X, R) satisfy sup |f| <= 2 L diam X.",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=printed,
        scope="all bounded X, L > 0, laws with two classes",
        covers_all=True,
        repairs={"equal shares of the two classes": Variant(repaired=True)},
        counterexamples={WITHIN: TWO_THIRDS},
        near_misses=(
            NearMiss(WITHIN, {**TWO_THIRDS, "L": "1/2"}, "log 2 is below 1"),
            NearMiss(WITHIN, {**TWO_THIRDS, "share": "1/2"}, "equal classes: the minimizer is 0"),
            NearMiss(WITHIN, {**TWO_THIRDS, "share": "1"}, "one class: no minimizer"),
        ),
        minimality="three samples, the fewest whose two classes differ in size; on a single input (diam X = 0) every "
        "unequal share is a counterexample",
        snippet=(
            "from math import exp, log\n"
            "L, diam = 1 / 4, 1  # inputs 0 and 1, each with labels +1, +1, -1\n"
            "def loss(f): return (2 * log(1 + exp(-f)) + log(1 + exp(f))) / 3  # strictly convex in the logit f\n"
            "best = min(range(-2000, 2001), key=lambda k: loss(k / 1000)) / 1000\n"
            "print('minimizer', best, 'printed bound', 2 * L * diam)\n"
            "assert abs(best - log(2)) < 1e-3 and best > 2 * L * diam"
        ),
        repaired_by=f"{ROW}.bound_sharp",
        argument="proof.md#the-size-of-minimizers",
        notes="Proposition 5 needs only some bound that holds for all large p. With classes of equal share L diam X is "
        "enough, half of what is printed.",
    ),
    Claim(
        id=f"{ROW}.bound_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: centred at the log odds of the two classes",
        statement="For a law with 0 < s = P(y = 1) < 1 on a bounded X and L >= 0, every minimizer f satisfies E "
        "sigma(f) = s and |f(x) - log(s/(1 - s))| <= L diam X for all x; no smaller factor than 1 will do.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all bounded X, L >= 0, laws with two classes",
        covers_all=True,
        hypotheses={"minimizer": "f minimizes the expected loss", "lipschitz": "f is L-Lipschitz on X"},
        constants={"factor": Constant(Fraction(1), mutated=Fraction(99, 100), words="factor of L diam X")},
        textbook=(
            EXP,
            INDUCTION,
            Textbook("differentiation under the integral", "Rudin, Real and Complex Analysis, theorem 1.34"),
            Textbook("a positive function has a positive integral", "Rudin, Real and Complex Analysis, theorem 1.39"),
        ),
        argument="proof.md#the-size-of-minimizers",
        notes=f"Two classes ({TWO['two_classes']}) make s/(1 - s) finite and positive.",
    ),
)
