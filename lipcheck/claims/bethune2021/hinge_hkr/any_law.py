"""The hinge sentence for every law: classes that touch, with different densities, defeat every margin.

On [-1, 1] let the label be -1 with density a on the left of 0 and +1 with density b on the right. The sign of x has no
error. If f is right almost everywhere, f(0) = 0 by continuity; but the least loss belongs to f(0) = m (b - a)/(a + b)
for m <= 1/2, and to some f(0) != 0 for every m.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.claims.bethune2021.hinge_hkr._samples import ROW, SOURCE, SampleError
from lipcheck.claims.bethune2021.hinge_hkr.accuracy import PRINTED
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ONE = Fraction(1)
UNEVEN: Any = {"a": "2/3", "b": "1/3", "m": "1/2", "c": "-1/6"}


def loss(a: Fraction, b: Fraction, m: Fraction, c: Fraction) -> Fraction:
    """The exact hinge loss of f(x) = x + c: the integrand is affine between the break points."""
    breaks = sorted({-ONE, Fraction(0), ONE, *(x for x in (-m - c, m - c) if -1 < x < 1)})

    def hinge(x: Fraction, label: int) -> Fraction:
        return max(Fraction(0), m - label * (x + c))

    total = Fraction(0)
    for low, high in pairwise(breaks):
        label, density = (-1, a) if high <= 0 else (1, b)
        total += density * (high - low) * (hinge(low, label) + hinge(high, label)) / 2
    return total


def examine(data: Data, even: bool) -> Examination:
    """Whether f(0) = 0 is no worse than f(0) = c."""
    if not isinstance(data, Mapping) or set(data) != {"a", "b", "m", "c"}:
        raise SampleError("give the densities a and b, the margin m and the value c")
    a, b, m, c = (parse(data[k]) for k in ("a", "b", "m", "c"))
    hypotheses = {"law": a > 0 and b > 0 and a + b == 1, "margin": m > 0}
    if even:
        hypotheses["equal densities"] = a == b
    return Examination(hypotheses, loss(a, b, m, Fraction(0)) <= loss(a, b, m, c))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The claim for one margin and law; that all margins fail; that every f with f(0) = 0 is at least as bad."""
    a, b, m, c, f, x = map(var, ("a", "b", "m", "c", "f", "x"))
    even = "equal densities" if variant.repaired else "all densities"
    text = f"among the functions x + c, c = 0 has the least hinge loss: {even}"
    best: dict[str, Formula] = {"law": equals(a + b, 1), "c": equals(c, m * (b - a))}
    # at_m, near_m, far_m = I(m), I(m - step), I(m + step), which differ by step times slopes of I
    at_m, near_m, far_m, drop, gain = map(var, ("at_m", "near_m", "far_m", "drop", "gain"))
    slopes: dict[str, Formula] = {
        "law": conj(a > 0, b > 0),
        "convex": conj(near_m <= at_m - drop, far_m <= at_m + gain),
        "step": a * drop > b * gain,
    }
    zero: dict[str, Formula] = {"lipschitz": conj(f - c <= x, c - f <= x), "x": x >= 0}
    return [
        Universal(
            "the best threshold", text, lambda d: examine(d, variant.repaired), lambda: [UNEVEN], parameters=even
        ),
        Forall("the best threshold is not 0", {**best, "uneven": a > b, "margin": m > 0}, c < 0),
        Forall("every margin fails", {**best, "side": c < 0}, a * (m + c) ** 2 + b * (m - c) ** 2 < m**2),
        Forall("every margin fails, above 1/2 too", slopes, a * near_m + b * far_m < (a + b) * at_m),
        Forall("right of 0", zero, positive_part(m - f) >= positive_part(m - c - x)),
        Forall("left of 0", zero, positive_part(m + f) >= positive_part(m + c - x)),
        Forall("minimal: equal densities", {"side": c >= 0}, (m + c) ** 2 + (m - c) ** 2 >= 2 * m**2),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.any_law",
        source=SOURCE,
        printed=PRINTED,
        statement="For every law there is a margin m > 0 such that minimizers of the expected hinge loss over "
        "1-Lipschitz f have the Bayes error.",
        short="touching classes with unequal densities: every hinge minimizer errs, for every m; a gap is needed",
        reading="every law, the margin chosen for it",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="label -1 with density a on [-1, 0], +1 with density b on [0, 1], a != b",
        covers_all=True,
        repairs={"equal densities": Variant(repaired=True)},
        counterexamples={"the best threshold": UNEVEN},
        near_misses=(
            NearMiss("the best threshold", {**UNEVEN, "a": "1/2", "b": "1/2"}, "equal densities: 0 is best"),
            NearMiss("the best threshold", {**UNEVEN, "c": "1/6"}, "moved to the wrong side"),
            NearMiss("the best threshold", {**UNEVEN, "c": "-1/3"}, "moved twice as far: as bad as 0"),
        ),
        minimality="one dimension, two uniform laws; equal densities are no counterexample",
        snippet="""\
from fractions import Fraction as F
def loss(c, m=F(1, 2), a=F(2, 3), b=F(1, 3)):        # f(x) = x + c
    return a * (m + c) ** 2 / 2 + b * (m - c) ** 2 / 2
print("f(0) = 0:", loss(0), "  f(0) = -1/6:", loss(F(-1, 6)))
assert loss(F(-1, 6)) < loss(0)                      # the better one misclassifies (0, 1/6)
""",
        repaired_by=ROW,
        argument="proof.md#every-law",
        notes="The classes have disjoint interiors and no noise: a 1-Lipschitz function without error exists. For "
        "finite samples without contradicting labels a margin always exists, so 'in principle' is right in practice.",
    ),
)
