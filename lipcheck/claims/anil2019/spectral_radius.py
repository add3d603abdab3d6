"""Anil et al. 2019 (ICML), section 7.1.2: "the distribution of the spectral radius (largest singular value) of the
network Jacobian over the training data".

Plain reading: the spectral radius of the Jacobian is its largest singular value. The spectral radius is the largest
modulus of an eigenvalue: it is smaller in general, and a Jacobian of 10 rows and 784 columns has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, dot, matrix, vector
from lipcheck.network import Affine, Network, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

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


def jacobians(variant: Variant) -> Universal:
    """Networks from R^2 to R^2 that satisfy the 2-norm constraint, at a point where they are smooth."""

    def examine(data: Any) -> Examination:
        network, x = from_json(data["network"]), vector(data["x"], "x")
        found = jacobian(network, x)
        affine = [a for a in network.layers if isinstance(a, Affine)]
        hypotheses = {
            "norm": all(spectral_norm_at_most(a.weight, Fraction(1)) is True for a in affine),
            "smooth": is_smooth_at(network, x),
        }
        if variant.repaired:
            hypotheses["normal"] = normal(found)
        return Examination(hypotheses, radius_is_norm(found))

    text = "the spectral radius of the Jacobian of a network from R^2 to R^2 is its largest singular value"
    text += " if the Jacobian is normal" if variant.repaired else ""
    return Universal("Jacobian", text, examine, lambda: [NILPOTENT, SHEAR], parameters=variant.repaired)


def layer(weight: Any) -> dict[str, Any]:
    """One linear layer at the origin, as data."""
    return {"network": to_json(Network(2, (Affine.linear(weight),))), "x": ["0", "0"]}


NILPOTENT = layer([[0, 1], [0, 0]])
SHEAR = layer([["1/2", "1/2"], [0, "1/2"]])


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Square Jacobians; one number is its own eigenvalue, up to the sign its singular value."""
    w, size = var("w"), var("size")
    single = Forall(
        "minimal: one row and one column",
        {"singular value": conj(equals(size * size, w * w), size >= 0)},
        conj(size >= w, size >= -w, (size - w) * (size + w) <= 0),
    )
    return [jacobians(variant), single]


def shapes(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Whether W x = l x can be asked for at all: x and W x must have one length."""

    def examine(data: Any) -> Examination:
        weight = matrix(data["W"], "W")
        square = len(weight) == len(weight[0])
        return Examination({"square": square} if variant.repaired else {}, square)

    text = "W x and x lie in one space, so that W x = l x can hold" + (" if W is square" if variant.repaired else "")
    candidates = [{"W": [["1", "0"]]}, {"W": [["0"] * 784] * 10}]
    return [
        Universal("eigenvalues", text, examine, lambda: candidates, parameters=variant.repaired),
        Exhaustive("minimal: one entry is square", "a 1 x 1 matrix is square", lambda: [[["0"]]],
                   lambda w: examine({"W": w}).conclusion),
    ]  # fmt: skip


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


SNIPPET = """\
W = [[0, 1], [0, 0]]  # f(x1, x2) = (x2, 0), one layer of 2-norm 1; this is its Jacobian everywhere
trace, det = W[0][0] + W[1][1], W[0][0] * W[1][1] - W[0][1] * W[1][0]
print("characteristic polynomial: t^2 -", trace, "t +", det)  # so both eigenvalues are 0
image = [W[0][0] * 0 + W[0][1] * 1, W[1][0] * 0 + W[1][1] * 1]
print("the unit vector (0, 1) goes to", image)
assert trace == det == 0 and image == [1, 0]
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="At every point where a norm-constrained network from R^n to R^n is smooth, the spectral radius of "
        "its Jacobian, the largest modulus of an eigenvalue, is the largest singular value.",
        reading="for square Jacobians, which have a spectral radius",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=as_printed,
        scope="networks from R^2 to R^2; right where the Jacobian is normal",
        covers_all=True,
        argument="proof.md#as-printed",
        counterexamples={"Jacobian": NILPOTENT},
        minimality="two rows and columns with one entry that is not zero: for one row and column the two agree up to "
        "sign",
        near_misses=(
            NearMiss("Jacobian", layer([["0", "1"], ["-1", "0"]]), "a rotation is normal"),
            NearMiss("Jacobian", layer([["0", "2"], ["0", "0"]]), "the norm constraint is violated"),
        ),
        repairs={"a normal Jacobian": Variant(repaired=True)},
        repaired_by=f"{ROW}.normal",
        snippet=SNIPPET,
        notes="The quantity in Figure 6 is the largest singular value, as its caption (Jacobian spectral norm) and the "
        "ICLR submission (largest Jacobian singular value) say.",
    ),
    Claim(
        id=f"{ROW}.defined",
        source=SOURCE,
        printed=PRINTED,
        statement="The Jacobian of a network has a spectral radius.",
        reading="for the networks of the section: ten outputs, 784 inputs",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=shapes,
        scope="all shapes",
        covers_all=True,
        argument="proof.md#rectangular-jacobians",
        counterexamples={"eigenvalues": {"W": [["1", "0"]]}},
        minimality="two entries: a matrix with one is square",
        near_misses=(NearMiss("eigenvalues", {"W": [["1", "0"], ["0", "1"]]}, "the matrix is square"),),
        repairs={"as many outputs as inputs": Variant(repaired=True)},
        repaired_by=f"{ROW}.normal",
        snippet="J = [[1, 0]]  # f(x1, x2) = x1\nx = [1, 0]\nimage = [sum(a * b for a, b in zip(r, x)) for r in J]\n"
        'print("J x has", len(image), "entry, x has", len(x))\nassert len(image) != len(x)',
    ),
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
