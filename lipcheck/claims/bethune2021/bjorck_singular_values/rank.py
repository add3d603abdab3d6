"""Section 2.2 with singular values for eigenvalues: "to ensure that all [singular values] are close to 1".

Plain reading: a weight of spectral norm at most one, as the library prepares it, is taken by enough iterations as near
to singular values 1 as one likes. True if the weight has full rank; a singular value 0 stays 0 for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck import _matrices
from lipcheck.claims.bethune2021.bjorck_singular_values.eigenvalues import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.exact import matrix
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

WEIGHTS = "weights of norm one"
DEFICIENT: Any = {"matrix": [["1", "0"], ["0", "0"]]}
ACTS = Textbook("W P(I - W'W) has the singular vectors of W, and s P(1 - s^2) for each singular value s",
                "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 2.6.3")  # fmt: skip
POWERS = Textbook("e^(2^k) tends to 0 for 0 <= e < 1; induction over the iterations", "Rudin, Principles, 3.20")


def examine(data: Data, repaired: bool) -> Examination:
    """Whether the singular values of a weight of norm one, I - W'W singular, all tend to 1: none of them is 0."""
    weight = matrix(data["matrix"], "matrix")
    shorter = min(len(weight), len(weight[0]))
    gap = _matrices.defect(weight)
    full = _matrices.rank(weight) == shorter
    hypotheses = {"norm": spectral_norm_at_most(weight, Fraction(1)) and _matrices.rank(gap) < len(gap)}
    if repaired:
        hypotheses["full rank"] = full
    return Examination(hypotheses, full)


def every_weight(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Weights, and that no iteration moves a singular value 0."""
    return [Universal(WEIGHTS, "all singular values tend to 1" + (", of weights of full rank" if variant.repaired else
                      ""), lambda data: examine(data, variant.repaired), lambda: [DEFICIENT],
                      parameters=variant.repaired), stays()]  # fmt: skip


def stays() -> Forall:
    """s P_p(1 - s^2) = 0 for s = 0, whatever the value P of the polynomial."""
    s, t, P = var("s"), var("t"), var("P")
    return Forall("zero stays zero", {"zero": equals(s, 0), "iteration": equals(t, s * P)}, equals(t, 0))


def iteration(variant: Variant) -> Forall:
    """One iteration of order 1, with u = s^2 and v the square of s (3 - s^2)/2: 1 - v is at most (1 - u)^2."""
    u, v = var("u"), var("v")
    given = kept(variant, full_rank=u > 0, norm=u <= 1)
    return Forall("one iteration", {"square": u >= 0, "iteration": equals(4 * v, u * (3 - u) ** 2), **given},
                  conj(v > 0, v <= 1, 1 - v <= variant.value("rate", 1) * (1 - u) ** 2), hint=Hint(3))  # fmt: skip


def rate() -> Forall:
    """From 0 <= 1 - u <= E for all squares u to 1 - v <= E^2 after one more iteration."""
    u, v, E = var("u"), var("v"), var("E")
    return Forall("one more iteration", {"so far": conj(u <= 1, 1 - u <= E), "iteration": 1 - v <= (1 - u) ** 2},
                  1 - v <= E * E)  # fmt: skip


def close() -> Forall:
    """A singular value s in [0, 1] is no farther from 1 than its square."""
    s = var("s")
    return Forall("from squares to values", {"value": conj(s >= 0, s <= 1)}, 1 - s <= 1 - s * s)


def full_rank(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One iteration, all iterations, and singular values."""
    return [iteration(variant), rate(), close()]


CLAIMS = (
    Claim(
        id=f"{ROW}.any_weight",
        short="diag(1, 0) keeps its singular value 0 for ever; weights of full rank do come close to 1",
        source=SOURCE,
        printed=PRINTED,
        reading="'eigenvalues' stands for singular values; every weight of norm one, as spectral normalization leaves "
        "it, and as many iterations as one likes",
        variant_of=ROW,
        statement="For every weight W with ||W||_2 = 1 all singular values of the Björck iterates tend to 1.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=every_weight,
        scope="all orders and numbers of iterations",
        covers_all=True,
        repairs={"full rank": Variant(repaired=True)},
        counterexamples={WEIGHTS: DEFICIENT},
        near_misses=(
            NearMiss(WEIGHTS, {"matrix": [["1", "0"], ["0", "1/1000"]]}, "full rank, if barely"),
            NearMiss(WEIGHTS, {"matrix": [["1", "0"]]}, "one row: one singular value, 1"),
            NearMiss(WEIGHTS, {"matrix": [["0"]]}, "the zero matrix cannot be normalized"),
        ),
        minimality="two rows and two columns: a matrix of norm one with one row or one column has no other singular "
        "value",
        snippet="""\
step = lambda s: s * (3 - s * s) / 2       # what one Björck iteration does to a singular value
s = [1.0, 0.0]                             # W = diag(1, 0)
for _ in range(100):
    s = [step(v) for v in s]
print("singular values after 100 iterations:", s)
assert s == [1.0, 0.0]
""",
        repaired_by=f"{ROW}.full_rank",
        argument="proof.md#singular-values",
        notes="Nearly deficient weights need many iterations: small singular values grow by the factor 3/2 per "
        "iteration at most.",
    ),
    Claim(
        id=f"{ROW}.full_rank",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: singular values, of weights of full rank with norm at most one, by iterations of order 1",
        variant_of=ROW,
        statement="If W has rank min(m, n), ||W||_2 <= 1 and least singular value s, then all singular values of the "
        "k-th iterate lie in [1 - e^(2^k), 1], where e = 1 - s^2 < 1; so they all tend to 1.",
        expected=Verdict.PROVED,
        obligations=full_rank,
        scope="all shapes, all k",
        covers_all=True,
        hypotheses={"full_rank": "no singular value is 0", "norm": "||W||_2 <= 1"},
        constants={"rate": Constant(Fraction(1), Fraction(99, 100), words="the factor of (1 - s^2)^2")},
        textbook=(ACTS, POWERS),
        argument="proof.md#singular-values",
        notes="Other orders: anil2019.bjorck.order_guarantee. The norm may be anything below sqrt 3: "
        "anil2019.bjorck.radius.",
    ),
)
