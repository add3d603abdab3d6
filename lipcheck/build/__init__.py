"""Explicit constructions: networks with exact weights that compute what a theorem says they compute.

The names below are fetched when they are used. Everything else is found in the modules, one construction each.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lipcheck.build.approximation import Approximation, approximate
    from lipcheck.build.boxes import Box
    from lipcheck.build.dilation import dilate
    from lipcheck.build.extension import Extension, extend
    from lipcheck.build.interpolation import Interpolation, interpolate
    from lipcheck.build.joining import join, join_vector, maximum, meet, meet_vector, minimum
    from lipcheck.build.lattice import Lattice
    from lipcheck.build.pieces import Piece
    from lipcheck.build.relu_folding import relu_absolute_value
    from lipcheck.build.separation import through
    from lipcheck.build.stacking import stack

__all__ = [
    "Approximation",
    "Box",
    "Extension",
    "Interpolation",
    "Lattice",
    "Piece",
    "approximate",
    "dilate",
    "extend",
    "interpolate",
    "join",
    "join_vector",
    "maximum",
    "meet",
    "meet_vector",
    "minimum",
    "relu_absolute_value",
    "stack",
    "through",
]

_HOMES = {
    "approximation": ("Approximation", "approximate"),
    "boxes": ("Box",),
    "dilation": ("dilate",),
    "extension": ("Extension", "extend"),
    "interpolation": ("Interpolation", "interpolate"),
    "joining": ("join", "join_vector", "maximum", "meet", "meet_vector", "minimum"),
    "lattice": ("Lattice",),
    "pieces": ("Piece",),
    "relu_folding": ("relu_absolute_value",),
    "separation": ("through",),
    "stacking": ("stack",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'lipcheck.build' has no attribute {name!r}")
    return getattr(import_module(f"lipcheck.build.{_HOME[name]}"), name)
