"""Section 7.1.2: ReLU networks "approach linear functions as they utilize the full gradient capacity".

Plain reading: if the gradient norm tends to one, the distance from the affine functions tends to 0. At a fixed depth
this is so: h |s|^2 + (h + 2) |d|^2 <= h for half the sum s and half the difference d of the gradients at two places, so
a norm of at least 1 - δ at both allows |d|^2 <= h δ (1 - δ / 2) only. Over all depths it is not: the networks of
`build.relu_folding` have slopes of size s on either side of 0, as near to one as one likes, and keep the distance s / 2
from every affine function on [-1, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.relu_folding import best_slope_square, layers_for, relu_absolute_value
from lipcheck.claims.anil2019.relu_cannot_approximate import forms
from lipcheck.claims.anil2019.relu_cannot_approximate.common import ICML, ROW, beyond_one, look, on, plain, two_units
from lipcheck.network import Abs, Affine, LeakyReLU, MaxMin, ReLU
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ONE, half = Fraction(1), Fraction(1, 2)
STEEP, STEEPER = Fraction(14, 25), Fraction(4, 5)
PRINTED = (
    "How much of the Lipschitz capacity can we use? We have proven that ReLU networks approach linear functions as "
    "they utilize the full gradient capacity allowed with Lipschitz constraints."
)


def examine(data: Data, least: Fraction, deepest: int | None) -> Examination:
    """Whether a ReLU network has slopes of at least this size, and is within 1/4 of an affine function on [-1, 1]."""
    seen = look(data)
    hypotheses = {
        "norm": seen.norms_at_most(ONE, "2"),
        "ReLU": all(isinstance(layer, Affine | ReLU) for layer in seen.network.layers),
        "slopes": seen.radius == 1 and seen.slope() >= least,
        "depth": deepest is None or seen.hidden <= deepest,
    }
    return Examination(hypotheses, seen.distance_from_affine() <= Fraction(1, 4))


def named(least: Fraction) -> str:
    """The obligation's name."""
    return f"slopes of size {least} at least"


def near_affine(least: Fraction, variant: Variant) -> Universal:
    """Slopes of this size and more leave no room; the repair bounds the depth so that this is so."""
    deepest = layers_for(least) - 1 if variant.repaired else None
    return Universal(named(least), "such a ReLU network is within 1/4 of an affine function on [-1, 1]",
                     lambda data: examine(data, least, deepest), lambda: [on(relu_absolute_value(least))],
                     parameters=[spell(least), deepest])  # fmt: skip


def shallower(least: Fraction) -> Exhaustive:
    """With fewer hidden layers, slopes of this size and of both signs do not occur."""
    return Exhaustive(f"minimal: {layers_for(least)} hidden layers for {least}", "the chain of forms excludes it",
                      lambda: range(1, layers_for(least)),
                      lambda h: best_slope_square(h) < least**2 and forms.proves(h, best_slope_square(h)),
                      parameters=spell(least))  # fmt: skip


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two sizes of slopes; `depth` has all below one."""
    sizes = (STEEP,) if budget is Budget.SMOKE else (STEEP, STEEPER)
    return [*(near_affine(s, variant) for s in sizes), *map(shallower, sizes)]


def law(data: Data, variant: Variant) -> Examination:
    """h s^2 + (h + 2) d^2 <= h for the slopes at the two ends of the interval."""
    seen = look(data)
    parts = seen.parts()
    x, y = parts[0].slopes[0], parts[-1].slopes[0]
    h, weight = seen.hidden, variant.value("beyond h", 2)
    return Examination({"norm": seen.norms_at_most(variant.value("norm", 1), "2"), **seen.activations()},
                       h * ((x + y) / 2) ** 2 + (h + weight) * ((x - y) / 2) ** 2 <= h)  # fmt: skip


def candidates(variant: Variant) -> list[Data]:
    """One network for each hypothesis and constant: a larger norm, MaxMin, Abs, LeakyReLU(4); then relu(x)."""
    gain = beyond_one(variant)
    return [
        plain([[gain]], ReLU(), [[gain]]),
        plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]]),
        plain([[1]], Abs(), [[1]]),
        two_units(LeakyReLU(4), Fraction(3, 5), Fraction(-5, 9)),
        plain([[1]], ReLU(), [[1]]),
    ]


def networks(variant: Variant) -> Universal:
    """The law on piecewise linear networks from R to R."""
    return Universal("slopes at two places", "h s^2 + (h + 2) d^2 <= h for the half sum s and half difference d",
                     lambda data: law(data, variant), lambda: candidates(variant), variant.dropped)  # fmt: skip


def from_norms() -> Forall:
    """With |g_x|^2, |g_y|^2 >= 1 - 2 t: |s|^2 + |d|^2 >= 1 - 2 t, and the law gives |d|^2 <= h t."""
    S, D, h, t = map(var, "SDht")
    hypotheses: dict[str, Formula] = {
        "norms": 1 - 2 * t <= S + D,
        "law": h * S + (h + 2) * D <= h,
        "depth": h >= 1,
    }
    return Forall("from the norms to the difference", hypotheses, h * t >= D,
                  witness={"S": ONE, "D": ONE - 1, "h": ONE, "t": ONE})  # fmt: skip


def fixed_depth(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What follows from the chain s^2 + (j + 2) / j d^2 <= 1 j layers from the output on; its steps are in `depth`."""
    return [networks(variant), from_norms()]


SNIPPET = """\
from fractions import Fraction as F
c, s = F(255, 257), F(32, 257)
assert c * c + s * s == 1  # so each of the 26 weights has 2-norm one
relu = lambda t: max(t, 0)
def f(x):  # 25 hidden layers of width 2; the biases 2 and -2 keep the first unit where ReLU is linear
    a, b = F(x), F(0)
    for _ in range(25):
        a, b = relu(c * a + s * b + 2) - 2, relu(c * b - s * a)
    return a
print("slopes", float(-f(-1)), float(f(1)), "and distance from affine functions", float(f(-1) - 2 * f(0) + f(1)) / 4)
assert min(f(-1), f(1)) > F(4, 5) and f(-1) - 2 * f(0) + f(1) > 4 * F(2, 5)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.linear",
        short="with depth, slopes near 1 leave them 2/5 and more from affine functions; at fixed depth it tends to 0",
        source=f"{ICML}, section 7.1.2",
        printed=PRINTED,
        statement=(
            "For every ε > 0 there is δ > 0 such that a ReLU network with all ||W||_2 <= 1 and |f'| >= 1 - δ almost "
            "everywhere on [-1, 1] is within ε of an affine function there, whatever its depth."
        ),
        reading="a limit over all ReLU networks, on a bounded interval",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="ε = 1/4 and slopes of 14/25 and 4/5; every δ > 0 by `depth`, with the distance (1 - δ) / 2",
        covers_all=True,
        counterexamples={named(s): on(relu_absolute_value(s)) for s in (STEEP, STEEPER)},
        minimality="2 hidden layers are the fewest for slopes of ±14/25, 7 for ±4/5: proved by the chains of forms",
        near_misses=(
            NearMiss(named(STEEP), on(relu_absolute_value(half)), "slopes ±1/2 are too small"),
            NearMiss(named(STEEP), plain([[1]]), "x is affine"),
        ),
        repairs={"a bounded depth": Variant(repaired=True)},
        snippet=SNIPPET,
        repaired_by=f"{ROW}.linear_at_fixed_depth",
        depends_on=(f"{ROW}.depth",),
        argument="proof.md#approach-to-linear-functions",
        notes="What the paper proves is Theorem 1: networks are affine if the gradient norm is one, not near one.",
    ),
    Claim(
        id=f"{ROW}.linear_at_fixed_depth",
        source=f"{ICML}, section 7.1.2",
        printed=PRINTED,
        statement=(
            "Let f : R^n → R have h hidden layers, all ||W||_2 <= 1, and element-wise, increasing, 1-Lipschitz "
            "activations; let s and d be half the sum and half the difference of its gradients, propagated through "
            "slopes, at two places. Then h |s|^2 + (h + 2) |d|^2 <= h. If both gradients have norms of at least 1 - δ, "
            "they differ by at most 2 sqrt(h δ (1 - δ / 2)); if this is so for all pairs in a ball of radius r, then f "
            "is there within 2 r sqrt(h δ (1 - δ / 2)) of an affine function."
        ),
        reading="repaired: for networks of h hidden layers",
        variant_of=f"{ROW}.linear",
        expected=Verdict.PROVED,
        obligations=fixed_depth,
        scope="all reals, every width, depth and number of inputs",
        covers_all=True,
        hypotheses={
            "norm": "every weight has ||W||_2 <= 1",
            "element-wise": "every activation acts on each unit by itself",
            "increasing": "every activation is increasing (or decreasing: the sign can be moved into the weight)",
            "1-Lipschitz": "every activation is 1-Lipschitz",
        },
        constants={
            "norm": Constant(ONE, Fraction(101, 100), words="the bound on the weights"),
            "beyond h": Constant(Fraction(2), Fraction(202, 100), words="what is added to h at |d|^2"),
        },
        textbook=(
            Textbook("||u W||_2 <= ||W||_2 ||u||_2 for rows u", "Horn and Johnson, Matrix Analysis, 5.6"),
            Textbook("fundamental theorem of calculus along segments", "Rudin, Real and Complex Analysis, 7.20"),
            Textbook("induction over units and over layers", "Peano's axioms"),
        ),
        depends_on=(f"{ROW}.depth",),
        argument="proof.md#approach-to-linear-functions",
        notes="The same inequality as the quantitative form of Theorem 1, proved by one chain of quadratic forms.",
    ),
)
