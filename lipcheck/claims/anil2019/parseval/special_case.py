"""Appendix B.1: "when b = 0.5 this update is exactly the first order (p = 1) update from Equation 3, with a single
iteration". ICML 4.2.1: "can be interpreted as a special case of Björck orthonormalization"; section 5: "can be seen as
one step of the Björck orthonormalization scheme".

The first is exact, and b = 1/2 is the only such value. For other b the update is no Björck step of any order: it is the
damped step (1 - 2 b) W + 2 b B_1(W).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.parseval._update import (
    B1,
    ICML,
    ROW,
    USUAL,
    ParsevalError,
    b,
    given,
    moved,
    read,
    update,
)
from lipcheck.norms.bjorck import image, step
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

HALF = Fraction(1, 2)
MOST = 200
w, c = var("w"), var("c")
SMALL = given([["1/2"]], USUAL)
TALL = [[["1/2", "1/3"], [0, 1], ["-1/4", 2]], [["1/2", "1/3", "1/5"]], [[2]]]


def some_order(value: Fraction, beta: Fraction) -> bool:
    """Whether f(s) = B_p(s) for some p >= 1, 0 < s < 1: B_p(s) increases with p."""
    target = moved(value, beta)
    for order in range(1, MOST):
        reached = image(value, order)
        if reached >= target:
            return reached == target
    raise ParsevalError(f"the update exceeds the Björck steps of orders up to {MOST}: give a smaller beta")


def every_beta(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """For every b > 0 the update is a Björck step of some order; repaired: for b = 1/2."""

    def examine(data: Any) -> Examination:
        weight, beta = read(data)
        if (len(weight), len(weight[0])) != (1, 1) or not 0 < weight[0][0] < 1:
            raise ParsevalError("the order is looked for at 1 x 1 matrices in (0, 1)")
        hypotheses = {"positive": beta > 0}
        if variant.repaired:
            hypotheses["half"] = beta == HALF
        return Examination(hypotheses, some_order(weight[0][0], beta))

    which = "beta = 1/2" if variant.repaired else "every beta > 0"
    text = f"W (1 + beta) - beta W W'W is a Björck step of some order p >= 1, for {which}"
    return [Universal("some order", text, examine, lambda: [SMALL], variant.dropped, [variant.repaired])]


def at_half(variant: Variant) -> Forall:
    """w (1 + b) - b c = w + (w - c)/2 for b = 1/2: w an entry of W, c of W W'W, so w - c is one of W (I - W'W)."""
    half = {"half": equals(b, variant.value("beta", HALF))}
    return Forall("an entry at one half", half, equals(w * (1 + b) - b * c, w + (w - c) * HALF))


def only_half() -> Forall:
    """Where w and c differ, no other b will do."""
    given_: dict[str, Formula] = {"equal": equals(w * (1 + b) - b * c, w + (w - c) * HALF), "apart": disj(w > c, w < c)}
    return Forall("no other value", given_, conj(b >= HALF, b <= HALF))


def exact(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The update at b = 1/2, entry by entry and on exact matrices."""
    beta = variant.value("beta", HALF)
    text = "the update is the first-order Björck step"

    def holds(data: Any) -> bool:
        weight, value = read(data)
        return update(weight, value) == step(weight, 1)

    samples = [given(rows, beta) for rows in TALL]
    return [at_half(variant), only_half(), Exhaustive("samples", text, lambda: samples, holds, [spell(beta)])]


def damped(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """w (1 + b) - b c = (1 - 2 b) w + 2 b (w + (w - c)/2)."""
    weight = variant.value("weight", 2)
    entry = equals(w * (1 + b) - b * c, (1 - weight * b) * w + weight * b * (w + (w - c) * HALF))
    share = {"share": conj(b >= 0, 2 * b <= 1)}
    return [Forall("an entry of the damped step", {}, entry), Forall("a mean", share, conj(1 - 2 * b >= 0, 2 * b >= 0))]


SNIPPET = """\
from fractions import Fraction as F
b, s = F(3, 10000), F(1, 2)                # the matrix [1/2], and the paper's usual beta
parseval = s * (1 + b) - b * s ** 3
first = s * (1 + (1 - s * s) / 2)          # Bjorck of order 1; higher orders add positive terms
print("Parseval", float(parseval), " Bjorck: order 1 and above, at least", float(first))
assert parseval < first
"""
NEAR_MISSES = (
    NearMiss("some order", given([["1/2"]], "1/2"), "beta = 1/2 is order 1"),
    NearMiss("some order", given([["1/2"]], 0), "beta = 0 is no update"),
)


def refuted(name: str, source: str, words: str, variant_of: str | None) -> Claim:
    """The claim that the update is a Björck step, in one of the paper's wordings."""
    return Claim(
        id=name,
        short="for beta = 0.0003 no order of eq. 2 gives the update; for 1/2 order 1 does; else it is a damped step",
        source=source,
        printed=words,
        statement="For every b > 0 there is an order p >= 1 such that W (1 + b) - b W W'W is a Björck step of order p.",
        reading="of the update with the beta that is used, such as 0.0003, and of the scheme of eq. 2, which has none",
        variant_of=variant_of,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=every_beta,
        scope="all beta > 0, all orders",
        covers_all=True,
        repairs={"beta = 1/2": Variant(repaired=True)},
        counterexamples={"some order": SMALL},
        near_misses=NEAR_MISSES,
        minimality="one row, one column; it happens at every W with a singular value in (0, 1), for every beta < 1/2",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.damped_step",
        argument="proof.md#a-special-case",
        notes=(
            "The appendix itself restricts the equality to beta = 0.5: anil2019.parseval.beta_half. Figure 11 gives "
            "the scheme a beta of its own; in that sense it is a special case by definition: "
            "anil2019.parseval.damped_step."
        ),
    )


CLAIMS = (
    Claim(
        id=f"{ROW}.beta_half",
        source=B1,
        printed=(
            "Note that when β = 0.5 this update is exactly the first order (p = 1) update from Equation 3, with a "
            "single iteration."
        ),
        statement=(
            "For b = 1/2 and every W, W (1 + b) - b W W'W = W (I + (I - W'W)/2); for no other b, unless W W'W = W."
        ),
        expected=Verdict.PROVED,
        obligations=exact,
        scope="all real matrices of all shapes",
        covers_all=True,
        constants={"beta": Constant(HALF, Fraction(101, 200), words="the value of beta")},
        argument="proof.md#a-special-case",
        notes="W (I + b) stands for (1 + b) W.",
    ),
    refuted(
        f"{ROW}.special_case",
        f"{ICML}, section 4.2.1",
        "Parseval networks also aim to set all of the singular values of the weight matrices to 1, and can be "
        "interpreted as a special case of Björck orthonormalization.",
        None,
    ),
    refuted(
        f"{ROW}.one_step",
        f"{ICML}, section 5; ICLR submission, section 5",
        "The corresponding update to the weights can be seen as one step of the Björck orthonormalization scheme (Eq. "
        "2).",
        f"{ROW}.special_case",
    ),
    Claim(
        id=f"{ROW}.damped_step",
        source=f"{ICML}, section 5",
        printed=(
            "The corresponding update to the weights can be seen as one step of the Björck orthonormalization scheme "
            "(Eq. 2)."
        ),
        reading="repaired: a damped step",
        statement=(
            "For every b, W (1 + b) - b W W'W = (1 - 2 b) W + 2 b B_1(W), B_1 the first-order Björck step: a weighted "
            "mean of W and its Björck step for 0 <= b <= 1/2."
        ),
        expected=Verdict.PROVED,
        obligations=damped,
        scope="all real matrices of all shapes, all beta",
        covers_all=True,
        constants={
            "weight": Constant(Fraction(2), Fraction(101, 50), words="the weight of the Björck step, over beta")
        },
        argument="proof.md#a-special-case",
    ),
)
