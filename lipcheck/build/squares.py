"""Every nonnegative rational number is a sum of four rational squares (Lagrange): such squares, found quickly.

Three squares suffice unless the numerator times the denominator is 4^a (8 b + 7) (Legendre, Gauss).

The search is that of Rabin and Shallit (Randomized algorithms in number theory, Comm. Pure Appl. Math. 39, 1986), with
a fixed order of trial in place of random numbers: subtract two squares until a prime p = 1 (mod 4) is left, and write
that as a sum of two squares by Euclid's algorithm (Cornacchia). The result is checked, so no primality test is trusted.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from lipcheck.words.errors import LipcheckError

_BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


class SquaresError(LipcheckError, ValueError):
    """A number that is no sum of four squares."""


def four_squares(value: Fraction | int) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """(a, b, c, d) with a^2 + b^2 + c^2 + d^2 = value, the largest first; SquaresError for a negative value."""
    value = Fraction(value)
    if value < 0:
        raise SquaresError(f"{value} is negative, so it is no sum of squares: give a number >= 0")
    a, b, c, d = four_integer_squares(value.numerator * value.denominator)
    return tuple(Fraction(n, value.denominator) for n in (a, b, c, d))  # type: ignore[return-value]


def four_integer_squares(n: int) -> tuple[int, int, int, int]:
    """Whole numbers a >= b >= c >= d >= 0 with a^2 + b^2 + c^2 + d^2 = n, for n >= 0."""
    scale = 1
    while n and n % 4 == 0:
        n, scale = n // 4, scale * 2
    # n - x^2 - y^2 = 1 (mod 4) for these parities, so that a prime left over is a sum of two squares.
    odd_x, odd_y = (n % 4 == 3), (n % 4 >= 2)
    for x in _downward(isqrt(n), odd_x):
        for y in _downward(isqrt(n - x * x), odd_y):
            rest = two_squares(n - x * x - y * y)
            if rest is not None:
                a, b, c, d = sorted((x, y, *rest), reverse=True)
                return a * scale, b * scale, c * scale, d * scale
    return _exhaustively(n, scale)


def three_squares(value: Fraction) -> tuple[Fraction, Fraction, Fraction] | None:
    """(a, b, c) with a^2 + b^2 + c^2 = value; None if there are none."""
    found = three_integer_squares(value.numerator * value.denominator) if value >= 0 else None
    return None if found is None else tuple(Fraction(n, value.denominator) for n in found)  # type: ignore[return-value]


def three_integer_squares(n: int) -> tuple[int, int, int] | None:
    """Whole numbers a, b, c with a^2 + b^2 + c^2 = n >= 0; None for n = 4^a (8 b + 7), where there are none."""
    scale = 1
    while n and n % 4 == 0:
        n, scale = n // 4, scale * 2
    if n % 8 == 7:
        return None
    # n - x^2 = 1 (mod 4), or 2 (mod 8) where n = 3 (mod 8): a prime or twice one is then a sum of two squares.
    for x in _downward(isqrt(n), n % 4 != 1):
        rest = n - x * x
        half = two_squares(rest // 2) if n % 8 == 3 else None
        pair = (half[0] + half[1], abs(half[0] - half[1])) if half else two_squares(rest)
        if pair is not None:
            return x * scale, pair[0] * scale, pair[1] * scale
    roots = range(isqrt(n), -1, -1)
    a, b, c = next((a, b, c) for a in roots for b in roots if (left := n - a * a - b * b) >= 0
                   and (c := isqrt(left)) ** 2 == left)  # fmt: skip
    return a * scale, b * scale, c * scale


def _downward(top: int, odd: bool) -> range:
    return range(top - ((top ^ odd) & 1), -1, -2)


def _exhaustively(n: int, scale: int) -> tuple[int, int, int, int]:
    roots = range(isqrt(n), -1, -1)
    a, b, c, d = next(
        (a, b, c, d)
        for a in roots
        for b in roots
        for c in roots
        if (left := n - a * a - b * b - c * c) >= 0 and (d := isqrt(left)) ** 2 == left
    )
    a, b, c, d = sorted((a, b, c, d), reverse=True)
    return a * scale, b * scale, c * scale, d * scale


def two_squares(n: int) -> tuple[int, int] | None:
    """(a, b) with a^2 + b^2 = n where n is 0, 1, 2 or a prime of the form 4 k + 1; None for other n."""
    if n < 3:
        return {0: (0, 0), 1: (1, 0), 2: (1, 1)}.get(n)
    if n % 4 != 1 or not _maybe_prime(n):
        return None
    a, b = n, _root_of_minus_one(n)
    if b is None:
        return None
    while b * b > n:
        a, b = b, a % b
    c = isqrt(n - b * b)
    return (b, c) if b * b + c * c == n else None


def _root_of_minus_one(p: int) -> int | None:
    roots = (pow(base, (p - 1) // 4, p) for base in range(2, 100))
    return next((root for root in roots if root * root % p == p - 1), None)


def _maybe_prime(n: int) -> bool:
    """Whether n passes the strong probable-prime test to a dozen bases; n odd and at least 3."""
    if any(n % p == 0 for p in _BASES):
        return n in _BASES
    odd = (n - 1) >> (shift := ((n - 1) & (1 - n)).bit_length() - 1)
    for base in _BASES:
        power = pow(base, odd, n)
        if power in (1, n - 1):
            continue
        for _ in range(shift - 1):
            power = power * power % n
            if power == n - 1:
                break
        else:
            return False
    return True


def square_root_rows(matrix: list[list[Fraction]]) -> list[list[Fraction]] | None:
    """Rational rows B with B'B = M for a symmetric M, at most four per pivot; None unless M is positive semidefinite.

    M = sum of d_j l_j l_j' by symmetric elimination; each pivot d_j is a sum of four squares.
    """
    n = len(matrix)
    rest = [row[:] for row in matrix]
    rows: list[list[Fraction]] = []
    for j in range(n):
        pivot = rest[j][j]
        if pivot < 0 or (pivot == 0 and any(rest[j])):
            return None
        if pivot == 0:
            continue
        column = [entry / pivot for entry in rest[j]]
        for i in range(j, n):
            for k in range(j, n):
                rest[i][k] -= pivot * column[i] * column[k]
        rows += [[root * entry for entry in column] for root in four_squares(pivot) if root]
    return rows
