"""Figure 3a: "Higher L ensures better fitting of the training set", and "As L grows, we close to up to the maximum
accuracy": what holds for every training set.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER
from lipcheck.claims.bethune2021.example_3.minimizer import MCSHANE, ROW
from lipcheck.claims.bethune2021.proposition_4.statement import TWO, attained, shift
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

APART = {"apart": "no input carries both labels: points with opposite labels have a distance of at least d > 0"}
TWO_CLASSES = Textbook("minimizers exist for two classes", "bethune2021.proposition_4.two_classes")


def loss(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """At distance d >= 0 one value may move by (M - L) d if the constant rises from L to M, and the loss falls."""
    f, g, L, M, d, step = map(var, ("f", "g", "L", "M", "d", "step"))
    close: dict[str, Formula] = {"lipschitz": absolute(f - g) <= L * d, "sizes": conj(L >= 0, M > L)}
    moved = {"step": equals(step, (M - L) * d)}
    if variant.keeps("apart"):
        close["apart"] = d > 0
    else:
        close["apart"] = d >= 0
    return [
        Forall("more room with a larger constant", {**close, **moved},
               conj(step > 0, f + step - g <= M * d, f - step - g >= -(M * d)),
               witness={"f": ZERO, "g": ZERO, "L": ZERO, "M": ONE, "d": ONE, "step": ONE}),
        Forall("nested", {"lipschitz": absolute(f - g) <= L * d, "sizes": conj(L <= M, d >= 0)},
               absolute(f - g) <= M * d),
        shift(),
        attained(variant.dropped, two_classes=True),
    ]  # fmt: skip


ZERO, ONE = Fraction(0), Fraction(1)


def accuracy(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """x = e^(-Ld/2) with 2 p x <= 1, P = (1 + x)^p; every error costs a factor of 2 at least."""
    x, p, P, h, D, d, L, z = map(var, ("x", "p", "P", "h", "D", "d", "L", "z"))
    y, y2 = var("y"), var("y2")
    labels = conj(*(disj(equals(t, 1), equals(t, -1)) for t in (y, y2)))
    apart: dict[str, Formula] = {"labels": labels, "sizes": conj(equals(2 * h, L * d), L >= 0, D >= 0, d >= 0)}
    if variant.keeps("apart"):
        apart["apart"] = disj(equals(y, y2), d <= D)
    small: dict[str, Formula] = {"so far": P * (1 - p * x) <= 1, "sizes": conj(P > 0, x >= 0, p >= 0)}
    bound: dict[str, Formula] = {"powers": conj(P * (1 - p * x) <= 1, P > 0, p >= 1, x > 0)}
    if variant.keeps("large_L"):
        bound["large_L"] = 2 * p * x <= 1
    return [
        Forall("h y is L-Lipschitz on the points", apart, y * h - y2 * h <= L * D),
        Forall("one more factor", small, P * (1 + x) * (1 - (p + 1) * x) <= 1, hint=Hint(4)),
        Forall("its loss is at most that of one error", bound, P <= 2),
        Forall("an error, and other losses", {"exponentials": conj(z >= 1, P > 1)}, (1 + z) * P > 2),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.loss_falls",
        source=f"{PAPER}, Figure 3a; Example 3",
        printed="L-Lipschitz neural network with BCE loss. Higher L ensures better fitting of the training set.",
        reading="fitting: the least training loss, over all L-Lipschitz functions",
        statement="The least training loss over Lip_L does not increase with L; it falls strictly if both labels occur "
        "and no input carries both.",
        expected=Verdict.PROVED,
        obligations=loss,
        scope="all finite training sets in R^n, all L >= 0",
        covers_all=True,
        hypotheses={**APART, **TWO},
        textbook=(EXP, MCSHANE, TWO_CLASSES),
        depends_on=("bethune2021.proposition_4.two_classes",),
        argument="proof.md#larger-constants",
        notes="Where inputs carry both labels it need not fall: at one input it is constant in L.",
    ),
    Claim(
        id=f"{ROW}.maximum_accuracy",
        source=f"{PAPER}, section 4, after Example 3",
        printed="As L grows, we close to up to the maximum accuracy.",
        reading="for the minimizers over Lip_L, on training sets without contradictory labels",
        statement="On p training points with both labels, points of opposite labels at distance at least d > 0, every "
        "minimizer of the training loss over Lip_L classifies all points right once e^(L d/2) >= 2 p.",
        expected=Verdict.PROVED,
        obligations=accuracy,
        scope="all finite training sets in R^n without contradictory labels",
        covers_all=True,
        hypotheses={**APART, "large_L": "L >= (2/d) log(2 p)"},
        textbook=(EXP, INDUCTION, MCSHANE, TWO_CLASSES),
        depends_on=("bethune2021.proposition_4.two_classes",),
        argument="proof.md#the-accuracy-in-the-limit",
        notes="On the way the accuracy may fall: see .accuracy_rises.",
    ),
)
