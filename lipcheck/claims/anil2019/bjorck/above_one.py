"""What unscaled weights come to: odd orders fall below one in a single iteration, even orders stay above it.

By the derivative B_p'(s) = (2p + 1) c_p (1 - s^2)^p, for singular values in (1, sqrt 2); and order 1 up to 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck import _steps, convergence
from lipcheck.claims.anil2019.bjorck._matrices import (
    BjorckError,
    as_order,
)
from lipcheck.claims.anil2019.bjorck._steps import ROW, image_term, q, s, x
from lipcheck.claims.anil2019.bjorck.guarantee import DERIVATIVE, PRINTED, SOURCE
from lipcheck.norms.bjorck import image
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def above(variant: Variant) -> Universal:
    """1 < s < sqrt 2: B_p(s) < 1 for odd p, B_p(s) > 1 for even p."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, dict) or set(data) != {"singular_value", "order"}:
            raise BjorckError("the data have exactly the entries singular_value and order")
        value, order = parse(data["singular_value"]), as_order(parse(data["order"]))
        after = image(value, order)
        hypotheses = {"above": value > 1, "condition": value * value < 2}
        return Examination(hypotheses, 0 < after < 1 if order % 2 else after > 1)

    candidates = [{"singular_value": v, "order": n} for v in ("1/2", "2", "21/20") for n in ("1", "2", "3")]
    text = "from s in (1, sqrt 2) odd orders lead below 1, even orders stay above 1"
    return Universal("above one", text, examine, lambda: candidates, variant.dropped)


def signs() -> list[Forall]:
    """For q < 0 the derivative (2p + 1) c_p q^p has the sign of (-1)^p: two more factors q keep it."""
    y = var("y")
    step = Forall("sign, two more factors", {"q": q < 0, "y": equals(y, q * q * x), "odd": x < 0}, y < 0, hint=Hint(3))
    even = Forall(
        "sign, two more factors, even", {"q": q < 0, "y": equals(y, q * q * x), "even": x > 0}, y > 0, hint=Hint(3)
    )
    return [step, even]


def one_step(variant: Variant) -> Forall:
    """|B_1(s)| <= 1 for 0 <= s <= 2: 1 - B_1 = (1 - s)^2 (s + 2)/2 and 1 + B_1 = (1 + s)^2 (2 - s)/2."""
    value = image_term(s, 1)
    hypotheses: dict[str, Formula] = {"s": s >= 0, "squares": conj((1 - s) ** 2 >= 0, (1 + s) ** 2 >= 0)}
    if variant.keeps("bounded"):
        hypotheses["bounded"] = s <= variant.value("bound", 2)
    return Forall("one step of order 1", hypotheses, conj(value <= 1, value >= -1))


def above_obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Odd and even orders above one, and the first order up to two."""
    steps = _steps.general(budget, _steps.defect_sum(), _steps.positive_factor())
    return [*steps, *signs(), _steps.orders(), above(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.above_one",
        source=SOURCE,
        printed=PRINTED,
        reading="without scaling, for singular values in (1, sqrt 2)",
        statement=(
            "For 1 < s < sqrt 2: 0 < B_p(s) < 1 if p is odd, and B_p(s) > 1 if p is even. So unscaled weights meet the "
            "Lipschitz constraint after one iteration of odd order, and after no number of iterations of even order."
        ),
        expected=Verdict.PROVED,
        obligations=above_obligations,
        scope="all orders p >= 1; singular values inside the condition",
        covers_all=True,
        hypotheses={"above": "s > 1", "condition": "s^2 < 2, as ||A'A - I||_2 < 1 implies"},
        textbook=(DERIVATIVE,),
        argument="proof.md#above-one",
    ),
    Claim(
        id=f"{ROW}.one_step",
        source=SOURCE,
        printed=PRINTED,
        reading="without scaling, p = 1, one iteration",
        statement="If ||A||_2 <= 2, one iteration of order 1 gives ||A_1||_2 <= 1; for norms up to c > 2 it need not.",
        expected=Verdict.PROVED,
        obligations=lambda variant, budget: [one_step(variant), _steps.eigenvector()],
        scope="all shapes",
        covers_all=True,
        hypotheses={"bounded": "||A||_2 <= 2"},
        constants={"bound": Constant(Fraction(2), Fraction(101, 50), words="the bound on ||A||_2")},
        textbook=convergence.CONVERGENCE[:1],
        argument="proof.md#above-one",
        notes="B_1(2 cos t) = -cos 3t: a Chebyshev polynomial. At s = 2 it is -1, so convergence is another matter.",
    ),
)
