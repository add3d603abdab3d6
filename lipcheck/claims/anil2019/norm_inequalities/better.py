"""What the bounds of eq. 10 to 12 lose, and a bound that is never worse than any of them at the same cost.

sigma_max^2 <= ||W||_1 ||W||_inf (Schur's test), which is at most m n ||W||_max^2, n ||W||_1^2 and m ||W||_inf^2. Eq. 11
and 12 overestimate the orthogonal matrix H/sqrt(n), H Hadamard, by the factor n: scaled so, at n = 1024, it has not
recovered half of its norm after 15 first-order iterations, although it was orthonormal to begin with.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck.iterations import most_after
from lipcheck.claims.anil2019.norm_inequalities import _bounds as bounds
from lipcheck.claims.anil2019.norm_inequalities._bounds import ROW, SOURCE, B, M, S, k, u, x
from lipcheck.exact import Matrix, matrix
from lipcheck.norms import is_orthonormal
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Exhaustive, Forall, Hint, Obligation
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = "A scaling factor can be computed efficiently by considering the following matrix norm inequalities"
SCHUR = Textbook("sigma_max = max |Wx|_2 / |x|_2", "Horn, Johnson, Matrix Analysis, 2nd edition, example 5.6.6")


def weighted() -> Forall:
    """(sum w x)^2 <= (sum u)(sum u x^2) with one more entry: U = sum u, t the weighted mean, E >= U t^2 the other
    sum.
    """
    U, t, E = var("U"), var("t"), var("E")
    given: dict[str, Formula] = {"others": U * t * t <= E, "weights": conj(U >= 0, u >= 0), "square": (t - x) ** 2 >= 0}
    return Forall("one more entry of a row", given, (U + u) * (E + u * x * x) >= (U * t + u * x) ** 2, hint=Hint(3))


def row_bound() -> Forall:
    """y^2 <= R_i E_i and R_i <= R give y^2 <= R E_i; summed with the others."""
    R, r, E, F, y, Y = map(var, ("R", "r", "E", "F", "y", "Y"))
    given: dict[str, Formula] = {"others": R * F >= Y, "row": conj(r * E >= y * y, r <= R), "E": E >= 0}
    return Forall("one more row, weighted", given, Y + y * y <= R * (F + E))


def columns() -> Forall:
    """The sum over i of E_i is the sum over j of x_j^2 times the sum of column j, at most C |x|^2: one more column."""
    C, F, N = var("C"), var("F"), var("N")
    given: dict[str, Formula] = {"others": C * N >= F, "column": C >= S, "square": x * x >= 0}
    return Forall("one more column, weighted", given, C * (N + x * x) >= F + S * x * x)


def dominates() -> list[Forall]:
    """R <= n M, C <= m M, M <= R, M <= C: then C R <= n C^2, m R^2 and m n M^2."""
    C, R, m, n = map(var, ("C", "R", "m", "n"))
    given: dict[str, Formula] = {
        "entries": conj(M >= 0, R >= M, C >= M),
        "sums": conj(n * M >= R, m * M >= C),
        "sizes": conj(m >= 1, n >= 1),
    }
    row_sum: dict[str, Formula] = {"others": k * M >= B, "entry": u <= M}
    return [
        Forall("a row sum, one more entry", row_sum, (k + 1) * M >= B + u),
        Forall("below eq. 11", given, n * C * C >= C * R, hint=Hint(3)),
        Forall("below eq. 12", given, m * R * R >= C * R, hint=Hint(3)),
        Forall("below eq. 10", given, m * n * M * M >= C * R, hint=Hint(3)),
    ]


def geometric(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Schur's test and the comparison."""
    factor = variant.value("square", 1)

    def bound(weight: Matrix) -> Fraction:
        return factor * bounds.one_norm(weight) * bounds.infinity_norm(weight)

    candidates = [bounds.ones(3, 2), bounds.given([[1, -1], [1, 1]])]
    law = bounds.law(f"sigma_max^2 <= {factor} ||W||_1 ||W||_inf", bound, candidates, [str(factor)])
    steps = [weighted(), row_bound(), columns()]
    return [law, *steps] if budget is Budget.SMOKE else [law, *steps, *dominates()]


def hadamard(order: int) -> Matrix:
    """The Hadamard matrix of Sylvester, of order 2^order."""
    rows = [[1]]
    for _ in range(order):
        rows = [[*row, *row] for row in rows] + [[*row, *(-e for e in row)] for row in rows]
    return matrix(rows)


def attained(index: Any) -> bool:
    """H'H = n I and ||H||_1 = ||H||_inf = n: so sqrt(n) ||H/sqrt(n)||_1 = n, while sigma_max = 1."""
    h = hadamard(index)
    n = len(h)
    even = index % 2 == 0
    scaled = tuple(tuple(entry / 2 ** (index // 2) for entry in row) for row in h)
    return bounds.one_norm(h) == bounds.infinity_norm(h) == n and (not even or is_orthonormal(scaled))


def loss(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Hadamard matrices of the orders 1 to 32, and the singular value 1/1024 under 15 iterations."""
    size, count = int(variant.value("size", 1024)), int(variant.value("iterations", 15))
    text = "the orthogonal matrix H/sqrt(n) has sqrt(n) ||W||_1 = sqrt(n) ||W||_inf = n"
    short = f"{count} first-order iterations lead from 1/{size} to at most 1/2"
    return [
        Exhaustive("samples: Hadamard matrices", text, lambda: list(range(6)), attained),
        Exhaustive("after scaling", short, lambda: [f"1/{size}"],
                   lambda data: 2 * most_after(parse(data), count) <= 1, [size, count]),
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.geometric",
        source=SOURCE,
        printed=PRINTED,
        reading="sharpened: one bound that is at most each of eq. 10, 11 and 12",
        statement=(
            "For every real m x n matrix, sigma_max^2 <= ||W||_1 ||W||_inf <= min(m n ||W||_max^2, n ||W||_1^2, "
            "m ||W||_inf^2)."
        ),
        expected=Verdict.PROVED,
        obligations=geometric,
        scope="all real matrices of all shapes",
        covers_all=True,
        constants={"square": Constant(Fraction(1), Fraction(99, 100), words="the factor of the product")},
        textbook=(SCHUR,),
        argument="proof.md#the-geometric-mean",
        notes=(
            "The Frobenius norm is at most each of eq. 10 to 12 as well; neither it nor the geometric mean is always "
            "the smaller one: the identity and a cross of ones decide differently."
        ),
    ),
    Claim(
        id=f"{ROW}.loss",
        source=SOURCE,
        printed=PRINTED,
        reading="how much a factor of eq. 11 or 12 can cost",
        statement=(
            "For n = 2^(2a) there is an orthogonal n x n matrix for which eq. 11 and 12 give n instead of 1; for n = "
            "1024, scaled by it, all singular values are at most 1/2 after 15 first-order iterations."
        ),
        expected=Verdict.PROVED,
        obligations=loss,
        scope="Sylvester's Hadamard matrices, divided by sqrt(n)",
        covers_all=True,
        mutants={
            "16 x 16": Variant(constants={"size": Fraction(16)}),
            "17 iterations": Variant(constants={"iterations": Fraction(17)}),
        },
        textbook=(Textbook("Sylvester's construction", "Horn, Johnson, Topics in Matrix Analysis, section 4.2"),),
        depends_on=("anil2019.bjorck.guarantee",),
        argument="proof.md#loss",
        notes="Eq. 10 gives 32 for this matrix, and the geometric mean and the Frobenius norm do too.",
    ),
)
