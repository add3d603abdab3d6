"""Anil et al. 2019, section 2.2: "the matrix 2-norm, which is the largest singular value".

Plain reading: sup{||Wx||_2 : ||x||_2 = 1} is the largest of the singular values of W, the roots of the eigenvalues of
W'W, for every real m x n matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.operator_norms.common import ICML, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def expansion() -> Forall:
    """For orthogonal images a and u, ||a + c u||^2 = ||a||^2 + c^2 ||u||^2, one coordinate more at a time.

    P, Q, R are ||a||^2, <a, u>, ||u||^2 over the coordinates so far, a and u the next coordinates.
    """
    P, Q, R, c, a, u, before = map(var, ("P", "Q", "R", "c", "a", "u", "before"))
    hypotheses: dict[str, Formula] = {"others": equals(before, P + 2 * c * Q + c * c * R)}
    after = (P + a * a) + 2 * c * (Q + a * u) + c * c * (R + u * u)
    return Forall("one more coordinate of a + c u", hypotheses, equals(before + (a + c * u) ** 2, after))


def one_more(variant: Variant) -> Forall:
    """||Wx||^2 <= top ||x||^2 passes to x + c v for one more singular vector v.

    `top` is the square of the largest singular value, `square` that of the added one, `part` is c^2.
    """
    image, length, top, square, part = map(var, ("image", "length", "top", "square", "part"))
    factor = variant.value("factor", 1)
    hypotheses: dict[str, Formula] = {
        "others": image <= factor * top * length,
        "signs": conj(length >= 0, square >= 0, part >= 0),
    }
    if variant.keeps("largest"):
        hypotheses["largest"] = square <= top
    return Forall("one more singular vector", hypotheses, image + square * part <= factor * top * (length + part))


def attained() -> Forall:
    """At the singular vector of the largest singular value, c = 1 and nothing else, the two sides are equal."""
    image, top, part = map(var, ("image", "top", "part"))
    return Forall("attained", {"vector": equals(part, 1), "image": equals(image, top * part)}, equals(image, top))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """||Wx||^2 in the basis of singular vectors, and the bound by the largest."""
    return [expansion(), one_more(variant), attained()]


CLAIMS = (
    Claim(
        id=f"{ROW}.two_norm",
        source=ICML,
        printed="Important examples of matrix p-norms include the matrix 2-norm, which is the largest singular value",
        statement="For every real m x n matrix W with m, n >= 1, sup{||Wx||_2 : ||x||_2 = 1} is the square root of the "
        "largest eigenvalue of W'W.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all shapes, all reals, the zero matrix and matrices without full rank included",
        covers_all=True,
        hypotheses={"largest": "it is the largest singular value"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of the square of the singular value")},
        textbook=(
            Textbook(
                "W'W has an orthonormal basis of eigenvectors, with eigenvalues >= 0",
                "Horn, Johnson, Matrix Analysis, theorems 2.5.6 and 7.2.7",
            ),
        ),
        argument="proof.md#the-2-norm",
    ),
)
