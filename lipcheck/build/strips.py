"""A line in the plane, folded until it turns back twice: three-branch functions by weights of spectral norm one.

N rises on a branch of length L, falls on one of length l < L and rises on one of length L again. The strip P0 P1 P2 P3
starts as a straight line. A fold at P2 reflects everything behind a line through P2; it changes P3 alone if P0 and P1
lie in front. Likewise a fold at P1 changes P0 alone. With a and b the angles of the outer branches against the middle
one, folded back, a fold at P2 takes b to any b' > 0 with b' < b and b + b' <= 2 omega(a), where omega(a) > a is the
direction opposite to P0 as seen from P2. Both angles go to zero, and the coordinate along the middle branch goes to N.

Folds are exact: their normals are rational unit vectors, and that they change one point alone is checked. The choice of
the angles in floating point decides how near the strip comes to a line, not whether the network is what it says.

N itself is no network with spectral norms at most one, of any width and depth (`lipcheck.build.spectral_joining`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from lipcheck.exact import dot
from lipcheck.network import Affine, Layer, MaxMin, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.errors import LipcheckError

Point: TypeAlias = tuple[Fraction, Fraction]
half, zero = Fraction(1, 2), Fraction(0)


class StripError(LipcheckError, ValueError):
    """A fold that would move more than one end of the strip, or lengths that make no strip."""


@dataclass(frozen=True)
class Fold:
    """z -> z where normal . z >= offset, its mirror image elsewhere; the normal is a unit vector."""

    normal: Point
    offset: Fraction

    def __post_init__(self) -> None:
        if dot(self.normal, self.normal) != 1:
            raise StripError("The normal of a fold is a unit vector.")

    def of(self, point: Point) -> Point:
        """The image of a point."""
        below = min(dot(self.normal, point) - self.offset, zero)
        return point[0] - 2 * below * self.normal[0], point[1] - 2 * below * self.normal[1]


def unit(angle: float, size: int) -> Point:
    """A rational unit vector near this direction."""
    turned = math.remainder(angle, 2 * math.pi)
    if abs(turned) > math.pi / 2:
        x, y = unit(turned - math.pi, size)
        return -x, -y
    t = Fraction(math.tan(turned / 2)).limit_denominator(size)
    return (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)


def folded(strip: tuple[Point, ...], turn: int, angle: float, size: int) -> tuple[tuple[Point, ...], Fold]:
    """The strip with the end behind `turn` (1 or 2) folded over the line through this turn in this direction.

    Raises StripError unless all other points stay where they are.
    """
    x, y = unit(angle, size)
    normal = (y, -x)
    fold = Fold(normal, dot(normal, strip[turn]))
    end = 3 if turn == 2 else 0
    moved = tuple(map(fold.of, strip))
    if any((old == new) == (i == end) for i, (old, new) in enumerate(zip(strip, moved, strict=True))):
        raise StripError("The fold moves another point than the end, or does not move the end.")
    return moved, fold


def collapse(arm: Fraction, middle: Fraction, rounds: int) -> tuple[list[Fold], Point]:
    """Folds that bring the strip of branches arm, middle, arm near a line, and the direction to read it along.

    First single folds, until both outer branches have equal angles with the middle one, about; then `rounds` of two.
    Normals are rounded the finer, the shorter the middle branch and the smaller the angle.
    """
    if not 0 < middle < arm:
        raise StripError(f"The branches {arm}, {middle}, {arm} need a middle one that is shorter.")
    strip: tuple[Point, ...] = ((-arm, zero), (zero, zero), (middle, zero), (middle + arm, zero))
    ratio = float(middle / arm)
    folds: list[Fold] = []
    for number, target in enumerate(_targets(ratio, rounds)):
        turn = 2 if number % 2 == 0 else 1
        corner, other, end = (strip[2], strip[1], strip[3]) if turn == 2 else (strip[1], strip[2], strip[0])
        base = math.atan2(float(other[1] - corner[1]), float(other[0] - corner[0]))
        angle = math.atan2(float(end[1] - corner[1]), float(end[0] - corner[0])) - base
        current = angle % (2 * math.pi)
        fine = math.ceil(64 / ratio + 40 / current)
        strip, fold = folded(strip, turn, base + (current + target) / 2, fine)
        folds.append(fold)
    length = middle
    return folds, ((strip[1][0] - strip[2][0]) / length, (strip[1][1] - strip[2][1]) / length)


def seen(angle: float, ratio: float) -> float:
    """omega: the direction of the far end of a branch at this angle, seen from the other turn."""
    return angle + math.atan2(ratio * math.sin(angle), 1 - ratio * math.cos(angle))


def _targets(ratio: float, rounds: int) -> list[float]:
    """The angles that the ends are folded to, in turn: first falling by less and less, then both by the same factor."""
    found = [math.pi, math.pi - 0.3 * ratio]
    while len(found) < 3 or found[-1] < found[-2]:
        found.append(min(found[-1], 2 * seen(found[-1], ratio) - found[-2] - 0.01 * ratio))
    angle = found[-1]
    targets = found[1:]
    for _ in range(rounds):
        low, high = 0.0, angle
        while high - low > 1e-6 * angle:
            middle = (low + high) / 2
            room, wanted = seen(middle, ratio) - middle, (angle - middle) / 2
            low, high = (low, middle) if wanted <= 0.9 * room else (middle, high)
        angle = high
        targets += [angle, angle]
    return targets


def layers(fold: Fold) -> tuple[Affine, Layer, Affine]:
    """The fold by MaxMin on two equal pairs (u + x)/2, (u - x)/2 of the coordinates x across it and u along it.

    The first weight has orthonormal columns, and the last one is its transpose.
    """
    (p, q), c = fold.normal, fold.offset
    rows = [(half * (p - q), half * (p + q)), (half * (-p - q), half * (p - q))] * 2
    return Affine(rows, [-half * c, half * c] * 2), MaxMin(), Affine(list(zip(*rows, strict=True)), [c * p, c * q])


def network(folds: list[Fold], reading: Point) -> Network:
    """t -> reading . (folds of (t, 0)), with neighbouring weights multiplied out; `reading` is a unit vector."""
    found: list[Layer] = [Affine.linear([[1], [0]])]
    for fold in folds:
        first, sort, last = layers(fold)
        found[-1] = product(first, found[-1])
        found += [sort, last]
    found[-1] = product(Affine.linear([reading]), found[-1])
    return Network(1, tuple(found))


def product(outer: Affine, inner: Layer) -> Affine:
    """The affine layer of outer(inner(x))."""
    if not isinstance(inner, Affine):
        raise StripError("Only affine layers are multiplied out.")
    columns = list(zip(*inner.weight, strict=True))
    weight = [[dot(row, column) for column in columns] for row in outer.weight]
    return Affine(weight, [b + dot(row, inner.bias) for row, b in zip(outer.weight, outer.bias, strict=True)])


def three_branches(arm: Fraction, middle: Fraction, rounds: int) -> Network:
    """A network near t -> t for t <= 0, -t up to `middle`, and t - 2 middle behind, on [-arm, middle + arm]."""
    return network(*collapse(arm, middle, rounds))


def values(found: Network, places: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The values of a network on the line."""
    return tuple(evaluate(found, [t])[0] for t in places)


def error(arm: Fraction, middle: Fraction, rounds: int) -> Fraction:
    """The largest distance of `three_branches` from the function itself, up to a constant.

    Every fold leaves the branches straight, so that the difference is linear between the ends and the turns.
    """
    places = (-arm, Fraction(0), middle, middle + arm)
    wanted = (-arm, Fraction(0), -middle, arm - middle)
    found = values(three_branches(arm, middle, rounds), places)
    return max(abs(v - found[1] - w) for v, w in zip(found, wanted, strict=True))
