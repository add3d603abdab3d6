"""ICML, footnote 2: singular values of 1 imply gradient norm preservation.

Plain reading: if all singular values of W are 1, the back-propagated gradient W'g is as long as g. True for W with at
most as many rows as columns, where W W' = I; false for tall W, whose transpose has a kernel.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML
from lipcheck.claims.anil2019.orthonormal_gnp.common import ROW, unit_singular_values
from lipcheck.exact import dot, matrix, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICML}, section 3, footnote 2; {ICLR}, section 4.2.1 (orthonormality, to preserve the gradient norm)"
PRINTED = (
    "Another key observation is that we may adjust all weight matrices to have singular values of 1 without losing "
    "capacity. [footnote 2:] This condition implies gradient norm preservation."
)
TALL: Data = {"weight": [["1"], ["0"]], "gradient": ["0", "1"]}
WIDE: Data = {"weight": [["3/5", "4/5"]], "gradient": ["1"]}
LONG: Data = {"weight": [["101/100"]], "gradient": ["1"]}
SQUARE: Data = {"weight": [["3/5", "-4/5"], ["4/5", "3/5"]], "gradient": ["1", "2"]}


def examine(data: Data, value: Fraction, wide: bool) -> Examination:
    """Whether W'g is as long as g."""
    weight, gradient = matrix(data["weight"], "weight"), vector(data["gradient"], "gradient")
    back = [dot(column, gradient) for column in zip(*weight, strict=True)]
    hypotheses = {"singular values": unit_singular_values(weight, value)}
    if wide:
        hypotheses["wide"] = len(weight) <= len(weight[0])
    return Examination(hypotheses, dot(back, back) == dot(gradient, gradient))


def matrices(variant: Variant, wide: bool) -> Universal:
    """Single matrices and gradients."""
    text = "a matrix with all singular values 1" + (", with no more rows than columns," if wide else "")
    value = variant.value("singular value", 1)
    return Universal("matrices", f"{text} has |W'g| = |g|", lambda data: examine(data, value, wide),
                     lambda: [WIDE, SQUARE, TALL, LONG], variant.dropped, [str(value), wide])  # fmt: skip


def one_more_row(variant: Variant) -> Forall:
    """s = |sum of g_i w_i|^2 over other rows, c its product with a row w, q = |w|^2; one more row and entry g."""
    s, c, q, g, length = var("s"), var("c"), var("q"), var("g"), var("length")
    given: dict[str, Formula] = {
        "others": equals(s, length),
        "orthonormal rows": conj(equals(c, 0), equals(q, variant.value("singular value", 1) ** 2)),
    }
    return Forall("one more row", given, equals(s + 2 * g * c + g * g * q, length + g * g))


def only_orthonormal() -> Forall:
    """Two rows u, v: if |a u + b v|^2 = a^2 + b^2 at (1, 0), (0, 1) and (1, 1), they are orthonormal."""
    uu, uv, vv = var("uu"), var("uv"), var("vv")
    kept = conj(equals(uu, 1), equals(vv, 1), equals(uu + 2 * uv + vv, 2))
    return Forall("only orthonormal rows", {"norms": kept}, conj(equals(uu, 1), equals(vv, 1), equals(uv, 0)))


def one_row() -> Forall:
    """W with one row of norm 1: |g w|^2 = g^2, whatever the number of columns."""
    g, q = var("g"), var("q")
    return Forall("minimal: matrices with one row", {"row": equals(q, 1)}, equals(g * g * q, g * g))


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Any shape; repaired, no more rows than columns."""
    return [matrices(variant, variant.repaired), one_row()]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Any number of rows, by adding one; and the converse, by pairs of rows."""
    return [matrices(variant, True), one_more_row(variant), only_orthonormal()]


SNIPPET = """\
W = [[1], [0]]                            # two units that read one: the singular value is 1
g = [0, 1]                                # the gradient with respect to the two units
back = [sum(W[i][j] * g[i] for i in range(2)) for j in range(1)]
print("W'W =", W[0][0] ** 2 + W[1][0] ** 2, " |g|^2 =", g[0] ** 2 + g[1] ** 2, " W'g =", back)
assert W[0][0] ** 2 + W[1][0] ** 2 == 1 and back == [0]
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="If all singular values of W in R^{m x k} are 1, then ||W'g||_2 = ||g||_2 for every g in R^m.",
        short="a layer with more outputs than inputs loses gradients; true for no more outputs than inputs",
        reading="each layer preserves the norm of the gradients that pass back through it, as in section 3",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="matrices of every shape",
        covers_all=True,
        repairs={"no more rows than columns": Variant(repaired=True)},
        counterexamples={"matrices": TALL},
        near_misses=(
            NearMiss("matrices", {**TALL, "gradient": ["1", "0"]}, "this gradient lies in the range of W"),
            NearMiss("matrices", WIDE, "a wide matrix"),
            NearMiss("matrices", LONG, "the singular value is 101/100"),
        ),
        minimality="two rows, one column: every matrix with one row of norm 1 preserves the norm",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.layer",
        argument="proof.md#one-layer",
        notes=(
            "In a network whose gradient has norm one, the setting of Theorem 2, every layer keeps the gradients that "
            "occur, whatever its singular values. Whole networks with orthonormal weights can be flat: see "
            "`throughout_training_any_widths`. A layer that widens loses gradients outside of the range of W. The "
            "networks of figures 4 and 5 (1 and 2 inputs before 128 and 312 units) and the MNIST classifiers (784 "
            "before 1024) widen; the critics of section 7.2 (784 or 3072 inputs before 720 units) do not."
        ),
    ),
    Claim(
        id=f"{ROW}.layer",
        source=f"{SOURCE}, corrected",
        printed=PRINTED,
        statement=(
            "||W'g||_2 = ||g||_2 for every g exactly if the rows of W are orthonormal, W W' = I; for W with all "
            "singular values 1 this is so exactly if W has no more rows than columns."
        ),
        reading="repaired: wide and square matrices",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all real matrices",
        covers_all=True,
        hypotheses={
            "singular values": "all singular values are 1",
            "wide": "there are no more rows than columns",
        },
        constants={"singular value": Constant(Fraction(1), Fraction(101, 100), words="the common singular value")},
        textbook=(
            Textbook("induction over the rows", "Peano's axioms"),
            Textbook("m orthonormal rows in R^k exist only for m <= k", "Horn and Johnson, 0.6"),
        ),
        depends_on=("anil2019.orthonormal_meaning",),
        argument="proof.md#one-layer",
    ),
)
