"""L_W = -y f: on labelled samples its infimum is minus infinity unless the classes are balanced exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.glivenko_cantelli._classes import APPENDIX, ROW, bounded_functions, constants_cancel
from lipcheck.claims.bethune2021.glivenko_cantelli.functions import SampleError
from lipcheck.claims.bethune2021.proposition_5._steps import ASCOLI, STRONG_LAW, brackets, infima, rounding
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "[L_W:] consistent estimator [...] yes (Appendix B) [Table 1]. The result is also straightforward for L_W: "
    "consistency of Wasserstein distance is a textbook result."
)


def labels(data: Any) -> tuple[int, int]:
    """The numbers of positive and negative labels; `SampleError` for anything else."""
    if not isinstance(data, Mapping) or set(data) != {"positive", "negative"}:
        raise SampleError("the data are the numbers of positive and negative labels")
    counts = data["positive"], data["negative"]
    if not all(type(k) is int and k >= 0 for k in counts) or sum(counts) == 0:
        raise SampleError("both are natural numbers, not both 0")
    return counts


def bounded_below(variant: Variant) -> Universal:
    """The infimum of the training loss is finite iff constants cancel; per class, they always do.

    Repaired, each class is normalised by its own number, which must not be 0.
    """

    def examine(data: Any) -> Examination:
        positive, negative = labels(data)
        if variant.repaired:
            both = positive > 0 and negative > 0
            drift = Fraction(positive, positive) - Fraction(negative, negative) if both else Fraction(0)
            return Examination({"both classes": both}, drift == 0)
        return Examination({"a sample of the balanced law": True}, positive == negative)

    text = "for every sample of a balanced law the infimum over Lip_1 of the training loss is finite"
    return Universal("the infimum is finite", text, examine, lambda: [ONE], parameters=variant.repaired)


def drift() -> Forall:
    """f + c in place of f changes a + b times the loss by -c (a - b), for a positive and b negative labels."""
    loss, shifted, a, b, c = map(var, ("loss", "shifted", "a", "b", "c"))
    given: dict[str, Formula] = {"shift": equals(shifted, loss - a * c + b * c), "more": conj(a > b, c > 0)}
    return Forall("constants drive the loss down", given, shifted < loss)


def half() -> Forall:
    """C(2k, k) / 4^k is 1/2 for k = 1 and decreases: (2k + 1) / (2k + 2) < 1; so most samples are unbalanced."""
    k, chance, following = map(var, ("k", "chance", "next"))
    given: dict[str, Formula] = {"k": k >= 1, "chance": conj(chance > 0, 2 * chance <= 1)}
    given["next"] = equals(following * (2 * k + 2), chance * (2 * k + 1))
    return Forall("at most half of the even samples are balanced", given, 2 * following <= 1)


def samples(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The infimum on a sample, why it is minus infinity, and how often."""
    return [bounded_below(variant), drift(), half()]


def per_class(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Constants cancel, the rest is bounded, the law is uniform, and suprema follow."""
    return [constants_cancel(variant), bounded_functions(variant), rounding(), brackets(), infima(variant)]


ONE = {"positive": 1, "negative": 0}
SNIPPET = """\
from fractions import Fraction
# three examples at x = 0, labels +1, +1, -1; the constants f = c are 1-Lipschitz
def loss(c):
    return Fraction(sum(-y * c for y in (1, 1, -1)), 3)
print([str(loss(c)) for c in (0, 3, 30, 300)])
assert loss(300) == -100 and all(loss(c + 3) == loss(c) - 1 for c in range(100))    # no lower bound
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein",
        short="inf of mean −y f is −∞ whenever the classes differ in number, for every odd p; true per class",
        source=f"{APPENDIX}; Table 1, row L_W",
        printed=PRINTED,
        reading="the setting of Proposition 5, with L_W for the BCE: labelled samples of a law with P(y = 1) = 1/2",
        statement="For every law on X x Y with X bounded and P(y = 1) = 1/2: the infimum over Lip_1(X, R) of the mean "
        "of -y_i f(x_i) converges almost surely to that of E[-y f(x)].",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=samples,
        scope="all balanced laws",
        covers_all=True,
        counterexamples={"the infimum is finite": ONE},
        near_misses=(
            NearMiss("the infimum is finite", {"positive": 2, "negative": 2}, "balanced: constants cancel"),
            NearMiss("the infimum is finite", {"positive": 0, "negative": 0}, "no sample"),
        ),
        minimality="one example; every sample of odd size is a counterexample, for every balanced law",
        snippet=SNIPPET,
        repairs={"each class normalised by its own number": Variant(repaired=True)},
        repaired_by=f"{ROW}.wasserstein_classes",
        argument="proof.md#the-wasserstein-loss",
        notes="For odd p the infimum is minus infinity surely, for even p with probability at least 1/2, which "
        "tends to 1, while that of the expected loss is finite: there is not even convergence in probability. For laws "
        "that are not balanced both are minus infinity, the one of the sample for all large p.",
    ),
    Claim(
        id=f"{ROW}.wasserstein_classes",
        source=f"{APPENDIX}; Table 1, row L_W",
        printed=PRINTED,
        reading="repaired: the Wasserstein distance of the samples of the two classes, each normalised by its number",
        statement="For every law on X x Y with X bounded and both classes of positive probability: the Wasserstein "
        "distance of the empirical measures of the two classes, sup over Lip_1 of the difference of their means, "
        "converges almost surely to W(P, Q).",
        expected=Verdict.PROVED,
        obligations=per_class,
        scope="all laws on bounded sets",
        covers_all=True,
        hypotheses={
            "probability": "each class has total mass one",
            "lipschitz": "f is 1-Lipschitz",
            "bounded": "X has diameter D",
            "uniform": "means and expectations are near each other over the whole class",
        },
        textbook=(ASCOLI, STRONG_LAW),
        argument="proof.md#the-wasserstein-loss",
        notes="Suprema of f are infima of -f. For unbounded X first moments are needed.",
    ),
)
