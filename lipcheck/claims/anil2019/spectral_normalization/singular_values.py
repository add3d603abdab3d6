"""Appendix B.2: "While this constraint does allow all singular values of the weight matrix to be 1, we have found that
this rarely happens in practice."

Plain reading: matrices with all singular values 1 satisfy ||W||_2 <= 1 and are left alone by normalization;
normalization makes all singular values 1 exactly if they were equal. Those W form a null set, unless W has one row or
one column.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.anil2019.spectral_normalization.common import ICLR, ROW, SVD
from lipcheck.norms import is_orthonormal, spectral_norm_at_most
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import var, variables
from lipcheck.words.verdict import Budget, Verdict

SOURCE = f"{ICLR}, appendix B.2"
MATRICES = [
    [["3/5", "-4/5"], ["4/5", "3/5"]],
    [["1", "0", "0"], ["0", "0", "-1"]],
    [["101/100", "0"], ["0", "101/100"]],
    [["2", "0"], ["0", "1"]],
]


def examine(data: Any) -> Examination:
    """Whether a matrix with all singular values 1 has ||W||_2 <= 1."""
    weight = common.rows(data)
    return Examination({"orthonormal": is_orthonormal(weight)}, spectral_norm_at_most(weight, Fraction(1)))


def normalized(variant: Variant) -> Forall:
    """Divided by the largest singular value s, a singular value r = s becomes q = 1."""
    s, r, q = map(var, ("s", "r", "q"))
    hypotheses: dict[str, Formula] = {
        "values": conj(s > 0, r >= 0, s >= r),
        "quotient": conj(q * s <= r, q * s >= r),
    }
    if variant.keeps("equal"):
        hypotheses["equal"] = equals(r, s)
    return Forall("equal singular values become one", hypotheses, equals(q, 1),
                  witness=dict.fromkeys("srq", Fraction(1)))  # fmt: skip


def only_equal() -> Forall:
    """Conversely, if r / s = 1, then r = s."""
    s, r, q = map(var, ("s", "r", "q"))
    return Forall("only equal ones do", {"positive": s > 0, "quotient": conj(equals(q * s, r), equals(q, 1))},
                  equals(r, s))  # fmt: skip


def allowed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Orthonormal matrices satisfy the constraint; normalization makes singular values one exactly if they are
    equal."""
    text = "a matrix whose singular values are all 1 has ||W||_2 <= 1"
    rule = Universal("orthonormal matrices", text, examine, lambda: MATRICES, variant.dropped)
    steps: list[Obligation] = [rule, normalized(variant)]
    return steps if budget is Budget.SMOKE else [*steps, only_equal()]


def roots(count: int) -> Forall:
    """(a + t)^2 = C has no `count` distinct solutions t: a first row that depends on t is as long as the second only
    for so many t. Three would make the product of their differences zero."""
    a, C = var("a"), var("C")
    found = variables("t", count)
    distinct = conj(*(p < q for p, q in pairwise(found)))
    apart = disj(*(disj((a + t) ** 2 < C, (a + t) ** 2 > C) for t in found))
    return Forall("at most two lengths are equal", {"distinct": distinct}, apart, size=count, hint=Hint(3))


def null_set(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """On each line in the direction of the first entry at most two matrices have equal singular values."""
    return [roots(1 + int(variant.value("roots", 2)))]


CLAIMS = (
    Claim(
        id=f"{ROW}.all_ones",
        source=SOURCE,
        printed="While this constraint does allow all singular values of the weight matrix to be 1 [...]",
        statement=(
            "Every W whose singular values are all 1 has ||W||_2 <= 1, and W / ||W||_2 = W. For W != 0, the singular "
            "values of W / ||W||_2 are all 1 exactly if those of W are all equal."
        ),
        reading="the constraint is ||W||_2 <= 1",
        expected=Verdict.PROVED,
        obligations=allowed,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={
            "orthonormal": "all min(m, n) singular values of W are 1",
            "equal": "all min(m, n) singular values of W are equal",
        },
        textbook=(SVD,),
        argument="proof.md#all-singular-values-one",
    ),
    Claim(
        id=f"{ROW}.rarely",
        source=SOURCE,
        printed="[...] we have found that this rarely happens in practice.",
        statement=(
            "For m, n >= 2 the set of all W in R^(m x n) such that W / ||W||_2 has all singular values 1 has Lebesgue "
            "measure zero."
        ),
        reading="repaired: for weights drawn from a density; what training does is an observation",
        expected=Verdict.PROVED,
        obligations=null_set,
        scope="all m, n >= 2",
        covers_all=True,
        mutants={"at most one": Variant(constants={"roots": Fraction(1)})},
        textbook=(
            SVD,
            Textbook("Fubini's theorem", "Rudin, Real and Complex Analysis, 8.8"),
            Textbook("zero sets of polynomials are closed, hence measurable", "Rudin, Real and Complex Analysis, 1.12"),
        ),
        argument="proof.md#all-singular-values-one",
        notes="A matrix with one row or one column has one singular value, and always ends up orthonormal.",
    ),
)
