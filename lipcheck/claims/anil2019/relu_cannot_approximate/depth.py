"""How close a network under the 2-norm comes to |x|, for every depth: the exact answer for element-wise activations.

Plain reading: with h hidden layers, spectral norms at most one and increasing 1-Lipschitz activations the distance from
|x| on [-r, r] is at least r (1 - k_h) / 2, where k_h^2 = (1 - 1/N) (1 - 1/M), N + M = h + 3, N = M or N = M + 1. ReLU
reaches it. The bound is the chain of quadratic forms in `forms`, the networks are those of `build.relu_folding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from lipcheck.build.relu_folding import best_slope_square, relu_absolute_value
from lipcheck.claims.anil2019.relu_cannot_approximate import forms
from lipcheck.claims.anil2019.relu_cannot_approximate.common import (
    ICML,
    ROW,
    beyond_one,
    look,
    on,
    per_unit,
    plain,
    two_units,
)
from lipcheck.network import Abs, LeakyReLU, MaxMin, ReLU
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.search import Network, Sample, Search, Tensor, Vector
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

TEXTBOOK = (
    Textbook("||u W||_2 <= ||W||_2 ||u||_2 for rows u", "Horn and Johnson, Matrix Analysis, 5.6"),
    Textbook("a block diagonal or rank-two matrix has the norm of its parts", "Horn and Johnson, Matrix Analysis, 0.9"),
    Textbook("every nonnegative rational number is a sum of four rational squares", "Lagrange 1770"),
    Textbook("induction over units and over layers", "Peano's axioms"),
)
HYPOTHESES = {
    "norm": "every weight has ||W||_2 <= 1",
    "element-wise": "every activation acts on each unit by itself",
    "increasing": "every activation is increasing (or decreasing: the sign can be moved into the weight)",
    "1-Lipschitz": "every activation is 1-Lipschitz",
}
half = Fraction(1, 2)


def examine(data: Data, variant: Variant) -> Examination:
    """Which hypotheses a network meets, and whether it keeps the distance: 1 - 2 e / r <= k_h."""
    seen = look(data)
    share = 1 - 2 * seen.distance() / seen.radius
    conclusion = share <= 0 or share**2 <= variant.value("share of the squared slope", 1) * bound(seen.hidden)
    norm = seen.norms_at_most(variant.value("norm", 1), "2")
    return Examination({"norm": norm, **seen.activations()}, conclusion)


def bound(hidden: int) -> Fraction:
    """k_h^2."""
    return best_slope_square(hidden)


def candidates(variant: Variant) -> list[Data]:
    """One network for each hypothesis and constant, in the order of `HYPOTHESES`, then the best one of depth 1."""
    gain = per_unit(beyond_one(variant))
    return [
        two_units(ReLU(), gain, gain, (1 - gain**2) / 2),
        plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]]),
        plain([[1]], Abs(), [[1]]),
        two_units(LeakyReLU(4), Fraction(3, 5), Fraction(-5, 9)),
        on(relu_absolute_value(half)),
    ]


def networks(variant: Variant) -> Universal:
    """The lower bound for piecewise linear networks."""
    text = "a network with h hidden layers that meets the hypotheses is at least r (1 - k_h) / 2 away from |x|"
    return Universal("no network is closer", text, lambda data: examine(data, variant),
                     lambda: candidates(variant), variant.dropped)  # fmt: skip


def ending() -> Forall:
    """At distance e from |x| the second difference is at least 2 r - 4 e; it is at most 2 K with K = k_h r."""
    left, middle, right, r, e, K = map(var, ("left", "middle", "right", "r", "e", "K"))
    hypotheses: dict[str, Formula] = {
        "left": left >= r - e,
        "middle": middle <= e,
        "right": right >= r - e,
        "second difference": left - 2 * middle + right <= 2 * K,
    }
    return Forall("from the second difference to the distance", hypotheses, 2 * e >= r - K)


def lengths() -> list[Forall]:
    """In the construction the odd part keeps its length from layer i to i + 1, the even part from j to j - 1."""
    i, j, n, m = map(var, "ijnm")
    all_n, all_m = n * (n + 1), (m + 2) ** 2 + (m + 1) ** 2
    behind, before = i * i + 2 * all_n - 2 * i * (i + 1), (i + 2) ** 2 + 2 * all_n - 2 * (i + 1) * (i + 2)
    behind_j = (j + 1) ** 2 + all_m - (j + 1) ** 2 - j * j
    before_j = (j - 1) ** 2 + all_m - j * j - (j - 1) ** 2
    total = (m + 2) ** 2 * n * (m + 2) + n * (m + 2) * ((m + 1) ** 2 - 1) - 2 * n * (m + 1) * (m + 2) ** 2
    return [
        Forall("lengths, odd part", {}, equals(behind, before)),
        Forall("lengths, even part", {}, equals(behind_j, before_j)),
        Forall("lengths, the slope", {}, equals(total, 0)),
    ]


def slopes(hidden: int) -> tuple[Fraction, Fraction]:
    """k_h, or the largest multiple of 1/1000 below it, and how far it is away at most."""
    square = bound(hidden)
    exact = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    if exact**2 == square:
        return exact, Fraction(0)
    return Fraction(isqrt(square.numerator * 10**6 // square.denominator), 1000), Fraction(1, 1000)


def attained(hidden: int) -> bool:
    """The network of this depth has norms at most one, and distance r (1 - s) / 2 from |x|, s = k_h or just below."""
    slope, gap = slopes(hidden)
    radius = Fraction(hidden, 2)
    seen = look(on(relu_absolute_value(slope, radius, layers=hidden), radius))
    kinds = all(isinstance(layer, ReLU) for layer in seen.network.layers[1::2])
    close = seen.distance() == radius * (1 - slope) / 2 and slope**2 <= bound(hidden) <= (slope + gap) ** 2
    return kinds and seen.hidden == hidden and seen.norms_at_most(Fraction(1), "2") and close


def attain(most: int) -> Exhaustive:
    """The networks of depth 1 to `most`."""
    text = "the ReLU network of depth h has spectral norms at most one and the distance r (1 - s) / 2, s up to k_h"
    return Exhaustive(f"ReLU networks of depth 1 to {most}", text, lambda: range(1, most + 1), attained,
                      parameters=most, size=most)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound for every depth, and the networks that reach it."""
    depths = (3,) if budget is Budget.SMOKE else (3, 6)
    chains = (12,) if budget is Budget.SMOKE else (12, 60)
    return [networks(variant), *forms.argument(variant), ending(), *lengths(), *map(forms.chains, chains),
            *map(attain, depths)]  # fmt: skip


def margin(sample: Sample) -> Tensor:
    """4 k_h^2 - ||g_x - g_y||^2."""
    return 4 * float(bound(sample.hidden)) - (sample.jacobian - sample.jacobian_y).square().sum((-1, -2))


def exact_margin(network: Network, x: Vector, y: Vector) -> Fraction:
    """The same in rationals."""
    from lipcheck.network import Affine
    from lipcheck.readings.rational import jacobian

    (gx,), (gy,) = jacobian(network, x), jacobian(network, y)
    hidden = sum(not isinstance(layer, Affine) for layer in network.layers)
    return 4 * bound(hidden) - sum((a - b) ** 2 for a, b in zip(gx, gy, strict=True))


CLAIMS = (
    Claim(
        id=f"{ROW}.depth",
        source=f"{ICML}, section 7.1.1",
        printed=(
            "Non-GNP (non-gradient norm preserving) activations are incapable of approximating this trivial Lipschitz "
            "function. While increasing the network depth helps (Table 1), [...]"
        ),
        statement=(
            "Let h >= 1, r > 0 and k_h^2 = (1 - 1/N) (1 - 1/M) with N + M = h + 3, N = M or N = M + 1. Every network "
            "from R to R with h hidden layers, all ||W||_2 <= 1 and element-wise, increasing, 1-Lipschitz activations "
            "has f(-r) - 2 f(0) + f(r) <= 2 k_h r, and is at least r (1 - k_h) / 2 away from |x| on [-r, r]. For every "
            "rational s from 0 to k_h there is a ReLU network with rational weights at the distance r (1 - s) / 2."
        ),
        reading="repaired: incapable at every fixed depth, by an exact amount that tends to 0 like 1 / h",
        variant_of=f"{ROW}.non_gnp",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width and depth, every radius; activations may differ from unit to unit",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={
            "norm": Constant(Fraction(1), Fraction(101, 100), words="the bound on the weights"),
            "share of the squared slope": Constant(Fraction(1), Fraction(99, 100), words="the factor at k_h^2"),
        },
        textbook=TEXTBOOK,
        argument="proof.md#depth",
        search=Search(
            text="In a network with h hidden layers, one output, weights of 2-norm at most one, and ReLU or LeakyReLU, "
            "||g_x - g_y|| <= 2 k_h for the gradients g at x and y.",
            activations=({"kind": "relu"}, {"kind": "leakyrelu", "slope": "1/4"}),
            norm="2",
            margin=margin,
            exact_margin=exact_margin,
            outputs=1,
        ),
        notes=(
            "Squared slopes 1/4, 1/3, 4/9, 1/2, 9/16, 3/5, 16/25: with the paper's 3 hidden layers the distance on "
            "[-1, 1] is at least 1/6, with 7 it can be 1/10, with 17 it can be 1/20. 1 - k_h is about 2 / h."
        ),
    ),
)
