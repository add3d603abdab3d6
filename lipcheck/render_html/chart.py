"""Charts as inline SVG, in the page's own colours: named points, graphs, the image of the unit circle.

Coordinates are floats: a picture shows a counterexample, the exact numbers beside it are the counterexample.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.render_html.markup import tag, text

WIDTH, HEIGHT, MARGIN = 300.0, 190.0, 26.0

Point = tuple[float, float]


def scatter(marks: Mapping[str, Sequence[Point]], plane: bool, caption: str) -> str:
    """Named points on a line or in the plane; the origin is always in the picture."""
    points = [point for found in marks.values() for point in found]
    width, height = WIDTH, HEIGHT if plane else 76.0
    place, parts = _axes([*points, (0.0, 0.0)], width, height, equal=plane)
    seen: Counter[Point] = Counter()
    for number, (name, found) in enumerate(marks.items()):
        for x, y in map(place, found):
            above = f"{y - 9 - 11 * seen[x, y]:.1f}"
            seen[x, y] += 1
            label = "" if name == "points" else text(name)
            parts += [_mark(number, x, y), tag("text", label, x=f"{x:.1f}", y=above, text_anchor="middle")]
    return _svg(width, height, parts, caption)


def _mark(number: int, x: float, y: float) -> str:
    """A disc, a square or a diamond: names are told apart without colours."""
    style = f"mark-{number % 3}"
    if number % 3 == 0:
        return tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="4.5", class_=style)
    turned = f"rotate(45 {x:.1f} {y:.1f})" if number % 3 == 2 else None
    return tag("rect", x=f"{x - 4:.1f}", y=f"{y - 4:.1f}", width="8", height="8", class_=style, transform=turned)


def graph(curves: Sequence[Sequence[Point]], marked: Mapping[str, Point], caption: str) -> str:
    """Graphs of functions with named points on them."""
    place, parts = _axes([p for curve in curves for p in curve] + [(0.0, 0.0)], WIDTH, HEIGHT, equal=False)
    for number, curve in enumerate(curves):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, curve))
        parts.append(tag("polyline", points=points, class_=f"curve curve-{number % 3}"))
    for name, point in marked.items():
        x, y = place(point)
        parts += [_mark(1, x, y), tag("text", text(name), x=f"{x:.1f}", y=f"{y - 9:.1f}", text_anchor="middle")]
    return _svg(WIDTH, HEIGHT, parts, caption)


def ellipse(matrix: list[list[float]], caption: str) -> str:
    """The unit circle and its image under a 2 × 2 matrix."""
    circle = [(math.cos(t), math.sin(t)) for t in (math.pi * i / 60 for i in range(121))]
    (a, b), (c, d) = matrix
    image = [(a * x + b * y, c * x + d * y) for x, y in circle]
    place, parts = _axes([*circle, *image], WIDTH, HEIGHT, equal=True)
    for points, style in ((circle, "curve dashed"), (image, "curve curve-0")):
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(p) for p in points))
        parts.append(tag("polyline", points=line, class_=style))
    return _svg(WIDTH, HEIGHT, parts, caption)


def _axes(points: Sequence[Point], width: float, height: float, equal: bool) -> tuple[Any, list[str]]:
    """Where a point stands in the picture, and the axes with the ends of their ranges."""
    spans = [(min(p[k] for p in points), max(p[k] for p in points)) for k in (0, 1)]
    room = (width - 2 * MARGIN, height - 2 * MARGIN)
    scales = [r / ((high - low) or 2.0) for (low, high), r in zip(spans, room, strict=True)]
    if equal:
        scales = [min(scales)] * 2
    middles = [(low + high) / 2 for low, high in spans]

    def place(point: Point) -> Point:
        return width / 2 + (point[0] - middles[0]) * scales[0], height / 2 - (point[1] - middles[1]) * scales[1]

    x0, y0 = place((0.0, 0.0))
    flat = spans[1] == (0.0, 0.0)
    parts = [_line(8, y0, width - 8, y0)] + ([] if flat else [_line(x0, 8, x0, height - 8)])
    (left, right), (low, high) = spans
    for value in dict.fromkeys((left, 0.0, right)):
        x, _ = place((value, 0.0))
        parts.append(_line(x, y0 - 3, x, y0 + 3))
        aside = 7 if value == 0 and not flat else 0
        words = {"x": f"{x + aside:.1f}", "y": f"{y0 + 15:.1f}", "text_anchor": "middle", "class_": "tick"}
        parts.append(tag("text", _tick(value), **words))
    for value in () if flat else dict.fromkeys(v for v in (low, high) if v):
        _, y = place((0.0, value))
        parts.append(_line(x0 - 3, y, x0 + 3, y))
        parts.append(tag("text", _tick(value), x=f"{x0 - 6:.1f}", y=f"{y + 4:.1f}", text_anchor="end", class_="tick"))
    return place, parts


def _tick(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return tag("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", class_="axis")


def _svg(width: float, height: float, parts: Sequence[str], caption: str) -> str:
    return tag("svg", *parts, viewBox=f"0 0 {width:g} {height:g}", role="img", aria_label=caption)
