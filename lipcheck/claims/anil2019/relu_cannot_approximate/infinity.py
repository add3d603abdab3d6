"""Huster et al. 2018 as cited in sections 5 and 6: the infinity norm. True, and the distance is 1/4 at every depth.

Plain reading: a network from R to R with ||W||_inf <= 1 and ReLU, at any width and depth, is at least r / 4 away from
|x| on [-r, r]. Gradient rows are measured by the 1-norm. At two places a unit has entries a, b and slopes p, q, and
|p a - q b| <= |a - b| + (1 - p) |a| + (1 - q) |b|: the rows move apart by no more than what they lose. So
||g_x - g_y||_1 <= (1 - ||g_x||_1) + (1 - ||g_y||_1), and opposite slopes g_x, g_y satisfy |g_x| + |g_y| <= 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.relu_cannot_approximate.common import ICLR, ICML, ROW, beyond_one, look, plain, two_units
from lipcheck.network import Abs, LeakyReLU, MaxMin, ReLU
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.search import Network, Sample, Search, Tensor, Vector
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

half = Fraction(1, 2)
TEXTBOOK = (
    Textbook("||u W||_1 <= ||W||_inf ||u||_1 for rows u", "Horn and Johnson, Matrix Analysis, 5.6"),
    Textbook("induction over units and over layers", "Peano's axioms"),
)
HYPOTHESES = {
    "norm": "every weight has ||W||_inf <= 1",
    "element-wise": "every activation acts on each unit by itself",
    "increasing": "every activation is increasing (or decreasing: the sign can be moved into the weight)",
    "1-Lipschitz": "every activation is 1-Lipschitz",
}


def examine(data: Data, variant: Variant, relu: bool) -> Examination:
    """Which hypotheses a network meets, and whether it keeps the distance r / 4."""
    seen = look(data)
    hypotheses = {"norm": seen.norms_at_most(variant.value("norm", 1), "inf"), **seen.activations()}
    if relu:
        hypotheses = {"norm": hypotheses["norm"],
                      "ReLU": all(isinstance(layer, ReLU) for layer in seen.network.layers[1::2])}  # fmt: skip
    return Examination(hypotheses, seen.distance() >= variant.value("error", Fraction(1, 4)) * seen.radius)


def candidates(variant: Variant) -> list[Data]:
    """|x| / 2 + 1/4, the closest; then a closer one by larger norms; |x| by MaxMin, by Abs, by a LeakyReLU of slope 3.

    With norms N and h hidden layers the slope is N^(h + 1) / 2, for h = 1 that of the second network.
    """
    gain = beyond_one(variant)
    return [
        two_units(ReLU(), Fraction(1), half, Fraction(1, 4)),
        two_units(ReLU(), gain, gain / 2, (1 - gain**2 / 2) / 2),
        plain([[1], [-1]], MaxMin(), [[1, 0]]),
        plain([[1]], Abs(), [[1]]),
        two_units(LeakyReLU(3), Fraction(1), -half),
    ]


def networks(variant: Variant, relu: bool = False) -> Universal:
    """The statement for piecewise linear networks."""
    text = "a network that meets the hypotheses is at least r / 4 away from |x| on [-r, r]"
    return Universal("no network is closer", text, lambda data: examine(data, variant, relu),
                     lambda: candidates(variant), variant.dropped)  # fmt: skip


def unit(variant: Variant) -> list[Forall]:
    """An entry a >= 0 (else mirrored) of which c = p a is left loses a - c; c - e = (a - b) - (a - c) + (b - e)."""
    a, c, x, y, z = map(var, "acxyz")
    hypotheses: dict[str, Formula] = {"entry": a >= 0}
    if variant.keeps("ReLU") and variant.keeps("increasing"):
        hypotheses["increasing"] = c >= 0
    if variant.keeps("ReLU") and variant.keeps("1-Lipschitz"):
        hypotheses["1-Lipschitz"] = c <= a
    return [
        Forall("what one unit loses", hypotheses, equals(absolute(a - c), absolute(a) - absolute(c))),
        Forall("triangle inequality", {}, absolute(x - y + z) <= absolute(x) + absolute(y) + absolute(z)),
    ]


def layer(variant: Variant) -> list[Forall]:
    """M, X, Y, the 1-norms of the difference and of the two rows: M <= 2 - X - Y passes activations and weights."""
    M, X, Y, M1, X1, Y1 = map(var, ("M", "X", "Y", "M1", "X1", "Y1"))
    below: dict[str, Formula] = {"before": M <= 2 - X - Y}
    sums = M1 <= M + (X - X1) + (Y - Y1)
    shorter: dict[str, Formula] = {"norm": conj(M1 <= M, X1 <= X, Y1 <= Y)} if variant.keeps("norm") else {}
    return [
        Forall("an activation", {**below, "units": sums}, M1 <= 2 - X1 - Y1),
        Forall("a weight", {**below, **shorter}, M1 <= 2 - X1 - Y1),
    ]


def one_more_unit() -> Forall:
    """The sum of the units' inequalities."""
    M1, M, L, m1, m, lost = map(var, ("M1", "M", "L", "m1", "m", "l"))
    hypotheses: dict[str, Formula] = {"others": M1 <= M + L, "this one": m1 <= m + lost}
    return Forall("one more unit", hypotheses, M1 + m1 <= (M + m) + (L + lost))


def slopes(variant: Variant) -> Forall:
    """f(r) - f(0) = r g and f(0) - f(-r) = r k: the second difference is at most r."""
    g, k = map(var, "gk")
    law = absolute(g - k) <= 2 - absolute(g) - absolute(k)
    return Forall("the second difference", {"law": law}, g - k <= 1)


def ending(variant: Variant) -> Forall:
    """A function with second difference at most r is at least r / 4 away from |x|."""
    left, middle, right, r, e = map(var, ("left", "middle", "right", "r", "e"))
    hypotheses: dict[str, Formula] = {
        "near": conj(left >= r - e, middle <= e, right >= r - e),
        "second difference": left - 2 * middle + right <= r,
    }
    return Forall("the distance", hypotheses, e >= variant.value("error", Fraction(1, 4)) * r)


def attained() -> Exists:
    """|x| / 2 + 1/4 by two ReLU units."""
    best = two_units(ReLU(), Fraction(1), half, Fraction(1, 4))

    def accepts(data: Data) -> bool:
        seen = look(data)
        relu = all(isinstance(layer, ReLU) for layer in seen.network.layers[1::2])
        return relu and seen.norms_at_most(Fraction(1), "inf") and seen.distance() == Fraction(1, 4) * seen.radius

    return Exists("a ReLU network at the distance 1/4", "with ||W||_inf <= 1, on [-1, 1]", accepts, lambda: best)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps for all widths and depths, and the network that is closest."""
    return [networks(variant), *unit(variant), one_more_unit(), *layer(variant), slopes(variant), ending(variant),
            attained()]  # fmt: skip


def relu_only(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed statement: no error below 1/4, for ReLU."""
    return [networks(variant, relu=True), *unit(variant), one_more_unit(), *layer(variant), slopes(variant),
            ending(variant)]  # fmt: skip


def margin(sample: Sample) -> Tensor:
    """2 - ||g_x||_1 - ||g_y||_1 - ||g_x - g_y||_1."""
    gx, gy = sample.jacobian, sample.jacobian_y
    return 2 - (gx.abs() + gy.abs() + (gx - gy).abs()).sum((-1, -2))


def exact_margin(network: Network, x: Vector, y: Vector) -> Fraction:
    """The same in rationals."""
    from lipcheck.readings.rational import jacobian

    (gx,), (gy,) = jacobian(network, x), jacobian(network, y)
    return 2 - sum((abs(a) + abs(b) + abs(a - b) for a, b in zip(gx, gy, strict=True)), Fraction(0))


SEARCH = Search(
    text="In a network with one output, weights of infinity norm at most one, and ReLU or LeakyReLU, "
    "||g_x - g_y||_1 <= (1 - ||g_x||_1) + (1 - ||g_y||_1) for the gradients g at x and y.",
    activations=({"kind": "relu"}, {"kind": "leakyrelu", "slope": "1/4"}),
    norm="inf",
    margin=margin,
    exact_margin=exact_margin,
    outputs=1,
)
CONSTANTS = {
    "norm": Constant(Fraction(1), Fraction(101, 100), words="the bound on the weights"),
    "error": Constant(Fraction(1, 4), Fraction(101, 400), words="the least distance on [-1, 1]"),
}

CLAIMS = (
    Claim(
        id=f"{ROW}.infinity",
        source=f"{ICML}, section 5; {ICLR}, section 5",
        printed=(
            "Huster et al. (2018) explored universal approximation properties of Lipschitz networks and proved that "
            "ReLU networks cannot approximate absolute value with ∞-norm constraints."
        ),
        statement=(
            "No ReLU network from R to R with all ||W||_inf <= 1, of any width and depth, is closer to |x| on [-r, r] "
            "than r / 4."
        ),
        reading="the mathematical statement, with the best constant; who proved it is not judged",
        expected=Verdict.PROVED,
        obligations=relu_only,
        scope="all reals, every width, depth and radius",
        covers_all=True,
        hypotheses={"norm": HYPOTHESES["norm"], "ReLU": "every activation is ReLU"},
        constants=CONSTANTS,
        textbook=TEXTBOOK,
        argument="proof.md#infinity-norm",
        search=SEARCH,
    ),
    Claim(
        id=f"{ROW}.impossible",
        source=f"{ICML}, section 6; {ICLR}, section 6",
        printed=(
            "Moreover, Huster et al. (2018) showed that it is impossible to approximate even the absolute value "
            "function with ∞-norm-constrained ReLU networks."
        ),
        statement=(
            "No network from R to R with all ||W||_inf <= 1 and element-wise, increasing, 1-Lipschitz activations, of "
            "any width and depth, is closer to |x| on [-r, r] than r / 4; a ReLU network with one hidden layer is that "
            "close."
        ),
        reading="stronger than printed: every increasing 1-Lipschitz activation, and the distance is attained",
        variant_of=f"{ROW}.infinity",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width, depth and radius; activations may differ from unit to unit",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=CONSTANTS,
        textbook=TEXTBOOK,
        argument="proof.md#infinity-norm",
        notes="Depth does not help: 1/4 is reached by |x| / 2 + 1/4, one hidden layer, W = (1, -1)' and (1/2, 1/2).",
    ),
)
