"""The norms of a gradient on its way back through a network, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.exact import dot
from lipcheck.network import Affine, LeakyReLU, Network, Vector, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import affine_piece, is_smooth_at, pattern
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data
from lipcheck.words.rationals import parse, spell

ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.gnp_necessary"
ONE = Fraction(1)


class PlaceError(LipcheckError, ValueError):
    """A network and a point at which its gradient cannot be followed."""


def read(data: Data) -> tuple[Network, Vector]:
    """{"network": ..., "point": [...]}: a network with one output, smooth at the point."""
    network = from_json(data["network"]).dense()
    point = tuple(parse(x) for x in data["point"])
    if network.outputs != 1 or len(point) != network.inputs or not is_smooth_at(network, point):
        raise PlaceError("Give a network with one output, and a point at which it is smooth.")
    return network, point


def at(layers: Sequence[object], point: Sequence[int | Fraction]) -> Data:
    """Layers (lists are weights without bias) and a point as data."""
    made = tuple(Affine.linear(layer) if isinstance(layer, list) else layer for layer in layers)
    return {"network": to_json(Network(len(point), made)), "point": [spell(Fraction(x)) for x in point]}  # type: ignore[arg-type]


def squares(network: Network, point: Vector) -> list[Fraction]:
    """The squared 2-norms of the gradient behind the last layer, before it, ..., before the first one: from 1 on."""
    row: Vector = (ONE,)
    found = [ONE]
    chosen = pattern(network, point)
    for k in range(len(network.layers) - 1, -1, -1):
        width = network.widths[k - 1] if k else network.inputs
        single = Network(width, (network.layers[k],))
        jacobian = affine_piece(single, (chosen[k],))[0]
        row = tuple(dot(row, column) for column in zip(*jacobian, strict=True))
        found.append(dot(row, row))
    return found


def norms_at_most(network: Network, bound: Fraction) -> bool:
    """Whether every weight has a spectral norm of at most `bound`."""
    return all(spectral_norm_at_most(a.weight, bound) for a in network.layers if isinstance(a, Affine))


def lipschitz(network: Network) -> bool:
    """Whether every activation is 1-Lipschitz; only LeakyReLU can fail."""
    return all(abs(a.slope) <= 1 for a in network.layers if isinstance(a, LeakyReLU))
