"""Appendix A: "we will prove that |grad f| = 1 everywhere it is defined", and points with two nearest points.

Both hold. The first holds on the frontier too, where the printed proof divides by |y - x| = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_1.banach import SOURCE
from lipcheck.claims.bethune2021.proposition_1.existence import ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

DANSKIN = Textbook(
    "one-sided derivatives of a minimum over a compact set", "Danskin, The theory of max-min, SIAM J. Appl. Math. 14"
)


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Off the frontier the descent; on it, p = grad f is not 0, and the frontier is tangent to the plane p . z = 0."""
    r2, along, cross, away, z2 = map(var, ("r2", "s_b", "w_z", "w_minus_z", "z2"))
    distinct = lemmas.kept(variant, disjoint=r2 - 2 * along + r2 > 0)
    tangent = lemmas.kept(variant, tangent=equals(cross, 0))
    square: dict[str, Formula] = {"square": equals(away, 1 - 2 * cross + z2), "z": z2 >= 0}
    off = variant if variant.keeps("disjoint") and variant.keeps("tangent") else Variant()
    return [
        *lemmas.with_ci(budget, lemmas.descent()),
        lemmas.gradient(off),
        Forall("a nearest point wins in its own direction", {"sphere": r2 > 0, **distinct}, along < r2),
        Forall("the frontier is as far as the tangent plane", {**square, **tangent}, away >= 1),
    ]


def two_nearest(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A gradient is -u for the direction u to every nearest point: y - x = r u in each coordinate."""
    x, y, other, r, g, u, v = map(var, ("x", "y", "y_other", "r", "g", "u", "v"))
    to: dict[str, Formula] = {"y": equals(y - x, r * u), "other": equals(other - x, r * v)}
    forced = lemmas.kept(variant, differentiable=conj(equals(g, -u), equals(g, -v)))
    return [
        *lemmas.with_ci(budget, lemmas.descent(), lemmas.gradient(Variant())),
        Forall("one direction, one nearest point", {**to, **forced}, equals(y, other)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.gradient_everywhere",
        source=SOURCE,
        printed="Now, we will prove that ∥∇_x f∥ = 1 everywhere it is defined.",
        statement="For disjoint closed non-empty A and B in R^n and the 2-norm: wherever the function of equation 10 "
        "is differentiable, on the frontier too, its gradient has norm 1.",
        expected=Verdict.PROVED,
        obligations=everywhere,
        scope="all n >= 1",
        covers_all=True,
        hypotheses={
            "disjoint": "no point is nearest in A and in B at once",
            "tangent": "p . z = 0 for the directions z in which the frontier leaves a point with gradient p",
        },
        constants={"gradient": Constant(Fraction(1), mutated=Fraction(101, 100), words="the square of the norm")},
        textbook=(lemmas.NEAREST, DANSKIN),
        argument="proof.md#the-gradient-wherever-it-is-defined",
        notes="For the distance to any closed set, with any signs, it fails: for the zeros 0, 1/k^2 and -1/k^2 on the "
        "line the gradient at 0 is 0. Sets of ties have no such points.",
    ),
    Claim(
        id=f"{ROW}.two_nearest",
        source=SOURCE,
        printed="For points x for which arg min_{y∈∂} d(x, y) is not unique, the gradient is not defined because "
        "different directions minimize ⟨u, (f(x+h)−f(x))/∥h∥⟩ which contradicts the uniqueness of gradient vector. The "
        "number of points for which y ∈ arg min_{y∈∂} d(x, y) is not unique must have null measure, since Lipschitz "
        "functions are almost everywhere differentiable (textbook result).",
        reading="'the number of points': the set of them; the inner product with a number: the derivative along u",
        statement="In the 2-norm f is not differentiable at a point with two nearest points of the frontier, so that "
        "these points form a null set.",
        expected=Verdict.PROVED,
        obligations=two_nearest,
        scope="all n >= 1, all closed non-empty frontiers",
        covers_all=True,
        hypotheses={"differentiable": "f is differentiable at x"},
        textbook=(lemmas.RADEMACHER,),
        argument="proof.md#two-nearest-points",
        notes="On the line there are such points half-way between ties, (m + m')/2.",
    ),
)
