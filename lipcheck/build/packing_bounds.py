"""Bounds on the largest separated sets, beside those that Proposition 7 of Béthune et al. 2021 prints.

M(X, s) is the largest number of points of X with pairwise distances of at least s. The VC dimension of 1-Lipschitz
functions on X with margin m is M(X, 2m): centres in X, while their balls of radius m may stick out. Lower bounds are
those of `lipcheck.build.packings`. Upper bounds for convex X in R^n, with R its circumradius:

- volume: the balls of radius s/2 are disjoint in X + (s/2) B. On the line this is floor(a/s) + 1, which is attained;
- Blichfeldt (1929): the functions (s^2/2 - |x - p|^2)_+ add up to at most s^2/2 at every x, because k points p with
  pairwise distances of at least s have sum |x - p|^2 >= (k - 1) s^2/2. Integrated over X + (s/sqrt 2) B:
  M <= (n + 2)/2 vol(X + (s/sqrt 2) B) / vol((s/sqrt 2) B), which is sharper than volumes for large X if n >= 3;
- Rankin (1955): M <= min(n + 1, s^2 / (s^2 - 2 R^2)) if 2 R^2 < s^2, and M <= 2n if 2 R^2 = s^2, since the inner
  products of the points, seen from the centre, are at most R^2 - s^2/2;
- cells: a half-open cube of side s/sqrt(n) holds at most one point;
- Groemer (1960), Oler (1961), in the plane: M <= 2/sqrt(3) area/s^2 + perimeter/(2s) + 1.

The printed lower bound vol(X) / vol(m B) would be a packing of density one. It holds on the line, and wherever M = 1,
by the isodiametric inequality. For n >= 2 and every convex X with interior points it fails once m is small: vol(X) /
vol(m B) has the factor pi/sqrt(12) in Groemer's bound, and (n + 2) / 2^(1 + n/2) < 1 in Blichfeldt's for n >= 3. With
M = 2 it fails in R^5: in the ball of radius 23/20 no three points have pairwise distances of 2, and (23/20)^5 > 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from lipcheck.build.boxes import Box
from lipcheck.build.packings import Packing, positive, separated_set
from lipcheck.build.volumes import (
    Ball,
    Region,
    circumradius_squared,
    eroded,
    intrinsic_volumes,
    region_of,
    volume_ratio,
)
from lipcheck.norms import Bracket


@dataclass(frozen=True)
class PackingBounds:
    """lower <= M <= upper, both proved; the packing has `lower` points (None where M is 0); `by` names the argument."""

    lower: int
    upper: int
    packing: Packing | None
    by: str


@dataclass(frozen=True)
class Proposition7:
    """The printed bounds A (1/m)^n and B (2/m)^n on the VC dimension, true ones, and the number itself between two.

    `lower` and `upper` enclose vol(Y) / vol(2m B), which holds because a largest 2m-separated set is a 2m-net, and
    vol(Y + m B) / vol(m B), where Y is the set of allowed centres.
    """

    printed_lower: Bracket
    printed_upper: Bracket
    lower: Bracket
    upper: Bracket
    packing: PackingBounds

    @property
    def printed_lower_holds(self) -> bool | None:
        """False and True are proofs for this region and margin; None if the bounds cannot tell."""
        if self.printed_lower.at_most(self.packing.lower):
            return True
        return False if self.printed_lower.at_most(self.packing.upper) is False else None


def packing_bounds(region: Region, separation: object, *, inside: bool = False) -> PackingBounds:
    """Bounds on M(X, s), the largest number of points of X with pairwise distances of at least s.

    With `inside`, on the number of disjoint open balls of radius s/2 within X. The lower bound is the best lattice of
    `separated_set`, the upper bound the least of those above. Raises PackingError as `separated_set` does.
    """
    s = positive(separation, "separation")
    room = eroded(region_of(region), s / 2) if inside else region
    if room is None:
        return PackingBounds(0, 0, None, "no ball fits")
    packing = separated_set(room, s)
    bounds = upper_bounds(room, s)
    if inside:
        bounds["volume inside"] = math.floor(volume_ratio(region, Fraction(0), s * s / 4).upper)
    by = min(bounds, key=bounds.__getitem__)
    return PackingBounds(packing.count, bounds[by], packing, by)


def upper_bounds(region: Region, separation: object) -> dict[str, int]:
    """All upper bounds on M(X, s) that apply, by the names above."""
    s = positive(separation, "separation")
    spread, square = 2 * circumradius_squared(region), s * s
    if spread == 0:
        return {"a point": 1}
    if isinstance(region, Ball):
        sides = (2 * region.radius,) * region.dimension
    else:
        sides = tuple(side for side in region.sides if side)
        region = Box([0] * len(sides), sides)
    n = region.dimension
    bounds = {
        "volume": math.floor(volume_ratio(region, square / 4, square / 4).upper),
        "Blichfeldt": math.floor(Fraction(n + 2, 2) * volume_ratio(region, square / 2, square / 2).upper),
        "cells": math.prod(math.isqrt(math.floor(a * a * n / square)) + 1 for a in sides),
    }
    if spread < square:
        bounds["Rankin"] = min(n + 1, math.floor(square / (square - spread)))
    elif spread == square:
        bounds["Rankin"] = 2 * n
    if n == 2:
        bounds["Groemer"] = _groemer(region, s)
    return bounds


def proposition_7_bounds(region: Region, margin: object, *, inside: bool = False) -> Proposition7:
    """Proposition 7 at one region and margin m, with M(X, 2m) beside it.

    With `inside` the other reading, which the proof's words "that fit inside X" suggest: the balls of radius m have to
    lie in X. Raises PackingError for a margin that is not positive.
    """
    m = positive(margin, "margin")
    nothing, square = Fraction(0), m * m
    room = eroded(region_of(region), m) if inside else region
    zero = Bracket.point(nothing)
    return Proposition7(
        printed_lower=volume_ratio(region, nothing, square),
        printed_upper=volume_ratio(region, square / 4, square / 4),
        lower=zero if room is None else volume_ratio(room, nothing, 4 * square),
        upper=zero if room is None else volume_ratio(room, square, square),
        packing=packing_bounds(region, 2 * m, inside=inside),
    )


def _groemer(region: Region, s: Fraction) -> int:
    """From V_2, the area, and V_1, half the perimeter: a rational number, plus a part with pi for a disc."""
    import flint

    from lipcheck.norms.vectors import ball as arb
    from lipcheck.readings.ball import enclosure_rational

    _, (half, i), (area, j) = intrinsic_volumes(region)
    with flint.ctx.workprec(256):
        pi = flint.arb.pi()
        bound = 2 * arb(area / s**2) * pi**j / flint.arb(3).sqrt() + arb(half / s) * pi**i + 1
        return math.floor(enclosure_rational(bound)[1])
