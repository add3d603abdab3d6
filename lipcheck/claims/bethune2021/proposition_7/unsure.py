"""The sentence before Proposition 7: where |f(x)| < m "the label may be flipped using attacks of norm at most m".

It may: for every value of f(x) below m some 1-Lipschitz f is flipped. It need not: a constant f is never flipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.build.root_lattices import PackingError
from lipcheck.claims.bethune2021.proposition_7._common import ROW, exactly
from lipcheck.claims.bethune2021.proposition_7.shattering import lipschitz
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def may(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f(z) = z is flipped from x = a by a step of (a + m)/2 to the left; at f(x) >= m no step below m flips."""
    a, m, step = var("a"), var("m"), var("step")
    below: dict[str, Formula] = {"positive": a > 0, "step": equals(2 * step, a + m)}
    if variant.keeps("unsure"):
        below["unsure"] = a < m
    u, v, d = var("fx"), var("fy"), var("d")
    sure: dict[str, Formula] = {"sure": u >= m, "attack": d < m, "lipschitz": lipschitz(u, v, d)}
    return [
        Forall("f(z) = z is flipped", below, conj(a - step < 0, step <= m)),
        Forall("a confident label is not flipped", sure, v > 0),
    ]


def always(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f(z) = slope z + offset on the line, at x: |f(x)| < m, and whether some attack of norm at most m reaches 0.

    The repair asks for |slope| = 1, as for signed distances: then the attack of norm |f(x)| does.
    """

    def examine(data: Data) -> Examination:
        given = exactly(data, "slope", "offset", "x", "margin")
        slope, offset, x, m = (parse(given[k]) for k in ("slope", "offset", "x", "margin"))
        if m <= 0:
            raise PackingError("The margin is positive.")
        value = slope * x + offset
        hypotheses = {"lipschitz": abs(slope) <= 1, "unsure": abs(value) < m}
        if variant.repaired:
            hypotheses["gradient of norm one"] = abs(slope) == 1
        return Examination(hypotheses, abs(value) <= abs(slope) * m)

    text = "some attack of norm at most m takes f to 0"
    return [Universal("affine functions", text, examine, lambda: [CONSTANT], parameters=variant.repaired), distance()]


def distance() -> Forall:
    """|f(z)| = dist(z, frontier) at x: a point of the frontier at the distance |f(x)| is closer than m."""
    f, d, m = var("f"), var("d"), var("m")
    hypotheses: dict[str, Formula] = {
        "signed distance": conj(disj(equals(d, f), equals(d, -f)), d >= 0),
        "unsure": conj(f < m, -f < m),
    }
    return Forall("a signed distance can be flipped", hypotheses, d < m)


def affine(slope: str, offset: str, x: str = "0") -> dict[str, Any]:
    """f(z) = slope z + offset at x, with margin 1."""
    return {"slope": slope, "offset": offset, "x": x, "margin": "1"}


CONSTANT = affine("0", "1/2")
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, before Proposition 7"
PRINTED = (
    "|f(x)| < m can be understood as examples x for which the classifier is unsure: the label may be flipped using "
    "attacks of norm ‖δ‖ ≤ m."
)
SNIPPET = """\
from fractions import Fraction as F
f, m = lambda x: F(1, 2), 1                         # constant, so 1-Lipschitz; |f(0)| < m
attacks = [F(k, 100) for k in range(-100, 101)]     # all of norm at most m
print("values under attack:", {f(d) for d in attacks})
assert abs(f(0)) < m and all(f(d) > 0 for d in attacks)
"""
CLAIMS = (
    Claim(
        id=f"{ROW}.unsure",
        source=SOURCE,
        printed=PRINTED,
        reading="may: for every value a of f(x) in (0, m) some f in Lip_1 is flipped, and from m on none is",
        statement="For 0 < a < m there are f in Lip_1, x with f(x) = a, and an attack of norm below m that makes f "
        "negative; if f(x) >= m, no attack of norm below m changes the sign of any f in Lip_1.",
        expected=Verdict.PROVED,
        obligations=may,
        scope="all m > 0; R^n for every n >= 1, by f(z) = z_1; negative values by symmetry",
        covers_all=True,
        hypotheses={"unsure": "|f(x)| < m"},
        argument="proof.md#unsure-points",
    ),
    Claim(
        id=f"{ROW}.unsure_always",
        short="f = 1/2 is below the margin 1 and no attack flips it; true for signed distances to the frontier",
        source=SOURCE,
        printed=PRINTED,
        reading="can: for every f in Lip_1 and every x with |f(x)| < m some attack of norm at most m reaches the "
        "frontier",
        variant_of=f"{ROW}.unsure",
        statement="If f is 1-Lipschitz and |f(x)| < m, then f(x + delta) = 0 for some delta with ||delta|| <= m.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=always,
        scope="all f in Lip_1(R^n), all x",
        covers_all=True,
        repairs={"gradient of norm one": Variant(repaired=True)},
        counterexamples={"affine functions": CONSTANT},
        near_misses=(
            NearMiss("affine functions", affine("1", "1/2"), "the gradient has norm one: -1/2 is on the frontier"),
            NearMiss("affine functions", affine("1/2", "1/2"), "the frontier is exactly at the distance m"),
            NearMiss("affine functions", affine("0", "1"), "f(x) is not below the margin"),
        ),
        minimality="one input, a constant f; f(z) = z/3 + 1/2 fails as well, so a frontier alone does not help",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.unsure",
        argument="proof.md#unsure-points",
    ),
)
