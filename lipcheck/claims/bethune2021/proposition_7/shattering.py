"""What is shattered: exactly the sets whose points are 2m apart; with free thresholds (m-fat shattering) no others.

Distances are real numbers d here, so the steps hold in every metric space; disjoint open balls are those of R^n.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from typing import Any

from lipcheck.build.root_lattices import PackingError
from lipcheck.claims.bethune2021.proposition_7._common import (
    PROOF,
    ROW,
    SOURCE,
    McSHANE,
    exactly,
    points_of,
    shattered,
    squared_distance,
)
from lipcheck.exact import Vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import Term, var
from lipcheck.words.verdict import Budget, Grade, Verdict


def lipschitz(u: Term, v: Term, d: Term) -> Formula:
    """|u - v| <= d."""
    return conj(u - v <= d, v - u <= d)


def necessary(variant: Variant) -> Forall:
    """Opposite labels, f(x) >= m and f(y) <= -m, are 2m apart."""
    u, v, d, m = map(var, ("fx", "fy", "d", "m"))
    hypotheses: dict[str, Formula] = {"labels": conj(u >= m, v <= -m), "distance": d >= 0}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = lipschitz(u, v, d)
    return Forall("opposite labels are 2m apart", hypotheses, d >= variant.value("separation", 2) * m)


def sufficient(variant: Variant) -> Forall:
    """The values m and -m at points with different labels are 1-Lipschitz; equal values always are."""
    u, v, d, m = map(var, ("fx", "fy", "d", "m"))
    hypotheses: dict[str, Formula] = {
        "values": conj(equals(u, m), equals(v, -m)),
        "separated": conj(d >= variant.value("separation", 2) * m, d >= 0),
    }
    if variant.keeps("margin"):
        hypotheses["margin"] = m > 0
    return Forall("every labelling of a 2m-separated set", hypotheses, lipschitz(u, v, d))


def balls() -> list[Forall]:
    """Open balls of radius m about x and y in R^n: they meet exactly if |x - y| < 2m; z is a common point."""
    d, a, b, m, x, y = map(var, ("d", "a", "b", "m", "x", "y"))
    middle = equals(2 * ((x + y) / 2 - x), 2 * (y - (x + y) / 2))
    half = conj(middle, equals(2 * ((x + y) / 2 - x), y - x))
    return [
        Forall("a common point", {"triangle": d <= a + b, "in both": conj(a < m, b < m)}, d < 2 * m),
        Forall("each coordinate of the midpoint", {}, half),
        Forall("the midpoint is a common point", {"half": conj(equals(2 * a, d), equals(b, a)), "close": d < 2 * m},
               conj(a < m, b < m)),
    ]  # fmt: skip


def grids(sizes: Sequence[int]) -> list[Exhaustive]:
    """All subsets of a grid: all 2^k labellings, against distances."""

    def holds(points: list[list[int]]) -> bool:
        chosen = [tuple(map(Fraction, p)) for p in points]
        apart = all(squared_distance(x, y) >= 4 for x, y in combinations(chosen, 2))
        return shattered(chosen, Fraction(1)) == apart

    def subsets(k: int) -> list[list[list[int]]]:
        grid = [list(p) for p in product(range(3), repeat=2)]
        return [list(s) for s in combinations(grid, k)]

    text = "margin 1: all labellings of this subset of {0, 1, 2}^2 are realized exactly if its points are 2 apart"
    return [Exhaustive(f"{k} points of a grid", text, partial(subsets, k), holds, size=k) for k in sizes]


def shattering(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both directions, the balls, and small sets at once."""
    sizes = (1, 2) if budget is Budget.SMOKE else (1, 2, 3)
    return [necessary(variant), sufficient(variant), *balls(), *grids(sizes)]


def fat(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Thresholds r at x and s at y: f has the labels (+, -) and g the labels (-, +), by m at least."""
    fx, fy, gx, gy, r, s, d, m = map(var, ("fx", "fy", "gx", "gy", "r", "s", "d", "m"))
    hypotheses: dict[str, Formula] = {"labels of f": conj(fx >= r + m, fy <= s - m)}
    if variant.keeps("both labellings"):
        hypotheses["labels of g"] = conj(gx <= r - m, gy >= s + m)
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = conj(lipschitz(fx, fy, d), lipschitz(gx, gy, d))
    if not variant.keeps("both labellings"):
        hypotheses["distance"] = d >= 0
    apart = d >= variant.value("separation", 2) * m
    return [Forall("m-fat shattered points are 2m apart", hypotheses, apart), sufficient(variant)]


def within(data: Data, repaired: bool) -> Examination:
    """A finite X, a subset, and a margin: is it shattered exactly if its open balls, taken in X, are disjoint?"""
    given = exactly(data, "X", "subset", "margin")
    space, chosen, m = points_of(given["X"]), points_of(given["subset"]), parse(given["margin"])
    if m <= 0:
        raise PackingError("The margin is positive.")

    def meet(x: Vector, y: Vector) -> bool:
        if repaired:
            return squared_distance(x, y) < 4 * m * m
        return any(squared_distance(x, z) < m * m and squared_distance(y, z) < m * m for z in space)

    disjoint = not any(meet(x, y) for x, y in combinations(chosen, 2))
    return Examination({"subset": set(chosen) <= set(space)}, shattered(chosen, m) == disjoint)


def within_space(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Balls of the metric space X; one point is no counterexample."""
    text = "this finite subset of X is shattered exactly if its balls in X are disjoint"
    single = [{"X": [["0"]], "subset": [["0"]], "margin": m} for m in ("1/3", "1", "5")]
    return [
        Universal("balls in X", text, lambda data: within(data, variant.repaired), lambda: [TWO_POINTS],
                  parameters=variant.repaired),
        Exhaustive("minimal: one point", text, lambda: single, lambda data: within(data, False).conclusion),
    ]  # fmt: skip


TWO_POINTS: dict[str, Any] = {"X": [["0"], ["1"]], "subset": [["0"], ["1"]], "margin": "1"}
ON_A_LINE: dict[str, Any] = {"X": [["0"], ["1/2"], ["1"]], "subset": [["0"], ["1"]], "margin": "1"}
FAR: dict[str, Any] = {"X": [["0"], ["2"]], "subset": [["0"], ["2"]], "margin": "1"}
PRINTED = (
    "As the functions f are 1-Lipschitz, if c_f^m(x) = −c_f^m(y) then f(x) ≥ m, f(y) ≤ [−]m and ‖x − y‖ ≥ 2m. "
    "Consequently, a finite set X ⊂ X^n is shattered by C^m(X) if and only if for all x, y ∈ X we have B(x, m) ∩ "
    "B(y, m) = ∅ where B(x, m) is the open ball of center x and radius m."
)
SNIPPET = """\
X, m = (0, 1), 1                                             # a metric space of two points
ball = {x: {z for z in X if abs(x - z) < m} for x in X}      # open balls in X
# labels +1 at 0 and -1 at 1 need f(0) - f(1) >= 2m, and 1-Lipschitz functions have f(0) - f(1) <= 1
print("balls", ball, "disjoint; shattered:", 2 * m <= abs(X[0] - X[1]))
assert not ball[0] & ball[1] and 2 * m > abs(X[0] - X[1])
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.shattering",
        source=PROOF,
        printed=PRINTED,
        statement="For m > 0, c_f^m(x) = 1 = -c_f^m(y) implies ||x - y|| >= 2m; and a finite subset of X is "
        "shattered by C^m(X) if and only if the open balls of R^n of radius m about any two different points of it "
        "are disjoint, that is, these points are at least 2m apart.",
        reading="x ≠ y, f(y) ≤ −m, a finite subset of X (the print has X ⊂ X^n); open balls of R^n",
        expected=Verdict.PROVED,
        obligations=shattering,
        scope="all n, all X in R^n, all m > 0",
        covers_all=True,
        hypotheses={"lipschitz": "f is 1-Lipschitz", "margin": "m > 0"},
        constants={"separation": Constant(Fraction(2), mutated=Fraction(199, 100), words="times m")},
        textbook=(McSHANE,),
        argument="proof.md#what-is-shattered",
        notes="At distance exactly 2m open balls are disjoint and both labels are attained: the equality case is "
        "right as printed. For x = y the printed condition could never hold, and f(y) <= m would not give the "
        "distance.",
    ),
    Claim(
        id=f"{ROW}.shattering_within",
        short="balls of the metric space X can be disjoint at distances below 2m: X = {0, 1}, m = 1",
        source=PROOF,
        printed=PRINTED,
        reading="B(x, m) as the open ball of the metric space X",
        variant_of=f"{ROW}.shattering",
        statement="A finite subset of X is shattered if and only if the sets {z in X : |z - x| < m} for its points "
        "x are pairwise disjoint.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=within_space,
        scope="all bounded X in R^n, all m > 0",
        covers_all=True,
        repairs={"balls of R^n": Variant(repaired=True)},
        counterexamples={"balls in X": TWO_POINTS},
        near_misses=(
            NearMiss("balls in X", ON_A_LINE, "the midpoint 1/2 lies in X, so the balls meet"),
            NearMiss("balls in X", FAR, "at distance 2m the set is shattered"),
            NearMiss("balls in X", {**TWO_POINTS, "X": [["0"]]}, "the subset does not lie in X"),
        ),
        minimality="two points: a single point is always shattered, and there are no two balls to meet",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.shattering",
        argument="proof.md#what-is-shattered",
        notes="In convex X, or in any X that contains the midpoints, both readings agree.",
    ),
    Claim(
        id=f"{ROW}.fat_shattering",
        source=SOURCE,
        printed="This approach with margins m yields objects known in literature as m-fat shattering sets [34].",
        statement="The sets that C^m(X) shatters are exactly the sets that Lip_1(X, R) m-fat-shatters: for some "
        "thresholds r(x) and every labelling some f in Lip_1 has f(x) >= r(x) + m or f(x) <= r(x) - m as labelled.",
        expected=Verdict.PROVED,
        obligations=fat,
        scope="every metric space X, all m > 0",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is 1-Lipschitz",
            "both labellings": "x and y can be labelled either way round",
            "margin": "m > 0",
        },
        constants={"separation": Constant(Fraction(2), mutated=Fraction(199, 100), words="times m")},
        textbook=(McSHANE,),
        argument="proof.md#fat-shattering",
        notes="So the VC dimension of C^m is the fat-shattering dimension of Lip_1 at m: free thresholds do not "
        "help. Where the literature calls m the whole width of the gap, the sets are m-separated instead.",
    ),
)
