"""Networks from R to R looked at exactly: norms, activations, and their distance from |x| on an interval."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from lipcheck.claims.anil2019.theorem_1 import common as line
from lipcheck.network import Affine, Network, to_json
from lipcheck.readings.line import Piece, pieces
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Data
from lipcheck.words.rationals import parse, spell

ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.relu_cannot_approximate"
INTRODUCTION = (
    "norm-constrained ReLU networks are provably unable to approximate simple functions such as absolute value "
    "(Huster et al., 2018)."
)
half = Fraction(1, 2)


@dataclass(frozen=True)
class Look:
    """A network from R to R on [-radius, radius]."""

    network: Network
    radius: Fraction

    @property
    def hidden(self) -> int:
        """The number of activation layers."""
        return sum(not isinstance(layer, Affine) for layer in self.network.layers)

    def norms_at_most(self, bound: Fraction, p: str) -> bool:
        """Whether every weight has an operator p-norm of at most `bound`, p = "2" or "inf"."""
        if p == "2":
            return line.norms_at_most(self.network, bound)
        affine = (layer for layer in self.network.layers if isinstance(layer, Affine))
        return all(sum(map(abs, row)) <= bound for layer in affine for row in layer.weight)

    def activations(self) -> dict[str, bool]:
        """What the theorems ask of the activations."""
        return {
            "element-wise": line.elementwise(self.network),
            "increasing": line.monotonic(self.network),
            "1-Lipschitz": line.lipschitz(self.network, Fraction(1)),
        }

    def parts(self) -> list[Piece]:
        """The affine pieces that meet the inside of the interval."""
        r = self.radius
        return [p for p in pieces(self.network) if (p.low is None or p.low < r) and (p.high is None or p.high > -r)]

    def distance(self) -> Fraction:
        """The largest | f(x) - |x| | on the interval: at an end of a piece, or at 0."""
        r = self.radius
        found = []
        for part in self.parts():
            low, high = (-r if part.low is None else max(part.low, -r)), (r if part.high is None else min(part.high, r))
            points = {low, high, min(max(Fraction(0), low), high)}
            found += [abs(part.at(t)[0] - abs(t)) for t in points]
        return max(found)

    def slope(self) -> Fraction:
        """The least size of a slope on the interval."""
        return min(abs(part.slopes[0]) for part in self.parts())

    def distance_from_affine(self) -> Fraction:
        """A lower bound on the distance from all affine functions: a quarter of |f(-r) - 2 f(0) + f(r)|."""
        left, right = (self.at(t) for t in (-self.radius, self.radius))
        return abs(left - 2 * self.at(Fraction(0)) + right) / 4

    def at(self, t: Fraction) -> Fraction:
        """f(t)."""
        from lipcheck.readings.rational import evaluate

        return evaluate(self.network, [t])[0]


def look(data: Data) -> Look:
    """The network and the interval that the data spell: {"network": ..., "radius": "1"}."""
    return Look(line.read(data["network"]), parse(data["radius"]))


def on(network: Network, radius: Fraction | int = 1) -> Data:
    """The network on [-radius, radius] as data."""
    return {"network": to_json(network), "radius": spell(Fraction(radius))}


def plain(*layers: object, bias: Fraction | int = 0) -> Data:
    """A network on [-1, 1]; nested lists stand for weights without bias, `bias` is that of the last layer."""
    made = [Affine.linear(layer) if isinstance(layer, list) else layer for layer in layers]
    last = made[-1]
    assert isinstance(last, Affine)
    return on(Network(1, (*made[:-1], Affine(last.weight, [bias]))))  # type: ignore[arg-type]


def beyond_one(variant: Variant) -> Fraction:
    """The bound on the norms where it is above one, else 1.01: what networks need that break the hypothesis on them."""
    norm = variant.value("norm", 1)
    return norm if norm > 1 else Fraction(101, 100)


def per_unit(norm: Fraction) -> Fraction:
    """An entry g of two such entries, below norm / sqrt 2, and with g^2 > 1/2 as long as norm > 1.00001."""
    return Fraction(isqrt(int(norm**2 * 10**12 / 2)), 10**6)


def two_units(activation: object, first: Fraction, last: Fraction, bias: Fraction | int = 0) -> Data:
    """x -> last (phi(first x) + phi(-first x)) + bias."""
    return plain([[first], [-first]], activation, [[last, last]], bias=bias)
