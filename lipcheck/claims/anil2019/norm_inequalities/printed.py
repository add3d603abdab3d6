"""ICLR eq. 10 to 12, with m rows and n columns:

sigma_max <= sqrt(m n) ||W||_max,   sigma_max <= sqrt(n) ||W||_1,   sigma_max <= sqrt(m) ||W||_inf.

All three hold, and each factor is attained: by the matrix of ones, by a row of ones, by a column of ones (other entries
zero). Exchanging m and n in eq. 11 or 12 makes it false.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.norm_inequalities import _bounds as bounds
from lipcheck.claims.anil2019.norm_inequalities._bounds import ROW, SOURCE
from lipcheck.exact import Matrix
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.verdict import Budget, Verdict

WHERE = (
    "Above, σ_max corresponds to the largest singular value of the matrix and m and n stand for the number of rows and "
    "columns respectively."
)
PRINTED = {
    "entries": f"σ_max ≤ √(m ∗ n) ||W||_max (10) [...] {WHERE}",
    "columns": f"σ_max ≤ √n ||W||_1 (11) [...] {WHERE}",
    "rows": f"σ_max ≤ √m ||W||_∞ (12) [...] {WHERE}",
}
FACTOR = {"square": Constant(Fraction(1), Fraction(99, 100), words="the square of the factor in front of the root")}
EXCHANGED = {"m and n exchanged": Variant(constants={"exchanged": Fraction(1)})}
CAUCHY = Textbook("Cauchy-Schwarz inequality", "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 5.1.4")
SINGULAR = Textbook("sigma_max = max |Wx|_2 / |x|_2", "Horn, Johnson, Matrix Analysis, 2nd edition, example 5.6.6")


def sides(weight: Matrix, variant: Variant) -> tuple[int, int]:
    """(m, n), or (n, m) for the mutant that exchanges them."""
    shape = (len(weight), len(weight[0]))
    return shape[::-1] if variant.value("exchanged", 0) else shape


def judged(
    text: str, square: Callable[[Matrix, int, int], Fraction], steps: Sequence[Forall], rows: int, columns: int
) -> Callable[[Variant, Budget], Sequence[Obligation]]:
    """The obligations of one inequality; a matrix of ones of this shape attains it."""

    def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
        factor, exchanged = variant.value("square", 1), variant.value("exchanged", 0)

        def bound(weight: Matrix) -> Fraction:
            return factor * square(weight, *sides(weight, variant))

        candidates = [bounds.ones(rows, columns), bounds.ones(columns, rows)]
        return [bounds.law(text, bound, candidates, [str(factor), str(exchanged)]), *steps]

    return obligations


entries = judged(
    "sigma_max^2 <= m n ||W||_max^2",
    lambda weight, m, n: m * n * bounds.largest_entry(weight) ** 2,
    [bounds.another_row(), bounds.another_entry()],
    3,
    2,
)
columns = judged(
    "sigma_max^2 <= n ||W||_1^2",
    lambda weight, m, n: n * bounds.one_norm(weight) ** 2,
    [bounds.triangle(), bounds.column_sum(), bounds.two_below_one(), bounds.one_below_two()],
    1,
    3,
)
rows = judged(
    "sigma_max^2 <= m ||W||_inf^2",
    lambda weight, m, n: m * bounds.infinity_norm(weight) ** 2,
    [bounds.triangle(), bounds.entry_below_two(), bounds.another_bounded_row()],
    3,
    1,
)

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{SOURCE}, eq. 10",
        printed=PRINTED["entries"],
        statement="For every real m x n matrix, sigma_max <= sqrt(m n) max |w_ij|.",
        expected=Verdict.PROVED,
        obligations=entries,
        scope="all real matrices of all shapes",
        covers_all=True,
        constants=FACTOR,
        textbook=(CAUCHY, SINGULAR),
        argument="proof.md#the-largest-entry",
        notes=(
            "Attained by the matrix of ones of every shape. Read as (sqrt m) n ||W||_max it is true as well, and not "
            "sharp."
        ),
    ),
    Claim(
        id=f"{ROW}.columns",
        source=f"{SOURCE}, eq. 11",
        printed=PRINTED["columns"],
        statement="For every real m x n matrix, sigma_max <= sqrt(n) max over j of sum over i of |w_ij|.",
        expected=Verdict.PROVED,
        obligations=columns,
        scope="all real matrices of all shapes",
        covers_all=True,
        constants=FACTOR,
        mutants=EXCHANGED,
        textbook=(SINGULAR,),
        argument="proof.md#columns",
        notes="Attained for every m and n by a row of ones above zeros.",
    ),
    Claim(
        id=f"{ROW}.rows",
        source=f"{SOURCE}, eq. 12",
        printed=PRINTED["rows"],
        statement="For every real m x n matrix, sigma_max <= sqrt(m) max over i of sum over j of |w_ij|.",
        expected=Verdict.PROVED,
        obligations=rows,
        scope="all real matrices of all shapes",
        covers_all=True,
        constants=FACTOR,
        mutants=EXCHANGED,
        textbook=(SINGULAR,),
        argument="proof.md#rows",
        notes="Attained for every m and n by a column of ones beside zeros.",
    ),
)
