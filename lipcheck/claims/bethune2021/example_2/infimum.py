"""Example 2: "the cross entropy loss will not be null", and "Turn out the infimum is not a minimum !"

Along the ray (lambda W, lambda b) of a separating pair the loss of a point with margin m > 0 is log(1 + e^(-lambda m)),
which falls to 0 and never reaches it.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER, TANGENT
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.example_2"
SOURCE = f"{PAPER}, section 4, Example 2"
FINITE = {"finite": "the parameters, so the logits, are finite: exp(-margin) > 0"}
SEPARABLE = {"separable": "some (W, b) has positive margins y (W x + b) at all training points"}


def not_null(variant: Variant) -> list[Forall]:
    """P is the exponential of the sum of the losses of other points, z = e^-margin that of one more."""
    P, z = var("P"), var("z")
    margin: dict[str, Formula] = {"range": z >= 0}
    if variant.keeps("finite"):
        margin["finite"] = z > 0
    return [
        Forall("one point", margin, 1 + z > 1),
        Forall("one more point has a loss", {"so far": P >= 1, **margin}, P * (1 + z) > 1),
    ]


def ray(variant: Variant) -> list[Forall]:
    """z = e^-g for the margin g on the ray, with z (1 + g) <= 1 by the tangent; the loss log(1 + z) is at most z."""
    scale, grown, m, g, z, epsilon = map(var, ("scale", "grown", "m", "g", "z", "epsilon"))
    separable: dict[str, Formula] = {"separable": m > 0} if variant.keeps("separable") else {}
    far: dict[str, Formula] = {
        "tangent": conj(z * (1 + g) <= 1, z > 0),
        "far": conj(epsilon > 0, g * epsilon >= 1),
    }
    return [
        Forall("margins grow along the ray", {"scales": grown > scale, **separable}, grown * m > scale * m),
        Forall("the loss falls below epsilon", far, z < epsilon),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The infimum is 0, by the ray, and no finite parameters attain it."""
    return [*not_null(variant), *ray(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed="Since the classes are linearly separable it exists W̄, b̄ such that f achieves 100% accuracy. [...] "
        "Turn out the infimum is not a minimum !",
        statement="For a finite training set and (W, b) with y_i (W x_i + b) > 0 for all i, the infimum of the mean "
        "loss over all affine f is 0, approached along (lambda W, lambda b), and no affine f attains it.",
        reading="separable: by a pair with positive margins, which finite separable classes have",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all finite training sets that are linearly separable",
        covers_all=True,
        hypotheses={**FINITE, **SEPARABLE},
        textbook=(EXP, TANGENT, INDUCTION),
        argument="proof.md#the-infimum",
        notes="'Without l1 or l2 regularization the minimizer can not be attained' says the same of this example. If "
        "sign(0) counts as +1, 100 % accuracy allows margins 0, and the ray of such a pair does not reach the infimum.",
    ),
    Claim(
        id=f"{ROW}.not_null",
        source=f"{SOURCE}, citing Bishop 2006, section 4.3.2",
        printed="However, as noticed in [39] (Section 4.3.2) the cross entropy loss will not be null.",
        statement="The mean loss of every affine f (of every real-valued f) on a nonempty training set is positive.",
        expected=Verdict.PROVED,
        obligations=lambda variant, budget: not_null(variant),
        scope="all training sets, all real-valued functions",
        covers_all=True,
        hypotheses=FINITE,
        textbook=(EXP, INDUCTION),
        argument="proof.md#the-infimum",
        notes="So separability and the constraint on f have nothing to do with it.",
    ),
)
