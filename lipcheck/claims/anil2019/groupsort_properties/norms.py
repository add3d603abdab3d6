"""Anil et al. 2019, section 4.1: "It is also norm preserving: [...] permutation matrices preserve every vector p-norm."

Plain reading: ||P x||_p = ||x||_p for every permutation matrix P, every x and every p from 1 to infinity; the same
holds for GroupSort itself and for gradients that pass back through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

from lipcheck.claims.anil2019.groupsort_properties.common import ICML, ROW, TRANSPOSITIONS, sort
from lipcheck.words.claim import Claim, Constant, Formal, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals, same
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import variables
from lipcheck.words.verdict import Budget, Verdict


def two_by_two(variant: Variant) -> Forall:
    """A 2 x 2 matrix of zeros and ones with one 1 in each row and column rearranges every vector."""
    one = variant.value("entry", 1)
    m11, m12, m21, m22 = entries = variables("m", 4)
    a, b = variables("x", 2)
    hypotheses: dict[str, Formula] = {
        "entries": conj(*(disj(equals(m, 0), equals(m, one)) for m in entries)),
        "rows": conj(equals(m11 + m12, one), equals(m21 + m22, one)),
        "columns": conj(equals(m11 + m21, one), equals(m12 + m22, one)),
    }
    image = [m11 * a + m12 * b, m21 * a + m22 * b]
    conclusion = disj(same(image, [a, b]), same(image, [b, a]))
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("2 x 2 permutation matrices rearrange", kept, conclusion, size=2)


def gate() -> Forall:
    """Sorting a pair rearranges it."""
    x = variables("x", 2)
    return Forall("sorting a pair rearranges it", {}, disj(same(sort(x), x), same(sort(x), [x[1], x[0]])), size=2)


def rearranges(rows: Sequence[int]) -> bool:
    """Whether the permutation matrix with its ones in these columns sends (1, ..., n) to a rearrangement."""
    n = len(rows)
    matrix = [[int(j == column) for j in range(n)] for column in rows]
    image = [sum(m * x for m, x in zip(row, range(1, n + 1), strict=True)) for row in matrix]
    return sorted(image) == list(range(1, n + 1))


def every_matrix(n: int) -> Exhaustive:
    """All n! permutation matrices."""
    text = f"every {n} x {n} permutation matrix sends n distinct numbers to a rearrangement of them"
    return Exhaustive(f"permutation matrices of size {n}", text, lambda: map(list, permutations(range(n))), rearranges,
                      size=n)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Pairs in full generality, then all matrices of some sizes on distinct entries."""
    sizes = (3,) if budget is Budget.SMOKE else (3, 4, 5)
    return [gate(), two_by_two(variant), *map(every_matrix, sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.norms",
        source=ICML,
        printed="It is also norm preserving: its Jacobian is a permutation matrix, and permutation matrices preserve "
        "every vector p-norm.",
        statement=(
            "||P x||_p = ||x||_p and ||P'x||_p = ||x||_p for every permutation matrix P, every x and every p from 1 "
            "to infinity; and ||GroupSort(x)||_p = ||x||_p for every x."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width, every group size, every p",
        covers_all=True,
        hypotheses={
            "entries": "the matrix has entries 0 and 1 only",
            "rows": "every row adds up to 1",
            "columns": "every column adds up to 1",
        },
        constants={"entry": Constant(Fraction(1), Fraction(99, 100), words="the nonzero entries")},
        textbook=(
            TRANSPOSITIONS,
            Textbook("every permutation is a product of transpositions", "Artin, Algebra, section 1.5"),
            Textbook("a p-norm depends on the multiset of the absolute values only", "definition of the p-norm"),
        ),
        formal=(
            Formal(
                "sorting.groupsort_keeps_totals",
                says="||GroupSort(x)||_p = ||x||_p for p < infinity, any length and group size: every sum of f(x_i) "
                "is kept, of |x_i|^p too.",
                leaves_out="p = infinity, permutation matrices other than those that GroupSort picks, and the Python "
                "code.",
            ),
            Formal(
                "sorting.groupsort_permutes",
                says="GroupSort rearranges: so it keeps the largest |x_i| as well, p = infinity.",
                leaves_out="Permutation matrices other than those that GroupSort picks, and the Python code.",
            ),
        ),
        argument="proof.md#norms",
    ),
)
