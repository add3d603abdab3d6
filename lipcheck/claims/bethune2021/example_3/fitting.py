"""Example 3: "High values of L leads to better fitting."

For the four points the least loss falls strictly with L, to 0, and the weighted accuracy rises from 0.9 to 1 at L =
log 17.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, TANGENT
from lipcheck.claims.bethune2021.example_3.minimizer import ROW, SETTING, SOURCE, q, v
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def turning(variant: Variant) -> list[Forall]:
    """b < 0, that is v > 1, exactly for q > 17; b > 0 in the linear regime, which ends before 17; a > 0 always."""
    p, odds = var("p"), variant.value("odds", 17)
    past: dict[str, Formula] = {"v": v > 0}
    if variant.keeps("large_L"):
        past["large_L"] = q > odds
    return [
        Forall("small weights right", past, v > 1),
        Forall("small weights wrong or zero", {"v": v > 0, "small L": q <= 17}, v <= 1),
        Forall("linear regime ends before 17", {"q": conj(p >= 1, p**3 <= 8 * p + 9)}, p < 4, hint=Hint(3)),
        Forall("large weights right", {"v": v > 0}, 9 * v + 8 > 1),
    ]


def falling() -> list[Forall]:
    """The factors 1 + 1/(9 v + 8) and 1 + 1/v of exp(loss), at v < w; the derivative in L of the linear regime."""
    w, x, y, r, t, p, epsilon = map(var, ("w", "x", "y", "r", "t", "p", "epsilon"))
    factors = conj(equals(x * (9 * v + 8), 1), equals(r * v, 1))
    later = conj(equals(y * (9 * w + 8), 1), equals(t * w, 1))
    sizes = conj(v > 0, w > v, x > 0, r > 0, y > 0, t > 0)
    one = {"v": Fraction(1), "w": Fraction(2), "x": Fraction(1, 17), "y": Fraction(1, 26), "r": Fraction(1),
           "t": Fraction(1, 2)}  # fmt: skip
    return [
        Forall("larger L, larger v", {"v": conj(v > 0, w > v)}, 9 * w * w + 8 * w > q),
        Forall("both losses fall", {"factors": conj(factors, later), "sizes": sizes}, conj(y < x, t < r), witness=one),
        Forall("the loss falls in the linear regime", {"q": conj(p >= 1, p**3 <= 8 * p + 9)},
               18 * (1 + p) > p * (1 + p * p)),
        Forall("both losses tend to 0", {"factors": factors, "sizes": conj(v > 0, x > 0, r > 0, epsilon > 0),
               "far": v * epsilon > 1}, conj(x < epsilon, r < epsilon),
               witness={"v": Fraction(2), "x": Fraction(1, 26), "r": Fraction(1, 2), "epsilon": Fraction(1)}),
    ]  # fmt: skip


def fitting(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The loss falls in either regime, and the accuracy turns at log 17."""
    return [*falling(), *turning(variant)]


ODDS = {"odds": Constant(Fraction(17), mutated=Fraction(1683, 100), words="e^L at which the small weights turn right")}
LARGE = {"large_L": "L > log 17"}

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=f"{SETTING} [...] High values of L leads to better fitting.",
        statement="For the four points, the least loss over Lip_L is strictly decreasing in L >= 0 and tends to 0; the "
        "weighted accuracy of the minimizer is 0.9 for 0 < L <= log 17 = 2.833... and 1 for L > log 17.",
        reading="fitting: training loss, and training accuracy with the sampling weights; a value 0 counts as wrong",
        expected=Verdict.PROVED,
        obligations=fitting,
        scope="all L >= 0",
        covers_all=True,
        hypotheses=LARGE,
        constants=ODDS,
        textbook=(EXP, TANGENT, Textbook("mean value theorem", "Rudin, Principles, 5.10")),
        depends_on=(f"{ROW}.minimizer",),
        argument="proof.md#fitting",
        notes="Counted without weights the accuracy rises from 1/2 to 1. At L = 0 the minimizer is 0 everywhere.",
    ),
    Claim(
        id=f"{ROW}.noise",
        source=f"{SOURCE}, Figure 2b",
        printed="for small L the small weights examples are treated as noise.",
        statement="The minimizer for L misclassifies the points -1 and 1 of small weight for 0 < L < log 17, is 0 "
        "there for L = log 17, and classifies them right for L > log 17; it classifies -2 and 2 right for all L > 0.",
        reading="treated as noise: misclassified",
        expected=Verdict.PROVED,
        obligations=lambda variant, budget: turning(variant),
        scope="all L > 0",
        covers_all=True,
        hypotheses=LARGE,
        constants=ODDS,
        textbook=(EXP,),
        depends_on=(f"{ROW}.minimizer",),
        argument="proof.md#noise",
        notes="For weights w > w' in general the threshold is log(2 w/w' - 1).",
    ),
)
