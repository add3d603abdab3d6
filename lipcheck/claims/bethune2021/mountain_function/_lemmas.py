"""What the derivations about highest mountain functions share: steps over the reals, and textbook theorems.

Distances are numbers here: d(x, S) is the infimum of ||x - s|| over s in S, so that d(x, S) <= ||x - s|| for every s in
S, and for every e > 0 some s has ||x - s|| <= d(x, S) + e. `f` has the size of the distance to the frontier and the
sign of the side. All steps but those with squares hold in every normed space.
"""

from __future__ import annotations

from lipcheck.words.claim import Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget

INTERMEDIATE = Textbook("intermediate value theorem", "Rudin, Principles, theorem 4.23")
RADEMACHER = Textbook("Rademacher's theorem", "Evans, Gariepy, Measure Theory and Fine Properties, theorem 3.2")
DENSITY = Textbook("Lebesgue's density theorem", "Evans, Gariepy, Measure Theory and Fine Properties, section 1.7")
NEAREST = Textbook("a closed set of R^n has a point nearest to x", "Rudin, Principles, theorems 2.41 and 4.16")
CONNECTED = Textbook("segments and R^n are connected", "Rudin, Principles, theorem 2.47")


def kept(variant: Variant, **hypotheses: Formula) -> dict[str, Formula]:
    """The hypotheses that the variant does not drop."""
    return {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}


def with_ci(budget: Budget, *more: Obligation) -> tuple[Obligation, ...]:
    """Steps that no mutant touches: left to budget ci where stored evidence is replayed."""
    return () if budget is Budget.SMOKE else more


def distances() -> Forall:
    """d(., S) is 1-Lipschitz, with infima: z in S is within e of d(y, S), and ||x - z|| <= ||x - y|| + ||y - z||."""
    x, y, to_x, to_y, step, e = map(var, ("d_x", "d_y", "to_x", "to_y", "step", "e"))
    return Forall(
        "a distance is 1-Lipschitz",
        {"point": conj(x <= to_x, to_y <= y + e), "triangle": to_x <= step + to_y, "e": e > 0},
        x <= step + y + e,
    )


def segment(variant: Variant) -> Forall:
    """z = x + t (y - x) in the frontier: d(x) + d(y) <= t D + (1 - t) D, where D = ||x - y||."""
    x, y, to_x, to_y, step, t = map(var, ("d_x", "d_y", "to_x", "to_y", "step", "t"))
    on = kept(variant, segment=conj(equals(to_x, t * step), equals(to_y, (1 - t) * step)))
    return Forall("the segment meets the frontier", {"z": conj(x <= to_x, y <= to_y), **on}, x + y <= step)


def two_points(variant: Variant) -> Forall:
    """|f(x) - f(y)| <= L ||x - y||: on one side by the distances, on two sides by the segment."""
    x, y, fx, fy, step = map(var, ("d_x", "d_y", "f_x", "f_y", "step"))
    slope = variant.value("lipschitz", 1)
    near = conj(x - y <= step, y - x <= step)
    sides = disj(
        conj(equals(fx, x), equals(fy, y), near),
        conj(equals(fx, -x), equals(fy, -y), near),
        conj(equals(fx, x), equals(fy, -y), x + y <= step),
        conj(equals(fx, -x), equals(fy, y), x + y <= step),
    )
    return Forall("two points", {"distances": conj(x >= 0, y >= 0), "sides": sides}, absolute(fx - fy) <= slope * step)


def descent() -> Forall:
    """On the way from x to its nearest point y of the frontier, d falls at speed one: x + e u with u = (y - x)/r."""
    r, there, e = map(var, ("r", "there", "e"))
    given: dict[str, Formula] = {"step": conj(e >= 0, e <= r), "to y": there <= r - e, "back to x": r <= there + e}
    return Forall("towards the nearest point", given, equals(there, r - e))


def gradient(variant: Variant) -> Forall:
    """g . u = -1 for a unit vector u, |g| <= 1 and |g + u|^2 >= 0 leave |g + u| = 0 and |g| = 1."""
    square, along = var("g_squared"), var("g_u")
    norm = variant.value("gradient", 1)
    given = kept(variant, lipschitz=square <= 1, descent=equals(along, -1))
    sum_squared = square + 2 * along + 1
    return Forall(
        "gradient norm", {"square": sum_squared >= 0, **given}, conj(equals(square, norm), equals(sum_squared, 0))
    )


def null_set(variant: Variant) -> Forall:
    """One coordinate: (x - a)/r and (x - b)/s are the gradients of the two distances; equal gradients, r = s: a = b."""
    x, a, b, r, s, g = map(var, ("x", "a", "b", "r", "s", "g"))
    given = kept(variant, tie=equals(r, s), same_gradient=equals(x - b, s * g))
    return Forall("nearest points of a tie", {"gradient": equals(x - a, r * g), **given}, equals(a, b))


def sides(variant: Variant) -> Forall:
    """Equation 10: f > 0 where A is nearer, f < 0 where B is, f = 0 on the frontier alone."""
    to_a, to_b, d, f = map(var, ("d_A", "d_B", "d", "f"))
    frontier = disj(conj(equals(to_a, to_b), equals(d, 0)), conj(disj(to_a > to_b, to_a < to_b), d > 0))
    rule = disj(conj(to_b >= to_a, equals(f, d)), conj(to_b < to_a, equals(f, -d)))
    given = kept(variant, closed_frontier=frontier)
    return Forall(
        "signs of equation 10",
        {"equation 10": rule, "distance": d >= 0, **given},
        disj(conj(to_a < to_b, f > 0), conj(to_b < to_a, f < 0), conj(equals(to_a, to_b), equals(f, 0))),
    )


def on_the_classes(variant: Variant) -> Forall:
    """At x in X: d(x, own class) = 0 < d(x, other class), since the classes are closed and disjoint; so c f > 0."""
    own, other, d, c, f = map(var, ("own", "other", "d", "c", "f"))
    rule = disj(
        conj(equals(c, 1), other >= own, equals(f, d)),
        conj(equals(c, -1), own >= other, equals(f, d)),
        conj(equals(c, -1), own < other, equals(f, -d)),
    )
    given = kept(variant, closed=other > 0)
    frontier = conj(d >= 0, disj(equals(own, other), d > 0))
    at_x: dict[str, Formula] = {"x": conj(equals(own, 0), other >= 0), "equation 10": rule, "frontier": frontier}
    return Forall("signs on X", {**at_x, **given}, c * f > 0)
