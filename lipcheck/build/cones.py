"""Cones: |x|, circular cones in the plane and in R^n, exactly and as MaxMin networks (Anil et al. 2019, appendix G.1).

They are optimal dual surfaces of simple transport problems: 1-Lipschitz, with E_{p_1} f - E_{p_2} f as large as can be.
For p_1 = (delta_{-1} + delta_1) / 2 and p_2 = delta_0 one is |x| (the paper has p_1 and p_2 the other way round: there
it is -|x|). For p_1 uniform on some centres, at distances of at least 2 from each other, and p_2 uniform on the spheres
of radius 1 around them, one is

    f(x) = max over centres c of (1 - ||x - c||),

which is 1 at every centre and 0 on every sphere, so that E_{p_1} f - E_{p_2} f = 1, the transport cost.

A norm is a maximum of linear functions u . x with ||u||_q = 1. Finitely many suffice for p = infinity (the 2n signed
unit vectors) and p = 1 (the 2^n vectors of signs). For other p in R^n, n > 1, a fan U of rational rows with a proved
ratio (`lipcheck.build.directions`) gives a lattice N with

    ratio ||x||_p <= N(x) = max over U of u . x <= ||x||_p.

For p = 2 the number of rows of a fan grows as a power n - 1. `nested_norm` needs linearly many units: it takes N in the
plane of pairs of coordinates, of pairs of the results, and so on. 1-Lipschitz maps of disjoint pairs make a 1-Lipschitz
map in the 2-norm, so that the whole is one; the ratios multiply, one factor for every halving.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from lipcheck.build.dense import beside
from lipcheck.build.directions import DirectionError, Fan, fan, fan_intervals
from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.exact import NetworkError, Vector, dot, exact, matrix, shown, vector
from lipcheck.network import Affine, Layer, Network, Select
from lipcheck.norms import Bracket, Exponent, norm_power, vector_norm
from lipcheck.norms.arguments import as_exponent, whole
from lipcheck.norms.bracket import root
from lipcheck.norms.vectors import LARGEST_DEGREE
from lipcheck.words.errors import LipcheckError

MOST_ROWS = 1 << 16
"""The largest number of rows of a fan that is tried."""
MOST_WEIGHTS = 1 << 23
"""The largest number of weights of a network, zeros included; of a nested one up to a factor of two."""


class ConeError(LipcheckError, ValueError):
    """Centres, radii, dimensions or ratios for which no cone is built."""


@dataclass(frozen=True)
class Surface:
    """A lattice F that approaches a surface f from one side: |F - f| <= (1 - ratio) d, `ratio` 1 where F = f.

    Here d is the distance from x to the nearest centre.
    """

    lattice: Lattice
    ratio: Fraction


def norm_surface(n: int, p: object = 2, ratio: object = Fraction(1)) -> Surface:
    """||x||_p in R^n from below: ratio ||x||_p <= F(x) <= ||x||_p, with equality for p = 1, infinity and for n = 1.

    Its `ratio` is the one that is proved, at least the one that is asked for. Raises ConeError for a ratio out of
    (0, 1], equal to 1 where no finite fan reaches it, and where more than 2^16 rows or 2^23 weights would be needed.
    """
    rows = _fan(n, p, ratio)
    return Surface(Lattice(tuple((Piece(u, Fraction(0)),) for u in rows.rows), as_exponent(p)), rows.ratio)


def absolute_value() -> Lattice:
    """|x| as max(x, -x)."""
    return norm_surface(1, math.inf).lattice


@dataclass(frozen=True)
class Cones:
    """f(x) = max over centres c of (radius - ||x - c||_p). Raises ConeError for no centres, equal ones, radius <= 0."""

    centres: tuple[Vector, ...]
    radius: Fraction = Fraction(1)
    p: Exponent = Fraction(2)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "centres", matrix(self.centres, "centres"))
            object.__setattr__(self, "radius", exact(self.radius, "radius"))
        except NetworkError as problem:
            raise ConeError(str(problem)) from problem
        object.__setattr__(self, "p", as_exponent(self.p))
        if self.radius <= 0:
            raise ConeError(f"The radius is {self.radius}: give a positive number.")
        if len(set(self.centres)) < len(self.centres):
            raise ConeError("Two centres are equal: give each once.")

    def distance(self, point: object) -> Bracket:
        """The distance to the nearest centre, with its exact power for whole p up to 16.

        Raises ConeError for a point of another dimension and for what is no point.
        """
        try:
            place = vector(point, "the point")
        except NetworkError as problem:
            raise ConeError(str(problem)) from problem
        if len(place) != len(self.centres[0]):
            raise ConeError(f"The point has {len(place)} coordinates: give {len(self.centres[0])}.")
        away = [[a - b for a, b in zip(place, c, strict=True)] for c in self.centres]
        degree = whole(self.p)
        if degree is not None and degree <= LARGEST_DEGREE:
            return root(min(norm_power(z, degree) for z in away), degree)
        found = [vector_norm(z, self.p) for z in away]
        return Bracket(min(b.lower for b in found), min(b.upper for b in found))

    def enclosure(self, point: object) -> tuple[Fraction, Fraction]:
        """(lower, upper) around f at the point; equal for a rational distance and p = inf or a whole p up to 16."""
        distance = self.distance(point)
        return self.radius - distance.upper, self.radius - distance.lower

    def surface(self, ratio: object = Fraction(1)) -> Surface:
        """The lattice F = max over c of min over u of radius - u . (x - c), u in a fan: f <= F <= f + (1 - ratio) d.

        F = f for p = 1, p = infinity and on the line. Raises ConeError as `norm_surface` does.
        """
        rows = _fan(len(self.centres[0]), self.p, ratio)
        groups = tuple(
            tuple(Piece(tuple(-w for w in u), self.radius + dot(u, c)) for u in rows.rows) for c in self.centres
        )
        return Surface(Lattice(groups, self.p), rows.ratio)


def three_cones(p: object = 2) -> Cones:
    """The cones of radius 1 at (-2, 0), (0, 0) and (2, 0)."""
    zero, two = Fraction(0), Fraction(2)
    return Cones(((-two, zero), (zero, zero), (two, zero)), p=as_exponent(p))


def cone(n: int, p: object = 2) -> Cones:
    """The cone of radius 1 at the origin of R^n."""
    return Cones(((Fraction(0),) * _dimension(n),), p=as_exponent(p))


def nested_norm(n: int, ratio: object) -> tuple[Network, Fraction]:
    """A network N and a proved ratio r, at least the one asked for, with r ||x||_2 <= N(x) <= ||x||_2 in R^n.

    It is 1-Lipschitz in the 2-norm, with about n sqrt(log2(n) / (1 - ratio)) rows in planes. It is not
    norm-constrained: ||W||_{2 -> inf} = 1 holds for the weight of every plane map, which bounds these maps one by one,
    not the product over all layers. Raises ConeError for n < 2 and a ratio out of (0, 1).
    """
    wanted = _ratio(ratio)
    if _dimension(n) < 2 or wanted == 1:
        raise ConeError(f"The dimension is {n} and the ratio {wanted}: give at least 2, and a ratio below 1.")
    levels = (n - 1).bit_length()
    rows = _fan(2, 2, 1 - (1 - wanted) / levels)  # (1 - t / k)^k >= 1 - t
    if len(rows.rows) << 2 * levels > MOST_WEIGHTS:
        raise ConeError(
            f"The ratio {wanted} in dimension {n} takes more than {MOST_WEIGHTS} weights: give a smaller one."
        )
    plane = Lattice(tuple((Piece(u, Fraction(0)),) for u in rows.rows), Fraction(2)).network()
    width = 1 << levels
    layers: list[Layer] = []
    if n < width:
        layers.append(Affine.linear([[int(i == j) for j in range(n)] for i in range(width)]))
    while width > 1:
        width //= 2
        layers += [beside([part] * width) if isinstance(part, Affine | Select) else part for part in plane.layers]
    return Network(n, tuple(layers)), rows.ratio**levels


def _fan(n: int, p: object, ratio: object) -> Fan:
    p, wanted = as_exponent(p), max(_ratio(ratio), Fraction(1, 2))
    if _dimension(n) > 1 and p == 1 and 2**n > MOST_ROWS:
        raise ConeError(f"The 1-norm in dimension {n} takes 2^{n} rows: give at most 16 dimensions.")
    if p == math.inf and 2 * n * n > MOST_WEIGHTS:
        raise ConeError(f"The infinity norm in dimension {n} takes over {MOST_WEIGHTS} weights: give a smaller one.")
    if n > 1 and p not in (1, math.inf) and wanted == 1:
        raise ConeError(
            f"The ratio is 1, which finitely many rows reach for p = 1 and infinity only, not for {p}: lower it."
        )
    if n > 1 and p not in (1, math.inf) and fan_intervals(n, wanted) ** (n - 1) > MOST_ROWS:
        raise ConeError(f"The ratio {wanted} in dimension {n} takes more than {MOST_ROWS} rows: give a smaller ratio.")
    try:
        return fan(n, p, wanted)
    except DirectionError as problem:
        raise ConeError(str(problem)) from problem


def _ratio(ratio: object) -> Fraction:
    try:
        wanted = exact(ratio, "ratio")
    except NetworkError as problem:
        raise ConeError(str(problem)) from problem
    if not 0 < wanted <= 1:
        raise ConeError(f"The ratio is {wanted}: give a number above 0 and at most 1.")
    return wanted


def _dimension(n: int) -> int:
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MOST_ROWS:
        raise ConeError(f"The dimension is {shown(n)}: give a whole number of at least 1, up to {MOST_ROWS}.")
    return n
