"""Figures 11 and 12: 50 iterations of Bjorck's first order scheme with a small beta, computed.

W <- (1 + beta) W - beta W W'W takes each singular value s to s + beta s (1 - s^2), and s (1 - s^2) <= 2 / (3 sqrt 3) <
0.3855 on [0, 1]. So 50 iterations with beta = 0.0003 raise no singular value by more than 0.0058.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.tables_and_figures._tables import ICLR, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

BETA, STEPS, PEAK = Fraction(3, 10000), 50, Fraction(3855, 10000)
NEAR_PEAK = Fraction(5775, 10000)


def peak() -> Forall:
    """s (1 - s^2) <= 0.3855 on [0, 1]: (s - a)^2 (s + 2a) >= 0 with a = 0.5775."""
    s = var("s")
    given: dict[str, Formula] = {"range": conj(s >= 0, s <= 1), "sign": disj(s >= NEAR_PEAK, s <= NEAR_PEAK)}
    return Forall("one step", given, s - s**3 <= PEAK, hint=Hint(3))


def stays(beta: Fraction) -> Forall:
    """s <= s + beta s (1 - s^2) <= 1 on [0, 1], and more than s strictly between: convergence, to 1 unless s = 0."""
    s = var("s")
    after = s + beta * (s - s**3)
    given: dict[str, Formula] = {"range": conj(s > 0, s < 1)}
    return Forall("between s and 1", given, conj(after > s, after < 1), hint=Hint(3))


def all_steps(variant: Variant) -> Forall:
    """50 steps of at most beta 0.3855 rise by at most 0.0058, and end below 0.5058 when they start below 1/2."""
    beta = variant.value("beta", BETA)
    start, rise, end = var("start"), var("rise"), var("end")
    given: dict[str, Formula] = {
        "steps": conj(rise >= 0, rise <= beta * PEAK, equals(end, start + STEPS * rise)),
        "positive": start >= 0,
    }
    if variant.keeps("far"):
        given["far"] = start <= Fraction(1, 2)
    slow = end - start <= Fraction(58, 10000)
    return Forall("50 steps", given, conj(slow, end <= Fraction(5058, 10000), 1 - end * end > Fraction(744, 1000)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One step, its order, and fifty of them."""
    return [peak(), stays(BETA), all_steps(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.figure_11",
        source=f"{ICLR}, appendix B.1, Figures 11 and 12",
        printed="Figure 11 shows the maximum and minimum singular values of matrices which have undergone 50 "
        "iterations of the first order Bjorck scheme for varying choices of β < 0.5. When β is much smaller than 0.5 "
        "the matrices may be far from orthonormal.",
        reading="beta = 0.0003, the value of Figure 12",
        statement="After 50 iterations with beta = 0.0003 a singular value in (0, 1) has grown, by at most 0.0058, and "
        "is below 1: every W with all singular values at most 1 and one of them in (0, 1/2] ends with that one below "
        "0.5058, and ||W'W - I||_2 > 0.744.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all matrices with singular values in [0, 1]",
        covers_all=True,
        hypotheses={"far": "the matrix has a singular value of at most 1/2"},
        constants={"beta": Constant(BETA, mutated=Fraction(303, 1000000), words="the step of Figure 12")},
        textbook=(Textbook("singular values of W W'W are s^3, by the decomposition", "Golub and Van Loan, 2.4"),),
        argument="proof.md#bjorck-with-a-small-beta",
        notes="A zero singular value stays zero for ever. From 1/2 it takes about 9500 iterations to come within 0.005 "
        "of 1.",
    ),
)
