"""Section 4.2.1: "fully differentiable and thus has a pullback operator for the Stiefel manifold, allowing us to
optimize over orthonormal matrices directly"; "ensures that all singular values are exactly 1".

The map is polynomial, so differentiable, and at an orthonormal matrix its derivative is the orthogonal projection to
the tangent space of the Stiefel manifold. But no finite number of iterations arrives on the manifold: a singular value
in (0, 1) stays below 1. The limit map does, where it is defined.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck._matrices import as_order, given, iterate, near, read
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW, D, P, q
from lipcheck.norms import is_orthonormal
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import Term, var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICML}, section 4.2.1; ICLR submission, the same"
PRINTED = (
    "This algorithm is fully differentiable and thus has a pullback operator for the Stiefel manifold (Absil et al., "
    "2009) allowing us to optimize over orthonormal matrices directly."
)
HALF = given([["1/2"]], order=1, iterations=1)
Terms = list[list[Term]]


def finite(variant: Variant) -> Universal:
    """A_k is orthonormal, for every k >= 1; repaired: if A_0 is."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "order", "iterations")
        order, count = as_order(numbers["order"]), as_order(numbers["iterations"], 5)
        hypotheses = {"condition": near(weight, Fraction(1))}
        if variant.repaired:
            hypotheses["orthonormal"] = is_orthonormal(weight)
        return Examination(hypotheses, is_orthonormal(iterate(weight, order, count)))

    start = " orthonormal" if variant.repaired else ""
    text = f"A_k has orthonormal columns, for every{start} A with ||A'A - I||_2 < 1, every order and every k"
    return Universal("on the manifold", text, examine, lambda: [HALF], variant.dropped, [variant.repaired])


def never() -> Forall:
    """(1 - q) P^2 = 1 - G with 0 < G: the singular value sqrt(1 - q) P is not one."""
    given_ = {"G": conj(equals((1 - q) * P * P, 1 - D), D > 0)}
    return Forall("never in one step", given_, (1 - q) * P * P < 1)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The output lies on the manifold."""
    return [finite(variant), never()]


def orthonormal_columns(variant: Variant) -> Forall:
    """|y + x c|^2 = |y|^2 + x^2 with one more column: n = |c|^2 = 1, d = y.c = 0, Y = |y|^2 equal to the others' "
    "sum."""
    Y, d, n, x, S = map(var, ("Y", "d", "n", "x", "S"))
    hypotheses: dict[str, Formula] = {"others": equals(Y, S)}
    if variant.keeps("unit"):
        hypotheses["unit"] = equals(n, 1)
    if variant.keeps("orthogonal"):
        hypotheses["orthogonal"] = equals(d, 0)
    return Forall("one more column", hypotheses, equals(Y + 2 * x * d + x * x * n, S + x * x))


def stronger(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|Wx| = |x| for orthonormal columns, so every singular value is one; [1/2] has a norm below one and none that "
    "is."""
    w = var("w")
    not_conversely = Forall("not conversely", {"w": equals(2 * w, 1)}, conj(w <= 1, w * w < 1))
    return [orthonormal_columns(variant), not_conversely]


SNIPPET = """\
from fractions import Fraction as F
w = F(1, 2)                              # the matrix [1/2]; the Stiefel manifold of 1 x 1 matrices is {1, -1}
for k in range(1, 7):
    w = w * (3 - w * w) / 2
    print(k, "iterations: 1 - w is about", float(1 - w))
    assert 0 < w < 1
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.stiefel",
        short="no finite number of iterations arrives: [1/2] stays below 1; only the limit is orthonormal",
        source=SOURCE,
        printed=PRINTED,
        statement="For every A with ||A'A - I||_2 < 1 and every k >= 1, A_k lies on the Stiefel manifold: A_k'A_k = I.",
        reading="of the matrix that the procedure delivers, after finitely many iterations",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="all matrices, all orders, all numbers of iterations",
        covers_all=True,
        repairs={"A is orthonormal": Variant(repaired=True)},
        counterexamples={"on the manifold": HALF},
        near_misses=(
            NearMiss("on the manifold", given([[1]], order=1, iterations=1), "on the manifold from the start"),
            NearMiss("on the manifold", given([[2]], order=1, iterations=1), "arrives at -1, from outside"),
        ),
        minimality="one row, one column, one iteration; it happens for every A that is not orthonormal, at every k",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.differentiable",
        argument="proof.md#the-stiefel-manifold",
        notes=(
            "In the limit it holds: anil2019.bjorck.nearest_full_rank. What holds at finite k: "
            "anil2019.bjorck.guarantee."
        ),
    ),
    Claim(
        id=f"{ROW}.stronger_condition",
        source=f"{ICML}, section 4.2.1",
        printed=(
            "we go a step further and enforce orthonormality of the weight matrices. This stronger condition ensures "
            "that all singular values are exactly 1, rather than bounded by 1."
        ),
        statement=(
            "If W has orthonormal columns (m >= n) or rows (m <= n), its min(m, n) singular values are all 1; a norm "
            "of at most 1 does not imply it."
        ),
        reading="of the condition, not of what an algorithm delivers",
        expected=Verdict.PROVED,
        obligations=stronger,
        scope="all shapes",
        covers_all=True,
        hypotheses={"unit": "the columns have norm 1", "orthogonal": "the columns are orthogonal to each other"},
        argument="proof.md#the-stiefel-manifold",
    ),
)
