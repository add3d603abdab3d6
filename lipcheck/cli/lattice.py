"""`lipcheck lattice`: a MaxMin network through data, exact or within eps; printed, plotted, exported."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

from lipcheck.build.approximation import approximate
from lipcheck.build.boxes import Box
from lipcheck.build.data import Data, fit
from lipcheck.build.extension import extend
from lipcheck.build.interpolation import interpolate
from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import nearest
from lipcheck.build.sampling import Progress
from lipcheck.cli.lattice_report import Built, Exported, document, sections
from lipcheck.cli.output import UsageError, console, write
from lipcheck.cli.table import Table, read_table
from lipcheck.exact import Vector
from lipcheck.render import render_sections
from lipcheck.render_plots import ENDINGS, plot_data
from lipcheck.words.errors import LipcheckError
from lipcheck.words.evidence import write_json
from lipcheck.words.rationals import DIGITS, readable


def run(options: argparse.Namespace) -> int:
    """Build, export, plot and print the lattice for the table; what is built is printed even if a file fails."""
    _check_files(options)
    table = read_table(options.data)
    built = _build(options, table)
    exported = plotted = failure = None
    try:
        exported = _export(options.out, options.dtype, built) if options.out else None
        if options.plot:
            _plot(options.plot, built, exported)
            plotted = options.plot
    except (LipcheckError, OSError) as problem:
        failure = problem
    if options.json is not None:
        _refuse_unreadable(built.lattice, "--json")
        write(document(built, exported, plotted), options.json)
    if options.json != "-":
        render_sections(list(sections(built, exported, plotted)), console())
    if failure is not None:
        raise failure
    return 0


def _check_files(options: argparse.Namespace) -> None:
    """Refuse what cannot be written before anything is computed."""
    if options.out and options.out.suffix not in (".safetensors", ".onnx", ".json"):
        raise UsageError(f"--out {options.out}: end its name in .safetensors, .onnx or .json")
    needs = {".safetensors": ("torch", "safetensors"), ".onnx": ("torch", "onnx")}
    for name in needs.get(options.out.suffix, ()) if options.out else ():
        if find_spec(name) is None:
            raise UsageError(f"--out {options.out} needs {name}: pip install 'lipcheck[export]'")
    if options.plot and find_spec("matplotlib") is None:
        raise UsageError(f"--plot {options.plot} needs matplotlib: pip install 'lipcheck[plot]'")
    if options.plot and options.plot.suffix not in ENDINGS:
        raise UsageError(f"--plot {options.plot}: end its name in .png, .svg or .pdf")
    for path in (options.out, options.plot):
        if path and not path.resolve().parent.is_dir():
            raise UsageError(f"{path} is in a folder that does not exist: create it first")
    if options.out and options.json not in (None, "-") and options.out.resolve() == Path(options.json).resolve():
        raise UsageError(f"--out and --json both name {options.out}: name two files")
    if options.extension and options.eps is not None:
        raise UsageError("--extension and --eps exclude each other: an extension takes the data exactly")
    if options.gap is not None and not options.extension:
        raise UsageError("--gap says how near an extension has to be: add --extension largest or smallest")


def _build(options: argparse.Namespace, table: Table) -> Built:
    points, values, p = table.points, table.values, options.norm
    with _progress(options.quiet) as progress:
        if options.eps is None and options.extension is None:
            found = interpolate(points, values, p=p, slack=options.slack, progress=progress)
            return _exact(table, found.data, found.lattice)
        if options.extension is not None:
            box = _bounding(points) if p not in (1, math.inf) and len(points[0]) > 1 else None
            gap = options.gap if options.gap is not None else _default_gap(values)
            extended = extend(points, values, p=p, which=options.extension, box=box, gap=gap, slack=options.slack)
            return _exact(table, extended.data, extended.lattice, (options.extension, extended.gap))
        data = fit(points, values, p, options.slack)
        lookup = {tuple(map(nearest, x)): v for x, v in zip(data.points, data.values, strict=True)}
        if len(lookup) < len(data.points):
            raise UsageError("two points of the table are the same float64 numbers: leave out --eps, or merge them")
        near = approximate(lookup.__getitem__, data.points, options.eps, p, g_error=0, progress=progress)
    return Built(table, data, near.lattice, near.errors, eps=near.eps, bound=near.bound)


def _exact(table: Table, data: Data, lattice: Lattice, extension: tuple[str, Fraction] | None = None) -> Built:
    taken = lattice.values(data.points)
    errors = tuple(abs(a - b) for a, b in zip(taken, data.values, strict=True))
    return Built(table, data, lattice, errors, extension=extension)


def _bounding(points: Sequence[Vector]) -> Box:
    columns = list(zip(*points, strict=True))
    return Box([min(c) for c in columns], [max(c) for c in columns])


def _default_gap(values: Sequence[Fraction]) -> Fraction:
    """A hundredth of the range of the values."""
    return (max(values) - min(values)) / 100 or Fraction(1, 100)


def _export(path: Path, dtype: str, built: Built) -> Exported:
    """Write the network with numbers of that dtype, every norm at most one exactly, and look at what was written."""
    if path.suffix == ".json":
        from lipcheck.network import to_json

        _refuse_unreadable(built.lattice, "--out")
        write_json(path, to_json(built.lattice.network()))
        return Exported(path, "rational", max(built.errors), built.lattice)
    import torch

    from lipcheck.nn import LatticeModule, load, save

    precision = {"float64": torch.float64, "float32": torch.float32}[dtype]
    save(LatticeModule.from_lattice(built.lattice, dtype=precision), path)
    written = load(path)
    assert isinstance(written, LatticeModule)
    lattice = written.to_lattice()
    taken = lattice.values(built.data.points)
    error = max(abs(a - b) for a, b in zip(taken, built.data.values, strict=True))
    return Exported(path, dtype, error, lattice)


def _refuse_unreadable(lattice: Lattice, option: str) -> None:
    if not all(readable(number) for piece in lattice.pieces for number in (*piece.weight, piece.bias)):
        raise UsageError(f"a number of the network exceeds {DIGITS} digits: leave out {option}, or shorten the data")


def _plot(path: Path, built: Built, exported: Exported | None) -> None:
    lattice = built.lattice if exported is None else exported.lattice
    plot_data(lattice, built.data.points, built.data.values, lattice.values(built.data.points), path)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """Progress on stderr: one line that changes on a terminal, a line a stage in a pipe, nothing when quiet."""
    errors = console(stderr=True)
    if quiet:
        yield lambda stage, done, total: None
    elif errors.is_terminal:
        with errors.status("building") as status:
            yield lambda stage, done, total: status.update(f"{stage} {done:,}/{total:,}")
    else:
        seen: set[str] = set()

        def line(stage: str, done: int, total: int) -> None:
            if stage not in seen:
                seen.add(stage)
                errors.print(f"{stage}: {total:,}", soft_wrap=True)

        yield line
