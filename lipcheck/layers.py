"""Layers as data: frozen, hashable, exact. Each knows its width and refuses what it cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from lipcheck.exact import Matrix, NetworkError, Vector, exact, items, matrix, shown, vector

Order: TypeAlias = Literal["ascending", "descending"]

ELEMENTWISE = ("tanh", "sigmoid", "softplus", "sin", "atan")


def _size(layer: object, size: object, name: str = "size") -> int:
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise NetworkError(f"{type(layer).__name__} {name} is {shown(size)}: give a whole number of at least 1.")
    return size


def _order(layer: object, order: object) -> None:
    if order not in ("ascending", "descending"):
        raise NetworkError(f"{type(layer).__name__} order is {shown(order)}: say 'ascending' or 'descending'.")


def _whole_groups(layer: object, size: int, width: int) -> int:
    if width % size:
        raise NetworkError(
            f"{type(layer).__name__} needs a width divisible by {size} but receives {width}: "
            f"change the layer before it to {width + size - width % size} outputs or choose another group size."
        )
    return width // size


@dataclass(frozen=True, init=False)
class Affine:
    """y = W x + b. `weight` has one row per output; `bias` one entry per row."""

    weight: Matrix
    bias: Vector

    def __init__(self, weight: object, bias: object) -> None:
        object.__setattr__(self, "weight", matrix(weight, "Affine weight"))
        object.__setattr__(self, "bias", vector(bias, "Affine bias"))
        if len(self.bias) != len(self.weight):
            raise NetworkError(
                f"Affine bias has {len(self.bias)} entries but weight has {len(self.weight)} rows: "
                "give one bias per row."
            )

    @classmethod
    def linear(cls, weight: object) -> Affine:
        """y = W x."""
        rows = matrix(weight, "Affine weight")
        return cls(rows, (Fraction(0),) * len(rows))

    def outputs(self, width: int) -> int:
        """The width after this layer when it receives `width` numbers."""
        if width != len(self.weight[0]):
            raise NetworkError(
                f"Affine weight has {len(self.weight[0])} columns but receives {width} numbers: "
                f"give it {width} columns or change the layer before it."
            )
        return len(self.weight)


@dataclass(frozen=True)
class _Pointwise:
    def outputs(self, width: int) -> int:
        """The width after this layer: unchanged."""
        return width


@dataclass(frozen=True)
class Abs(_Pointwise):
    """y_i = |x_i|."""


@dataclass(frozen=True)
class ReLU(_Pointwise):
    """y_i = max(x_i, 0)."""


@dataclass(frozen=True, init=False)
class LeakyReLU(_Pointwise):
    """y_i = x_i where x_i > 0, slope x_i elsewhere; any rational slope."""

    slope: Fraction

    def __init__(self, slope: object) -> None:
        object.__setattr__(self, "slope", exact(slope, "LeakyReLU slope"))


@dataclass(frozen=True)
class Elementwise(_Pointwise):
    """y_i = f(x_i) for a smooth f named in `ELEMENTWISE`; read as balls, symbols or tensors, not as rationals."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in ELEMENTWISE:
            raise NetworkError(f"Elementwise name is {shown(self.name)}: choose one of {', '.join(ELEMENTWISE)}.")


@dataclass(frozen=True)
class GroupSort:
    """Sorts consecutive groups of `size` numbers, x[0:size], x[size:2 size], ... (Anil et al. 2019, section 4)."""

    size: int
    order: Order = field(kw_only=True)

    def __post_init__(self) -> None:
        _size(self, self.size)
        _order(self, self.order)

    def group(self, width: int) -> int:
        """How many neighbours are sorted together at this width."""
        return self.size

    def outputs(self, width: int) -> int:
        """The width after this layer: unchanged; it must be a multiple of `size`."""
        return _whole_groups(self, self.size, width) * self.size


@dataclass(frozen=True)
class MaxMin(GroupSort):
    """(max(x_0, x_1), min(x_0, x_1), max(x_2, x_3), ...): GroupSort(2, order="descending")."""

    size: int = field(default=2, init=False)
    order: Order = field(default="descending", init=False)


@dataclass(frozen=True)
class FullSort(_Pointwise):
    """Sorts the whole vector."""

    order: Order

    def __post_init__(self) -> None:
        _order(self, self.order)

    def group(self, width: int) -> int:
        """How many neighbours are sorted together at this width: all."""
        return width


@dataclass(frozen=True)
class Maxout:
    """The maximum of each consecutive group of `size` numbers."""

    size: int

    def __post_init__(self) -> None:
        _size(self, self.size)

    def outputs(self, width: int) -> int:
        """The number of groups; `width` must be a multiple of `size`."""
        return _whole_groups(self, self.size, width)


@dataclass(frozen=True)
class Select:
    """y_i = x[indices[i]], of `width` inputs: a matrix with a single one in every row, kept as data of linear size.

    Its norm ||W||_inf is exactly one. Indices may repeat, and inputs may go unread.
    """

    indices: tuple[int, ...]
    width: int

    def __post_init__(self) -> None:
        _size(self, self.width, "width")
        object.__setattr__(self, "indices", tuple(items(self.indices, "Select indices")))
        if not self.indices:
            raise NetworkError("Select has no indices: name at least one of its inputs.")
        for i in self.indices:
            if not isinstance(i, int) or isinstance(i, bool) or not 0 <= i < self.width:
                raise NetworkError(f"Select index {shown(i)} names none of {self.width} inputs: count them from 0.")

    def outputs(self, width: int) -> int:
        """The number of indices; `width` must be this layer's own."""
        if width != self.width:
            raise NetworkError(
                f"Select takes {self.width} numbers but receives {width}: change its width or the layer before it."
            )
        return len(self.indices)

    def affine(self) -> Affine:
        """The same map with its matrix written out."""
        zero, one = Fraction(0), Fraction(1)
        return Affine.linear([[one if j == i else zero for j in range(self.width)] for i in self.indices])


Layer: TypeAlias = Affine | Abs | ReLU | LeakyReLU | Elementwise | GroupSort | FullSort | Maxout | Select
KINDS: dict[str, type[Layer]] = {
    "affine": Affine,
    "abs": Abs,
    "relu": ReLU,
    "leakyrelu": LeakyReLU,
    "elementwise": Elementwise,
    "groupsort": GroupSort,
    "maxmin": MaxMin,
    "fullsort": FullSort,
    "maxout": Maxout,
    "select": Select,
}
