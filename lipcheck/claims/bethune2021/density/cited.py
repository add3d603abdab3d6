"""Section 2.3: "the seminal work of [8], who first proved that those functions are dense".

Plain reading: those functions are the networks just described, of orthogonal matrices and sorts, with spectral norms
at most one. Theorem 3 of [8] is about weights with ||W||_∞ = 1 after a first one with ||W||_{p,∞} = 1. Such weights may
have any spectral norm up to the root of the number of rows: [1; 1], which copies a unit, has root 2. [8] calls the
spectral case an open question.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.density.functions import ROW
from lipcheck.exact import matrix
from lipcheck.norms import spectral_norm_at_most
from lipcheck.norms.bjorck import transposed
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.3"
PRINTED = (
    "This implementation is based on the seminal work of [8], who first proved that those functions are dense in the "
    "space of 1-Lipschitz functions."
)
WEIGHTS = "weights of Theorem 3 of [8]"
COPY: Any = {"matrix": [["1"], ["1"]]}


def examine(data: Data, repaired: bool) -> Examination:
    """Whether a weight with ||W||_∞ = 1 has a spectral norm of at most one."""
    weight = matrix(data["matrix"], "matrix")
    rows, columns = ([sum(map(abs, row), Fraction(0)) for row in rows] for rows in (weight, transposed(weight)))
    hypotheses = {"infinity norm": max(rows) == 1}
    if repaired:
        hypotheses["1-norm"] = max(columns) <= 1
    return Examination(hypotheses, spectral_norm_at_most(weight, Fraction(1)))


def one_row() -> Forall:
    """|w| <= |w|_1 with one more entry: the squares of a row add up to at most the square of its absolute values."""
    S, A, a = var("S"), var("A"), var("a")
    given = {"others": conj(S <= A * A, A >= 0)}
    return Forall("minimal: one row", given, (A + absolute(a)) ** 2 >= S + a * a)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Weights, one by one."""
    text = "a weight with ||W||_∞ = 1 has a spectral norm of at most one" + (
        " if its columns have absolute sums of at most one" if variant.repaired else ""
    )
    found = Universal(WEIGHTS, text, lambda data: examine(data, variant.repaired), lambda: [COPY],
                      parameters=variant.repaired)  # fmt: skip
    return [found] if variant.repaired else [found, one_row()]


CLAIMS = (
    Claim(
        id=f"{ROW}.cited",
        short="[8] proves it for ||W||_∞ = 1, where [1; 1] has spectral norm sqrt 2, and calls the 2-norm case open",
        source=SOURCE,
        printed=PRINTED,
        reading="those functions: networks of section 2.3, with spectral norms at most one; the networks whose density "
        "[8] proves are among them",
        variant_of=ROW,
        statement="The weights of the networks whose density [8] proves, with ||W||_∞ = 1, have spectral norms of at "
        "most one.",
        expected=Verdict.REFUTED,
        grade=Grade.CITATION,
        obligations=obligations,
        scope="all weights with ||W||_∞ = 1",
        covers_all=True,
        repairs={"1-norm at most one as well": Variant(repaired=True)},
        counterexamples={WEIGHTS: COPY},
        near_misses=(
            NearMiss(WEIGHTS, {"matrix": [["1/2", "1/2"]]}, "one row: norm below one, and not orthogonal"),
            NearMiss(WEIGHTS, {"matrix": [["0", "1"], ["-1", "0"]]}, "a permutation up to signs"),
            NearMiss(WEIGHTS, {"matrix": [["1"], ["2"]]}, "||W||_∞ = 2"),
            NearMiss(WEIGHTS, {"matrix": [["9/10"], ["9/10"]]}, "||W||_∞ = 9/10"),
        ),
        minimality="two rows and one column: a row with absolute sum one has a length of at most one",
        snippet="""\
W = [[1], [1]]                             # copies a unit, as every step of the proof in [8] does
rows = max(sum(map(abs, row)) for row in W)
image = [row[0] * 1 for row in W]
print("||W||_inf =", rows, "; |W 1|^2 =", sum(v * v for v in image))
assert rows == 1 and sum(v * v for v in image) > 1
""",
        repaired_by="anil2019.theorem_3",
        argument="proof.md#what-the-cited-paper-proves",
        notes="Section 6 of [8]: 'it remains an open question whether 2-norm constrained GroupSort networks are also "
        "universal Lipschitz function approximators'. That the proof in [8] does not give the statement does not make "
        "it false: density.networks.",
    ),
)
