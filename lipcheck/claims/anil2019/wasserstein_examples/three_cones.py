"""Appendix G.1, "Multiple 2D Circular Cones": the distance, the plan and the dual function for three touching circles.

Plain reading: P1 is uniform on (-2, 0), (0, 0), (2, 0), and P2 (printed as a second p1) uniform on the unit circles
around a uniformly chosen one of these. W(P1, P2) = 1; the only optimal plan spreads each centre over its own circle; on
the three discs every optimal dual is the three cones, of equal height as the circles touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import LINE
from lipcheck.claims.anil2019.wasserstein_examples.common import G1, RADIUS, ROW, gain, spheres
from lipcheck.claims.anil2019.wasserstein_examples.cones import CAUCHY, on_the_line, on_the_segment
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

CANDIDATES: list[Data] = [
    {"centres": ["-2", "0", "2"], "heights": ["1", "1", "1"]},
    {"centres": ["0", "3"], "heights": ["1", "3/2"]},
    {"centres": ["0", "2"], "heights": ["1", "3/2"]},
]


def examine(data: Data) -> Examination:
    """max_i h_i - |x - c_i| over centres on the line: whether it is optimal only with equal heights."""
    centres, first, second = spheres(data, Fraction(1))
    heights = vector(data["heights"], "heights")
    order = sorted(centres)
    hypotheses = {
        "touching": all(b - a == 2 for a, b in pairwise(order)),
        "optimal": gain(centres, heights, first, second) == laws.distance(first, second),
    }
    return Examination(hypotheses, len(set(heights)) == 1)


def heights_on_the_line(variant: Variant) -> Universal:
    """Cones of different heights on the line."""
    return Universal("heights on the line", "cones over touching spheres that are optimal have equal heights", examine,
                     lambda: CANDIDATES, variant.dropped)  # fmt: skip


def equal_heights(variant: Variant) -> Forall:
    """Heights a, b over two centres: the value p at a point of the one circle, q at a point of the other."""
    a, b, p, q = var("a"), var("b"), var("p"), var("q")
    given: dict[str, Formula] = {}
    if variant.keeps("optimal"):
        given["optimal"] = conj(equals(a - p, 1), equals(b - q, 1))
    if variant.keeps("touching"):
        given["touching"] = equals(p, q)
    return Forall("touching cones are equally high", given, equals(a, b))


def only_own_circle() -> Forall:
    """y = c + (u, v) on the circle of c, at distance 1 from the centre c + (2, 0) too, is the touching point."""
    u, v = var("u"), var("v")
    given: dict[str, Formula] = {"own circle": equals(u * u + v * v, 1), "other": equals((u - 2) ** 2 + v * v, 1)}
    return Forall("neighbours share one point", given, conj(equals(u, 1), equals(v, 0)),
                  witness={"u": Fraction(1), "v": Fraction(0)})  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The distance, then the cones, their heights and the plan."""
    return [on_the_line(variant), on_the_segment(), heights_on_the_line(variant), equal_heights(variant),
            only_own_circle()]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.three_cones",
        source=G1,
        printed=(
            "Hence, the optimal dual function must consist of three cones centered around (-2, 0), (0, 0) and (2, 0). "
            "The behavior of the function outside this support doesn't have an impact on the solution. The Wasserstein "
            "distance between p1 and p2 is equal to 1. From the perspective of the primal formulation, the optimal "
            "transport plan must simply consist of mapping the probability mass to the nearby circles surrounding them "
            "uniformly."
        ),
        statement=(
            "W(P1, P2) = 1; the only optimal plan moves each centre to its own circle, uniformly; and every optimal "
            "dual equals max_i (1 - |x - c_i|) plus a constant on the three unit discs."
        ),
        reading="the second 'p1 is sampled' defines p2; the dual function on the discs",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="this pair of laws",
        covers_all=True,
        hypotheses={
            "touching": "neighbouring circles touch, at distances of exactly 2 between the centres",
            "optimal": "the dual function attains W(P1, P2)",
        },
        constants=RADIUS,
        textbook=(
            LINE,
            CAUCHY,
            Textbook("a plan is optimal exactly if f(x) - f(y) = |x - y| almost everywhere, f an optimal dual",
                     "Villani, Optimal Transport: Old and New, Theorem 5.10"),
            Textbook("a continuous function that is 1 almost everywhere on a circle is 1 on it", "Rudin, Real and "
                     "Complex Analysis, 1.39"),
        ),
        depends_on=(ROW,),
        argument="proof.md#three-cones",
        notes=(
            "With centres further apart the cones may have different heights. In the printed text p1 is defined twice."
        ),
    ),
)  # fmt: skip
