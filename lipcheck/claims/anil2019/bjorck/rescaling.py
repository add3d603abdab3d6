"""Appendix B.3: the condition "can be implemented by simply scaling the weight matrix so that all of its singular
values are smaller than or equal to 1".

Not for a matrix without full column rank: then I - W'W has the eigenvalue 1. That includes every wide one, such as [1,
0]. For full column rank, singular values in (0, 1] do; and for wide matrices the condition belongs to WW'.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck import _steps, convergence
from lipcheck.claims.anil2019.bjorck._matrices import as_order, given, near, norm_at_most, rank, read, surely_misses
from lipcheck.claims.anil2019.bjorck._steps import ICLR, ROW
from lipcheck.norms.bjorck import step, transposed
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICLR}, appendix B.3"
PRINTED = (
    "the aforementioned sufficient condition can be implemented by simply scaling the weight matrix so that all of its "
    "singular values are smaller than or equal to 1 before orthonormalization."
)
ONE = Fraction(1)
WIDE, NULL, LONG = given([[1, 0]]), given([[0]]), given([["3/2"]])


def condition(variant: Variant, asks: bool) -> Universal:
    """||W||_2 <= 1 implies ||W'W - I||_2 < 1; `asks` for full column rank as well."""
    tall = asks or variant.repaired

    def examine(data: Any) -> Examination:
        weight, _ = read(data)
        hypotheses = {"scaled": norm_at_most(weight, ONE)}
        if tall:
            hypotheses["full_rank"] = rank(weight) == len(weight[0])
        return Examination(hypotheses, near(weight, ONE))

    text = f"||W||_2 <= 1{' and full column rank' if tall else ''} implies ||W'W - I||_2 < 1"
    return Universal("condition", text, examine, lambda: [WIDE, NULL, LONG], variant.dropped, [tall])


def one_value(variant: Variant) -> Forall:
    """0 < s and s^2 < 2 implies |1 - s^2| < 1."""
    s = var("s")
    hypotheses: dict[str, Formula] = {"below": s * s < variant.value("square", 2)}
    if variant.keeps("full_rank"):
        hypotheses["full_rank"] = s > 0
    return Forall("one singular value", hypotheses, conj(1 - s * s < 1, 1 - s * s > -1))


def at_most_one() -> Forall:
    """0 < s <= 1 implies s^2 < 2."""
    s = var("s")
    return Forall("scaled singular values", {"scaled": conj(s > 0, s <= 1)}, s * s < 2)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The implication for every matrix."""
    return [condition(variant, False)]


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The implication for full column rank."""
    return [condition(variant, True), one_value(variant), at_most_one()]


def null_vector() -> Forall:
    """v'(I - W'W)v = 1 for a unit vector v with Wv = 0, which every wide W has; r is |Wv|^2."""
    r, v = var("r"), var("v")
    return Forall("null vectors", {"null": equals(r, 0), "unit": equals(v, 1)}, v - r >= 1)


def turned(index: Any) -> bool:
    """Transposing before or after an iteration is the same, for the index-th sample, orders 1 to 3."""
    weight, _ = read(SAMPLES[index])
    return all(step(weight, order) == transposed(step(transposed(weight), order)) for order in (1, 2, 3))


SAMPLES = (
    given([[1, 0]]),
    given([["1/2", "1/3", "-1/5"]]),
    given([["1/2", "1/3", 0], [0, "-1/4", "3/4"]]),
    given([[2, 1], [0, 1], [1, 1]]),
    given([[0, 0], [0, 1]]),
)


def wide(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Wide matrices of full row rank: their singular values move as those of tall ones do."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "order")
        rows = transposed(weight)
        small = near(rows, variant.value("radius", 1))
        return Examination({"near": small}, not surely_misses(weight, as_order(numbers["order"])))

    text = "||WW' - I||_2 < 1 implies that A_k tends to the nearest matrix with orthonormal rows"
    candidates = [given([[0, 0]], order=1)]
    law = Universal("matrices", text, examine, lambda: candidates, variant.dropped, [str(variant.value("radius", 1))])
    text = "an iteration commutes with transposing"
    samples = Exhaustive("samples: 5 shapes", text, lambda: list(range(len(SAMPLES))), turned)
    steps = _steps.general(budget, _steps.defect_sum(), _steps.positive_factor())
    return [law, samples, null_vector(), *steps, _steps.orders()]


SNIPPET = """\
W = [[1, 0]]                             # one row, two columns; its only singular value is 1
gram = [[sum(r[i] * r[k] for r in W) for k in range(2)] for i in range(2)]
off = [[gram[i][k] - (i == k) for k in range(2)] for i in range(2)]
print("W'W - I =", off)                  # diagonal, with the entries 0 and -1: its norm is 1
assert off == [[0, 0], [0, -1]] and not max(abs(off[i][i]) for i in range(2)) < 1
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.rescaling",
        short="[1, 0] has norm 1 and W'W - I = diag(0, -1); full column rank is needed, for wide W use WW'",
        source=SOURCE,
        printed=PRINTED,
        statement="For every W whose singular values are all at most 1, ||W'W - I||_2 < 1.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all real matrices",
        covers_all=True,
        repairs={"full column rank": Variant(repaired=True)},
        counterexamples={"condition": WIDE},
        near_misses=(
            NearMiss("condition", given([["1/100"]]), "a singular value that is small and positive"),
            NearMiss("condition", given([[1], [0]]), "the transpose: full column rank"),
            NearMiss("condition", given([["3/2"]]), "a singular value above one"),
        ),
        minimality="of the matrices but 0 no smaller one fails: a nonzero 1 x 1 matrix has full column rank",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.rescaling_full_rank",
        argument="proof.md#scaling-to-meet-the-condition",
        notes=(
            "Every layer with more inputs than outputs is wide. The algorithm itself works on wide matrices of full "
            "row rank (see anil2019.bjorck.wide); it is the condition that is void for them."
        ),
    ),
    Claim(
        id=f"{ROW}.rescaling_full_rank",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: full column rank",
        statement=(
            "If W has full column rank and all singular values are at most 1, or only below sqrt 2, then "
            "||W'W - I||_2 < 1; with singular values up to c > sqrt 2 it need not hold."
        ),
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all real matrices of full column rank",
        covers_all=True,
        hypotheses={"full_rank": "W has full column rank", "scaled": "all singular values are at most 1"},
        constants={"square": Constant(Fraction(2), Fraction(101, 50), words="the bound on squared singular values")},
        textbook=convergence.CONVERGENCE[:1],
        argument="proof.md#scaling-to-meet-the-condition",
    ),
    Claim(
        id=f"{ROW}.wide",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: for wide matrices, with WW' in place of W'W",
        statement=(
            "If m < n, ||W'W - I||_2 >= 1 for every m x n matrix W; if ||WW' - I||_2 < 1, the iterates tend to the "
            "nearest matrix with orthonormal rows, for every order p >= 1."
        ),
        variant_of=f"{ROW}.rescaling",
        expected=Verdict.PROVED,
        obligations=wide,
        scope="all orders p >= 1, all wide matrices",
        covers_all=True,
        hypotheses={"near": "||WW' - I||_2 < 1"},
        constants={"radius": Constant(ONE, Fraction(101, 100), words="the bound on ||WW' - I||_2")},
        textbook=convergence.CONVERGENCE,
        depends_on=(f"{ROW}.convergence", f"{ROW}.nearest_full_rank"),
        argument="proof.md#scaling-to-meet-the-condition",
    ),
)
