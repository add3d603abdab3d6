"""The class of L-Lipschitz functions on a bounded set is Glivenko-Cantelli; the class of their signs is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.glivenko_cantelli._classes import (
    GLIVENKO,
    ROW,
    SECTION,
    bounded_functions,
    constants_cancel,
    few_points,
    mean_distance,
    near,
)
from lipcheck.claims.bethune2021.proposition_5._steps import ASCOLI, STRONG_LAW, brackets, rounding
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict


class SampleError(LipcheckError, ValueError):
    """Data that describe no sample of the unit interval."""


def functions(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Constants cancel, the rest is bounded, has finite nets, and finitely many centres are enough."""
    return [constants_cancel(variant), bounded_functions(variant), rounding(), brackets()]


def signs(variant: Variant) -> Universal:
    """The set {f >= 0} of f(x) = r - d(x, sample), under the uniform law on [0, 1] and under the sample.

    Repaired, the means of f itself: they differ by the mean of d(x, sample).
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"sample", "radius"} or not data["sample"]:
            raise SampleError("the data are a sample of at least one point and a radius")
        points, radius = [parse(x) for x in data["sample"]], parse(data["radius"])
        if not all(0 <= x <= 1 for x in points) or len(set(points)) < len(points):
            raise SampleError("the points are distinct and lie in [0, 1]")
        gap = mean_distance(points) if variant.repaired else 1 - near(points, radius)
        return Examination({"radius": radius >= 0}, gap <= Fraction(1, 2))

    text = "the law and the sample give {f >= 0} probabilities that differ by at most 1/2"
    return Universal("a uniform law for signs", text, examine, lambda: [ONE], parameters=variant.repaired)


def classifiers(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One sample, and the count that makes every sample a counterexample."""
    return [signs(variant), few_points()]


ONE = {"sample": ["1/2"], "radius": "1/8"}
SNIPPET = """\
# x uniform on [0, 1]; whatever the sample of p points, f(x) = r - min |x - x_i| is 1-Lipschitz
for p in (1, 10, 1000):
    r = 1 / (8 * p)
    in_sample, in_law = 1, 2 * p * r          # P_p(f >= 0), and an upper bound of P(f >= 0)
    print(p, in_sample, in_law)
    assert in_sample - in_law >= 3 / 4
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SECTION,
        printed=GLIVENKO,
        reading="the real-valued functions of Lip_L(X, R), L fixed, X bounded as in Proposition 5",
        statement="For every bounded X in R^n, every law on X and every L >= 0: the supremum over Lip_L(X, R) of "
        "|mean of f over the sample - E f| converges to 0 almost surely.",
        expected=Verdict.PROVED,
        obligations=functions,
        scope="all bounded sets, all laws, all L",
        covers_all=True,
        hypotheses={
            "probability": "mean and expectation have total mass one",
            "lipschitz": "f is L-Lipschitz",
            "bounded": "X has diameter D",
        },
        textbook=(ASCOLI, STRONG_LAW),
        argument="proof.md#the-functions",
        notes="The supremum is L times the Wasserstein distance of the empirical measure. For unbounded X it converges "
        "exactly if the law has a finite first moment. For all L together it does not: cL in place of L multiplies it.",
    ),
    Claim(
        id=f"{ROW}.classifiers",
        short="true of the functions f, not of their signs: {f ≥ 0} can be any small neighbourhood of the sample",
        source=SECTION,
        printed=GLIVENKO,
        reading="classifiers, as in section 2.1, take values in Y: the class of sign f, f 1-Lipschitz",
        variant_of=ROW,
        statement="For every law on a bounded X the supremum over 1-Lipschitz f of |P_p(f >= 0) - P(f >= 0)| converges "
        "to 0 almost surely.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=classifiers,
        scope="the uniform law on [0, 1]; all samples",
        covers_all=True,
        counterexamples={"a uniform law for signs": ONE},
        near_misses=(
            NearMiss("a uniform law for signs", {"sample": ["1/2"], "radius": "1/4"}, "half of the interval"),
            NearMiss("a uniform law for signs", {"sample": ["1/2", "1/2"], "radius": "1/16"}, "a repeated point"),
        ),
        minimality="one point; every sample of distinct points is a counterexample, with r = 1/(8p)",
        snippet=SNIPPET,
        repairs={"the mean of f instead of its sign": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#their-signs",
        notes="The paper says so itself in section 5: the class of signs has infinite VC dimension (margin_choice).",
    ),
)
