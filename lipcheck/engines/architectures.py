"""The shapes of networks that searches draw: odd, single, wide, tall, square and deep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lipcheck.engines.outcome import SearchError
from lipcheck.network import Affine, GroupSort, Layer, Maxout, Network, Select, from_json
from lipcheck.words.search import Search

NORMS = (None, "1", "2", "inf")
SHAPES: tuple[tuple[int, tuple[int, ...], int], ...] = (
    (2, (2,), 2),
    (1, (4,), 1),
    (3, (4, 4), 3),
    (4, (4, 4), 4),
    (2, (8,), 1),
    (5, (6,), 2),
    (8, (4,), 3),
    (3, (12,), 5),
    (1, (2, 2, 2), 2),
    (6, (6, 6), 6),
    (2, (4, 4, 4), 1),
)
"""Inputs, hidden widths, outputs; hidden widths are rounded up to whole groups."""


@dataclass(frozen=True)
class Architecture:
    """Affine layers of the given shapes (rows, columns), with `activations` between them."""

    inputs: int
    shapes: tuple[tuple[int, int], ...]
    activations: tuple[Layer, ...]

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.shapes[-1][0]

    @property
    def width(self) -> int:
        """The largest width anywhere."""
        return max(max(shape) for shape in self.shapes)

    def build(self, parameters: Sequence[tuple[object, object]]) -> Network:
        """The network with these weights and biases."""
        layers: list[Layer] = []
        for (weight, bias), activation in zip(parameters, (*self.activations, None), strict=True):
            layers += [Affine(weight, bias), *([] if activation is None else [activation])]
        return Network(self.inputs, tuple(layers))


def architecture(inputs: int, widths: Sequence[int], outputs: int, activations: Sequence[Layer]) -> Architecture:
    """The architecture with these hidden widths, each rounded up to whole groups of the activation behind it."""
    shapes, width = [], inputs
    for wanted, activation in zip(widths, activations, strict=True):
        group = activation.size if isinstance(activation, GroupSort | Maxout) else 1
        rows = -(-wanted // group) * group
        shapes.append((rows, width))
        width = activation.outputs(rows)
    return Architecture(inputs, (*shapes, (outputs, width)), tuple(activations))


def alternatives(search: Search) -> tuple[Layer, ...]:
    """The activations that the law admits; SearchError for a law that names none, or an unknown norm or output."""
    if search.norm not in NORMS:
        raise SearchError(f"The law asks for the norm {search.norm!r}: use None, '1', '2' or 'inf'.")
    if search.outputs is not None and search.outputs < 1:
        raise SearchError(f"The law asks for {search.outputs} outputs: use None or a number of at least 1.")
    if not search.activations:
        raise SearchError("The law names no activation: name at least one layer kind, such as {'kind': 'maxmin'}.")
    found = []
    for entry in search.activations:
        (layer,) = from_json({"inputs": entry.get("size", 2), "layers": [dict(entry)]}).layers
        if isinstance(layer, Affine | Select):
            raise SearchError("The law names an affine layer as an activation: affine layers are there anyway.")
        found.append(layer)
    return tuple(found)


def architectures(search: Search) -> tuple[Architecture, ...]:
    """Every shape with each activation throughout, and, where the law admits several, with all of them in turn."""
    layers = alternatives(search)
    found = []
    for inputs, widths, outputs in SHAPES:
        uniform = [(layer,) * len(widths) for layer in layers]
        mixed = [tuple(layers[i % len(layers)] for i in range(len(widths)))]
        for activations in dict.fromkeys(uniform + mixed):
            found.append(architecture(inputs, widths, search.outputs or outputs, activations))
    return tuple(dict.fromkeys(found))
