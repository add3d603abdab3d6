"""Boxes and Euclidean balls with rational data, their intrinsic volumes, and enclosures of volumes of parallel bodies.

The Steiner formula: for a convex body X with intrinsic volumes V_0 = 1, ..., V_n, the unit ball B_k of R^k with volume
kappa_k, and rho >= 0,

    vol(X + rho B_n) = sum_j V_j(X) kappa_{n-j} rho^{n-j}.

V_j of a box is the j-th elementary symmetric polynomial of its sides; V_j(R B_n) = C(n, j) kappa_n / kappa_{n-j} R^j.
Each kappa_k is a rational multiple of pi^floor(k/2), and so every term above is a rational multiple of a power of pi
times a power of rho, whose square is rational here.
Source: Schneider, Convex Bodies: The Brunn-Minkowski Theory, section 4.2.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial, prod
from typing import TypeAlias

from lipcheck.build.boxes import Box
from lipcheck.build.root_lattices import PackingError, dimension_at_least
from lipcheck.exact import Vector, exact, shown, vector
from lipcheck.norms import Bracket
from lipcheck.norms.bracket import root

Monomial: TypeAlias = tuple[Fraction, int]
"""(c, k) stands for c pi^k."""
PRECISION = 256


@dataclass(frozen=True)
class Ball:
    """The closed Euclidean ball of that radius, which may be 0, about the centre.

    Raises PackingError for no centre and a negative radius, NetworkError for what is not exact.
    """

    centre: Vector
    radius: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", vector(self.centre, "centre"))
        object.__setattr__(self, "radius", exact(self.radius, "radius"))
        if not self.centre or self.radius < 0:
            raise PackingError(
                f"The centre {shown(self.centre)} and the radius {self.radius} make no ball: give at least one number "
                "and a radius of at least 0."
            )

    @property
    def dimension(self) -> int:
        """The dimension of the space."""
        return len(self.centre)

    def contains(self, x: Vector) -> bool:
        """Whether x lies in the ball, its boundary included."""
        return sum((v - c) ** 2 for v, c in zip(x, self.centre, strict=True)) <= self.radius**2


Region: TypeAlias = Box | Ball


def region_of(value: object) -> Region:
    """The value itself; PackingError unless it is a Box or a Ball."""
    if not isinstance(value, Box | Ball):
        raise PackingError(f"{shown(value)} is no region: give a Box or a Ball.")
    return value


def cube(dimension: int, side: object) -> Box:
    """[0, side]^dimension. Raises PackingError for a dimension below 1, BoxError for a negative side."""
    n = dimension_at_least(dimension, 1, "A cube")
    return Box([0] * n, [exact(side, "side")] * n)


def ball(dimension: int, radius: object) -> Ball:
    """The ball of that radius about 0. Raises PackingError for a dimension below 1 and a negative radius."""
    return Ball((Fraction(0),) * dimension_at_least(dimension, 1, "A ball"), exact(radius, "radius"))


def eroded(region: Region, distance: Fraction) -> Region | None:
    """The points whose closed ball of that radius, >= 0, lies in the region; None where there are none."""
    distance = exact(distance, "distance")
    region = region_of(region)
    if isinstance(region, Ball):
        return None if region.radius < distance else Ball(region.centre, region.radius - distance)
    if min(region.sides) < 2 * distance:
        return None
    return Box([a + distance for a in region.lower], [b - distance for b in region.upper])


def circumradius_squared(region: Region) -> Fraction:
    """The square of the radius of the smallest ball around the region."""
    region = region_of(region)
    if isinstance(region, Ball):
        return region.radius**2
    return sum((side**2 for side in region.sides), Fraction(0)) / 4


def kappa(n: int) -> Monomial:
    """The volume of the unit ball of R^n, n >= 0: pi^(n/2) / (n/2)! for even n, 2 (2 pi)^((n-1)/2) / n!! for odd n.

    Raises PackingError for other n.
    """
    half = dimension_at_least(n, 0, "A ball") // 2
    if n % 2 == 0:
        return Fraction(1, factorial(half)), half
    return Fraction(2 ** (half + 1), prod(range(1, n + 1, 2))), half


def intrinsic_volumes(region: Region) -> tuple[Monomial, ...]:
    """V_0, ..., V_n."""
    region = region_of(region)
    n = region.dimension
    if isinstance(region, Ball):
        (c, k), parts = kappa(n), [kappa(n - j) for j in range(n + 1)]
        return tuple((comb(n, j) * c / d * region.radius**j, k - m) for j, (d, m) in enumerate(parts))
    symmetric = [Fraction(1)] + [Fraction(0)] * n
    for i, side in enumerate(region.sides):
        for j in range(i + 1, 0, -1):
            symmetric[j] += side * symmetric[j - 1]
    return tuple((value, 0) for value in symmetric)


def volume_ratio(region: Region, distance_squared: Fraction, radius_squared: Fraction) -> Bracket:
    """vol(X + rho B) / vol(r B) for rho = sqrt(distance_squared), r = sqrt(radius_squared) > 0.

    A point where no power of pi is left and both roots are rational, for instance on the line and for balls; otherwise
    the ends of a ball of 256 bits. Raises PackingError for a negative square and for r = 0.
    """
    region_of(region)
    distance_squared, radius_squared = exact(distance_squared, "distance"), exact(radius_squared, "radius")
    if distance_squared < 0 or radius_squared <= 0:
        raise PackingError(f"The squares are {distance_squared} and {radius_squared}: give one >= 0 and one > 0.")
    n = region.dimension
    c, k = kappa(n)
    terms: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for j, (value, power) in enumerate(intrinsic_volumes(region)):
        if value and (distance_squared or j == n):
            d, m = kappa(n - j)
            terms[power + m - k, n - j] += value * d / c
    rho, r = root(distance_squared, 2), root(radius_squared, 2)
    if rho.exact and r.exact and all(power == 0 for power, _ in terms):
        total = sum((value * rho.lower**degree for (_, degree), value in terms.items()), Fraction(0))
        return Bracket.point(total / r.lower**n)
    return _ball_ratio(terms, distance_squared, radius_squared, n)


def _ball_ratio(terms: dict[tuple[int, int], Fraction], distance: Fraction, radius: Fraction, n: int) -> Bracket:
    import flint

    from lipcheck.norms.vectors import ball as arb
    from lipcheck.readings.ball import enclosure_rational

    with flint.ctx.workprec(PRECISION):
        rho, pi = arb(distance).sqrt(), flint.arb.pi()
        total = sum((arb(v) * pi**power * rho**degree for (power, degree), v in terms.items()), flint.arb(0))
        lower, upper = enclosure_rational(total / arb(radius).sqrt() ** n)
    return Bracket(max(lower, Fraction(0)), upper)
