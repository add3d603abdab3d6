"""Second opinions on the highest mountain in the plane: nearest points of finite classes, on many points of discs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracles import oracle

F = Fraction
Point = tuple[Fraction, Fraction]


def point(data: Any) -> Point:
    x, y = data
    return F(x), F(y)


def square(p: Point, q: Point) -> Fraction:
    return (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2


def lead(p: Point, a: list[Point], b: list[Point]) -> Fraction:
    """d(p, B)^2 - d(p, A)^2: positive on the side of A."""
    return min(square(p, q) for q in b) - min(square(p, q) for q in a)


def disc(centre: Point, on: Point) -> list[Point]:
    """The circle through `on` and smaller ones: `on` turned by rational angles, `on` itself left out."""
    u, v = on[0] - centre[0], on[1] - centre[1]
    turns = [(F(-1), F(0))] + [((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)) for k in range(-60, 61) if k
                               for t in (F(k, 8),)]  # fmt: skip
    return [(centre[0] + r * (c * u - s * v), centre[1] + r * (s * u + c * v))
            for c, s in turns for r in (F(1), F(7, 8), F(1, 2))]  # fmt: skip


def only_nearest(x: Point, z: Point, a: list[Point], b: list[Point]) -> bool:
    """Whether z is the one frontier point nearest to x."""
    own = lead(x, a, b)
    return own != 0 and lead(z, a, b) == 0 and all(lead(p, a, b) * own > 0 for p in disc(x, z))


def classes(data: Any) -> tuple[list[Point], list[Point]]:
    a, b = ([point(p) for p in data[k]] for k in ("A", "B"))
    assert a and b and not set(a) & set(b)
    return a, b


@oracle("bethune2021.corollary_2.proof: a network")
def cone_over_a_corner(data: Any) -> bool:
    a, b = classes(data)
    u, v, z = (point(data[k]) for k in ("u", "v", "corner"))
    turned = (u[0] - z[0]) * (v[1] - z[1]) - (u[1] - z[1]) * (v[0] - z[0])
    same = lead(u, a, b) * lead(v, a, b) > 0
    return turned != 0 and same and only_nearest(u, z, a, b) and only_nearest(v, z, a, b)


@oracle("bethune2021.corollary_3.attack_beyond: ray")
def stays_on_its_side(data: Any) -> bool:
    a, b = classes(data)
    x, delta, t = point(data["x"]), point(data["delta"]), F(data["t"])
    own = lead(x, a, b)
    beyond = [(x[0] + s * delta[0], x[1] + s * delta[1]) for k in range(1, 41) for s in (1 + (t - 1) * F(k, 40),)]
    end = (x[0] + delta[0], x[1] + delta[1])
    return x in a + b and t > 1 and only_nearest(x, end, a, b) and all(lead(p, a, b) * own > 0 for p in beyond)
