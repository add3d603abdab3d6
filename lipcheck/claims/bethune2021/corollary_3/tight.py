"""Corollary 3: "For the HMF(b), the bound of Property 1 is tight: ||delta|| = |f(x)|."

Plain reading: A and B, the pre-images of b, are closed, disjoint and not empty; f is definition 3 on R^n, in the
Euclidean norm; the radius of sign o f at any x is an infimum. Then it equals |f(x)|, whatever sign(0) is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, Cells, ClassifierError
from lipcheck.build.mountain import LineMountain
from lipcheck.claims.bethune2021.corollary_3._line import classes, mountain
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.corollary_3"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 3.2, Corollary 3"
CLOSED = {
    "disjoint": "the closed pre-images A and B of b have no common point",
    "two classes": "neither A nor B is empty",
}
NEAREST = Textbook("a closed set that is not empty has a point nearest to x in R^n", "Heine-Borel; extreme values")
BOLZANO = Textbook("a continuous function that changes sign on a segment vanishes on it", "Bolzano, 1817")
PLANE = Textbook("three points of R^n lie in a plane; coordinates with one at 0 and one on an axis", "Gram-Schmidt")


def cells_of(hmf: LineMountain, zero: int) -> Cells:
    """sign o f, the first class positive."""
    sides = [1 if label == 0 else -1 for _, _, label in hmf.cells]
    return Cells(hmf.frontier, tuple(sides[i // 2] if i % 2 == 0 else zero for i in range(2 * len(sides) - 1)))


def pairs(points: int) -> Iterator[dict[str, list[str]]]:
    """Every two classes of points 0, ..., points - 1, neither empty; not every point has to be in one."""
    for where in product((0, 1, 2), repeat=points):
        members = [[x for x in range(points) if where[x] == k] for k in (1, 2)]
        if all(members):
            yield classes(*members)


def crossing(variant: Variant) -> list[Forall]:
    """From a frontier point z = 0, a step t towards its nearest B-point (r, 0) makes every a of A farther than B.

    a = (p, q) with |a| >= r, for r is the distance of z to A as well, and a is not (r, 0).
    """
    p, q, r, t = map(var, ("p", "q", "r", "t"))
    farther = (p - t) ** 2 + q * q > (r - t) ** 2
    given: dict[str, Formula] = {"step": conj(t > 0, t <= r), "tie": p * p + q * q >= r * r}
    level: dict[str, Formula] = {"side": equals(p, r)}
    if variant.keeps("disjoint"):
        level["disjoint"] = disj(q < 0, q > 0)
    return [
        Forall("both sides meet at the frontier, p < r", {**given, "side": p < r}, farther),
        Forall("both sides meet at the frontier, p > r", {**given, "side": p > r}, farther),
        Forall("both sides meet at the frontier, p = r", {**given, **level}, farther),
    ]


def bounds() -> list[Forall]:
    """The radius is at most D, the distance to the frontier, and at least."""
    radius, D, t, step = map(var, ("radius", "D", "t", "step"))
    halfway = disj(radius <= D, equals(2 * t, radius - D))
    return [
        Forall("at most", {"attacks of size at most D + t": radius <= D + t, "t": halfway}, radius <= D),
        Forall("at least", {"the segment meets the frontier": conj(step >= D, step <= radius)}, radius >= D),
    ]


def decided(points: int, variant: Variant) -> Exhaustive:
    """Finite classes on the line."""

    def elements() -> Iterator[list[Any]]:
        for pair in pairs(points):
            for zero in CONVENTIONS:
                yield [pair, zero]

    def holds(element: list[Any]) -> bool:
        hmf = mountain(element[0])
        found = cells_of(hmf, element[1])
        places = [Fraction(k, 4) for k in range(-4, 4 * points + 1)]
        return all(found.radius(x)[0] == abs(hmf.height(x)) for x in places)

    return Exhaustive(f"{points} points", "classes among 0, 1, ...: the radius is |f| at all multiples of 1/4",
                      elements, holds, parameters=points, size=points)  # fmt: skip


def on_the_line(variant: Variant) -> Universal:
    """Any finite classes on the line, and the factor of |f(x)|."""
    factor = variant.value("factor", 1)

    def examine(data: Any) -> Examination:
        if set(data) != {"A", "B", "x", "zero"}:
            raise ClassifierError("give A, B, x and zero")
        both = bool(data["A"] and data["B"])
        if not both:
            return Examination({"two classes": False}, False)
        hmf, x = mountain(data), parse(data["x"])
        return Examination(
            {"two classes": True}, cells_of(hmf, data["zero"]).radius(x)[0] == factor * abs(hmf.height(x))
        )

    tried = [{**classes([-1], [1]), "x": "-1", "zero": 0}, {**classes([0], []), "x": "0", "zero": 0}]
    return Universal("on the line", f"f is defined and the radius is {factor} |f(x)|", examine, lambda: tried,
                     variant.dropped, str(factor))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both bounds, and the decision on the line."""
    sizes = (3,) if budget is Budget.SMOKE else (3, 4)
    return [*crossing(variant), *bounds(), on_the_line(variant), *(decided(n, variant) for n in sizes)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed="For the HMF(b), the bound of Property 1 is tight: ‖δ‖ = |f(x)|.",
        reading="as printed, the radius being the infimum of Definition 2, and b a classifier as in Proposition 1 with "
        "both labels",
        statement="Let A and B be disjoint closed subsets of R^n, neither empty, and f(x) = d(x, F) where d(x, B) >= "
        "d(x, A), -d(x, F) elsewhere, F = {d(., A) = d(., B)}, in the Euclidean norm. For every x in R^n the infimum "
        "of ||delta|| over sign(f(x + delta)) != sign(f(x)) is |f(x)|, for sign(0) = -1, 0 and 1.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all disjoint closed classes, all x; Euclidean norm",
        covers_all=True,
        hypotheses=CLOSED,
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of |f(x)|")},
        textbook=(NEAREST, BOLZANO, PLANE),
        argument="proof.md#tightness",
        depends_on=("bethune2021.adversarial_radius.infimum", "bethune2021.property_1"),
        notes="The infimum is attained if sign(0) differs from sign(f(x)), and not otherwise. The proof in the "
        "appendix says 'by construction'; it needs a strictly convex norm.",
    ),
)
