"""What rounding the weights can add to the constant of a network, derived layer by layer from shapes and dtypes.

A weight rounded to nearest moves by at most u of itself, u = 2^-53, 2^-24, 2^-11, 2^-8 for float64, float32, float16,
bfloat16. So a layer W becomes W + E with |E_ij| <= u |W_ij|, and

    ||E||_p <= u || |W| ||_p,    || |W| ||_p = ||W||_p for p = 1, inf,    || |W| ||_2 <= sqrt(r) ||W||_2,

where r is the smaller side of W: || |W| ||_2 <= ||W||_F <= sqrt(r) ||W||_2; orthogonal matrices with entries of equal
size attain it. A convolution is a matrix on patches, one row per output channel; rows, and at stride one the columns of
each input channel, have 2-norms of at most ||W||_2, and a number of the image stands in at most k patches of k taps, c
times as many where the padding copies it. So there r is k c times the channels of a group: the outputs, or at stride
one the fewer of both.

Weights that are made to have norm one come out of arithmetic in their format: at least one product of matrices of side
r, or one division by a computed norm. Its r roundings per entry act on partial sums of size 1/sqrt(r) and are
independent as a rule, not as a law (Higham and Mary, A new approach to probabilistic rounding error analysis, SIAM J.
Sci. Comput. 41, 2019): an error of about u in each entry, a random matrix of norm 2 sqrt(r) u, 3 sqrt(r) u with room
for the largest of many. With the rounding of what is stored that makes 4 sqrt(r) u, and 4 u for p = 1 and inf. Layers
in a row multiply:

    1 + scale = prod over layers (1 + 4 u sqrt(r)).

So the scale is a convention with a derivation, not a bound: it decides what `--rounding` forgives, never a bound.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.graph import Convolution, Dense, Diagonal, Graph, Node
from lipcheck.norms.bracket import root

if TYPE_CHECKING:
    import numpy as np

UNIT_ROUNDOFFS = {
    "float64": Fraction(1, 2**53),
    "float32": Fraction(1, 2**24),
    "float16": Fraction(1, 2**11),
    "bfloat16": Fraction(1, 2**8),
}
ROUNDINGS = 4
"""One for storing a weight, which is a bound, and three for the product that made it, which is the rule."""
_ROOT_WIDTH = Fraction(1, 2**40)


def rounding_scale(graph: Graph, p: float, dtype: str | None = None) -> Fraction:
    """The scale in p-norm; `dtype` overrides what the arrays say, for weights that were stored in fewer digits.

    Exact numbers (Fractions) add nothing.
    """
    factor = Fraction(1)
    for node in graph.nodes:
        factor *= 1 + _of_layer(node, p, dtype)
    return factor - 1


def _of_layer(node: Node, p: float, dtype: str | None) -> Fraction:
    match node.operation:
        case Dense(weight=weight):
            smaller = min(weight.shape)
        case Convolution(weight=weight, stride=stride, groups=groups, mode=mode, padding=padding):
            outputs, inputs = weight.shape[0] // groups, weight.shape[1]
            channels = min(outputs, inputs) if set(stride) == {1} else outputs
            copies = math.prod(_copies(mode, max(0, *pad)) for pad in padding)
            smaller = channels * math.prod(weight.shape[2:]) * copies
        case Diagonal(factor=weight):
            smaller = 1
        case _:
            return Fraction(0)
    unit = ROUNDINGS * _unit(weight, dtype)
    return unit * root(Fraction(smaller), 2, _ROOT_WIDTH).upper if p == 2 else unit


def _copies(mode: str, pad: int) -> int:
    """How often one number of an axis can stand in its padded form."""
    if mode == "replicate":
        return 1 + pad
    return 3 if mode == "reflect" and pad else 1


def _unit(weight: np.ndarray[tuple[int, ...], np.dtype[np.generic]], dtype: str | None) -> Fraction:
    return UNIT_ROUNDOFFS[dtype or weight.dtype.name] if weight.dtype.kind == "f" else Fraction(0)
