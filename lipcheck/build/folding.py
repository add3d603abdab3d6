"""Folding space along a hyperplane, exactly, and the pair of square pyramids of Figure 10 (Anil et al. 2019).

The fold of R^n along {n.x = t} keeps the side n.x >= t and reflects the other one:

    F(x) = x + (|n.x - t| - (n.x - t)) n / (n.n).

It is 1-Lipschitz and its Jacobian is the identity or a reflection, so it preserves the 2-norm of gradients; it is a
rational map for every rational normal n. `fold` writes it as one MaxMin layer between a rational W with orthonormal
columns and W': pairs of units s.x + c (n.x - t) and s.x - c (n.x - t), on which MaxMin takes the absolute value of the
difference, with sum of 2 s s' = I - n n' / (n.n) and of 2 c^2 = 1 / (n.n), as sums of rational squares. So it holds on
all of R^n and for every n, and needs no unit normal.

The paper's form, a rigid map, absolute values and a rigid map back, is `fold_by_abs`. Abs acts on every unit, so the
other coordinates are shifted to where it is the identity: this holds on a ball. No network of Abs layers is a fold of
all of R^n, n > 1 (see `lipcheck.build.activations`, equation 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt
from typing import TypeVar

from lipcheck.build.squares import four_squares, square_root_rows
from lipcheck.exact import Matrix, Vector, exact, vector
from lipcheck.network import Abs, Affine, Layer, MaxMin, Network
from lipcheck.words.errors import LipcheckError

T = TypeVar("T")
ZERO, HALF = Fraction(0), Fraction(1, 2)


class FoldingError(LipcheckError, ValueError):
    """A hyperplane, a radius or a distance that no fold and no pyramids can have."""


def fold(normal: object, offset: object = 0) -> Network:
    """The fold of R^n that keeps {normal . x >= offset}, for all inputs; `normal` is any rational vector but 0.

    Its weights W and W' have orthonormal columns and rows. At most 8 max(n - 1, 1) units; MaxMin(x, y) for (1, -1).
    Raises FoldingError for the normal 0, NetworkError for what is no vector of numbers.
    """
    n, t, square = _hyperplane(normal, offset)
    differences = [root for root in four_squares(1 / (2 * square)) if root]
    means = square_root_rows([[entry / 2 for entry in row] for row in _projection(n, square)])
    assert means is not None  # half of a projection is positive semidefinite
    pairs = max(len(means), len(differences))
    rows: list[Vector] = []
    bias: list[Fraction] = []
    for s, c in zip(_padded(means, [ZERO] * len(n), pairs), _padded(differences, ZERO, pairs), strict=True):
        for factor in (c, -c):
            rows.append(tuple(a + factor * b for a, b in zip(s, n, strict=True)))
            bias.append(-factor * t)
    last = Affine(list(zip(*rows, strict=True)), [t * a / square for a in n])
    return Network(len(n), (Affine(rows, bias), MaxMin(), last))


def fold_by_abs(normal: object, offset: object = 0, *, radius: object) -> Network:
    """The fold that keeps {normal . x >= offset}, for inputs of 2-norm at most `radius`, by n units and one Abs layer.

    The rigid map is the Householder reflection H that takes the unit normal to the first coordinate; H is its own
    inverse, rational and orthogonal. Raises FoldingError for a normal whose 2-norm is irrational or 0 (`fold` takes
    it) and for a negative radius.
    """
    n, t, square = _hyperplane(normal, offset)
    length = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    if length**2 != square:
        raise FoldingError(
            f"The normal has the irrational 2-norm sqrt({square}): use fold, which needs no unit normal."
        )
    ball = exact(radius, "radius")
    if ball < 0:
        raise FoldingError(f"The radius is {ball}: give a number that is not negative.")
    reflection = householder([a / length for a in n])
    shift = [-t / length] + [ball] * (len(n) - 1)
    back = [-sum((h * b for h, b in zip(row, shift, strict=True)), ZERO) for row in reflection]
    return Network(len(n), (Affine(reflection, shift), Abs(), Affine(reflection, back)))


def householder(unit: object) -> Matrix:
    """The symmetric rational orthogonal matrix whose first row is the given rational unit vector u.

    I - 2 v v' / (v.v) with v = e_1 - u, and I for u = e_1. Raises FoldingError unless u.u = 1.
    """
    u = vector(unit, "unit vector")
    if sum(a * a for a in u) != 1:
        raise FoldingError(f"The square of the 2-norm is {sum(a * a for a in u)}: give a vector of 2-norm one.")
    v = [int(i == 0) - a for i, a in enumerate(u)]
    half = v[0] or Fraction(1)  # v.v / 2 = 1 - u_1; v is 0 if this is 0
    return tuple(tuple(int(i == j) - a * b / half for j, b in enumerate(v)) for i, a in enumerate(v))


def folds(hyperplanes: Iterable[tuple[object, object]]) -> Network:
    """The composition of `fold(normal, offset)` over the hyperplanes, the first one first.

    Pyramids with squares edge to edge, h - max(||x| - d|, |y|), are h + d - x after the folds ((1, 0), 0), ((1, -1), d)
    and ((1, 1), d); those of `square_pyramids` after ((1, 1), 0), ((1, -1), 0) and ((1, 1), 2 d).
    Raises FoldingError for no hyperplane at all and for what is no pair, NetworkError for different dimensions.
    """
    try:
        pairs = [(normal, offset) for normal, offset in hyperplanes]
    except (TypeError, ValueError) as problem:
        raise FoldingError(f"A hyperplane is no pair ({problem}): give pairs of a normal and an offset.") from problem
    networks = [fold(normal, offset) for normal, offset in pairs]
    if not networks:
        raise FoldingError("There is no hyperplane to fold along: give at least one.")
    folded = networks[0]
    for network in networks[1:]:
        folded = network.compose(folded)
    return folded


def square_pyramids(distance: object, height: object) -> Network:
    """The pair of square pyramids of Figure 10 as a network of Abs layers, for all inputs (x, y).

    f(x, y) = height - min(max(|x - d|, |y - d|), max(|x + d|, |y + d|)), d = distance > 0: the height minus the
    sup-norm distance to the nearer of the apexes (d, d) and (-d, -d). Its level sets are squares, corner to corner; its
    gradient is e_1, -e_1, e_2 or -e_2 almost everywhere; its Lipschitz constant is one in every p-norm.

    Three folds, along x + y = 0, x = y and x + y = 2 d, make it linear: with p = (x + y)/2 and q = (x - y)/2 the units
    are |p|, |q|, then ||p| - d|, and f = height - ||p| - d| - |q|. Two folds and an affine function have at most four
    affine pieces, and f has eight, the faces. p and q are kept twice each, since rational orthogonal weights of width 2
    fold along lines with rational unit normals only; so the weights have orthonormal columns, the last a row of 2-norm
    one.
    Raises FoldingError for a distance that is not positive.
    """
    d, top = exact(distance, "distance"), exact(height, "height")
    if d <= 0:
        raise FoldingError(f"The distance is {d}: give a positive number, for which there are two pyramids.")
    rotation = Affine.linear([[HALF, HALF], [HALF, HALF], [HALF, -HALF], [HALF, -HALF]])
    shift = Affine([[int(i == j) for j in range(4)] for i in range(4)], [-d, -d, 0, 0])
    layers: tuple[Layer, ...] = (rotation, Abs(), shift, Abs(), Affine([[-HALF] * 4], [top]))
    return Network(2, layers)


def _hyperplane(normal: object, offset: object) -> tuple[Vector, Fraction, Fraction]:
    n, t = vector(normal, "normal"), exact(offset, "offset")
    square = sum((a * a for a in n), ZERO)
    if not square:
        raise FoldingError(f"The normal {[*map(str, n)]} is zero: give a vector with an entry that is not 0.")
    return n, t, square


def _projection(n: Vector, square: Fraction) -> list[list[Fraction]]:
    return [[int(i == j) - a * b / square for j, b in enumerate(n)] for i, a in enumerate(n)]


def _padded(rows: list[T], filler: T, length: int) -> list[T]:
    return rows + [filler] * (length - len(rows))
