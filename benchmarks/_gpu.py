"""The GPU's table: rows of `populations_gpu.measure` or of the file that it wrote, as results like the others."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from _machine import Machine, versions
from _results import Results, Theme
from _timing import Progress, Row

SHAPE = "4,096 networks, 64 wide, 4 deep, 64 points"
CEILING = "float32 matrix product"
GOALS = {"forward": 0.5, "jacobian": 0.3}
"""Least fractions of the device's float32 rate, in the form that decides ties exactly."""
FORMS = {"gluon": "fused kernel", "dot": "fused kernel by tl.dot"}


def results(device: str, found: Sequence[Mapping[str, Any]], versions: Mapping[str, str]) -> Results:
    """Rates beside the matrix product without TF32; rows that have no rate, such as packing, are not ratios."""
    rates = {row["name"]: row for row in found}
    ceilings = {CEILING: f"{rates[CEILING]['TFLOP/s']:.1f} Tflop/s", "copy": f"{rates['copy']['TB/s']:.2f} TB/s"}
    rows = tuple(_row(row) for row in found if "ratio" in row)
    title = "Populations of MaxMin networks on the GPU: the time that the operations take at the product's rate / ours."
    return Results(Machine(device, None, dict(versions), ceilings), "whole", (Theme("populations_gpu", title, rows),))


def _row(row: Mapping[str, Any]) -> Row:
    kind, way = row["name"].split(", ", 1)
    first, *rest = way.split()
    if first in FORMS:
        sums, tile, lanes, precision = rest
        way = f"{FORMS[first]} alone, {sums} sums, tiles of {tile}, {lanes} lanes, {precision}"
    goal = GOALS[kind] if "FusedNetwork" in way else None
    error = f"relative error {max(row['errors']):.1e}" if row["errors"] else ""
    seconds = row["ms"] / 1e3
    name = {"forward": "forward", "jacobian": "with Jacobians"}[kind]
    return Row(f"{name}, {way}", SHAPE, seconds, CEILING, row["ratio"] * seconds, goal, error)


def measured(module: str, progress: Progress) -> Results:
    """Measure on the device at hand."""
    import torch

    progress(module, "")
    device = torch.cuda.get_device_name()
    try:
        return results(device, importlib.import_module(module).measure(), versions())
    except Exception as error:  # As for the other themes: the reason is the result, and what the CPU measured is kept.
        failed = Theme(module, module, (), failure=f"{type(error).__name__}: {error}")
        return Results(Machine(device, None, versions()), "whole", (failed,))


def stored(path: Path) -> Results:
    """From a file that `populations_gpu.py --json` wrote."""
    data = json.loads(path.read_text())
    return results(data["device"], data["rows"], data.get("versions", {}))
