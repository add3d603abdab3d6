"""Anil et al. 2019, section 2.1: "f : X → Y is Lipschitz continuous if there exists K ∈ R such that ... d_Y(f(x1),
f(x2)) ≤ K d_X(x1, x2) ... the Lipschitz constant [is] the smallest such K".

Plain reading: among the real numbers K with this property there is a smallest one, for every Lipschitz function on X =
R^n, "unless otherwise specified", and on every X with two points: the supremum of the slopes, attained as a constant.
Read for every metric space it needs K >= 0: on one point every real K has the property, and there is no smallest.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.lipschitz_constant.common import ICML, ROW
from lipcheck.exact import Vector, vector
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Given two metric spaces X and Y, a function f : X → Y is Lipschitz continuous if there exists K ∈ R such that for "
    "all x1 and x2 in X, d_Y(f(x1), f(x2)) ≤ K d_X(x1, x2) [...] when we refer to the Lipschitz constant we are "
    "referring to the smallest such K for which the above holds under a given d_X and d_Y."
)


class PointsError(LipcheckError, ValueError):
    """A function on points that is none."""


def read(data: Any) -> tuple[Vector, Vector]:
    """Distinct points of the line, with the metric |x - y|, and the values of f at them."""
    points, values = vector(data["points"], "points"), vector(data["values"], "values")
    if not points or len(set(points)) < len(points) or len(values) != len(points):
        raise PointsError("give distinct points, at least one, and one value for each")
    return points, values


def has_smallest(points: Vector, values: Vector, nonnegative: bool) -> bool:
    """Whether the real K with |f(x) - f(y)| <= K |x - y| for all x, y have a least element.

    They are cut out by K >= |f(x) - f(y)| / |x - y| for x != y, and by nothing for x = y, where both sides are 0. So
    there is a least one exactly if there is such a bound.
    """
    pairs = list(zip(points, values, strict=True))
    bounds = [abs(v - w) / abs(x - y) for x, v in pairs for y, w in pairs if x != y]
    return bool(bounds) or nonnegative


def every_space(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All finite metric spaces on the line; two points have a smallest constant."""

    def examine(data: Any) -> Examination:
        return Examination({}, has_smallest(*read(data), nonnegative=variant.repaired))

    reals = "real K >= 0" if variant.repaired else "real K"
    text = f"among the {reals} with |f(x) - f(y)| <= K |x - y| one is smallest"
    two = [{"points": ["0", "1"], "values": ["0", v]} for v in ("0", "1", "2")]
    return [
        Universal("points", text, examine, lambda: [{"points": ["0"], "values": ["0"]}], parameters=variant.repaired),
        Exhaustive("two points", "two points have a smallest K", lambda: two,
                   lambda d: has_smallest(*read(d), nonnegative=False), size=2),
    ]  # fmt: skip


dX, dY, K, S, e = map(var, ("dX", "dY", "K", "S", "e"))


def bounded(variant: Variant) -> Forall:
    """At two different points K dX >= dY >= 0 and dX > 0, so that K >= 0: the constants are bounded below."""
    distance = dX > 0 if variant.keeps("two points") else dX >= 0
    return Forall("constants are nonnegative", {"metrics": conj(dY >= 0, distance), "constant": dY <= K * dX}, K >= 0)


def closed() -> Forall:
    """If dY > S dX for some pair, then dY > (S + e) dX for some e > 0: numbers just above S are no constants either."""
    hypotheses: dict[str, Formula] = {
        "metric": dX >= 0,
        "S fails": dY > S * dX,
        "choice": equals(e * (dX + 1), dY - S * dX),
    }
    return Forall("the constants are a closed set", hypotheses, conj(e > 0, dY > (S + e) * dX))


def upward() -> Forall:
    """Every number above a constant is one."""
    hypotheses = {"metric": dX >= 0, "constant": dY <= K * dX, "larger": S >= K}
    return Forall("the constants go upward", hypotheses, dY <= S * dX)


def slopes() -> Forall:
    """Constants are at least every slope s = dY / dX, dX > 0; so the smallest is the supremum of the slopes."""
    s = var("s")
    hypotheses = {"different": dX > 0, "slope": equals(s * dX, dY), "constant": dY <= K * dX}
    witness = {"dX": Fraction(1), "dY": Fraction(1), "K": Fraction(1), "s": Fraction(1)}
    return Forall("constants bound the slopes", hypotheses, s <= K, witness=witness)


def bounds() -> Forall:
    """Conversely a K that is at least every slope is a constant; where dX = 0, dY = 0 too."""
    s = var("s")
    slope = conj(dX > 0, equals(s * dX, dY), s <= K)
    return Forall("bounds of the slopes are constants", {"pair": disj(slope, conj(equals(dX, 0), equals(dY, 0)))},
                  dY <= K * dX)  # fmt: skip


def smallest(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Bounded below, closed, upward: an interval [S, infinity); its members are the bounds of the slopes."""
    return [bounded(variant), closed(), upward(), slopes(), bounds()]


CLAIMS = (
    Claim(
        id=ROW,
        source=ICML,
        printed=PRINTED,
        statement="If X has two points or more, in particular for X = R^n with n >= 1, every Lipschitz f : X -> Y has "
        "a smallest constant: it is the supremum of d_Y(f(x1), f(x2)) / d_X(x1, x2) over x1 != x2, it is at least 0, "
        "and every larger number is a constant too.",
        reading="X has two points or more, as X = R^n has, which the section takes 'unless otherwise specified'",
        expected=Verdict.PROVED,
        obligations=smallest,
        scope="all metric spaces with two points or more",
        covers_all=True,
        hypotheses={"two points": "X has two different points"},
        textbook=(Textbook("a nonempty set of reals that is bounded below has an infimum", "Rudin, Principles, 1.11"),),
        argument="proof.md#the-smallest-constant",
        notes="Attained as a constant, not as a slope: x -> sqrt(1 + x^2) has constant 1 and no slope of 1.",
    ),
    Claim(
        id=f"{ROW}.every_space",
        source=ICML,
        printed=PRINTED,
        statement="For all metric spaces X (not empty) and Y and every Lipschitz f : X -> Y, the set of real K with "
        "d_Y(f(x1), f(x2)) <= K d_X(x1, x2) for all x1, x2 has a least element.",
        short="on a one-point space every real K, negative ones too, is a constant; with K >= 0, or two points, one is "
        "smallest",
        reading="literal: for every metric space, and K ∈ R of either sign",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=every_space,
        scope="all metric spaces; fails for one point only",
        covers_all=True,
        argument="proof.md#every-metric-space",
        counterexamples={"points": {"points": ["0"], "values": ["0"]}},
        minimality="one point is the smallest space, and the only size at which it fails",
        near_misses=(
            NearMiss(
                "points",
                {"points": ["0", "1"], "values": ["0", "0"]},
                "on two points a constant function has the smallest constant 0",
            ),
        ),
        repairs={"K >= 0": Variant(repaired=True)},
        repaired_by=ROW,
        snippet="d_X = d_Y = 0  # X has one point, so this is the only pair\nfor K in (0, -1, -10**9):\n"
        "    print(K, d_Y <= K * d_X)\n    assert d_Y <= K * d_X",
        notes="K >= 0 is surely meant; without consequence where X = R^n, n >= 1.",
    ),
)
