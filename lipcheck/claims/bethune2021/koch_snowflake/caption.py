"""Figure 1 (a): "the Von Koch Snowflake in green ... The support of class -1 is the interior ring, while the center and
the exterior corresponds to class +1." One snowflake has two sides, and the centre and the exterior are on different
ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from lipcheck.build.polygons import Polygon, PolygonError
from lipcheck.build.regions import Region
from lipcheck.claims.bethune2021.koch_snowflake._corners import snowflake
from lipcheck.claims.bethune2021.koch_snowflake.frontier import JORDAN, ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict

APART = {"centre": ["0", "0"], "exterior": ["2", "0"]}

SNIPPET = """\
from math import cos, pi, sin
P, d = [], [0, 2, 4]
for _ in range(4):                                               # 3 * 4^4 sides of length 1, in sixths of a turn
    d = [k for t in d for k in (t, t - 1, t + 1, t)]
x, y = -81 / 2, -81 / 12**0.5                                    # the lower left corner, centre at the origin
for t in d:
    P.append((x, y)); x += cos(t * pi / 3); y += sin(t * pi / 3)
hit = lambda p: sum((a[1] > p[1]) != (b[1] > p[1]) and p[0] < a[0] + (p[1] - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
                    for a, b in zip(P, P[1:] + P[:1]))
print("sides that a ray crosses: from the centre", hit((0, 0.1)), " from outside", hit((-99, 0.1)))
assert hit((0, 0.1)) % 2 == 1 and hit((-99, 0.1)) % 2 == 0       # different sides of one frontier
"""


@cache
def frontier(rings: bool) -> Polygon | Region:
    """The fourth snowflake, alone or with the first one at half its size inside."""
    outer = snowflake(4)
    return Region((outer, snowflake(1).scaled("1/2"))) if rings else outer


def sides(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Points near the centre and points outside of the unit disc: f has one sign at both."""

    def examine(given: Any) -> Examination:
        if not isinstance(given, Mapping) or set(given) != {"centre", "exterior"}:
            raise PolygonError("give a point near the centre and a point outside")
        centre, outside = (tuple(map(parse, given[k])) for k in ("centre", "exterior"))
        if len(centre) != 2 or len(outside) != 2:
            raise PolygonError("give points of the plane")
        hypotheses = {
            "centre": sum(c * c for c in centre) <= 1 / parse("16"),
            "exterior": sum(c * c for c in outside) > 1,
        }
        region = frontier(variant.repaired)
        return Examination(hypotheses, region.side(centre) == region.side(outside))

    what = "the fourth snowflake and a smaller one" if variant.repaired else "the fourth snowflake"
    text = f"where f has {what} as its frontier, the centre and the exterior are on one side"
    return [Universal("centre and exterior", text, examine, lambda: [APART], parameters=[variant.repaired])]


CLAIMS = (
    Claim(
        id=f"{ROW}.caption",
        short="with one snowflake as frontier, centre and exterior have different signs; a ring takes two curves",
        source="Béthune et al. 2021, arXiv 2104.05097v2, Figure 1 (a), caption",
        printed="The frontier δ can be highly complex and irregular (here the Von Koch Snowflake in green), it does "
        "not prevent the classifier to be 1-Lipschitz. The support of class −1 is the interior ring, while the center "
        "and the exterior corresponds to class +1.",
        variant_of=ROW,
        reading="the frontier is one snowflake, as Example 1 says too",
        statement="For the HMF whose frontier is the fourth Koch snowflake, points at the centre and points outside "
        "have the same sign.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=sides,
        scope="points within 1/4 of the centre and points off the unit disc",
        covers_all=True,
        textbook=(JORDAN,),
        repairs={"a second, smaller snowflake inside": Variant(repaired=True)},
        counterexamples={"centre and exterior": APART},
        near_misses=(
            NearMiss("centre and exterior", {**APART, "centre": ["2", "1"]}, "no point near the centre"),
            NearMiss("centre and exterior", {**APART, "exterior": ["0", "1/8"]}, "no point outside"),
        ),
        minimality="one point on each side of the curve",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#a-ring-takes-two-curves",
        notes="A ring with this shape has two snowflakes as its frontier. Example 1 also refers to a Figure 1 (c), "
        "which this version does not have, and speaks of 20 epochs where the caption has 30K steps.",
    ),
)
