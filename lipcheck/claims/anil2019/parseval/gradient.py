"""Appendix B.1: the update is motivated "by considering the gradient of a regularization term, (b/2) ||W'W - I||_F. By
subtracting this gradient from the weight matrices they push them closer to the Stiefel manifold. The final update is
given by W <- W (1 + b) - b W W'W (9)".

The gradient of (b/2) ||W'W - I||_F^2 is 2 b W (W'W - I), and eq. 9 subtracts half of it. Without the square, the
gradient is b W (W'W - I) / ||W'W - I||_F, which is not what eq. 9 subtracts either. With b/4 and the square it is. And
it pushes closer only where b s (s + 1) < 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from lipcheck.claims.anil2019.parseval._update import (
    B1,
    ROW,
    b,
    given,
    read,
    update,
)
from lipcheck.exact import Matrix
from lipcheck.norms.bjorck import product, transposed
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "the authors motivate an update to the weight matrices by considering the gradient of a regularization term, "
    "[β/]2 ||W^T W − I||_F[^2]. By subtracting this gradient from the weight matrices they push them closer to the "
    "Stiefel manifold. The final update is given by, W ← W(I + β) − βW W^T W (9)"
)
TWO = given([[2]], "1/2")
QUARTER = Fraction(1, 4)


def squared_distance(weight: Matrix) -> Fraction:
    """||W'W - I||_F^2."""
    square = product(transposed(weight), weight)
    return sum(((entry - (i == k)) ** 2 for i, row in enumerate(square) for k, entry in enumerate(row)), Fraction(0))


def gradient(weight: Matrix) -> Matrix:
    """The gradient of ||W'W - I||_F^2 by central differences, which are exact for a polynomial of degree four."""

    def along(i: int, k: int, t: int) -> Fraction:
        changed = [list(row) for row in weight]
        changed[i][k] += t
        return squared_distance(tuple(map(tuple, changed)))

    return tuple(
        tuple((8 * (along(i, k, 1) - along(i, k, -1)) - along(i, k, 2) + along(i, k, -2)) / 12 for k in range(len(row)))
        for i, row in enumerate(weight)
    )


def difference(weight: Matrix, step: Matrix, factor: Fraction) -> Matrix:
    """W - factor times the step."""
    return tuple(tuple(x - factor * y for x, y in zip(r, t, strict=True)) for r, t in zip(weight, step, strict=True))


def squared(variant: Variant, printed: Fraction) -> Universal:
    """W minus the gradient of share b ||W'W - I||_F^2 is the update of eq. 9."""
    share = variant.value("share", printed)

    def examine(data: Any) -> Examination:
        weight, beta = read(data)
        return Examination({}, difference(weight, gradient(weight), share * beta) == update(weight, beta))

    text = f"W minus the gradient of {share} beta ||W'W - I||_F^2 is W (1 + beta) - beta W W'W"
    return Universal("gradient", text, examine, lambda: [TWO], variant.dropped, [spell(share)])


def unsquared(variant: Variant) -> Universal:
    """The same for the norm without the square, where it is rational and not zero."""

    def examine(data: Any) -> Examination:
        weight, beta = read(data)
        level = squared_distance(weight)
        root = Fraction(isqrt(level.numerator), isqrt(level.denominator))
        rational = level > 0 and root * root == level
        step = difference(weight, gradient(weight), beta / (4 * root)) if rational else weight
        return Examination({"rational": rational}, step == update(weight, beta))

    text = "W minus the gradient of (beta/2) ||W'W - I||_F is W (1 + beta) - beta W W'W"
    return Universal("gradient of the norm itself", text, examine, lambda: [TWO], variant.dropped)


def other_coefficients(variant: Variant) -> Universal:
    """The same with 1/2, 2 or 2 b where the scan has lost what stands before or above the 2; either exponent."""

    def examine(data: Any) -> Examination:
        weight, beta = read(data)
        level, slope, after = squared_distance(weight), gradient(weight), update(weight, beta)
        root = Fraction(isqrt(level.numerator), isqrt(level.denominator))
        rational = level > 0 and root * root == level
        coefficients = (Fraction(1, 2), Fraction(2), 2 * beta)
        factors = [*coefficients, *(c / (2 * root) for c in coefficients)] if rational else []
        return Examination({"rational": rational}, any(difference(weight, slope, f) == after for f in factors))

    text = "with 1/2, 2 or 2 beta as coefficient, of ||W'W - I||_F or its square, W minus the gradient is eq. 9"
    return Universal("other coefficients", text, examine, lambda: [TWO], variant.dropped)


def smaller() -> Exhaustive:
    """For the integers below 2 both sides agree, whatever beta: the gradient vanishes at 0, 1 and -1."""
    elements = [[spell(n), beta] for n in (-1, 0, 1) for beta in ("1/2", "1", "1/3")]

    def holds(data: Any) -> bool:
        weight, beta = ((parse(data[0]),),), parse(data[1])
        return difference(weight, gradient(weight), beta / 2) == update(weight, beta)

    return Exhaustive("minimal: integers below 2", "eq. 9 subtracts the gradient at 0, 1, -1", lambda: elements, holds)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All readings of the damaged formula; repaired: b/4 and the square."""
    main = [squared(variant, Fraction(1, 2))]
    printed_share = variant.value("share", Fraction(1, 2)) == Fraction(1, 2)
    return [*main, unsquared(variant), other_coefficients(variant), smaller()] if printed_share else main


def pair_of_columns() -> Forall:
    """<E, H'W + W'H> = 2 <W E, H> with one more pair of columns in a row: E is symmetric, e = e_ij = e_ji."""
    L, R, e, h, i, w, j = map(var, ("L", "R", "e", "h", "i", "w", "j"))
    added = e * (h * j + w * i) + e * (i * w + j * h)
    return Forall(
        "one more pair of columns", {"others": equals(L, 2 * R)}, equals(L + added, 2 * (R + h * e * j + i * e * w))
    )


def one_column() -> Forall:
    """The same with one more diagonal entry."""
    L, R, e, h, w = map(var, ("L", "R", "e", "h", "w"))
    return Forall("one more column", {"others": equals(L, 2 * R)}, equals(L + e * (h * w + w * h), 2 * (R + h * e * w)))


def entries(variant: Variant) -> Forall:
    """w - 4 share b (c - w) = w (1 + b) - b c for an entry w of W and c of W W'W."""
    w, c = var("w"), var("c")
    share = variant.value("share", QUARTER)
    return Forall("an entry of the update", {}, equals(w - 4 * share * b * (c - w), w * (1 + b) - b * c))


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The gradient of (b/4) ||W'W - I||_F^2, in general and on exact matrices."""
    return [squared(variant, QUARTER), pair_of_columns(), one_column(), entries(variant)]


SNIPPET = """\
from fractions import Fraction as F
b, w = F(1, 2), F(2)                             # the matrix [2]
def penalty(w): return b / 2 * (w * w - 1) ** 2  # its derivative by central differences, exact for degree 4
g = (8 * (penalty(w + 1) - penalty(w - 1)) - penalty(w + 2) + penalty(w - 2)) / 12
print("w - gradient =", w - g, " eq. 9:", w * (1 + b) - b * w ** 3)
assert w - g != w * (1 + b) - b * w ** 3 and w - g / 2 == w * (1 + b) - b * w ** 3
"""

CLAIMS = (
    Claim(
        id=ROW,
        short="W minus the gradient of (b/2)||W'W - I||_F^2 moves twice as far as eq. 9; b/4 is right",
        source=f"{B1}, eq. 9",
        printed=PRINTED,
        statement=(
            "For all W and b, W minus the gradient of (b/2) ||W'W - I||_F^2 (or, without the square, of (b/2) "
            "||W'W - I||_F) is W (1 + b) - b W W'W."
        ),
        reading=(
            "the scan shows 2||WTW - I||F; as in eq. 3 it loses numerators and exponents, so b/2 and the square are "
            "read; with coefficients 1/2, 2 or 2b, with or without the square, it fails as well"
        ),
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all real matrices, all beta",
        covers_all=True,
        constants={"share": Constant(Fraction(1, 2), sharp=QUARTER, words="the factor of beta in the penalty")},
        repairs={"beta/4": Variant(constants={"share": QUARTER})},
        counterexamples={"gradient": TWO, "gradient of the norm itself": TWO, "other coefficients": TWO},
        near_misses=(
            NearMiss("gradient", given([[1]], "1/2"), "orthonormal: the gradient is zero"),
            NearMiss("gradient", given([[2]], 0), "beta = 0"),
            NearMiss("gradient of the norm itself", given([[1, 1], [0, 1]], "1/2"), "the norm is irrational"),
        ),
        minimality="one row, one column; at the integers -1, 0, 1 the gradient vanishes, for every beta",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.gradient",
        argument="proof.md#the-gradient",
        notes=(
            "W (I + b) stands for (1 + b) W. The direction is right: with a free step, or b/4 in the penalty, eq. 9 is "
            "a gradient step (anil2019.parseval.gradient). A reader who takes the penalty with b/2 trains with twice "
            "the step of eq. 9."
        ),
    ),
    Claim(
        id=f"{ROW}.gradient",
        source=f"{B1}, eq. 9",
        printed=PRINTED,
        reading="repaired: b/4 instead of b/2, and the square",
        statement="The gradient of (b/4) ||W'W - I||_F^2 is b W (W'W - I), and W minus it is W (1 + b) - b W W'W.",
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all real matrices of all shapes, all beta",
        covers_all=True,
        constants={"share": Constant(QUARTER, Fraction(101, 400), words="the factor of beta in the penalty")},
        textbook=(
            Textbook("product rule for matrices", "Magnus, Neudecker, Matrix Differential Calculus, section 8.1"),
        ),
        argument="proof.md#the-gradient",
    ),
)
