"""Section 3, after Theorem 2: what singular values of 1 mean.

Plain reading: for W in R^{m x k}, all min(m, k) singular values are 1 if and only if the columns are orthonormal
(m > k), the rows are (m < k), or W is orthogonal (m = k). The squares of the singular values are the eigenvalues of the
Gram matrix G of the smaller side, and sum (lambda_i - 1)^2 = ||G - I||_F^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML
from lipcheck.exact import Matrix, dot, matrix
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "anil2019.orthonormal_meaning"
SIDE = "the larger side"


def gram(rows: Sequence[Sequence[Fraction]]) -> Matrix:
    """The inner products of the rows."""
    return tuple(tuple(dot(a, b) for b in rows) for a in rows)


def is_identity(square: Matrix) -> bool:
    """Whether the matrix is the identity."""
    return all(entry == int(i == j) for i, row in enumerate(square) for j, entry in enumerate(row))


def characteristic(square: Matrix) -> list[Fraction]:
    """The coefficients of det(t I - G) from t^k down, by the method of Faddeev and Le Verrier."""
    size = len(square)
    found, power = [Fraction(1)], [[Fraction(0)] * size for _ in range(size)]
    for step in range(1, size + 1):
        shifted = [[entry + found[-1] * (i == j) for j, entry in enumerate(row)] for i, row in enumerate(power)]
        columns = list(zip(*shifted, strict=True))
        power = [[dot(row, column) for column in columns] for row in square]
        found.append(-sum((power[i][i] for i in range(size)), Fraction(0)) / step)
    return found


def all_eigenvalues_are(square: Matrix, value: Fraction) -> bool:
    """Whether det(t I - G) = (t - value)^k."""
    wanted = [Fraction(1)]
    for _ in square:
        wanted = [a - value * b for a, b in zip([*wanted, Fraction(0)], [Fraction(0), *wanted], strict=True)]
    return characteristic(square) == wanted


def examine(data: Data, value: Fraction, larger: bool) -> Examination:
    """Whether "all singular values are 1" and "orthonormal" come to the same for one matrix."""
    weight = matrix(data, "weight")
    columns = tuple(zip(*weight, strict=True))
    m, k = len(weight), len(columns)
    smaller, other = (columns, weight) if m >= k else (weight, columns)
    orthonormal = is_identity(gram(other if larger else smaller))
    if m == k:
        orthonormal = is_identity(gram(weight)) and is_identity(gram(columns))
    return Examination({}, all_eigenvalues_are(gram(smaller), value**2) == orthonormal)


MATRICES: list[Data] = [
    [["1"]],
    [["1"], ["0"]],
    [["3/5", "4/5"]],
    [["3/5", "-4/5"], ["4/5", "3/5"]],
    [["1", "1"], ["0", "1"]],
    [["0", "0"]],
    [["2/3", "-1/3"], ["2/3", "2/3"], ["1/3", "-2/3"]],
]


def matrices(variant: Variant) -> Universal:
    """The equivalence for single matrices, by their characteristic polynomials."""
    value, larger = variant.value("singular value", 1), SIDE in variant.dropped
    return Universal("matrices", "all singular values are 1 exactly if the smaller side is orthonormal",
                     lambda data: examine(data, value, larger), lambda: MATRICES,
                     parameters=[str(value), larger])  # fmt: skip


def one_more_entry() -> Forall:
    """||G - I||^2 = ||G||^2 - 2 tr G + k, when a diagonal entry g is added."""
    D, S, T, k, g = (var(name) for name in ("D", "S", "T", "k", "g"))
    diagonal = equals(D + (g - 1) ** 2, (S + g * g) - 2 * (T + g) + (k + 1))
    given: dict[str, Formula] = {"others": equals(D, S - 2 * T + k)}
    return Forall("one more diagonal entry", given, diagonal)


def one_more_pair() -> Forall:
    """The same for an entry e off the diagonal."""
    D, S, T, k, e = (var(name) for name in ("D", "S", "T", "k", "e"))
    return Forall("one more entry off the diagonal", {"others": equals(D, S - 2 * T + k)},
                  equals(D + e * e, (S + e * e) - 2 * T + k))  # fmt: skip


def forced(variant: Variant) -> Forall:
    """k eigenvalues s^2 with s = 1: tr G = k s^2 and ||G||^2 = k s^4, so that each entry e of G - I is 0."""
    k, e, rest = var("k"), var("e"), var("rest")
    s = variant.value("singular value", 1)
    total = k * s**4 - 2 * k * s**2 + k
    given: dict[str, Formula] = {"size": k >= 1, "rest": rest >= 0, "squares": equals(e * e + rest, total)}
    witness = {"k": Fraction(1), "e": Fraction(0), "rest": (1 - s**2) ** 2}
    return Forall("the Gram matrix is the identity", given, equals(e, 0), witness=witness)


def conversely(variant: Variant) -> Forall:
    """G = I: G x = lambda x with an entry x != 0 gives lambda = s^2, s = 1; w is 1 / x."""
    x, w, eigenvalue = var("x"), var("w"), var("eigenvalue")
    given: dict[str, Formula] = {"entry": equals(w * x, 1), "eigenvector": equals(x, eigenvalue * x)}
    square = variant.value("singular value", 1) ** 2
    return Forall("the identity has eigenvalues one", given, equals(eigenvalue, square),
                  witness=dict.fromkeys(("x", "w", "eigenvalue"), Fraction(1)))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both directions for every size, and single matrices."""
    return [matrices(variant), one_more_entry(), one_more_pair(), forced(variant), conversely(variant)]


CLAIM = Claim(
    id=ROW,
    source=f"{ICLR}, section 3; {ICML}, section 3",
    printed=(
        "Note that the condition of singular values equaling 1 is equivalent to the following: when m > k, the columns "
        "of W̃ are orthonormal; when m < k, the rows of W̃ are orthonormal; and when m = k, W̃ is orthogonal."
    ),
    statement=(
        "For W in R^{m x k}, all min(m, k) singular values are 1 if and only if W'W = I (m > k), W W' = I (m < k), or "
        "both (m = k)."
    ),
    reading="a matrix in R^{m x k} has min(m, k) singular values",
    expected=Verdict.PROVED,
    obligations=obligations,
    scope="all real matrices of every shape",
    covers_all=True,
    constants={"singular value": Constant(Fraction(1), Fraction(101, 100), words="the common singular value")},
    mutants={"the rows of tall matrices, the columns of wide ones": Variant(dropped=frozenset({SIDE}))},
    textbook=(
        Textbook("singular values are the roots of the smaller Gram matrix' eigenvalues", "Horn and Johnson, 7.3"),
        Textbook("tr G and ||G||_F^2 are the sums of the eigenvalues and of their squares, G symmetric", "Horn and "
                 "Johnson, 2.5"),
        Textbook("a square matrix with W'W = I has W W' = I", "Horn and Johnson, 0.5"),
        Textbook("induction over the entries", "Peano's axioms"),
    ),
    argument="proof.md#meaning",
    notes="With the shapes of section 2, W_l in R^{n_{l-1} x n_l}, m and k change places, and nothing else changes.",
)  # fmt: skip
