"""What the claims about matrix norms share: the source, the textbook facts, and the vertices of the unit cube."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from lipcheck.exact import Matrix, dot
from lipcheck.words.claim import Textbook
from lipcheck.words.errors import LipcheckError

ROW = "anil2019.operator_norms"
ICML = "Anil et al. 2019 (ICML), section 2.2, 1-Lipschitz Linear Transformations"
ICLR = "Anil et al. 2019 (ICLR submission), section 2.2, 1-Lipschitz Linear Transformations"
P_NORMS = Textbook(
    "||x||_p is a norm on R^n for every p from 1 to infinity", "Rudin, Real and Complex Analysis, 3.5-3.9"
)
COLUMNS = 10
"""The largest width at which all vertices of the cube are visited."""


class WidthError(LipcheckError, ValueError):
    """A matrix with too many columns to visit every vertex of the cube."""


def vertices(columns: int) -> Iterator[tuple[Fraction, ...]]:
    """The vertices of the cube [-1, 1]^columns: a convex function has its maximum over the cube at one of them."""
    if columns > COLUMNS:
        raise WidthError(f"the matrix has {columns} columns: give at most {COLUMNS}, for all vertices are visited")
    return product((Fraction(1), Fraction(-1)), repeat=columns)


def apply(weight: Matrix, x: Sequence[Fraction]) -> list[Fraction]:
    """W x."""
    return [dot(row, x) for row in weight]


def infinity_norm(weight: Matrix) -> Fraction:
    """sup ||W x||_inf over the unit ball of the infinity norm, by visiting the vertices: no formula is used."""
    return max(abs(entry) for x in vertices(len(weight[0])) for entry in apply(weight, x))
