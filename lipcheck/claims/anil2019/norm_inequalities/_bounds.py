"""The bounds themselves, squared, on exact matrices, and the steps that add one entry, row or column.

w, x are an entry of W and of a vector; u, v are at least |w|, |x|; k counts what was added so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, dot, matrix
from lipcheck.norms.integers import integer_form
from lipcheck.norms.semidefinite import is_positive_semidefinite
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var

ROW = "anil2019.norm_inequalities"
SOURCE = "Anil, Lucas, Grosse 2019 (ICLR submission), appendix B.3"
k, w, x, u, v, S, T, Y, y, N, B, M = map(var, ("k", "w", "x", "u", "v", "S", "T", "Y", "y", "N", "B", "M"))
ABSOLUTE: Mapping[str, Formula] = {"w": conj(u >= w, u >= -w), "x": conj(v >= x, v >= -x)}


class BoundError(LipcheckError, ValueError):
    """Data that are no matrix."""


def read(data: Any) -> Matrix:
    """The matrix of the data."""
    if not isinstance(data, Mapping) or set(data) != {"matrix"} or not isinstance(data["matrix"], list):
        raise BoundError("the data have exactly the entry matrix, a list of rows")
    if not all(isinstance(row, list) for row in data["matrix"]):
        raise BoundError("every row of the matrix is a list")
    return matrix([[parse(entry) for entry in row] for row in data["matrix"]])


def given(rows: Any) -> dict[str, Any]:
    """JSON data of a matrix."""
    return {"matrix": [[spell(Fraction(entry)) for entry in row] for row in rows]}


def largest_entry(weight: Matrix) -> Fraction:
    """||W||_max."""
    return max(abs(entry) for row in weight for entry in row)


def infinity_norm(weight: Matrix) -> Fraction:
    """||W||_inf, the largest sum of a row."""
    return max(sum(map(abs, row), Fraction(0)) for row in weight)


def one_norm(weight: Matrix) -> Fraction:
    """||W||_1, the largest sum of a column."""
    return infinity_norm(tuple(zip(*weight, strict=True)))


def square_at_most(weight: Matrix, bound: Fraction) -> bool:
    """Whether sigma_max^2 <= bound: bound I - W'W is positive semidefinite."""
    columns = tuple(zip(*weight, strict=True))
    slack = tuple(tuple(bound * (i == j) - dot(a, b) for j, b in enumerate(columns)) for i, a in enumerate(columns))
    return is_positive_semidefinite(integer_form(slack)[0])


def law(text: str, square: Callable[[Matrix], Fraction], candidates: list[Any], parameters: Any) -> Universal:
    """sigma_max^2 <= square(W) for every matrix."""

    def examine(data: Any) -> Examination:
        weight = read(data)
        return Examination({}, square_at_most(weight, square(weight)))

    return Universal("matrices", text, examine, lambda: candidates, parameters=parameters)


def ones(rows: int, columns: int) -> dict[str, Any]:
    """The matrix of ones."""
    return given([[1] * columns] * rows)


def another_row() -> Forall:
    """|Wx|^2 <= F |x|^2 with one more row r, (r.x)^2 <= |r|^2 |x|^2; S is the sum of squares, T that of r."""
    return Forall("one more row", {"others": S * N >= Y, "Cauchy": y * y <= T * N}, Y + y * y <= (S + T) * N)


def another_entry() -> Forall:
    """A sum of k squares of numbers of at most M is at most k M^2, with one more."""
    given_: dict[str, Formula] = {"others": k * M * M >= S, "entry": conj(w <= M, -w <= M)}
    return Forall("one more entry", given_, (k + 1) * M * M >= S + w * w)


def another_bounded_row() -> Forall:
    """A sum of k squares of at most B each is at most k B, with one more."""
    return Forall("one more bounded row", {"others": k * B >= Y, "row": y * y <= B}, (k + 1) * B >= Y + y * y)


def two_below_one() -> Forall:
    """|y|_2 <= |y|_1 with one more entry: Y is the sum of squares, T that of sizes, v >= |y|."""
    given_: dict[str, Formula] = {"others": conj(T * T >= Y, T >= 0), "entry": conj(v >= y, v >= -y)}
    return Forall("2-norm below 1-norm, one more entry", given_, (T + v) ** 2 >= Y + y * y)


def triangle() -> Forall:
    """|y + w x| <= T + u v with |y| <= T: one more column in one entry of Wx."""
    given_: dict[str, Formula] = {**ABSOLUTE, "others": conj(y <= T, -y <= T)}
    return Forall("one more column", given_, conj(T + u * v >= y + w * x, T + u * v >= -y - w * x))


def column_sum() -> Forall:
    """A column of sum at most B, times |x|: at most B |x|."""
    return Forall("a column times an entry", {"sum": B >= S, "size": v >= 0}, B * v >= S * v)


def one_below_two() -> Forall:
    """(sum of v)^2 <= k (sum of v^2) with one more: t is the mean of k numbers, S >= k t^2 the sum of their squares."""
    t = var("t")
    given_: dict[str, Formula] = {"others": k * t * t <= S, "count": k >= 0, "square": (t - v) ** 2 >= 0}
    return Forall("1-norm below 2-norm, one more entry", given_, (k + 1) * (S + v * v) >= (k * t + v) ** 2)


def entry_below_two() -> Forall:
    """|y| <= R v and v^2 <= N imply y^2 <= R^2 N: R is a row sum, v the largest entry of x, N = |x|_2^2."""
    R, g = var("R"), var("g")
    given_: dict[str, Formula] = {
        "row": conj(g >= y, g >= -y, g * g <= R * R * v * v),
        "largest": v * v <= N,
        "square": R * R >= 0,
    }
    return Forall("an entry of Wx", given_, y * y <= R * R * N)
