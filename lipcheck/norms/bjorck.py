"""What Björck orthonormalization does to singular values, exactly.

One iteration of order p takes A to A P_p(I - A'A), P_p(q) = sum over j <= p of c_j q^j, c_j = binom(2j, j) / 4^j: the
Taylor polynomial of (1 - q)^(-1/2). Singular vectors stay, and every singular value s goes to

    B_p(s) = s P_p(1 - s^2),    B_p'(s) = (2p + 1) c_p (1 - s^2)^p.

So on [0, 1] the map B_p increases from 0 to 1 and s <= B_p(s): the order of singular values is kept, and the least
singular value after k iterations is B_p applied k times to the least one before. With q = 1 - s^2 the defect obeys

    |1 - B_p(s)^2| <= |q|^(p+1)    for |q| <= 1,

so that k iterations leave at most |q|^((p+1)^k). Derivations: proofs/anil2019/bjorck/proof.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb

from lipcheck.exact import Matrix, dot
from lipcheck.norms.bracket import NormError

BITS = 64


def coefficients(order: int) -> tuple[Fraction, ...]:
    """c_0, ..., c_p; NormError for an order that is no positive integer."""
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        raise NormError(f"The order is {order!r}: use an integer of at least 1.")
    return tuple(Fraction(comb(2 * j, j), 4**j) for j in range(order + 1))


def image(value: Fraction, order: int = 1) -> Fraction:
    """B_p(value): where one iteration of this order takes a singular value."""
    defect = 1 - value * value
    total = Fraction(0)
    for c in reversed(coefficients(order)):
        total = total * defect + c
    return value * total


def least_after(value: Fraction, iterations: int, order: int = 1) -> Fraction:
    """A lower bound on the singular value that starts at `value`, in [0, 1], after so many iterations.

    Below the true one by a factor of at least 1 - iterations 2^-63: after each iteration, 64 bits are kept. B_p
    increases on [0, 1], so rounding down stays below; it is concave there, so relative errors do not grow. Raises
    NormError for values outside of [0, 1] and for negative numbers of iterations.
    """
    if iterations < 0:
        raise NormError(f"The number of iterations is {iterations}: use an integer of at least 0.")
    if not 0 <= value <= 1:
        raise NormError(f"The singular value is {float(value):.6g}: scale the matrix so that all lie in [0, 1].")
    for _ in range(iterations):
        value = _rounded_down(image(value, order), BITS)
    return value


def iterations_for(value: Fraction, target: Fraction, order: int = 1) -> int:
    """How many iterations surely bring a singular value in (0, 1] to at least `target` < 1.

    Raises NormError for other values, and for targets of 1 and above, which no number of iterations reaches.
    """
    if not 0 < value <= 1 or not target < 1:
        raise NormError("Iterations bring a singular value in (0, 1] to any target below 1, and to no other.")
    count, gap = 0, 1 - target
    # Enough bits to tell the target from 1: fewer would stop short of it for ever.
    bits = BITS + max(0, gap.denominator.bit_length() - gap.numerator.bit_length() + 1)
    while value < target:
        value, count = _rounded_down(image(value, order), bits), count + 1
    return count


def step(weight: Matrix, order: int = 1) -> Matrix:
    """One iteration in exact arithmetic: A P_p(I - A'A), at a cost in digits that grows by 2 p + 1 per iteration."""
    columns = transposed(weight)
    defect = tuple(tuple((i == j) - dot(a, b) for j, b in enumerate(columns)) for i, a in enumerate(columns))
    *lower, leading = coefficients(order)
    total = tuple(tuple(leading * entry for entry in row) for row in weight)
    for c in reversed(lower):
        raised = product(total, defect)
        total = tuple(
            tuple(x + c * a for x, a in zip(row, base, strict=True)) for row, base in zip(raised, weight, strict=True)
        )
    return total


def transposed(weight: Matrix) -> Matrix:
    """A'."""
    return tuple(zip(*weight, strict=True))


def product(a: Sequence[Sequence[Fraction]], b: Sequence[Sequence[Fraction]]) -> Matrix:
    """A B."""
    columns = list(zip(*b, strict=True))
    return tuple(tuple(dot(row, column) for column in columns) for row in a)


def _rounded_down(value: Fraction, bits: int) -> Fraction:
    if not value:
        return value
    shift = bits + value.denominator.bit_length() - value.numerator.bit_length()
    return Fraction(value.numerator * 2**shift // value.denominator, 2**shift)
