"""Networks from R^2 to R looked at exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from lipcheck.network import Affine, Elementwise, Layer, Network, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.line import Piece, along, pieces
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data

ICML = "Anil, Lucas, Grosse 2019 (ICML), section 3"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.theorem_2"

PRINTED = (
    "Theorem 2. Consider a network, f : R^n → R, built with matrix 2-norm constrained weights and with ||∇f(x)||_2 = 1 "
    "almost everywhere. Without changing the computed function, each weight matrix W ∈ R^{m×k} can be replaced with a "
    "matrix W̃ whose singular values all equal 1."
)

zero, one, half = Fraction(0), Fraction(1), Fraction(1, 2)
AXES = ((one, zero), (-one, zero))
UP = (zero, one)


class ShapeError(LipcheckError, ValueError):
    """A network that an exact examination is not made for."""


def affine_layers(network: Network) -> list[Affine]:
    """The affine layers in order."""
    return [layer for layer in network.layers if isinstance(layer, Affine)]


def norms_at_most(network: Network, bound: Fraction) -> bool:
    """Whether every weight has a spectral norm of at most `bound`."""
    return all(spectral_norm_at_most(layer.weight, bound) for layer in affine_layers(network))


def plain(inputs: int, *layers: Any) -> Data:
    """A network as data; nested lists stand for weights without bias."""
    made: list[Layer] = [Affine.linear(layer) if isinstance(layer, list) else layer for layer in layers]
    return to_json(Network(inputs, tuple(made)))


def read_homogeneous(data: Data) -> Network:
    """The network from R^2 to R, without biases, that the data spell; it is linear on cones."""
    network = from_json(data).dense()
    biased = any(any(layer.bias) for layer in affine_layers(network))
    if (network.inputs, network.outputs) != (2, 1) or biased or any(isinstance(a, Elementwise) for a in network.layers):
        raise ShapeError("The examination needs a piecewise linear network from R^2 to R without biases.")
    return network


def half_planes(network: Network) -> list[Piece]:
    """The pieces of t -> f(±1, t): where f(±1, t) = a + b t, f has the gradient (±a, b) on a cone of the half-plane."""
    return [piece for start in AXES for piece in pieces(along(network, start, UP))]


def squared_gradients(network: Network) -> set[Fraction]:
    """||grad f||^2 on every cone of a homogeneous network from R^2 to R; together the cones fill the plane."""
    return {p.slopes[0] ** 2 + p.offsets[0] ** 2 for p in half_planes(network)}


def vanishes_only_at_zero(network: Network) -> bool:
    """Whether a homogeneous network from R^2 to R has no zero but the origin."""
    on_the_axis = [pieces(along(network, (zero, zero), (zero, sign)))[-1].slopes[0] for sign in (one, -one)]
    return all(on_the_axis) and not any(_has_zero(piece) for piece in half_planes(network))


def _has_zero(piece: Piece) -> bool:
    slope, offset = piece.slopes[0], piece.offsets[0]
    if not slope:
        return not offset
    root = -offset / slope
    return (piece.low is None or piece.low <= root) and (piece.high is None or root <= piece.high)
