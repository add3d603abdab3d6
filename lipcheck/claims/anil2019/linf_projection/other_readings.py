"""Section 4.2.2 in other readings: its heading "ENFORCING ||W||_inf = 1"; the ball of entries; Algorithm 1 without the
test for interior points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lipcheck.claims.anil2019.linf_projection import common
from lipcheck.claims.anil2019.linf_projection.common import ICLR, ICML, ONE, PRINTED, ROW
from lipcheck.exact import Matrix, Vector, vector
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SECTION = f"{ICLR}, section 4.2.2; {ICML}, section 4.2.2"
MATRICES: list[Any] = [[["1/2"]], [["1", "1"]], [["3", "-1"], ["0", "1/2"]]]


def clip(w: Vector) -> Vector:
    """The nearest vector with entries in [-1, 1]."""
    return tuple(max(-ONE, min(ONE, a)) for a in w)


def matrices(name: str, text: str, holds: Callable[[Matrix], bool], variant: Variant) -> Universal:
    """A statement about matrices."""
    return Universal(name, text, lambda data: Examination({}, holds(common.rows(data))), lambda: MATRICES,
                     parameters=variant.repaired)  # fmt: skip


def norm_after(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """||P(W)||_inf = 1; repaired: min(1, ||W||_inf)."""

    def holds(weight: Matrix) -> bool:
        wanted = min(ONE, common.infinity_norm(weight)) if variant.repaired else ONE
        return common.infinity_norm(tuple(map(common.project, weight))) == wanted

    text = "the projection of W has norm " + ("min(1, ||W||_inf)" if variant.repaired else "1")
    return [matrices("the norm after projection", text, holds, variant)]


def clipped(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Entries clipped to [-1, 1] leave ||W||_inf <= 1; repaired: rows projected onto the l1 ball."""
    project = common.project if variant.repaired else clip
    text = "W after " + ("the projection of its rows" if variant.repaired else "clipping its entries to [-1, 1]")
    rule = matrices("the norm after clipping", f"{text} has ||W||_inf <= 1",
                    lambda weight: common.infinity_norm(tuple(map(project, weight))) <= 1, variant)  # fmt: skip
    w = var("w")
    inside: dict[str, Formula] = {"clipped": w * w <= 1}
    return [rule, Forall("minimal: one column", inside, conj(w <= 1, w >= -1))]


def algorithm(data: Any, repaired: bool) -> Examination:
    """Whether Algorithm 1 alone gives the projection; repaired, the row lies outside the ball or on its border."""
    w = vector(data, "w")
    hypotheses = {"outside": common.l1(w) >= 1} if repaired else {}
    return Examination(hypotheses, common.algorithm_1(w) == common.project(w))


def without_test(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Algorithm 1 applied to the absolute values of every row."""
    text = "Algorithm 1, applied to |w| with the signs put back, is the projection of w onto the l1 ball"
    candidates = [["1/2"], ["2"], ["1/4", "0"], ["1/4", "-1/4"], ["3", "-1", "1/2"]]
    return [Universal("rows", text, lambda data: algorithm(data, variant.repaired), lambda: candidates,
                      parameters=variant.repaired)]  # fmt: skip


ENFORCES = Claim(
    id=f"{ROW}.enforces",
    short="A matrix inside the ball is its own projection, so its norm stays below 1: what is enforced is at most 1.",
    source=f"{SECTION}, heading",
    printed="ENFORCING ||W||∞ = 1",
    statement="After the projection ||W||_inf = 1.",
    reading="what the section's algorithm is said to be: a projection onto the ball",
    expected=Verdict.REFUTED,
    grade=Grade.WORDING,
    obligations=norm_after,
    scope="matrices of any size",
    covers_all=True,
    counterexamples={"the norm after projection": [["1/2"]]},
    minimality="one row, one column",
    near_misses=(
        NearMiss("the norm after projection", [["2"]], "outside the ball: projected to norm one"),
        NearMiss("the norm after projection", [["1/2", "1/2"], ["0", "0"]], "one row of norm one is enough"),
    ),
    repairs={"min(1, ||W||_inf)": Variant(repaired=True)},
    repaired_by=ROW,
    snippet=(
        "from fractions import Fraction\n"
        "def project(w): return max(-1, min(1, w))  # the l1 ball of R^1 is [-1, 1]\n"
        "W = Fraction(1, 2)\n"
        "print('norm after the projection:', abs(project(W)))\n"
        "assert abs(project(W)) != 1"
    ),
    argument="proof.md#the-norm-that-is-enforced",
    notes=(
        "What is needed, and what the projection gives, is a norm of at most one. Algorithm 1 of Condat itself ends "
        "with norm one, but is no projection onto the ball: .norm_one, .algorithm_1."
    ),
)

ENTRYWISE = Claim(
    id=f"{ROW}.entrywise",
    short="Clipping entries to [-1, 1] keeps [1, 1], of infinity-norm 2; the ball that is meant is that of row sums.",
    source=SECTION,
    printed=PRINTED,
    statement="If W is projected onto {W : all |w_ij| <= 1}, then ||W||_inf <= 1.",
    reading="the L_inf ball of matrices as vectors of entries",
    variant_of=ROW,
    expected=Verdict.REFUTED,
    grade=Grade.WORDING,
    obligations=clipped,
    scope="matrices of any size",
    covers_all=True,
    counterexamples={"the norm after clipping": [["1", "1"]]},
    minimality="one row, two columns: with one column the two balls are the same",
    near_misses=(NearMiss("the norm after clipping", [["5"], ["-5"]], "one column: clipping bounds the row sums"),),
    repairs={"the ball of the operator norm": Variant(repaired=True)},
    repaired_by=ROW,
    snippet=(
        "row = [1, 1]  # all entries in [-1, 1] already\n"
        "print('norm of the row as an operator:', sum(map(abs, row)))\n"
        "assert sum(map(abs, row)) > 1"
    ),
    argument="proof.md#the-norm-that-is-enforced",
    notes="The paper means the operator norm: Algorithm 1 of its source is about the simplex, not about a cube.",
)

ALGORITHM = Claim(
    id=f"{ROW}.algorithm_1",
    short="Algorithm 1 projects onto the simplex, so it moves rows inside the ball; it is right for |w|_1 >= 1.",
    source=SECTION,
    printed=PRINTED,
    statement="For every row w, Algorithm 1 applied to |w|, with the signs put back, projects onto the l1 ball.",
    reading="Algorithm 1, a projection onto the simplex, for every row, without asking first whether |w|_1 <= 1",
    variant_of=ROW,
    expected=Verdict.REFUTED,
    grade=Grade.HYPOTHESIS,
    obligations=without_test,
    scope="rows of any length",
    covers_all=True,
    counterexamples={"rows": ["1/2"]},
    minimality="one entry",
    near_misses=(
        NearMiss("rows", ["2"], "outside the ball the two agree"),
        NearMiss("rows", ["1/2", "-1/2"], "on the border of the ball the threshold is 0"),
    ),
    repairs={"rows with |w|_1 >= 1": Variant(repaired=True)},
    repaired_by=ROW,
    snippet=(
        "from fractions import Fraction\n"
        "w = Fraction(1, 2)  # inside the ball: nothing to project\n"
        "threshold = (abs(w) - 1) / 1  # Algorithm 1 with one entry\n"
        "print(w, '->', max(abs(w) - threshold, 0))\n"
        "assert max(abs(w) - threshold, 0) != w"
    ),
    argument="proof.md#the-norm-that-is-enforced",
    notes=(
        "Inside the ball the threshold is negative and entries grow: a row without zeros ends up with |w|_1 = 1, as "
        "the heading says, but is moved; a row with zeros, whose sign is 0, ends up with neither: (1/4, 0) becomes "
        "(5/8, 0). The authors' published code (cemanil/LNets, math/projections/linf_ball.py) has no such test either."
    ),
)

CLAIMS = (ENFORCES, ENTRYWISE, ALGORITHM)
