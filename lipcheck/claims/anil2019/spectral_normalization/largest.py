"""Appendix B.2: "enforces the largest singular value of each weight matrix to be less than 1 by estimating the largest
singular value [...] using power iteration, and normalizing the weight matrix".

Plain reading: with sigma_k = u_k'Wv_k after k iterations, ||W / sigma_k||_2 <= 1. But sigma_k <= ||W||_2, so the norm
is at least 1, and above 1 unless the iteration has converged exactly. With the exact value in place of the estimate it
is 1, never less.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.anil2019.spectral_normalization.common import CAUCHY, ICLR, ICML, ROW, SVD
from lipcheck.exact import dot
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICLR}, appendix B.2; {ICML}, sections 4.2.1 and 5, in shorter words"
PRINTED = (
    "Spectral Normalization (Miyato et al., 2018) enforces the largest singular value of each weight matrix to be less "
    "than 1 by estimating the largest singular value and left/right singular vectors using power iteration, and "
    "normalizing the weight matrix using these during each forward pass."
)
DIAGONAL = {"W": [["2", "0"], ["0", "1"]], "u": ["1", "1"], "iterations": 1}
CANDIDATES = [
    DIAGONAL,
    {**DIAGONAL, "iterations": 3},
    {"W": [["1", "1"], ["0", "1"]], "u": ["1", "0"], "iterations": 2},
    {"W": [["1/2", "0", "0"], ["0", "1/3", "0"]], "u": ["1", "1"], "iterations": 1},
]


def examine(data: Any, repaired: bool) -> Examination:
    """Whether ||W / c||_2 <= 1 for the estimate c, or, repaired, for the Frobenius norm, which is an upper bound."""
    weight, u, iterations = common.entries(data, ("W", "u", "iterations"))
    weight = common.rows(weight)
    square = common.squared_estimate(weight, common.start(u, weight), iterations)
    if repaired:
        square = sum((dot(row, row) for row in weight), start=0 * square)
    return Examination({}, common.norm_at_most(weight, square))


def rank_one() -> Forall:
    """For W = a b' the estimate is exact after one iteration: A = |a|^2, B = |b|^2, s = a'u, g = W'u = s b.

    Then |g|^2 = s^2 B, |W g|^2 = (s B)^2 A, and the squared estimate N is their quotient.
    """
    A, B, s, N = map(var, ("A", "B", "s", "N"))
    hypotheses: dict[str, Formula] = {
        "defined": s * s * B > 0,
        "estimate": equals(N * (s * s * B), (s * B) ** 2 * A),
    }
    return Forall("minimal: rank one", hypotheses, equals(N, A * B))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for matrices, and why a counterexample has rank two."""
    text = "||W / sigma_k||_2 <= 1 for sigma_k = u_k'W v_k after k iterations"
    if variant.repaired:
        text = "||W / ||W||_F||_2 <= 1"
    rule = Universal("normalized weights", text, lambda data: examine(data, variant.repaired), lambda: CANDIDATES)
    return [rule] if budget is Budget.SMOKE else [rule, rank_one()]


def strict(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The largest singular value s > 0 divided by itself is t: t < 1."""
    s, t = var("s"), var("t")
    hypotheses: dict[str, Formula] = {"nonzero": s > 0, "normalized": equals(t * s, s)}
    return [Forall("the largest singular value", hypotheses, t <= 1 if variant.repaired else t < 1)]


def at_least_one(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With an estimate e of s from below, t = s / e: t >= 1, and t = 1 exactly if e = s. And why e is from below."""
    e, s, t = var("e"), var("s"), var("t")
    hypotheses: dict[str, Formula] = {"quotient": conj(t * e <= s, t * e >= s), "positive": e > 0, "from below": e <= s}
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    exact = disj(conj(equals(t, 1), equals(e, s)), conj(t > 1, e < s))
    one = dict.fromkeys("est", Fraction(1))
    U, w = var("U"), var("w")
    given: dict[str, Formula] = {"Cauchy-Schwarz": e * e <= U * w, "norm": w <= s * s, "sign": s >= 0}
    if variant.keeps("unit vectors"):
        given["unit vectors"] = equals(U, 1)
    return [Forall("the quotient is at least one", kept, conj(t >= 1, exact), witness=one),
            Forall("the estimate is from below", given, conj(e <= s, e >= -s))]  # fmt: skip


SNIPPET = """\
from fractions import Fraction as F
W, u = ((F(2), F(0)), (F(0), F(1))), (F(1), F(1))
for k in range(1, 6):
    v = [sum(W[i][j] * u[i] for i in range(2)) for j in range(2)]
    u = [sum(W[i][j] * v[j] for j in range(2)) for i in range(2)]
    square = sum(a * a for a in u) / sum(a * a for a in v)
    print("iteration", k, "sigma_k^2 =", square, " ||W / sigma_k||^2 =", 4 / square)
    assert 4 / square > 1
"""

CLAIMS = (
    Claim(
        id=ROW,
        short="Power iteration estimates the norm from below, so dividing by it leaves a norm of at least 1; an upper "
        "bound gives at most 1.",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For every W, every start u and every number of iterations for which the estimate sigma_k = u_k'W v_k is "
            "defined, ||W / sigma_k||_2 <= 1."
        ),
        reading="'less than 1' means at most 1, and the weight is divided by the estimate, as the sentence says",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="matrices of any size",
        covers_all=True,
        counterexamples={"normalized weights": DIAGONAL},
        minimality="2 x 2, rank two: for one row, one column, and every matrix of rank one the estimate is exact",
        near_misses=(
            NearMiss(
                "normalized weights",
                {"W": [["2", "0"], ["0", "2"]], "u": ["1", "1"], "iterations": 1},
                "equal singular values: the estimate is exact",
            ),
            NearMiss("normalized weights", {**DIAGONAL, "u": ["1", "0"]}, "the start is the singular vector"),
            NearMiss("normalized weights", {**DIAGONAL, "W": [["0", "0"], ["0", "0"]]}, "W'u = 0: no estimate"),
        ),
        repairs={"an upper bound instead of an estimate": Variant(repaired=True)},
        repaired_by=f"{ROW}.certified",
        snippet=SNIPPET,
        argument="proof.md#largest-singular-value",
        notes=(
            "What is missing is that the iteration has converged: then the norm is 1 (.converged). It tends to 1 from "
            "above with k, so training with a warm start comes close. ICML section 5, 'employs power iteration to "
            "rescale each weight by its spectral norm', fails with it: the number that is divided by is smaller. So "
            "does 'an inexpensive and practical way to enforce the 1-Lipschitz constraint' (ICML 4.2.1), as far as "
            "power iteration is meant."
        ),
    ),
    Claim(
        id=f"{ROW}.strict",
        short="The weight divided by its norm has largest singular value exactly 1, not less than 1.",
        source=SOURCE,
        printed="[...] enforces the largest singular value of each weight matrix to be less than 1 [...]",
        statement="For every W != 0 the largest singular value of W / ||W||_2 is less than 1.",
        reading="'less than 1' is strict, and the singular value is computed exactly",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=strict,
        scope="every W != 0",
        covers_all=True,
        counterexamples={"the largest singular value": {"s": "1", "t": "1"}},
        minimality="one row, one column, W = [1]; every other W != 0 fails as well, for the value is exactly 1",
        near_misses=(
            NearMiss("the largest singular value", {"s": "2", "t": "1/2"}, "2 divided by 2 is not 1/2"),
            NearMiss("the largest singular value", {"s": "0", "t": "1"}, "W = 0 is not normalized"),
        ),
        repairs={"at most 1": Variant(repaired=True)},
        repaired_by=f"{ROW}.at_least_one",
        snippet="W = 3\nprint(W / abs(W))\nassert not W / abs(W) < 1",
        argument="proof.md#largest-singular-value",
        notes="Taken strictly it also contradicts the next sentence, that all singular values may be 1.",
    ),
    Claim(
        id=f"{ROW}.at_least_one",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "Whatever W, the start and the number of iterations: if e = u'Wv > 0 for unit vectors u, v, then "
            "||W / e||_2 >= 1, with equality exactly if e = ||W||_2."
        ),
        reading="repaired: what power iteration enforces is a norm of at least 1, not at most 1",
        expected=Verdict.PROVED,
        obligations=at_least_one,
        scope="matrices of any size, any unit vectors",
        covers_all=True,
        hypotheses={
            "from below": "e <= ||W||_2, which holds for e = u'Wv",
            "unit vectors": "u and v have length one",
        },
        textbook=(CAUCHY, SVD),
        argument="proof.md#largest-singular-value",
    ),
)
