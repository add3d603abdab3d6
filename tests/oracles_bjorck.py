"""Second opinions on the counterexamples about Björck's iteration and the Parseval update: matrices of a single row.

Such a matrix has one singular value, its length, and every iteration multiplies it by a number.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

from oracles import oracle

Row = list[Fraction]


def row(data: Any) -> Row:
    (only,) = data["matrix"]
    return [Fraction(w) for w in only]


def square(w: Row) -> Fraction:
    return sum((v * v for v in w), Fraction(0))


def factor(q: Any, order: int) -> Any:
    """The Taylor polynomial of (1 - q)^(-1/2), by powers."""
    return sum(comb(2 * j, j) * q**j / 4**j for j in range(order + 1))


def after(w: Row, order: int, count: int) -> Row:
    for _ in range(count):
        scale = factor(1 - square(w), order)
        w = [scale * v for v in w]
    return w


def limit(s: float, order: int) -> float | None:
    """Where a number goes in 300 iterations in floating point; None if it runs away."""
    for _ in range(300):
        if abs(s) > 1e6:
            return None
        s *= factor(1 - s * s, order)
    return round(s, 9) + 0.0


def parseval(s: Fraction, beta: Fraction) -> Fraction:
    return (1 + beta) * s - beta * s**3


@oracle("anil2019.bjorck.nearest: limit")
def goes_elsewhere(data: Any) -> bool:
    (w,) = row(data)
    return w == 0 or limit(float(w), int(data["order"])) != (1 if w > 0 else -1)


@oracle("anil2019.bjorck.larger_p_anywhere: singular values")
def larger_is_farther(data: Any) -> bool:
    s, p = Fraction(data["singular_value"]), int(data["order"])
    both = limit(float(s), p) == limit(float(s), p + 1) == 1
    return s > 0 and s != 1 and both and abs(after([s], p + 1, 1)[0] - 1) >= abs(after([s], p, 1)[0] - 1)


@oracle("anil2019.bjorck.projection: elements stay")
def moves(data: Any) -> bool:
    w = row(data)
    return square(w) <= 1 and after(w, int(data["order"]), int(data["iterations"])) != w


@oracle("anil2019.bjorck.differentiable_projection: twice is once")
def moves_again(data: Any) -> bool:
    w, order, count = row(data), int(data["order"]), int(data["iterations"])
    return 0 < square(w) < 2 and after(w, order, 2 * count) != after(w, order, count)


@oracle("anil2019.bjorck.rescaling: condition")
def scaled_and_far(data: Any) -> bool:
    """W'W has the eigenvalues |w|^2 and, if there is more than one column, 0."""
    w = row(data)
    distances = [abs(square(w) - 1)] + [Fraction(1)] * (len(w) > 1)
    return square(w) <= 1 <= max(distances)


@oracle("anil2019.bjorck.scale_equation: iterations")
def not_homogeneous(data: Any) -> bool:
    a, order, count = Fraction(data["factor"]), int(data["order"]), int(data["iterations"])
    w = row(data)
    return after([a * v for v in w], order, count) != [a * v for v in after(w, order, count)]


@oracle("anil2019.bjorck.scale_equation: limits")
def limits_not_homogeneous(data: Any) -> bool:
    a, order = Fraction(data["factor"]), int(data["order"])
    (w,) = row(data)
    before = limit(float(w), order)
    return before is not None and limit(float(a * w), order) != float(a) * before


@oracle("anil2019.bjorck.scale_words: iterations")
def not_invariant(data: Any) -> bool:
    a, order, count = Fraction(data["factor"]), int(data["order"]), int(data["iterations"])
    w = row(data)
    return after([a * v for v in w], order, count) != after(w, order, count)


@oracle("anil2019.bjorck.stiefel: on the manifold")
def not_yet(data: Any) -> bool:
    w = row(data)
    return 0 < square(w) < 2 and square(after(w, int(data["order"]), int(data["iterations"]))) != 1


@oracle("anil2019.bjorck.throughout: close to orthonormal")
def still_far(data: Any) -> bool:
    w, count = row(data), int(data["iterations"])
    return 0 < square(w) <= 1 and count in (2, 3) and 1 - square(after(w, 1, count)) >= Fraction(1, 10)


@oracle("anil2019.parseval: gradient")
def not_the_gradient(data: Any) -> bool:
    """The derivative of (beta/2) (w^2 - 1)^2 is 2 beta w (w^2 - 1)."""
    (w,), beta = row(data), Fraction(data["beta"])
    return w - 2 * beta * w * (w * w - 1) != parseval(w, beta)


@oracle("anil2019.parseval: gradient of the norm itself")
def not_its_gradient(data: Any) -> bool:
    """The derivative of (beta/2) |w^2 - 1| is beta w, or -beta w inside."""
    (w,), beta = row(data), Fraction(data["beta"])
    return w * w != 1 and w - beta * w * (1 if w * w > 1 else -1) != parseval(w, beta)


@oracle("anil2019.parseval: other coefficients")
def no_other_coefficient(data: Any) -> bool:
    (w,), beta = row(data), Fraction(data["beta"])
    slopes = (4 * w * (w * w - 1), 2 * w * (1 if w * w > 1 else -1))
    return w * w != 1 and all(
        w - c * slope != parseval(w, beta) for c in (Fraction(1, 2), Fraction(2), 2 * beta) for slope in slopes
    )


@oracle("anil2019.parseval.closer: closer")
def not_closer(data: Any) -> bool:
    s, beta = Fraction(data["singular_value"]), Fraction(data["beta"])
    return s > 0 and s != 1 and beta > 0 and abs(abs(parseval(s, beta)) - 1) >= abs(s - 1)


@oracle("anil2019.parseval.special_case: some order", "anil2019.parseval.one_step: some order")
def no_order(data: Any) -> bool:
    """The steps of the orders 1, 2, ... rise; none of them is the update's value."""
    (s,), beta = row(data), Fraction(data["beta"])
    target = parseval(s, beta)
    steps = [after([s], order, 1)[0] for order in range(1, 60)]
    return 0 < s < 1 and beta > 0 and target not in steps and steps[-1] > target


@oracle("anil2019.parseval.small_beta: limits")
def stuck(data: Any) -> bool:
    w, beta = row(data), Fraction(data["beta"])
    return 0 < beta <= Fraction(1, 2) and square(w) == 0
