"""Activations as data, and their Jacobians, exactly: which norms they preserve, forward and backward."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

from lipcheck.network import Affine, Layer, LeakyReLU, Matrix, Maxout, Network, ReLU, from_json, to_json
from lipcheck.norms import is_orthonormal
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data

ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.norm_preserving_activations"
ONE = Fraction(1)


class ActivationDataError(LipcheckError, ValueError):
    """Data that are not one activation layer of a small width."""


def of(layer: Layer, width: int) -> Data:
    """An activation of this many units as data."""
    return to_json(Network(width, (layer,)))


def read(data: Data) -> Network:
    """The activation that the data spell, alone in a network; at most 6 units."""
    network = from_json(data)
    if len(network.layers) != 1 or isinstance(network.layers[0], Affine) or network.inputs > 6:
        raise ActivationDataError("Give a single activation layer of at most 6 units.")
    return network


def jacobians(network: Network) -> Iterable[Matrix]:
    """Its Jacobians at points of every order and every sign of the units where it is smooth."""
    levels = [Fraction(k) for k in range(-network.inputs, network.inputs + 1) if k]
    for x in product(levels, repeat=network.inputs):
        if len({abs(t) for t in x}) == len(x) and is_smooth_at(network, x):
            yield jacobian(network, x)


def preserves_backward(network: Network) -> bool:
    """||v J||_2 = ||v||_2 for all rows v, wherever the activation is smooth: J J' = I."""
    return all(len(J) <= len(J[0]) and is_orthonormal(J) for J in jacobians(network))


def preserves_forward(network: Network) -> bool:
    """||J x||_2 = ||x||_2 for all x, wherever the activation is smooth: J'J = I."""
    return all(len(J) >= len(J[0]) and is_orthonormal(J) for J in jacobians(network))


def counted_among_the_others(network: Network) -> bool:
    """Whether the paper counts the activation as not gradient norm preserving: the identity and |x| it does not."""
    match network.layers[0]:
        case Maxout(size):
            return size > 1
        case LeakyReLU(slope):
            return abs(slope) < 1
        case layer:
            return isinstance(layer, ReLU)
