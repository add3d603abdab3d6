"""The affine network through two points: the separation property of Theorem 3 (Anil et al. 2019, appendix D).

Given x != y and |b - a| <= ||y - x||_p, some w of dual norm at most one has w . (y - x) = b - a, and the theorem asks
for norm one. With d = y - x and c = b - a:

- p = 1, n >= 2: all entries of w are signs but one, which moves from -1 to 1 (the entries take turns in moving);
- p = infinity, n >= 2: w moves on the cross-polytope from -sign(d_k) e_k over e_l to sign(d_k) e_k, d_k the largest;
- p = 2: w = c d / |d|^2 + v with v orthogonal to d and |v|^2 = r = 1 - c^2 / |d|^2, a question about rational points
  on a sphere. n = 2: there is one exactly if |d|^2 - c^2 is a square. n = 3: a conic decides (Legendre); it asks for
  the factors of its coefficients, so long numbers are not tried. n = 4: i d, j d, k d (quaternions) are orthogonal
  to d and as long, so there is one exactly if r / |d|^2 is a sum of three squares. n >= 5: always; with d' the four
  largest entries of d and one more, e, the vector (e d', -|d'|^2) has the square |d'|^2 (|d'|^2 + e^2), and some
  multiple of it leaves a sum of three squares (more than a hundred are tried).

Where no single row of norm one fits (or none is found), the meet of two pieces does, one through each point, with
w1 . d >= c >= w2 . d: min(a + w1 . (z - x), b + w2 . (z - y)) is a at x and b at y. So it is in one dimension, and for
other p, where rows are rational of norm just below one. For other p and |c| = ||d||_p the only row is irrational for
most d.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from lipcheck.build.conics import conic_point
from lipcheck.build.directions import steepest
from lipcheck.build.lattice import Lattice, LatticeError
from lipcheck.build.pieces import Piece, nearest
from lipcheck.build.squares import three_squares
from lipcheck.exact import Vector, dot, exact, vector
from lipcheck.norms import Exponent, vector_norm
from lipcheck.norms.arguments import as_exponent
from lipcheck.norms.bracket import root

_DIGITS_OF_CONICS = 80


def through(x: object, a: object, y: object, b: object, *, p: object) -> Lattice:
    """A lattice f with f(x) = a and f(y) = b exactly: one piece where a row of norm one is found, else the meet of two.

    Raises LatticeError for x = y, for |b - a| > ||y - x||_p, and, with p other than 1, 2 and inf, where |b - a| is as
    good as equal to ||y - x||_p and no rational row is found.
    """
    exponent = as_exponent(p)
    start, end, low, high = vector(x, "x"), vector(y, "y"), exact(a, "a"), exact(b, "b")
    if len(start) != len(end) or start == end:
        raise LatticeError("x and y are equal or of different lengths: give two distinct points of one space.")
    d = tuple(v - u for u, v in zip(start, end, strict=True))
    c = high - low
    if vector_norm(d, exponent, Fraction(1, 1 << 80)).at_least(abs(c)) is not True:
        raise LatticeError(
            f"|b - a| = {abs(c)} exceeds the distance of x and y for p = {exponent}, or cannot be told from it: "
            "no 1-Lipschitz function of this kind fits, bring the values closer."
        )
    weight = unit_row(d, c, exponent)
    if weight is not None:
        return Lattice(((Piece.through(start, low, weight),),), exponent)
    down, up = slope_at_most(d, c, exponent), slope_at_most(d, -c, exponent)
    first = Piece.through(start, low, tuple(-w for w in up))
    return Lattice(((first, Piece.through(end, high, down)),), exponent)


def slope_at_most(d: Vector, c: Fraction, p: Exponent) -> Vector:
    """A row w of `steepest` with w . d <= c, for c >= -||d||_p; LatticeError where none of 320 bits is, for other p.

    For p = 1, 2 and infinity there always is one: either c = -||d||_p and the row is exact, or bits enough leave room.
    """
    downhill = tuple(-v for v in d)
    bits = 8
    while True:
        weight = steepest(downhill, p, bits)
        if dot(weight, d) <= c:
            return weight
        if bits >= 320 and (p != 2 or c * c > dot(d, d)):
            raise LatticeError(
                f"A difference of {nearest(c):.17g} over a distance that is the same up to 1e-96, or less, has no "
                f"rational row for p = {p}: use p = 1, 2 or inf, or bring the values closer."
            )
        bits = max(20, 2 * bits)


def unit_row(d: Vector, c: Fraction, p: Exponent) -> Vector | None:
    """A rational w with ||w||_q = 1 and w . d = c, or None where none was found (see the module's text)."""
    if len(d) == 1 or p not in (1, 2, math.inf):
        return (c / d[0],) if len(d) == 1 and abs(c) == abs(d[0]) else None
    if p == 1:
        return _signs_but_one(d, c)
    return _on_cross_polytope(d, c) if p == math.inf else _on_sphere(d, c)


def _signs_but_one(d: Vector, c: Fraction) -> Vector:
    weight = [Fraction(-1 if v > 0 else 1) for v in d]
    missing = c - dot(weight, d)
    for i, v in enumerate(d):
        step = min(missing, 2 * abs(v))
        if v:
            weight[i] += step / v
        missing -= step
    # Two entries at least: one that does not move, or has moved all the way, is a sign.
    return tuple(weight)


def _on_cross_polytope(d: Vector, c: Fraction) -> Vector:
    k = max(range(len(d)), key=lambda i: abs(d[i]))
    j = 0 if k else 1
    sign = 1 if d[k] > 0 else -1
    # From -sign e_k (value -|d_k|) to e_j (value d_j), then on to sign e_k (value |d_k|).
    low, high = (-abs(d[k]), d[j]) if c <= d[j] else (d[j], abs(d[k]))
    t = (c - low) / (high - low) if high > low else Fraction(0)
    weight = [Fraction(0)] * len(d)
    weight[k], weight[j] = (sign * (t - 1), t) if c <= d[j] else (sign * t, 1 - t)
    return tuple(weight)


def _on_sphere(d: Vector, c: Fraction) -> Vector | None:
    square = dot(d, d)
    along = tuple(c / square * v for v in d)
    rest = 1 - c * c / square
    if not rest:
        return along
    across = {2: _across_plane, 3: _across_space}.get(len(d), _across)(d, rest)
    return None if across is None else tuple(u + v for u, v in zip(along, across, strict=True))


def _across_plane(d: Vector, rest: Fraction) -> Vector | None:
    """A multiple of d turned by a right angle whose square is `rest`."""
    factor = root(rest / dot(d, d), 2)
    return (-d[1] * factor.lower, d[0] * factor.lower) if factor.exact else None


def _across_space(d: Vector, rest: Fraction) -> Vector | None:
    """A combination of two orthogonal vectors on which the square is p s^2 + q t^2."""
    k = max(range(3), key=lambda i: abs(d[i]))
    i = (k + 1) % 3
    u = [Fraction(0)] * 3
    u[k], u[i] = -d[i], d[k]
    v = (d[1] * u[2] - d[2] * u[1], d[2] * u[0] - d[0] * u[2], d[0] * u[1] - d[1] * u[0])
    squares = dot(u, u), dot(v, v), rest
    if sum(len(str(s.numerator * s.denominator)) for s in squares) > _DIGITS_OF_CONICS:
        return None
    found = conic_point(*squares)
    return None if found is None else tuple(found[0] * a + found[1] * b for a, b in zip(u, v, strict=True))


def _across(d: Vector, rest: Fraction) -> Vector | None:
    """With a quaternion d' of four entries of d: i d', j d', k d', of the length of d', and one that reads a fifth."""
    order = sorted(range(len(d)), key=lambda i: -abs(d[i]))
    a, b, c, e = block = [d[i] for i in order[:4]]
    turned = ((-b, a, -e, c), (-c, e, a, -b), (-e, -c, b, a))
    square = dot(block, block)
    fifth = d[order[4]] if len(d) > 4 else Fraction(0)
    whole = square + fifth * fifth
    for step in _steps(rest / square / whole) if len(d) > 4 else [Fraction(0)]:
        found = three_squares(rest / square - whole * step * step)
        if found is not None:
            across = [Fraction(0)] * len(d)
            for m in range(4):
                across[order[m]] = dot(found, [v[m] for v in turned]) + step * fifth * block[m]
            if step:
                across[order[4]] = -step * square
            return tuple(across)
    return None


def _steps(square: Fraction) -> Iterator[Fraction]:
    """Zero, then numbers below sqrt(square) with various powers of two, which decide what is a sum of three squares."""
    yield Fraction(0)
    twos = _valuation(square.denominator) - _valuation(square.numerator)
    for power in range(twos // 2 - 8, twos // 2 + 9):
        unit = Fraction(2) ** power * 3**8
        largest = math.isqrt(math.floor(square * unit * unit))
        yield from (Fraction(largest * i // 8) / unit for i in range(8, 0, -1))


def _valuation(n: int) -> int:
    return (n & -n).bit_length() - 1
