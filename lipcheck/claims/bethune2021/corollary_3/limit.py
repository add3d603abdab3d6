"""The attack of Corollary 3 repaired: delta = -f(x) grad f(x) leads to the frontier, beside both classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS
from lipcheck.claims.bethune2021.corollary_3._line import mountain
from lipcheck.claims.bethune2021.corollary_3.attack import KINK, LABEL, PRINTED, slope
from lipcheck.claims.bethune2021.corollary_3.tight import (
    BOLZANO,
    CLOSED,
    NEAREST,
    PLANE,
    ROW,
    SOURCE,
    cells_of,
    crossing,
    pairs,
)
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


def steps() -> list[Forall]:
    """Along the segment from x to the frontier point z nearest to it, and what that says of the gradient.

    `u` is the unit vector from x to z, g the gradient: `dot` is g.u, G and U squared norms, `both` that of g + u.
    """
    D, t, y, dot, G, U, both = map(var, ("D", "t", "y", "dot", "G", "U", "both"))
    lipschitz = conj(absolute(y - D) <= t, absolute(y) <= D - t)
    unit = conj(equals(U, 1), equals(dot, -1))
    square: dict[str, Formula] = {"expanded": equals(both, G + 2 * dot + U), "slope": unit}
    return [
        Forall("f along the segment", {"0 <= t <= D": conj(t >= 0, t <= D), "lipschitz": lipschitz}, equals(y, D - t)),
        Forall("the gradient is -u", {**square, "lipschitz": G <= 1}, both <= 0),
    ]


def entry() -> Forall:
    """One more coordinate of |g + u|^2 = |g|^2 + 2 g.u + |u|^2."""
    a, b, both, G, dot, U = map(var, ("a", "b", "both", "G", "dot", "U"))
    return Forall("one more coordinate", {"so far": equals(both, G + 2 * dot + U)},
                  equals(both + (a + b) ** 2, (G + a * a) + 2 * (dot + a * b) + (U + b * b)))  # fmt: skip


def on_the_line(variant: Variant) -> Universal:
    """Finite classes on the line."""
    factor = variant.value("factor", 1)

    def examine(data: Any) -> Examination:
        both = bool(data["A"] and data["B"])
        if not both:
            return Examination({"two classes": False, "gradient": True}, False)
        hmf, x = mountain(data), parse(data["x"])
        gradient = slope(hmf, x)
        if gradient is None:
            return Examination({"two classes": True, "gradient": False}, False)
        delta = -factor * hmf.height(x) * gradient
        radius, _ = cells_of(hmf, 0).radius(x)
        return Examination({"two classes": True, "gradient": True}, hmf.height(x + delta) == 0 and abs(delta) == radius)

    text = f"delta = -{factor} f(x) f'(x) exists, is as large as the radius, and f(x + delta) = 0"
    alone = {"A": ["0"], "B": [], "x": "0", "zero": 0}
    return Universal("on the line", text, examine, lambda: [LABEL, KINK, alone], variant.dropped, str(factor))


def decided(variant: Variant) -> Exhaustive:
    """Finite classes on the line: where f has a gradient, delta ends on the frontier, with both signs beside it."""

    def elements() -> Iterator[list[Any]]:
        for pair in pairs(3):
            for k in range(-4, 13):
                if slope(mountain(pair), Fraction(k, 4)) is not None:
                    yield [pair, k]

    def holds(element: list[Any]) -> bool:
        hmf, x = mountain(element[0]), Fraction(element[1], 4)
        end, near = x - hmf.height(x) * (slope(hmf, x) or 0), Fraction(1, 100)
        beside = {hmf.height(end - near) > 0, hmf.height(end + near) > 0}
        return (
            hmf.height(end) == 0
            and beside == {True, False}
            and all(cells_of(hmf, zero).radius(end)[0] == 0 for zero in CONVENTIONS)
        )

    return Exhaustive("three points", "classes among 0, 1, 2, x a multiple of 1/4", elements, holds)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The gradient, the two sides of the frontier, the decision on the line."""
    return [*steps(), entry(), *crossing(variant), on_the_line(variant), decided(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.attack_limit",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: x + delta lies on the frontier, next to points of both classes",
        variant_of=f"{ROW}.attack",
        statement="Let f = HMF(b) as in .corollary_3, f(x) != 0, and f differentiable at x. Then z = x - f(x) grad "
        "f(x) is the only frontier point nearest to x, f(z) = 0, and every neighbourhood of z has points with f > 0 "
        "and points with f < 0. So ||f(x) grad f(x)|| is the robustness radius, and attacks of sizes arbitrarily close "
        "to it exist; -f(x) grad f(x) itself is an attack, of least norm, exactly if sign(0) != sign(f(x)), as for "
        "sign(0) = 0.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all disjoint closed classes, all x where f is differentiable; Euclidean norm",
        covers_all=True,
        hypotheses={**CLOSED, "gradient": "f is differentiable at x"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of f(x) grad f(x) in delta")},
        textbook=(
            NEAREST,
            BOLZANO,
            PLANE,
            Textbook("directional derivatives of a differentiable f are g.u", "calculus"),
        ),
        argument="proof.md#the-attack-repaired",
        depends_on=(ROW,),
    ),
)
