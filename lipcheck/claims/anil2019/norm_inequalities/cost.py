"""ICLR appendix B.3: the right-hand sides are computed by "at most summing over the rows or columns of the weight
matrix".

True of absolute values: ||W||_1 and ||W||_inf are the largest sums of |w_ij| over a column and over a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.norm_inequalities import _bounds as bounds
from lipcheck.claims.anil2019.norm_inequalities._bounds import ROW, SOURCE
from lipcheck.exact import Matrix, dot
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

MOST = 12


def by_vertices(weight: Matrix) -> tuple[Fraction, Fraction]:
    """(||W||_1, ||W||_inf) as maxima over the vertices of the unit balls of l_1 and l_inf."""
    columns, n = tuple(zip(*weight, strict=True)), len(weight[0])
    if n > MOST:
        raise bounds.BoundError(f"the cube has 2^{n} vertices: give a matrix of at most {MOST} columns")
    signs = [tuple(map(Fraction, s)) for s in product((1, -1), repeat=n)]
    return (
        max(sum(map(abs, column), Fraction(0)) for column in columns),
        max(abs(dot(row, s)) for row in weight for s in signs),
    )


def norms(variant: Variant) -> Universal:
    """The norms are the largest sums of sizes."""
    sizes = variant.keeps("sizes")

    def total(row: Sequence[Fraction]) -> Fraction:
        return sum(map(abs, row), Fraction(0)) if sizes else sum(row, Fraction(0))

    def examine(data: Any) -> Examination:
        weight = bounds.read(data)
        sums = (max(map(total, zip(*weight, strict=True))), max(map(total, weight)))
        return Examination({}, sums == by_vertices(weight))

    candidates = [bounds.given(rows) for rows in ([[1, -1]], [[1, 2], [-3, "1/2"]], [[0]], [[-2], [1], [1]])]
    text = f"||W||_1 and ||W||_inf are the largest sums of {'sizes' if sizes else 'entries'} over a column and a row"
    return Universal("matrices", text, examine, lambda: candidates, parameters=[sizes])


def attained() -> Forall:
    """|w| = w s for a sign s: one more entry of a row, against the vertex of its signs."""
    w, s, T, y = map(var, ("w", "s", "T", "y"))
    sign = disj(conj(equals(s, 1), w >= 0), conj(equals(s, -1), w <= 0))
    change = disj(conj(equals(s, 1), equals(y, w)), conj(equals(s, -1), equals(y, -w)))
    return Forall("the vertex of the signs", {"sign": sign, "product": change}, equals(T + absolute(w), T + y))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No larger than the sums (one more column), and attained."""
    return [norms(variant), bounds.triangle(), bounds.column_sum(), attained()]


CLAIMS = (
    Claim(
        id=f"{ROW}.cost",
        source=SOURCE,
        printed=(
            "Note that computing the quantities on the right hand side of the inequalities involves at most summing "
            "over the rows or columns of the weight matrix, which is a cheap operation."
        ),
        statement=(
            "||W||_max, ||W||_1 and ||W||_inf are the largest size of an entry, the largest sum of sizes in a column, "
            "and the largest sum of sizes in a row."
        ),
        reading="sums of absolute values",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all real matrices of all shapes",
        covers_all=True,
        hypotheses={"sizes": "sums of absolute values, not of the entries"},
        textbook=(Textbook("operator norms of l_1 and l_inf", "Horn, Johnson, Matrix Analysis, 5.6.4 and 5.6.5"),),
        argument="proof.md#cost",
    ),
)
