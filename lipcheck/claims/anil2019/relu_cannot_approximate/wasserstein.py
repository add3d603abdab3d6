"""What the experiments on |x| and on cones can reach: the best dual objective of ReLU networks, exactly.

The ICLR submission's appendix G.1 takes one Dirac measure at 0 against two halves at -1 and 1 (or the unit sphere); the
objective of f is the mean of f on the sphere minus f(0), that is a mean of (f(u) - 2 f(0) + f(-u)) / 2 over directions.
By the law of `depth` it is at most k_h for h hidden layers: 2/3 for the 3 hidden layers that were used.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.relu_folding import best_slope_square, relu_absolute_value
from lipcheck.claims.anil2019.relu_cannot_approximate import forms
from lipcheck.claims.anil2019.relu_cannot_approximate.common import (
    ICLR,
    ICML,
    ROW,
    Look,
    beyond_one,
    look,
    on,
    per_unit,
    plain,
    two_units,
)
from lipcheck.network import Affine, MaxMin, ReLU
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Data, Examination, Exhaustive, Exists, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ONE, half = Fraction(1), Fraction(1, 2)
FOLD = plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]])
TABLE: dict[str, dict[int, tuple[str, ...]]] = {
    "ReLU": {3: ("51/100", "50/100", "46/100"), 7: ("60/100", "53/100", "49/100")},
    "MaxMin": {3: ("87/100", "83/100", "72/100"), 7: ("95/100", "93/100", "88/100")},
}


def objective(seen: Look) -> Fraction:
    """(f(-1) + f(1)) / 2 - f(0)."""
    return (seen.at(-ONE) + seen.at(ONE)) / 2 - seen.at(ONE - 1)


def examine(data: Data, variant: Variant) -> Examination:
    """Whether the objective of a ReLU network of h hidden layers is at most k_h."""
    seen = look(data)
    hypotheses = {
        "norm": seen.norms_at_most(variant.value("norm", 1), "2"),
        "ReLU": all(isinstance(layer, Affine | ReLU) for layer in seen.network.layers),
    }
    value, bound = objective(seen), variant.value("share of the squared optimum", 1) * best_slope_square(seen.hidden)
    return Examination(hypotheses, value <= 0 or value**2 <= bound)


def candidates(variant: Variant) -> list[Data]:
    """A larger norm; MaxMin; the best ReLU network of one hidden layer."""
    gain = per_unit(beyond_one(variant))
    return [two_units(ReLU(), gain, gain), FOLD, on(relu_absolute_value(half))]


def networks(variant: Variant) -> Universal:
    """The ceiling for ReLU networks."""
    return Universal("ReLU networks stay below the ceiling", "the objective is at most k_h for h hidden layers",
                     lambda data: examine(data, variant), lambda: candidates(variant), variant.dropped)  # fmt: skip


def solved() -> Exists:
    """MaxMin reaches 1 with one hidden layer."""

    def accepts(data: Data) -> bool:
        seen = look(data)
        kinds = all(isinstance(layer, Affine | MaxMin) for layer in seen.network.layers)
        return kinds and seen.norms_at_most(ONE, "2") and objective(seen) == 1

    return Exists("MaxMin reaches 1", "a MaxMin network with all ||W||_2 <= 1 and one hidden layer", accepts,
                  lambda: FOLD)  # fmt: skip


def reached() -> Exhaustive:
    """ReLU networks of odd depth h = 2 k + 1 reach k_h = (k + 1) / (k + 2)."""

    def exact(k: int) -> bool:
        seen = look(on(relu_absolute_value(Fraction(k + 1, k + 2), layers=2 * k + 1)))
        best = objective(seen) ** 2 == best_slope_square(2 * k + 1) and objective(seen) > 0
        return best and seen.norms_at_most(ONE, "2")

    return Exhaustive("the ceiling is reached", "with 1, 3 and 5 hidden layers: 1/2, 2/3, 3/4", lambda: range(3), exact)


def simplest(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The ceiling, that ReLU reaches it, and that MaxMin goes beyond."""
    return [networks(variant), forms.chains(12), reached(), solved()]


def below(row: str, variant: Variant) -> Exhaustive:
    """The printed numbers of a row against the ceilings for depth 3 and 7, counted in weights."""
    extra = int(variant.value("hidden layers less than depth", 1))

    def kept(entry: Any) -> bool:
        depth, number = entry
        return Fraction(number) ** 2 <= best_slope_square(depth - extra)

    return Exhaustive("Table 1", "the printed objective is at most k_h", lambda: [
        [depth, number] for depth, numbers in TABLE[row].items() for number in numbers], kept,
        parameters=[row, extra])  # fmt: skip


def beyond() -> Exhaustive:
    """The numbers of MaxMin lie above the ceiling."""
    entries = [[depth, number] for depth, numbers in TABLE["MaxMin"].items() for number in numbers]
    return Exhaustive("Table 1, MaxMin", "the printed objective is above k_h", lambda: entries,
                      lambda entry: Fraction(entry[1]) ** 2 > best_slope_square(entry[0] - 1))  # fmt: skip


def antipodes() -> Forall:
    """A mean of second differences is at most the largest: one more pair of antipodes with weight t."""
    M, d, k, t = map(var, ("M", "d", "k", "t"))
    hypotheses: dict[str, Formula] = {"others": k >= M, "this pair": d <= k, "weight": t >= 0, "whole": t <= 1}
    return Forall("means over directions", hypotheses, (1 - t) * M + t * d <= k,
                  witness={"M": ONE, "d": ONE, "k": ONE, "t": ONE})  # fmt: skip


def table(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The row of ReLU, or another one where the hypothesis is dropped."""
    return [below("ReLU" if variant.keeps("ReLU") else "MaxMin", variant), beyond(), antipodes(),
            forms.chains(12)]  # fmt: skip


def deeper(variant: Variant) -> Forall:
    """(1 - 1/N) c < (1 - 1/(N + 1)) c for c = 1 - 1/M > 0, cleared: one more layer raises N or M by 1."""
    N, c = var("N"), var("c")
    hypotheses: dict[str, Formula] = {"depth": N >= 2}
    if variant.keeps("other factor"):
        hypotheses["other factor"] = c > 0
    return Forall("one more layer", hypotheses, (N - 1) * (N + 1) * c < N * N * c, witness={"N": ONE * 2, "c": half})


def helps(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The ceiling rises; so do the printed numbers."""
    pairs = [[a, b] for a, b in zip(TABLE["ReLU"][3], TABLE["ReLU"][7], strict=True)]
    printed = Exhaustive("Table 1, ReLU", "depth 7 has the larger objective in each dimension", lambda: pairs,
                         lambda pair: Fraction(pair[0]) < Fraction(pair[1]))  # fmt: skip
    rising = Exhaustive("depths 1 to 40", "k_h^2 grows from each depth to the next", lambda: range(1, 41),
                        lambda h: best_slope_square(h) < best_slope_square(h + 1) < 1)  # fmt: skip
    return [deeper(variant), rising, printed]


CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein",
        source=f"{ICLR}, section 1, with appendix G.1; {ICML}, section 1",
        printed=(
            "Empirically, we show that ReLU networks are unable to solve even the simplest Wasserstein distance "
            "estimation problems which GroupSort can solve completely. [ICML: unable to approximate even the simplest "
            "Lipschitz functions which GroupSort networks can]"
        ),
        statement=(
            "For the measures δ_0 and (δ_{-1} + δ_1) / 2, of Wasserstein distance 1, the largest dual objective of "
            "networks with h >= 1 hidden layers, all ||W||_2 <= 1 and ReLU is k_h < 1, k_h^2 = (1 - 1/N) (1 - 1/M), "
            "N + M = h + 3, N = M or N = M + 1: 2/3 for 3 hidden layers. A MaxMin network with one hidden layer has 1."
        ),
        reading="at any fixed depth, for the measures of the experiment on |x|",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=simplest,
        scope="all widths, every depth",
        covers_all=True,
        hypotheses={"norm": "every weight has ||W||_2 <= 1", "ReLU": "every activation is ReLU"},
        constants={
            "norm": Constant(ONE, Fraction(101, 100), words="the bound on the weights"),
            "share of the squared optimum": Constant(ONE, Fraction(99, 100), words="the factor at k_h^2"),
        },
        textbook=(Textbook("a continuous function on a compact set has a maximum", "Rudin, Principles, 4.16"),),
        depends_on=(f"{ROW}.depth",),
        argument="proof.md#dual-objectives",
        notes=(
            "The supremum over all depths is 1. For even h the k_h is irrational and so are the weights that reach it; "
            "rational ones come as close as one likes."
        ),
    ),
    Claim(
        id=f"{ROW}.table_1",
        source=f"{ICML}, Table 1; {ICLR}, Table 1",
        printed=(
            "increasing problem dimensionality leads to significant drops in the Wasserstein objective for networks "
            "built with non-GNP activations, and increasing the depth of the networks only slightly improves the "
            "situation. [Table 1, ReLU: 0.51, 0.50, 0.46 at depth 3; 0.60, 0.53, 0.49 at depth 7]"
        ),
        statement=(
            "In every dimension, the objective of a ReLU network with all ||W||_2 <= 1 for the cone is at most "
            "sqrt(1/3) = 0.577 at depth 3 and sqrt(3/5) = 0.775 at depth 7, depth counted in weights; all printed "
            "objectives of ReLU respect this, and none of those of MaxMin does."
        ),
        reading="the ceiling that no training can pass; with depth counted in hidden layers it is 2/3 and 4/5",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=table,
        scope="the printed numbers, to two digits",
        covers_all=True,
        hypotheses={"ReLU": "the row is that of ReLU"},
        textbook=(Textbook("the uniform measure on the sphere is symmetric", "definition"),),
        depends_on=(f"{ROW}.depth",),
        argument="proof.md#dual-objectives",
        notes="That the objectives drop with the dimension is no consequence: the ceilings do not depend on it.",
    ),
    Claim(
        id=f"{ROW}.depth_helps",
        source=f"{ICML}, section 7.1.1; {ICLR}, section 7.1.1",
        printed="While increasing the network depth helps (Table 1), this representational barrier leads to [...]",
        statement=(
            "For ReLU networks with all ||W||_2 <= 1 the best objective for |x|, k_h, grows with every hidden layer, "
            "and tends to 1; the printed objectives of ReLU grow from depth 3 to depth 7."
        ),
        reading="of the best network of each depth, and of the printed numbers",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=helps,
        scope="every depth; Table 1 for the numbers",
        covers_all=True,
        hypotheses={"other factor": "k_h^2 = (1 - 1/N) (1 - 1/M) with N, M >= 2, so that factors are positive"},
        textbook=(Textbook("1 / N tends to 0", "the Archimedean property"),),
        depends_on=(f"{ROW}.depth",),
        argument="proof.md#dual-objectives",
        notes="So the barrier is one of depth, not of the activation: under the infinity norm depth would not help.",
    ),
)
