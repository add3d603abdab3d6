"""Which pictures show a counterexample: points on a line or in the plane, graphs of networks of one input, the wiring
of small networks, what a 2 × 2 matrix makes of the unit circle. Data of other kinds have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.render_html.chart import Point, ellipse, graph, scatter
from lipcheck.render_html.wiring import wiring
from lipcheck.words.rationals import parse

SETS = ("A", "B", "X", "points", "subset")
POINTS = ("x", "y", "z", "point", "centre", "corner", "exterior")
MATRICES = ("matrix", "W", "J", "weight")
_SAMPLES = 120


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
        yield scatter(marks, plane, caption), caption
    for name in MATRICES:
        matrix = data.get(name)
        if _strings(matrix, 2, 2):
            named = "the matrix" if name == "matrix" else name
            caption = f"the unit circle (dashed) and its image under {named}"
            yield ellipse([[float(parse(entry)) for entry in row] for row in matrix or []], caption), caption


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
        yield graph(curves, points, f"the graph of {name}"), f"the graph of {name}"
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
