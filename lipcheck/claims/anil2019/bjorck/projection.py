"""ICML section 4.2.1: "It is possible to project the weight matrices on the L2 ball [...] In our experiments, we
exploit the differentiability of Björck operations and adopt the latter approach".

A projection to the ball {||W||_2 <= 1} leaves its elements alone; Björck's iteration moves every element that is not
orthonormal. What the limit projects to is the set of orthonormal matrices, a part of the ball's boundary.

ICML section 5: "a differentiable projection is used during each update". Finitely many iterations are no projection to
any set: applied twice, they are not what they are applied once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck._matrices import as_order, given, iterate, near, norm_at_most, read
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW
from lipcheck.norms import is_orthonormal
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

HALF = given([["1/2"]], order=1, iterations=1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A_k = A for every A in the ball; repaired: for every orthonormal A."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "order", "iterations")
        after = iterate(weight, as_order(numbers["order"]), as_order(numbers["iterations"], 4))
        hypotheses = {"in the ball": norm_at_most(weight, Fraction(1))}
        if variant.repaired:
            hypotheses["orthonormal"] = is_orthonormal(weight)
        return Examination(hypotheses, after == weight)

    place = "set of orthonormal matrices" if variant.repaired else "ball ||A||_2 <= 1"
    text = f"the iteration leaves every element of the {place} alone, as a projection to it does"
    return [Universal("elements stay", text, examine, lambda: [HALF], variant.dropped, [variant.repaired])]


def twice(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """2 k iterations give what k give, inside the condition; repaired: from orthonormal matrices."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "order", "iterations")
        order, count = as_order(numbers["order"]), as_order(numbers["iterations"], 3)
        hypotheses = {"condition": near(weight, Fraction(1))}
        if variant.repaired:
            hypotheses["orthonormal"] = is_orthonormal(weight)
        once = iterate(weight, order, count)
        return Examination(hypotheses, iterate(once, order, count) == once)

    start = " and orthonormal A" if variant.repaired else ""
    text = f"k iterations applied twice are k iterations applied once, for ||A'A - I||_2 < 1{start}"
    return [Universal("twice is once", text, examine, lambda: [HALF], variant.dropped, [variant.repaired])]


CLAIMS = (
    Claim(
        id=f"{ROW}.projection",
        short="Björck moves [1/2], which is in the ball; in the limit it projects to the orthonormal matrices",
        source=f"{ICML}, section 4.2.1",
        printed=(
            "It is possible to project the weight matrices on the L2 ball both after each gradient descent step, or "
            "during forward pass (if the projection is differentiable). [...] In our experiments, we exploit the "
            "differentiability of Björck operations and adopt the latter approach."
        ),
        statement="Björck's procedure is a projection of matrices to the ball {W : ||W||_2 <= 1}.",
        reading="the L2 ball is that of the matrix 2-norm; Björck's procedure is the projection meant",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="all matrices, orders and numbers of iterations",
        covers_all=True,
        repairs={"the set of orthonormal matrices": Variant(repaired=True)},
        counterexamples={"elements stay": HALF},
        near_misses=(
            NearMiss("elements stay", given([[1]], order=1, iterations=1), "orthonormal"),
            NearMiss("elements stay", given([[0]], order=1, iterations=1), "the zero matrix stays"),
            NearMiss("elements stay", given([["5/4"]], order=1, iterations=1), "not in the ball"),
        ),
        minimality="one row, one column, one iteration",
        snippet=(
            "from fractions import Fraction as F\n"
            "w = F(1, 2)                      # |w| <= 1: the projection to the ball is w itself\n"
            "moved = w * (3 - w * w) / 2      # one Bjorck iteration\n"
            "print(w, '->', moved)\n"
            "assert abs(w) <= 1 and moved != w"
        ),
        repaired_by=f"{ROW}.nearest_full_rank",
        argument="proof.md#projections",
        notes="The nearest point of the ball in the Frobenius norm has the singular values min(s, 1).",
    ),
    Claim(
        id=f"{ROW}.differentiable_projection",
        short="k iterations applied twice move [1/2] further than applied once; only the limit is a projection",
        source=f"{ICML}, section 5",
        printed=(
            "This is a critical difference to our own work, in which a differentiable projection is used during each "
            "update."
        ),
        statement=(
            "For every k >= 1, k iterations are a projection (applying them twice is applying them once) on {A : "
            "||A'A - I||_2 < 1}."
        ),
        reading="the projection is the procedure with finitely many iterations",
        variant_of=f"{ROW}.projection",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=twice,
        scope="all matrices inside the condition, all orders and numbers of iterations",
        covers_all=True,
        repairs={"A is orthonormal": Variant(repaired=True)},
        counterexamples={"twice is once": HALF},
        near_misses=(
            NearMiss("twice is once", given([[1]], order=1, iterations=1), "orthonormal"),
            NearMiss("twice is once", given([[2]], order=1, iterations=1), "at once, but from outside"),
        ),
        minimality="one row, one column, one iteration; it happens for every A inside that is not orthonormal",
        snippet=(
            "from fractions import Fraction as F\n"
            "def step(w):\n"
            "    return w * (3 - w * w) / 2   # one Bjorck iteration of the matrix [w]\n"
            "once = step(F(1, 2))\n"
            "print(once, 'then', step(once))\n"
            "assert step(once) != once"
        ),
        repaired_by=f"{ROW}.nearest_full_rank",
        argument="proof.md#projections",
        notes="Differentiable it is (anil2019.bjorck.differentiable), and the limit is the projection.",
    ),
)
