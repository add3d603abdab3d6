"""Affine pieces z -> w . z + b in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lipcheck.exact import Vector, dot, exact, vector


@dataclass(frozen=True)
class Piece:
    """z -> weight . z + bias, exact numbers; NetworkError for what is none."""

    weight: Vector
    bias: Fraction

    def __post_init__(self) -> None:
        """Make what is given exact; numbers that are exact already, which is usual, cost little."""
        if not (type(self.weight) is tuple and all(type(number) is Fraction for number in (*self.weight, self.bias))):
            object.__setattr__(self, "weight", vector(self.weight, "weight"))
            object.__setattr__(self, "bias", exact(self.bias, "bias"))

    @classmethod
    def through(cls, point: Vector, value: Fraction, weight: Vector) -> Piece:
        """The piece with this weight and this value at the point."""
        return cls(weight, value - dot(weight, point))

    def at(self, point: Vector) -> Fraction:
        """The value at the point."""
        return dot(self.weight, point) + self.bias

    def shifted(self, by: Fraction) -> Piece:
        """The piece with `by` added."""
        return Piece(self.weight, self.bias + by)

    def __neg__(self) -> Piece:
        """The piece with the opposite values."""
        return Piece(tuple(-w for w in self.weight), -self.bias)


def nearest(value: Fraction) -> float:
    """The nearest float64, infinite beyond the range."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
