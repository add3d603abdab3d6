"""Cantor sets of the interval [0, 1], exactly: of positive measure where the gaps are small (Smith, Volterra, Cantor).

Step m = 1, 2, ... removes the open middle q^m of each of the 2^(m-1) intervals left. For q = 1/3 it is Cantor's
set, of measure 0; for q = 1/4 the measure is 1/2, though the set holds no interval.
"""

from __future__ import annotations

from fractions import Fraction

from lipcheck.words.errors import LipcheckError


class CantorError(LipcheckError, ValueError):
    """A ratio for which the gaps do not fit."""


def measure(ratio: Fraction) -> Fraction:
    """The measure of C: 1 - sum of 2^(m-1) q^m = (1 - 3 q)/(1 - 2 q), for 0 < q <= 1/3."""
    if not 0 < ratio <= Fraction(1, 3):
        raise CantorError(f"gaps of {ratio}^m do not fit for all m: give a ratio in (0, 1/3]")
    return 1 - ratio / (1 - 2 * ratio)


def pieces(ratio: Fraction, steps: int) -> tuple[list[tuple[Fraction, Fraction]], list[tuple[Fraction, Fraction]]]:
    """(the intervals left after so many steps, the gaps made so far)."""
    left, gaps = [(Fraction(0), Fraction(1))], []
    for m in range(1, steps + 1):
        width = ratio**m
        middle = [((a + b - width) / 2, (a + b + width) / 2) for a, b in left]
        left = [side for (a, b), (c, d) in zip(left, middle, strict=True) for side in ((a, c), (d, b))]
        gaps += middle
    return left, gaps
