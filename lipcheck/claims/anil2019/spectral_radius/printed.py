"""The printed identification, for square Jacobians, where it fails, and for others, which have no spectral radius."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.spectral_radius.normal import PRINTED, ROW, SOURCE, normal, radius_is_norm
from lipcheck.exact import matrix, vector
from lipcheck.network import Affine, Network, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


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
        short="the spectral radius is not the largest singular value; they agree for normal matrices",
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
        short="a Jacobian of 10 rows and 784 columns has no eigenvalues and no spectral radius; square ones have",
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
)
