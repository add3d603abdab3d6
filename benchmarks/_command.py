"""The command: measure all themes or some, print the table, write JSON, a plot and the tables of README.md."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

from _collect import GPU, THEMES, collect
from _gpu import measured, stored
from _plot import plot
from _render import insert, markdown, show
from _results import Results, read
from _timing import Progress, Size, threads

from lipcheck.words.evidence import write_atomically, write_json

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
ENDINGS = (".png", ".svg", ".pdf")
CPU, PICTURE, DEVICE = (HERE / "measured" / name for name in ("cpu.json", "ratios.svg", "h200.json"))


def parser() -> argparse.ArgumentParser:
    """The options."""
    found = argparse.ArgumentParser(prog="python benchmarks", description="Print every ratio of this project.")
    found.add_argument("themes", nargs="*", metavar="THEME", help=f"some of: {', '.join(THEMES)}; all by default")
    sizes = found.add_mutually_exclusive_group()
    sizes.add_argument("--size", choices=get_args(Size), default="whole", help="whole takes some minutes; full, hours")
    sizes.add_argument("--quick", dest="size", action="store_const", const="quick", help="under a minute")
    found.add_argument("--threads", type=int, default=1, help="threads of torch and numpy (default 1)")
    found.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="cuda adds the GPU's table")
    found.add_argument("--from", dest="source", type=Path, metavar="JSON", help="show stored results, measure nothing")
    found.add_argument("--json", metavar="PATH", help="write the results; with -, to stdout, the table to stderr")
    found.add_argument("--plot", type=Path, metavar="PATH", help="draw the ratios (png, svg, pdf)")
    found.add_argument(
        "--markdown", action="store_true", help="write the results into benchmarks/README.md and benchmarks/measured/"
    )
    return found


def main(arguments: Sequence[str]) -> int:
    """0; 1 if a theme failed; 2 for wrong use; 130 if interrupted: what is measured by then is kept."""
    options = parser()
    given = options.parse_args(arguments)
    if unknown := [name for name in given.themes if name not in THEMES]:
        options.error(f"{unknown[0]} is no theme: choose from {', '.join(THEMES)}")
    if given.threads < 1:
        options.error(f"{given.threads} threads cannot run: give 1 or more")
    if given.markdown and given.themes:
        options.error("README.md shows all themes: leave the names out with --markdown")
    for path in (given.json, given.plot):
        if path not in (None, "-") and not Path(path).absolute().parent.is_dir():
            options.error(f"{path} cannot be written: make its directory first")
    if given.plot and given.plot.suffix not in ENDINGS:
        options.error(f"{given.plot} is no picture's name: let it end in {', '.join(ENDINGS)}")
    if given.source and not given.source.is_file():
        options.error(f"{given.source} is no file: name one that --json wrote")
    if given.device == "cuda":
        import torch

        if not torch.cuda.is_available():
            options.error("There is no CUDA device here: leave --device out")
    from rich.console import Console

    console = Console(stderr=given.json == "-", markup=False, highlight=False, emoji=False)
    results, device = _cpu(given), None
    if given.device == "cuda" and not results.interrupted:
        try:
            with _progress() as progress:
                device = measured(GPU, progress)
        except KeyboardInterrupt:
            results = replace(results, interrupted=True)
    _write(given, results, device)
    for each in (results, device):
        if each is not None:
            show(each, console)
    if results.interrupted:
        return 130
    return int(any(theme.failure for each in (results, device) if each for theme in each.themes))


def _cpu(given: argparse.Namespace) -> Results:
    if given.source is not None:
        return read(given.source)
    with _progress() as progress, threads(given.threads):
        return collect(given.size, given.themes or THEMES, progress)


def _write(given: argparse.Namespace, results: Results, device: Results | None) -> None:
    data = results.data() | ({"cuda": device.data()} if device else {})
    if given.json == "-":
        print(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False))
    elif given.json:
        write_json(Path(given.json), data)
    if given.plot is not None:
        plot(results, given.plot)
    if given.markdown and not results.interrupted:
        write_json(CPU, results.data())
        plot(results, PICTURE)
        write_atomically(README, pages(README, results, stored(DEVICE)))


def pages(readme: Path, results: Results, device: Results) -> str:
    """README.md with both tables."""
    text = insert(readme.read_text(), "measured on a CPU", markdown(results))
    return insert(text, "measured on a GPU", markdown(device))


@contextmanager
def _progress() -> Iterator[Progress]:
    """What is measured, on stderr: on a terminal a line that changes in place, elsewhere a line a theme."""
    from rich.console import Console

    console = Console(stderr=True, markup=False, highlight=False)
    if not console.is_terminal:
        yield lambda theme, row: None if row else print(f"{theme} ...", file=sys.stderr, flush=True)
        return
    with console.status("") as status:
        yield lambda theme, row: status.update(f"{theme}: {row}" if row else theme)
