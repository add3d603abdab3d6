"""Section 2.2: "techniques exist to efficiently ensure that ||W||_p = 1 when p = 2 or p = inf. We discuss these in
Section 4.2."

Plain reading: the techniques of section 4.2, Bjorck's iteration for p = 2 and the projection for p = inf, return
matrices of norm exactly one. The projection leaves a matrix inside the ball as it is; the iteration only tends to norm
one. What both ensure is a norm of at most one; the iteration from every matrix of norm at most 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.linf_projection import common as projection
from lipcheck.claims.anil2019.spectral_normalization.common import SVD, apply, gram, rows, transposed
from lipcheck.exact import Matrix
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Anil, Lucas, Grosse 2019, section 2.2, in both versions"
ROW = "anil2019.enforcing_norm_one"
ONE = Fraction(1)
INSIDE: list[list[str]] = [["1/2"]]
TWO = {"W": [["2"]], "iterations": 1}
ITERATED = [
    {"W": [["1/2"]], "iterations": 3},
    {"W": [["1/2", "0"], ["0", "2"]], "iterations": 2},
    {"W": [["1", "1"], ["0", "1"]], "iterations": 3},
    {"W": [["201/100"]], "iterations": 1},
    {"W": [["0"]], "iterations": 1},
]


class TechniqueError(LipcheckError, ValueError):
    """Data that describe no use of a technique."""


def bjorck(weight: Matrix) -> Matrix:
    """One iteration of first order, W (3 I - W'W) / 2."""
    square = gram(weight)
    factor = tuple(tuple((3 * (i == j) - w) / Fraction(2) for j, w in enumerate(row)) for i, row in enumerate(square))
    return tuple(apply(transposed(factor), row) for row in weight)


def iterated(data: Any) -> tuple[Matrix, Matrix]:
    """The matrix, and what the iterations make of it."""
    if not isinstance(data, dict) or set(data) != {"W", "iterations"}:
        raise TechniqueError("the data have exactly the entries W and iterations")
    count = data["iterations"]
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 5:
        raise TechniqueError("iterations are 1 to 5: each makes the numbers three times as long")
    start = weight = rows(data["W"])
    for _ in range(count):
        weight = bjorck(weight)
    return start, weight


def below_one(weight: Matrix) -> bool:
    """Whether ||W||_2 < 1 for one row or one column, where the norm is a length."""
    return min(len(weight), len(weight[0])) == 1 and sum((w * w for row in weight for w in row), 0 * ONE) < 1


def ensured(data: Any, repaired: bool) -> Examination:
    """Whether the iterations end with ||W||_2 = 1; repaired: at most 1, from a norm of at most 2."""
    start, weight = iterated(data)
    hypotheses = {"start": spectral_norm_at_most(start, Fraction(2)), "nonzero": any(map(any, start))}
    at_most = spectral_norm_at_most(weight, ONE)
    return Examination(hypotheses, at_most if repaired else not below_one(weight))


def projected(data: Any, repaired: bool) -> Examination:
    """Whether the projection ends with ||W||_inf = 1; repaired: at most 1."""
    weight = rows(data)
    norm = projection.infinity_norm(tuple(map(projection.project, weight)))
    return Examination({"nonzero": any(map(any, weight))}, norm <= 1 if repaired else norm == 1)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both techniques; and that the iteration never reaches one from below."""
    relation = "<=" if variant.repaired else "="
    linf = Universal("projection, p = inf", f"||P(W)||_inf {relation} 1 for W != 0",
                     lambda data: projected(data, variant.repaired), lambda: [INSIDE, [["3", "1"]]],
                     parameters=variant.repaired)  # fmt: skip
    two = Universal("Bjorck, p = 2", f"||.||_2 {relation} 1 after the iterations, from W != 0, ||W||_2 <= 2",
                    lambda data: ensured(data, variant.repaired), lambda: ITERATED,
                    parameters=variant.repaired)  # fmt: skip
    return [linf, two, never()]


def never() -> Forall:
    """0 < s < 1 stays below 1: 2 - s (3 - s^2) = (1 - s)^2 (2 + s)."""
    s, q = var("s"), var("q")
    square = conj(equals(q, (1 - s) ** 2), q > 0)
    given: dict[str, Formula] = {"below": conj(s > 0, s < 1), "square": square}
    return Forall("never one from below", given, conj(s * (3 - s * s) < 2, s * (3 - s * s) > 0), hint=Hint(3),
                  witness={"s": ONE / 2, "q": ONE / 4})  # fmt: skip


def singular_values(variant: Variant) -> Forall:
    """s (3 - s^2) / 2 lies in [-1, 1] for 0 <= s <= 2: 2 - s (3 - s^2) = (1 - s)^2 (2 + s), and 2 + s (3 - s^2) =
    (1 + s)^2 (2 - s)."""
    s, q, r = var("s"), var("q"), var("r")
    given: dict[str, Formula] = {
        "singular value": s >= 0,
        "squares": conj(q <= (1 - s) ** 2, q >= (1 - s) ** 2, q >= 0, r <= (1 + s) ** 2, r >= (1 + s) ** 2, r >= 0),
    }
    if variant.keeps("start"):
        given["start"] = s <= variant.value("start", 2)
    return Forall("singular values", given, conj(s * (3 - s * s) <= 2, s * (3 - s * s) >= -2), hint=Hint(2))


def at_most(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Matrices by example, and singular values."""
    start = variant.value("start", 2)

    def examine(data: Any) -> Examination:
        before, after = iterated(data)
        return Examination({"start": spectral_norm_at_most(before, start)}, spectral_norm_at_most(after, ONE))

    text = f"||.||_2 <= 1 after the iterations, from ||W||_2 <= {start}"
    rule = Universal("Bjorck, p = 2", text, examine, lambda: [*ITERATED, TWO], variant.dropped, str(start))
    return [rule, singular_values(variant), above_two()]


def above_two() -> Forall:
    """From s > 2 one iteration leads below -1: 2 + s (3 - s^2) = (1 + s)^2 (2 - s)."""
    s, q = var("s"), var("q")
    given: dict[str, Formula] = {"above": s > 2, "square": conj(equals(q, (1 + s) ** 2), q > 0)}
    point = {"s": 3 * ONE, "q": 16 * ONE}
    return Forall("norms above two", given, s * (3 - s * s) < -2, hint=Hint(2), witness=point)


CLAIMS = (
    Claim(
        id=ROW,
        short="The projection keeps [1/2], and finitely many Bjorck iterations from [1/2] stay below norm 1; what is "
        "ensured is at most 1.",
        source=SOURCE,
        printed=(
            "Enforcing matrix norm constraints naively may be computationally expensive. Fortunately, techniques exist "
            "to efficiently ensure that ||W||_p = 1 when p = 2 or p = ∞. We discuss these in Section 4.2."
        ),
        statement=(
            "For every W != 0 the projection of section 4.2.2 has ||.||_inf = 1; and for W != 0 with ||W||_2 <= 2 any "
            "number of iterations of section 4.2.1 ends with ||.||_2 = 1."
        ),
        reading="the techniques are those of section 4.2, as run: a projection onto the ball, finitely many iterations",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="matrices of any size",
        covers_all=True,
        counterexamples={"projection, p = inf": INSIDE, "Bjorck, p = 2": ITERATED[0]},
        minimality="one row, one column, for both",
        near_misses=(
            NearMiss("projection, p = inf", [["0"]], "the zero matrix, which no technique could bring to norm one"),
            NearMiss("projection, p = inf", [["3", "1"]], "outside the ball"),
            NearMiss("Bjorck, p = 2", {"W": [["1"]], "iterations": 1}, "norm one from the beginning"),
            NearMiss("Bjorck, p = 2", {"W": [["3"]], "iterations": 1}, "norm above 2: outside of the statement"),
        ),
        repairs={"at most one": Variant(repaired=True)},
        repaired_by=f"{ROW}.at_most_one",
        snippet=(
            "from fractions import Fraction as F\n"
            "print('projected:', max(F(-1), min(F(1), F(1, 2))))\n"
            "w = F(1, 2)\n"
            "for k in range(5): w = w * (3 - w * w) / 2\n"
            "print('after 5 iterations: 1 -', float(1 - w))\n"
            "assert w < 1"
        ),
        argument="proof.md#at-most-one",
        notes=(
            "The ICLR sentence is quoted; ICML says 'We discuss techniques'. A norm of at most one is what is needed, "
            "and what the sentences before speak of. Algorithm 1 of Condat without the test for interior points does "
            "end with norm one, but is no projection onto the ball: anil2019.linf_projection.norm_one. Spectral "
            "normalization errs on the other side: anil2019.spectral_normalization. In the weakest reading, that some "
            "technique exists, it is true: .exactly_one."
        ),
    ),
    Claim(
        id=f"{ROW}.at_most_one",
        source=SOURCE,
        printed="[...] techniques exist to efficiently ensure that ||W||_p = 1 when p = 2 or p = ∞.",
        statement=(
            "After the projection ||W||_inf <= 1. If ||W||_2 <= 2, then after one or more iterations W (3 I - W'W) / 2 "
            "the 2-norm is at most 1. If ||W||_2 > 2, it is above 1 after one iteration."
        ),
        reading="repaired: at most one",
        expected=Verdict.PROVED,
        obligations=at_most,
        scope="matrices of any size, any number of iterations",
        covers_all=True,
        hypotheses={"start": "||W||_2 <= 2 before the first iteration"},
        constants={"start": Constant(Fraction(2), Fraction(201, 100), words="the bound on the norm before")},
        textbook=(SVD, Textbook("induction over iterations", "Peano's axioms")),
        depends_on=("anil2019.linf_projection",),
        argument="proof.md#at-most-one",
        notes="No convergence is needed: a singular value in [0, 2] is sent into [-1, 1], and stays there.",
    ),
)
