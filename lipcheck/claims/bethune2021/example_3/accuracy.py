"""Figure 3a and Example 3 read as statements on accuracy: does a larger L never lower the training accuracy?

Five samples suffice for a fall: label +1 at 0, label -1 twice at 1, label +1 twice at 6. The minimizer for L = log(3/2)
classifies all of them right, the one for L = log 2 does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021._bce import PAPER, LawError
from lipcheck.claims.bethune2021.example_3.minimizer import ROW
from lipcheck.exact import Vector, vector
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

FALLS = "the accuracy does not fall"


@dataclass(frozen=True)
class Chain:
    """Inputs 0, 1, 1 + gap with labels +1, -1, +1 and weights. The minimizer is (u, u - L, u + (gap - 1) L)."""

    weights: Vector
    gap: int

    def derivative(self, y: Fraction, t: Fraction) -> Fraction:
        """That of the total loss in u, at u = log y, for L = log t; it increases with y."""
        first, second, third = self.weights
        return -first / (1 + y) + second * y / (y + t) - third / (1 + y * t ** (self.gap - 1))

    def right(self, t: Fraction) -> list[bool]:
        """Which points the minimizer classifies right: u > 0, u < L, u > -(gap - 1) L."""
        low = t ** (1 - self.gap)
        return [self.derivative(Fraction(1), t) < 0, self.derivative(t, t) > 0, self.derivative(low, t) < 0]

    def accuracy(self, t: Fraction) -> Fraction:
        """The weight of the points that are classified right."""
        return sum((w for w, right in zip(self.weights, self.right(t), strict=True) if right), Fraction(0))


def chain(weights: list[int], gap: int, smaller: str, larger: str) -> dict[str, Any]:
    """JSON data of a training set and of e^L for two constants L."""
    return {"weights": weights, "gap": gap, "smaller": smaller, "larger": larger}


FIVE = chain([1, 2, 2], 5, "3/2", "2")


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The accuracy of the minimizer for the smaller L is at most that for the larger; repaired: two of the points."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"weights", "gap", "smaller", "larger"}:
            raise LawError("a training set has weights, gap and two values of e^L")
        weights, gap, smaller, larger = vector(data["weights"]), data["gap"], data["smaller"], data["larger"]
        if len(weights) != 3 or not isinstance(gap, int) or min(weights) < 0 or gap < 1:
            raise LawError("three weights that are not negative, and a whole gap of at least 1")
        least, most = parse(smaller), parse(larger)
        hypotheses = {"weights": weights[0] > 0 and weights[1] > 0, "constants": 1 < least < most}
        if variant.repaired:
            hypotheses["two points"] = weights[2] == 0
        it = Chain(weights, gap)
        return Examination(hypotheses, not hypotheses["constants"] or it.accuracy(least) <= it.accuracy(most))

    text = "the weight classified right by the minimizer over Lip_L does not fall as L grows"
    return [
        Universal(FALLS, text, examine, lambda: [FIVE], parameters=variant.repaired),
        optimal(),
        two_points(),
    ]


def optimal() -> Forall:
    """No direction is better than the slopes -L and L: the outer labels pull with p and r, the middle with both."""
    f1, f2, f3, u, L, gap, p, m, r = map(var, ("f1", "f2", "f3", "u", "L", "gap", "p", "m", "r"))
    given: dict[str, Formula] = {
        "pulls": conj(p > 0, r > 0),
        "lipschitz": conj(f1 - f2 <= L, f3 - f2 <= gap * L),
        "stationary": equals(m, p + r),
    }
    towards = -p * (f1 - u) + m * (f2 - (u - L)) - r * (f3 - (u - L + gap * L))
    return Forall("the chain is optimal", given, towards >= 0)


def two_points() -> Forall:
    """With labels +1, -1 at distance 1 the first is right exactly if w (1 + t) > 2 w', so for every larger t too."""
    w, other, t, larger = map(var, ("w", "other", "t", "larger"))
    given: dict[str, Formula] = {"weights": conj(w > 0, other > 0), "right": w * (1 + t) > 2 * other, "t": larger > t}
    return Forall("minimal: two points", given, w * (1 + larger) > 2 * other)


SNIPPET = """\
from fractions import Fraction as F
# inputs 0 (+), 1 (- twice), 6 (+ twice): the minimizer is (u, u-L, u+4L); slope of its loss at u = log y, L = log t
def slope(y, t):
    return -1 / (1 + y) + 2 * y / (y + t) - 2 / (1 + y * t**4)
def right(t): return slope(F(1), t) < 0, slope(t, t) > 0, slope(1 / t**4, t) < 0  # u > 0, u < L, u > -4L
print(right(F(3, 2)), right(F(2)))
assert all(right(F(3, 2))) and right(F(2)) == (False, True, True)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.accuracy_rises",
        variant_of=f"{ROW}.loss_falls",
        short="5 samples: 100 % right for L = log(3/2), 80 % for L = log 2; loss falls, accuracy need not rise",
        source=f"{PAPER}, Figure 3a; Example 3",
        printed="Higher L ensures better fitting of the training set.",
        reading="fitting: the training accuracy of the minimizer over Lip_L, for every training set",
        statement="If L < M, the training accuracy of the minimizer over Lip_M is at least that of the minimizer over "
        "Lip_L.",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=printed,
        scope="all training sets",
        covers_all=True,
        repairs={"two points": Variant(repaired=True)},
        counterexamples={FALLS: FIVE},
        near_misses=(
            NearMiss(FALLS, chain([1, 2, 2], 5, "3/2", "3"), "for L = log 3 all are right again"),
            NearMiss(FALLS, chain([1, 2, 2], 2, "3/2", "2"), "too near: nothing falls"),
            NearMiss(FALLS, chain([1, 2, 2], 5, "2", "3/2"), "the constants in the wrong order"),
        ),
        minimality="three inputs: with two, of one label each, the accuracy never falls (machine-checked); with four "
        "samples on three inputs of labels +1, -1, +1, at any distances, it never falls (proof.md)",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.loss_falls",
        argument="proof.md#the-accuracy-on-the-way",
        notes="In the four-point setting of Example 3 the accuracy does not fall, and for L large enough every "
        "training set without contradictory labels is classified right (.maximum_accuracy).",
    ),
)
