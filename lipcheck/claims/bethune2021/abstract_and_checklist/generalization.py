"""Abstract: "and its solution generalizes well in the limit of big datasets".

Plain reading: the expected loss of the empirical minimizers converges to the least expected loss. That is no statement
on accuracy: a minimizer of the expected loss itself can misclassify separable points (figures_2_3_5_6.figure_2b).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, ROW
from lipcheck.claims.bethune2021.abstract_and_checklist.cross_entropy import PRINTED
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two gaps between empirical and expected loss; and the common bound on all minimizers.

    Among the points of +1, of total weight w at least, some logit v has w v >= -C, as the mean of max(0, -v) over them
    is at most C/w; among those of -1 some u has w u <= C.
    """
    mine, seen, best, seen_best, gap = map(var, ("mine", "seen", "best", "seen_best", "gap"))
    given: dict[str, Formula] = {"gap": conj(mine - seen <= gap, seen_best - best <= gap)}
    if variant.keeps("minimizer"):
        given["minimizer"] = seen <= seen_best
    v, u, value, w, C, reach = map(var, ("v", "u", "value", "w", "C", "reach"))
    near: dict[str, Formula] = {"w": w > 0, "levels": conj(w * v >= -C, w * u <= C)}
    if variant.keeps("bounded"):
        near["bounded"] = conj(value - u <= reach, v - value <= reach)
    within = conj(w * value <= C + w * reach, w * value >= -C - w * reach)
    return [
        Forall("two gaps", given, mine <= best + variant.value("gaps", 2) * gap),
        Forall("a common bound", near, within),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.generalizes",
        source=f"{PAPER}, abstract",
        printed=PRINTED,
        reading="the expected loss of the minimizers on samples converges to the least expected loss",
        statement="Let the law of (X, Y) have bounded support and both classes, L > 0. For i.i.d. samples of "
        "size p and "
        "minimizers f_p of the empirical BCE over L-Lipschitz functions on the support, the expected BCE of f_p "
        "converges "
        "almost surely to the least expected BCE, and so does the empirical one.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all such laws on R^n, all L > 0",
        covers_all=True,
        hypotheses={
            "minimizer": "f_p minimizes the empirical loss",
            "bounded": "the support is bounded: values differ by at most L times its diameter",
        },
        constants={"gaps": Constant(Fraction(2), Fraction(199, 100), words="of the largest gap between the losses")},
        textbook=(
            Textbook("strong law of large numbers, for the weights of the classes", "Billingsley, Probability, 6.1"),
            Textbook(
                "the least of several numbers is at most their mean", "Hardy, Littlewood, Pólya, Inequalities, 2.1"
            ),
        ),
        depends_on=("bethune2021.hinge_hkr.consistency", f"{ROW}.well_posed_sharp"),
        argument="proof.md#generalization",
        notes="Not the accuracy: for the four points of Example 3 and L = 1 the limit errs on a tenth of the "
        "mass although an "
        "error-free 1-Lipschitz function exists.",
    ),
)
