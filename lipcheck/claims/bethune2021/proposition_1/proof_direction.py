"""Appendix A, equation 12: z = x + (R/d(x, y)) (x - y) points away from y, so that d(y, z) = d(x, y) + R.

With (y - x) the argument works.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_1.banach import SOURCE
from lipcheck.claims.bethune2021.proposition_1.existence import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Let: z = x + (R / d(x, y)) (x − y). ... d(y, z) = ∥(x − y) + (R / d(x, y)) (x − y)∥ = |1 − R / d(x, y)| × ∥x − "
    "y∥ = |d(x, y) − R| < |d(y, ∂)| using the hypothesis on R"
)
AWAY = {"x": "0", "y": "1", "z": "-1", "d": "1", "R": "1"}

SNIPPET = """\
from fractions import Fraction as F
x, y, R = F(0), F(1), F(1)
d = abs(x - y)
z = x + R / d * (x - y)                                          # as printed
print("z =", z, " d(y, z) =", abs(y - z), " printed |d - R| =", abs(d - R))
assert abs(y - z) == d + R != abs(d - R)
assert abs(y - (x + R / d * (y - x))) == abs(d - R)              # with y - x instead
"""


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """On the line, which is a Banach space: x < y, and z by its definition times d."""
    x, y, z, d, R = map(var, ("x", "y", "z", "d", "R"))
    direction = y - x if variant.repaired else x - y
    given: dict[str, Formula] = {"d": conj(equals(d, y - x), d > 0), "R": R > 0}
    at = equals(d * (z - x), R * direction)
    return [Forall("equation 12", {**given, "z": at}, equals(absolute(y - z), absolute(d - R)))]


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With y - x: ||x - z|| = R < d(x), and |D - R| < d(y), where for R > D it takes d(x) <= D + d(y)."""
    step, R, d_x, d_y = map(var, ("step", "R", "d_x", "d_y"))
    given = lemmas.kept(variant, small=d_x > R, large=R + d_y > step, triangle=d_x <= step + d_y)
    return [
        Forall("z is near x and near y", {"R": conj(R > 0, step > 0), **given}, absolute(step - R) < d_y),
        *lemmas.with_ci(budget, *printed(Variant(repaired=True), budget), lemmas.segment(Variant())),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="z = x + R(x−y)/d(x,y) points away from y and d(y,z) = d(x,y) + R; it takes y − x",
        source=f"{SOURCE}, equation 12",
        printed=PRINTED,
        variant_of=ROW,
        statement="For x != y, R > 0 and z = x + (R/d(x, y)) (x - y): d(y, z) = |d(x, y) - R|.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=printed,
        scope="the line",
        covers_all=True,
        repairs={"y - x instead of x - y": Variant(repaired=True)},
        counterexamples={"equation 12": AWAY},
        near_misses=(
            NearMiss("equation 12", {"x": "0", "y": "1", "z": "1", "d": "1", "R": "1"}, "z = y: not the printed z"),
            NearMiss("equation 12", {"x": "0", "y": "1", "z": "0", "d": "1", "R": "0"}, "R = 0"),
        ),
        minimality="n = 1, unit lengths; it fails for all x != y and R > 0",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.proof_repaired",
        argument="proof.md#the-direction-of-z",
    ),
    Claim(
        id=f"{ROW}.proof_repaired",
        source=f"{SOURCE}, equation 12",
        printed=PRINTED,
        reading="repaired: z = x + (R/d(x, y)) (y - x)",
        statement="If 0 < R < d(x, frontier), R + d(y, frontier) > d(x, y) > 0 and z = x + (R/d(x, y)) (y - x), then "
        "d(x, z) < d(x, frontier) and d(y, z) < d(y, frontier); so x and y are on the same side of the frontier.",
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all normed spaces",
        covers_all=True,
        hypotheses={
            "small": "R < d(x, frontier)",
            "large": "R + d(y, frontier) > d(x, y)",
            "triangle": "d(x, frontier) <= d(x, y) + d(y, frontier)",
        },
        textbook=(lemmas.INTERMEDIATE,),
        argument="proof.md#the-direction-of-z",
        notes="'Using the hypothesis on R' covers R <= d(x, y); for R > d(x, y) the triangle inequality is needed too.",
    ),
)
