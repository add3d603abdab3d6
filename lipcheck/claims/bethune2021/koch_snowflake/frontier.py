"""Example 1: "An example of HMF is depicted ..., with the frontier chosen to be the fourth iteration of Von Koch
Snowflake." Such a function exists: the snowflake is the set of ties of two disjoint closed classes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.koch_snowflake import _corners as corners
from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.obligation import Obligation
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.koch_snowflake"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 3.1, Example 1"
JORDAN = Textbook("Jordan curve theorem for polygons", "Courant, Robbins, What is Mathematics?, chapter V, section 2")


def ties(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The polygon, its corners, far sides, and that ties lie on the curve; two points and the gradient as ever."""
    mirror = lemmas.kept(variant, mirror=corners.mirrored())
    return [
        corners.through_the_curve(mirror),
        lemmas.two_points(variant),
        *lemmas.with_ci(
            budget,
            *corners.corners(),
            corners.far_sides(),
            corners.snowflakes(),
            lemmas.segment(Variant()),
            lemmas.gradient(Variant()),
        ),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed="An example of HMF is depicted in Figures 1 (a) and (b), with ∂ chosen to be the fourth iteration of "
        "Von Koch Snowflake.",
        statement="There are disjoint closed sets A inside and B outside of the fourth Koch snowflake (and of "
        "the earlier ones) for which the set of ties is the snowflake exactly. So the HMF with this frontier exists: "
        "the signed distance to the snowflake, 1-Lipschitz with a gradient of norm 1 almost everywhere.",
        expected=Verdict.PROVED,
        obligations=ties,
        scope="iterations 0 to 4",
        covers_all=True,
        hypotheses={"mirror": "every point of the curve is as far from A as from B"},
        constants={"lipschitz": Constant(Fraction(1), mutated=Fraction(99, 100), words="the Lipschitz constant")},
        textbook=(JORDAN, lemmas.RADEMACHER, lemmas.INTERMEDIATE),
        argument="proof.md#the-snowflake-is-a-set-of-ties",
        depends_on=("bethune2021.proposition_1",),
        notes="The classes 'inside' and 'outside' themselves are not both closed and disjoint, so that this needs a "
        "proof. The same proof serves every simple polygon.",
    ),
)
