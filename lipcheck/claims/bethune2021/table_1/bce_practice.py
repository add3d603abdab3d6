"""Table 1, BCE, in practice: "vanishing gradient (Figure 2a)" for networks, "L must be tuned (Example 3)" with a
Lipschitz constraint.

Two inputs at distance d, label +1 with weight w > 1/2 and label -1 with weight 1 - w; q = e^(L d). The minimizer over
Lip_L has slope L between them. It is on the wrong side of the light point exactly if (1 - w)(1 + q) < 2 w, that is,
L < log((3 w - 1)/(1 - w))/d: a bound that no L meets for all w.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import CONVEX, EXP, INDUCTION, TANGENT
from lipcheck.claims.bethune2021.example_2 import descent
from lipcheck.claims.bethune2021.example_3.error import error
from lipcheck.claims.bethune2021.table_1._words import BCE, LIPSCHITZ, ROW, UNCONSTRAINED, cell, source
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SOURCE = source(BCE, "in practice")


def vanishing(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The growth of E = e^w under gradient descent, the gradient 1/(1 + E) then, and slope and loss of one example.

    B = E_0 + c eta t is the lower bound on E. With z = e^-m: s = z/(1 + z) is the size of the slope in the margin m and
    e = 1/(1 + z) is exp(-loss).
    """
    E, B, g, s, e, z = map(var, ("E", "B", "g", "s", "e", "z"))
    so_far: dict[str, Formula] = {"gradient": conj(equals(g * (1 + E), 1), g > 0), "so far": conj(E >= B, B > 0)}
    slope: dict[str, Formula] = {"slope": equals(s * (1 + z), z), "loss": equals(e * (1 + z), 1), "z": z > 0}
    one = {"s": Fraction(1, 2), "e": Fraction(1, 2), "z": Fraction(1)}
    return [
        *descent.flattens(variant, budget),
        Forall("the gradient after t steps", so_far, g * (1 + B) <= 1),
        Forall("slope and loss", slope, conj(equals((s + e - 1) * (1 + z), 0), s > 0), witness=one),
    ]


def tuned(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Example 3, then two inputs: twice (1 + q) times the derivative of the loss in b = f(x-), at b = 0."""
    w, q, at_0, at_a = map(var, ("w", "q", "at_0", "at_a"))
    derivative: dict[str, Formula] = {"derivative": equals(2 * (at_0 * (1 + q)), (1 - w) * (1 + q) - 2 * w)}
    other: dict[str, Formula] = {"derivative": equals(2 * (at_a * (1 + q)), 2 * (1 - w) - w * (1 + q))}
    law: dict[str, Formula] = {"law": conj(2 * w > 1, w < 1), "q": q > 1}
    heavy: dict[str, Formula] = {"w below 1": w < 1, "q": q > 1}
    if variant.keeps("heavy"):
        heavy["heavy"] = w * (variant.value("offset", 3) + q) > 1 + q
    small, large = (1 - w) * (1 + q) < 2 * w, (1 - w) * (1 + q) > 2 * w
    return [
        *error(variant, budget),
        Forall("for every L some law is too heavy", heavy, small),
        Forall("then the light point is wrong", {**law, **derivative, "small L": small}, at_0 < 0),
        Forall("a large L puts it right", {**law, **derivative, "large L": large}, at_0 > 0),
        Forall("every L > 0 puts the heavy point right", {**law, **other}, at_a < 0),
        Forall("large enough L exist", {"law": conj(2 * w > 1, w < 1), "q": (1 - w) * q > 2}, large),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.bce_practice_unconstrained",
        source=SOURCE,
        printed=cell(BCE, "in practice", UNCONSTRAINED, "vanishing gradient (Figure 2a)"),
        reading="gradient descent with a fixed step size on the two points of Figure 2a; the slope of the loss in the "
        "logit, for every network",
        statement="On the points 1, -1 with labels 1, -1, f(x) = W x + b and 0 < eta <= 1 the derivative of the loss "
        "in each margin after t steps has a size of at most 1/(1 + E_0 + c eta t), E_0 = exp(w_0), c = E_0/(1 + E_0): "
        "it tends to 0 and never vanishes. For every function and example the derivative in the logit has the size 1 - "
        "exp(-loss): it vanishes exactly along the sequences along which the loss does.",
        expected=Verdict.PROVED,
        obligations=vanishing,
        scope="all starting points, 0 < eta <= 1, all steps; all functions for the last sentence",
        covers_all=True,
        hypotheses=descent.HYPOTHESES,
        constants={"growth": Constant(Fraction(1), mutated=Fraction(99, 100), words="growth of e^w per eta, at most")},
        textbook=(EXP, TANGENT, INDUCTION),
        depends_on=("bethune2021.example_2.gradient_descent",),
        argument="proof.md#bce-in-practice",
        notes="So this gradient vanishes because the example is fitted, and not before: it does not stop training at a "
        "large loss. Gradients that vanish on the way through the layers are another matter (last row of the table).",
    ),
    Claim(
        id=f"{ROW}.bce_practice_lipschitz",
        source=SOURCE,
        printed=cell(BCE, "in practice", LIPSCHITZ, "L must be tuned (Example 3)"),
        reading="the accuracy of the minimizer depends on L, and no L serves every separable training set",
        statement="In Example 3 the minimizer over Lip_L has the error 0.1 for 0 < L < log 17. For all L > 0 and d > 0 "
        "there are two inputs at distance d, with weights w and 1 - w and different labels, such that the minimizer "
        "over Lip_L misclassifies one; for all L > log((3 w - 1)/(1 - w))/d, w > 1/2, it misclassifies none.",
        expected=Verdict.PROVED,
        obligations=tuned,
        scope="all L > 0, d > 0 and 1/2 < w < 1",
        covers_all=True,
        hypotheses={
            "small_L": "L < log 17 in Example 3",
            "positive_L": "L > 0, or else no function in Lip_L separates the points of Example 3",
            "heavy": "the weight w exceeds (1 + q)/(3 + q), q = exp(L d)",
        },
        constants={
            "odds": Constant(Fraction(17), mutated=Fraction(171, 10), words="exp of the L of Example 3"),
            "offset": Constant(Fraction(3), mutated=Fraction(303, 100), words="of the weight that defeats L"),
        },
        textbook=(EXP, CONVEX),
        depends_on=(
            "bethune2021.example_3.error",
            "bethune2021.example_3.best_accuracy",
            "bethune2021.temperature.overfitting",
        ),
        argument="proof.md#bce-in-practice",
        notes="On the training set every L that is large enough will do (example_3.best_accuracy); the expected loss "
        "of the minimizer can grow without bound as L does (temperature.overfitting). L must lie between both.",
    ),
)
