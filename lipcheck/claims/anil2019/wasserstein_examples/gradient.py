"""Sections 7.1.1 and B.2 (ICLR): cones "with a gradient of 1 everywhere".

Plain reading: f(x) = max over centres of 1 - |x - c| has a gradient of norm 1 at every point. At a centre, and where
two centres are equally near, it has none. These points are a null set, so it is so almost everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import ICLR
from lipcheck.claims.anil2019.optimal_dual_gradient.finite_supports import unit_gradient
from lipcheck.claims.anil2019.wasserstein_examples.common import ROW
from lipcheck.exact import dot, matrix, vector
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICLR}, section 7.1.1 and appendix B.2"
PRINTED = (
    "The optimal dual surface is three consecutive circular cones with a gradient of 1 everywhere. [...] high "
    "dimensional circular cones which have a gradient of 1 everywhere."
)


class PlaceError(LipcheckError, ValueError):
    """A point and centres of different dimensions."""


def examine(data: Data, ask: bool) -> Examination:
    """Whether max_i 1 - |x - c_i| has a gradient of norm 1 at the point, by its one-sided derivatives along the axes.

    At a centre the derivative along h is -|h|. Elsewhere, with d the distance to the nearest centres, d times that
    derivative is the maximum over these centres of -(x - c).h.
    """
    x, centres = vector(data["point"], "point"), matrix(data["centres"], "centres")
    if len(x) != len(centres[0]):
        raise PlaceError("The point and the centres need as many coordinates.")
    away = [tuple(a - b for a, b in zip(x, c, strict=True)) for c in centres]
    nearest = min(dot(z, z) for z in away)
    active = [z for z in away if dot(z, z) == nearest]
    axes = [tuple(Fraction(int(i == j)) for j in range(len(x))) for i in range(len(x))]

    def scaled(h: Sequence[Fraction]) -> Fraction:
        return max(-dot(z, h) for z in active) if nearest else Fraction(-1)

    right, left = [scaled(h) for h in axes], [-scaled([-e for e in h]) for h in axes]
    exists = right == left
    hypotheses = {"off the apexes": nearest > 0, "one nearest centre": len(active) == 1} if ask else {}
    return Examination(hypotheses, exists and dot(right, right) == nearest)


THREE = [["-2", "0"], ["0", "0"], ["2", "0"]]
APEX: Any = {"point": ["0"], "centres": [["0"]]}
MIDDLE: Any = {"point": ["1", "1"], "centres": THREE}


def points(variant: Variant, ask: bool) -> Universal:
    """Single points."""
    text = "f has a gradient of norm 1 at the point" + (", off apexes and ridges" if ask else "")
    return Universal("points", text, lambda data: examine(data, ask), lambda: [APEX, MIDDLE], variant.dropped, ask)


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every point; repaired, those with exactly one nearest centre, not themselves centres."""
    return [points(variant, variant.repaired)]


def ridges() -> Forall:
    """|x - c|^2 = |x - c'|^2 is one linear equation a.x = b, and a = 2 (c' - c) is not 0: one coordinate each."""
    x, c, e, rest = var("x"), var("c"), var("e"), var("rest")
    given: dict[str, Formula] = {"rest": equals(rest + (x - c) ** 2 - (x - e) ** 2, 0)}
    return Forall("ridges lie in hyperplanes", given, equals(rest + 2 * (e - c) * x + c * c - e * e, 0))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The gradient of a cone, and where two cones meet."""
    return [points(variant, True), unit_gradient(), ridges()]


SNIPPET = """\
from fractions import Fraction
def f(x): return 1 - abs(x)               # the cone for n = 1
h = Fraction(1, 1000)
right, left = (f(h) - f(0)) / h, (f(0) - f(-h)) / h
print("slopes at the apex:", right, "to the right,", left, "to the left")
assert right != left
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.gradient_everywhere",
        source=SOURCE,
        printed=PRINTED,
        statement="f(x) = max over centres of 1 - |x - c| has a gradient of norm 1 at every point of R^n.",
        short="no gradient at the apexes and on ridges; norm 1 at all other points",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=everywhere,
        scope="any centres in R^n",
        covers_all=True,
        repairs={"off apexes and ridges": Variant(repaired=True)},
        counterexamples={"points": APEX},
        near_misses=(
            NearMiss("points", {"point": ["1/1000"], "centres": [["0"]]}, "beside the apex"),
            NearMiss("points", {"point": ["1/2", "1"], "centres": THREE}, "one nearest centre"),
        ),
        minimality="one input, one centre; every cone has an apex",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.gradient",
        argument="proof.md#gradient",
        notes=(
            "A slip for 'almost everywhere', which the paper says elsewhere. Between touching discs f has ridges, too; "
            "and outside of the discs an optimal dual need not have gradient norm 1 at all."
        ),
    ),
    Claim(
        id=f"{ROW}.gradient",
        source=f"{SOURCE}, corrected",
        printed=PRINTED,
        statement=(
            "f(x) = max over finitely many centres of 1 - |x - c| has a gradient of norm 1 exactly at the points that "
            "are no centre and have one nearest centre; all others form a null set."
        ),
        reading="repaired: almost everywhere",
        variant_of=f"{ROW}.gradient_everywhere",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="finitely many centres in R^n, every n",
        covers_all=True,
        hypotheses={
            "off the apexes": "the point is no centre",
            "one nearest centre": "no two centres are equally near",
        },
        textbook=(
            Textbook("points and hyperplanes are null sets", "Rudin, Real and Complex Analysis, 2.20"),
            Textbook("a maximum of smooth functions with different gradients is not differentiable", "definition"),
        ),
        argument="proof.md#gradient",
    ),
)
