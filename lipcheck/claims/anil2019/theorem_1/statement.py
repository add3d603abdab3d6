"""Theorem 1: norm-constrained networks with monotonic activations and gradient norm one are affine.

Plain reading: f = W_L phi(... phi(W_1 x + b_1) ...) + b_L with all ||W_l||_2 <= 1, where each phi_i is a monotonic
function of one variable with slopes at most one. If the gradient of f, which exists almost everywhere, has norm one
almost everywhere, then f(x) = w'x + c. The paper's proof calls W h + b "a single linear layer", so linear means affine.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.theorem_1 import common
from lipcheck.claims.anil2019.theorem_1.common import ICLR, ICML, PRINTED, ROW
from lipcheck.claims.anil2019.theorem_1.quantitative import SEARCH
from lipcheck.network import Affine
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ONE = Fraction(1)
TEXTBOOK = (
    Textbook("Rademacher's theorem", "Evans and Gariepy, Measure Theory and Fine Properties of Functions, 3.1.2"),
    Textbook("chain rule for a Lipschitz function of a Lipschitz function", "Ziemer, Weakly Differentiable Functions, "
             "Theorem 2.1.11"),
    Textbook("Fubini's theorem; Lipschitz images of null sets are null", "Rudin, Real and Complex Analysis, 8.8, 7.18"),
    Textbook("a Lipschitz function is the integral of its derivative", "Rudin, Real and Complex Analysis, 7.18, 7.20"),
    Textbook("||A B||_2 <= ||A||_2 ||B||_2", "Horn and Johnson, Matrix Analysis, 5.6"),
    Textbook("induction over units and over layers", "Peano's axioms"),
)  # fmt: skip
HYPOTHESES = {
    "norm": "every weight has ||W||_2 <= 1",
    "lipschitz": "every activation is 1-Lipschitz",
    "element-wise": "every activation acts on each unit by itself",
    "monotonic": "every activation is monotonic",
    "gradient": "||grad f||_2 = 1 almost everywhere",
}


def examine(data: Data, variant: Variant) -> Examination:
    """Which hypotheses a piecewise linear network from R to R meets, and whether it is affine."""
    network = common.read(data)
    parts = pieces(network)
    hypotheses = {
        "norm": common.norms_at_most(network, variant.value("norm", 1)),
        "lipschitz": common.lipschitz(network, variant.value("lipschitz", 1)),
        "element-wise": common.elementwise(network),
        "monotonic": common.monotonic(network),
        "gradient": common.gradient(parts, variant.value("gradient", 1)),
    }
    return Examination(hypotheses, common.affine(parts))


def networks(variant: Variant) -> Universal:
    """The statement for piecewise linear networks from R to R."""
    text = "a piecewise linear network from R to R that meets the hypotheses is affine"
    return Universal("networks on the line", text, lambda data: examine(data, variant), lambda: common.beyond(variant),
                     variant.dropped)  # fmt: skip


def squares_shrink(variant: Variant) -> Forall:
    """One more unit keeps sum w_j^2 d_j^2 <= sum w_j^2, for u = w^2 and s = d^2."""
    u, s, a, b = var("u"), var("s"), var("a"), var("b")
    hypotheses: dict[str, Formula] = {"square": u >= 0, "lipschitz": s <= 1, "others": b <= a}
    return Forall("slopes shrink the row", hypotheses, b + u * s <= a + u)


def read_units(variant: Variant) -> Forall:
    """With a = sum of the other w_j^2 and b = sum of the other w_j^2 d_j^2: a unit with w^2 = u > 0 has d^2 = s = 1."""
    u, s, a, b = var("u"), var("s"), var("a"), var("b")
    hypotheses: dict[str, Formula] = {
        "square": u >= 0,
        "lipschitz": s <= variant.value("lipschitz", 1) ** 2,
        "others": b <= a,
        "norm": u + a <= variant.value("norm", 1) ** 2,
        "gradient": u * s + b >= variant.value("gradient", 1) ** 2,
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("units that are read have slope ±1", kept, disj(equals(u, 0), equals(s, 1)))


def one_sign(variant: Variant) -> Forall:
    """Two slopes of size one of a monotonic function are equal."""
    d, e = var("d"), var("e")
    hypotheses: dict[str, Formula] = {"size one": conj(equals(d * d, 1), equals(e * e, 1))}
    if variant.keeps("monotonic"):
        hypotheses["monotonic"] = disj(conj(d >= 0, e >= 0), conj(d <= 0, e <= 0))
    return Forall("slopes of size one have one sign", hypotheses, equals(d, e))


def collapse() -> Forall:
    """With h = phi(z) = s z + c: w h = (w s) z + w c and (w s)^2 = w^2: two layers become one, with a row no longer."""
    w, s, z, c, h = var("w"), var("s"), var("z"), var("c"), var("h")
    hypotheses: dict[str, Formula] = {"slope": equals(s * s, 1), "unit": equals(h, s * z + c)}
    return Forall("layers collapse", hypotheses, conj(equals(w * h, w * s * z + w * c), equals((w * s) ** 2, w * w)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the derivation; none depends on the number of units, layers or inputs."""
    return [networks(variant), squares_shrink(variant), read_units(variant), one_sign(variant), collapse()]


def literally_linear(data: Data, repaired: bool) -> Examination:
    """As `examine`, with f(x) = w x for every x as the conclusion."""
    network, found = common.read(data), examine(data, Variant())
    unbiased = all(not any(layer.bias) for layer in network.layers if isinstance(layer, Affine))
    linear = found.conclusion and not any(pieces(network)[0].offsets)
    return Examination({**found.hypotheses, **({"no bias": unbiased} if repaired else {})}, linear)


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The literal reading; the repair asks for layers without bias."""
    text = "a piecewise linear network from R to R that meets the hypotheses is linear: f(0) = 0"
    return [Universal("linear functions", text, lambda data: literally_linear(data, variant.repaired),
                      lambda: [SHIFT, IDENTITY])]  # fmt: skip


SHIFT = common.plain(Affine([[1]], [1]))
IDENTITY = common.plain([[1]])

MAIN = Claim(
    id=ROW,
    source=f"{ICML}, Theorem 1; {ICLR}, Theorem 1",
    printed=PRINTED,
    statement=(
        "If f : R^n → R is a network with all ||W||_2 <= 1 and 1-Lipschitz, element-wise, monotonic activations, and "
        "||grad f||_2 = 1 almost everywhere, then f is affine."
    ),
    reading="linear means affine, as in the paper's proof; monotonic includes decreasing",
    expected=Verdict.PROVED,
    obligations=obligations,
    scope="all reals, every width, depth and number of inputs; activations may differ from unit to unit",
    covers_all=True,
    hypotheses=HYPOTHESES,
    constants={
        "norm": Constant(ONE, Fraction(101, 100), words="the bound on the weights"),
        "lipschitz": Constant(ONE, Fraction(101, 100), words="the bound on the activations' slopes"),
        "gradient": Constant(ONE, Fraction(99, 100), words="the least norm of the gradient"),
    },
    textbook=TEXTBOOK,
    argument="proof.md#statement",
    search=SEARCH,
    notes="The ICLR submission says 'monotonically increasing', which is the weaker statement.",
)

LINEAR = Claim(
    id=f"{ROW}.linear",
    short="f(x) = x + 1 qualifies and is not linear; affine is right",
    source=f"{ICML}, Theorem 1",
    printed="[...] then f is linear.",
    statement="Under the hypotheses of Theorem 1, f(x) = w'x for all x.",
    reading="linear in the literal sense, f(0) = 0",
    variant_of=ROW,
    expected=Verdict.REFUTED,
    grade=Grade.WORDING,
    obligations=literal,
    scope="all networks of Theorem 1",
    covers_all=True,
    repairs={"without biases": Variant(repaired=True)},
    near_misses=(
        NearMiss("linear functions", IDENTITY, "f(x) = x is linear"),
        NearMiss("linear functions", common.plain(Affine([[Fraction(1, 2)]], [1])), "x/2 + 1 has gradient norm 1/2"),
    ),
    counterexamples={"linear functions": SHIFT},
    minimality="one input, one layer: no network is smaller",
    snippet=(
        "from fractions import Fraction\n"
        "def f(x): return Fraction(1) * x + 1  # one layer, W = [1], b = 1\n"
        "print(f(1) + f(2), f(1 + 2))\n"
        "assert f(1) + f(2) != f(1 + 2)"
    ),
    repaired_by=ROW,
    argument="proof.md#linear",
)

CLAIMS = (MAIN, LINEAR)
