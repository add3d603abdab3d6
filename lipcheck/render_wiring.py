"""The wiring of a small network as a picture: units in columns, weights as lines, sorted pairs as boxes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.network import Affine, FullSort, GroupSort, Layer, Maxout, Network, Select

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST = 48
"""Networks with more units in a layer are not drawn."""

_POSITIVE, _NEGATIVE, _INK, _BOX = "#1f6fb4", "#c8553d", "#222222", "#f0e6c8"


def drawable(network: Network) -> bool:
    """Whether a picture of the network can be read."""
    return max(network.inputs, *network.widths) <= LARGEST


def draw_network(network: Network, axes: Axes) -> None:
    """Draw the network from left to right: positive weights are blue, negative ones red, unread units pale."""
    widths = (network.inputs, *network.widths)
    tallest = max(widths)
    places = [[(column, (tallest - 1) / 2 + (width - 1) / 2 - i) for i in range(width)]
              for column, width in enumerate(widths)]  # fmt: skip
    size = max(2.0, 10 - tallest / 6)
    read = _read(network)
    for column, layer in enumerate(network.layers):
        for target, source, weight in edges_of(layer, widths[column]):
            (x0, y0), (x1, y1) = places[column][source], places[column + 1][target]
            alpha = (0.25 + 0.75 * min(1.0, abs(float(weight)))) * (1 if read[column + 1][target] else 0.2)
            axes.plot([x0, x1], [y0, y1], color=_POSITIVE if weight > 0 else _NEGATIVE, lw=1.0, alpha=alpha, zorder=1)
        if isinstance(layer, GroupSort | Maxout):
            _boxes(layer.size, places[column], axes)
        low = -1.1 - (column % 2) * (tallest + 2) / 14
        axes.text(column + 0.5, low, _name(layer), ha="center", va="top", fontsize=7, color=_INK)
    for column, spots in enumerate(places):
        for i, (x, y) in enumerate(spots):
            face = "white" if read[column][i] else "#dddddd"
            axes.plot(x, y, "o", ms=size, mfc=face, mec=_INK if read[column][i] else "#bbbbbb", mew=0.8, zorder=3)
    for i, (x, y) in enumerate(places[0]):
        axes.text(x - 0.12, y, f"$x_{{{i + 1}}}$", ha="right", va="center", fontsize=9)
    for i, (x, y) in enumerate(places[-1]):
        label = "$f$" if network.outputs == 1 else f"$f_{{{i + 1}}}$"
        axes.text(x + 0.12, y, label, ha="left", va="center", fontsize=9)
    axes.set_xlim(-0.6, len(widths) - 0.4)
    axes.set_ylim(-1.6 - (tallest + 2) / 5, tallest - 0.2)
    axes.set_axis_off()


def edges_of(layer: Layer, width: int) -> list[tuple[int, int, Fraction]]:
    """(target, source, weight) of every line from the units before the layer to those behind it."""
    one = Fraction(1)
    match layer:
        case Affine(weight=weight):
            return [(i, j, w) for i, row in enumerate(weight) for j, w in enumerate(row) if w]
        case Select(indices=indices):
            return [(i, j, one) for i, j in enumerate(indices)]
        case GroupSort() | FullSort():
            size = layer.group(width)
            return [(i, j, one) for i in range(width) for j in range(i - i % size, i - i % size + size)]
        case Maxout(size=size):
            return [(i // size, i, one) for i in range(width)]
        case _:
            return [(i, i, one) for i in range(width)]


def _read(network: Network) -> list[list[bool]]:
    """For every column of units, whether the outputs depend on each."""
    read = [[True] * network.outputs]
    widths = (network.inputs, *network.widths)
    for layer, width in reversed(list(zip(network.layers, widths[:-1], strict=True))):
        wanted = [False] * width
        for target, source, _ in edges_of(layer, width):
            wanted[source] |= read[0][target]
        read.insert(0, wanted)
    return read


def _boxes(size: int, spots: list[tuple[int, float]], axes: Axes) -> None:
    from matplotlib.patches import FancyBboxPatch

    for i in range(0, len(spots), size):
        x, top, bottom = spots[i][0], spots[i][1], spots[min(i + size, len(spots)) - 1][1]
        style = "round,pad=0.12,rounding_size=0.15"
        box = FancyBboxPatch((x - 0.03, bottom - 0.12), 0.06, top - bottom + 0.24, boxstyle=style, fc=_BOX, lw=0.6,
                             ec="#b8a878", zorder=2)  # fmt: skip
        axes.add_patch(box)


def _name(layer: Layer) -> str:
    match layer:
        case Affine(weight=weight):
            return f"affine\n{len(weight)}×{len(weight[0])}"
        case Select(indices=indices):
            return f"select\n{len(indices)}"
        case _:
            return type(layer).__name__
