"""Table 1, BCE and hinge, consistent estimator: "no" for networks, "yes" for L-Lipschitz ones.

Consistent, as in Proposition 5: the least training loss converges almost surely to the least expected loss. Networks of
any width fit every label, so labels that are fair coins have training loss 0 and expected loss ln 2 (hinge: m). For
laws with finitely many values of (x, y) there is no such gap, whatever the class of functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.glivenko_cantelli import losses
from lipcheck.claims.bethune2021.proposition_5 import _steps as steps
from lipcheck.claims.bethune2021.proposition_5 import consistency, remarks
from lipcheck.claims.bethune2021.table_1._words import (
    BCE,
    HINGE,
    LIPSCHITZ,
    ROW,
    UNCONSTRAINED,
    cell,
    source,
)
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

LINE = "consistent estimator"
ANY_WIDTH = "networks with one hidden ReLU layer and any width; deeper ones contain these functions"
DISTINCT = Textbook("p points with a continuous law are distinct almost surely", "Kallenberg, chapter 3")
INDUCTION = Textbook("induction over the points", "Peano's axioms")


def hinge_coin(variant: Variant) -> Forall:
    """The expected hinge loss of a value v where the label is +1 with probability q: m at least for a fair coin."""
    m, v, q = var("m"), var("v"), var("q")
    up, down = positive_part(m - v), positive_part(m + v)
    given: dict[str, Formula] = {"law": conj(q >= 0, q <= 1), "margin": m > 0}
    given.update(steps.kept(variant, {"fair": equals(2 * q, 1)}, ["fair"]))
    return Forall("a fair coin costs m", given, q * up + (1 - q) * down >= variant.value("least", 1) * m)


def unconstrained_hinge(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every label is fitted with margin m, and no function avoids the loss m."""
    return [remarks.hinge(), remarks.knot(), hinge_coin(variant)]


def finite(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Frequencies within the factors 1 - e and 1 + e of the probabilities, and the infima that follow.

    mean and expected are the losses of one function so far; seen and weight belong to one more value of (x, y).
    """
    mean, expected, seen, weight, loss, e = map(var, ("mean", "expected", "seen", "weight", "loss", "e"))
    given: dict[str, Formula] = {
        "so far": conj((1 - e) * expected <= mean, mean <= (1 + e) * expected),
        "frequencies": conj((1 - e) * weight <= seen, seen <= (1 + e) * weight),
        "nonnegative": loss >= 0,
    }
    more, all_seen = expected + weight * loss, mean + seen * loss
    a, b, s, at_f, expected_f, at_g, expected_g = map(var, ("a", "b", "s", "at_f", "expected_f", "at_g", "expected_g"))
    near: dict[str, Formula] = {
        "infima": conj(a <= at_f, b <= expected_g),
        "nearly optimal": conj(expected_f <= b + s, at_g <= a + s),
        "all functions": conj(at_f <= (1 + e) * expected_f, (1 - e) * expected_g <= at_g),
        "e": conj(e >= 0, e <= 1),
    }
    return [
        Forall("one more value", steps.kept(variant, given, ["frequencies", "nonnegative"]),
               conj((1 - e) * more <= all_seen, all_seen <= (1 + e) * more)),
        Forall("from functions to infima", near, conj(a <= (1 + e) * (b + s), (1 - e) * b <= a + s)),
    ]  # fmt: skip


def lipschitz_hinge(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What Proposition 5 uses of a loss, for the hinge loss, and the steps of that proposition."""
    return [
        losses.hinge(variant),
        steps.other_class(variant),
        steps.sublevel(variant),
        steps.rounding(),
        steps.brackets(),
        steps.infima(variant),
        consistency.unbounded(),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.bce_consistency_unconstrained",
        source=source(BCE, LINE),
        printed=cell(BCE, LINE, UNCONSTRAINED, "no"),
        reading=f"not for every law; {ANY_WIDTH}",
        statement="There is a law on [0, 1] x {-1, 1} (x uniform, y an independent fair coin) for which, almost surely "
        "for every p, the infimum of the training BCE over ReLU networks with one hidden layer is 0, while that of the "
        "expected BCE is ln 2.",
        expected=Verdict.PROVED,
        obligations=remarks.unconstrained,
        scope="one law; one hidden layer of any width",
        covers_all=True,
        hypotheses={"inverse": "the two labels have equal probability"},
        constants={
            "exp_of_twice_the_loss": Constant(Fraction(4), Fraction(404, 100), words="exp of twice the least loss")
        },
        textbook=(DISTINCT, INDUCTION),
        depends_on=("bethune2021.proposition_5.unconstrained",),
        argument="proof.md#consistency-of-networks",
        notes="'Fixed depth' of Section 2.1 leaves the width free. One architecture of bounded size has finitely many "
        "parameters: this cell is not judged for it.",
    ),
    Claim(
        id=f"{ROW}.hinge_consistency_unconstrained",
        source=source(HINGE, LINE),
        printed=cell(HINGE, LINE, UNCONSTRAINED, "no"),
        reading=f"not for every law; {ANY_WIDTH}",
        statement="For m > 0 there is a law on [0, 1] x {-1, 1} (x uniform, y an independent fair coin) for which, "
        "almost surely for every p, the least training hinge loss over ReLU networks with one hidden layer is 0, while "
        "the least expected one is m.",
        expected=Verdict.PROVED,
        obligations=unconstrained_hinge,
        scope="one law; one hidden layer of any width; all m > 0",
        covers_all=True,
        hypotheses={"fair": "the label is +1 with probability 1/2"},
        constants={"least": Constant(Fraction(1), Fraction(101, 100), words="of m, the least expected loss")},
        textbook=(DISTINCT, INDUCTION),
        argument="proof.md#consistency-of-networks",
        notes="Both infima are minima: f = 0 has the expected loss m.",
    ),
    Claim(
        id=f"{ROW}.consistency_unconstrained_finite",
        source=f"{source(BCE, LINE)}, and row {HINGE}",
        printed=cell(f"{BCE}; {HINGE}", LINE, UNCONSTRAINED, "no"),
        reading="repaired: not 'no' but 'yes' where (x, y) takes finitely many values",
        statement="If (x, y) takes finitely many values, then for every class of functions and every loss that is not "
        "negative (BCE, hinge) the infimum of the training loss converges almost surely to that of the expected loss.",
        expected=Verdict.PROVED,
        obligations=finite,
        scope="all such laws, all classes of functions (networks or not)",
        covers_all=True,
        hypotheses={
            "frequencies": "every value's frequency is near its probability, as a factor",
            "nonnegative": "the loss is not negative",
        },
        textbook=(steps.STRONG_LAW, INDUCTION),
        argument="proof.md#consistency-on-finitely-many-values",
        notes="So the law that shows 'no' must have infinitely many values, and noisy labels: "
        ".consistency_unconstrained_noiseless. For hinge-KR and L_W, which are not "
        "bounded below, the factors say nothing.",
    ),
    Claim(
        id=f"{ROW}.bce_consistency_lipschitz",
        source=source(BCE, LINE),
        printed=cell(BCE, LINE, LIPSCHITZ, "yes (Proposition 5)"),
        reading="the least loss is an infimum, a minimum where both classes occur",
        statement="For every law on X x Y, X in R^n bounded or not, every L >= 0 and T > 0: the infimum over Lip_L(X, "
        "R) of the training BCE converges almost surely to that of the expected BCE.",
        expected=Verdict.PROVED,
        obligations=consistency.obligations,
        scope="all laws on R^n, all L and T",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is L-Lipschitz",
            "both_classes": "both classes have positive probability, else both infima are 0",
            "uniform": "mean and expectation are near each other on the whole sublevel set",
        },
        constants={"slope": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the loss over T")},
        textbook=(steps.ASCOLI, steps.MCSHANE, steps.STRONG_LAW),
        depends_on=("bethune2021.proposition_5.infimum",),
        argument="proof.md#consistency-of-lipschitz-functions",
        notes="Proposition 5 as printed, with minima, needs both classes: bethune2021.proposition_5.",
    ),
    Claim(
        id=f"{ROW}.hinge_consistency_lipschitz",
        source=source(HINGE, LINE),
        printed=cell(HINGE, LINE, LIPSCHITZ, "yes (Appendix B)"),
        statement="For every law on X x Y, X in R^n, every L >= 0 and m >= 0: the least training hinge loss over "
        "Lip_L(X, R) converges almost surely to the least expected one.",
        expected=Verdict.PROVED,
        obligations=lipschitz_hinge,
        scope="all laws on R^n, all L and m",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is L-Lipschitz",
            "both_classes": "both classes have positive probability, else both minima are 0",
            "uniform": "mean and expectation are near each other on the whole sublevel set",
        },
        constants={"hinge": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the hinge loss")},
        textbook=(steps.ASCOLI, steps.MCSHANE, steps.STRONG_LAW),
        depends_on=("bethune2021.glivenko_cantelli.losses", f"{ROW}.hinge_minimizer_lipschitz"),
        argument="proof.md#consistency-of-lipschitz-functions",
        notes="Both are minima, for every law and every sample: .hinge_minimizer_lipschitz.",
    ),
)
