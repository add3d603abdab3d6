"""Section 2.2 in its weakest reading, and section 4.2.1: "we go a step further and enforce orthonormality [...] This
stronger condition ensures that all singular values are exactly 1, rather than bounded by 1."

Plain readings: a positive multiple of W has norm one exactly if W != 0; orthonormal matrices have norm one, and not
every matrix of norm one is orthonormal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.anil2019.enforcing_norm_one.techniques import ONE, ROW, SOURCE
from lipcheck.claims.anil2019.linf_projection.common import infinity_norm
from lipcheck.claims.anil2019.spectral_normalization.common import SVD, rows
from lipcheck.claims.anil2019.spectral_normalization.preservation import norm_one
from lipcheck.norms import is_orthonormal, spectral_norm_at_most
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

MATRICES: list[Any] = [[["1/2", "-2"], ["1", "0"]], [["1/3"]], [["0", "0"]]]
SQUARES: list[Any] = [[["3/5", "-4/5"], ["4/5", "3/5"]], [["1"], ["0"]], [["1/2", "0"], ["0", "1/2"]]]
UNEQUAL: list[Any] = [["1", "0"], ["0", "1/2"]]


def scaled(data: Any) -> Examination:
    """Whether W / ||W||_inf has norm one; for W = 0 no multiple has."""
    weight = rows(data)
    norm = infinity_norm(weight)
    found = norm > 0 and infinity_norm(tuple(tuple(w / norm for w in row) for row in weight)) == 1
    return Examination({"nonzero": any(map(any, weight))}, found)


def multiple(variant: Variant) -> Forall:
    """c N = 1 for the norm N > 0 and c = 1 / N, which is defined by c N^2 = N."""
    c, N = var("c"), var("N")
    given: dict[str, Formula] = {"quotient": conj(c * N * N <= N, c * N * N >= N), "norm": N >= 0}
    if variant.keeps("nonzero"):
        given["nonzero"] = N > 0
    return Forall("a multiple has norm one", given, conj(c * N <= 1, c * N >= 1), witness={"c": ONE, "N": ONE})


def exactly(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Matrices by example, and norms in general."""
    rule = Universal("infinity norms", "a multiple of W has ||.||_inf = 1", scaled, lambda: MATRICES, variant.dropped)
    return [rule, multiple(variant)]


def orthonormal(data: Any) -> Examination:
    """Whether an orthonormal matrix has ||W||_2 = 1, exactly."""
    weight = rows(data)
    reaches = any(sum(w * w for w in line) >= 1 for line in (*weight, *zip(*weight, strict=True)))
    return Examination({"orthonormal": is_orthonormal(weight)}, reaches and spectral_norm_at_most(weight, ONE))


def largest_of_ones() -> Forall:
    """If every singular value is one, so is the largest: m is one of s, r and at least both."""
    s, r, m = map(var, ("s", "r", "m"))
    given: dict[str, Formula] = {
        "ones": conj(equals(s, 1), equals(r, 1)),
        "largest": conj(m >= s, m >= r, disj(equals(m, s), equals(m, r))),
    }
    return Forall("the largest of ones", given, equals(m, 1))


def stronger(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One direction by example and for singular values; a matrix for the other."""
    rule = Universal("orthonormal matrices", "an orthonormal matrix has ||W||_2 = 1", orthonormal, lambda: SQUARES,
                     variant.dropped)  # fmt: skip
    other = Exists("norm one, not orthonormal", "a matrix of norm exactly one that is not orthonormal",
                   lambda data: norm_one(data) and not is_orthonormal(rows(data)), lambda: UNEQUAL)  # fmt: skip
    return [rule, other] if budget is Budget.SMOKE else [rule, other, largest_of_ones()]


CLAIMS = (
    Claim(
        id=f"{ROW}.exactly_one",
        source=SOURCE,
        printed="[...] techniques exist to efficiently ensure that ||W||_p = 1 when p = 2 or p = ∞.",
        statement="For p = 2 and p = inf, in real arithmetic: some multiple of W has ||.||_p = 1 exactly if W != 0.",
        reading="some technique exists: division by the norm, a largest row sum or a largest singular value",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=exactly,
        scope="matrices of any size, every norm",
        covers_all=True,
        hypotheses={"nonzero": "W is not the zero matrix"},
        textbook=(
            Textbook("norms are homogeneous, and positive off zero", "Horn and Johnson, Matrix Analysis, 5.1"),
            Textbook(
                "||W||_2 from a singular value decomposition costs O(m n min(m, n)), ||W||_inf costs O(m n)",
                "Golub and Van Loan, Matrix Computations, 8.6",
            ),
        ),
        argument="proof.md#exactly-one",
        notes=(
            "In numbers that a machine holds, neither is exact: sigma may be irrational, as for [[1, 1]], and floating-"
            "point division rounds. Other p are a different matter: computing ||W||_p is NP-hard for rational p other "
            "than 1 and 2 (Hendrickx and Olshevsky 2010)."
        ),
    ),
    Claim(
        id=f"{ROW}.stronger",
        source="Anil, Lucas, Grosse 2019, section 4.2.1, in both versions",
        printed=(
            "In the interest of preserving the gradient norm, we go a step further and enforce orthonormality of the "
            "weight matrices. This stronger condition ensures that all singular values are exactly 1, rather than "
            "bounded by 1."
        ),
        statement=(
            "Every orthonormal matrix, one whose min(m, n) singular values are all 1, has ||W||_2 = 1; some matrix "
            "with ||W||_2 = 1 is not orthonormal."
        ),
        expected=Verdict.PROVED,
        obligations=stronger,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={"orthonormal": "all singular values are 1"},
        textbook=(SVD,),
        argument="proof.md#exactly-one",
        notes="With one row or one column the two conditions are the same.",
    ),
)
