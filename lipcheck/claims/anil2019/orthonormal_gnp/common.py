"""Words of the row, and networks looked at exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML
from lipcheck.exact import vector
from lipcheck.network import Abs, Affine, FullSort, GroupSort, Layer, Matrix, Network, from_json, to_json
from lipcheck.norms import is_orthonormal
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data

ROW = "anil2019.orthonormal_gnp"
ISOMETRY = f"{ICML}, section 4.4; {ICLR}, appendix F.3"

zero, one, half = Fraction(0), Fraction(1), Fraction(1, 2)


class PointError(LipcheckError, ValueError):
    """A point at which the network is not differentiable."""


def plain(inputs: int, *layers: Any) -> Data:
    """A network as data; nested lists stand for weights without bias."""
    made: list[Layer] = [Affine.linear(layer) if isinstance(layer, list) else layer for layer in layers]
    return to_json(Network(inputs, tuple(made)))


def at(network: Data, *point: int | str) -> dict[str, Any]:
    """The data of a network and a point."""
    return {"network": network, "point": [str(x) for x in point]}


def read(data: Data) -> tuple[Network, Matrix]:
    """The network, and its Jacobian at the point, where no number is on a kink."""
    network, point = from_json(data["network"]).dense(), vector(data["point"], "point")
    if not is_smooth_at(network, point):
        raise PointError("The point lies on a kink: the Jacobian there is not defined.")
    return network, jacobian(network, point)


def affine(network: Network) -> list[Affine]:
    """The affine layers in order."""
    return [layer for layer in network.layers if isinstance(layer, Affine)]


def scaled(weight: Matrix, factor: Fraction) -> Matrix:
    """The matrix times a number."""
    return tuple(tuple(factor * entry for entry in row) for row in weight)


def unit_singular_values(weight: Matrix, value: Fraction = one) -> bool:
    """Whether all singular values equal `value`, a positive number."""
    return is_orthonormal(scaled(weight, 1 / value))


def gnp_activations(network: Network) -> bool:
    """Whether every activation has a Jacobian that is a permutation matrix up to signs."""
    return all(isinstance(layer, Affine | GroupSort | FullSort | Abs) for layer in network.layers)


def widths(network: Network) -> list[int]:
    """The widths between the affine layers: the inputs, the hidden layers, the outputs."""
    return [network.inputs, *(len(layer.weight) for layer in affine(network))]


def monotone(sizes: Sequence[int]) -> bool:
    """Whether the sizes never rise, or never fall."""
    return all(a >= b for a, b in pairwise(sizes)) or all(a <= b for a, b in pairwise(sizes))
