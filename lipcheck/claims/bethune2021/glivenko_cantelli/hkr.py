"""L_lambda = -y f + lambda max(0, m - y f): bounded below iff the rarer class has at least 1 / (2 + lambda)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb
from typing import Any

from lipcheck.claims.bethune2021.glivenko_cantelli._classes import APPENDIX, ROW, bounded_functions
from lipcheck.claims.bethune2021.glivenko_cantelli.functions import SampleError
from lipcheck.claims.bethune2021.proposition_5._steps import ASCOLI, STRONG_LAW, brackets, infima, kept, rounding
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Loss L_λ still belong to Glivenko–Cantelli classes as sum of functions from Glivenko–Cantelli classes (on same "
    "distribution P_X). [Table 1: hKR, consistent estimator: yes (Appendix B)]"
)
a, b, lam, c, m, D = map(var, ("a", "b", "lam", "c", "m", "D"))


def consistent(variant: Variant) -> Universal:
    """Data {"lam", "pi"}: infima converge unless the law lies exactly at the threshold.

    Above it both are finite, below it both are minus infinity, and at it the expected loss is bounded below while the
    sample is below the threshold infinitely often.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"lam", "pi"}:
            raise SampleError("the data are lam and pi")
        weight, pi = parse(data["lam"]), parse(data["pi"])
        rarer = min(pi, 1 - pi)
        hypotheses = {
            "law": 0 < pi < 1 and weight > 0,
            "off the threshold": rarer * (2 + weight) != 1 or not variant.repaired,
        }
        return Examination(hypotheses, rarer * (2 + weight) != 1)

    text = "for the law P(y = 1) = pi the infimum over Lip_1 of the mean of L_lambda converges to that of E L_lambda"
    return Universal("consistency", text, examine, lambda: [THIRD], parameters=variant.repaired)


def hinges() -> Forall:
    """For constants c >= m >= 0 the hinge of label 1 is zero and that of label -1 is m + c."""
    values = conj(equals(positive_part(m - c), 0), equals(positive_part(m + c), m + c))
    return Forall("hinges of large constants", {"constants": conj(c >= m, m >= 0)}, values)


def slopes() -> Forall:
    """Constants c >= m cost c (b (1 + lambda) - a) + b lambda m, a and b the masses of the labels 1 and -1.

    That decreases in c without bound iff b (2 + lambda) < 1. For c <= -m the labels change places.
    """
    right, wrong = map(var, ("right", "wrong"))
    given: dict[str, Formula] = {"masses": equals(a + b, 1), "hinges": conj(equals(right, 0), equals(wrong, m + c))}
    value = c * (b * (1 + lam) - a) + b * lam * m
    return Forall("the loss of large constants", given, equals(a * (-c + lam * right) + b * (c + lam * wrong), value))


def fewer_than_a_third(p: int) -> Fraction:
    """The probability that 3 Bin(p, 1/3) < p."""
    return sum((Fraction(comb(p, k) * 2 ** (p - k), 3**p) for k in range(p + 1) if 3 * k < p), Fraction(0))


def below() -> Exhaustive:
    """P(y = 1) = 1/3, lambda = 1: fewer than a third of p labels are positive with probability above 1/4."""

    def holds(p: Data) -> bool:
        return fewer_than_a_third(p) > Fraction(1, 4)

    sizes = list(range(1, 41))
    text = "P(3 Bin(p, 1/3) < p) > 1/4 for p = 1, ..., 40; it tends to 1/2"
    return Exhaustive("samples below the threshold", text, lambda: sizes, holds, sizes)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Laws at the threshold, the loss of constants, and samples below it."""
    return [consistent(variant), hinges(), slopes(), below()]


def coercive(variant: Variant) -> Forall:
    """Above the threshold the slope b (1 + lambda) - a of the loss in large constants is positive."""
    factor = variant.value("threshold", 2)
    given: dict[str, Formula] = {
        "masses": conj(equals(a + b, 1), b >= 0, lam > 0),
        "above_threshold": b * (factor + lam) > 1,
    }
    return Forall("the slope is positive", kept(variant, given, ["above_threshold"]), b * (1 + lam) - a > 0)


def falling() -> Forall:
    """Below the threshold the slope is negative, so that constants drive the loss to minus infinity."""
    given: dict[str, Formula] = {"masses": conj(equals(a + b, 1), lam > 0), "below": b * (2 + lam) < 1}
    return Forall("the slope is negative", given, b * (1 + lam) - a < 0)


def general() -> Forall:
    """f between c - D and c + D on both classes: their losses are at least -c - D and (1 + lambda)(c - D)."""
    f, g, hinge_f, hinge_g = map(var, ("f", "g", "hinge_f", "hinge_g"))
    given: dict[str, Formula] = {
        "lipschitz": conj(f <= c + D, g >= c - D),
        "constants": conj(lam > 0, m >= 0),
        "hinges": conj(hinge_f >= 0, hinge_g >= m + g),
    }
    lower = conj(-f + lam * hinge_f >= -c - D, g + lam * hinge_g >= (1 + lam) * (c - D))
    return Forall("functions that are no constants", given, lower)


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The slope on both sides of the threshold, functions near constants, and the uniform law on bounded functions."""
    return [
        coercive(variant),
        falling(),
        general(),
        hinges(),
        slopes(),
        bounded_functions(variant),
        rounding(),
        brackets(),
        infima(variant),
    ]


THIRD = {"lam": "1", "pi": "1/3"}
SNIPPET = """\
from fractions import Fraction
# lambda = 1, m = 0, P(y = 1) = 1/3: constants f = -c < 0 cost 0 on average, and less than 0 on 1 positive of 4
def loss(share, c):
    return share * (c + max(0, c)) + (1 - share) * -c
for c in (1, 10, 100):
    print(-c, "expected", loss(Fraction(1, 3), c), "on a sample", loss(Fraction(1, 4), c))
    assert loss(Fraction(1, 3), c) == 0 and loss(Fraction(1, 4), c) == Fraction(-c, 4)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.hkr",
        short="fails where the rarer class has probability 1/(2+λ) exactly; the sum holds no Glivenko-Cantelli class",
        source=f"{APPENDIX}; Table 1, row hKR",
        printed=PRINTED,
        reading="the setting of Proposition 5, with L_lambda for the BCE; every law of two classes, every lambda > 0",
        statement="For every law on X x Y of two classes with X bounded, every lambda > 0 and m >= 0: the infimum over "
        "Lip_1(X, R) of the mean of L_lambda converges almost surely to that of its expectation.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all laws of two classes, all lambda > 0",
        covers_all=True,
        counterexamples={"consistency": THIRD},
        near_misses=(
            NearMiss("consistency", {"lam": "1", "pi": "1/2"}, "balanced: above the threshold 1/3"),
            NearMiss("consistency", {"lam": "1", "pi": "1/4"}, "below: both infima are minus infinity"),
            NearMiss("consistency", {"lam": "0", "pi": "1/2"}, "lambda = 0 is the Wasserstein loss"),
        ),
        minimality="one point and constants; the counterexamples are exactly the laws at the threshold",
        snippet=SNIPPET,
        repairs={"laws off the threshold": Variant(repaired=True)},
        repaired_by=f"{ROW}.hkr_sharp",
        textbook=(
            Textbook("the central limit theorem", "Kallenberg, proposition 5.9"),
            Textbook("the zero-one law of Hewitt and Savage", "Kallenberg, theorem 3.15"),
        ),
        argument="proof.md#hkr",
        notes="The argument 'sum of Glivenko-Cantelli classes' fails for all laws of two classes: its first "
        "summand, -y f, is unbounded in the constants. Two infima that are both minus infinity count as converging.",
    ),
    Claim(
        id=f"{ROW}.hkr_sharp",
        source=f"{APPENDIX}; Table 1, row hKR",
        printed=PRINTED,
        reading="repaired: the rarer class has a probability above 1/(2 + lambda), as balanced classes have",
        statement="For every law on X x Y with X bounded, lambda > 0, m >= 0 and min(P(y = 1), P(y = -1)) > 1/(2 + "
        "lambda): the infimum over Lip_1(X, R) of the mean of L_lambda converges almost surely to that of its "
        "expectation, which is a minimum. If the rarer class has less, both are minus infinity, for all large p.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all laws on bounded sets off the threshold, all lambda > 0",
        covers_all=True,
        hypotheses={
            "above_threshold": "the rarer class has a probability above 1/(2 + lambda)",
            "lipschitz": "f is 1-Lipschitz",
            "bounded": "X has diameter D",
            "uniform": "mean and expectation are near each other on the whole sublevel set",
        },
        constants={"threshold": Constant(Fraction(2), Fraction(202, 100), words="1/(threshold + lambda)")},
        textbook=(ASCOLI, STRONG_LAW),
        argument="proof.md#hkr",
        notes="For lambda = 0 the threshold is 1/2 and no law lies above it.",
    ),
)
