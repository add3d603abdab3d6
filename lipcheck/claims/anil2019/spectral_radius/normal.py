"""What holds: the spectral radius is at most the largest singular value, and equals it for normal matrices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, dot, matrix
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "anil2019.spectral_radius"
SOURCE = "Anil et al. 2019 (ICML), section 7.1.2"


PRINTED = (
    "We looked at the distribution of the spectral radius (largest singular value) of the network Jacobian over the "
    "training data."
)


class SizeError(LipcheckError, ValueError):
    """A matrix whose eigenvalues are not computed here: only squares of two rows are."""


def radius_is_norm(weight: Matrix) -> bool:
    """Whether the spectral radius of a 2 x 2 matrix is its largest singular value, decided exactly.

    With eigenvalues l1, l2 and singular values s1 >= s2: |l1 l2| = s1 s2, and the sums of squares satisfy |l1|^2 +
    |l2|^2 <= s1^2 + s2^2. So the larger ones agree exactly if the sums do.
    """
    if [len(row) for row in weight] != [2, 2]:
        raise SizeError(f"the matrix has {len(weight)} rows and {len(weight[0])} columns: give 2 and 2")
    (a, b), (c, d) = weight
    trace, determinant = a + d, a * d - b * c
    real = trace * trace >= 4 * determinant
    moduli = trace * trace - 2 * determinant if real else 2 * determinant
    return moduli == a * a + b * b + c * c + d * d


def normal(weight: Matrix) -> bool:
    """Whether W W' = W' W."""
    columns = tuple(zip(*weight, strict=True))
    return [[dot(r, s) for s in weight] for r in weight] == [[dot(r, s) for s in columns] for r in columns]


def eigenvector(variant: Variant) -> Forall:
    """|l| ||v|| = ||A v|| <= s ||v|| with v not zero."""
    modulus, norm, length, image = map(var, ("modulus", "norm", "length", "image"))
    hypotheses: dict[str, Formula] = {"length": length > 0, "eigenvector": equals(image, modulus * length)}
    if variant.keeps("largest singular value"):
        hypotheses["largest singular value"] = image <= norm * length
    return Forall("the radius is at most the norm", hypotheses, modulus <= norm)


def one_more(variant: Variant) -> Forall:
    """In an orthonormal basis of eigenvectors: ||A x||^2 <= r^2 ||x||^2 passes to one more of them."""
    image, length, top, square, part = map(var, ("image", "length", "top", "square", "part"))
    factor = variant.value("factor", 1)
    hypotheses: dict[str, Formula] = {
        "others": image <= factor * top * length,
        "signs": conj(length >= 0, part >= 0, square >= 0),
        "radius": square <= top,
    }
    return Forall("normal: one more eigenvector", hypotheses, image + square * part <= factor * top * (length + part))


def relation(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The inequality for all matrices, the equality for normal ones, and 2 x 2 matrices decided exactly."""

    def examine(data: Any) -> Examination:
        weight = matrix(data["W"], "W")
        return Examination({"normal": normal(weight)}, radius_is_norm(weight))

    text = "the spectral radius of a normal 2 x 2 matrix is its largest singular value"
    candidates = [{"W": w} for w in ([["0", "1"], ["-1", "0"]], [["2", "1"], ["1", "0"]], [["0", "1"], ["0", "0"]])]
    small = Universal("2 x 2 matrices", text, examine, lambda: candidates, variant.dropped - {"largest singular value"})
    return [eigenvector(variant), one_more(variant), small]


CLAIMS = (
    Claim(
        id=f"{ROW}.normal",
        source=SOURCE,
        printed=PRINTED,
        statement="For every real square matrix the spectral radius is at most the largest singular value, and for "
        "every normal one (W W' = W' W), in particular every symmetric or orthogonal one, they are equal.",
        reading="repaired: at most; equal for normal matrices",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=relation,
        scope="all square real matrices",
        covers_all=True,
        hypotheses={
            "largest singular value": "||A v|| is at most the largest singular value times ||v||",
            "normal": "the matrix commutes with its transpose",
        },
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of the square of the spectral radius")},
        textbook=(
            Textbook(
                "a normal matrix has an orthonormal basis of complex eigenvectors",
                "Horn, Johnson, Matrix Analysis, theorem 2.5.3",
            ),
            Textbook(
                "the largest singular value bounds ||A v|| / ||v|| for complex v as well",
                "Horn, Johnson, Matrix Analysis, section 5.6.6",
            ),
        ),
        depends_on=("anil2019.operator_norms.two_norm",),
        argument="proof.md#repaired",
    ),
)
