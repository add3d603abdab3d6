"""Three squares where Legendre and Gauss say so, and nowhere else."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from random import Random

import pytest

from lipcheck.build.squares import three_integer_squares, three_squares, two_squares


def excluded(n: int) -> bool:
    """Whether n = 4^a (8 b + 7)."""
    while n and n % 4 == 0:
        n //= 4
    return n % 8 == 7


def test_every_small_number() -> None:
    sums = {a * a + b * b + c * c for a in range(56) for b in range(a + 1) for c in range(b + 1)}
    for n in range(3000):
        found = three_integer_squares(n)
        assert (found is None) == excluded(n) == (n not in sums)
        assert found is None or (sum(a * a for a in found) == n and all(type(a) is int for a in found))


@pytest.mark.parametrize("bits", [30, 64, 200, 600])
def test_large_numbers_of_every_class(bits: int) -> None:
    random = Random(bits)
    for remainder in range(16):
        n = random.getrandbits(bits) // 16 * 16 + remainder
        for scaled in (n, 4 * n):
            found = three_integer_squares(scaled)
            assert (found is None) == excluded(scaled)
            assert found is None or sum(a * a for a in found) == scaled


def test_sums_of_two_squares_only_for_primes() -> None:
    for n in range(2000):
        found = two_squares(n)
        prime = n > 1 and all(n % d for d in range(2, isqrt(n) + 1))
        assert (found is not None) == (n < 3 or (prime and n % 4 == 1))
        assert found is None or found[0] ** 2 + found[1] ** 2 == n


def test_rational_squares() -> None:
    for top in range(60):
        for bottom in (1, 2, 3, 4, 6, 7, 12):
            value = Fraction(top, bottom)
            found = three_squares(value)
            assert (found is None) == excluded(value.numerator * value.denominator)
            assert found is None or sum((a * a for a in found), Fraction(0)) == value
    assert three_squares(Fraction(-1)) is None and three_squares(Fraction(-1, 3)) is None
    assert three_squares(Fraction(0)) == (0, 0, 0)
    assert three_squares(Fraction(7)) is None and three_squares(Fraction(1, 7)) is None
    assert three_squares(Fraction(15, 4)) is None and three_squares(Fraction(3, 4)) is not None
