"""Rows for first layers: rational vectors of dual norm one, or at most one, near a wanted direction.

A map z -> w . z is 1-Lipschitz for ||.||_p exactly if ||w||_q <= 1, 1/p + 1/q = 1, and ||w||_q is its least constant.
`steepest(d, p)` is a row that grows along d as fast as a 1-Lipschitz function can, w . d = ||d||_p: a vector of signs
for p = 1, a signed unit vector for p = infinity, d / ||d||_2 for p = 2. The last is irrational for most d; there the
inverse stereographic projection

    t -> (2 t, 1 - |t|^2) / (1 + |t|^2)

of a dyadic t gives a vector of norm exactly one with rational entries, as near as wanted. For other p the entries are
dyadic and the norm is below one by at most 2^-bits, and is one for signed unit vectors.

A *fan* is a finite set U of rows with max_U u . z >= ratio ||z||_p for all z, the `ratio` proved. In the plane, take
rows by their angle, and v_k with u_k . v_k = u_{k+1} . v_k = 1, which is rational. Every ray meets one of the segments
from v_{k-1} to v_k, where u_k . z = 1, and ||z||_p is convex: the ratio is the least 1 / ||v_k||_p. In R^n,
||z|| = ||(||z'||, z_n)|| for z' = (z_1, ..., z_{n-1}), so rows (a u', b) made of the rows u' of a fan for z' and rows
(a, b), a >= 0, for the plane multiply the ratios.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import TypeAlias

from lipcheck.exact import Vector, exact, shown
from lipcheck.norms import Exponent, dual_exponent, vector_norm
from lipcheck.norms.arguments import as_exponent
from lipcheck.norms.bracket import root
from lipcheck.words.errors import LipcheckError

Row: TypeAlias = tuple[Fraction, Fraction]

BITS = 20
_POWER = 10**300


class DirectionError(LipcheckError, ValueError):
    """A direction, a ratio or a dimension for which no row or fan exists."""


def steepest(direction: Vector, p: Exponent, bits: int = BITS) -> Vector:
    """A row w with ||w||_q <= 1 and w . direction near ||direction||_p, equal to it for p = 1 and infinity.

    The norm is exactly one for p = 1, 2 and infinity. For p = 2 the product is exact where ||direction||_2 is
    rational, and else short of it by a relative 4^-bits n or so. Raises DirectionError for the zero vector.
    """
    if not any(direction):
        raise DirectionError("The zero vector has no direction: give two distinct points.")
    one = Fraction(1)
    if p == 1:
        return tuple(-one if d < 0 else one for d in direction)
    if p == math.inf:
        k = max(range(len(direction)), key=lambda i: abs(direction[i]))
        return tuple(Fraction(0) if i != k else one if d > 0 else -one for i, d in enumerate(direction))
    if p == 2:
        return unit_vector(direction, bits)
    return dyadic_row(_dual(direction, p), dual_exponent(p), bits)


def unit_vector(direction: Vector, bits: int = BITS) -> Vector:
    """A rational vector of 2-norm exactly one: direction / ||direction||_2 where that is rational, else near it."""
    length = root(sum((d * d for d in direction), Fraction(0)), 2, Fraction(1, 1 << bits + 2))
    if length.exact:
        return tuple(d / length.lower for d in direction)
    # Projected from the pole that is farther away, so that |t| <= 1.
    k = max(range(len(direction)), key=lambda i: abs(direction[i]))
    sign = 1 if direction[k] > 0 else -1
    scale = length.lower + abs(direction[k])
    t = [Fraction(0) if i == k else round(d / scale * (1 << bits)) for i, d in enumerate(direction)]
    square, unit = sum(int(x) ** 2 for x in t), 1 << 2 * bits
    return tuple(
        Fraction(sign * (unit - square), unit + square) if i == k else Fraction((2 << bits) * int(x), unit + square)
        for i, x in enumerate(t)
    )


def dyadic_row(row: Sequence[Fraction], q: Exponent, bits: int = BITS) -> Vector:
    """`row` with dyadic entries, scaled to a q-norm from 1 - 2^-bits to 1 - 2^-bits / 8, to one for a single entry."""
    norm = vector_norm(row, q, Fraction(1, 1 << bits + 3)).upper
    if sum(map(bool, row)) > 1:
        norm *= 1 + Fraction(1, 1 << bits + 2)
    unit = 1 << bits + 3 + len(row).bit_length()
    return tuple(Fraction(math.trunc(w / norm * unit), unit) for w in row)


def _dual(direction: Vector, p: Exponent) -> list[Fraction]:
    """About sign(d) |d|^(p - 1), the gradient of the norm up to a factor."""
    top = max(map(abs, direction))
    power = float(min(p - 1, _POWER))
    return [Fraction(float(abs(d) / top) ** power) * (-1 if d < 0 else 1) for d in direction]


@dataclass(frozen=True)
class Fan:
    """Rows of dual norm at most one with max over them of u . z >= ratio ||z||_p for every z in R^n."""

    rows: tuple[Vector, ...]
    ratio: Fraction


def fan(n: int, p: object, ratio: object = Fraction(1), allow: Callable[[int], None] = lambda rows: None) -> Fan:
    """A fan in R^n for ||.||_p whose proved ratio is at least `ratio`; `allow` is asked first with the number of rows.

    Exact, of 2n rows for p = infinity and 2^n for p = 1; else of about 2 (pi / sqrt(8 (1 - ratio) / n))^(n-1) rows.
    Raises DirectionError for n < 1, and for a ratio that is not below one where p is neither 1 nor infinity and n > 1.
    """
    p, wanted = as_exponent(p), exact(ratio, "ratio")
    one, zero = Fraction(1), Fraction(0)
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise DirectionError(f"The dimension is {shown(n)}: give a whole number of at least 1.")
    if p == math.inf or n == 1:
        allow(2 * n)
        axes = [(k, s) for k in range(n) for s in (one, -one)]
        return Fan(tuple(tuple(s if i == k else zero for i in range(n)) for k, s in axes), one)
    if p == 1:
        allow(2**n)
        return Fan(tuple(product((one, -one), repeat=n)), one)
    if not 0 < wanted < 1:
        raise DirectionError(f"The ratio is {wanted}: for p = {p} give one above 0 and below 1, finitely many rows.")
    count = fan_intervals(n, wanted)
    while True:
        allow(fan_size(n, count))
        half, reached = _half_fan(count, p)
        if reached ** (n - 1) >= wanted:
            break
        count += 1 + count // 8
    rows: list[Vector] = [(one,), (-one,)]
    for k in range(1, n):
        rows = [(*(a * w for w in row), b) for a, b in half[1:-1] for row in rows]
        rows += [(*(zero,) * k, b) for _, b in (half[0], half[-1])]
    return Fan(tuple(rows), reached ** (n - 1))


def fan_intervals(n: int, ratio: Fraction) -> int:
    """How many steps a half circle needs so that cos(pi / 2K)^(n - 1) >= ratio, about."""
    gap = max(-math.log(ratio) / (n - 1), 2.0**-60)
    return max(2, math.ceil(math.pi / math.sqrt(8 * gap)))


def fan_size(n: int, intervals: int) -> int:
    """The number of rows: 2, and after each further dimension (intervals - 1) times as many and 2."""
    size = 2
    for _ in range(n - 1):
        size = (intervals - 1) * size + 2
    return size


def _half_fan(count: int, p: Exponent) -> tuple[list[Row], Fraction]:
    """Rows (a, b), a >= 0, from (0, -1) to (0, 1), and their ratio on the half plane z_1 >= 0."""
    one, zero = Fraction(1), Fraction(0)
    bits = 2 * count.bit_length() + 6
    rows = [(zero, -one)]
    for k in range(1, count + 1):
        angle = math.pi * (2 * k - count) / (2 * count)
        direction = (Fraction(round(math.cos(angle) * 2**40), 2**40), Fraction(round(math.sin(angle) * 2**40), 2**40))
        a, b = steepest(direction, p, bits) if k < count else (zero, one)
        # Rows that rounding, for large p, leaves on a line with their neighbours or within are of no use.
        while len(rows) > 1 and _turn(rows[-2], rows[-1], (a, b)) <= 0:
            rows.pop()
        rows.append((a, b))
    vertices = [_vertex(u, v) for u, v in pairwise(rows)]
    return rows, 1 / max(vector_norm(v, p).upper for v in vertices)


def _vertex(u: Row, v: Row) -> Vector:
    """The point with u . z = v . z = 1."""
    turn = _turn((Fraction(0), Fraction(0)), u, v)
    return (v[1] - u[1]) / turn, (u[0] - v[0]) / turn


def _turn(u: Row, v: Row, w: Row) -> Fraction:
    """Positive where the way from u over v to w turns left."""
    return (v[0] - u[0]) * (w[1] - u[1]) - (v[1] - u[1]) * (w[0] - u[0])
