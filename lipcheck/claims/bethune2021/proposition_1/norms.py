"""Proposition 1 as a whole in other norms: the function of equation 10 can be 0 on a disc.

For the infinity norm (-1, 0) and (1, 0) tie wherever |x_2| >= |x_1| + 1, for the 1-norm (0, 0) and (2, 2) tie wherever
x_1 >= 2 and x_2 <= 0. There f = 0 and grad f = 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_1.banach import SOURCE
from lipcheck.claims.bethune2021.proposition_1.existence import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, maximum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

Point: TypeAlias = tuple[Fraction, ...]

CUBE = {"norm": "inf", "A": ["-1", "0"], "B": ["1", "0"], "centre": ["0", "3"], "radius": "1"}
DIAMOND = {"norm": "1", "A": ["0", "0"], "B": ["2", "2"], "centre": ["3", "-1"], "radius": "1"}

SNIPPET = """\
from fractions import Fraction as F
norm = lambda v: max(map(abs, v))                                # A = {(-1, 0)}, B = {(1, 0)}, infinity norm
square = [(F(i, 10), 3 + F(j, 10)) for i in range(-10, 11) for j in range(-10, 11)]
ties = [p for p in square if norm((p[0] + 1, p[1])) == norm((p[0] - 1, p[1]))]
print(len(ties), "of", len(square), "grid points of [-1, 1] x [2, 4] tie, so f = 0 there")
assert ties == square and all(abs(x) + 1 <= y for x, y in square)
"""


class BoxError(LipcheckError, ValueError):
    """Data that describe no two points and no box of the same dimension."""


def ties(norm: str, a: Point, b: Point, centre: Point, radius: Fraction) -> bool:
    """Whether every x with |x_i - centre_i| <= radius is as far from a as from b; a sufficient test, by coordinates.

    For the 1-norm: every |x_i - a_i| - |x_i - b_i| is constant on the box, and they cancel. For the infinity norm: a
    coordinate where a and b agree is the largest one on the whole box. For the 2-norm ties lie on a plane.
    """
    sides = [(c - radius, c + radius) for c in centre]
    if norm == "1":
        steady = all(high <= min(s, t) or low >= max(s, t) for (low, high), s, t in zip(sides, a, b, strict=True))
        return steady and sum(abs(c - s) - abs(c - t) for c, s, t in zip(centre, a, b, strict=True)) == 0
    if norm == "inf":
        most = max(abs(end - s) for side, *pair in zip(sides, a, b, strict=True) for end in side for s in pair
                   if pair[0] != pair[1])  # fmt: skip
        return any(s == t and not low < s < high and min(abs(low - s), abs(high - s)) >= most
                   for (low, high), s, t in zip(sides, a, b, strict=True))  # fmt: skip
    return False


def other_norms(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two points and a box where they tie, so that the gradient there is 0; and both families of ties for all x."""

    def examine(given: Any) -> Examination:
        if not isinstance(given, Mapping) or set(given) != {"norm", "A", "B", "centre", "radius"}:
            raise BoxError("give the norm, the points A and B, and the centre and radius of a box")
        a, b, centre = (tuple(map(parse, given[k])) for k in ("A", "B", "centre"))
        if not len(a) == len(b) == len(centre) or a == b:
            raise BoxError("give two different points and a centre of the same dimension")
        hypotheses = {"norm": given["norm"] == "2" if variant.repaired else given["norm"] in ("1", "2", "inf")}
        return Examination(
            hypotheses | {"box": parse(given["radius"]) > 0},
            not ties(given["norm"], a, b, centre, parse(given["radius"])),
        )

    x, y, a, b = map(var, ("x", "y", "a", "b"))
    cube = Forall(
        "ties in the infinity norm",
        {"x": absolute(y) >= absolute(x) + 1},
        equals(maximum(absolute(x + 1), absolute(y)), maximum(absolute(x - 1), absolute(y))),
    )
    diamond = Forall(
        "ties in the 1-norm",
        {"x": conj(x >= 2, y <= 0)},
        equals(absolute(x) + absolute(y), absolute(x - 2) + absolute(y - 2)),
    )
    on_the_line = Forall(
        "minimal: on the line one point ties",
        {"tie": equals(absolute(x - a), absolute(x - b)), "different": disj(a < b, b < a)},
        equals(2 * x, a + b),
    )
    text = "no box of positive measure consists of ties of the two points, where f = 0 and grad f = 0"
    boxes = [CUBE, DIAMOND]
    rule = Universal("boxes of ties", text, examine, lambda: boxes, parameters=[variant.repaired])
    return [rule, *lemmas.with_ci(budget, cube, diamond, on_the_line)]


CLAIMS = (
    Claim(
        id=f"{ROW}.any_norm",
        short="for the 1- and the ∞-norm the HMF can be 0 on a disc; its gradient has norm 1 a.e. in the 2-norm",
        source=SOURCE,
        printed="The reasoning applies more broadly to arbitrary Banach space (topological normed vector space), not "
        "only (R^n, ∥·∥_2).",
        variant_of=f"{ROW}.banach",
        reading="the reasoning as a whole, gradient included, in any norm of R^n",
        statement="In R^n with any norm the gradient of the function of equation 10 has dual norm 1 almost everywhere.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=other_norms,
        scope="two points in the 1-, 2- and infinity norm",
        covers_all=True,
        repairs={"the 2-norm": Variant(repaired=True)},
        counterexamples={"boxes of ties": CUBE},
        near_misses=(
            NearMiss("boxes of ties", {**CUBE, "norm": "2"}, "in the 2-norm ties lie on a line"),
            NearMiss("boxes of ties", {**CUBE, "centre": ["0", "5/2"]}, "the box has corners (1, 3/2) that do not tie"),
            NearMiss("boxes of ties", {**CUBE, "radius": "0"}, "a point is no set of positive measure"),
        ),
        minimality="two points in the plane; on the line all norms agree and one point ties",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#any-norm-any-dimension",
        notes="The sentence stands at the head of the Lipschitz part, to which it applies: that reading holds "
        "(banach). What fails is the wider one.",
    ),
)
