"""The wiring of a small network as inline SVG: units in columns, from left to right, the weights on the lines."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.render_html.markup import tag, text
from lipcheck.render_wiring import edges_of
from lipcheck.words.rationals import spell

if TYPE_CHECKING:
    from lipcheck.network import Network

COLUMN, ROW, MARGIN = 74.0, 40.0, 30.0


def wiring(network: Network, caption: str) -> str:
    """The picture; weights are written where a layer has few of them, biases inside their units."""
    widths = (network.inputs, *network.widths)
    tallest = max(widths)
    width, height = COLUMN * (len(widths) - 1) + 2 * MARGIN, ROW * tallest + 34
    places = [[(MARGIN + COLUMN * c, 10 + ROW * ((tallest - w) / 2 + i + 0.5)) for i in range(w)]
              for c, w in enumerate(widths)]  # fmt: skip
    lines, labels, units = [], [], []
    for column, layer in enumerate(network.layers):
        edges = edges_of(layer, widths[column])
        for target, source, weight in edges:
            (x0, y0), (x1, y1) = places[column][source], places[column + 1][target]
            style = "edge" if weight > 0 else "edge dashed"
            lines.append(tag("line", x1=f"{x0:.1f}", y1=f"{y0:.1f}", x2=f"{x1:.1f}", y2=f"{y1:.1f}", class_=style))
            if weight != 1 and len(edges) <= 6:
                at = 0.34 + 0.3 * ((source + target) % 2)
                labels.append(_words(_spelled(weight), x0 + at * (x1 - x0), y0 + at * (y1 - y0) - 4, "tick halo"))
        labels.append(_words(type(layer).__name__, MARGIN + COLUMN * (column + 0.5), height - 6, "tick"))
        for (x, y), bias in zip(places[column + 1], getattr(layer, "bias", ()), strict=False):
            if bias:
                labels.append(_words(f"{'+' if bias > 0 else ''}{_spelled(bias)}", x, y - 9, "tick halo"))
    for spots in places:
        units += [tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="5", class_="unit") for x, y in spots]
    for i, (x, y) in enumerate(places[0]):
        labels.append(_words("x" if len(places[0]) == 1 else f"x{i + 1}", x - 16, y + 4, ""))
    size = f"max-width: {width / 16:.1f}em"
    return tag("svg", *lines, *units, *labels, viewBox=f"0 0 {width:g} {height:g}", role="img", aria_label=caption,
               style=size)  # fmt: skip


def _spelled(weight: Fraction) -> str:
    return spell(weight).replace("-", "−")


def _words(words: str, x: float, y: float, style: str) -> str:
    return tag("text", text(words), x=f"{x:.1f}", y=f"{y:.1f}", text_anchor="middle", class_=style or None)
