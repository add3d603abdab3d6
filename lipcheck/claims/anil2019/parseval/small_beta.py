"""Appendix B.1: "As expected, when b is small the algorithm still converges to an orthonormal matrix but much more
slowly"; "When b is much smaller than 0.5 the matrices may be far from orthonormal."

A singular value 0 stays 0, so full rank is needed; then, for 0 < b <= 1/2, everything with ||W||^2 < 1 + 1/b converges
to the polar factor. With b = 0.0003 and 50 iterations, 1/2 becomes at most 0.506.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck._matrices import norm_at_most, rank
from lipcheck.claims.anil2019.parseval._update import (
    B1,
    ROW,
    USUAL,
    b,
    eigenvector,
    factorization,
    given,
    image,
    moved,
    read,
    s,
    z,
)
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Hint, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "As expected, when β is small the algorithm still converges to an orthonormal matrix but much more slowly."
ZERO = given([[0]], USUAL)
BITS = 80
HALF = Fraction(1, 2)


def limits(variant: Variant) -> Universal:
    """The iterates tend to an orthonormal matrix: certainly not where the rank is below min(m, n)."""

    def examine(data: Any) -> Examination:
        weight, beta = read(data)
        full = rank(weight) == min(len(weight), len(weight[0]))
        hypotheses = {"small": 0 < beta <= HALF, "scaled": norm_at_most(weight, Fraction(1))}
        if variant.repaired:
            hypotheses["full_rank"] = full
        return Examination(hypotheses, full)

    text = f"the updates tend to an orthonormal matrix, for ||W||_2 <= 1{' and full rank' if variant.repaired else ''}"
    return Universal("limits", text, examine, lambda: [ZERO], variant.dropped, [variant.repaired])


def below_one(variant: Variant) -> list[Forall]:
    """0 < s < 1: s < f(s) <= 1, for f(s) - s = b s (1 - s^2) and z <= 2 b <= 1."""
    hypotheses: dict[str, Formula] = {"below": s < 1}
    if variant.keeps("full_rank"):
        hypotheses["full_rank"] = s > 0
    if variant.keeps("positive"):
        hypotheses["positive"] = b > 0
    rise = Forall("below one, it rises", hypotheses, image > s, hint=Hint(4), witness={"s": HALF, "b": HALF})
    bounded: dict[str, Formula] = {"below": conj(s >= 0, s <= 1), "positive": b > 0}
    if variant.keeps("small"):
        bounded["small"] = b <= variant.value("beta", HALF)
    return [rise, Forall("below one, z is at most one", bounded, b * s * (1 + s) <= 1, hint=Hint(3)), product_sign()]


def product_sign() -> Forall:
    """(1 - s)(1 - z) >= 0 for s, z <= 1: f(s) <= 1."""
    return Forall("below one, it stays", {"below": conj(s <= 1, z <= 1)}, (1 - s) * (1 - z) >= 0)


def above_one(variant: Variant) -> Forall:
    """s > 1 and b s^2 < 1 + b: 0 < f(s) < s."""
    edge = variant.value("edge", 1)
    hypotheses: dict[str, Formula] = {"above": s > 1, "edge": b * s * s < edge + b, "positive": b > 0}
    return Forall(
        "above one", hypotheses, conj(image > 0, image < s), hint=Hint(4), witness={"s": 2 * HALF + HALF, "b": HALF}
    )


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Singular values below and above one."""
    sharp: dict[str, Formula] = {"edge": b * s * s >= 1 + b, "s": s > 0}
    return [factorization(), eigenvector(), *below_one(variant), above_one(variant), Forall("sharp", sharp, image <= 0)]


def most_after(value: Fraction, beta: Fraction, count: int) -> Fraction:
    """An upper bound on the singular value after so many updates from `value` in [0, 1], 0 < beta <= 1/2."""
    for _ in range(count):
        reached = moved(value, beta)
        value = Fraction(-(-reached.numerator * 2**BITS // reached.denominator), 2**BITS)
    return value


def far(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """From 1/2 to at most 253/500 in 50 updates, and no faster than the factor 1 + b each."""
    beta, count = variant.value("beta", USUAL), int(variant.value("count", 50))
    text = f"{count} updates with beta = {beta} lead from 1/2 to at most 253/500"
    growth: dict[str, Formula] = {"s": s >= 0, "positive": b >= 0, "square": s * s >= 0}
    return [
        Exhaustive(
            "after 50 updates",
            text,
            lambda: ["1/2"],
            lambda data: most_after(parse(data), beta, count) <= Fraction(253, 500),
            [spell(beta), count],
        ),
        Forall("growth", growth, image <= (1 + b) * s, hint=Hint(3)),
    ]


SNIPPET = """\
from fractions import Fraction as F
b, w = F(3, 10000), F(0)         # the matrix [0]; orthonormal 1 x 1 matrices are 1 and -1
for _ in range(1000):
    w = w * (1 + b) - b * w ** 3
print(w)
assert w not in (1, -1)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.small_beta",
        short="a singular value 0 stays 0; with full rank and ||W||^2 < 1 + 1/b it converges, for b <= 1/2",
        source=B1,
        printed=PRINTED,
        statement="For every W of norm at most 1 and every b in (0, 1/2], the updates tend to an orthonormal matrix.",
        reading="for weights scaled as appendix B.3 proposes: all singular values at most 1",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: [limits(variant)],
        scope="all matrices of norm at most one",
        covers_all=True,
        repairs={"full rank": Variant(repaired=True)},
        counterexamples={"limits": ZERO},
        near_misses=(
            NearMiss("limits", given([["1/100"]], USUAL), "full rank, however small"),
            NearMiss("limits", given([["1/2", 0]], USUAL), "wide, of full row rank"),
            NearMiss("limits", given([[3, 0], [0, 0]], USUAL), "a norm above one"),
        ),
        minimality="one row, one column; every nonzero 1 x 1 matrix in [-1, 1] converges",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.small_beta_full_rank",
        argument="proof.md#small-beta",
        notes="Nor does it arrive at an orthonormal matrix after finitely many updates, for b < 1/2 and s in (0, 1).",
    ),
    Claim(
        id=f"{ROW}.small_beta_full_rank",
        source=B1,
        printed=PRINTED,
        reading="repaired: full rank, and the norm below a bound",
        statement=(
            "If 0 < b <= 1/2, W has full rank and ||W||_2^2 < 1 + 1/b, the updates tend to the polar factor of W; "
            "singular values in (0, 1) increase and never exceed 1, with 1 - f(s) = (1 - s)(1 - b s (1 + s)). At "
            "||W||_2^2 = 1 + 1/b it fails."
        ),
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all shapes, all beta in (0, 1/2]",
        covers_all=True,
        hypotheses={
            "full_rank": "all min(m, n) singular values are positive",
            "positive": "b > 0",
            "small": "b <= 1/2",
        },
        constants={
            "beta": Constant(HALF, Fraction(101, 200), words="the bound on beta"),
            "edge": Constant(Fraction(1), Fraction(101, 100), words="b s^2 < 1 + b"),
        },
        textbook=(
            Textbook(
                "a bounded monotonic sequence converges, to a fixed point of a continuous map",
                "Rudin, Principles of Mathematical Analysis, 3.14",
            ),
            Textbook("spectral theorem", "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 4.1.5"),
        ),
        argument="proof.md#small-beta",
        notes=(
            "The error shrinks by the factor 1 - 2 b in the end, linearly, where b = 1/2 squares it: 'much more "
            "slowly' is another order of convergence. How slowly: anil2019.parseval_strict.slow."
        ),
    ),
    Claim(
        id=f"{ROW}.far",
        source=f"{B1}, with figures 11 and 12",
        printed=(
            "Figure 11 shows the maximum and minimum singular values of matrices which have undergone 50 iterations of "
            "the first order Bj[ö]rck scheme for varying choices of β < 0.5. When β is much smaller than 0.5 the "
            "matrices may be far from orthonormal."
        ),
        statement=(
            "With b = 0.0003 the singular value 1/2 is at most 253/500 = 0.506 after 50 updates; no singular value "
            "grows by more than the factor 1 + b per update."
        ),
        reading="quantified for b = 0.0003, the value of figure 12",
        expected=Verdict.PROVED,
        obligations=far,
        scope="singular values in [0, 1]",
        covers_all=True,
        mutants={
            "beta = 0.0006": Variant(constants={"beta": 2 * USUAL}),
            "60 updates": Variant(constants={"count": Fraction(60)}),
        },
        argument="proof.md#small-beta",
    ),
)
