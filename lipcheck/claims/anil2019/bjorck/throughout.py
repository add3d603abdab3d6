"""Appendix B.1: "lets us ensure that the weight matrices are close to orthonormal throughout training".

Not with the 2 or 3 iterations per forward pass that section 4.2.1 uses: how many it takes depends on the smallest
singular value (see guarantee.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck._matrices import (
    as_order,
    given,
    iterate,
    near,
    norm_at_most,
    read,
)
from lipcheck.claims.anil2019.bjorck._steps import ICLR, ROW, image_term, s
from lipcheck.claims.anil2019.bjorck.guarantee import ONE
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict


def throughout(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With 2 or 3 first-order iterations every matrix with singular values in (0, 1] comes within 1/10 of "
    "orthonormal."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "iterations")
        count = as_order(numbers["iterations"], 3)
        hypotheses = {"scaled": norm_at_most(weight, ONE) and near(weight, ONE), "count": count >= 2}
        if variant.repaired:
            hypotheses["large"] = near(weight, Fraction(1, 2))
        return Examination(hypotheses, near(iterate(weight, 1, count), Fraction(1, 10)))

    start = " and ||I - W'W|| < 1/2" if variant.repaired else ""
    text = f"after 2 or 3 first-order iterations ||I - A_k'A_k||_2 < 1/10, for full rank, ||W||_2 <= 1{start}"
    law = Universal("close to orthonormal", text, examine, lambda: [SMALL], variant.dropped, [variant.repaired])
    return [law, growth()]


def growth() -> Forall:
    """B_1(s) <= 3 s/2: after 3 iterations s is at most 27 s/8, so that no bound on the defect below 1 holds for all."""
    return Forall("growth", {"s": s >= 0, "cube": s**3 >= 0}, image_term(s, 1) <= Fraction(3, 2) * s)


SMALL = given([["1/3"]], iterations=3)
SNIPPET = """\
from fractions import Fraction as F
w = F(1, 3)                              # the matrix [1/3]: full rank, norm at most 1
for k in range(1, 4):
    w = w * (3 - w * w) / 2
    print(k, "iterations: singular value", float(w), "defect", float(1 - w * w))
    assert 1 - w * w > F(1, 10)
"""


CLAIMS = (
    Claim(
        id=f"{ROW}.throughout",
        short="3 iterations leave [1/3] with a defect of 0.27; how many it takes depends on the least singular value",
        source=f"{ICLR}, appendix B.1, with section 4.2.1",
        printed=(
            "This is more expensive but lets us ensure that the weight matrices are close to orthonormal throughout "
            "training. [...] we could use p = 1 with 2-3 iterations per forward pass"
        ),
        statement=(
            "For every W of full column rank with ||W||_2 <= 1, 2 or 3 first-order iterations give ||I - A_k'A_k||_2 < "
            "1/10."
        ),
        reading="'close' means a defect below 1/10, and the number of iterations is the one used in training",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=throughout,
        scope="all matrices of full column rank and norm at most one",
        covers_all=True,
        repairs={"||I - W'W|| < 1/2": Variant(repaired=True)},
        counterexamples={"close to orthonormal": SMALL},
        near_misses=(
            NearMiss("close to orthonormal", given([["3/4"]], iterations=3), "a larger singular value"),
            NearMiss("close to orthonormal", given([["1/3"]], iterations=1), "one iteration is not asked for"),
            NearMiss("close to orthonormal", given([[0]], iterations=3), "rank zero"),
        ),
        minimality="one row, one column; of the 1/n the largest that fails after 3 iterations: 1/2 passes",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.order_guarantee",
        argument="proof.md#guarantee",
        notes="With 1/10 replaced by any d < 1 some [1/n] fails, since B_1(s) <= 3s/2. Enough iterations do ensure it.",
    ),
)
