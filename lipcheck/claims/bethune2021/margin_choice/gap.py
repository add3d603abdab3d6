"""m > 0: does the training error converge to the error? Not uniformly, if no decision counts as an error.

The section defines the error as P(c(x) != y) and says that with a margin "we fall back to PAC learnability"; only m = 0
is said to lack convergence. But {f >= m} can be any closed set for every m: take f = m - d(x, A).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.glivenko_cantelli._classes import bounded_functions, few_points, near
from lipcheck.claims.bethune2021.margin_choice.epsilon import ROW, ClassError
from lipcheck.claims.bethune2021.proposition_5._steps import ASCOLI, STRONG_LAW, brackets, kept, rounding
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, maximum, minimum, positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, around Proposition 7"
PRINTED = (
    "With margin m > 0 we can bound the VC dimension [...] In this setting, we fall back to PAC learnability. [...] "
    "When m = 0 [...] the class is not PAC learnable anymore: the training error will not converge to test error in "
    "general"
)
z, v, m = map(var, ("z", "v", "m"))


def uniform(variant: Variant) -> Universal:
    """x uniform on [0, 1], labels 1, f = m + r - d(x, sample): c_f^m is right on the r-neighbourhood of the sample.

    Repaired, the error that counts is that of sign f: f is negative only beyond m + r.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"sample", "radius", "m"} or not data["sample"]:
            raise ClassError("the data are a sample of at least one point, a radius and m")
        points, radius, margin = [parse(x) for x in data["sample"]], parse(data["radius"]), parse(data["m"])
        if not all(0 <= x <= 1 for x in points):
            raise ClassError("the points lie in [0, 1]")
        wrong = 1 - near(points, radius + margin if variant.repaired else radius)
        dense = near(points, margin) == 1 or not variant.repaired
        hypotheses = {"m > 0": margin > 0, "radius": radius >= 0, "large sample": dense}
        return Examination(hypotheses, wrong <= Fraction(1, 2))

    text = "the error of c_f^m exceeds its training error, 0, by at most 1/2"
    return Universal("a uniform law for errors", text, examine, lambda: [ONE], parameters=variant.repaired)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One sample, and the count that makes every sample a counterexample."""
    return [uniform(variant), few_points()]


def ramp(variant: Variant) -> Sequence[Forall]:
    """The ramp max(0, min(1, 1 - z/m)), here times m: 1 for z <= 0, 0 for z >= m, and (1/m)-Lipschitz in z."""
    at, other = (maximum(minimum(m, m - t), 0) for t in (z, v))
    given: dict[str, Formula] = {"m": m >= 0}
    high = kept(variant, {**given, "wrong": z <= 0}, ["wrong"])
    low = kept(variant, {**given, "confident": z >= m}, ["confident"])
    limit = variant.value("slope", 1)
    return [
        Forall("the ramp lies above the error", high, at >= m),
        Forall("the ramp lies below the error with margin", low, at <= 0),
        Forall("the ramp lies between 0 and 1", given, conj(at >= 0, at <= m)),
        Forall("the ramp is Lipschitz", given, at - other <= limit * absolute(z - v)),
    ]


def cut() -> Forall:
    """The ramp only depends on f cut off at -2m and 2m: constants far away change nothing."""
    clipped = positive_part(z + 2 * m) - 2 * m
    at, same = (maximum(minimum(m, m - t), 0) for t in (z, minimum(clipped, 2 * m)))
    return Forall("the ramp sees bounded values", {"m": m > 0}, conj(at <= same, at >= same))


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The ramp between the two errors, and the uniform law for it."""
    return [*ramp(variant), cut(), bounded_functions(variant), rounding(), brackets()]


ONE = {"sample": ["1/2"], "radius": "1/8", "m": "1/8"}
SNIPPET = """\
# x uniform on [0, 1], all labels +1, any m > 0; f(x) = m + r - min |x - x_i| is 1-Lipschitz, f >= m near the sample
for p in (1, 10, 1000):
    r = 1 / (8 * p)
    training_error, right = 0, 2 * p * r      # right: at least m, which is within r of the sample
    print(p, training_error, 1 - right)
    assert 1 - right - training_error >= 3 / 4
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.positive",
        short="for m > 0 too {f ≥ m} is any closed set: training error 0, error ≥ 3/4; true of sign f against c_f^m",
        source=SOURCE,
        printed=PRINTED,
        reading="convergence for m > 0, uniform over C^m, of the error P(c(x) != y) of section 3, undecided counts as "
        "wrong",
        variant_of=f"{ROW}.zero",
        statement="For m > 0 and every law on X x Y with X bounded, the supremum over C^m(X) of |training error - "
        "error| converges to 0 almost surely.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="the uniform law on [0, 1]; all samples, all m > 0",
        covers_all=True,
        counterexamples={"a uniform law for errors": ONE},
        near_misses=(
            NearMiss("a uniform law for errors", {**ONE, "m": "0"}, "m = 0: the other case"),
            NearMiss("a uniform law for errors", {**ONE, "radius": "1/4"}, "half of the interval is right"),
        ),
        minimality="one example; every sample is a counterexample, for every m > 0, with r = 1/(8p)",
        snippet=SNIPPET,
        repairs={"error of sign f, for samples that are m-dense": Variant(repaired=True)},
        repaired_by=f"{ROW}.positive_sharp",
        argument="proof.md#positive-margins",
        notes="No sentence says so outright; 'anymore' implies it. "
        "Counting only confident mistakes, y f <= -m, changes nothing: f = -m + d(x, A). That sets of "
        "undecided points do not count as shattered makes the dimension of Proposition 7 finite, but no uniform law "
        "follows from it.",
    ),
    Claim(
        id=f"{ROW}.positive_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: the error of the sign against the training error with margin",
        variant_of=f"{ROW}.zero",
        statement="For m > 0 and every law on X x Y with X bounded: almost surely, limsup over p of the supremum over "
        "f in Lip_L(X, R) of P(y f(x) <= 0) - (share of the sample with y f < m) is at most 0.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all laws on bounded sets, all m > 0 and L",
        covers_all=True,
        hypotheses={
            "wrong": "sign f is wrong: y f <= 0",
            "confident": "c_f^m is right: y f >= m",
            "lipschitz": "f is L-Lipschitz",
            "bounded": "X has diameter D",
        },
        constants={"slope": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the ramp times m")},
        textbook=(ASCOLI, STRONG_LAW),
        argument="proof.md#positive-margins",
    ),
)
