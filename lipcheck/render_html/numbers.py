"""Exact data of a counterexample as HTML: numbers in a line, matrices as tables, networks layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lipcheck.render_html.markup import tag, text
from lipcheck.render_html.typeset import typeset


def shown(data: Any) -> str:
    """The data: for a mapping each name with its value, else the value."""
    if isinstance(data, Mapping) and not is_network(data):
        rows = (tag("dt", typeset(str(name))) + tag("dd", value(entry)) for name, entry in data.items())
        return tag("dl", *rows, class_="data")
    return tag("p", value(data))


def value(data: Any) -> str:
    """One value."""
    match data:
        case str() | int() | float() | None:
            return _number(data)
        case Mapping() if is_network(data):
            inputs = tag("li", f"{data['inputs']} {'input' if data['inputs'] == 1 else 'inputs'}")
            return tag("ol", inputs, *(tag("li", _layer(layer)) for layer in data["layers"]), class_="layers")
        case Mapping():
            return shown(data)
        case list() if data and all(isinstance(row, list) and row and _flat(row) for row in data):
            return _matrix(data)
        case list() if _flat(data):
            return f"({', '.join(map(_number, data))})"
        case list():
            return tag("ol", *(tag("li", value(entry)) for entry in data))
    raise TypeError(f"{data!r} is no JSON")


def is_network(data: Any) -> bool:
    """Whether this is a network as `lipcheck.network.to_json` writes it."""
    return isinstance(data, Mapping) and "layers" in data and isinstance(data.get("inputs"), int)


def _layer(layer: Mapping[str, Any]) -> str:
    rest = [f"{text(name)} {value(entry)}" for name, entry in layer.items() if name not in ("kind", "weight", "bias")]
    parts = [text(str(layer["kind"])), *rest]
    if "weight" in layer:
        parts += ["weight", value(layer["weight"]), "bias", value(layer["bias"])]
    return " ".join(parts)


def _matrix(rows: list[list[Any]]) -> str:
    cells = (tag("tr", *(tag("td", _number(entry)) for entry in row)) for row in rows)
    return tag("table", tag("tbody", *cells), class_="matrix")


def _flat(row: list[Any]) -> bool:
    return all(isinstance(entry, str | int | float) or entry is None for entry in row)


def _number(entry: str | int | float | None) -> str:
    if isinstance(entry, str) and not entry.lstrip("-")[:1].isdigit():
        return typeset(entry)
    return text(str(entry).replace("-", "−")) if entry is not None else "none"
