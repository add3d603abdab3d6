"""Anil et al. 2019, ICLR appendix A, equation 7: abs(x) = [1/√2  -1/√2] MaxMin([1/√2; -1/√2] x), on all of R.

The factor r = 1/√2 passes through MaxMin, r (max(r x, -r x) - min(r x, -r x)) = r^2 (|x| + |x|) = |x|. MaxMin puts the
maximum first here. With the ascending order of section 4.1, "sorts each group into ascending order", it gives -|x|.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.maxmin_abs.common import APPENDIX, DAMAGE, EQUATION_7, HALF, ROW, maxmin, scales
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

X = var("x")
EQUATION = "equation 7"


def equation(variant: Variant, descending: bool = True) -> Forall:
    """k (first - second) = |x| for the pair (x, -x), with k = r^2."""
    first, second = maxmin(X, -X) if descending else maxmin(X, -X)[::-1]
    return Forall(EQUATION, {}, equals(variant.value("square of the weights", HALF) * (first - second), absolute(X)),
                  size=1)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The factors leave MaxMin, and what is left is |x|."""
    return [equation(variant, variant.keeps("maximum first")), *scales(budget)]


def ascending(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With the order of section 4.1; the repair puts the maximum first."""
    zero = Forall("minimal: x = 0 is no counterexample", {"zero": equals(X, 0)},
                  equals(HALF * (maxmin(X, -X)[1] - maxmin(X, -X)[0]), absolute(X)), size=1)  # fmt: skip
    return [equation(Variant(), variant.repaired), zero]


def forced(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The units (a x, b x), read by (c, d): the slopes 1 and -1 against the norms; p = (a - b)^2, q = (c - d)^2."""
    a, b, c, d, p, q = (var(name) for name in "abcdpq")
    bound = variant.value("square of the norms", 1)
    slopes: dict[str, Formula] = {
        "slope at x > 0": equals(c * a + d * b, 1),
        "slope at x < 0": equals(c * b + d * a, -1),
    }
    point = {"a": HALF, "b": -HALF, "c": HALF * 2, "d": -HALF * 2}
    norms: dict[str, Formula] = {
        "product": equals(p * q, 4),
        "into": conj(p >= 0, p <= 2 * bound),
        "back": conj(q >= 0, q <= 2 * bound),
    }
    square = equals(2 * (a**2 + b**2) - (a - b) ** 2, (a + b) ** 2)
    return [
        Forall("(a - b)(c - d) = 2", slopes, equals((a - b) * (c - d), 2), witness=point),
        Forall("2 (a^2 + b^2) - (a - b)^2 = (a + b)^2", {}, square),
        Forall("both differences are √2", norms, conj(equals(p, 2), equals(q, 2))),
    ]


SNIPPET = """\
from fractions import Fraction as F
x = F(1)
low, high = sorted([x, -x])  # "sorts each group into ascending order"
image = (low - high) / 2     # the factors 1/sqrt(2) cancel
print("equation 7 with the ascending order gives", image, "for |x| =", abs(x))
assert image == -abs(x) != abs(x)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.eq_7",
        source=f"{APPENDIX}, equation 7",
        printed=EQUATION_7,
        statement="For every real x, |x| = (1/√2, -1/√2) MaxMin((1/√2, -1/√2)' x), where MaxMin = (max, min).",
        reading="MaxMin puts the maximum first, as in equations 6 and 8",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals; no bound on the domain",
        covers_all=True,
        hypotheses={"maximum first": "MaxMin(x, y) = (max(x, y), min(x, y))"},
        constants={"square of the weights": Constant(HALF, Fraction(101, 200), words="the square of the four weights")},
        argument="proof.md#equation-7",
        notes=DAMAGE,
    ),
    Claim(
        id=f"{ROW}.eq_7_ascending",
        source=f"{APPENDIX}, equation 7, with section 4.1",
        printed=f"{EQUATION_7} [section 4.1: sorts each group into ascending order ... When we pick a grouping size of "
        "2 for GroupSort, we call the operation MaxMin.]",
        statement="For every real x, |x| = (1/√2, -1/√2) GroupSort((1/√2, -1/√2)' x) with one ascending pair.",
        reading="MaxMin as section 4.1 defines it: GroupSort with groups of 2, ascending",
        variant_of=f"{ROW}.eq_7",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=ascending,
        scope="all reals x but 0",
        covers_all=True,
        repairs={"the maximum first": Variant(repaired=True)},
        counterexamples={EQUATION: {"x": "1"}},
        near_misses=(NearMiss(EQUATION, {"x": "0"}, "at 0 both orders give 0"),),
        minimality="one number, one pair; only x = 0 is no counterexample",
        short="with the ascending order of section 4.1 equation 7 gives -|x|; with the maximum first |x|",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.eq_7",
        argument="proof.md#equation-7",
        notes="The name MaxMin and equations 6 to 8 put the maximum first; section 4.1 sorts upwards. Either order "
        "serves after an exchange of columns in the next weight.",
    ),
    Claim(
        id=f"{ROW}.eq_7_forced",
        source=f"{APPENDIX}, equation 7",
        printed=EQUATION_7,
        statement=(
            "If (c, d) MaxMin((a, b)' x) = |x| for all x, with a >= b, a^2 + b^2 <= 1 and c^2 + d^2 <= 1, then a = c = "
            "1/√2 and b = d = -1/√2: one pair leaves no choice, and none with rational weights."
        ),
        reading="that the printed weights are the only ones, which the text does not say",
        variant_of=f"{ROW}.eq_7",
        expected=Verdict.PROVED,
        obligations=forced,
        scope="all real weights of one pair, without biases",
        covers_all=True,
        constants={
            "square of the norms": Constant(Fraction(1), Fraction(101, 100), words="the bound on both squared norms")
        },
        textbook=(Textbook("the square root of 2 is irrational", "Hardy and Wright, theorem 43"),),
        argument="proof.md#equation-7",
        notes="Four units, or two layers of signed permutations, have rational weights (lipcheck.build.activations).",
    ),
)
