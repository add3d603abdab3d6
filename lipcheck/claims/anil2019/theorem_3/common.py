"""The class LN_p of Theorem 3, decided exactly, and networks of the class through given values.

LN_p: linear layers and MaxMin in turn, first and last layer linear; ||W_1||_{p, inf} = 1 for the first weight, which is
the largest dual norm of a row, and ||W||_inf = 1 for all others; any biases. A row of a smaller norm does no harm
beside one of norm one, and a unit need not be read: two more units that carry x_1 give any hidden layer the norm one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain

from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.exact import Vector, dot, vector
from lipcheck.network import Affine, Layer, MaxMin, Maxout, Network, Select
from lipcheck.norms import Exponent, operator_norm
from lipcheck.words.claim import Textbook
from lipcheck.words.errors import LipcheckError

ROW = "anil2019.theorem_3"
ICLR = "Anil et al. 2019 (ICLR submission), section 6 and appendix D"
SKETCH = "Anil et al. 2019 (ICLR submission), section 6, sketch of the proof of Theorem 3"
FORMAL = "Anil et al. 2019 (ICLR submission), appendix D, proof of Theorem 3"
PRINTED = (
    "Theorem 3. (Universal Approximation with Lipschitz Networks) Let LN_p denote the class of fully-connected neural "
    "networks whose first weight matrix satisfies ||W_1||_{p,∞} = 1, all other weight matrices satisfy ||W||_∞ = "
    "1, and MaxMin activations. Let X be a closed and bounded subset of R^n endowed with the L_p metric. Then the "
    "closure of LN_p is dense in C_L(X, R)."
)
HOELDER = Textbook("Hoelder's inequality, and for every d a functional u of dual norm one with u . d = ||d||_p",
                   "Horn and Johnson, Matrix Analysis, 5.4 and 5.5")  # fmt: skip
LAYERS = Textbook("induction over units, functions and layers", "Peano's axioms")
BOUNDED = Textbook("a bounded set in R^n is totally bounded", "Munkres, Topology, section 45, example 1")

EXPONENTS: Mapping[str, Exponent] = {"1": Fraction(1), "2": Fraction(2), "inf": math.inf}


class DataError(LipcheckError, ValueError):
    """Data that do not describe what is to be examined."""


def exponent(text: object) -> Exponent:
    """The exponent that "1", "2" or "inf" spells."""
    if not isinstance(text, str) or text not in EXPONENTS:
        raise DataError(f"The exponent is {text!r}: say '1', '2' or 'inf'.")
    return EXPONENTS[text]


def first_norm(network: Network, p: Exponent, value: Fraction) -> bool:
    """Whether ||W_1||_{p, inf} has this value."""
    norm = operator_norm(_weight(network.layers[0]).weight, p, math.inf)
    return norm.at_most(value) is True and norm.at_least(value) is True


def other_norms(network: Network, value: Fraction) -> bool:
    """Whether ||W||_inf has this value for all weights but the first."""
    later = [_weight(layer).weight for layer in network.layers[1:] if isinstance(layer, Affine | Select)]
    return all(max(sum(map(abs, row)) for row in weight) == value for weight in later)


def alternate(network: Network, kind: type[MaxMin] | type[Maxout] = MaxMin) -> bool:
    """Whether linear layers and activations of this kind take turns, a linear layer first and last."""
    odd = len(network.layers) % 2
    linear = all(isinstance(layer, Affine | Select) for layer in network.layers[::2])
    return bool(odd) and linear and all(isinstance(layer, kind) for layer in network.layers[1::2])


def in_class(network: Network, p: Exponent, kind: type[MaxMin] | type[Maxout] = MaxMin) -> bool:
    """Whether the network is in LN_p, or in the same class with another activation."""
    one = Fraction(1)
    return alternate(network, kind) and first_norm(network, p, one) and other_norms(network, one)


def _weight(layer: Layer) -> Affine:
    match layer:
        case Affine():
            return layer
        case Select():
            return layer.affine()
        case _:
            raise DataError(f"{layer!r} is no linear layer: start with one.")


def slope(d: Vector, c: Fraction, p: Exponent) -> Vector:
    """A row w with w . d = c: the norming functional of d, times c / ||d||_p; rational for p = 1, 2 and infinity."""
    if p == 2:
        return tuple(c * v / dot(d, d) for v in d)
    if p == 1:
        total = sum(map(abs, d), Fraction(0))
        return tuple(c / total * ((v > 0) - (v < 0)) for v in d)
    k = max(range(len(d)), key=lambda i: abs(d[i]))
    return tuple(c / v if i == k else Fraction(0) for i, v in enumerate(d))


def affine_map(weight: Vector, bias: Fraction) -> Network:
    """x -> w . x + b, for ||w||_q <= 1, as a network of LN_p with one hidden layer, the same for every p."""
    axis = tuple(Fraction(i == 0) for i in range(len(weight)))
    zero = Fraction(0)
    return Network(len(weight), (Affine([weight, weight, axis, axis], [bias, bias, zero, zero]), MaxMin(),
                                 Select((0,), 4)))  # fmt: skip


def through(points: Sequence[Vector], values: Sequence[Fraction], p: Exponent) -> Network:
    """A network of LN_p with these values at these distinct points: max_i min_j of affine maps through i and j."""
    groups = []
    for i, (x, v) in enumerate(zip(points, values, strict=True)):
        others = [(y, w) for j, (y, w) in enumerate(zip(points, values, strict=True)) if j != i]
        rows = [slope(tuple(b - a for a, b in zip(x, y, strict=True)), w - v, p) for y, w in others]
        groups.append(tuple(Piece.through(x, v, row) for row in rows or [(Fraction(0),) * len(x)]))
    lattice = Lattice(tuple(groups), p).network()
    first, *later = lattice.layers
    if not isinstance(first, Affine):
        raise AssertionError("The network of a lattice starts with an affine layer.")
    if not later:
        return affine_map(first.weight[0], first.bias[0])
    axis = tuple(Fraction(i == 0) for i in range(lattice.inputs))
    widened = Affine([*first.weight, axis, axis], [*first.bias, Fraction(0), Fraction(0)])
    sort, chosen, *rest = later
    if not isinstance(chosen, Select):
        raise AssertionError("The network of a lattice selects behind its first MaxMin.")
    return Network(lattice.inputs, (widened, sort, Select(chosen.indices, chosen.width + 2), *rest))


def samples() -> list[dict[str, object]]:
    """Values at points of R, R^2 and R^3 that are 1-Lipschitz for every p, or sharply so for one of them."""
    one = [([["0"]], ["3"]), ([["0"], ["2"]], ["1", "-1"]), ([["0"], ["1"], ["2"]], ["0", "1", "0"])]
    two = [([["0", "0"], ["3", "4"]], ["0", "4"]), ([["0", "0"], ["1", "0"], ["0", "1"]], ["1", "0", "0"])]
    three = [([["0", "0", "0"], ["1", "2", "2"], ["-1", "0", "2"]], ["0", "2", "1"])]
    sharp = [("1", [["0", "0"], ["1", "2"]], ["0", "3"]), ("2", [["0", "0"], ["3", "4"]], ["0", "5"])]
    plain = [(p, points, values) for points, values in chain(one, two, three) for p in EXPONENTS]
    return [{"p": p, "points": points, "values": values} for p, points, values in chain(plain, sharp)]


def read_sample(data: object) -> tuple[list[Vector], Vector, Exponent]:
    """Points, values and exponent of one of the samples."""
    match data:
        case {"p": p, "points": list(points), "values": values, **rest} if not rest:
            return [vector(x, "point") for x in points], vector(values, "values"), exponent(p)
        case _:
            raise DataError("Give {'p': '1', '2' or 'inf', 'points': [...], 'values': [...]}.")
