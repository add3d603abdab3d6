"""Appendix E: "this could also be used to approximately control the Lipschitz constraint by rescaling the output of the
entire network by the estimate of the Jacobian spectral norm".

Plain reading: f / e, with e the estimate at the data, has a Lipschitz constant of about 1. The constant is at least 1,
and may be any number from 1 on: e is a lower bound at some points. With an upper bound in place of e it is at most 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.jacobian_regularization import common
from lipcheck.claims.anil2019.jacobian_regularization.common import ROW, SOURCE
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

TOLERANCE = 10
STEEP = {"network": common.leaky("1/11"), "x": "-1"}
CASES = [STEEP, {"network": common.leaky("1/11"), "x": "1"}, {"network": common.line(7), "x": "0"}]


def examine(data: Any, repaired: bool) -> Examination:
    """Whether f / |f'(x)| (repaired: f / Lip(f)) has a Lipschitz constant of at most the tolerance (repaired: 1)."""
    given, x = common.entries(data, ("network", "x"))
    network, (x,) = common.read(given), vector([x], "x")
    estimate = common.constant(network) if repaired else abs(common.slope(network, x))
    return Examination({"defined": estimate > 0},
                       common.constant(network) <= (1 if repaired else TOLERANCE) * estimate)  # fmt: skip


def any_tolerance() -> Forall:
    """For f(x) = max(x, 0) + s min(x, 0) with s (t + 1) = 1 the quotient of slopes 1 / s exceeds t."""
    s, t = var("s"), var("t")
    given: dict[str, Formula] = {"tolerance": t >= 0, "slope": equals(s * (t + 1), 1)}
    return Forall("no tolerance is enough", given, conj(s > 0, t * s < 1), witness={"s": ONE, "t": 0 * ONE})


ONE = Fraction(1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement with the tolerance 10, and why no other one would do."""
    text = "f / Lip(f) is 1-Lipschitz" if variant.repaired else f"f / |f'(x)| is {TOLERANCE}-Lipschitz"
    rule = Universal("networks on the line", text, lambda data: examine(data, variant.repaired), lambda: CASES,
                     parameters=[TOLERANCE, variant.repaired])  # fmt: skip
    return [rule, any_tolerance()]


def quotient(variant: Variant) -> Forall:
    """|f(x) - f(y)| = D <= K |x - y| = K d and K <= B: D / B <= d, written without division."""
    D, d, K, B = map(var, ("D", "d", "K", "B"))
    given: dict[str, Formula] = {"lipschitz": K * d >= D, "distance": d >= 0, "positive": B > 0}
    if variant.keeps("upper"):
        given["upper"] = K <= B
    return Forall("dividing by an upper bound", given, variant.value("bound", 1) * B * d >= D)


def upper(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The quotient for all real numbers."""
    return [quotient(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.rescaling",
        short="The estimate at the data is a lower bound, so the constant after division is any number from 1 on; an "
        "upper bound gives 1.",
        source=SOURCE,
        printed=(
            "We present this algorithm primarily to be used for regularization but this could also be used to "
            "approximately control the Lipschitz constraint by rescaling the output of the entire network by the "
            "estimate of the Jacobian spectral norm"
        ),
        statement=(
            "Divided by its Jacobian's spectral norm at the data, every network has a Lipschitz constant of at most 10."
        ),
        reading="'approximately' allows a factor of 10; no other factor would do either",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=obligations,
        scope="every network and data point",
        covers_all=True,
        counterexamples={"networks on the line": STEEP},
        minimality="one input, one unit, one data point: without a hidden unit the quotient is 1",
        near_misses=(
            NearMiss("networks on the line", {**STEEP, "x": "1"}, "the data point lies on the steep side"),
            NearMiss("networks on the line", {"network": common.leaky("1/10"), "x": "-1"}, "the factor is 10"),
        ),
        repairs={"the Lipschitz constant instead of the estimate": Variant(repaired=True)},
        repaired_by=f"{ROW}.upper_rescaling",
        snippet=(
            "from fractions import Fraction as F\n"
            "def f(x): return max(x, F(0)) + min(x, F(0)) / 11\n"
            "estimate = f(F(-1)) - f(F(-2))  # the slope at data below 0, exactly\n"
            "print('constant after rescaling:', (f(F(2)) - f(F(1))) / estimate)\n"
            "assert (f(F(2)) - f(F(1))) / estimate > 10"
        ),
        argument="proof.md#rescaling",
        notes="The estimate is a lower bound, so the constant after rescaling is never below 1 (if finite).",
    ),
    Claim(
        id=f"{ROW}.upper_rescaling",
        source=SOURCE,
        printed="[...] control the Lipschitz constraint by rescaling the output of the entire network [...]",
        statement="If Lip(f) <= B, B > 0, then f / B is 1-Lipschitz.",
        reading="repaired: divided by an upper bound, such as the product of the layers' norms",
        expected=Verdict.PROVED,
        obligations=upper,
        scope="every function",
        covers_all=True,
        hypotheses={"upper": "B is an upper bound on the Lipschitz constant"},
        constants={"bound": Constant(ONE, Fraction(99, 100), words="the Lipschitz constant of f / B")},
        textbook=(Textbook("the product of the layers' norms is an upper bound", "Lipschitz constants multiply"),),
        argument="proof.md#rescaling",
    ),
)
