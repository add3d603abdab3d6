"""Example 1: "this classification task ... can be solved by a NN verifying |grad f| = 1 almost everywhere."

Fix finitely many points x_i and values v_i that are 1-Lipschitz on them. max_i min_u (v_i - u . (x - x_i)), with u
running through unit vectors that include all directions between points, has exactly these values.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import isqrt

from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.claims.bethune2021.koch_snowflake.frontier import ROW, SOURCE
from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.readings.rational import evaluate, is_smooth_at, jacobian
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = (
    "It proves empirically that this classification task, associated to a very sharp (almost fractal) decision "
    "frontier, can be solved by a NN verifying ∥∇_x f∥ = 1 almost everywhere."
)
PIXELS = ((0, 0), (3, 0), (0, 4), (3, 4))
"""Points at rational distances 3, 4 and 5."""


def interpolant(values: Sequence[int]) -> Lattice:
    """The lattice for the four points."""
    units = set()
    for p, q in product(PIXELS, PIXELS):
        dx, dy = q[0] - p[0], q[1] - p[1]
        if size := isqrt(dx * dx + dy * dy):
            units.add((Fraction(dx, size), Fraction(dy, size)))
    rows = sorted(units)
    groups = (
        tuple(Piece.through((Fraction(x), Fraction(y)), Fraction(v), (-a, -b)) for a, b in rows)
        for (x, y), v in zip(PIXELS, values, strict=True)
    )
    return Lattice(tuple(groups), 2)


def four_points() -> Exhaustive:
    """All 1-Lipschitz values of {-2, 0, 3} at the four points: the network has them, and gradients of norm 1."""

    def elements() -> list[list[int]]:
        return [
            list(v)
            for v in product((-2, 0, 3), repeat=4)
            if all(
                (v[i] - v[j]) ** 2 <= sum((a - b) ** 2 for a, b in zip(PIXELS[i], PIXELS[j], strict=True))
                for i in range(4)
                for j in range(i)
            )
        ][::9]

    def holds(values: list[int]) -> bool:
        network = interpolant(values).network()
        right = all(evaluate(network, p) == (Fraction(v),) for p, v in zip(PIXELS, values, strict=True))
        places = [(Fraction(x, 7), Fraction(y, 11)) for x, y in ((-9, 5), (8, 13), (17, 30))]
        smooth = [x for x in places if is_smooth_at(network, x)]
        return right and all(sum(g * g for g in jacobian(network, x)[0]) == 1 for x in smooth)

    text = "the MaxMin network takes the values at (0, 0), (3, 0), (0, 4), (3, 4), with gradients of norm 1"
    return Exhaustive("four points", text, elements, holds, [-2, 0, 3])


def solves(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """At x_i group j has at most v_j - |x_i - x_j| <= v_i, by the u from x_j to x_i; group i has v_i."""
    vi, vj, step, least, value = map(var, ("v_i", "v_j", "step", "group_j", "value"))
    slope = variant.value("lipschitz", 1)
    given = lemmas.kept(variant, lipschitz=vj - vi <= slope * step, direction=least <= vj - step)
    return [
        Forall("other groups are lower", {"step": step >= 0, **given}, least <= vi),
        Forall(
            "the value at x_i",
            {"max": conj(value >= vi, disj(equals(value, vi), value <= least)), "group j": least <= vi},
            equals(value, vi),
        ),
        four_points(),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.network",
        source=SOURCE,
        printed=PRINTED,
        reading="the task of the example: the values of the HMF, hence its signs, at finitely many pixels",
        statement="For any finitely many points of R^n and a 1-Lipschitz function f there is a MaxMin network with "
        "unit rows in the first layer and 0/1 selections after it that equals f at these points and has a gradient of "
        "norm 1 almost everywhere.",
        expected=Verdict.PROVED,
        obligations=solves,
        scope="all n, all finite sets of points, all 1-Lipschitz f in the 2-norm",
        covers_all=True,
        hypotheses={
            "lipschitz": "the values are 1-Lipschitz on the points",
            "direction": "the unit vectors include the directions between any two points",
        },
        constants={
            "lipschitz": Constant(Fraction(1), mutated=Fraction(101, 100), words="the Lipschitz constant of the values")
        },
        argument="proof.md#networks",
        depends_on=(ROW,),
        notes="This proves the existence that the print infers from an experiment. Whether orthogonal layers of width "
        "128, as trained there, reach the same is not said here.",
    ),
)
