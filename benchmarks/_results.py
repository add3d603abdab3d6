"""Results of a run, theme by theme, and their JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _machine import Machine
from _timing import Omitted, Row


@dataclass(frozen=True)
class Theme:
    """One script's rows, with what it says that they mean, and the reason if it failed on the way."""

    name: str
    title: str
    rows: tuple[Row, ...]
    omitted: tuple[Omitted, ...] = ()
    seconds: float = 0.0
    failure: str = ""


@dataclass(frozen=True)
class Results:
    """What one command measured on one machine."""

    machine: Machine
    size: str
    themes: tuple[Theme, ...]
    interrupted: bool = False

    def data(self) -> dict[str, Any]:
        """As JSON takes it, with each row's ratio and whether its goal is met."""
        data = dataclasses.asdict(self)
        for theme, raw in zip(self.themes, data["themes"], strict=True):
            for row, fields in zip(theme.rows, raw["rows"], strict=True):
                fields |= {"ratio": row.ratio, "met": row.met}
        return data


def read(path: Path) -> Results:
    """Results from a file that `--json` wrote; ratios are computed afresh."""
    data = json.loads(path.read_text())
    themes = tuple(_theme(theme) for theme in data["themes"])
    return Results(Machine(**data["machine"]), data["size"], themes, data["interrupted"])


def _theme(data: Mapping[str, Any]) -> Theme:
    names = {field.name for field in dataclasses.fields(Row)}
    rows = tuple(Row(**{name: row[name] for name in names}) for row in data["rows"])
    omitted = tuple(Omitted(**each) for each in data["omitted"])
    return Theme(data["name"], data["title"], rows, omitted, data["seconds"], data["failure"])
