"""Anil et al. 2019, ICLR appendix A: "all the matrices in these constructions satisfy the matrix 2-norm constraint."

The matrices: M = [[r, r], [r, -r]], the column (r, -r)' and the row (r, -r), with k = r^2 = 1/2. All have 2-norm one
exactly: |M z|^2 = 2 k |z|^2, |(r, -r)' x|^2 = 2 k x^2, and (r x - r y)^2 <= 2 k (x^2 + y^2), with equality at y = -x.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.maxmin_abs.common import APPENDIX, BLOCKS, HALF, ROW
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import variables
from lipcheck.words.verdict import Budget, Verdict

X, Y = variables("x", 2)
BEFORE = X**2 + Y**2


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The three squared norms."""
    k = variant.value("square of the entries", HALF)
    minus = -1 if variant.keeps("one minus sign") else 1
    matrix = k * (X + Y) ** 2 + k * (X + minus * Y) ** 2
    row = k * (X - Y) ** 2
    attained: dict[str, Formula] = {"direction": equals(Y, -X)}
    return [
        Forall("M is orthogonal", {}, equals(matrix, BEFORE), size=2),
        Forall("the column has norm one", {}, equals(k * X**2 + k * X**2, X**2), size=1),
        Forall("the row has norm at most one", {}, conj(row <= BEFORE, row >= 0), size=2),
        Forall("the row's norm is attained", attained, equals(row, BEFORE), size=2),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.norms",
        source=APPENDIX,
        printed="Note that all the matrices in these constructions satisfy the matrix 2-norm constraint.",
        statement=(
            "[[1, 1], [1, -1]] / √2, (1, -1)' / √2 and (1, -1) / √2 have 2-norm 1, at every width as blocks of a "
            "block-diagonal matrix."
        ),
        reading="||W||_2 <= 1, and in fact = 1, as Theorem 2 asks for",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all three matrices, every number of blocks",
        covers_all=True,
        hypotheses={"one minus sign": "M has one entry -1/√2"},
        constants={"square of the entries": Constant(HALF, Fraction(101, 200), words="the square of the entries")},
        textbook=(BLOCKS,),
        argument="proof.md#norms",
        notes="The 2-norm is the only one: in the infinity norm M has norm √2, and so has the row. What is impossible "
        "in other norms stands in lipcheck.build.activations.",
    ),
)
