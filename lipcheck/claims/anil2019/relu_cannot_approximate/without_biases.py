"""ReLU networks without biases under the 2-norm: here the sentence of section 1 is true at every depth.

Plain reading: if the first layer has no bias, every unit of it is off on one side of 0. Then the second difference is
at most 2 b_h r with b_h^2 = h / (2 (h + 1)) < 1/2, so that no depth comes closer to |x| on [-r, r] than r (2 - sqrt 2)
/ 4. Networks without any hidden bias reach b_h. So it is the biases, which the paper's networks have, that let depth
approximate |x|.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from lipcheck.build.relu_folding import best_slope_square, relu_absolute_value
from lipcheck.claims.anil2019.relu_cannot_approximate import depth
from lipcheck.claims.anil2019.relu_cannot_approximate.common import (
    ICML,
    INTRODUCTION,
    ROW,
    beyond_one,
    look,
    on,
    per_unit,
    plain,
    two_units,
)
from lipcheck.network import Affine, MaxMin, ReLU
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ONE, half = Fraction(1), Fraction(1, 2)
SHARE = "share of the squared slope"


def examine(data: Data, variant: Variant) -> Examination:
    """Which hypotheses a network meets, and whether 1 - 2 e / r <= b_h."""
    seen = look(data)
    share = 1 - 2 * seen.distance() / seen.radius
    first = seen.network.layers[0]
    hypotheses = {
        "norm": seen.norms_at_most(variant.value("norm", 1), "2"),
        "ReLU": all(isinstance(layer, Affine | ReLU) for layer in seen.network.layers),
        "no bias": isinstance(first, Affine) and not any(first.bias) and seen.hidden > 0,
    }
    bound = variant.value(SHARE, 1) * best_slope_square(seen.hidden, biases=False)
    return Examination(hypotheses, share <= 0 or share**2 <= bound)


def candidates(variant: Variant) -> list[Data]:
    """A larger norm; MaxMin; the best network of 3 hidden layers with biases; the best one of depth 1."""
    gain = per_unit(beyond_one(variant))
    return [
        two_units(ReLU(), gain, gain, (1 - gain**2) / 2),
        plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]]),
        on(relu_absolute_value(Fraction(2, 3))),
        on(relu_absolute_value(half)),
    ]


def networks(variant: Variant) -> Universal:
    """The lower bound on ReLU networks without a bias in the first layer."""
    text = "a ReLU network with h hidden layers and no bias in the first one is at least r (1 - b_h) / 2 away from |x|"
    return Universal("no network is closer", text, lambda data: examine(data, variant), lambda: candidates(variant),
                     variant.dropped)  # fmt: skip


def first_layer() -> Forall:
    """|s|^2 + B |d|^2 <= 1 behind the first layer, B = (h + 1) / (h - 1); C is the square of the entries that are read.

    Each unit w_i x is on for one sign of x, so it reads c_i = s_i + d_i or s_i - d_i, and B c_i^2 <= (1 + B) (s_i^2 + B
    d_i^2). With |w| <= 1 the square G of half the slope difference, sum of |w_i| c_i / 2, is at most C / 4.
    """
    B, C, F, G = map(var, "BCFG")
    hypotheses: dict[str, Formula] = {
        "form": conj(B >= 1, F <= 1),
        "one slope 0 in each unit": B * C <= (1 + B) * F,
        "Cauchy-Schwarz": 4 * G <= C,
    }
    return Forall("the first layer", hypotheses, 4 * B * G <= 1 + B,
                  witness={"B": ONE, "C": ONE, "F": ONE, "G": Fraction(1, 4)})  # fmt: skip


def attained(hidden: int) -> bool:
    """The network without hidden biases has norms at most one and the distance (1 - s) / 2, s up to b_h."""
    square = best_slope_square(hidden, biases=False)
    slope = Fraction(isqrt(square.numerator * 10**6 // square.denominator), 1000)
    seen = look(on(relu_absolute_value(slope, layers=hidden, biases=False)))
    affine = [layer for layer in seen.network.layers if isinstance(layer, Affine)]
    bare = not any(b for layer in affine[:-1] for b in layer.bias)
    return bare and seen.hidden == hidden and seen.norms_at_most(ONE, "2") and seen.distance() == (1 - slope) / 2


def attain(most: int) -> Exhaustive:
    """The networks of depth 1 to `most`."""
    return Exhaustive(f"networks without biases, depth 1 to {most}", "spectral norms at most one, slope b_h",
                      lambda: range(1, most + 1), attained, parameters=most, size=most)  # fmt: skip


def below_half() -> Forall:
    """h / (2 (h + 1)) < 1/2."""
    h, b = var("h"), var("b")
    hypotheses: dict[str, Formula] = {"depth": h >= 1, "b": 2 * b * (h + 1) <= h}
    return Forall("below 1/2 at every depth", hypotheses, 2 * b * (h + 1) < h + 1,
                  witness={"h": ONE, "b": Fraction(1, 4)})  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The first layer, and the networks that reach the bound; the chain from the output to it is that of `depth`."""
    sizes = (3,) if budget is Budget.SMOKE else (3, 6)
    return [networks(variant), first_layer(), depth.ending(), below_half(), *map(attain, sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.without_biases",
        source=f"{ICML}, section 1",
        printed=INTRODUCTION,
        statement=(
            "Let h >= 1 and b_h^2 = h / (2 (h + 1)). A ReLU network from R to R with h hidden layers, all ||W||_2 <= 1 "
            "and no bias in its first layer is at least r (1 - b_h) / 2 > r (2 - sqrt 2) / 4 away from |x| on [-r, r]; "
            "without any hidden bias each rational slope from 0 to b_h, and so the distance up to it, is reached."
        ),
        reading="the spectral norm, networks without biases",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width, depth and radius",
        covers_all=True,
        hypotheses={
            "norm": "every weight has ||W||_2 <= 1",
            "ReLU": "every activation is ReLU",
            "no bias": "the first layer has no bias",
        },
        constants={
            "norm": Constant(ONE, Fraction(101, 100), words="the bound on the weights"),
            SHARE: Constant(ONE, Fraction(99, 100), words="the factor at b_h^2"),
        },
        textbook=(
            *depth.TEXTBOOK,
            Textbook("Cauchy-Schwarz inequality", "Rudin, Principles, 1.35"),
        ),
        depends_on=(f"{ROW}.depth",),
        argument="proof.md#without-biases",
        notes="The paper's networks have biases (section 2.1: b_l in R^(n_l)), so this is not its sentence.",
    ),
)
