"""Linear layers as matrices: put side by side, thinned out, negated; exact, and kept sparse where they are.

A linear layer is an `Affine` or a `Select`. Selections beside selections, and selections of selections, stay data of
linear size; a selection beside an affine layer is written out as a 0/1 matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TypeAlias

from lipcheck.network import Affine, Layer, Select

Linear: TypeAlias = Affine | Select


def identity(width: int) -> Select:
    """The identity map of `width` numbers."""
    return Select(tuple(range(width)), width)


def beside(layers: Sequence[Linear], *, shared: bool = False) -> Linear:
    """The layers side by side: block diagonal, or stacked vertically over the same inputs where `shared`.

    ||W||_inf of the result, and for shared inputs ||W||_{p, inf} as well, is the largest of the layers' norms, since
    both are the largest dual norm of a row.
    """
    widths = [layer.width if isinstance(layer, Select) else len(layer.weight[0]) for layer in layers]
    starts = [0] * len(widths) if shared else [0, *accumulate(widths[:-1])]
    total = widths[0] if shared else sum(widths)
    selections = [layer for layer in layers if isinstance(layer, Select)]
    if len(selections) == len(layers):
        pairs = zip(selections, starts, strict=True)
        return Select(tuple(start + i for layer, start in pairs for i in layer.indices), total)
    zero = Fraction(0)
    dense = [layer.affine() if isinstance(layer, Select) else layer for layer in layers]
    rows = [
        (zero,) * start + row + (zero,) * (total - start - len(row))
        for layer, start in zip(dense, starts, strict=True)
        for row in layer.weight
    ]
    return Affine(rows, [b for layer in dense for b in layer.bias])


def picked(layers: Sequence[Layer], indices: Sequence[int], width: int) -> tuple[Layer, ...]:
    """The layers, which give `width` numbers, followed by the selection of `indices`.

    A linear last layer takes the selection in: its rows are picked, so that no norm of a row changes.
    """
    if tuple(indices) == tuple(range(width)):
        return tuple(layers)
    match layers[-1:]:
        case [Affine(weight=weight, bias=bias)]:
            return (*layers[:-1], Affine([weight[i] for i in indices], [bias[i] for i in indices]))
        case [Select(indices=inner, width=inner_width)]:
            return (*layers[:-1], Select(tuple(inner[i] for i in indices), inner_width))
        case _:
            return (*layers, Select(tuple(indices), width))


def negated(layers: Sequence[Layer], width: int) -> tuple[Layer, ...]:
    """The layers, which give `width` numbers, with the opposite outputs; no norm of a row changes."""
    last = layers[-1]
    if isinstance(last, Affine):
        return (*layers[:-1], Affine([[-w for w in row] for row in last.weight], [-b for b in last.bias]))
    if isinstance(last, Select):
        return (*layers[:-1], *negated((last.affine(),), width))
    return (*layers, *negated((identity(width),), width))
