"""Anil et al. 2019 (ICLR submission), section 2, equation 1: "Using the chain rule, the Jacobian of a neural network
can be expanded as ... W_L φ'(z_{L-1}) ... W_2 φ'(z_1) W_1".

Plain reading: wherever every activation is differentiable at its pre-activations, φ'(z) being the diagonal matrix of
slopes. There it is right. Where an activation has a kink, no value of ReLU'(0) makes it right for all networks that are
differentiable there; but such points have measure zero, or the value does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.exact import exact
from lipcheck.network import Affine, LeakyReLU, Network, ReLU, from_json, to_json
from lipcheck.readings.line import Piece, pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.jacobian_chain_rule"
SOURCE = "Anil et al. 2019 (ICLR submission), section 2, equation 1"
PRINTED = (
    "Using the chain rule, the Jacobian of a neural network can be expanded as follows: ∂y/∂x = ∂z_L/∂h_{L−1} "
    "∂h_{L−1}/∂z_{L−1} ... ∂z_2/∂h_1 ∂h_1/∂z_1 ∂z_1/∂x = W_L φ′(z_{L−1}) ... W_2 φ′(z_1) W_1"
)


class KindError(LipcheckError, ValueError):
    """A network for which this product is not formed: more than one input, or another activation than ReLU."""


def expand(network: Network, x: Fraction, at_zero: Fraction) -> tuple[Fraction, ...]:
    """W_L φ'(z_{L-1}) ... W_1 for a network with one input and (leaky) ReLU, with φ'(0) = `at_zero`."""
    column = [Fraction(1)]
    values: tuple[Fraction, ...] = (x,)
    for layer in network.layers:
        match layer:
            case Affine(weight=weight):
                column = [sum((w * c for w, c in zip(row, column, strict=True)), Fraction(0)) for row in weight]
            case ReLU() | LeakyReLU():
                below = layer.slope if isinstance(layer, LeakyReLU) else Fraction(0)
                slopes = [at_zero if z == 0 else Fraction(1) if z > 0 else below for z in values]
                column = [d * c for d, c in zip(slopes, column, strict=True)]
            case _:
                raise KindError(f"{type(layer).__name__}: give affine layers, ReLU and LeakyReLU")
        values = evaluate(Network(len(values), (layer,)), values)
    return tuple(column)


def beside(found: Sequence[Piece], x: Fraction) -> tuple[Piece, Piece]:
    """The affine pieces to the left and to the right of x."""
    left = next(p for p in found if (p.low is None or p.low < x) and (p.high is None or x <= p.high))
    right = next(p for p in found if (p.low is None or p.low <= x) and (p.high is None or x < p.high))
    return left, right


def read(data: Any) -> tuple[Network, Fraction, Fraction]:
    """(network, x, φ'(0)) with a single input."""
    network = from_json(data["network"])
    if network.inputs != 1:
        raise KindError(f"the network has {network.inputs} inputs: give one")
    return network, exact(data["x"], "x"), exact(data["at_zero"], "at_zero")


def off_kinks(network: Network, x: Fraction) -> bool:
    """Whether no activation has 0 as its pre-activation at x."""
    before = [Network(1, network.layers[:i]) for i, a in enumerate(network.layers) if i and not isinstance(a, Affine)]
    first_is_linear = isinstance(network.layers[0], Affine) or x != 0
    return first_is_linear and all(0 not in evaluate(n, (x,)) for n in before)


def inside_pieces(network: Network, x: Fraction) -> bool:
    """Whether x lies strictly inside an affine piece of every layer's output: true for all x but finitely many."""
    prefixes = [Network(1, network.layers[: i + 1]) for i in range(len(network.layers))]
    return all(x not in (p.low, p.high) for prefix in prefixes for p in pieces(prefix))


def formula(name: str, text: str, asked: str, variant: Variant, candidates: Sequence[Any]) -> Universal:
    """The product against the true derivative; `asked` names the hypothesis on x."""

    def examine(data: Any) -> Examination:
        network, x, at_zero = read(data)
        left, right = beside(pieces(network), x)
        hypotheses = {
            "differentiable activations": off_kinks(network, x),
            "almost every x": inside_pieces(network, x),
            "differentiable network": left.slopes == right.slopes,
        }
        conclusion = left.slopes == right.slopes == expand(network, x, at_zero)
        return Examination({asked: hypotheses[asked]}, conclusion)

    return Universal(name, text, examine, lambda: candidates, variant.dropped, parameters=asked)


def data(layers: Sequence[Any], x: str = "0", at_zero: str = "0") -> dict[str, Any]:
    """A network with one input, a point and the value taken for ReLU'(0)."""
    return {"network": to_json(Network(1, tuple(layers))), "x": x, "at_zero": at_zero}


def linear(*rows: Sequence[int]) -> Affine:
    """A layer without bias."""
    return Affine.linear([list(row) for row in rows])


IDENTITY = data([linear([1], [-1]), ReLU(), linear([1, -1])])
DEEPER = data([linear([1], [-1]), ReLU(), linear([1, 0], [0, 1]), ReLU(), linear([1, -1])], at_zero="1/2")


def remainder() -> Forall:
    """With z - z0 = g + b and φ(z) - φ(z0) = d (z - z0) + a: w φ changes by w d g + w (a + d b), one column more."""
    s, S, w, g, b, d, a = map(var, ("s", "S", "w", "g", "b", "d", "a"))
    changed = d * (g + b) + a
    return Forall("one more column", {"others": equals(S, s)}, equals(S + w * changed - w * (a + d * b), s + w * d * g))


def small() -> Forall:
    """|a| <= e |z - z0|, |z - z0| <= (J + e) t and |b| <= e t: the remainder a + d b is at most e (J + e + D) t."""
    a, c, z, J, D, e, t = map(var, ("a", "c", "z", "J", "D", "e", "t"))
    hypotheses: dict[str, Formula] = {
        "signs": conj(z >= 0, J >= 0, D >= 0, e >= 0, t >= 0),
        "activation": conj(a <= e * z, -a <= e * z),
        "pre-activation": z <= J * t + e * t,
        "product": conj(c <= D * e * t, -c <= D * e * t),
    }
    bound = e * J * t + e * e * t + D * e * t
    return Forall("the remainder is small", hypotheses, conj(a + c <= bound, -(a + c) <= bound))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One more layer, with what remains; and networks."""
    text = "where no pre-activation is 0, a ReLU network has the derivative W_L φ'(z_{L-1}) ... W_1"
    networks = formula("networks", text, "differentiable activations", variant, [IDENTITY])
    return [remainder(), small(), networks]


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A proposed value of ReLU'(0), and that none serves two networks at once."""
    s, v, w = var("s"), var("v"), var("w")
    asked = "differentiable activations" if variant.repaired else "differentiable network"
    text = "with the proposed value for ReLU'(0): the product is the derivative wherever " + (
        "no pre-activation is 0" if variant.repaired else "the network is differentiable"
    )
    right, left = v * positive_part(w), -(v * positive_part(-w))
    apart = [conj(t) for c in (2 * s - 1, 2 * s * s - 1) for t in (c > 0, c < 0)]
    return [
        formula("one proposal", text, asked, variant, [IDENTITY]),
        Forall("relu(x) - relu(-x) needs 2 s = 1, one more ReLU needs 2 s^2 = 1", {}, disj(*apart)),
        Forall("minimal: one unit", {"differentiable": equals(right, left)}, equals(v * s * w, right)),
    ]


def zero_row() -> Forall:
    """Where the gradient of a pre-activation is 0, so is its row times any slope: φ'(0) does not matter."""
    s, d, j, w, t = map(var, ("s", "d", "j", "w", "t"))
    return Forall("a zero row", {"row": equals(j, 0)}, equals(t + w * s * j, t + w * d * j))


def tiny() -> Iterator[dict[str, Any]]:
    """Networks 1-1-1-1 with weights 1, -1 and small biases, at points beside and between their kinks."""
    for (u, v), (a, b) in product(product((1, -1), repeat=2), product((-1, 0, 1), (-1, 0))):
        layers = [Affine([[u]], [a]), ReLU(), Affine([[v]], [b]), ReLU(), Affine([[1]], [0])]
        for x, at_zero in product(("-3/2", "1/2"), ("0", "1")):
            yield data(layers, x, at_zero)


def almost_everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The row that vanishes, small networks, and networks at their kinks."""
    text = "inside the affine pieces of all layers the product is the derivative, whatever ReLU'(0)"
    networks = formula("networks", text, "almost every x", variant, [DEEPER])
    whole = Exhaustive("small networks", "networks 1-1-1-1 with integer weights, off their kinks", lambda: list(tiny()),
                       lambda d: not networks.examine(d).violates())  # fmt: skip
    return [remainder(), zero_row(), networks, whole]


SNIPPET = """\
def relu(t): return max(t, 0)
def f(x): return relu(x) - relu(-x)                      # = x
def g(x): return relu(relu(x)) - relu(relu(-x))          # = x
assert all(f(x) == g(x) == x for x in range(-9, 10))     # so both have derivative 1 at 0
for s in (0, 0.5, 1):                                    # ReLU'(0)
    product_f, product_g = 1 * s * 1 + -1 * s * -1, 1 * s * s * 1 + -1 * s * s * -1
    print("ReLU'(0) =", s, "gives", product_f, "and", product_g)
    assert not product_f == product_g == 1
"""


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For every network and every x at which each φ is differentiable at its pre-activations, y is "
        "differentiable at x and its Jacobian, one row per output, is W_L D_{L-1} W_{L-1} ... D_1 W_1, where D_l is "
        "the Jacobian of the activation at z_l: for an element-wise one, the diagonal matrix of the φ'(z_{l,i}).",
        reading="wherever the factors exist; W_l of shape n_l x n_{l-1}",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths, depths and differentiable activations",
        covers_all=True,
        hypotheses={"differentiable activations": "every activation is differentiable at its pre-activations"},
        textbook=(
            Textbook("chain rule in several variables", "Rudin, Principles, theorem 9.15"),
            Textbook("sums of terms that vanish faster than t do so too", "Rudin, Principles, 9.11"),
        ),
        argument="proof.md#where-the-factors-exist",
        notes="The factors multiply from the right, in the order printed. With the printed shapes n_{l-1} x n_l they "
        "fit only in the opposite order, transposed: see notation.",
    ),
    Claim(
        id=f"{ROW}.everywhere",
        source=SOURCE,
        printed=PRINTED,
        statement="There is a number s such that, with ReLU'(0) = s, the product is the Jacobian of every ReLU network "
        "at every x at which the network is differentiable.",
        reading="at every x where the left side exists, as no condition is printed",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=everywhere,
        scope="ReLU networks with one input; no value of ReLU'(0) will do",
        covers_all=True,
        argument="proof.md#at-kinks",
        counterexamples={"one proposal": IDENTITY},
        minimality="two units: with one hidden unit, a network that is differentiable at the kink is constant there "
        "and every s is right",
        near_misses=(
            NearMiss("one proposal", {**IDENTITY, "at_zero": "1/2"}, "1/2 is right for this network"),
            NearMiss("one proposal", {**IDENTITY, "x": "1"}, "x is no kink"),
            NearMiss("one proposal", data([linear([1]), ReLU(), linear([1])]), "ReLU is not differentiable at 0"),
        ),
        repairs={"no pre-activation at a kink": Variant(repaired=True)},
        repaired_by=ROW,
        snippet=SNIPPET,
        notes="The stored counterexample has s = 0, the choice of the common frameworks; s = 1/2 fails on the deeper "
        "network.",
    ),
    Claim(
        id=f"{ROW}.almost_everywhere",
        source=SOURCE,
        printed=PRINTED,
        statement="Let every activation act on each unit by a Lipschitz function φ_i, with any real values for φ_i'(t) "
        "where that derivative does not exist. Then for almost every x the network is differentiable and the product "
        "is its Jacobian.",
        reading="for almost every input, as the paper uses Jacobians of networks with kinks",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=almost_everywhere,
        scope="all widths and depths, all Lipschitz element-wise activations",
        covers_all=True,
        hypotheses={"almost every x": "x lies outside a set of measure zero"},
        textbook=(
            Textbook(
                "Lipschitz functions are differentiable almost everywhere (Rademacher)",
                "Evans, Gariepy, Measure Theory and Fine Properties of Functions, theorem 3.1.2",
            ),
            Textbook(
                "chain rule for Lipschitz φ after Lipschitz z; grad z = 0 almost everywhere where z lies in a null set",
                "Ziemer, Weakly Differentiable Functions, theorem 2.1.11",
            ),
        ),
        argument="proof.md#almost-everywhere",
    ),
)
