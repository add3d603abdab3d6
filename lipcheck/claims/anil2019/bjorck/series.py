"""ICML eq. 2, ICLR eq. 3: the iteration, and "the Taylor expansion of the polar decomposition".

    A_{k+1} = A_k (I + 1/2 Q_k + ... + (-1)^p binom(-1/2, p) Q_k^p),  Q_k = I - A_k'A_k

The polar factor of A is A (A'A)^(-1/2) = A (I - Q)^(-1/2), and (1 - q)^(-1/2) = sum over j of (-1)^j binom(-1/2, j)
q^j. The scan of the ICLR version shows 2 and 8 where 1/2 and 3/8 stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import Any

from lipcheck.claims.anil2019.bjorck import _steps
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW, c, c1, half, j, times
from lipcheck.norms.bjorck import coefficients
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.verdict import Budget, Verdict


def printed_coefficient(index: int, exponent: Fraction) -> Fraction:
    """(-1)^j binom(exponent, j)."""
    value = Fraction(1)
    for i in range(index):
        value *= -(exponent - i) / (i + 1)
    return value


def recursion(exponent: Fraction) -> Forall:
    """(-1)^(j+1) binom(e, j+1) = (-1)^j binom(e, j) (j - e)/(j + 1), which has to be c_j (2j+1)/(2j+2)."""
    given = {"binomial": equals((j + 1) * c1, (j - exponent) * c), "index": j >= 0}
    return Forall("coefficients by recursion", given, equals((2 * j + 2) * c1, (2 * j + 1) * c))


def holds_for(index: Any, exponent: Fraction, first: Fraction) -> bool:
    """c_j = (-1)^j binom(-1/2, j) = binom(2j, j)/4^j, c_1 = 1/2, and P_j^2 (1 - q) = 1 up to degree j."""
    P = coefficients(index)
    product = times([Fraction(1), Fraction(-1)], times(P, P))
    closed = [Fraction(comb(2 * i, i), 4**i) for i in range(index + 1)]
    return (
        [printed_coefficient(i, exponent) for i in range(index + 1)] == list(P) == closed
        and P[1] == first
        and product[: index + 1] == [1] + [0] * index
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The coefficients, by recursion for all j and by themselves up to 12; the differential equation that they "
    "solve."""
    exponent, first = variant.value("exponent", -half), variant.value("first", half)
    text = "the printed coefficients are those of (1 - q)^(-1/2), whose square times 1 - q is 1 + O(q^(p+1))"
    return [
        recursion(exponent),
        _steps.derivative_step(),
        Exhaustive(
            "orders 1 to 12",
            text,
            lambda: list(_steps.ORDERS),
            lambda index: holds_for(index, exponent, first),
            [str(exponent), str(first)],
        ),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICML}, section 4.2.1, eq. 2; ICLR submission, section 4.2.1, eq. 3",
        printed=(
            "through an iterative application of the Taylor expansion of the polar decomposition. Given an input "
            "matrix A_0 = A, the algorithm computes, A_{k+1} = A_k (I + 1/2 Q_k + . . . + (−1)^p binom(−1/2, p) Q_k^p) "
            "where Q_k = I − A_k^T A_k."
        ),
        statement=(
            "For every p >= 1 the polynomial in Q is the Taylor polynomial of degree p of (1 - q)^(-1/2) at q = 0; "
            "with q = I - A'A the function is (A'A)^(-1/2), and A (A'A)^(-1/2) is the polar factor of A with full "
            "column rank."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all orders p >= 1; all real matrices of full column rank",
        covers_all=True,
        constants={
            "exponent": Constant(-half, Fraction(-101, 200), words="the upper entry of the binomial coefficient"),
            "first": Constant(half, Fraction(101, 200), words="the coefficient of Q"),
        },
        textbook=(
            Textbook("binomial series", "Rudin, Principles of Mathematical Analysis, exercise 8.22"),
            Textbook("polar decomposition, A = U H with U = A (A'A)^(-1/2)", "Higham, Functions of Matrices, 8.1"),
        ),
        argument="proof.md#the-series",
        notes=(
            "The polar decomposition has no Taylor expansion of its own; the expansion is that of (1 - q)^(-1/2), "
            "about orthonormal matrices. The dots stand for 3/8, 5/16, 35/128, ..."
        ),
    ),
)
