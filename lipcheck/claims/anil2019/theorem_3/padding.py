"""'Add identity layers to match the depths': it fails for a network of one layer, as the separation step provides it.

An identity layer changes nothing behind a MaxMin, where the numbers are sorted. A network with a single weight has no
MaxMin: an identity and MaxMin in front of it sort its inputs, and behind it they sort its outputs, or meet one unit
alone, which MaxMin is not defined on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from lipcheck.build.joining import stack
from lipcheck.claims.anil2019.theorem_3 import common
from lipcheck.claims.anil2019.theorem_3.common import FORMAL, ROW
from lipcheck.network import Affine, MaxMin, Network, Select, from_json, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

NAME = "identity layers"


def padded(network: Network) -> Iterator[Network]:
    """The network with an identity and MaxMin put in at every place where linear layers and activations still
    alternate.

    Only places of even width count.
    """
    widths = (network.inputs, *network.widths)
    for place, width in enumerate(widths):
        if width % 2 == 0:
            keep = Select(tuple(range(width)), width)
            linear_next = place == len(network.layers) or isinstance(network.layers[place], Affine | Select)
            added = (keep, MaxMin()) if linear_next and place < len(network.layers) else (MaxMin(), keep)
            yield Network(network.inputs, (*network.layers[:place], *added, *network.layers[place:]))


def equal(f: Network, g: Network) -> bool:
    """Whether the networks agree at all integer points with entries of at most 3."""
    return all(evaluate(f, x) == evaluate(g, x) for x in product(range(-3, 4), repeat=f.inputs))


def examine(data: Data, repaired: bool) -> Examination:
    """Whether a network of LN_inf can be made deeper by identities, or (`repaired`) by `lipcheck.build.stacking`.

    A disagreement at an integer point is final. The repaired padding is exact for all inputs.
    """
    network = from_json(data)
    if repaired:
        sorts = [layer for layer in network.layers if isinstance(layer, MaxMin)]
        axis = Affine.linear([[int(i == 0) for i in range(network.inputs)]] * 2)
        layers = (axis, *(layer for _ in range(len(sorts) + 1) for layer in (MaxMin(), Select((0, 1), 2))))
        both = stack([network, Network(network.inputs, layers)])
        own = Network(network.inputs, (*both.layers, Select(tuple(range(network.outputs)), both.outputs)))
        deeper = [own] if len([a for a in own.layers if isinstance(a, MaxMin)]) > len(sorts) else []
    else:
        deeper = [found for found in padded(network) if alternating(found)]
    return Examination({"in the class": common.in_class(network, common.EXPONENTS["inf"])},
                       any(equal(network, found) for found in deeper))  # fmt: skip


def alternating(network: Network) -> bool:
    """Whether no two activations follow each other."""
    return not any(isinstance(a, MaxMin) and isinstance(b, MaxMin) for a, b in pairwise(network.layers))


def obligations(variant: Variant, budget: Budget) -> Sequence[Universal]:
    """Networks of one and two weights."""
    text, proposed = "a network of LN_inf with one more identity layer is the same function", [SINGLE, PLANE, TWO]
    return [Universal(NAME, text, lambda data: examine(data, variant.repaired), lambda: proposed)]


SINGLE = to_json(Network(1, (Affine.linear([[1]]),)))
PLANE = to_json(Network(2, (Affine.linear([[0, 1]]),)))
TWO = to_json(Network(1, (Affine([[1], [-1]], [0, 0]), MaxMin(), Affine.linear([[1, 0]]))))
TOO_LARGE = to_json(Network(1, (Affine.linear([[Fraction(2)]]),)))

CLAIMS = (
    Claim(
        id=f"{ROW}.padding",
        short=(
            "A network of one weight sorts nothing, so that no identity layer fits; its output taken "
            "twice passes a MaxMin."
        ),
        source=FORMAL,
        printed=(
            "To do so observe that after the pre-activations have been sorted we can multiply by the identity and the "
            "sorting activation afterwards will have no additional effect. Therefore, for the channel that has the "
            "smallest depth we can add in these additional identity layers to match the depths and resort to the above "
            "case."
        ),
        statement=(
            "In every network of LN_p an identity weight and a MaxMin can be put in at some place without changing the "
            "function."
        ),
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=obligations,
        scope="networks with a single weight, which the separation step uses; for deeper ones it holds",
        covers_all=True,
        repairs={"the outputs twice, MaxMin, and one of each pair": Variant(repaired=True)},
        counterexamples={NAME: SINGLE},
        near_misses=(
            NearMiss(NAME, TWO, "behind its MaxMin an identity layer changes nothing"),
            NearMiss(NAME, TOO_LARGE, "a weight of norm two is not in the class"),
        ),
        minimality="one weight, one input, one output: no network is smaller",
        snippet=(
            "def maxmin(v): return [m(v[i:i + 2]) for i in range(0, len(v), 2) for m in (max, min)]\n"
            "f = lambda x: x[1]  # one weight, [0, 1], on R^2\n"
            "x = [0, 1]\n"
            "print(f(x), f(maxmin(x)))  # an identity layer in front sorts the inputs; behind f there is one unit "
            "only\nassert f(x) != f(maxmin(x))"
        ),
        repaired_by=f"{ROW}.lattice",
        argument="proof.md#identity-layers",
        reading="MaxMin acts on pairs of units, so that widths are even where it acts",
        notes=(
            "The single layer networks of the separation step are exactly those that have to be padded. If MaxMin left "
            "a last unit without a partner alone, which the paper does not say, one output could pass layers by itself."
        ),
    ),
)
