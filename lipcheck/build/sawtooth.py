"""Sawtooth networks: as many affine pieces as a GroupSort2 network of one input with so many neurons can have.

MaxMin sorts a pair (t, -t) to (|t|, -|t|): two neurons fold the line once. Each further fold, along the middle
of what the last one left, doubles the number of affine pieces, so W neurons in W/2 layers make 2^(W/2) of them, and no
network of sorted pairs has more (Béthune et al. 2021, proof of Proposition 8; for ReLU Telgarsky 2016).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from lipcheck.layers import Layer
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings import line


def neurons(network: Network) -> int:
    """W: the widths of all activation layers, added up."""
    widths = zip(network.layers, network.widths, strict=True)
    return sum(width for layer, width in widths if not isinstance(layer, Affine))


def affine_pieces(network: Network) -> int:
    """The number of maximal intervals on which a network of one input is affine."""
    parts = line.pieces(network)
    return 1 + sum((a.slopes, a.offsets) != (b.slopes, b.offsets) for a, b in pairwise(parts))


def folding(depth: int) -> Network:
    """x -> |...||x| - 1| - 1/2| ... - 2^(2 - depth)|: pairs (t, -t), one for each layer; 2^depth affine pieces."""
    layers = list[Layer]()
    weight, bias = [[1], [-1]], [Fraction(0), Fraction(0)]
    for k in range(depth):
        layers += [Affine(weight, bias), MaxMin()]
        weight, shift = [[1, 0], [-1, 0]], Fraction(1, 2**k)
        bias = [-shift, shift]
    return Network(1, (*layers, Affine.linear([[1, 0]])))
