"""Binary cross entropy in exponentials: what the rows on section 4 share.

The loss of a margin m = y f(x) is log(1 + e^-m). With z = e^-m > 0 it is log(1 + z), so sums of losses are products of
polynomials in the z: exp(sum of losses) = product of (1 + z_i). That exp is an increasing bijection from the reals to
the positive reals with exp(a + b) = exp(a) exp(b) then turns statements on losses into polynomial ones.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

from lipcheck.words.claim import Textbook
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Positive

Ball: TypeAlias = Any
Exactly: TypeAlias = Callable[[Fraction | int], Ball]

PAPER = "Béthune et al. 2021, arXiv 2104.05097v2"
EXP = Textbook("exp is an increasing bijection onto (0, oo), exp(a + b) = exp(a) exp(b)", "Rudin, Principles, 8.6")
TANGENT = Textbook("exp(x) >= 1 + x for all real x", "Hardy, Littlewood, Polya, Inequalities, section 4.2")
INDUCTION = Textbook("induction over the points or steps", "Peano's axioms")
CONVEX = Textbook(
    "a convex differentiable function is least on a convex set exactly where its derivatives into the set are "
    "nonnegative",
    "Boyd, Vandenberghe, Convex Optimization, section 4.2.3",
)


class LawError(LipcheckError, ValueError):
    """Data that do not describe a law of inputs and labels."""


def positive(name: str, text: str, value: Callable[[Exactly], Ball], size: int = 0) -> Positive:
    """The real number that `value` computes in Arb balls, from exact numbers turned into balls, is positive."""

    def enclose(bits: int) -> tuple[Fraction, Fraction]:
        import flint

        from lipcheck.readings.ball import enclosure_rational

        with flint.ctx.workprec(bits):
            return enclosure_rational(value(_ball))

    return Positive(name, text, enclose, size)


def _ball(number: Fraction | int) -> Ball:
    import flint

    exact = Fraction(number)
    return flint.arb(flint.fmpq(exact.numerator, exact.denominator))


def log_exceeds(z: Fraction, x: Fraction) -> bool:
    """Whether log z > x, for rational z > 0 and x: equal only for z = 1, x = 0, else decided in balls."""
    if z <= 0:
        raise LawError(f"{z} has no logarithm: give a positive number")
    if z == 1:
        return x < 0
    import flint

    bits = 64
    while True:
        with flint.ctx.workprec(bits):
            difference = _ball(z).log() - _ball(x)
            if difference > 0 or difference < 0:
                return bool(difference > 0)
        bits *= 2  # log z is transcendental here, so the difference is not zero and its sign shows
