"""What `lipcheck lattice` says of the network that it built: in words and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from lipcheck.build.data import Data, default_slack
from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import nearest
from lipcheck.build.promises import lipschitz
from lipcheck.build.spelling import spelled_exponent
from lipcheck.cli.table import Table
from lipcheck.render_text import many
from lipcheck.words.rationals import spell


@dataclass(frozen=True)
class Built:
    """What was built from the table: `errors` bound the distance from the data's values, point by point."""

    table: Table
    data: Data
    lattice: Lattice
    errors: tuple[Fraction, ...]
    extension: tuple[str, Fraction] | None = None
    eps: Fraction | None = None
    bound: Fraction | None = None


@dataclass(frozen=True)
class Exported:
    """A file, the lattice of the numbers in it, and its largest distance from the data, exactly."""

    path: Path
    dtype: str
    error: Fraction
    lattice: Lattice


def sections(built: Built, exported: Exported | None, plot: Path | None) -> Iterator[tuple[str, str]]:
    """The report as (heading, text) pairs."""
    data, lattice = built.data, built.lattice
    low, high = (shown(f(data.values)) for f in (min, max))
    merged = f", {many(data.merged, 'repetition')} left out" if data.merged else ""
    size = f"{many(len(data.points), 'point')} in {many(lattice.inputs, 'dimension')}"
    yield "data", f"{size}, values from {low} to {high}{merged}"
    yield "norm", f"{spelled_exponent(lattice.p)}: {norms(lattice)}"
    yield "slack", f"{nearest(data.slack):.3g}{_origin(data)}: {_moved(data)}"
    if data.moves:
        yield "moved", ", ".join(f"row {m.index} by {nearest(m.used - m.given):+.2g}" for m in data.moves)
    parts = f"{lattice.outer} of {many(len(lattice.groups), 'group')}, {many(len(lattice.pieces), 'piece')}"
    size = f"depth {lattice.depth}, {many(lattice.units, 'hidden unit')}, {many(lattice.parameters, 'parameter')}"
    yield "lattice", f"{parts}; {size}"
    yield "at the points", _accuracy(built)
    if built.extension is not None:
        which, gap = built.extension
        near = f"within {_bounded(gap)} of it on the points' box, proved" if gap else "equal to it everywhere"
        yield "extension", f"the {which} 1-Lipschitz extension: {near}"
    if built.eps is not None:
        # The points' box, scaled into the unit cube of the theorem.
        side = max(max(column) - min(column) for column in zip(*data.points, strict=True)) or Fraction(1)
        promise = lipschitz(lattice.inputs, built.eps / side)
        yield "literature", f"depth {promise.depth}, size {promise.size}: {promise.applies} ({promise.source})"
    if exported is not None:
        near = f"distance from the data at most {_bounded(exported.error)}"
        yield "exported", f"{exported.path} ({exported.dtype}): {norms(exported.lattice)}; {near}"
    if plot is not None:
        yield "plotted", str(plot)


def document(built: Built, exported: Exported | None, plot: Path | None) -> dict[str, Any]:
    """The same as JSON data: exact numbers as strings."""
    data, lattice = built.data, built.lattice
    return {
        "schema": 1,
        "columns": list(built.table.names),
        "points": len(data.points),
        "inputs": lattice.inputs,
        "norm": spelled_exponent(lattice.p),
        "slack": spell(data.slack),
        "moves": [{"row": m.index, "given": spell(m.given), "used": spell(m.used)} for m in data.moves],
        "merged": data.merged,
        "lattice": {
            "outer": lattice.outer,
            "groups": [[{"weight": [*map(spell, p.weight)], "bias": spell(p.bias)} for p in g] for g in lattice.groups],
            "pieces": len(lattice.pieces),
            "depth": lattice.depth,
            "units": lattice.units,
            "parameters": lattice.parameters,
            "first_norm_is_one": lattice.norm.at_most(1) is True and lattice.norm.at_least(1) is True,
        },
        "error": spell(max(built.errors)),
        "extension": None if built.extension is None
        else {"which": built.extension[0], "gap": spell(built.extension[1])},
        "eps": None if built.eps is None else spell(built.eps),
        "bound": None if built.bound is None else spell(built.bound),
        "exported": None if exported is None else {
            "path": str(exported.path),
            "dtype": exported.dtype,
            "error": spell(exported.error),
            "norm_at_most_one": exported.lattice.norm.at_most(1) is True,
        },
        "plot": None if plot is None else str(plot),
    }  # fmt: skip


def norms(lattice: Lattice) -> str:
    """What is exactly true of the weights."""
    first, name = lattice.norm, f"||W||_{{{spelled_exponent(lattice.p)},inf}}"
    if first.at_most(1) is not True:
        return f"{name} of the first layer is not shown to be at most 1"
    if first.at_least(1) is True:
        head = f"{name} = 1 exactly in the first layer"
    else:
        head = f"{name} <= 1 in the first layer, by at most {_bounded(1 - first.lower)}"
    return f"{head}, ||W||_inf = 1 in the others" if len(lattice.pieces) > 1 else head


def shown(value: Fraction) -> str:
    """The number itself if it is short, else as a decimal."""
    text = str(value)
    return text if len(text) <= 12 else f"{nearest(value):.12g}"


def _origin(data: Data) -> str:
    return " (8 units in the last place of the largest value)" if data.slack == default_slack(data.values) else ""


def _moved(data: Data) -> str:
    if not data.moves:
        return "the values fit as they are"
    largest = max(abs(move.used - move.given) for move in data.moves)
    return f"{many(len(data.moves), 'value')} moved to the nearest that fit, by at most {_bounded(largest)}"


def _accuracy(built: Built) -> str:
    if built.bound is not None:
        return f"within {_bounded(built.bound)} of every value, proved; eps is {shown(built.eps or built.bound)}"
    worst = max(built.errors)
    return f"within {_bounded(worst)}" if worst else "every value exactly, checked in rationals"


def _bounded(value: Fraction) -> str:
    """A decimal of three digits that is not below the number; inf beyond the range of float64."""
    if not value or nearest(value) == math.inf:
        return "inf" if value else "0"
    # Decimals of three digits are no longer told apart among the least floats.
    value = max(value, Fraction(1, 10**300))
    place = Fraction(10) ** (math.floor(math.log10(nearest(value))) - 2)
    return f"{nearest(-(-value // place) * place):.3g}"
