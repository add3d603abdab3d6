"""The printed proof of Lemma 1: open sets V_y and U_x, finite subcovers, minima, then a maximum. It is complete.

For y = x it asks for a function f_y of L with f_y(x) = g(x). The separation property speaks of distinct points, so this
is where the second point of X comes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.lemma_1 import common
from lipcheck.claims.anil2019.lemma_1.common import ICLR, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict


def same_point(variant: Variant) -> Universal:
    """For y = x: with the separation property and a second point some function has any given value at x."""

    def examine(data: Data) -> Examination:
        found = common.read(data)
        hypotheses = {"two points": len(found.points) >= 2, "separation": found.separates()}
        return Examination(hypotheses, bool(found.points) and bool(found.slopes))

    proposed = [common.ALL_ON_TWO, common.EMPTY_ON_A_POINT, common.family([0, 1])]
    return Universal("the case y = x", "some f of L takes any given value at x", examine, lambda: proposed,
                     variant.dropped)  # fmt: skip


def openness(variant: Variant, upper: bool) -> Forall:
    """V_y (U_x) holds with a point the ball around it of half the radius by which the inequality is satisfied."""
    f, g, f2, g2, d, eps = var("f"), var("g"), var("f2"), var("g2"), var("d"), var("eps")
    room, room2 = (g + eps - f, g2 + eps - f2) if upper else (f - g + eps, f2 - g2 + eps)
    hypotheses: dict[str, Formula] = {
        "g": absolute(g - g2) <= d,
        "in C_L": absolute(f - f2) <= d,
        "in the set": room > 0,
        "near": conj(d >= 0, d < variant.value("radius", Fraction(1, 2)) * room),
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall(f"{'V_y' if upper else 'U_x'} is open", kept, room2 > 0)


def covers() -> list[Forall]:
    """x and y are in V_y, x is in U_x; minima and maxima inherit what one of two functions, or both, satisfy."""
    f, F, g, eps = var("f"), var("F"), var("g"), var("eps")
    positive = {"eps": eps > 0}
    low, high = minimum(f, F), maximum(f, F)
    return [
        Forall("x and y lie in the sets", {**positive, "value": equals(f, g)}, conj(f < g + eps, f > g - eps)),
        Forall("the minimum", {"cover": disj(f < g + eps, g + eps > F)}, low < g + eps),
        Forall("the minimum at x", {"value": conj(equals(f, g), equals(F, g))}, equals(low, g)),
        Forall("the maximum", {"cover": disj(f > g - eps, g - eps < F)}, high > g - eps),
        Forall("the maximum of functions below", {"below": conj(f < g + eps, g + eps > F)}, high < g + eps),
        Forall("the conclusion", {"both": conj(g - eps < f, f < g + eps)}, absolute(f - g) < eps),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every step of the printed proof."""
    small: list[Obligation] = [same_point(variant), openness(variant, True), openness(variant, False)]
    return small if budget is Budget.SMOKE else [*small, *covers()]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        source=f"{ICLR}, proof of Lemma 1",
        printed=(
            "Fix x ∈ X. Then for each y ∈ X, we have an f_y ∈ L with f_y(x) = g(x) and f_y(y) = g(y). [...] Define "
            "V_y = {z ∈ X : f_y(z) < g(z) + [ε]}. Then V_y is open and we have x, y ∈ V_y. [...] Let F_x = "
            "min(f_{y1}, . . . , f_{yn}). [...] Let G = max(F_{x1}, . . . , F_{xm}) ∈ L. [...] Or more succinctly, "
            "||g − G||_∞ < [ε]."
        ),
        statement="Every step of the printed proof of Lemma 1 holds, with any second point serving for the case y = x.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all compact metric spaces with at least two points",
        covers_all=True,
        hypotheses={
            "two points": "X has at least two points",
            "separation": "the separation property, for distinct points",
            "in C_L": "the functions of L are 1-Lipschitz (continuous would do)",
        },
        constants={"radius": Constant(Fraction(1, 2), Fraction(101, 200), words="radius of a ball in V_y")},
        textbook=(
            Textbook("every open cover of a compact space has a finite subcover", "Munkres, Topology, section 26"),
            Textbook("a continuous function on a compact space attains its supremum", "Munkres, Topology, 27.4"),
            Textbook("induction over the members of the subcover", "Peano's axioms"),
        ),
        argument="proof.md#printed-proof",
        depends_on=(ROW,),
        notes="'(i.e. the largest difference is [ε])' should read less than ε, which the maximum over a compact X is.",
    ),
)
