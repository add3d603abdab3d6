"""Section 2.3: "Spectral normalization and Björck orthonormalization [...] ensures that most singular values are equal
to 1".

Plain reading: W is divided by its norm, and some iterations follow; then at least half of the singular values equal 1.
But s (3 - s^2)/2 < 1 for 0 <= s < 1: no iteration brings a singular value below 1 to 1. Equal to 1 are, for ever, those
that were the largest. In the limit all are 1 that were not 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.bjorck_singular_values.eigenvalues import ROW, ShapeError
from lipcheck.claims.bethune2021.bjorck_singular_values.rank import ACTS, POWERS, close, iteration, rate, stays
from lipcheck.exact import vector
from lipcheck.norms.bjorck import image
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.3"
PRINTED = (
    "Spectral normalization and Björck orthonormalization algorithm ensures that most singular values are equal to 1."
)
DIAGONAL = "diagonal weights"
HALVES: Any = {"values": ["2", "1", "1"], "iterations": 2}
ALONE: Any = {"values": ["2", "1", "1"], "iterations": 0}


def result(data: Data) -> list[Fraction]:
    """The singular values of diag(values) after normalization and iterations of order 1."""
    match data:
        case {"values": list(given), "iterations": int(count), **rest} if not rest and 0 <= count <= 4:
            values = list(vector(given, "values"))
        case _:
            raise ShapeError("Give {'values': [...], 'iterations': 0 to 4}.")
    if not values or min(values) < 0 or not any(values):
        raise ShapeError("Singular values are at least 0, and spectral normalization divides by the largest.")
    values = [v / max(values) for v in values]
    for _ in range(count):
        values = [image(v) for v in values]
    return values


def examine(data: Data, repaired: bool) -> Examination:
    """Whether at least half of the singular values equal 1; repaired: whether all have come closer, and none is 0."""
    after = result(data)
    if repaired:
        before = result({**data, "iterations": 0})
        closer = all(a <= b <= 1 for a, b in zip(before, after, strict=True))
        return Examination({"full rank": all(before)}, closer and all(after))
    ones = after.count(Fraction(1))
    return Examination({}, ones >= len(after) - ones)


def weights(variant: Variant, alone: bool) -> Universal:
    """Diagonal weights."""
    text = "no singular value moves away from 1" if variant.repaired else "at least half of the singular values equal 1"
    how = "after spectral normalization" + ("" if alone else " and Björck iterations")

    def look(data: Data) -> Examination:
        found = examine(data, variant.repaired)
        used = data["iterations"] == 0 if alone else data["iterations"] > 0
        return Examination({**found.hypotheses, "as said": used}, found.conclusion)

    return Universal(DIAGONAL, f"{text} {how}", look, lambda: [ALONE if alone else HALVES],
                     parameters=[variant.repaired, alone])  # fmt: skip


def never() -> Forall:
    """1 - s (3 - s^2)/2 = (1 - s)^2 (2 + s)/2 is positive for 0 <= s < 1, and s (3 - s^2)/2 is at least 0."""
    s = var("s")
    return Forall("no value below one reaches one", {"value": conj(s >= 0, s < 1)},
                  conj(s * (3 - s * s) >= 0, s * (3 - s * s) < 2), hint=Hint(3))  # fmt: skip


def largest_stays() -> Forall:
    """The largest value L becomes q = L / L = 1, and stays 1: with one or two values at least half equal 1."""
    L, q, t = var("L"), var("q"), var("t")
    step = equals(2 * t, q * (3 - q * q))
    given: dict[str, Formula] = {"largest": L > 0, "quotient": equals(q * L, L), "iteration": step}
    return Forall("minimal: the largest value stays one", given, conj(equals(q, 1), equals(t, 1)))


def together(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both, one after the other."""
    return [weights(variant, False)] if variant.repaired else [weights(variant, False), never(), largest_stays()]


def alone(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Spectral normalization by itself."""
    return [weights(variant, True)] if variant.repaired else [weights(variant, True), largest_stays()]


def normalized(variant: Variant) -> Forall:
    """Divided by the largest, singular values are at most one, and those above zero stay so."""
    s, largest, q = var("s"), var("largest"), var("q")
    given: dict[str, Formula] = {"values": conj(s > 0, s <= largest), "quotient": equals(q * largest, s)}
    return Forall("normalization", given, conj(q > 0, q <= 1))


def limit(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Values above zero tend to one, zero stays."""
    return [iteration(variant), normalized(variant), rate(), close(), stays()]


SHARED_MISSES = (
    ({"values": ["2", "2", "1"], "iterations": 2}, "two of three are the largest"),
    ({"values": ["2", "1"], "iterations": 2}, "half of two"),
)

CLAIMS = (
    Claim(
        id=f"{ROW}.most",
        short="no finite number of steps takes a value below 1 to 1: only the largest equal 1; the others come close",
        source=SOURCE,
        printed=PRINTED,
        reading="'equal' as printed; both algorithms, one after the other, with any number of iterations",
        statement="For every W != 0, after spectral normalization and any number of Björck iterations at least half of "
        "the singular values equal 1.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=together,
        scope="all W, any finite number of iterations of order 1",
        covers_all=True,
        repairs={"closer to 1": Variant(repaired=True)},
        counterexamples={DIAGONAL: HALVES},
        near_misses=tuple(NearMiss(DIAGONAL, data, why) for data, why in SHARED_MISSES),
        minimality="three singular values: of one or two at least half are the largest one, which stays 1",
        snippet="""\
from fractions import Fraction as F
s = [F(1), F(1, 2), F(1, 2)]               # W = diag(2, 1, 1) divided by its norm
for _ in range(5):
    s = [v * (3 - v * v) / 2 for v in s]   # Björck
print([float(v) for v in s], "equal to 1:", s.count(1), "of", len(s))
assert s.count(1) == 1 and all(v < 1 for v in s[1:])
""",
        repaired_by=f"{ROW}.limit",
        argument="proof.md#most-singular-values",
        notes="In the sense of 'close to 1' it holds for weights of full rank (full_rank); in floats values round to "
        "1. With a power iteration that has not converged the norm is above 1 at first.",
    ),
    Claim(
        id=f"{ROW}.spectral_normalization",
        short="diag(2, 1, 1) becomes diag(1, 1/2, 1/2): normalization makes the largest singular value 1, no other",
        source=SOURCE,
        printed=PRINTED,
        reading="each of the two algorithms by itself: spectral normalization",
        variant_of=f"{ROW}.most",
        statement="For every W != 0 at least half of the singular values of W / ||W||_2 equal 1.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=alone,
        scope="all W",
        covers_all=True,
        repairs={"none moves away from 1": Variant(repaired=True)},
        counterexamples={DIAGONAL: ALONE},
        near_misses=tuple(NearMiss(DIAGONAL, {**data, "iterations": 0}, why) for data, why in SHARED_MISSES),
        minimality="three singular values: of one or two at least half are the largest one, which stays 1",
        snippet="""\
s = [2, 1, 1]                              # W = diag(2, 1, 1)
s = [v / max(s) for v in s]
print("singular values of W / |W|:", s)
assert s.count(1) == 1
""",
        repaired_by=f"{ROW}.limit",
        argument="proof.md#most-singular-values",
        notes="All singular values of W / ||W||_2 are 1 only for W with equal singular values, a null set of weights: "
        "anil2019.spectral_normalization.rarely.",
    ),
    Claim(
        id=f"{ROW}.limit",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: in the limit of infinitely many iterations, for singular values other than 0",
        variant_of=f"{ROW}.most",
        statement="For W != 0 the Björck iterates from W / ||W||_2 have singular values that tend to 1, rank(W) of "
        "them, and 0, the others. More than half are 1 in the limit exactly if the rank is more than min(m, n)/2; for "
        "almost every W all are.",
        expected=Verdict.PROVED,
        obligations=limit,
        scope="all shapes, order 1",
        covers_all=True,
        hypotheses={"full_rank": "the singular values spoken of are not 0", "norm": "they are at most 1"},
        constants={"rate": Constant(Fraction(1), Fraction(99, 100), words="the factor of (1 - s^2)^2")},
        textbook=(
            ACTS,
            POWERS,
            Textbook(
                "the zeros of a polynomial that is not zero form a null set", "Okamoto, Annals of Statistics 1, 1973"
            ),
        ),
        depends_on=("anil2019.bjorck.wide",),
        argument="proof.md#most-singular-values",
        notes="Almost every W has full rank: a nonzero minor is a nonzero polynomial.",
    ),
)
