"""Section 3: "Unfortunately, norm-constrained networks with common activations are unable to achieve this."

Plain reading: networks with the activations that section 2.2 calls common (ReLU, tanh, maxout) and all ||W||_2 <= 1
cannot have gradient norm one almost everywhere, unless they are affine. For element-wise increasing activations this is
Theorem 1. For maxout it is false: max(x_1, x_2) has gradient e_1 or e_2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from lipcheck.claims.anil2019.norm_preserving_activations.common import ICML, ONE, ROW
from lipcheck.exact import dot
from lipcheck.network import Affine, LeakyReLU, Maxout, Network, ReLU, Vector, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

AFFINE = "networks with gradient norm one are affine"
zero = Fraction(0)


class ShapeError(LipcheckError, ValueError):
    """A network that is not one hidden layer with one output."""


def shallow(*layers: object, inputs: int = 2) -> Data:
    """Layers as data; lists are weights without bias."""
    made = tuple(Affine.linear(layer) if isinstance(layer, list) else layer for layer in layers)
    return to_json(Network(inputs, made))  # type: ignore[arg-type]


def gradients(network: Network) -> set[Vector]:
    """The gradients under all choices of winners, or of sides of the kinks: those that occur, and perhaps more."""
    match network.layers:
        case (Affine(weight=W), activation, Affine(weight=(row,))):
            pass
        case _:
            raise ShapeError("Give a network with one hidden layer and one output.")
    choices: list[list[tuple[Fraction, ...]]] = []
    match activation:
        case Maxout(size):
            choices = [[W[g * size + i] for i in range(size)] for g in range(len(row))]
        case ReLU() | LeakyReLU():
            slope = activation.slope if isinstance(activation, LeakyReLU) else zero
            choices = [[unit, tuple(slope * w for w in unit)] for unit in W]
        case _:
            raise ShapeError("Give ReLU, LeakyReLU or Maxout as activation.")
    return {tuple(dot(row, column) for column in zip(*rows, strict=True)) for rows in product(*choices)}


def occurring(network: Network) -> set[Vector]:
    """The gradients at the points of a small grid where the network is smooth."""
    points = product((Fraction(-7, 2), Fraction(-2), Fraction(1), Fraction(3)), repeat=network.inputs)
    return {jacobian(network, x)[0] for x in points if is_smooth_at(network, x)}


def examine(data: Data, elementwise: bool) -> Examination:
    """Norms, gradient norm one under all choices, and whether the grid shows no second gradient."""
    network = from_json(data)
    hypotheses = {
        "norm": all(spectral_norm_at_most(a.weight, ONE) for a in network.layers if isinstance(a, Affine)),
        "gradient": all(dot(g, g) == 1 for g in gradients(network)),
        "common": not elementwise or not isinstance(network.layers[1], Maxout),
    }
    return Examination(hypotheses, len(occurring(network)) <= 1)


MAXIMUM = shallow([[1, 0], [0, 1]], Maxout(2), [[1]])
HALVES = shallow([[Fraction(3, 5)], [Fraction(-3, 5)]], Maxout(2), [[1]], inputs=1)


def one_input() -> Forall:
    """On R one pair with squared weights a, b of sum at most 1, read with v^2 = u <= 1, has no two slopes of size 1."""
    a, b, u = map(var, "abu")
    hypotheses = {"squares": conj(a >= 0, b >= 0, u >= 0), "norms": conj(a + b <= 1, u <= 1)}
    return Forall("minimal: two inputs", hypotheses, u * a + u * b < 2, witness={"a": ONE, "b": ONE - 1, "u": ONE})


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The sentence for networks with one hidden layer; the repair leaves maxout out."""
    text = "a network of common activations, all ||W||_2 <= 1 and gradient norm one on all pieces is affine"
    return [
        Universal(AFFINE, text, lambda data: examine(data, variant.repaired), lambda: [MAXIMUM],
                  parameters=variant.repaired),
        one_input(),
    ]  # fmt: skip


SNIPPET = """\
f = lambda x, y: max(x, y)  # weights: the 2 x 2 identity, maxout of one pair, then [1]; all 2-norms are one
h = 2**-10
for x, y in ((3, 1), (1, 3), (-2, 5), (0, -4)):
    gradient = ((f(x + h, y) - f(x, y)) / h, (f(x, y + h) - f(x, y)) / h)
    print((x, y), gradient)
    assert gradient[0] ** 2 + gradient[1] ** 2 == 1
assert f(1, 0) + f(-1, 0) != 2 * f(0, 0)  # and f is not affine
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.common",
        short="max(x_1, x_2) by maxout has gradient norm one and is not affine; true of element-wise monotonic ones",
        source=f"{ICML}, section 3, before Theorem 1, with section 2.2",
        printed=(
            "Unfortunately, norm-constrained networks with common activations are unable to achieve this. [Section "
            "2.2: Most common activations (such as ReLU, tanh, maxout) are 1-Lipschitz, if scaled appropriately.]"
        ),
        statement=(
            "A network R^n → R with all ||W||_2 <= 1, activations ReLU, tanh or maxout, and gradient norm one almost "
            "everywhere is affine."
        ),
        reading="common as in section 2.2; affine networks achieve it with any activation that has slope one",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="networks with one hidden layer",
        covers_all=True,
        counterexamples={AFFINE: MAXIMUM},
        minimality="two inputs, one hidden layer, one pair: on R one pair cannot have two slopes of size one",
        near_misses=(
            NearMiss(AFFINE, HALVES, "slopes 3/5 and -3/5"),
            NearMiss(AFFINE, shallow([[1, 0], [0, 1]], ReLU(), [[1, 0]]), "ReLU loses the gradient on a half-plane"),
            NearMiss(AFFINE, shallow([[1], [1]], Maxout(2), [[1]], inputs=1), "one affine piece, and norm sqrt 2"),
        ),
        repairs={"element-wise activations": Variant(repaired=True)},
        snippet=SNIPPET,
        repaired_by="anil2019.theorem_1",
        argument="proof.md#common-activations",
    ),
)
