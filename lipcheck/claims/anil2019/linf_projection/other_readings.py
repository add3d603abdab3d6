"""Section 4.2.2 in other readings: its heading "ENFORCING ||W||_inf = 1"; the ball of entries; Algorithm 1 without the
test for interior points; rows of the shape that section 2 prints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lipcheck.claims.anil2019.linf_projection import common
from lipcheck.claims.anil2019.linf_projection.common import ICLR, ICML, ONE, PRINTED, ROW
from lipcheck.exact import Matrix, Vector, vector
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SECTION = f"{ICLR}, section 4.2.2; {ICML}, section 4.2.2"
MATRICES: list[Any] = [[["1/2"]], [["1", "1"]], [["1"], ["1"]], [["3", "-1"], ["0", "1/2"]]]


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


def transposed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Rows of the weight in the printed shape R^(n_(l-1) x n_l), which acts as h -> W'h; repaired: its columns."""

    def holds(weight: Matrix) -> bool:
        columns: Matrix = tuple(zip(*weight, strict=True))
        if variant.repaired:
            return common.infinity_norm(tuple(map(common.project, columns))) <= 1
        projected = tuple(map(common.project, weight))
        return common.infinity_norm(tuple(zip(*projected, strict=True))) <= 1

    text = "with the " + ("columns" if variant.repaired else "rows") + " of W projected, h -> W'h has norm at most 1"
    one_row = Exhaustive(
        "minimal: one row",
        "with one row, of entries -2, -1, 0, 1, 2, each entry of the projection is at most 1",
        lambda: [[str(a), str(b)] for a in range(-2, 3) for b in range(-2, 3)],
        lambda row: max(map(abs, common.project(vector(row)))) <= 1,
    )
    return [matrices("rows of the printed shape", text, holds, variant), one_row]


ENFORCES = Claim(
    id=f"{ROW}.enforces",
    source=f"{SECTION}, heading",
    printed="ENFORCING ||W||∞ = 1",
    statement="After the projection ||W||_inf = 1.",
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
    notes="What is needed, and what the projection gives, is a norm of at most one.",
)

ENTRYWISE = Claim(
    id=f"{ROW}.entrywise",
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
        "(5/8, 0). The authors' published code applies the threshold without the test."
    ),
)

PRINTED_SHAPE = Claim(
    id=f"{ROW}.printed_shape",
    source=f"{ICLR}, appendix G.4 with section 2",
    printed="We applied the projection to each row in the weight matrices after each gradient update [...] "
    "Wl ∈ R^(nl−1×nl) [...] zl = Wl hl−1 + bl",
    statement="If each row of W in R^(n_(l-1) x n_l) is projected onto the l1 ball, the layer's map h -> W'h has "
    "||W'||_inf <= 1.",
    reading="rows of the shape that section 2 prints, whose product with h has to be read as W'h",
    variant_of=ROW,
    expected=Verdict.REFUTED,
    grade=Grade.WORDING,
    obligations=transposed,
    scope="matrices of any size",
    covers_all=True,
    counterexamples={"rows of the printed shape": [["1"], ["1"]]},
    minimality="two rows, one column: with one row each row of W' has one entry, which is at most 1",
    near_misses=(
        NearMiss("rows of the printed shape", [["1/2"], ["1/2"]], "the column has norm one"),
        NearMiss("rows of the printed shape", [["7", "7"]], "one row"),
    ),
    repairs={"columns of the printed shape": Variant(repaired=True)},
    repaired_by=ROW,
    snippet=(
        "W = [[1], [1]]  # two inputs, one output in the printed shape; each row has l1 norm 1\n"
        "column = [row[0] for row in W]\n"
        "print('norm of the layer:', sum(map(abs, column)))\n"
        "assert sum(map(abs, column)) > 1"
    ),
    argument="proof.md#the-norm-that-is-enforced",
    notes="With rows as in z = W h, the statement is the main one. The printed shape is a slip of section 2.",
)

CLAIMS = (ENFORCES, ENTRYWISE, ALGORITHM, PRINTED_SHAPE)
