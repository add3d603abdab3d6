"""Appendix B and G.4: projecting during the forward pass, "if the projection is differentiable", which "worked equally
well" for the L_inf projection.

Plain reading: the projection onto the l1 ball is differentiable. It is not at the border of the ball, nor where an
entry's size equals the threshold; it is nonexpansive, hence differentiable almost everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.linf_projection import common
from lipcheck.claims.anil2019.linf_projection.common import ICLR, ICML, ONE, ROW
from lipcheck.exact import Vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

STEP = Fraction(1, 10**6)
KINK = {"w": ["1"], "q": ["1"]}
DIRECTIONS = [KINK, {"w": ["2", "1"], "q": ["0", "1"]}, {"w": ["1/2"], "q": ["1"]}, {"w": ["3", "1"], "q": ["1", "1"]}]
POINTS = [
    {"w": ["1/2", "0"], "q": ["0", "1/3"]},
    {"w": ["2", "1"], "q": ["-1", "5"]},
    {"w": ["3"], "q": ["1/4"]},
]


def slope(w: Vector, d: Vector, t: Fraction) -> Vector:
    """(P(w + t d) - P(w)) / t."""
    moved = common.project([a + t * b for a, b in zip(w, d, strict=True)])
    return tuple((a - b) / t for a, b in zip(moved, common.project(w), strict=True))


def examine(data: Any, repaired: bool) -> Examination:
    """Whether the slopes at w in the direction q agree from both sides; P is affine on short segments from w."""
    w, d = common.pair(data)
    t = max(common.threshold(w), Fraction(0))
    hypotheses = {"off the creases": common.l1(w) != 1 and (t == 0 or all(abs(a) != t for a in w))} if repaired else {}
    right, nearer, left = slope(w, d, STEP), slope(w, d, STEP / 2), slope(w, d, -STEP)
    if right != nearer:
        raise common.ProjectionError("the direction is too long for the step")
    return Examination(hypotheses, right == left)


def differentiable(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Everywhere, or off the border of the ball and the creases |w_i| = t."""
    text = "the projection onto the l1 ball has the same slope from both sides at w in every direction"
    return [Universal("directions", text, lambda data: examine(data, variant.repaired), lambda: DIRECTIONS,
                      parameters=variant.repaired)]  # fmt: skip


def pairs(variant: Variant) -> Universal:
    """|P(w) - P(q)| <= c |w - q|."""
    c = variant.value("constant", 1)

    def check(data: Any) -> Examination:
        w, q = common.pair(data)
        moved = common.squared_distance(common.project(w), common.project(q))
        return Examination({}, moved <= c * c * common.squared_distance(w, q))

    return Universal("pairs", f"|P(w) - P(q)| <= {c} |w - q|", check, lambda: POINTS, parameters=str(c))


def added(variant: Variant) -> Forall:
    """(w - p).(q - p) <= 0 and (v - q).(p - q) <= 0 add up to D = |p - q|^2 <= (w - v).(p - q) = X.

    Written with a = w.p, b = w.q, c = v.p, d = v.q, e = |p|^2, f = p.q, g = |q|^2.
    """
    a, b, c, d, e, f, g = map(var, "abcdefg")
    hypotheses: dict[str, Formula] = {"first": b - a - f + e <= 0}
    if variant.keeps("projections"):
        hypotheses["second"] = c - d - f + g <= 0
    return Forall("the two inequalities", hypotheses, e - 2 * f + g <= a - b - c + d)


def contracted() -> Forall:
    """D <= X and X^2 <= D E give D <= E."""
    D, X, E = map(var, ("D", "X", "E"))
    hypotheses: dict[str, Formula] = {"inner": conj(D >= 0, E >= 0, D <= X), "Cauchy-Schwarz": X * X <= D * E}
    return Forall("the distances", hypotheses, D <= E)


def nonexpansive(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Pairs by example, then two inequalities and Cauchy-Schwarz."""
    return [pairs(variant), added(variant), contracted()]


CLAIMS = (
    Claim(
        id=f"{ROW}.differentiable",
        short="The projection has a kink at the border of the ball; it is differentiable almost everywhere.",
        source=f"{ICLR}, appendices B and G.4; {ICML}, section 4.2.1",
        printed="[...] it is possible to project the weight matrices after each gradient descent step, or during the "
        "forward pass (if the projection is differentiable). [...] applying the projection during the forward pass "
        "worked equally well",
        statement="The projection onto the l1 ball is differentiable at every point.",
        reading="the condition that appendix B sets for a projection during the forward pass, as G.4 uses it",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=differentiable,
        scope="rows of any length",
        covers_all=True,
        counterexamples={"directions": KINK},
        minimality="one entry: at w = 1 the projection of w is min(w, 1)",
        near_misses=(
            NearMiss("directions", {"w": ["1/2"], "q": ["1"]}, "inside the ball the projection is the identity"),
            NearMiss("directions", {"w": ["2"], "q": ["1"]}, "outside it is constant, for one entry"),
        ),
        repairs={"off the border and the creases": Variant(repaired=True)},
        repaired_by=f"{ROW}.nonexpansive",
        snippet=(
            "from fractions import Fraction\n"
            "def project(w): return max(-1, min(1, w))\n"
            "t = Fraction(1, 1000)\n"
            "right, left = (project(1 + t) - project(1)) / t, (project(1) - project(1 - t)) / t\n"
            "print('slopes at w = 1:', right, left)\n"
            "assert right != left"
        ),
        argument="proof.md#during-the-forward-pass",
        notes=(
            "It is differentiable almost everywhere, which is what automatic differentiation needs. The border is no "
            "rare place, though: projected weights that the loss pushes outward stay on it."
        ),
    ),
    Claim(
        id=f"{ROW}.nonexpansive",
        source=f"{ICLR}, appendices B and G.4",
        printed="[...] applying the projection during the forward pass worked equally well [...]",
        statement=(
            "The projection P onto the l1 ball has |P(w) - P(v)|_2 <= |w - v|_2 for all w, v. So it is differentiable "
            "almost everywhere."
        ),
        reading="repaired: differentiable almost everywhere instead of everywhere",
        expected=Verdict.PROVED,
        obligations=nonexpansive,
        scope="rows of any length; matrices in the Frobenius norm",
        covers_all=True,
        hypotheses={"projections": "both points are projected"},
        constants={"constant": Constant(ONE, Fraction(99, 100), words="the Lipschitz constant")},
        textbook=(
            Textbook("Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 5.1.4"),
            Textbook("Rademacher's theorem", "Evans and Gariepy, Measure Theory, 3.1.2"),
        ),
        depends_on=(ROW,),
        argument="proof.md#during-the-forward-pass",
    ),
)
