"""Results as lines for a terminal and as tables for README.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from _results import Results, Theme
from _timing import Row

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("what", "shape", "median", "beside", "its median", "ratio", "goal", "note")
RIGHT = {"median", "its median", "ratio", "goal"}


def duration(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            value = seconds / scale
            return f"{value:.0f} {unit}" if value >= 99.5 else f"{value:.3g} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


def number(ratio: float) -> str:
    """Two decimals, or two digits for small ones."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def cells(row: Row) -> tuple[str, ...]:
    """A row as the columns' texts."""
    goal = "" if row.goal is None else f"{number(row.goal)} {'met' if row.met else 'missed'}"
    times = duration(row.seconds), row.reference, duration(row.reference_seconds)
    return row.name, row.shape, *times, number(row.ratio), goal, row.note


def heading(results: Results) -> str:
    """The machine, its versions, its ceilings, and the size of what was measured and how long that took."""
    found = results.machine
    parts = [found.device] + ([f"{found.threads} thread{'s' * (found.threads > 1)}"] if found.threads else [])
    parts += [f"{name} {value}" for name, value in found.versions.items()]
    ceilings = [f"{name} {value}" for name, value in found.ceilings.items()]
    taken = sum(theme.seconds for theme in results.themes)
    size = f"Size: {results.size}" + (f", measured in {duration(taken)}" if taken else "")
    rates = f" Ceilings: {'; '.join(ceilings)}." if ceilings else ""
    return f"{', '.join(parts)}.{rates} {size}."


def problems(theme: Theme) -> Iterator[str]:
    """What was left out, and why the theme ended early if it did."""
    for each in theme.omitted:
        yield f"{theme.name}: {each.name} is left out: {each.reason}."
    if theme.failure:
        yield f"{theme.name} failed after {len(theme.rows)} rows: {theme.failure}"


def summary(results: Results) -> str:
    """How many goals are met, and which are not."""
    rows = [(theme.name, row) for theme in results.themes for row in theme.rows if row.goal is not None]
    missed = [f"{name}: {row.name}, {row.shape}" for name, row in rows if not row.met]
    names = f"; missed: {'; '.join(missed)}" if missed else ""
    return f"{len(rows) - len(missed)} of {len(rows)} goals met{names}."


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Aligned text for a pipe."""
    table = [COLUMNS, *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for each in table:
        parts = zip(COLUMNS, each, widths, strict=True)
        yield "  ".join(t.rjust(w) if c in RIGHT else t.ljust(w) for c, t, w in parts).rstrip()


def show(results: Results, console: Console) -> None:
    """Print all: rich tables on a terminal, aligned lines elsewhere."""
    console.print(heading(results), soft_wrap=True)
    for theme in results.themes:
        console.print(f"\n{theme.name}: {theme.title}", style="bold", soft_wrap=True)
        if theme.rows and console.is_terminal:
            _table(theme, console)
        elif theme.rows:
            for line in lines(theme.rows):
                console.print(f"  {line}", soft_wrap=True)
        for line in problems(theme):
            console.print(line, style="yellow", soft_wrap=True)
    console.print(f"\n{summary(results)}", style="bold", soft_wrap=True)


def _table(theme: Theme, console: Console) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in COLUMNS:
        table.add_column(column, justify="right" if column in RIGHT else "left", overflow="fold")
    for row in theme.rows:
        table.add_row(*cells(row), style="" if row.met is None else "green" if row.met else "red")
    console.print(table)


def markdown(results: Results) -> str:
    """The machine in a sentence and one table per theme."""
    parts = [heading(results), summary(results)]
    for theme in results.themes:
        rule = "|".join("---:" if column in RIGHT else "---" for column in COLUMNS)
        rows = "\n".join("| " + " | ".join(cells(row)) + " |" for row in theme.rows)
        parts += [f"### `{theme.name}`", theme.title]
        parts += [f"| {' | '.join(COLUMNS)} |\n|{rule}|\n{rows}"] if theme.rows else []
        parts += list(problems(theme))
    return "\n\n".join(parts)


def insert(page: str, mark: str, text: str) -> str:
    """The page with what stands between <!-- MARK --> and <!-- end of MARK --> replaced."""
    begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise ValueError(f"The page needs {begin} and after it {end}, once each: the table goes between them.")
    return pattern.sub(lambda _: f"{begin}\n{text}\n{end}", page)
