"""Dilation: a network with spectral norms at most one, as a wider network whose weights have all singular values one.

Beneath each weight W stands a B with B'B = I - W'W, so that the columns of the stack are orthonormal. The units that B
feeds are padded to whole sort groups and never read; the next weight carries them on by identity rows. The last weight
W has few rows, and gets columns [C, -C] with 2 C C' = I - W W' beside it, on two copies of units that are constantly
equal: their contributions cancel, whatever the activation makes of them. All numbers stay rational, because each pivot
of I - W'W is a sum of four rational squares. The repair of Theorem 2 of Anil et al. 2019.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

from lipcheck.build.squares import square_root_rows
from lipcheck.exact import dot
from lipcheck.network import Affine, FullSort, GroupSort, Layer, Matrix, Maxout, Network
from lipcheck.words.errors import LipcheckError

Rows = list[list[Fraction]]


class DilationError(LipcheckError, ValueError):
    """A network that has no dilation."""


@dataclass(frozen=True)
class Dilation:
    """The wider network, and how many of the first units after each layer are the original ones."""

    network: Network
    read: tuple[int, ...]


def dilate(network: Network) -> Network:
    """A wider network of the same depth and activations, equal to the given one at every input; exact and rational.

    Its weights have orthonormal columns, the last one orthonormal rows. Works for every activation that acts on units
    or on groups of fixed size: Abs, ReLU, LeakyReLU, Elementwise, GroupSort, MaxMin, Maxout.
    Raises DilationError for a weight of spectral norm above one, for FullSort, for a network without a hidden layer,
    and where an activation stands first or last.
    """
    return dilation(network).network


def dilation(network: Network) -> Dilation:
    """`dilate`, with the number of original units after each layer."""
    hidden, last = _blocks(network)
    completion = _root(_gap(last.weight, Fraction(1, 2)), len(network.layers) - 1)
    layers: list[Layer] = []
    read: list[int] = []
    unread = spare = 0
    for affine, activations in hidden:
        position = len(layers)
        group = prod(_group(a, position) for a in activations)
        rows = _root(_gap(_transposed(affine.weight)), position)
        if position + 1 + len(activations) == len(network.layers) - 1:
            spare = 2 * len(completion) * group
        padding = -(len(rows) + unread) % group
        layers += [_stack(affine, rows, unread, padding + spare), *activations]
        width, unread = len(affine.weight), len(rows) + unread + padding + spare
        read.append(width)
        for activation in activations:
            width, unread, spare = (activation.outputs(n) for n in (width, unread, spare))
            read.append(width)
    layers.append(_complete(last, unread, spare, completion))
    return Dilation(Network(network.inputs, tuple(layers)), (*read, len(last.weight)))


def _blocks(network: Network) -> tuple[list[tuple[Affine, list[Layer]]], Affine]:
    """Each hidden affine layer with the activations after it, and the last affine layer."""
    layers = network.dense().layers
    first, last = layers[0], layers[-1]
    if not (isinstance(first, Affine) and isinstance(last, Affine)):
        raise DilationError("The first and the last layer must be affine: add an identity before or after.")
    blocks: list[tuple[Affine, list[Layer]]] = []
    for layer in layers[:-1]:
        if isinstance(layer, Affine):
            blocks.append((layer, []))
        else:
            blocks[-1][1].append(layer)
    if not blocks:
        raise DilationError("The network has no hidden layer: a single affine map cannot be widened, add a layer.")
    return blocks, last


def _group(layer: Layer, position: int) -> int:
    if isinstance(layer, FullSort):
        raise DilationError(
            f"The activation after layer {position} is FullSort, which would sort new units among the old ones: "
            "use GroupSort with a fixed size."
        )
    return layer.size if isinstance(layer, GroupSort | Maxout) else 1


def _gap(rows: Matrix, factor: Fraction = Fraction(1)) -> Rows:
    """Factor times (I - W W')."""
    return [[factor * (int(i == j) - dot(a, b)) for j, b in enumerate(rows)] for i, a in enumerate(rows)]


def _root(matrix: Rows, position: int) -> Rows:
    rows = square_root_rows(matrix)
    if rows is None:
        raise DilationError(f"Layer {position} has a weight of spectral norm above 1: divide it by its norm.")
    return rows


def _transposed(rows: Matrix) -> Matrix:
    return tuple(zip(*rows, strict=True))


def _stack(affine: Affine, rows: Rows, unread: int, zeros: int) -> Affine:
    """[[W, 0], [B, 0], [0, I], [0, 0]] with the bias of the original units and no other."""
    zero, width = Fraction(0), len(affine.weight[0])
    weight = [[*row, *[zero] * unread] for row in (*affine.weight, *rows)]
    weight += [[Fraction(int(j == width + i)) for j in range(width + unread)] for i in range(unread)]
    weight += [[zero] * (width + unread) for _ in range(zeros)]
    return Affine(weight, (*affine.bias, *[zero] * (len(weight) - len(affine.bias))))


def _complete(last: Affine, unread: int, spare: int, completion: Rows) -> Affine:
    """[W, 0, C, -C, 0], where the spare units, the last of the unread ones, are constantly equal."""
    zero = Fraction(0)
    left, right = [zero] * (unread - spare), [zero] * (spare - 2 * len(completion))
    weight = []
    for i, row in enumerate(last.weight):
        entries = [b[i] for b in completion]
        weight.append([*row, *left, *entries, *(-e for e in entries), *right])
    return Affine(weight, last.bias)
