"""Section 2.2: "spectral normalization, as proposed in [13], allows each dense layer to be exactly 1-Lipschitz".

Plain reading: for W != 0 the smallest Lipschitz constant of x -> (W / ||W||_2) x + b is 1. What [13] divides by is an
estimate of ||W||_2 by power iteration, from below: with it the constant is at least 1, and above 1 in general.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.anil2019.spectral_normalization.common import SVD
from lipcheck.claims.anil2019.spectral_normalization.largest import rank_one
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.exact import Matrix, Vector, dot
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.spectral_and_frobenius"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 2.2"
PRINTED = (
    "Normalizing the weights by their Frobenius norm [12] leads to a tighter upper singular value, and spectral "
    "normalization, as proposed in [13], allows each dense layer to be exactly 1-Lipschitz."
)
s, d, moved, out, c = map(var, ("s", "d", "moved", "out", "c"))
ONE = Fraction(1)


def at_most(variant: Variant) -> Forall:
    """|W d| <= s |d| and out = |W d| / s give out <= |d|."""
    given: dict[str, Formula] = {
        "norm": conj(moved <= s * d, d >= 0, s >= 0, moved >= 0, out >= 0),
        "quotient": equals(out * s, moved),
        "nonzero": s > 0,
    }
    bound = variant.value("constant", 1) * d
    witness = dict.fromkeys(("s", "d", "moved", "out"), ONE)
    return Forall("at most one", kept(variant, given, ["nonzero"]), out <= bound, witness=witness)


def at_least(variant: Variant) -> Forall:
    """A direction of length one with |W d| = s: every constant c of the quotient is at least 1."""
    given: dict[str, Formula] = {"quotient": equals(out * s, s), "constant": out <= c, "nonzero": s > 0}
    return Forall("at least one", given, c >= 1, witness=dict.fromkeys(("s", "out", "c"), ONE))


def exact(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both bounds."""
    return [at_most(variant), at_least(variant)]


def leading(weight: Matrix, u: Vector) -> bool:
    """Whether u is a left singular vector of the largest singular value."""
    back = common.apply(weight, common.apply(common.transposed(weight), u))
    square = dot(back, u) / dot(u, u)
    return all(b == square * a for a, b in zip(u, back, strict=True)) and common.norm_at_most(weight, square)


def iterated(variant: Variant) -> Universal:
    """||W / sigma_k||_2 = 1 for the estimate of power iteration; repaired, from a leading singular vector."""

    def examine(data: Any) -> Examination:
        weight, u, iterations = common.entries(data, ("W", "u", "iterations"))
        weight = common.rows(weight)
        start = common.start(u, weight)
        square = common.squared_estimate(weight, start, iterations)
        hypotheses = {"start": leading(weight, start) or not variant.repaired}
        return Examination(hypotheses, common.norm_at_most(weight, square) and common.norm_at_least(weight, square))

    text = "||W / sigma_k||_2 = 1 for the estimate sigma_k of ||W||_2 after k iterations"
    return Universal("normalized by power iteration", text, examine, lambda: [DIAGONAL], parameters=variant.repaired)


def power_iteration(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Matrices, and why a counterexample has rank two."""
    return [iterated(variant), rank_one()]


DIAGONAL = {"W": [["2", "0"], ["0", "1"]], "u": ["1", "1"], "iterations": 1}
SNIPPET = """\
from fractions import Fraction as F
W, u = ((F(2), F(0)), (F(0), F(1))), (F(1), F(1))   # ||W|| = 2
for k in range(1, 6):
    v = [sum(W[i][j] * u[i] for i in range(2)) for j in range(2)]
    u = [sum(W[i][j] * v[j] for j in range(2)) for i in range(2)]
    estimate_squared = sum(a * a for a in u) / sum(a * a for a in v)
    print("iteration", k, "squared constant", 4 / estimate_squared)
    assert 4 / estimate_squared > 1
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="the weight is divided by its spectral norm; a dense layer is the affine map, activations are layers "
        "of their own as in Proposition 9",
        statement="For every matrix W != 0 and every b, the smallest Lipschitz constant of x -> (W / ||W||_2) x + b in "
        "the 2-norm is 1.",
        expected=Verdict.PROVED,
        obligations=exact,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={"nonzero": "W is not the zero matrix"},
        constants={"constant": Constant(ONE, Fraction(99, 100), words="the Lipschitz constant")},
        textbook=(SVD,),
        argument="proof.md#spectral-normalization",
        depends_on=("anil2019.operator_norms.lipschitz_iff",),
    ),
    Claim(
        id=f"{ROW}.power_iteration",
        short="[13] divides by an estimate from below: the constant is at least 1; exactly 1 with the exact norm",
        source=SOURCE,
        printed=PRINTED,
        reading="as [13] computes it: by some iterations of the power method",
        variant_of=ROW,
        statement="For every W, every start u and every number of iterations for which the estimate is defined, the "
        "smallest Lipschitz constant of x -> (W / sigma_k) x is 1.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=power_iteration,
        scope="matrices of any size",
        covers_all=True,
        counterexamples={"normalized by power iteration": DIAGONAL},
        near_misses=(
            NearMiss("normalized by power iteration", {**DIAGONAL, "u": ["1", "0"]}, "the start is the leading vector"),
            NearMiss("normalized by power iteration", {**DIAGONAL, "W": [["2", "0"], ["0", "2"]]},
                     "equal singular values: every estimate is exact"),
            NearMiss("normalized by power iteration", {**DIAGONAL, "W": [["0", "0"], ["0", "0"]]}, "no estimate"),
        ),
        minimality="2 x 2, rank two: for one row, one column, and every matrix of rank one the estimate is exact",
        snippet=SNIPPET,
        repairs={"the start is a leading singular vector": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#spectral-normalization",
        notes="The constant tends to 1 from above with the iterations (anil2019.spectral_normalization.converged); "
        "divided by an upper bound of the norm it is at most 1 (anil2019.spectral_normalization.certified).",
    ),
)  # fmt: skip
