"""Before Example 3: the minimizer of cross entropy need not minimize the error, and f_L/L need not for L = 1."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, PAPER, positive
from lipcheck.claims.bethune2021.example_3.minimizer import ROW, cubic, q, v
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def error(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Values of slope L with the right signs, and the minimizer's wrong ones below log 17."""
    L = var("L")
    values, x, labels = [L / 2, -(L / 2), L / 2, -(L / 2)], [-2, -1, 1, 2], [1, -1, 1, -1]
    close = conj(
        *(values[i] - values[j] <= abs(x[i] - x[j]) * L for i in range(4) for j in range(4) if i != j),
        *(y * f > 0 for f, y in zip(values, labels, strict=True)),
    )
    small: dict[str, Formula] = {"v": v > 0}
    if variant.keeps("small_L"):
        small["small_L"] = q < variant.value("odds", 17)
    given = {"L": L > 0} if variant.keeps("positive_L") else {}
    return [
        Forall("right at all four points", given, close),
        Forall("the minimizer is wrong at -1", small, v < 1),
    ]


def scaling(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """b < L beyond L_1, while the minimizer for L = 1 has b = 1; losses at L = log 17 compared in balls."""
    beyond: dict[str, Formula] = {"v": v > 0}
    if variant.keeps("beyond"):
        beyond["beyond"] = q**3 > 8 * q + 9
    b, L, ratio = var("b"), var("L"), var("ratio")
    text = "the loss of f_L/L for L = log 17, which is (1, 0, 0, -1), exceeds that of -x"
    return [
        Forall("the middle is slack", beyond, q * v > 1, hint=Hint(5)),
        Forall("f_L/L is below 1 at -1", {"slack": conj(b < L, equals(ratio * L, b)), "L": L > 0}, ratio < 1),
        positive("L = 1 is linear", "8 e + 9 - e^3 > 0", lambda exactly: -cubic(exactly(1).exp())),
        positive("a worse loss", text,
                 lambda e: 9 * (-e(1)).exp().log1p() + e(2).log() - 9 * (-e(2)).exp().log1p() - e(1).exp().log1p()),
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.error",
        source=f"{PAPER}, section 4, before and after Example 3",
        printed="However one cannot guarantees that the minimizer of BCE will maximize accuracy (see Example 3). [...] "
        "Not because the optimal classifier is not part of the hypothesis space, but rather because the minimizer of "
        "binary cross entropy is not necessarily the minimizer of the error.",
        statement="For the four points of Example 3 and every L > 0 some L-Lipschitz f classifies all four right, "
        "while for 0 < L < log 17 the minimizer of the cross entropy over Lip_L has the error 0.1 (2 of 4 points).",
        expected=Verdict.PROVED,
        obligations=error,
        scope="all 0 < L < log 17",
        covers_all=True,
        hypotheses={"positive_L": "L > 0", "small_L": "L < log 17"},
        constants={"odds": Constant(Fraction(17), mutated=Fraction(1717, 100), words="e^L below which it errs")},
        textbook=(EXP,),
        depends_on=(f"{ROW}.minimizer",),
        argument="proof.md#the-error",
    ),
    Claim(
        id=f"{ROW}.scaling",
        source=f"{PAPER}, section 4, before Example 3",
        printed="Besides, if f_L^* is a minimum of Equation 4 for some L, in general (1/L) f_L^* is not necessarily a "
        "minimum of Equation 4 for L = 1.",
        statement="For the four points of Example 3, f_L/L minimizes over Lip_1 exactly for 0 < L <= L_1 = 1.1872...; "
        "for L = log 17 it is (1, 0, 0, -1) at the points, of a larger loss than -x.",
        expected=Verdict.PROVED,
        obligations=scaling,
        scope="all L > 0",
        covers_all=True,
        hypotheses={"beyond": "L > L_1"},
        textbook=(EXP,),
        depends_on=(f"{ROW}.minimizer",),
        argument="proof.md#scaling",
        notes="Simpler still: one input with a share s != 1/2 of labels +1. The minimizer is log(s/(1 - s)) for every "
        "L.",
    ),
)
