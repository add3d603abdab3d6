"""Second opinions on classes of numbers, frontiers and heights of Béthune et al. 2021, from the definitions."""

from __future__ import annotations

from cmath import exp, phase, pi
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

from oracles import oracle

Numbers = list[Fraction]


def numbers(data: Any) -> Numbers:
    return [Fraction(v) for v in data]


def away(x: Fraction, points: Numbers) -> Fraction:
    return min(abs(x - p) for p in points)


def two_classes(data: Any) -> tuple[Numbers, Numbers]:
    a, b = numbers(data["A"]), numbers(data["B"])
    assert a and b and not set(a) & set(b)
    return a, b


def ties(a: Numbers, b: Numbers) -> Numbers:
    middles = [(p + q) / 2 for p in a for q in b]
    return [m for m in middles if away(m, a) == away(m, b)]


def height(x: Fraction, a: Numbers, b: Numbers) -> Fraction:
    d = away(x, ties(a, b))
    return d if away(x, b) >= away(x, a) else -d


@oracle("bethune2021.mountain_function.constant_classifier: classes on the line")
def one_label(data: Any) -> bool:
    return bool(data["A"]) != bool(data["B"])


@oracle("bethune2021.mountain_function.argmin: the frontier")
def no_class_is_that_far(data: Any) -> bool:
    """Two classes: the common distance of a tie is not 1 (the first is nearest, the second too) and not 2."""
    a, b = two_classes(data)
    middles = {(p + q) / 2 for p in a for q in b}
    return set(data) == {"A", "B"} and all(away(m, a) not in (1, 2) for m in middles if away(m, a) == away(m, b))


@oracle("bethune2021.mountain_function.highest_fit: competitors")
def higher_somewhere(data: Any) -> bool:
    a, b = two_classes(data)
    slope, shift = Fraction(data["slope"]), Fraction(data["shift"])
    g = {x: slope * x + shift for x in a + b}
    fits = all(g[x] > 0 for x in a) and all(g[x] < 0 for x in b) and -1 <= slope <= 1
    return fits and any(abs(g[x]) > away(x, ties(a, b)) for x in g)


@oracle("bethune2021.proposition_1.definition_1: domain")
def off_both(data: Any) -> bool:
    a, b = two_classes(data)
    return Fraction(data["x"]) not in a + b


@oracle("bethune2021.proposition_1.banach_nearest: nearest tie")
def never_least(data: Any) -> bool:
    """Every radius of the first hundred is above the next one, and the limit is positive."""
    limit, excess = Fraction(data["limit"]), Fraction(data["excess"])
    radii = [limit + excess / k for k in range(1, 101)]
    return limit > 0 and all(r > s > limit for r, s in pairwise(radii))


@oracle("bethune2021.proposition_1.any_norm: boxes of ties")
def grid_of_ties(data: Any) -> bool:
    a, b, centre = (numbers(data[k]) for k in ("A", "B", "centre"))
    radius, size = Fraction(data["radius"]), {"1": sum, "inf": max}[data["norm"]]
    steps = [radius * k / 8 for k in range(-8, 9)]
    points = [[c + s for c, s in zip(centre, step, strict=True)] for step in product(steps, repeat=len(centre))]
    return (
        radius > 0
        and a != b
        and all(
            size([abs(v - w) for v, w in zip(x, a, strict=True)])
            == size([abs(v - w) for v, w in zip(x, b, strict=True)])
            for x in points
        )
    )


def quotient(data: Any, step: Fraction) -> Fraction:
    """(f(x + h) - f(x))/|h| for |h| = step towards the nearest tie, which is the only one and not x."""
    (a, b), x = two_classes(data), Fraction(data["x"])
    frontier = set(ties(a, b))
    (y,) = (t for t in frontier if abs(x - t) == away(x, list(frontier)))
    h = step if y > x else -step
    assert y != x
    return (height(x + h, a, b) - height(x, a, b)) / step


@oracle("bethune2021.proposition_1.proof_limit: limit at infinity")
def far_away(data: Any) -> bool:
    return abs(quotient(data, Fraction(10**9)) + 1) > Fraction(1, 100)


@oracle("bethune2021.proposition_1.proof_limit: limit at zero")
def near_by(data: Any) -> bool:
    return quotient(data, Fraction(1, 10**9)) != -1


@oracle("bethune2021.proposition_1.proof_on_frontier: direction")
def x_is_a_tie(data: Any) -> bool:
    a, b = two_classes(data)
    return Fraction(data["x"]) in ties(a, b)


def pair(x: Fraction, a: Numbers, b: Numbers) -> tuple[Fraction, Fraction]:
    d = away(x, ties(a, b))
    return (d if away(x, a) < away(x, b) else Fraction(0), d if away(x, b) < away(x, a) else Fraction(0))


def in_no_case(data: Any, equal: bool) -> bool:
    a, b = two_classes(data)
    (f1, f2), (g1, g2) = (pair(Fraction(data[k]), a, b) for k in "xy")
    same = [(v, w) for v, w in ((f1, g1), (f2, g2)) if v != 0 and w != 0 and (v == w or not equal)]
    return not same and not (f1 > 0 and g2 > 0) and not (f2 > 0 and g1 > 0)


@oracle("bethune2021.proposition_2.proof: cases as meant")
def case_left_out(data: Any) -> bool:
    return in_no_case(data, equal=False)


@oracle("bethune2021.proposition_2.proof: cases as printed")
def case_left_out_literally(data: Any) -> bool:
    return in_no_case(data, equal=True)


@oracle("bethune2021.koch_snowflake.error: known: error 0 is possible at finitely many points")
def contracts_on_four_points(data: Any) -> bool:
    """Integers that change by no more than the distances 3, 4, 5 of the corners of a rectangle."""
    values = dict(zip(((0, 0), (3, 0), (0, 4), (3, 4)), numbers(data), strict=True))
    steps = [((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2, values[p] - values[q]) for p, q in combinations(values, 2)]
    return all(v.denominator == 1 for v in values.values()) and all(d * d <= square for square, d in steps)


def windings(point: complex) -> int:
    """How often the fourth snowflake about 0, inscribed in the unit circle with a corner at the top, goes round."""
    corners = [1j * exp(2j * pi * k / 3) for k in range(3)]
    for _ in range(4):
        sides = list(zip(corners, corners[1:] + corners[:1], strict=True))
        corners = [p + (q - p) * s for p, q in sides for s in (0, 1 / 3, 1 / 3 + exp(-1j * pi / 3) / 3, 2 / 3)]
    turns = [phase((q - point) / (p - point)) for p, q in zip(corners, corners[1:] + corners[:1], strict=True)]
    return round(sum(turns) / (2 * pi))


@oracle("bethune2021.koch_snowflake.caption: centre and exterior")
def different_sides(data: Any) -> bool:
    centre, outside = (complex(*map(float, numbers(data[k]))) for k in ("centre", "exterior"))
    near, far = abs(centre) <= 1 / 4, abs(outside) > 1
    return near and far and windings(centre) == 1 and windings(outside) == 0
