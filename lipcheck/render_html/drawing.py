"""Pictures of small counterexamples as inline SVG, in the page's own colours: points on a line or in the plane, graphs
of networks of one input, the wiring of small networks, what a 2 × 2 matrix makes of the unit circle.

Coordinates are floats here: a picture shows a counterexample, the exact numbers beside it are the counterexample.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.render_html.markup import tag, text
from lipcheck.render_html.wiring import wiring
from lipcheck.words.rationals import parse

SETS = ("A", "B", "X", "points", "subset")
POINTS = ("x", "y", "z", "point", "centre", "corner", "exterior")
MATRICES = ("matrix", "W", "J", "weight")
WIDTH, HEIGHT, MARGIN = 300.0, 190.0, 26.0
_SAMPLES = 120

Point = tuple[float, float]


def pictures(data: Any) -> Iterator[tuple[str, str]]:
    """Pairs (SVG, caption), none for data of other kinds."""
    if not isinstance(data, Mapping):
        return
    drawn = False
    for name, entry in _networks(data):
        for svg, caption in _of_network(name, entry, data):
            drawn |= caption.startswith("the graph")
            yield svg, caption
    marks = _marks(data)
    if marks and not (drawn and marks.keys() <= set(POINTS)):
        plane = "(x1, x2)" in marks or _dimension(data) == 2
        names = list(marks)
        named = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        caption = f"{named} {'in the plane' if plane else 'on the line'}"
        yield _scatter(marks, plane, caption), caption
    for name in MATRICES:
        matrix = data.get(name)
        if _strings(matrix, 2, 2):
            named = "the matrix" if name == "matrix" else name
            caption = f"the unit circle (dashed) and its image under {named}"
            yield _ellipse([[float(parse(entry)) for entry in row] for row in matrix or []], caption), caption


def _networks(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from lipcheck.render_html.numbers import is_network

    if is_network(data):
        yield "the network", data
        return
    for name, entry in data.items():
        if is_network(entry):
            yield "the network" if name == "network" else name, entry
        elif isinstance(entry, list):
            yield from ((f"{name}, {i}", part) for i, part in enumerate(entry, 1) if is_network(part))


def _of_network(name: str, entry: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    from lipcheck.network import Elementwise, Network, NetworkError, from_json

    try:
        network: Network = from_json(entry)
    except NetworkError:
        return  # a description of another kind, for example of layers with free parameters
    if network.inputs == 1 and not any(isinstance(layer, Elementwise) for layer in network.layers):
        from lipcheck.readings.rational import evaluate

        marked = {key: found[0] for key in POINTS if len(found := _numbers(data.get(key))) == 1}
        reach = max([Fraction(2), *(2 * abs(x) for x in marked.values())])
        inputs = [reach * (2 * i - _SAMPLES) / _SAMPLES for i in range(_SAMPLES + 1)]
        outputs = [evaluate(network, [x]) for x in inputs]
        curves = [[(float(x), float(y[k])) for x, y in zip(inputs, outputs, strict=True)]
                  for k in range(network.outputs)][:4]  # fmt: skip
        points = {key: (float(x), float(evaluate(network, [x])[0])) for key, x in marked.items()}
        yield _graph(curves, points, f"the graph of {name}"), f"the graph of {name}"
    if max(network.inputs, *network.widths) <= 6 and len(network.layers) <= 9:
        caption = f"the wiring of {name}: positive weights solid, negative ones dashed"
        yield wiring(network, caption), caption


def _marks(data: Mapping[str, Any]) -> dict[str, list[Point]]:
    """The points that the data name, by name."""
    if _is_number(data.get("x1")) and _is_number(data.get("x2")) and "x3" not in data:
        return {"(x1, x2)": [(float(parse(data["x1"])), float(parse(data["x2"])))]}
    plane = _dimension(data) == 2
    found: dict[str, list[Point]] = {}
    for name in SETS:
        entry = data.get(name)
        if (name in "AB" and not ("A" in data and "B" in data)) or not isinstance(entry, list) or not entry:
            continue
        if plane and _strings(entry, 2):
            found[name] = [_point(entry)]
        elif all(_strings(point, 2) for point in entry):
            found[name] = [_point(point) for point in entry]
        elif not plane and all(_is_number(point) or _strings(point, 1) for point in entry):
            found[name] = [_point(point if isinstance(point, list) else [point]) for point in entry]
    for name in POINTS:
        entry = data.get(name)
        if _strings(entry, 2) and plane and isinstance(entry, list):
            found[name] = [_point(entry)]
        elif not plane and (_is_number(entry) or _strings(entry, 1)):
            found[name] = [_point(entry if isinstance(entry, list) else [str(entry)])]
    if _strings(data.get("p"), 2) and _strings(data.get("q"), 2):
        found |= {name: [_point(data[name])] for name in "pq"}
    return found


def _dimension(data: Mapping[str, Any]) -> int:
    sets = [entry[0] for name in SETS if isinstance(entry := data.get(name), list) and entry]
    return 2 if any(_strings(v, 2) for v in [*(data.get(name) for name in (*POINTS, "p", "q")), *sets]) else 1


def _point(entry: Sequence[str]) -> Point:
    return float(parse(entry[0])), float(parse(entry[1])) if len(entry) == 2 else 0.0


def _is_number(entry: Any) -> bool:
    return isinstance(entry, str) and entry.lstrip("-")[:1].isdigit()


def _strings(entry: Any, *sizes: int) -> bool:
    """Whether this is a list of so many numbers, or of so many such lists."""
    if not isinstance(entry, list) or len(entry) != sizes[0]:
        return False
    return all(_strings(e, *sizes[1:]) for e in entry) if sizes[1:] else all(map(_is_number, entry))


def _numbers(entry: Any) -> list[Fraction]:
    return [parse(e) for e in (entry if isinstance(entry, list) else [entry]) if _is_number(e)]


def _scatter(marks: Mapping[str, Sequence[Point]], plane: bool, caption: str) -> str:
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


def _graph(curves: Sequence[Sequence[Point]], marked: Mapping[str, Point], caption: str) -> str:
    place, parts = _axes([p for curve in curves for p in curve] + [(0.0, 0.0)], WIDTH, HEIGHT, equal=False)
    for number, curve in enumerate(curves):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, curve))
        parts.append(tag("polyline", points=points, class_=f"curve curve-{number % 3}"))
    for name, point in marked.items():
        x, y = place(point)
        parts += [_mark(1, x, y), tag("text", text(name), x=f"{x:.1f}", y=f"{y - 9:.1f}", text_anchor="middle")]
    return _svg(WIDTH, HEIGHT, parts, caption)


def _ellipse(matrix: list[list[float]], caption: str) -> str:
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
