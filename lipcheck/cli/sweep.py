"""`lipcheck sweep`: search the laws of claims on many networks, on many workers, resumable."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from lipcheck.cli.output import INTERRUPTED, UsageError, console, write
from lipcheck.cli.sharpen import require_file
from lipcheck.registry import select
from lipcheck.render import render_sections
from lipcheck.render_text import many, number
from lipcheck.sweep import Asked, Swept, sweep
from lipcheck.sweep.plan import known, lawless

FOLDER = Path("lipcheck-sweep")
Progress = Callable[[int, int], None]


def run(options: argparse.Namespace) -> int:
    """Sweep one claim after the other, each in a folder of its own; 1 for a violation that is not expected."""
    require_file(options.json)
    questions = list(asked(options))
    folder = options.resume or FOLDER
    errors, out = console(stderr=True), console(stderr=options.json == "-")
    swept: list[Swept] = []

    def tell(words: str) -> None:
        if not options.quiet:
            errors.print(f"lipcheck: {words}", soft_wrap=True)

    interrupted = False
    try:
        for question in questions:
            with progress(question.claim, options.quiet) as told:
                found = sweep(
                    question, folder, engine=options.engine, workers=options.workers, memory=options.memory,
                    resume=options.resume is not None, progress=told, tell=tell,
                )  # fmt: skip
            if not (options.json == "-" and options.quiet):
                out.print() if swept else None
                render_sections(list(sections(found, folder / question.claim)), out)
            swept.append(found)
    except KeyboardInterrupt:
        interrupted = True
    if options.json is not None and (swept or not interrupted):
        write({"schema": 1, "sweeps": [{"record": s.record, "run": s.run} for s in swept]}, options.json)
    if interrupted:
        words = f"lipcheck: interrupted; finished chunks are kept, go on with: {command(options, folder)}"
        errors.print(words, soft_wrap=True)
        return INTERRUPTED
    return int(not all(s.record["as_expected"] for s in swept))


def asked(options: argparse.Namespace) -> Iterator[Asked]:
    """A question for each claim; raises `UsageError` where a named claim, or every one, has no law on networks."""
    files = tuple(str(file.resolve()) for file in options.claims)
    claims = known(files)
    chosen = select(claims, options.patterns)
    without = [claim for claim in chosen if claim.search is None]
    named = [claim for claim in without if claim.id in options.patterns]
    if named or len(without) == len(chosen):
        raise UsageError(lawless(named or without, claims))
    for claim in chosen:
        if claim.search is not None:
            yield Asked(claim.id, options.networks, options.points, options.seed, options.device, options.dtype, files)


@contextmanager
def progress(claim: str, quiet: bool) -> Iterator[Progress | None]:
    """Networks done, the rate of this run and the time left: a bar on a terminal, else a line for every tenth."""
    errors = console(stderr=True)
    if quiet:
        yield None
    elif errors.is_terminal:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
        )
        with Progress(*columns, console=errors) as bars:
            bar, pace = bars.add_task(claim, total=None, pace=""), Pace()
            yield lambda done, total: bars.update(bar, completed=done, total=total, pace=pace(done, total))
    else:
        pace, tenths = Pace(), [-1]

        def line(done: int, total: int) -> None:
            words, tenth = pace(done, total), 10 * done // total
            if tenth > tenths[0]:
                tenths[0] = tenth
                errors.print(f"{claim}: {done:,} of {total:,} networks{words and ', ' + words}", soft_wrap=True)

        yield line


class Pace:
    """The rate since the first call, which brings what was resumed, and the time left at that rate."""

    def __init__(self) -> None:
        self.start: tuple[float, int] | None = None

    def __call__(self, done: int, total: int) -> str:
        """The rate and the time left in words; nothing before there is a rate."""
        if self.start is None:
            self.start = monotonic(), done
        seconds, fresh = monotonic() - self.start[0], done - self.start[1]
        if not fresh or not seconds:
            return f"{done:,} resumed" if done else ""
        return f"{fresh / seconds:,.0f}/s, {span((total - done) * seconds / fresh)} left"


def span(seconds: float) -> str:
    """A time in h:mm:ss."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def sections(swept: Swept, folder: Path) -> Iterator[tuple[str, str]]:
    """The record and how it came about, as (heading, text) pairs."""
    record, run, search = swept.record, swept.run, swept.record["search"]
    yield "claim", f"{record['claim']}, expected {record['expected']}"
    yield "law", record["law"]
    left_out = f", {search['inadmissible']:,} more do not meet the hypotheses" if search["inadmissible"] else ""
    yield "networks", f"{search['networks']:,} with {search['points']:,} pairs of points{left_out}"
    yield "kinds", ", ".join(f"{kind} {count:,}" for kind, count in search["kinds"].items()) or "none"
    yield "in floats", f"{search['violations']:,} negative and {search['undefined']:,} undefined margins"
    yield "exactly", f"{search['overruled']:,} overruled, {search['confirmed']:,} confirmed of those decided"
    worst = f"{search['worst']} in {search['dtype']}, exactly {number(search['worst_exact'])}"
    yield "worst", worst if search["worst"] is not None else "no margin was a number"
    if search["counterexample"] is not None:
        expected = "as expected" if record["as_expected"] else "not expected"
        yield "violated", f"{expected}: margin {search['counterexample']['margin']}, exact data in {folder}/result.json"
    yield "where", ", ".join(f"{h['host']} ({h['device']}, {many(h['processes'], 'worker')})" for h in run["hosts"])
    rate = f", {run['networks_per_second']:,.0f} networks/s" if run["networks"] else ""
    yield "time", f"{run['seconds']:.1f} s{rate}; {run['resumed']:,} of {many(run['chunks'], 'chunk')} resumed"
    limit, most = run["memory_mib"], run["peak_mib"]
    words = "" if limit is None else f" within {limit}" if most["worker"] <= limit else f", ABOVE the limit of {limit}"
    yield "memory", f"worker {most['worker']} MiB{words}; parent {most['parent']} MiB"
    yield "folder", str(folder)


def command(options: argparse.Namespace, folder: Path) -> str:
    """The command that goes on with an interrupted sweep."""
    words = ["lipcheck", "sweep", *options.patterns, "--networks", str(options.networks)]
    for name in ("points", "seed", "device", "dtype", "engine", "workers", "memory", "json"):
        value = getattr(options, name)
        if value is not None:
            words += [f"--{name}", str(value)]
    for file in options.claims:
        words += ["--claims", str(file)]
    return shlex.join([*words, "--resume", str(folder)])
