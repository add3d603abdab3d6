"""Appendix B.3: "the output of this procedure is scale-invariant (BJORCK(aW) = a BJORCK(W))".

The words say invariance, the equation homogeneity. Neither holds for a finite number of iterations; the limit is
invariant under positive factors that keep the matrix inside the region of convergence, and the equation fails there
too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck import _steps, convergence
from lipcheck.claims.anil2019.bjorck._matrices import as_order, given, iterate, limit, near, read, scaled
from lipcheck.claims.anil2019.bjorck._steps import ICLR, ROW
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICLR}, appendix B.3"
PRINTED = "the output of this procedure is scale-invariant (BJORCK(αW) = αB[jorck](W)) (Bjorck & Bowie, 1971)"
ONE_HALF = given([[1]], factor="1/2", order=1, iterations=1)
ONE = Fraction(1)


def finite(name: str, variant: Variant, homogeneous: bool) -> Universal:
    """After every number of iterations: B(aW) = a B(W), or B(aW) = B(W). Repaired: for a = 1 and a = -1, or a = 1."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "factor", "order", "iterations")
        factor, order, count = numbers["factor"], as_order(numbers["order"]), as_order(numbers["iterations"], 4)
        once = iterate(weight, order, count)
        hypotheses = {"sign": abs(factor) == 1 if homogeneous else factor == 1} if variant.repaired else {}
        wanted = scaled(once, factor) if homogeneous else once
        return Examination(hypotheses, iterate(scaled(weight, factor), order, count) == wanted)

    text = f"B(aW) = {'a ' if homogeneous else ''}B(W) for every W, every a, after any number of iterations"
    return Universal(name, text, examine, lambda: [ONE_HALF], variant.dropped, [homogeneous, variant.repaired])


def in_the_limit(name: str, variant: Variant, homogeneous: bool, asks: bool) -> Universal:
    """The same for the limits, of multiples of orthonormal matrices; `asks` for the condition and a > 0."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "factor", "order", "iterations")
        factor, order = numbers["factor"], as_order(numbers["order"])
        moved = scaled(weight, factor)
        before, after = limit(weight, order), limit(moved, order)
        hypotheses = {"told": before is not None}
        if asks:
            hypotheses |= {"near": near(weight, ONE) and near(moved, ONE), "positive": factor > 0}
        if variant.repaired:
            hypotheses["sign"] = abs(factor) == 1
        wanted = scaled(before, factor) if homogeneous and before is not None else before
        return Examination(hypotheses, after == wanted)

    candidates = [ONE_HALF, *(given([[1]], factor=a, order=1, iterations=1) for a in (2, -1))]
    text = f"the limits satisfy B(aW) = {'a ' if homogeneous else ''}B(W)"
    parameters = [homogeneous, variant.repaired, asks]
    return Universal(name, text, examine, lambda: candidates, variant.dropped, parameters)


def equation(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed equation, for finitely many iterations and in the limit."""
    return [finite("iterations", variant, True), in_the_limit("limits", variant, True, False)]


def words(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Invariance after finitely many iterations."""
    return [finite("iterations", variant, False)]


def polar(variant: Variant) -> Forall:
    """a H is positive definite where H is: a h > 0 for h = x'Hx > 0; then aW = Z (aH) has the polar factor Z."""
    a, h = var("a"), var("h")
    hypotheses: dict[str, Formula] = {"definite": h > 0}
    if variant.keeps("positive"):
        hypotheses["positive"] = a > 0
    return Forall("the polar factor stays", hypotheses, a * h > 0)


def region() -> Forall:
    """(a s)^2 in (0, 2) is the same as |1 - (a s)^2| < 1."""
    r = var("r")
    return Forall("region", {"square": conj(r > 0, r < 2)}, conj(1 - r < 1, 1 - r > -1))


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both limits are polar factors, and these agree."""
    return [
        in_the_limit("limits", variant, False, True),
        polar(variant),
        region(),
        *_steps.general(budget, _steps.defect_sum(), _steps.positive_factor()),
        _steps.orders(),
    ]


SNIPPET = """\
from fractions import Fraction as F
def bjorck(w, k):                        # k first-order iterations for a 1 x 1 matrix
    for _ in range(k):
        w = w * (3 - w * w) / 2
    return w
a, W = F(1, 2), F(1)
for k in (1, 2, 3, 4):
    print(k, float(bjorck(a * W, k)), "is neither", float(a * bjorck(W, k)), "nor", float(bjorck(W, k)))
    assert bjorck(a * W, k) not in (a * bjorck(W, k), bjorck(W, k))
"""
NEAR_MISSES = (
    NearMiss("iterations", given([[1]], factor=1, order=1, iterations=1), "the factor is one"),
    NearMiss("iterations", given([[0]], factor=2, order=1, iterations=1), "the zero matrix"),
)

CLAIMS = (
    Claim(
        id=f"{ROW}.scale_equation",
        short="the limit does not scale with W: inside the condition it is the same for aW and W, for a > 0",
        source=SOURCE,
        printed=PRINTED,
        statement="BJORCK(aW) = a BJORCK(W) for all W and a, after any number of iterations or in the limit.",
        reading="the equation as printed",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=equation,
        scope="all matrices, factors, orders and numbers of iterations, and the limits",
        covers_all=True,
        repairs={"a = 1 or a = -1": Variant(repaired=True)},
        counterexamples={"iterations": ONE_HALF, "limits": ONE_HALF},
        near_misses=(
            *NEAR_MISSES,
            NearMiss("iterations", given([[2]], factor=-1, order=1, iterations=2), "odd maps: a = -1 goes through"),
        ),
        minimality=(
            "one row, one column, one iteration; for the factors 0, 1 and -1 it holds, and with 1/2 W and aW both meet "
            "the condition of B.3"
        ),
        snippet=SNIPPET,
        repaired_by=f"{ROW}.scale_limit",
        argument="proof.md#scale-invariance",
        notes="The scan is garbled after the second a, but shows it; the sentence around it needs B(aW) = B(W).",
    ),
    Claim(
        id=f"{ROW}.scale_words",
        short="not after finitely many iterations; the limits of aW and W agree, for a > 0 inside the condition",
        source=SOURCE,
        printed=PRINTED,
        statement="BJORCK(aW) = BJORCK(W) for all W and a > 0, for the procedure with finitely many iterations.",
        reading="the words: scale-invariant, for the procedure that is run",
        variant_of=f"{ROW}.scale_equation",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=words,
        scope="all matrices, factors, orders and numbers of iterations",
        covers_all=True,
        repairs={"a = 1": Variant(repaired=True)},
        counterexamples={"iterations": ONE_HALF},
        near_misses=NEAR_MISSES,
        minimality="one row, one column, one iteration",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.scale_limit",
        argument="proof.md#scale-invariance",
    ),
    Claim(
        id=f"{ROW}.scale_limit",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: in the limit, a > 0, inside the condition",
        statement=(
            "If a > 0 and W and aW meet ||W'W - I||_2 < 1, then for every order p >= 1 the iterates from W and from aW "
            "have the same limit."
        ),
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all orders p >= 1, all real matrices that meet the condition",
        covers_all=True,
        hypotheses={"near": "||W'W - I||_2 < 1 and ||a^2 W'W - I||_2 < 1", "positive": "a > 0"},
        textbook=(
            *convergence.CONVERGENCE,
            Textbook(
                "uniqueness of the polar factor for full column rank", "Higham, Functions of Matrices, theorem 8.1"
            ),
        ),
        depends_on=(f"{ROW}.convergence",),
        argument="proof.md#scale-invariance",
    ),
)
