"""m = 0: on infinitely many points every finite set is shattered; on finitely many, of course not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.bethune2021.glivenko_cantelli._classes import few_points, near
from lipcheck.claims.bethune2021.margin_choice.epsilon import ROW, ClassError
from lipcheck.claims.bethune2021.proposition_5._steps import kept, within
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, the second paragraph after Proposition 7"
PRINTED = (
    "When m = 0 the VC dimension of space C^m(X) becomes infinite and the class is not PAC learnable anymore: the "
    "training error will not converge to test error in general, regardless of the size of the training set."
)


def separate(variant: Variant) -> Forall:
    """f = (d(x, S-) - d(x, S+)) / 2 at a point of S+: positive, and so at least m = 0, for any distance > 0."""
    distance, m = var("distance"), variant.value("m", 0)
    given: dict[str, Formula] = {"distinct": distance > 0}
    value = distance / 2
    return Forall("labels of distinct points", kept(variant, given, ["distinct"]), conj(value > m, -value < -m))


def lipschitz() -> Forall:
    """Half the difference of two distances is 1-Lipschitz."""
    a, b, u, v, d = map(var, ("a", "b", "u", "v", "d"))
    given: dict[str, Formula] = {"distances": conj(within(a - u, d), within(b - v, d))}
    return Forall("half the difference of distances", given, within((a - b) / 2 - (u - v) / 2, d))


def shattered() -> Exhaustive:
    """All labellings of five points of the plane, by the function of the proof, in distances of the infinity norm."""
    points = [(0, 0), (1, 0), (0, 1), (1, 1), (3, -2)]

    def away(x: tuple[int, int], others: list[tuple[int, int]]) -> Fraction:
        return min((Fraction(max(abs(x[0] - y[0]), abs(x[1] - y[1]))) for y in others), default=Fraction(10))

    def holds(labels: Data) -> bool:
        sides = {s: [x for x, label in zip(points, labels, strict=True) if label == s] for s in (1, -1)}
        values = [(away(x, sides[-1]) - away(x, sides[1])) / 2 for x in points]
        return all(label * value > 0 for label, value in zip(labels, values, strict=True))

    labellings = [list(labels) for labels in product((1, -1), repeat=len(points))]
    text = "each labelling of five points of the plane, with distances in the infinity norm"
    return Exhaustive("five points", text, lambda: labellings, holds, labellings)


def gaps() -> Exhaustive:
    """All labels 1, x uniform on [0, 1]: f = r - d(x, sample), r = 1/(8p), has training error 0, error >= 3/4."""

    def holds(sample: Data) -> bool:
        points = [parse(x) for x in sample]
        return 1 - near(points, Fraction(1, 8 * len(points))) >= Fraction(3, 4)

    samples = [["1/2"], ["0", "1"], ["1/3", "2/3", "5/6"], ["1/8", "1/4", "3/8", "1/2", "5/8", "3/4", "7/8"]]
    text = "f = r - d(x, sample) is positive on the sample and negative on a set of probability at least 3/4"
    return Exhaustive("training error 0 and error 3/4", text, lambda: samples, holds, samples)


def infinite(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The separating function, and samples that it memorises."""
    return [separate(variant), lipschitz(), shattered(), few_points(), gaps()]


def dimension(variant: Variant) -> Universal:
    """Data {"points", "d"}: a set X = points, or infinitely many for null, and the size d of a set to be shattered.

    X has d points to be shattered iff d <= |X|: by `separate` every set of distinct points is.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"points", "d"} or type(data["d"]) is not int:
            raise ClassError("the data are the points of X, or null for infinitely many, and a size d")
        points = data["points"]
        if points is not None and (not points or len({parse(x) for x in points}) < len(points)):
            raise ClassError("X has at least one point, and no point twice")
        shatters = points is None or data["d"] <= len(points)
        return Examination({"size": data["d"] >= 1, "infinite": points is None or not variant.repaired}, shatters)

    text = "for every d some d points of X are shattered by C^0(X)"
    return Universal("infinite dimension", text, examine, lambda: [POINT], parameters=variant.repaired)


def finite(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A finite X; the separating function gives its dimension |X|."""
    return [dimension(variant), separate(Variant())]


POINT = {"points": ["0"], "d": 2}
SNIPPET = """\
from itertools import product
X = [0]                                     # a bounded set with one point
largest = max(k for k in range(3) if k <= len(X))          # a shattered set has at most |X| points
labellings = {tuple(1 if f >= 0 else -1 for f in values) for values in product((-1, 0, 1), repeat=len(X))}
print("labellings of X:", sorted(labellings), "VC dimension:", largest)
assert len(labellings) == 2 ** len(X) and largest == 1
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.zero",
        source=SOURCE,
        printed=PRINTED,
        reading="for X with infinitely many points, as sets with inner points have",
        statement="For every infinite X in R^n, C^0(X) has infinite VC dimension and is not PAC learnable. For x "
        "uniform on [0, 1] and all labels 1, and for every sample of every size p, some 1-Lipschitz f has "
        "training error 0 and error at least 3/4.",
        expected=Verdict.PROVED,
        obligations=infinite,
        scope="all infinite X in R^n",
        covers_all=True,
        hypotheses={"distinct": "the points to be labelled are distinct"},
        constants={"m": Constant(Fraction(0), mutated=Fraction(1, 100), words="the margin m")},
        textbook=(
            Textbook("a class of infinite VC dimension is not PAC learnable", "Shalev-Shwartz and Ben-David, "
                     "Understanding Machine Learning, theorem 6.6"),
            Textbook("the distance to a set is 1-Lipschitz", "Rudin, Principles, chapter 4, exercise 20"),
        ),
        argument="proof.md#the-margin-zero",
        notes="f avoids 0 on the set to be shattered, where both lines of equation 7 would apply. The label -1 "
        "everywhere: take -f. Instead of 3/4 every number below 1 will do.",
    ),
    Claim(
        id=f"{ROW}.zero_finite",
        short="a finite X is bounded and has VC dimension |X|; infinite X have infinite dimension",
        source=SOURCE,
        printed=PRINTED,
        reading="for every bounded X, as in Proposition 7, finite X included",
        variant_of=f"{ROW}.zero",
        statement="For every bounded X in R^n, C^0(X) has infinite VC dimension.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=finite,
        scope="all bounded X",
        covers_all=True,
        counterexamples={"infinite dimension": POINT},
        near_misses=(
            NearMiss("infinite dimension", {"points": None, "d": 99}, "infinitely many points"),
            NearMiss("infinite dimension", {"points": ["0"], "d": 1}, "one point is shattered"),
            NearMiss("infinite dimension", {"points": [], "d": 1}, "no point"),
        ),
        minimality="one point; exactly the finite X are counterexamples",
        snippet=SNIPPET,
        repairs={"infinite X": Variant(repaired=True)},
        repaired_by=f"{ROW}.zero",
        argument="proof.md#the-margin-zero",
        notes="A degenerate case: the finite X that it concerns have volume 0.",
    ),
)  # fmt: skip
