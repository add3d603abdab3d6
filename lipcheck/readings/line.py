"""The exact reading along a line: a piecewise linear network with one input, as the list of its affine pieces."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from lipcheck.algebra import groups
from lipcheck.exact import dot
from lipcheck.layers import Abs, Affine, FullSort, GroupSort, Layer, LeakyReLU, Maxout, ReLU
from lipcheck.network import Network, NetworkError, Vector
from lipcheck.readings.rational import affine_piece, pattern


@dataclass(frozen=True)
class Piece:
    """t -> slopes t + offsets for low <= t <= high; None stands for an end at infinity."""

    low: Fraction | None
    high: Fraction | None
    slopes: Vector
    offsets: Vector

    @property
    def inside(self) -> Fraction:
        """A point strictly between the ends."""
        if self.low is None:
            return Fraction(0) if self.high is None else self.high - 1
        return self.low + 1 if self.high is None else (self.low + self.high) / 2

    def at(self, t: Fraction) -> Vector:
        """The values of this piece's affine map at t."""
        return tuple(s * t + o for s, o in zip(self.slopes, self.offsets, strict=True))

    def strictly_contains(self, t: Fraction) -> bool:
        """Whether t lies between the ends and is neither."""
        return (self.low is None or self.low < t) and (self.high is None or t < self.high)


def pieces(network: Network) -> tuple[Piece, ...]:
    """Affine pieces from left to right that cover the line; neighbours may agree.

    Raises NetworkError unless the network has one input and no Elementwise layer.
    """
    if network.inputs != 1:
        raise NetworkError(f"The network has {network.inputs} inputs: compose it with a line, as in `along`.")
    found = [Piece(None, None, (Fraction(1),), (Fraction(0),))]
    for layer in network.layers:
        found = [_after(layer, part) for piece in found for part in _cut(layer, piece)]
    return tuple(found)


def along(network: Network, start: Vector, direction: Vector) -> Network:
    """t -> network(start + t direction)."""
    return network.compose(Network(1, (Affine([[d] for d in direction], start),)))


def _cut(layer: Layer, piece: Piece) -> list[Piece]:
    places = {t for t in _kinks(layer, piece) if piece.strictly_contains(t)}
    ends = [piece.low, *sorted(places), piece.high]
    return [Piece(low, high, piece.slopes, piece.offsets) for low, high in pairwise(ends)]


def _kinks(layer: Layer, piece: Piece) -> list[Fraction]:
    forms = list(zip(piece.slopes, piece.offsets, strict=True))
    match layer:
        case Abs() | ReLU() | LeakyReLU():
            crossing = forms
        case GroupSort() | FullSort() | Maxout():
            size = layer.size if isinstance(layer, Maxout) else layer.group(len(forms))
            pairs = [pair for group in groups(forms, size) for pair in combinations(group, 2)]
            crossing = [(a - c, b - d) for (a, b), (c, d) in pairs]
        case _:
            crossing = []
    return [-offset / slope for slope, offset in crossing if slope]


def _after(layer: Layer, piece: Piece) -> Piece:
    single = Network(len(piece.slopes), (layer,))
    weight, bias = affine_piece(single, pattern(single, piece.at(piece.inside)))
    slopes = tuple(dot(row, piece.slopes) for row in weight)
    offsets = tuple(dot(row, piece.offsets) + b for row, b in zip(weight, bias, strict=True))
    return Piece(piece.low, piece.high, slopes, offsets)
