"""`lipcheck check`: judge claims, write the document as records come in, print the ledger."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

from lipcheck.cli.output import INTERRUPTED, UsageError, console, write
from lipcheck.cli.resume import finished
from lipcheck.judge import Settings
from lipcheck.judged import Judged, Progress, load_claims, report
from lipcheck.registry import select
from lipcheck.render import render_ledger, render_refutation
from lipcheck.render_refutation import in_one_line
from lipcheck.render_text import many, searched
from lipcheck.words.claim import Claim
from lipcheck.words.record import Record
from lipcheck.words.verdict import Budget, Verdict

SAVE_SECONDS = 2.0
"""The document is written anew at most this often, and when the run ends: hundreds of records take a while to write."""


def run(options: argparse.Namespace) -> int:
    """Judge what was asked for; finished records are kept and printed even when the run is interrupted."""
    settings = settings_of(options)
    require(settings.device)
    claims = load_claims(options.claims)
    chosen = select(claims, options.patterns)
    kept = finished(options.json, claims, settings) if options.resume else {}
    if options.resume and not kept and not options.quiet and Path(options.json).exists():
        words = f"lipcheck: no record in {options.json} is of these settings and statements; all are judged anew"
        console(stderr=True).print(words, soft_wrap=True)
    judged = Judged(claims, settings, dict(kept))
    done: list[Record] = []
    interrupted = False
    saving = options.json not in (None, "-")
    if saving:
        write(report([*kept.values()], settings), options.json)
    saved = monotonic()
    try:
        for record in judging(judged, chosen, options.quiet):
            done.append(record)
            kept.pop(record.claim, None)
            if saving and monotonic() - saved > SAVE_SECONDS:
                write(report([*done, *kept.values()], settings), options.json)
                saved = monotonic()
    except KeyboardInterrupt:
        interrupted = True
    finally:
        if saving:
            write(report([*done, *kept.values()], settings), options.json)
    if kept and not interrupted:
        write(report(done, settings), options.json)
    if done or not interrupted:
        show(done, claims, options)
    if options.json == "-":
        write(report(done, settings), "-")
    if interrupted:
        print_interrupted(len(done), options)
        return INTERRUPTED
    return int(not all(record.as_expected for record in done))


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings that the options ask for; raises `UsageError` for options that do not go together."""
    if options.resume and options.json in (None, "-"):
        raise UsageError("--resume takes records over from a file: name it with --json PATH")
    missing = options.evidence is not None and not options.evidence.is_dir()
    if missing and (options.evidence.exists() or not options.update):
        raise UsageError(f"--evidence {options.evidence} is not a directory: give one, or create it with --update")
    settings = Settings(
        budget=Budget(options.budget),
        seed=options.seed,
        device=options.device,
        networks=options.networks,
        evidence=options.evidence,
        update=options.update,
    )
    if settings.update and settings.evidence is None and settings.root.name == "_proofs":
        raise UsageError("--update would write into the installed package: name a directory with --evidence DIR")
    return settings


def require(device: str) -> None:
    """Raise `UsageError` before anything is judged when there is no such device."""
    if device == "cpu":
        return
    if find_spec("torch") is None:
        raise UsageError(f"--device {device} needs torch: pip install 'lipcheck[torch]', or leave the option out")
    import torch

    if not torch.cuda.is_available():
        raise UsageError(f"--device {device}: torch finds no GPU here; leave the option out to use the CPU")


def judging(judged: Judged, chosen: Sequence[Claim], quiet: bool) -> Iterator[Record]:
    """The records as they come in, with the progress on stderr: one line that changes, or a line a claim in a pipe."""
    progress: Progress | None
    shown: AbstractContextManager[object]
    errors = console(stderr=True)
    if quiet:
        progress, shown = None, nullcontext()
    elif errors.is_terminal:
        status = errors.status("judging")

        def progress(claim: str, number: int, total: int) -> None:
            status.update(f"{number + 1}/{total} {claim}")

        shown = status
    else:

        def progress(claim: str, number: int, total: int) -> None:
            errors.print(f"{number + 1}/{total} {claim}", soft_wrap=True)

        shown = nullcontext()
    with shown:
        yield from judged.run(chosen, progress)


def show(done: Sequence[Record], claims: dict[str, Claim], options: argparse.Namespace) -> None:
    """The ledger, then searches and refutations: in full where the claim was named or with --verbose.

    With `--json -` all of this goes to stderr, or nowhere with --quiet.
    """
    if options.json == "-" and options.quiet:
        return
    out = console(stderr=options.json == "-")
    done = sorted(done, key=lambda record: record.claim.split("."))
    render_ledger(done, out)
    files = [("--claims", file) for file in options.claims]
    files += [("--evidence", options.evidence)] if options.evidence else []
    needed = " ".join(f"{name} {shlex.quote(str(file))}" for name, file in files)
    for record in done:
        named = options.verbose or record.claim in options.patterns
        if named and (line := searched(record)):
            out.print(line, soft_wrap=True)
        if record.verdict is Verdict.REFUTED:
            if named:
                out.print()
                render_refutation(record, claims, out, needed)
            else:
                out.print(in_one_line(record), soft_wrap=True)


def print_interrupted(count: int, options: argparse.Namespace) -> None:
    """Say on stderr how much is done and how to go on."""
    kept = options.json not in (None, "-")
    remedy = "--resume goes on from there" if kept else "a run with --json PATH can be continued with --resume"
    console(stderr=True).print(f"lipcheck: interrupted after {many(count, 'record')}; {remedy}", soft_wrap=True)
