"""Section 2.2: "Björck orthonormalization [16] to ensure that all eigenvalues are close to 1".

Plain reading: the square matrices that the iteration ends in, the orthogonal ones, have all eigenvalues near 1. They
have modulus 1 and may be anywhere on the unit circle: [-1] is orthogonal, and every iteration leaves it as it is. What
is close to 1 are the singular values; a matrix that is not square has no eigenvalues.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import matrix
from lipcheck.norms import is_orthonormal, spectral_norm_at_most
from lipcheck.norms.bjorck import step
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data, Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.bjorck_singular_values"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.2"
PRINTED = (
    "They proposed sorting activation function to circumvent this issue, in combination with Björck orthonormalization "
    "[16] to ensure that all eigenvalues are close to 1."
)
FIXED = "matrices that the iteration keeps"
MINUS: Any = {"matrix": [["-1"]]}
NEAR = Fraction(1)
"""Close, as generously as the word allows; on the unit circle the distance from 1 is at most 2."""


class ShapeError(LipcheckError, ValueError):
    """A matrix without eigenvalues."""


def examine(data: Data, distance: Fraction, repaired: bool) -> Examination:
    """A fixed matrix is orthogonal, hence normal: its eigenvalues are within `distance` of 1 if |W - I| is at most
    that."""
    weight = matrix(data["matrix"], "matrix")
    if len(weight) != len(weight[0]):
        raise ShapeError("Only square matrices have eigenvalues.")
    off = matrix([[entry - (i == j) for j, entry in enumerate(row)] for i, row in enumerate(weight)])
    near = is_orthonormal(weight) if repaired else spectral_norm_at_most(off, distance)
    return Examination({"invertible fixed point": is_orthonormal(weight) and step(weight) == weight}, near)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Orthogonal matrices, one by one."""
    what = "singular values are 1" if variant.repaired else f"eigenvalues are within {NEAR} of 1"
    return [Universal(FIXED, f"an orthogonal matrix stays as it is, and all its {what}",
                      lambda data: examine(data, NEAR, variant.repaired),
                      lambda: [MINUS, {"matrix": [["0", "-1"], ["1", "0"]]}],
                      parameters=[str(NEAR), variant.repaired])]  # fmt: skip


CLAIMS = (
    Claim(
        id=ROW,
        short="[-1] is kept by every Björck step; singular values come close to 1, eigenvalues only to the unit circle",
        source=SOURCE,
        printed=PRINTED,
        statement="After Björck orthonormalization all eigenvalues of a square weight are close to 1: within 1 of it.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="square orthogonal matrices, which every number of iterations of every order leaves as they are",
        covers_all=True,
        reading="eigenvalues in the literal sense; 'close' is read as generously as a distance of 1",
        repairs={"singular values": Variant(repaired=True)},
        counterexamples={FIXED: MINUS},
        near_misses=(
            NearMiss(FIXED, {"matrix": [["1"]]}, "the eigenvalue 1"),
            NearMiss(FIXED, {"matrix": [["4/5", "-3/5"], ["3/5", "4/5"]]}, "a turn by less than 60 degrees"),
            NearMiss(FIXED, {"matrix": [["-1/2"]]}, "not orthogonal: the iteration moves it, to -1"),
            NearMiss(FIXED, {"matrix": [["1", "0"]]}, "not square"),
        ),
        minimality="one row and one column; the other orthogonal matrix of that size is [1]",
        snippet="""\
step = lambda w: w * (3 - w * w) / 2       # one Björck iteration of a 1 x 1 matrix
w = -1.0
for _ in range(15):
    w = step(w)
print("eigenvalue", w, "singular value", abs(w))
assert w == -1.0 and abs(w) == 1.0
""",
        repaired_by=f"{ROW}.full_rank",
        argument="proof.md#eigenvalues",
        notes="A slip of the pen: section 2.3 says singular values. Complex eigenvalues as well: [[0, -1], [1, 0]] "
        "has i and -i.",
    ),
)
