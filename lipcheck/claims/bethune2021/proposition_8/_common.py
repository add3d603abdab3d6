"""Networks with GroupSort2 that several claims look at, and the words that they share.

A cell is the set of inputs with one activation pattern: which of its two numbers is the larger one, for every pair.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.network import Affine, MaxMin, Network, to_json
from lipcheck.readings import line

ROW = "bethune2021.proposition_8"
SECTION = "Béthune et al. 2021, arXiv 2104.05097v2, section 5"
PROOF = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, proof of Proposition 8"
LEMMA = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, Lemma 1"
LEMMA_PROOF = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, proof of Lemma 1"


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
    layers: list[Any] = []
    weight, bias = [[1], [-1]], [Fraction(0), Fraction(0)]
    for k in range(depth):
        layers += [Affine(weight, bias), MaxMin()]
        weight, shift = [[1, 0], [-1, 0]], Fraction(1, 2**k)
        bias = [-shift, shift]
    return Network(1, (*layers, Affine.linear([[1, 0]])))


def spelled(network: Network) -> Any:
    """The network as JSON data."""
    return to_json(network)
