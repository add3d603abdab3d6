"""Networks with weights of spectral norm at most one, made from any network of positively homogeneous activations."""

from __future__ import annotations

from fractions import Fraction

from lipcheck.exact import NetworkError
from lipcheck.layers import Abs, Affine, FullSort, GroupSort, Layer, LeakyReLU, Maxout, ReLU, Select
from lipcheck.network import MaxMin, Network
from lipcheck.norms import spectral_norm_at_most

HOMOGENEOUS = (Abs, ReLU, LeakyReLU, GroupSort, FullSort, Maxout)


def rescaled(network: Network) -> tuple[Network, Fraction]:
    """(c f as a network whose weights have spectral norm at most one, c > 0).

    Layer l is divided by m_l, the sum of the sizes of its entries or 1, and its bias by m_1 ... m_l: sorts and their
    like commute with positive factors, so that every layer shows its old values divided by m_1 ... m_l.
    """
    scale, layers = Fraction(1), list[Layer]()
    for layer in network.layers:
        plain = layer.affine() if isinstance(layer, Select) else layer
        if isinstance(plain, Affine):
            size = max(Fraction(1), sum((abs(w) for row in plain.weight for w in row), Fraction(0)))
            scale *= size
            layers.append(Affine([[w / size for w in row] for row in plain.weight], [b / scale for b in plain.bias]))
        elif isinstance(plain, HOMOGENEOUS):
            layers.append(plain)
        else:
            raise NetworkError(f"{type(plain).__name__} does not commute with positive factors: use a sort or ReLU.")
    return Network(network.inputs, tuple(layers)), 1 / scale


def sorted_network(network: Network) -> Network:
    """The same function with MaxMin for ReLU: each unit x is paired with a unit 0, and max(x, 0) is read.

    Takes affine layers and ReLU, each ReLU between affine layers.
    """
    layers = list[Layer]()
    paired = False
    for i, layer in enumerate(network.layers):
        follows = i + 1 < len(network.layers) and isinstance(network.layers[i + 1], ReLU)
        if isinstance(layer, ReLU):
            layers.append(MaxMin())
            paired = True
            continue
        if not isinstance(layer, Affine):
            raise NetworkError(f"{type(layer).__name__} is neither affine nor ReLU.")
        weight = [[v for w in row for v in (w, Fraction(0))] for row in layer.weight] if paired else list(layer.weight)
        bias = list(layer.bias)
        if follows:
            width = len(weight[0])
            weight = [row for given in weight for row in (list(given), [Fraction(0)] * width)]
            bias = [v for b in bias for v in (b, Fraction(0))]
        layers.append(Affine(weight, bias))
        paired = False
    return Network(network.inputs, tuple(layers))


def norms_at_most_one(network: Network) -> bool:
    """Whether every weight has spectral norm at most one, decided exactly."""
    weights = [layer.weight for layer in network.layers if isinstance(layer, Affine)]
    return all(spectral_norm_at_most(weight, Fraction(1)) for weight in weights)
