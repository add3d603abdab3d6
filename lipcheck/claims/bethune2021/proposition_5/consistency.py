"""Proposition 5 with infima: true for every law on R^n, bounded or not, and for minima where both classes occur."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5 import _steps as steps
from lipcheck.claims.bethune2021.proposition_5.minimum import PRINTED, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def unbounded() -> Forall:
    """X unbounded: b_r, the least loss on the ball of radius r, lies below both; b - b_r <= e and |a_r - b_r| <= s.

    Here a and a_r are the least training losses on X and on the ball, and a <= b + s because one nearly optimal f has a
    training loss that converges.
    """
    a, b, a_r, b_r, s, e = map(var, ("a", "b", "a_r", "b_r", "s", "e"))
    given: dict[str, Formula] = {
        "fewer points": a_r <= a,
        "large ball": conj(b_r <= b, b - b_r <= e),
        "on the ball": steps.within(a_r - b_r, s),
        "one function": a <= b + s,
    }
    return Forall("from balls to the whole space", given, steps.within(a - b, s + e))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Bounded sublevel sets, finite nets, the uniform law on them, and what follows for infima."""
    return [
        steps.loss_bounds(),
        steps.other_class(variant),
        steps.sublevel(variant),
        steps.slope(variant),
        steps.rounding(),
        steps.brackets(),
        steps.infima(variant),
        steps.one_class(),
        unbounded(),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.infimum",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: infima; minima where both classes have positive probability",
        statement="For every law on X x Y, X in R^n bounded or not, every L >= 0 and T > 0: inf over Lip_L(X, R) of "
        "E_p converges almost surely to inf of E_infinity. If both classes have positive probability, the latter is a "
        "minimum, and almost surely so is the former for all large p; if one class has none, both infima are 0.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws on R^n, all L and T",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is L-Lipschitz",
            "both_classes": "both classes have positive probability, for the existence of minima",
            "uniform": "mean and expectation are near each other on the whole sublevel set",
        },
        constants={"slope": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the loss over T")},
        textbook=(
            steps.ASCOLI,
            steps.MCSHANE,
            steps.STRONG_LAW,
            Textbook("monotone convergence", "Rudin, Real and Complex Analysis, theorem 1.26"),
        ),
        argument="proof.md#infima",
        notes="Boundedness of X is not needed for the infima. It is for the uniform convergence in the printed proof: "
        "see glivenko_cantelli.",
    ),
)
