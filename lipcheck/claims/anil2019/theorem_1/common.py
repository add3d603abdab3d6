"""Networks from R to R looked at exactly, and those that show why each hypothesis of Theorem 1 is needed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.network import Abs, Affine, LeakyReLU, MaxMin, Network, ReLU, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.line import Piece
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data

ICML = "Anil, Lucas, Grosse 2019 (ICML), section 3"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.theorem_1"

PRINTED = (
    "Theorem 1. Consider a neural net, f : R^n → R, built with matrix 2-norm constrained weights (||W||_2 ≤ 1) and "
    "1-Lipschitz, element-wise, monotonic activation functions. If ||∇f(x)||_2 = 1 almost everywhere, then f is linear."
)

half = Fraction(1, 2)
seven_tenths = Fraction(7, 10)
gain, least = Fraction(101, 100), Fraction(99, 100)


class ShapeError(LipcheckError, ValueError):
    """A network that is not from R to R."""


def read(data: Data) -> Network:
    """The network from R to R that the data spell."""
    network = from_json(data).dense()
    if (network.inputs, network.outputs) != (1, 1):
        raise ShapeError(f"The network goes from R^{network.inputs} to R^{network.outputs}: give one from R to R.")
    return network


def norms_at_most(network: Network, bound: Fraction) -> bool:
    """Whether every weight has a spectral norm of at most `bound`."""
    return all(spectral_norm_at_most(a.weight, bound) for a in network.layers if isinstance(a, Affine))


def lipschitz(network: Network, bound: Fraction) -> bool:
    """Whether every activation is Lipschitz with this constant, at least one; only LeakyReLU can fail."""
    return all(abs(a.slope) <= bound for a in network.layers if isinstance(a, LeakyReLU))


def elementwise(network: Network) -> bool:
    """Whether every activation acts on each unit by itself."""
    return all(isinstance(layer, Affine | Abs | ReLU | LeakyReLU) for layer in network.layers)


def monotonic(network: Network) -> bool:
    """Whether every element-wise activation is monotonic."""
    return not any(isinstance(a, Abs) or (isinstance(a, LeakyReLU) and a.slope < 0) for a in network.layers)


def gradient(parts: Iterable[Piece], least: Fraction) -> bool:
    """Whether least <= |f'| <= 1 almost everywhere."""
    return all(least <= abs(part.slopes[0]) <= 1 for part in parts)


def affine(parts: Sequence[Piece]) -> bool:
    """Whether all pieces belong to one affine map."""
    return len({(part.slopes, part.offsets) for part in parts}) == 1


def plain(*layers: Any) -> Data:
    """A network with one input as data; nested lists stand for weights without bias."""
    return to_json(Network(1, tuple(Affine.linear(layer) if isinstance(layer, list) else layer for layer in layers)))


def two_sides(middle: Sequence[Any], scale: Fraction = seven_tenths, last: Fraction = seven_tenths) -> Data:
    """[s, -s]' x, then the middle layers, then [l, l]."""
    return plain([[scale], [-scale]], *middle, [[last, last]])


def counterexamples(gain: Fraction = gain, least: Fraction = least) -> list[Data]:
    """One network for each hypothesis and constant: it violates that one alone, and is not affine.

    In order: |x| by the absolute value; |x| by ReLU with a weight of norm sqrt 2; |x| by LeakyReLU of slope 4; |x| by
    MaxMin; max(x, 0); |x| by ReLU layers whose weights have norms of at most `gain`; |x| by LeakyReLU layers of slopes
    of at most `gain`; LeakyReLU of slope `least`.
    """
    return [
        plain([[1]], Abs(), [[1]]),
        two_sides([ReLU()], scale=Fraction(1), last=Fraction(1)),
        plain([[Fraction(3, 5)], [Fraction(-3, 5)]], LeakyReLU(4), [[Fraction(-5, 9), Fraction(-5, 9)]]),
        plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]]),
        plain([[1]], ReLU(), [[1]]),
        deep_relu(gain),
        deep_leaky(gain),
        plain([[1]], LeakyReLU(least), [[1]]),
    ]


def beyond(variant: Variant) -> list[Data]:
    """The counterexamples for the constants of a variant; for constants within the sharp ones, those 1 % beyond."""
    reach = max(variant.value("norm", 1), variant.value("lipschitz", 1))
    slope = variant.value("gradient", 1)
    return counterexamples(reach if reach > 1 else gain, slope if 0 < slope < 1 else least)


def gains(bound: Fraction) -> list[Fraction]:
    """Numbers (k + 1)/k of at most `bound` > 1 whose product, which telescopes, is at least 100/49."""
    first = math.ceil(1 / (bound - 1))
    return [Fraction(k + 1, k) for k in range(first, math.ceil(first * Fraction(100, 49)))]


def deep_relu(bound: Fraction) -> Data:
    """|x| by ReLU layers: weights of norm 7/10 sqrt 2 first, then the gains, and a last one that makes the slope 1."""
    middle: list[Any] = [ReLU()]
    for gain in gains(bound):
        middle += [[[gain, Fraction(0)], [Fraction(0), gain]], ReLU()]
    return two_sides(middle, last=1 / (seven_tenths * math.prod(gains(bound))))


def deep_leaky(bound: Fraction) -> Data:
    """|x| by LeakyReLU layers with the gains as slopes, on numbers that are never positive, after one ReLU."""
    zero, one = Fraction(0), Fraction(1)
    middle: list[Any] = [ReLU(), [[-one, zero], [zero, -one]]]
    for gain in gains(bound):
        middle += [LeakyReLU(gain), [[one, zero], [zero, one]]]
    return two_sides(middle, last=-1 / (seven_tenths * math.prod(gains(bound))))
