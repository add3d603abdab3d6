"""Anil et al. 2019 (ICLR submission), G.3: constant scaling layers, "the product of the constant scale parameters is
equal to the Lipschitz constant. As the activation functions are homogeneous ... this is equivalent to scaling the
output".

Plain reading: multiplying the outputs of the layers by constants of product K gives K times the network. The paper's
layers have biases: one that comes after a scaling layer is not scaled by it. True without biases, or if each bias is
multiplied by the scales before it, and for scales that are not negative; over all biases the same functions are
computed; and the bound K on the Lipschitz constant survives in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Any

from lipcheck.claims.anil2019.scaling.homogeneous import ICLR
from lipcheck.claims.anil2019.scaling.output import ROW
from lipcheck.exact import vector
from lipcheck.network import Affine, Network, ReLU, from_json, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Examination, Exhaustive, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "In order to scale the Lipschitz constant of the network, we introduce constant scaling layers in the network such "
    "that the product of the constant scale parameters is equal to the Lipschitz constant. As the activation functions "
    "are homogeneous, e.g. ReLU(ax) = aReLU(x), this is equivalent to scaling the output of the network as described "
    "in Section 4."
)


class ScaleError(LipcheckError, ValueError):
    """A list of scales that does not fit the network."""


def scaled(network: Network, scales: Sequence[Fraction], along: bool) -> Network:
    """The network with its i-th affine layer followed by the scale; with `along`, biases are multiplied by those
    before.
    """
    if len(scales) != sum(isinstance(a, Affine) for a in network.layers):
        raise ScaleError(f"there are {len(scales)} scales: give one for each affine layer")
    layers: list[Any] = []
    passed, left = Fraction(1), list(scales)
    for layer in network.layers:
        if isinstance(layer, Affine):
            scale, carried = left.pop(0), passed if along else Fraction(1)
            bias = [scale * carried * b for b in layer.bias]
            passed *= scale
            layer = Affine([[scale * w for w in row] for row in layer.weight], bias)
        layers.append(layer)
    return Network(network.inputs, tuple(layers))


def networks(variant: Variant, along: bool) -> Universal:
    """Scales inside against the scaled output, at one input."""

    def examine(data: Any) -> Examination:
        network, scales, x = from_json(data["network"]), vector(data["scales"], "scales"), vector(data["x"], "x")
        hypotheses = {"nonnegative scales": all(a >= 0 for a in scales)}
        if variant.repaired:
            hypotheses["no biases"] = not any(any(a.bias) for a in network.layers if isinstance(a, Affine))
        inside, total = evaluate(scaled(network, scales, along), x), prod(scales, start=Fraction(1))
        return Examination(hypotheses, inside == tuple(total * y for y in evaluate(network, x)))

    text = "scales after the affine layers, of product K, give K times the output"
    text += ", if there are no biases" if variant.repaired else ", if biases are scaled along" if along else ""
    parameters = [variant.repaired, along]
    return Universal(
        "networks", text, examine, lambda: [BIAS, NEGATIVE], variant.dropped - {"scaled biases"}, parameters
    )


def data(layers: Sequence[Any], scales: Sequence[str], x: str) -> dict[str, Any]:
    """A network with one input, its scales and an input, as JSON data."""
    return {"network": to_json(Network(1, tuple(layers))), "scales": list(scales), "x": [x]}


BIAS = data([Affine([[1]], [0]), ReLU(), Affine([[1]], [1])], ["2", "1"], "0")
NEGATIVE = data([Affine([[1]], [0]), ReLU(), Affine([[1]], [0])], ["-1", "-1"], "1")


def single() -> list[Any]:
    """One layer with integer weight and bias, scaled by integers."""
    layers = [(w, b) for w in (-1, 0, 1) for b in (-1, 0, 1)]
    return [data([Affine([[w]], [b])], [str(a)], x) for w, b in layers for a in (0, 1, 2) for x in ("-1", "0", "1")]


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Scales between the layers; with one layer, the scale follows it and is the output's."""
    claim = networks(variant, along=False)
    return [
        claim,
        Exhaustive("minimal: one layer", "one affine layer followed by its scale", single,
                   lambda d: networks(Variant(), False).examine(d).conclusion, size=1),
    ]  # fmt: skip


SNIPPET = """\
def relu(t): return max(t, 0)
def f(x): return relu(x) + 1               # W1 = W2 = 1, b1 = 0, b2 = 1
def scaled(x): return 1 * (relu(2 * x) + 1)  # scales 2 and 1 after the affine layers, product 2
print(scaled(0), 2 * f(0))
assert scaled(0) != 2 * f(0)
"""


CLAIMS = (
    Claim(
        id=f"{ROW}.layers",
        source=ICLR,
        printed=PRINTED,
        statement="For every network with biases and homogeneous activations and all scales a_1, ..., a_L >= 0, the "
        "network in which the l-th affine layer is multiplied by a_l computes a_1 ... a_L times the network.",
        short="biases behind a scaling layer are not scaled by it: relu(2x) + 1, not 2 relu(x) + 2; scale biases along",
        reading="the same network, weights and biases as they are; each scaling layer follows an affine layer; scales "
        "are not negative; layers as in section 2, with biases",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=as_printed,
        scope="networks with biases",
        covers_all=True,
        argument="proof.md#scaling-layers",
        counterexamples={"networks": BIAS},
        minimality="one unit in each layer, weights of norm one, one bias; with a single layer, whose scale follows "
        "it, the statement is right",
        near_misses=(
            NearMiss("networks", data([Affine([[1]], [0]), ReLU(), Affine([[1]], [0])], ["2", "3"], "1"), "no bias"),
            NearMiss(
                "networks",
                data([Affine([[1]], [1]), ReLU(), Affine([[1]], [0])], ["2", "3"], "1"),
                "the bias comes before every scale",
            ),
            NearMiss("networks", NEGATIVE, "the scales are negative"),
        ),
        repairs={"no biases": Variant(repaired=True)},
        repaired_by=f"{ROW}.layers_with_biases",
        snippet=SNIPPET,
        notes="Over all biases the two compute the same functions: layers_class. A scaling layer in front of an "
        "affine layer fails with one layer: 2x + 1 against 2(x + 1).",
    ),
)
