"""What every claim of this row rests on: the induction over the order p, for all p at once.

c, c1 stand for c_p and c_{p+1}; P, dP for P_p(q) and its derivative; D = (1 - q) P' - P/2; x for q^p. The general
steps say that D = -(p + 1/2) c_p q^p for every p, and what follows for B_p and for the defect G_p = 1 - (1 - q) P_p^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.norms.bjorck import coefficients
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Exhaustive, Forall
from lipcheck.words.terms import Term, var
from lipcheck.words.verdict import Budget

ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.bjorck"
ORDERS = range(1, 13)
half = Fraction(1, 2)
c, c1, p, q, x, P, dP, D, s, j = map(var, ("c", "c1", "p", "q", "x", "P", "dP", "D", "s", "j"))

Polynomial = list[Fraction]


def coefficient_step() -> Forall:
    """(2j + 2) c_{j+1} = (2j + 1) c_j makes the coefficients positive and decreasing."""
    given = {"recursion": equals((2 * j + 2) * c1, (2 * j + 1) * c), "positive": c > 0, "index": j >= 0}
    return Forall("coefficients, one more", given, conj(c1 > 0, c1 < c))


def derivative_step() -> Forall:
    """D_p = -(p + 1/2) c_p q^p passes from p to p + 1; for p = 0 it says D_0 = -1/2."""
    given = {"before": equals(D, -(p + half) * c * x), "recursion": equals((2 * p + 2) * c1, (2 * p + 1) * c)}
    after = D + c1 * ((p + 1) * x * (1 - q) - half * q * x)
    return Forall("derivative, one more order", given, equals(after, -(p + 1 + half) * c1 * q * x))


def map_derivative() -> Forall:
    """d/ds [s P(1 - s^2)] = P - 2 s^2 P' = -2 D at q = 1 - s^2."""
    given = {"D": equals(D, (1 - q) * dP - half * P), "q": equals(q, 1 - s * s)}
    return Forall("derivative of the map", given, equals(P - 2 * s * s * dP, -2 * D))


def defect_derivative() -> Forall:
    """d/dq [1 - (1 - q) P^2] = P^2 - 2 (1 - q) P P' = -2 P D."""
    given = {"D": equals(D, (1 - q) * dP - half * P)}
    return Forall("derivative of the defect", given, equals(P * P - 2 * (1 - q) * P * dP, -2 * P * D))


def eigenvector() -> Forall:
    """Q^j v = q^j v passes to j + 1, entry by entry; y is an entry of Q v."""
    y, v = var("y"), var("v")
    return Forall("powers on an eigenvector", {"eigenvector": equals(y, q * v)}, equals(x * y, (q * x) * v))


def defect_sum() -> Forall:
    """If the terms so far are at most H x in size, so are they with one more, h y, where |y| <= x; h, H >= 0."""
    S, H, h, y = map(var, ("S", "H", "h", "y"))
    given = {
        "so far": conj(H * x >= S, -H * x <= S),
        "smaller": conj(y <= x, y >= -x),
        "coefficients": conj(h >= 0, H >= 0),
    }
    return Forall("defect, one more term", given, conj(S + h * y <= (H + h) * x, S + h * y >= -(H + h) * x))


def positive_factor() -> Forall:
    """Where the defect is below one in size, P^2 (1 - q) is positive: P has no zero."""
    given = {"defect": equals((1 - q) * P * P, 1 - D), "small": D < 1, "below one": q < 1}
    return Forall("the factor has no zero", given, P * P > 0)


def general(budget: Budget, *more: Forall) -> list[Forall]:
    """The steps for all orders, and more of them; at smoke one of them is derived anew."""
    if budget is Budget.SMOKE:
        return [defect_derivative(), *more]
    return [coefficient_step(), derivative_step(), map_derivative(), defect_derivative(), eigenvector(), *more]


def times(a: Sequence[Fraction], b: Sequence[Fraction]) -> Polynomial:
    """The product of two polynomials, lowest coefficient first."""
    result = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, left in enumerate(a):
        for k, right in enumerate(b):
            result[i + k] += left * right
    return result


def defect(order: int) -> Polynomial:
    """G_p(q) = 1 - (1 - q) P_p(q)^2, lowest coefficient first."""
    P = coefficients(order)
    squared = times([Fraction(1), Fraction(-1)], times(P, P))
    return [1 - squared[0], *(-entry for entry in squared[1:])]


def holds_for_order(order: Any) -> bool:
    """G_p vanishes below q^(p+1), has nonnegative coefficients from there and the sum one; B_p' = (2p+1) c_p q^p."""
    P, G = coefficients(order), defect(order)
    slope = [P[i] * (2 * i + 1) - (2 * (i + 1) * P[i + 1] if i < order else 0) for i in range(order + 1)]
    wanted = [Fraction(0)] * order + [(2 * order + 1) * P[order]]
    return not any(G[: order + 1]) and min(G[order + 1 :]) >= 0 and sum(G) == 1 and slope == wanted


def orders() -> Exhaustive:
    """The polynomials themselves, for the orders 1 to 12."""
    text = "G_p is q^(p+1) times a polynomial with nonnegative coefficients of sum 1, and B_p' = (2p+1) c_p (1-s^2)^p"
    return Exhaustive("orders 1 to 12", text, lambda: list(ORDERS), holds_for_order, [ORDERS.start, ORDERS.stop])


def image_term(value: Term, order: int) -> Term:
    """B_p of a term."""
    total = value * 0
    for entry in reversed(coefficients(order)):
        total = total * (1 - value * value) + entry
    return value * total
