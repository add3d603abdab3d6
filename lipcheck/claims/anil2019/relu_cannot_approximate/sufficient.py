"""Section 5: "many activations, including ReLU, are not sufficient with 2-norm constraints".

Two readings. Some 1-Lipschitz function is not represented: true, |x| is one (Theorem 1). Some 1-Lipschitz function is
not approximated on a compact set: open for n >= 2, and the same question as the paper's own for GroupSort
(`same_closure`); false for n = 1 (`open_question.dimension_one`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from lipcheck.build.relu_folding import relu_absolute_value
from lipcheck.claims.anil2019.relu_cannot_approximate.common import (
    ICLR,
    ICML,
    ROW,
    beyond_one,
    look,
    on,
    per_unit,
    plain,
    two_units,
)
from lipcheck.exact import Vector, vector
from lipcheck.network import Affine, MaxMin, Network, ReLU, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Exists, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ONE, half = Fraction(1), Fraction(1, 2)
PRINTED = (
    "In this work we also show that many activations, including ReLU, are not sufficient [ICLR: deficient] with 2-norm "
    "constraints."
)
FOLD = plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]])


def examine(data: Data, variant: Variant) -> Examination:
    """Whether a ReLU network under the 2-norm is anything but |x| on [-1, 1]."""
    seen = look(data)
    hypotheses = {
        "norm": seen.norms_at_most(variant.value("norm", 1), "2"),
        "ReLU": all(isinstance(layer, Affine | ReLU) for layer in seen.network.layers),
    }
    return Examination(hypotheses, seen.distance() > 0)


DEEPEST = 2000


def candidates(variant: Variant) -> list[Data]:
    """|x| with one hypothesis less: a norm of sqrt 2; MaxMin; and norms just above one, with many hidden layers."""
    gain = beyond_one(variant)
    first, slope = per_unit(gain), per_unit(gain)
    middle: list[object] = [ReLU()]
    while slope * first < 1 and len(middle) < DEEPEST:
        slope *= gain
        middle += [[[gain, ONE - 1], [ONE - 1, gain]], ReLU()]
    deep = plain([[first], [-first]], *middle, [[1 / slope, 1 / slope]])
    return [two_units(ReLU(), ONE, ONE), FOLD, deep]


def networks(variant: Variant) -> Universal:
    """No ReLU network is |x|."""
    return Universal("no ReLU network is |x|", "a ReLU network with all ||W||_2 <= 1 differs from |x| on [-1, 1]",
                     lambda data: examine(data, variant), lambda: candidates(variant), variant.dropped)  # fmt: skip


def folds() -> Exists:
    """MaxMin represents |x|."""

    def accepts(data: Data) -> bool:
        seen = look(data)
        kinds = all(isinstance(layer, Affine | MaxMin) for layer in seen.network.layers)
        return kinds and seen.norms_at_most(ONE, "2") and seen.distance() == 0

    return Exists("MaxMin represents |x|", "a MaxMin network with all ||W||_2 <= 1 is |x|", accepts, lambda: FOLD)


def lipschitz() -> Forall:
    """k_h^2 = (1 - 1/N) (1 - 1/M) < 1, so that the distance (1 - k_h) / 2 is positive at every depth."""
    N, M, k = map(var, ("N", "M", "k"))
    hypotheses: dict[str, Formula] = {"depth": conj(N >= 1, M >= 1), "k": equals(k * N * M, (N - 1) * (M - 1))}
    return Forall("the distance is positive", hypotheses, k * N * M < N * M,
                  witness={"N": ONE, "M": ONE, "k": ONE - 1})  # fmt: skip


def represent(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|x| is no ReLU network, and is a MaxMin network."""
    return [networks(variant), lipschitz(), folds()]


def bent(x: Vector) -> Fraction:
    """max(|x_1| - 1, (3 x_1 + 4 x_2) / 5): three affine pieces with gradients of norm one that meet in a point."""
    return max(abs(x[0]) - 1, (3 * x[0] + 4 * x[1]) / 5)


def away(data: Data) -> Examination:
    """Whether a ReLU network on R^2 is at least 1/100 away from `bent` at an integer point of [-4, 4]^2."""
    network = from_json(data).dense()
    weights = [layer.weight for layer in network.layers if isinstance(layer, Affine)]
    hypotheses = {
        "norm": all(spectral_norm_at_most(weight, ONE) for weight in weights),
        "ReLU": all(isinstance(layer, Affine | ReLU) for layer in network.layers),
    }
    grid = [vector(point) for point in product(range(-4, 5), repeat=2)]
    return Examination(hypotheses, max(abs(evaluate(network, x)[0] - bent(x)) for x in grid) >= Fraction(1, 100))


FLAT = to_json(Network(2, (Affine.linear([[Fraction(3, 5), Fraction(4, 5)]]),)))


def approximate(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The open statement for one function that is hard, and what is known on both sides."""

    def near(k: int) -> bool:
        slope = 1 - Fraction(1, k)
        seen = look(on(relu_absolute_value(slope)))
        return seen.norms_at_most(ONE, "2") and seen.distance() == (1 - slope) / 2

    return [
        Exhaustive("known: |x| is approximated", "ReLU networks with all ||W||_2 <= 1 at the distance 1 / (2 k)",
                   lambda: range(2, 4), near),
        lipschitz_known(),
        Universal("three affine pieces are not approximated", "a ReLU network on R^2 with all ||W||_2 <= 1 is 1/100 "
                  "away from max(|x_1| - 1, (3 x_1 + 4 x_2) / 5)", away, lambda: [FLAT]),
    ]  # fmt: skip


def lipschitz_known() -> Forall:
    """At every fixed depth |x| is not approximated."""
    found = lipschitz()
    return Forall(f"known: {found.name}", found.hypotheses, found.conclusion, witness=found.witness)


CLAIMS = (
    Claim(
        id=f"{ROW}.not_sufficient",
        source=f"{ICML}, section 5; {ICLR}, section 5",
        printed=PRINTED,
        statement=(
            "With all ||W||_2 <= 1, some 1-Lipschitz function, |x| on [-1, 1], is represented by a MaxMin network and "
            "by no ReLU network of any width and depth."
        ),
        reading="sufficient to represent: what Theorem 1 shows",
        expected=Verdict.PROVED,
        obligations=represent,
        scope="all widths and depths",
        covers_all=True,
        hypotheses={"norm": "every weight has ||W||_2 <= 1", "ReLU": "every activation is ReLU"},
        constants={"norm": Constant(ONE, Fraction(101, 100), words="the bound on the weights")},
        textbook=(Textbook("a positive lower bound of the distance excludes equality", "definition of a metric"),),
        depends_on=(f"{ROW}.depth",),
        argument="proof.md#not-sufficient",
        notes="For tanh and sigmoid the stronger reading is true as well (`smooth`).",
    ),
    Claim(
        id=f"{ROW}.not_sufficient_to_approximate",
        source=f"{ICML}, section 5; {ICLR}, section 5",
        printed=PRINTED,
        statement=(
            "There are a compact K in R^n, a 1-Lipschitz function on K and an e > 0 such that no ReLU network with all "
            "||W||_2 <= 1, of any width and depth, is within e of it on K."
        ),
        reading="sufficient to approximate, as in the sentence before it and the one after it",
        variant_of=f"{ROW}.not_sufficient",
        expected=Verdict.UNKNOWN,
        obligations=approximate,
        scope="all widths and depths",
        covers_all=False,
        open_because=(
            "by `same_closure` this is whether 2-norm GroupSort networks fail to be universal, the paper's own open "
            "question. Known: for n = 1 there is no such function (`open_question.dimension_one`); at each fixed depth "
            "|x| is one. For n >= 2 a 1-Lipschitz function with a lower bound at all depths, or a 2-norm construction "
            "for limits of maxima, would settle it"
        ),
        depends_on=(f"{ROW}.same_closure", "anil2019.open_question.dimension_one"),
        argument="proof.md#not-sufficient",
    ),
)
