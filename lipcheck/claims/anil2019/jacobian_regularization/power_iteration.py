"""Appendix E: "Power iteration can be used to compute the leading singular value of a matrix J with the following
repeated steps, v_k = J'u_(k-1) / |J'u_(k-1)|_2, u_k = J v_k / |J v_k|_2. Then we have sigma(J) = [about] u'J v."

Plain reading: for a start that is not orthogonal to the leading left singular vectors, which random starts are not, the
estimates increase to sigma(J). For every start, it is false; and when J changes from batch to batch, u goes on from a
start that suits another matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.jacobian_regularization import common
from lipcheck.claims.anil2019.jacobian_regularization.common import ALGORITHM_1, ROW, SOURCE
from lipcheck.claims.anil2019.spectral_normalization import estimate
from lipcheck.claims.anil2019.spectral_normalization.common import norm_at_most, squared_estimate, step
from lipcheck.claims.anil2019.spectral_normalization.largest import rank_one
from lipcheck.exact import Vector, dot, matrix, vector
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ONE = Fraction(1)
UNLUCKY = {"J": [["2", "0"], ["0", "1"]], "u": ["0", "1"]}
STARTS = [UNLUCKY, {"J": [["1", "0"], ["0", "1"]], "u": ["0", "1"]}, {"J": [["2", "0"], ["0", "1"]], "u": ["1", "0"]}]
TURNS = {"first": [["2", "0"], ["0", "1"]], "second": [["1", "0"], ["0", "2"]], "u": ["1", "1"]}
SAME = {"first": [["2", "0"], ["0", "1"]], "second": [["2", "0"], ["0", "1"]], "u": ["1", "0"]}


def parallel(a: Vector, b: Vector) -> bool:
    """Whether a and b have one direction."""
    return dot(a, b) > 0 and dot(a, b) ** 2 == dot(a, a) * dot(b, b)


def stuck(data: Any, repaired: bool) -> Examination:
    """Where an iteration leaves the direction of u as it was, whether the estimate, the same for ever, is sigma(J)."""
    J, u = common.jacobian_and_start(data)
    fixed = parallel(step(J, u)[1], u)
    square = squared_estimate(J, u, 1)
    hypotheses = {"fixed": fixed}
    if repaired:
        # J is diagonal in the data that are offered: the leading left singular vectors are those of the largest entry.
        largest = max(abs(row[i]) for i, row in enumerate(J))
        diagonal = all(w == 0 for i, row in enumerate(J) for j, w in enumerate(row) if i != j)
        hypotheses["overlap"] = diagonal and any(u[i] for i, row in enumerate(J) if abs(row[i]) == largest)
    return Examination(hypotheses, norm_at_most(J, square))


def any_start(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every start for which the steps are defined; and why one row or one column is no counterexample."""
    text = "if an iteration from u does not turn u, its estimate is sigma(J)"
    rule = Universal("starts", text, lambda data: stuck(data, variant.repaired), lambda: STARTS,
                     parameters=variant.repaired)  # fmt: skip
    return [rule] if budget is Budget.SMOKE else [rule, rank_one()]


def turning(data: Any) -> Examination:
    """Two matrices in turn, from u: whether u comes back to its direction after both; whether the estimates are
    right."""
    names = ("first", "second", "u")
    first, second, u = common.entries(data, names)
    matrices, start = (matrix(first, "first"), matrix(second, "second")), vector(u, "u")
    if {len(J) for J in matrices} != {len(start)}:
        raise common.RegularizerError("u has one entry for each row")
    current, right = start, True
    for J in matrices:
        right = right and norm_at_most(J, squared_estimate(J, current, 1))
        current = step(J, current)[1]
    return Examination({"cycle": parallel(current, start)}, right)


def batches(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two batches in turn; repaired: the same Jacobian in every batch, after the iteration has converged."""
    text = "if u returns after the two batches, the estimates for both are their spectral norms"

    def examine(data: Any) -> Examination:
        found = turning(data)
        same = {"one Jacobian": data["first"] == data["second"]} if variant.repaired else {}
        return Examination({**found.hypotheses, **same}, found.conclusion)

    candidates = [TURNS, SAME] if not variant.repaired else [SAME, TURNS]
    rule = Universal("two batches in turn", text, examine, lambda: candidates, parameters=variant.repaired)
    return [rule, cycle()]


def cycle() -> Forall:
    """From (a, b): diag(2, 1) gives (4a, b), diag(1, 2) then (4a, 4b), with the squared estimate N on the second.

    N (16 a^2 + 4 b^2) = 16 a^2 + 16 b^2 is less than 4 times the denominator unless a = 0; so is the estimate M on the
    first, M (4 a^2 + b^2) = 16 a^2 + b^2, unless b = 0. (x, y) is u after both batches: 4 (a, b), the same direction.
    """
    a, b, M, N, x, y = map(var, ("a", "b", "M", "N", "x", "y"))
    v, u = (2 * a, b), (2 * (2 * a), b)
    w, z = (u[0], 2 * u[1]), (u[0], 2 * (2 * u[1]))
    given: dict[str, Formula] = {
        "start": conj(a * a > 0, b * b > 0),
        "first estimate": equals(M * (v[0] * v[0] + v[1] * v[1]), u[0] * u[0] + u[1] * u[1]),
        "second estimate": equals(N * (w[0] * w[0] + w[1] * w[1]), z[0] * z[0] + z[1] * z[1]),
        "after": conj(equals(x, z[0]), equals(y, z[1])),
    }
    point = {"a": ONE, "b": ONE, "M": ONE * 17 / 5, "N": ONE * 32 / 20, "x": 4 * ONE, "y": 4 * ONE}
    conclusion = conj(M < 4, N < 4, equals(x, 4 * a), equals(y, 4 * b))
    return Forall("every start with both entries", given, conclusion, witness=point)


POWER_ITERATION = (
    "Power iteration can be used to compute the leading singular value of a matrix J with the following repeated "
    "steps, v_k = Jᵀu_{k−1}/||Jᵀu_{k−1}||_2, u_k = Jv_k/||Jv_k||_2. Then we have σ(J) ≈ uᵀJv."
)
CLAIMS = (
    Claim(
        id=f"{ROW}.power_iteration",
        source=SOURCE,
        printed=POWER_ITERATION,
        statement=(
            "If u_0 is not orthogonal to the space of the leading left singular vectors of J != 0, then u_k'J v_k "
            "never decreases in k and tends to sigma(J), with 1 - (u_k'J v_k)^2 / sigma^2 <= T / (4 k A), A and T the "
            "squared lengths of u_0 in and off that space. Almost every start is of this kind."
        ),
        reading="for a generic start, as Algorithm 1 says: 'Initialize u randomly'",
        expected=Verdict.PROVED,
        obligations=estimate.obligations,
        scope="matrices of any size, fixed during the iteration",
        covers_all=True,
        hypotheses=estimate.HYPOTHESES,
        constants=estimate.CONSTANTS,
        textbook=(
            *estimate.TEXTBOOK,
            Textbook("proper subspaces have measure zero", "Rudin, Real and Complex Analysis, 2.20"),
        ),
        depends_on=("anil2019.spectral_normalization.estimate",),
        argument="proof.md#power-iteration",
        notes="One output, or rank one: exact after one iteration.",
    ),
    Claim(
        id=f"{ROW}.any_start",
        short="A start orthogonal to the leading singular vectors never meets the norm; almost every other start does.",
        source=SOURCE,
        printed=POWER_ITERATION,
        statement="For every J and every u_0 for which the steps are defined, u_k'J v_k tends to sigma(J).",
        reading="every start, since the sentence names no condition",
        variant_of=f"{ROW}.power_iteration",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=any_start,
        scope="matrices of any size",
        covers_all=True,
        counterexamples={"starts": UNLUCKY},
        minimality="2 x 2, rank two: for rank one, so for one row or one column, one iteration is exact",
        near_misses=(
            NearMiss("starts", {**UNLUCKY, "u": ["1", "0"]}, "the leading singular vector"),
            NearMiss("starts", {**UNLUCKY, "u": ["1", "1"]}, "the iteration turns this start towards it"),
        ),
        repairs={"starts that overlap": Variant(repaired=True)},
        repaired_by=f"{ROW}.power_iteration",
        snippet=(
            "J, u = ((2, 0), (0, 1)), (0, 1)\n"
            "for k in range(3):\n"
            "    v = (J[0][0] * u[0], J[1][1] * u[1])  # J'u, already of length 1\n"
            "    u = (J[0][0] * v[0], J[1][1] * v[1])  # J v, already of length 1\n"
            "    print('estimate', J[0][0] * u[0] * v[0] + J[1][1] * u[1] * v[1])\n"
            "    assert u == (0, 1) and J[1][1] * u[1] * v[1] == 1 < 2"
        ),
        argument="proof.md#power-iteration",
    ),
    Claim(
        id=f"{ROW}.batches",
        short="Between diag(2, 1) and diag(1, 2) in turn, u cycles and no estimate reaches 2; one Jacobian converges.",
        source=ALGORITHM_1,
        printed="for data batch (X, Y) do [...] Update u = h/||h||_2",
        statement=(
            "With u carried over from batch to batch, for a generic start, u'h tends to the spectral norm of the "
            "Jacobian of the current batch."
        ),
        reading="the approximation of the text, for the loop of Algorithm 1, whose Jacobian changes with the batch",
        variant_of=f"{ROW}.power_iteration",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=batches,
        scope="two batches in turn",
        covers_all=True,
        counterexamples={"two batches in turn": TURNS},
        minimality="two outputs, two batches: with one output, or one Jacobian, the estimates converge",
        near_misses=(
            NearMiss("two batches in turn", SAME, "the same Jacobian in both batches, at its singular vector"),
            NearMiss("two batches in turn", {**TURNS, "second": [["2", "0"], ["0", "1"]]}, "u does not come back"),
        ),
        repairs={"one Jacobian": Variant(repaired=True)},
        repaired_by=f"{ROW}.power_iteration",
        snippet=(
            "from fractions import Fraction as F\n"
            "batches, u = ((2, 1), (1, 2)), (F(1), F(1))  # diagonal Jacobians; u up to its length\n"
            "for k in range(6):\n"
            "    d = batches[k % 2]\n"
            "    v = (d[0] * u[0], d[1] * u[1])\n"
            "    u = (d[0] * v[0], d[1] * v[1])\n"
            "    square = (u[0] ** 2 + u[1] ** 2) / (v[0] ** 2 + v[1] ** 2)\n"
            "    print('batch', k, 'squared estimate', square, 'of 4')\n"
            "    assert square < 4"
        ),
        argument="proof.md#power-iteration",
        notes=(
            "Every start with both entries nonzero cycles: u turns to (4a, b), then back to (a, b). The squared "
            "estimates are (16 a^2 + b^2) / (4 a^2 + b^2) and (4 a^2 + 4 b^2) / (4 a^2 + b^2), both below 4, at every "
            "later batch."
        ),
    ),
)
