"""Appendix A, the gradient: "h = epsilon (y - x)/|y - x| ... lim_{epsilon -> +infinity} (f(x+h) - f(x))/|h| = -1".

The limit has to be taken at 0; there it is -1 where f > 0 and +1 where f < 0; and on the frontier h is 0/0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.claims.bethune2021.proposition_1.banach import SOURCE
from lipcheck.claims.bethune2021.proposition_1.existence import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Let x be such that y ∈ arg min_{y∈∂} d(x, y) is unique. Consider h = ε (y−x)/∥y−x∥ with 1 ≥ ε > 0 a small "
    "positive real. We have d(x, x + h) = ε, it follows by triangular inequality that d(x+h, ∂) = d(x, ∂) − ε. We see "
    "that: lim_{ε→+∞} (f(x+h) − f(x))/∥h∥ = −1"
)
FAR = {"A": ["-2", "2"], "B": ["0"], "x": "2"}
NEGATIVE = {"A": ["1"], "B": ["-1"], "x": "-1"}
ON = {"A": ["1"], "B": ["-1"], "x": "0"}

SNIPPET = """\
from fractions import Fraction as F
f = lambda x: abs(x) - 1                                         # A = {-2, 2}, B = {0}, the frontier is {-1, 1}
x, u = F(2), -1                                                  # the nearest point of the frontier is y = 1
far = [(f(x + e * u) - f(x)) / e for e in (F(10), F(1000), F(10**6))]
print("quotients for growing epsilon:", [float(q) for q in far])
assert far[0] < far[1] < far[2] < 1 and far[2] > F(99, 100)      # they tend to +1, not to -1
"""
SNIPPET_ON = """\
f = lambda x: x                                                  # A = {1}, B = {-1}, the frontier is {0}
x = 0
y = min([0], key=lambda t: abs(x - t))                           # the unique nearest point of the frontier
try:
    h = (y - x) / abs(y - x)
except ZeroDivisionError:
    h = None
print("x =", x, " y =", y, " h =", h)
assert h is None
"""


def _slope(x: Fraction, direction: int, step: Fraction, classes: line.Classes) -> Fraction:
    """(f(x + 2 h) - f(x + h))/|h|: the limit at infinity for a long step beyond all turns, at 0 for a short one."""
    one, two = (line.height(x + k * direction * step, classes) for k in (1, 2))
    return (two - one) / step


def quotients(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """For finite classes on the line and x with one nearest tie: both limits of the quotient."""

    def examine(given: Any, at_zero: bool) -> Examination:
        found, more = line.read(given, "x")
        x, hypotheses = more["x"], {"both classes": all(found), "disjoint": line.disjoint(found)}
        if not all(hypotheses.values()):
            return Examination(hypotheses, False)
        ties = line.frontier(found)
        away = line.distance(x, ties)
        near = [t for t in ties if abs(x - t) == away]
        hypotheses |= {"unique": len(near) == 1, "off the frontier": away > 0}
        if not all(hypotheses.values()):
            return Examination(hypotheses, False)
        size = sum(abs(p) for members in found for p in members) + abs(x) + 1
        step = away / 2 if at_zero or variant.repaired else 2 * size
        limit = _slope(x, 1 if near[0] > x else -1, step, found)
        wanted = 1 if variant.repaired and line.height(x, found) < 0 else -1
        return Examination(hypotheses, limit == wanted)

    far, near = (
        Universal(name, text, lambda given, z=z: examine(given, z), lambda: [FAR, NEGATIVE],  # type: ignore[misc]
                  parameters=[variant.repaired])
        for name, text, z in (
            ("limit at infinity", "the quotient tends to -1 as epsilon grows", False),
            ("limit at zero", "the quotient tends to -1 as epsilon falls to 0", True),
        )
    )  # fmt: skip
    x, m, e = map(var, ("x", "m", "e"))
    alone = Forall(
        "minimal: with one point in each class the limit at infinity is -1 where f > 0",
        {"f(t) = t - m": conj(x > m, e > 0)},
        equals(((x - e) - m) - (x - m), -e),
    )
    return [far, near, alone]


def on_the_frontier(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """For x with one nearest tie y (repaired: x off the frontier), y - x is not 0."""

    def examine(given: Any) -> Examination:
        found, more = line.read(given, "x")
        hypotheses = {"both classes": all(found), "disjoint": line.disjoint(found)}
        if not all(hypotheses.values()):
            return Examination(hypotheses, False)
        away = line.distance(more["x"], ties := line.frontier(found))
        hypotheses["unique"] = sum(abs(more["x"] - t) == away for t in ties) == 1
        if variant.repaired:
            hypotheses["off the frontier"] = away > 0
        return Examination(hypotheses, away > 0)

    text = "where the nearest point y of the frontier is unique, y - x has a direction"
    return [Universal("direction", text, examine, lambda: [ON], parameters=[variant.repaired])]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof_limit",
        short="the quotient's limit is at ε → 0, not +∞, and it is −1 where f > 0 but +1 where f < 0",
        source=SOURCE,
        printed=PRINTED,
        variant_of=f"{ROW}.gradient_everywhere",
        reading="the limit as printed, and at 0, as the words before it mean",
        statement="Off the frontier, at x with a unique nearest y in it, (f(x + h) - f(x))/|h| tends to -1 as epsilon "
        "grows (in the other reading: as it falls to 0).",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=quotients,
        scope="finite classes on the line",
        covers_all=True,
        repairs={"epsilon to 0, and the sign of f": Variant(repaired=True)},
        counterexamples={"limit at infinity": FAR, "limit at zero": NEGATIVE},
        near_misses=(
            NearMiss("limit at infinity", {**NEGATIVE, "x": "1"}, "f(x) = x: the quotient is always -1"),
            NearMiss("limit at zero", FAR, "near 2 the quotient is -1"),
            NearMiss("limit at infinity", {**FAR, "x": "0"}, "two nearest points"),
        ),
        minimality="three points for the limit at infinity (two points give -1 where f > 0), two for the sign",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.gradient_everywhere",
        argument="proof.md#the-limit",
        notes="d(x + h, frontier) = d(x, frontier) - epsilon, too, needs epsilon <= d(x, frontier), not epsilon <= 1. "
        "The sign is harmless for the norm of the gradient.",
    ),
    Claim(
        id=f"{ROW}.proof_on_frontier",
        short="on ∂ the nearest point is x itself and h = 0/0; that ∂ is a null set is not shown",
        source=SOURCE,
        printed=PRINTED,
        variant_of=f"{ROW}.gradient_everywhere",
        reading="for every x with a unique nearest point, as printed",
        statement="If the point y of the frontier nearest to x is unique, then (y - x)/|y - x| is defined.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=on_the_frontier,
        scope="finite classes on the line",
        covers_all=True,
        repairs={"x off the frontier": Variant(repaired=True)},
        counterexamples={"direction": ON},
        near_misses=(NearMiss("direction", {**ON, "x": "1"}, "x is off the frontier"),),
        minimality="two points, one of each class",
        snippet=SNIPPET_ON,
        repaired_by=f"{ROW}.gradient_everywhere",
        argument="proof.md#the-frontier-is-a-null-set",
        notes="This is where norms differ: for the infinity norm frontiers can have positive measure (any_norm).",
    ),
)
