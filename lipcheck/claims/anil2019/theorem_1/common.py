"""Networks from R to R looked at exactly, and those that show why each hypothesis of Theorem 1 is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.network import Abs, Affine, LeakyReLU, MaxMin, Network, ReLU, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.line import Piece
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


def counterexamples() -> list[Data]:
    """One network for each hypothesis and constant: it violates that one alone, and is not affine.

    In order: |x| by the absolute value; |x| by ReLU with a weight of norm sqrt 2; |x| by LeakyReLU of slope 4; |x| by
    MaxMin; max(x, 0); |x| by 73 ReLU layers whose weights have norm 1.01; |x| by 71 LeakyReLU layers of slope 1.01;
    LeakyReLU of slope 0.99.
    """
    return [
        plain([[1]], Abs(), [[1]]),
        two_sides([ReLU()], scale=Fraction(1), last=Fraction(1)),
        plain([[Fraction(3, 5)], [Fraction(-3, 5)]], LeakyReLU(4), [[Fraction(-5, 9), Fraction(-5, 9)]]),
        plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]]),
        plain([[1]], ReLU(), [[1]]),
        deep_relu(),
        deep_leaky(),
        plain([[1]], LeakyReLU(Fraction(99, 100)), [[1]]),
    ]


def deep_relu() -> Data:
    """|x| by ReLU layers; the norms are 1.01 and below: 0.7 * 1.01^72 * r = 1 with r = 0.698."""
    gain = Fraction(101, 100)
    middle: list[Any] = [ReLU()]
    for _ in range(72):
        middle += [[[gain, Fraction(0)], [Fraction(0), gain]], ReLU()]
    return two_sides(middle, last=1 / (seven_tenths * gain**72))


def deep_leaky() -> Data:
    """|x| by LeakyReLU layers of slope 1.01 on numbers that are never positive, after one ReLU; all norms at most 1."""
    gain = Fraction(101, 100)
    zero, one = Fraction(0), Fraction(1)
    middle: list[Any] = [ReLU(), [[-one, zero], [zero, -one]]]
    for _ in range(71):
        middle += [LeakyReLU(gain), [[one, zero], [zero, one]]]
    return two_sides(middle, last=-1 / (seven_tenths * gain**71))
