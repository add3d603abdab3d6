"""Exact matrices under Björck's iteration: the condition of appendix B.3, and limits that can be told exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import isqrt
from typing import Any

from lipcheck.exact import Matrix, dot, matrix
from lipcheck.norms import spectral_norm_at_most
from lipcheck.norms.bjorck import image, step, transposed
from lipcheck.norms.integers import integer_form
from lipcheck.norms.semidefinite import is_positive_semidefinite
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Examination, Universal
from lipcheck.words.rationals import parse, spell

STEPS = 6
"""How many exact iterations a limit may take to show; digits grow by 2 p + 1 with each."""


class BjorckError(LipcheckError, ValueError):
    """Data that are no matrix with an order."""


def read(data: Any, *entries: str) -> tuple[Matrix, dict[str, Fraction]]:
    """The matrix and the named numbers, which the data must hold, and nothing else."""
    if not isinstance(data, Mapping) or set(data) != {"matrix", *entries}:
        raise BjorckError(f"the data have exactly the entries {', '.join(('matrix', *entries))}")
    if not isinstance(data["matrix"], list) or not all(isinstance(row, list) for row in data["matrix"]):
        raise BjorckError("the matrix is a list of rows")
    return matrix([[parse(entry) for entry in row] for row in data["matrix"]]), {e: parse(data[e]) for e in entries}


def as_order(value: Fraction, most: int = 1000) -> int:
    """A whole number between 1 and `most`."""
    if value.denominator != 1 or not 1 <= value <= most:
        raise BjorckError(f"{value} is no whole number between 1 and {most}")
    return int(value)


def given(rows: Iterable[Iterable[Any]], **numbers: Any) -> dict[str, Any]:
    """JSON data of a matrix and numbers."""
    entries = {name: spell(Fraction(value)) for name, value in numbers.items()}
    return {"matrix": [[spell(Fraction(entry)) for entry in row] for row in rows], **entries}


def gram(weight: Matrix) -> Matrix:
    """W'W."""
    columns = transposed(weight)
    return tuple(tuple(dot(a, b) for b in columns) for a in columns)


def defect(weight: Matrix) -> Matrix:
    """I - W'W."""
    return tuple(tuple((i == k) - entry for k, entry in enumerate(row)) for i, row in enumerate(gram(weight)))


def definite(square: Matrix, strict: bool = False) -> bool:
    """Whether a symmetric matrix is positive semidefinite; `strict`: definite, that is, regular as well."""
    integers, _ = integer_form(square)
    return is_positive_semidefinite(integers) and (not strict or rank(square) == len(square))


def rank(weight: Matrix) -> int:
    """The number of independent rows, by elimination."""
    rows, found = [list(row) for row in weight], 0
    for column in range(len(weight[0])):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            ratio = rows[i][column] / rows[found][column]
            rows[i] = [a - ratio * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def near(weight: Matrix, radius: Fraction) -> bool:
    """Whether ||W'W - I||_2 < radius."""
    off = defect(weight)
    return all(
        definite(
            tuple(tuple(radius * (i == k) + sign * entry for k, entry in enumerate(row)) for i, row in enumerate(off)),
            strict=True,
        )
        for sign in (1, -1)
    )


def norm_at_most(weight: Matrix, bound: Fraction) -> bool:
    """Whether ||W||_2 <= bound."""
    return spectral_norm_at_most(weight, bound)


def iterate(weight: Matrix, order: int, count: int) -> Matrix:
    """A_count from A_0 = weight."""
    for _ in range(count):
        weight = step(weight, order)
    return weight


def scalar_limit(value: Fraction, order: int) -> int | None:
    """The limit of a singular value: -1, 0 or 1; None where it stays above sqrt 2 for good.

    |s| in (0, sqrt 2) tends to the sign of s (proof.md, convergence). Beyond sqrt 2 the map |B_p| increases where it
    exceeds s (there it is B_p for even p, and -B_p past its zero for odd p): if |B_p(s)| >= s, no later value is below
    s. Raises BjorckError where neither shows within STEPS iterations.
    """
    for _ in range(STEPS):
        if value * value < 2:
            return (value > 0) - (value < 0)
        following = image(value, order)
        if abs(following) >= abs(value):
            return None
        value = following
    raise BjorckError(f"the limit does not show within {STEPS} iterations of order {order}")


def multiple(weight: Matrix) -> Fraction | None:
    """t > 0 where W = t Z with orthonormal columns of Z and t rational, else None."""
    square = gram(weight)
    level = square[0][0]
    t = Fraction(isqrt(level.numerator), isqrt(level.denominator))
    proportional = all(entry == level * (i == k) for i, row in enumerate(square) for k, entry in enumerate(row))
    return t if proportional and level and t * t == level else None


def limit(weight: Matrix, order: int) -> Matrix | None:
    """The limit of A_k where it is told exactly: W = 0, or W = t Z with orthonormal columns of Z; else None.

    None as well where W = t Z runs away.
    """
    if not any(map(any, weight)):
        return weight
    t = multiple(weight)
    if t is None:
        return None
    sign = scalar_limit(t, order)
    return None if sign is None else tuple(tuple(sign * entry / t for entry in row) for row in weight)


def surely_misses(weight: Matrix, order: int) -> bool:
    """Whether A_k certainly does not tend to the nearest orthonormal matrix.

    A rank below min(m, n) stays so, at singular values 0; and for W = t Z, t > 0, Z orthonormal, the nearest one is Z.
    Iteration and transposition commute, so a wide matrix is turned.
    """
    tall = weight if len(weight) >= len(weight[0]) else transposed(weight)
    if rank(tall) < len(tall[0]):
        return True
    t = multiple(tall)
    return t is not None and scalar_limit(t, order) != 1


def converges(
    name: str,
    text: str,
    meets: Callable[[Matrix], Mapping[str, bool]],
    candidates: list[Any],
    dropped: frozenset[str],
    parameters: Any,
) -> Universal:
    """Every matrix that meets the hypotheses tends to its nearest orthonormal matrix, for every order."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "order")
        return Examination(meets(weight), not surely_misses(weight, as_order(numbers["order"])))

    return Universal(name, text, examine, lambda: candidates, dropped, parameters)


def scaled(weight: Matrix, factor: Fraction) -> Matrix:
    """factor W."""
    return tuple(tuple(factor * entry for entry in row) for row in weight)


def below_in_gram(a: Matrix, b: Matrix) -> bool:
    """Whether ||A x|| <= ||B x|| for all x."""
    rows = zip(gram(a), gram(b), strict=True)
    return definite(tuple(tuple(v - u for u, v in zip(r, t, strict=True)) for r, t in rows))
