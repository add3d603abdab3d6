"""Rational points on conics a s^2 + b t^2 = c: found, or known not to exist (Legendre 1785).

Multiplied by c and a common denominator, with square factors taken out of a c and b c, this is x^2 = A y^2 + B z^2 for
square-free A and B, and Lagrange's descent solves it. Let |A| >= |B|. If B is a square w^2 modulo A, then
w^2 - B = A A' m^2 with a square-free A' smaller than A, and (X, Y, Z) with X^2 = A' Y^2 + B Z^2 gives

    x = w X + B Z,    y = A' m Y,    z = X + w Z,    since x^2 - B z^2 = (w^2 - B) (X^2 - B Z^2) = A (A' m Y)^2.

If B is no square modulo A, there is no solution. Integers are factored on the way: long ones take long.
"""

from __future__ import annotations

import math
from fractions import Fraction


def conic_point(a: Fraction, b: Fraction, c: Fraction) -> tuple[Fraction, Fraction] | None:
    """Rational (s, t) with a s^2 + b t^2 = c, for positive a, b and c; None where there are none."""
    bottom = math.lcm(a.denominator, b.denominator, c.denominator)
    p, q, r = (int(v * bottom) for v in (a, b, c))
    (first, alpha), (second, beta) = square_free(p * r), square_free(q * r)
    found = _solve(first, second)
    if found is None:
        return None
    x, y, z = found
    return Fraction(r * y, alpha * x), Fraction(r * z, beta * x)


def square_free(n: int) -> tuple[int, int]:
    """(A, m) with n = A m^2 and A square-free, for n != 0."""
    from sympy import factorint

    powers = factorint(abs(n))
    square = math.prod(int(prime) ** (int(power) // 2) for prime, power in powers.items())
    return n // square**2, square


def _solve(a: int, b: int) -> tuple[int, int, int] | None:
    """Integers, not all zero, with x^2 = a y^2 + b z^2 for square-free a and b; None where there are none."""
    from sympy.ntheory import sqrt_mod

    if abs(a) < abs(b):
        found = _solve(b, a)
        return None if found is None else (found[0], found[2], found[1])
    if a == 1 or b == 1:
        return (1, 1, 0) if a == 1 else (1, 0, 1)
    if a < 0 and b < 0:
        return None
    if a == -b:
        return 0, 1, 1
    w = sqrt_mod(b, abs(a))
    if w is None:
        return None
    # Of w and |a| - w the smaller: then |w^2 - b| / |a| < |a|.
    w = min(int(w), abs(a) - int(w))
    smaller, m = square_free((w * w - b) // a)
    found = _solve(smaller, b)
    if found is None:
        return None
    x, y, z = found
    return w * x + b * z, smaller * m * y, x + w * z
