"""The update of eq. 9, W <- W (1 + b) - b W W'W, which takes a singular value s to f(s) = s (1 + b - b s^2).

Everything follows from two factorizations, with z = b s (1 + s):

    f(s) - s = b s (1 - s^2),    1 - f(s) = (1 - s)(1 - z).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, matrix
from lipcheck.norms.bjorck import product, transposed
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Forall
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import Term, var

ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.parseval"
B1 = f"{ICLR}, appendix B.1"
USUAL = Fraction(3, 10000)
"""The value of beta that the paper calls a common choice."""
s, b, y, z = map(var, ("s", "b", "y", "z"))
image: Term = s * (1 + b - b * s * s)


class ParsevalError(LipcheckError, ValueError):
    """Data that are no matrix or singular value with a beta."""


def read(data: Any) -> tuple[Matrix, Fraction]:
    """The matrix and beta."""
    if not isinstance(data, Mapping) or set(data) != {"matrix", "beta"} or not isinstance(data["matrix"], list):
        raise ParsevalError("the data have exactly the entries matrix, a list of rows, and beta")
    if not all(isinstance(row, list) for row in data["matrix"]):
        raise ParsevalError("every row of the matrix is a list")
    return matrix([[parse(entry) for entry in row] for row in data["matrix"]]), parse(data["beta"])


def given(rows: Any, beta: Any) -> dict[str, Any]:
    """JSON data of a matrix and beta."""
    return {"matrix": [[spell(Fraction(entry)) for entry in row] for row in rows], "beta": spell(Fraction(beta))}


def update(weight: Matrix, beta: Fraction) -> Matrix:
    """W (1 + beta) - beta W W'W."""
    cubic = product(weight, product(transposed(weight), weight))
    return tuple(
        tuple(w * (1 + beta) - beta * c for w, c in zip(row, other, strict=True))
        for row, other in zip(weight, cubic, strict=True)
    )


def moved(value: Fraction, beta: Fraction) -> Fraction:
    """f(value)."""
    return value * (1 + beta - beta * value * value)


def factorization() -> Forall:
    """1 - f(s) = (1 - s)(1 - z)."""
    return Forall("distance to one", {"z": equals(z, b * s * (1 + s))}, equals(1 - image, (1 - s) * (1 - z)))


def eigenvector() -> Forall:
    """If W'W v = s^2 v, the update times v is (1 + b - b s^2) W v, entry by entry: u of W v, t of W W'W v."""
    u, t = var("u"), var("t")
    given_ = {"eigenvector": equals(t, s * s * u)}
    return Forall("singular vectors stay", given_, equals((1 + b) * u - b * t, (1 + b - b * s * s) * u))
