"""Anil et al. 2019, section 2.2: the matrix infinity norm, "which can be expressed as ||W||_inf = max over 1 <= i <= m
of the sum over j = 1, ..., m of |w_ij|".

Plain reading: for every m x n matrix W. Both versions print m as the end of the sum as well: the number of rows. The
sum runs over the columns, so the formula is right exactly where m = n or the columns beyond the m-th do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.operator_norms.common import ICML, ROW, infinity_norm
from lipcheck.exact import Matrix, matrix
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "the matrix ∞-norm, which can be expressed as: ||W||_∞ = max_{1≤i≤m} Σ_{j=1}^{m} |w_ij|."


def row_sums(weight: Matrix, last: int) -> Fraction | None:
    """The largest sum of |w_ij| over j = 1, ..., last; None where an entry w_ij does not exist."""
    return max(sum(map(abs, row[:last]), Fraction(0)) for row in weight) if last <= len(weight[0]) else None


def matrices(variant: Variant) -> Universal:
    """The formula with the sum to m, or repaired to n."""

    def examine(data: Any) -> Examination:
        weight = matrix(data["W"], "W")
        last = len(weight[0]) if variant.repaired else len(weight)
        return Examination({}, row_sums(weight, last) == infinity_norm(weight))

    end = "n" if variant.repaired else "m"
    text = f"||W||_inf = max over i <= m of the sum of |w_ij| over j <= {end}, for an m x n matrix W"
    return Universal("formula", text, examine, lambda: [{"W": [["0", "1"]]}, {"W": [["1"], ["1"]]}], parameters=end)


def smaller() -> list[Any]:
    """Matrices with one entry, and the zero row with two."""
    return [{"W": [[str(w)]]} for w in range(-3, 4)] + [{"W": [["0", "0"]]}]


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The formula for all shapes; no smaller counterexample in which it is defined."""
    text = "one entry, or a row of two zeros: the sum to m gives the norm"
    return [
        matrices(variant),
        Exhaustive(
            "minimal: one entry or a zero row",
            text,
            smaller,
            lambda d: row_sums(matrix(d["W"]), 1) == infinity_norm(matrix(d["W"])),
            size=1,
        ),
    ]


def upper(variant: Variant) -> Forall:
    """|s| <= S for the entries so far and |x| <= 1 give |s + w x| <= S + |w|; without its last column the sum is S."""
    s, S, w, x = map(var, ("s", "S", "w", "x"))
    bound = variant.value("factor", 1) * (S + absolute(w) if variant.keeps("all columns") else S)
    hypotheses = {"others": conj(s <= S, -s <= S), "ball": conj(x <= 1, -x <= 1)}
    return Forall("one more column: the bound", hypotheses, conj(s + w * x <= bound, -(s + w * x) <= bound))


def attained() -> Forall:
    """With x_j the sign of w_j the bound is the value."""
    s, S, w, x = map(var, ("s", "S", "w", "x"))
    sign = disj(conj(w >= 0, equals(x, 1)), conj(w < 0, equals(x, -1)))
    return Forall(
        "one more column: attained", {"others": equals(s, S), "sign": sign}, equals(s + w * x, S + absolute(w))
    )


def rows() -> Forall:
    """One more row: the maximum of the norms of the two parts bounds both, and is one of them."""
    a, A, b, B = map(var, ("a", "A", "b", "B"))
    both = maximum(A, B)
    conclusion = conj(maximum(a, b) <= both, disj(equals(both, A), equals(both, B)))
    return Forall("one more row", {"other rows": a <= A, "the row": b <= B}, conclusion)


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Induction over the columns of a row, and over the rows."""
    return [upper(variant), attained(), rows()]


SNIPPET = """\
W = [[0, 1]]  # one row, two columns: m = 1
m = len(W)
printed = max(sum(abs(W[i][j]) for j in range(m)) for i in range(m))
true = max(abs(W[0][0] * s + W[0][1] * t) for s in (-1, 1) for t in (-1, 1))
print("printed formula:", printed, " sup of |Wx| over the unit ball:", true)
assert printed != true
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICML}; the ICLR submission prints the same limits",
        printed=PRINTED,
        statement="For every real m x n matrix W, sup{||Wx||_∞ : ||x||_∞ = 1} is the largest of the m sums of |w_ij| "
        "over j = 1, ..., m.",
        short="the printed sum ends at m, the number of rows; the norm is the largest sum over all n columns",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=as_printed,
        scope="all m x n matrices; right for m = n",
        covers_all=True,
        argument="proof.md#the-infinity-norm",
        counterexamples={"formula": {"W": [["0", "1"]]}},
        minimality="a matrix with m < n has at least two entries, and the zero row is none; for m > n the printed sum "
        "asks for entries that do not exist",
        near_misses=(
            NearMiss("formula", {"W": [["1", "0"]]}, "the column beyond the m-th is zero"),
            NearMiss("formula", {"W": [["1", "-2"], ["3", "4"]]}, "the matrix is square"),
        ),
        repairs={"the sum to n": Variant(repaired=True)},
        repaired_by=f"{ROW}.infinity",
        snippet=SNIPPET,
        notes="A misprint: m stands for the number of rows below the maximum and for the number of columns above the "
        "sum; if m is read as the number of columns, the column (0, 1)' has norm 1 and printed value 0. The paper's "
        "networks have layers that are not square, among them the first and the last.",
    ),
    Claim(
        id=f"{ROW}.infinity",
        source=ICML,
        printed=PRINTED,
        statement="For every real m x n matrix W with m, n >= 1, sup{||Wx||_∞ : ||x||_∞ = 1} is the largest of the m "
        "sums of |w_ij| over all n columns.",
        reading="repaired: the sum runs over the n columns",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all shapes, all reals",
        covers_all=True,
        hypotheses={"all columns": "the sum runs over every column"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of the row sums")},
        textbook=(Textbook("a supremum of maxima is the maximum of the suprema", "Rudin, Principles, chapter 1"),),
        argument="proof.md#the-infinity-norm",
    ),
)
