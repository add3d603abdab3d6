"""A network is data: the number of inputs and a tuple of layers. Readings interpret it.

`run` is the interpreter: the ball, symbolic and SMT readings are algebras (see `lipcheck.algebra`) handed to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from lipcheck.algebra import Algebra, apply_layer, comparators
from lipcheck.exact import Matrix, NetworkError, Vector, exact, items, matrix, shown, vector
from lipcheck.layers import (
    ELEMENTWISE,
    KINDS,
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    Layer,
    LeakyReLU,
    MaxMin,
    Maxout,
    Order,
    ReLU,
    Select,
)
from lipcheck.words import rationals

__all__ = [
    "ELEMENTWISE",
    "Abs",
    "Affine",
    "Algebra",
    "Elementwise",
    "FullSort",
    "GroupSort",
    "Layer",
    "LeakyReLU",
    "Matrix",
    "MaxMin",
    "Maxout",
    "Network",
    "NetworkError",
    "Order",
    "ReLU",
    "Select",
    "Vector",
    "comparators",
    "digest",
    "exact",
    "from_json",
    "matrix",
    "run",
    "to_json",
    "vector",
]

T = TypeVar("T")


@dataclass(frozen=True)
class Network:
    """x -> layers[-1](... layers[0](x)), with every width checked. Raises NetworkError where the layers do not fit."""

    inputs: int
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.inputs, int) or isinstance(self.inputs, bool) or self.inputs < 1:
            raise NetworkError(f"Network inputs is {shown(self.inputs)}: give a whole number of at least 1.")
        object.__setattr__(self, "layers", tuple(items(self.layers, "Network layers")))
        if not self.layers:
            raise NetworkError(
                "Network has no layers: give at least one, Affine.linear(identity) for the identity map."
            )
        _ = self.widths

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The width after each layer."""
        widths: list[int] = []
        for i, layer in enumerate(self.layers):
            if not isinstance(layer, Layer):
                raise NetworkError(f"Layer {i} is {shown(layer)}: use one of {', '.join(sorted(KINDS))}.")
            try:
                widths.append(layer.outputs(widths[-1] if widths else self.inputs))
            except NetworkError as problem:
                raise NetworkError(f"Layer {i}: {problem}") from problem
        return tuple(widths)

    @property
    def outputs(self) -> int:
        """The width after the last layer."""
        return self.widths[-1]

    @property
    def parameters(self) -> int:
        """The number of weights and biases, zeros included."""
        return sum(len(layer.weight) * (len(layer.weight[0]) + 1) for layer in self.layers if isinstance(layer, Affine))

    def then(self, layer: Layer) -> Network:
        """This network followed by one more layer."""
        return Network(self.inputs, (*self.layers, layer))

    def dense(self) -> Network:
        """The same network with the matrix of every Select written out as an affine layer."""
        return Network(self.inputs, tuple(a.affine() if isinstance(a, Select) else a for a in self.layers))

    def compose(self, inner: Network) -> Network:
        """x -> self(inner(x))."""
        if inner.outputs != self.inputs:
            raise NetworkError(
                f"The inner network gives {inner.outputs} numbers but the outer one takes {self.inputs}."
            )
        return Network(inner.inputs, inner.layers + self.layers)


def to_json(network: Network) -> dict[str, Any]:
    """The network as JSON data without loss: numbers are strings "p/q" or "p", sizes are integers."""
    names = {make: kind for kind, make in KINDS.items()}
    return {
        "inputs": network.inputs,
        "layers": [
            {"kind": names[type(layer)]} | {f.name: _plain(getattr(layer, f.name)) for f in fields(layer) if f.init}
            for layer in network.layers
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return rationals.spell(value) if isinstance(value, Fraction) else value


def from_json(data: Any) -> Network:
    """The inverse of `to_json`. Raises NetworkError for anything that `to_json` cannot have written in this shape."""
    if not isinstance(data, Mapping) or set(data) != {"inputs", "layers"} or not isinstance(data["layers"], list):
        raise NetworkError(f"{shown(data)} is not a network: give an object with 'inputs' and a list 'layers'.")
    return Network(data["inputs"], tuple(_layer_from_json(i, entry) for i, entry in enumerate(data["layers"])))


def _layer_from_json(i: int, entry: Any) -> Layer:
    kind = entry.get("kind") if isinstance(entry, Mapping) else None
    make = KINDS.get(kind) if isinstance(kind, str) else None
    if make is None:
        raise NetworkError(
            f"Layer {i} is {shown(entry)}: give an object whose 'kind' is one of {', '.join(sorted(KINDS))}."
        )
    given = {name: value for name, value in entry.items() if name != "kind"}
    wanted = {f.name for f in fields(make) if f.init}
    if set(given) != wanted:
        raise NetworkError(f"Layer {i} ({kind}) has the fields {sorted(given)}: give exactly {sorted(wanted)}.")
    return make(**given)


def digest(network: Network) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal: a name for this exact sequence of layers."""
    return rationals.digest(to_json(network))


def run(network: Network, x: Sequence[T], algebra: Algebra[T]) -> tuple[T, ...]:
    """The outputs of the network at x in the given algebra; NetworkError for a wrong number of inputs."""
    check_inputs(network, len(x))
    values = tuple(x)
    for layer in network.layers:
        values = apply_layer(layer, values, algebra)
    return values


def check_inputs(network: Network, given: int) -> None:
    """Raises NetworkError unless `given` numbers are what the network takes."""
    if given != network.inputs:
        raise NetworkError(
            f"The input has {given} numbers but the network takes {network.inputs}: give {network.inputs}."
        )
