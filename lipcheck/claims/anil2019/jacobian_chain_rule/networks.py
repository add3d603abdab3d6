"""Networks with one input: the product of equation 1, and the true one-sided derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import exact
from lipcheck.network import Affine, LeakyReLU, Network, ReLU, from_json, to_json
from lipcheck.readings.line import Piece, pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Examination, Universal

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
