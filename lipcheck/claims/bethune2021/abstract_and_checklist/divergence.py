"""Abstract: "whereas regular neural networks can diverge even on remarkably simple situations".

Two points x = 1, -1 with labels 1, -1 and an affine model w x + b: no parameters are best, and losses near 0 need large
weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, ROW
from lipcheck.claims.bethune2021.abstract_and_checklist.cross_entropy import PRINTED
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """e1 = exp(-(w + b)), e2 = exp(-(w - b)): w + 1 multiplies both by r = 1/e. Their product is exp(-2 w).

    The sum of the losses is log((1 + e1)(1 + e2)). If it is at most log(1 + delta), e1 + e2 is less than delta, so
    4 e1 e2 is less than delta^2 and w > log(2/delta).
    """
    e, r, delta, both, apart, product = map(var, ("e", "r", "delta", "both", "apart", "product"))
    a, b, less_a, less_b = map(var, ("a", "b", "less_a", "less_b"))
    step: dict[str, Formula] = {"e": e > 0, "r": r > 0}
    if variant.keeps("separable"):
        step["separable"] = r < 1
    factors: dict[str, Formula] = {"first": conj(less_a > 0, less_a < a), "second": conj(less_b > 0, less_b < b)}
    # both = e1 + e2 and apart = |e1 - e2|
    small: dict[str, Formula] = {"e": conj(both > 0, product > 0), "loss": 1 + both + product <= 1 + delta}
    mean: dict[str, Formula] = {
        "sum": conj(both > 0, both < delta),
        "product": conj(apart >= 0, equals(4 * product, both * both - apart * apart)),
    }
    return [
        Forall("one factor", step, conj(1 + r * e < 1 + e, 1 + r * e > 0)),
        Forall("no weight is the best", factors, less_a * less_b < a * b),
        Forall("the exponentials add up to less than delta", small, both < delta),
        Forall("small losses need large weights", mean, 4 * product < variant.value("square", 1) * delta * delta),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.regular_diverge",
        source=f"{PAPER}, abstract and introduction ('even on very simple toy example')",
        printed=PRINTED,
        reading="minimizing sequences of an unconstrained network diverge",
        statement="For the sample x = 1, -1 with labels 1, -1 and f(x) = w x + b the summed BCE has no minimizer, its "
        "infimum is 0, and a loss of at most log(1 + delta) needs w > log(2/delta).",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all w and b",
        covers_all=True,
        hypotheses={"separable": "the labels agree with a direction: raising w lowers both exponentials"},
        constants={
            "square": Constant(Fraction(1), Fraction(99, 100), words="of (delta/2)^2, which exp(-2 w) is below")
        },
        textbook=(
            Textbook("exp and log are increasing, exp(a + b) = exp(a) exp(b)", "Rudin, Principles, theorem 8.6"),
        ),
        argument="proof.md#divergence",
        notes="'Can diverge': the sequence of weights, hence of Lipschitz constants, of every minimizing "
        "sequence. Gradient "
        "descent gets there only logarithmically (figures_2_3_5_6).",
    ),
)
