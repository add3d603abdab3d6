"""Classes whose ties are the snowflake: segments beside its sides, and what has to be checked at its corners.

Lengths are in units of a sixteenth of a side. Let e be a side, v one of its ends and s the distance from v along e.
On both sides of e lies a parallel segment at height 1, over s >= lo, where lo is the cotangent of half the smaller
angle at v: sqrt 3 where the sides enclose 60 degrees, 1/sqrt 3 where they enclose 240 (120 on the other side). The
two segments C_e and D_e mirror each other in e; those on the side of the smaller angle meet those of the next side f
on the bisector. So a point q of e is as far from C_e as from D_e, and it remains that neither C_f nor D_f is nearer,
and that other sides are far away.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import TypeAlias

from lipcheck.build.euclidean import turn
from lipcheck.build.koch import koch_area, koch_snowflake
from lipcheck.build.polygons import Corner, Polygon
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Exhaustive, Forall
from lipcheck.words.terms import var

Lattice: TypeAlias = tuple[int, int]
DIRECTIONS: tuple[Lattice, ...] = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
SIDE = 16
"""The side in units of the height of the segments."""


def corners() -> list[Forall]:
    """A corner of any angle with cosine C and sine S: q = (s, 0), u = lo - s, and points of C_f and D_f by t >= 0.

    C_f = (lo, 1) + t (C, S), and D_f = (lo - 2 S, 1 + 2 C) + t (C, S) is its mirror image. With k = S + u C,

        |q - C_f|^2 = u^2 + 1 + t^2 + 2 t k,    |q - D_f|^2 = the same + 4 (1 + C - S u),

    to compare with 1 + u^2 for u >= 0 (q before the segment, u <= lo) and with 1 for u <= 0 (q beside it).
    """
    s, t, C, S, lo, u, k = map(var, ("s", "t", "cosine", "sine", "lo", "u", "k"))
    unit: dict[str, Formula] = {"unit": equals(C * C + S * S, 1)}
    square = (lo - s) ** 2 + 1 + t * t + 2 * t * (S + (lo - s) * C)
    extra = 4 * (1 + C - S * (lo - s))
    mirrored = (s - lo + 2 * S - t * C) ** 2 + (1 + 2 * C + t * S) ** 2
    half: Formula = conj(equals(S, lo * (1 - C)), equals(1 + C, lo * S), S > 0, lo > 0, C > -1, C < 1)
    corner: dict[str, Formula] = {"half angle": half, "k": equals(k, S + u * C), "t": t >= 0}
    before = {**corner, "q": conj(u >= 0, u <= lo)}
    blunt, angle = conj(u <= 0, C <= 0, S > 0), conj(u <= 0, C >= -1, S > 0)
    own, more = u * u + 1 + t * t + 2 * t * k, 4 * (1 + C - S * u)
    x2, y = var("x_squared"), var("y")
    return [
        _identity("distance from C_f", unit, equals((s - lo - t * C) ** 2 + (1 + t * S) ** 2, square)),
        _identity("distance from D_f", unit, equals(mirrored, square + extra)),
        Forall("q before the segment: k", {**before, "blunt": C <= 0}, k >= lo),
        Forall("q before the segment: k, acute", {**before, "acute": C >= 0}, k >= S),
        Forall("q before the segment: C_f", {"t": t >= 0, "k": k >= 0}, own >= u * u + 1),
        Forall("q before the segment: D_f", before, more >= 0),
        Forall("q beside the segment, height 1 + y", {"x": x2 >= 0, "y": y >= 0}, x2 + (1 + y) ** 2 >= 1),
        Forall("q beside the segment: k, blunt", {"k": equals(k, S + u * C), "blunt": blunt}, k >= 0),
        Forall("q beside the segment: D_f, blunt", {"k": conj(k >= 0, t >= 0), "angle": angle}, own + more >= 1),
    ]


def _identity(name: str, unit: dict[str, Formula], conclusion: Formula) -> Forall:
    """An equation that follows from C^2 + S^2 = 1, which (3/5, 4/5) satisfies."""
    names = Forall(name, unit, conclusion).variables
    angle = {"cosine": Fraction(3, 5), "sine": Fraction(4, 5)}
    return Forall(name, unit, conclusion, witness={n: angle.get(n, Fraction(1)) for n in names})


def through_the_curve(mirror: dict[str, Formula]) -> Forall:
    """x inside, b nearest in B, q where [x, b] crosses the curve: d(x, A) <= |x - q| + d(q, A) <= |x - b|."""
    x_a, x_b, x_q, q_a, q_b = map(var, ("x_A", "x_B", "x_q", "q_A", "q_B"))
    given: dict[str, Formula] = {"triangle": x_a <= x_q + q_a, "on the segment": x_b >= x_q + q_b, **mirror}
    return Forall("inside, A is nearer", given, x_a <= x_b)


def mirrored() -> Formula:
    """A point of the curve is as far from A as from B."""
    return equals(var("q_A"), var("q_B"))


def far_sides() -> Exhaustive:
    """Sides of the triangular lattice without a common end are sqrt(3)/2 of a side apart: 13 units.

    Squares are norms x^2 + x y + y^2. The least distance of segments that do not cross is attained at an end.
    """

    def holds(element: Sequence[int]) -> bool:
        x, y, k = element
        other = ((x, y), (x + DIRECTIONS[k][0], y + DIRECTIONS[k][1]))
        one = ((0, 0), (1, 0))
        if set(one) & set(other):
            return True
        pairs = [(p, other) for p in one] + [(p, one) for p in other]
        return min(_squared(p, *segment) for p, segment in pairs) >= Fraction(3, 4)

    text = "the sides of the lattice that have no common end with a given one are at least sqrt(3)/2 away from it"
    return Exhaustive(
        "sides that are not neighbours",
        text,
        lambda: [[x, y, k] for x, y, k in product(range(-4, 5), range(-4, 5), range(6))],
        holds,
        [4, SIDE],
    )


def _squared(p: Lattice, a: Lattice, b: Lattice) -> Fraction:
    """The squared distance of p from the segment, in the quadratic form of the lattice."""

    def times(u: tuple[Fraction | int, Fraction | int], v: tuple[Fraction | int, Fraction | int]) -> Fraction:
        return Fraction(u[0] * v[0] + u[1] * v[1]) + Fraction(u[0] * v[1] + u[1] * v[0]) / 2

    d, w = (b[0] - a[0], b[1] - a[1]), (p[0] - a[0], p[1] - a[1])
    t = min(max(times(w, d) / times(d, d), Fraction(0)), Fraction(1))
    away = (w[0] - t * d[0], w[1] - t * d[1])
    return times(away, away)


@cache
def snowflake(steps: int) -> Polygon:
    """The snowflake as an exact polygon, checked to be simple once."""
    return koch_snowflake(steps)


def snowflakes() -> Exhaustive:
    """Up to the fourth iteration: a simple polygon (or `Polygon` raises), its area, corners of 60 and 240 degrees."""

    def holds(steps: int) -> bool:
        shape = snowflake(steps)
        points = shape.corners
        ahead = (*points[1:], points[0], points[1])
        triples = list(zip(points, ahead, ahead[1:], strict=False))
        return len(points) == 3 * 4**steps and shape.area == koch_area(steps) and all(map(_corner, triples))

    text = "3 * 4^k sides that meet at common corners only, the area, and interior angles of 60 or 240 degrees"
    return Exhaustive("iterations 0 to 4", text, lambda: list(range(5)), holds, [0, 4])


def _corner(triple: tuple[Corner, Corner, Corner]) -> bool:
    """A left turn by 120 degrees or a right turn by 60, between sides of one length."""
    a, b, c = triple
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    square, cosine = ux * ux + uy * uy, ux * vx + uy * vy
    return square == vx * vx + vy * vy and cosine * (-2 if turn(a, b, c) > 0 else 2) == square
