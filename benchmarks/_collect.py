"""The themes and their collection: each script beside this one measures, what fails is told and the others go on."""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence

from _machine import machine
from _results import Results, Theme
from _timing import Omitted, Progress, Row, Size

THEMES = (
    "populations",
    "jacobians",
    "groupsort",
    "projections",
    "bjorck",
    "verified_norms",
    "convolution_norms",
    "semidefinite",
    "exact_constants",
    "lattice",
    "replay",
)
"""Modules with `measure(size)`, which yields rows."""
GPU = "populations_gpu"


def collect(size: Size, themes: Sequence[str] = THEMES, progress: Progress = lambda *_: None) -> Results:
    """Measure the ceilings and these themes; Ctrl-C ends with what is done, a failure with the rows before it."""
    progress("ceilings", "")
    found, done, interrupted = machine(size), [], False
    for name in themes:
        progress(name, "")
        done.append(theme(name, size, progress))
        if done[-1].failure == "interrupted":
            interrupted = True
            break
    return Results(found, size, tuple(done), interrupted)


def theme(name: str, size: Size, progress: Progress = lambda *_: None) -> Theme:
    """The rows of one module."""
    start, title, failure = time.perf_counter(), "", ""
    rows: list[Row] = []
    omitted: list[Omitted] = []
    try:
        module = importlib.import_module(name)
        title = " ".join((module.__doc__ or name).split("\n\n")[0].split())
        for each in module.measure(size):
            if isinstance(each, Row):
                rows.append(each)
                progress(name, f"{each.name}, {each.shape}")
            else:
                omitted.append(each)
    except KeyboardInterrupt:
        failure = "interrupted"
    except Exception as error:  # Any reason is the theme's result: it is printed, and the exit status says so.
        failure = f"{type(error).__name__}: {error}"
    return Theme(name, title, tuple(rows), tuple(omitted), time.perf_counter() - start, failure)
