"""`lipcheck sharpen`: the best value of a printed constant, between a proof and a counterexample."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from lipcheck.cli.output import INTERRUPTED, UsageError, console, write
from lipcheck.judge_constants import Progress
from lipcheck.judged import load_claims
from lipcheck.registry import select
from lipcheck.render import render_sections
from lipcheck.render_refutation import exact_numbers
from lipcheck.render_text import many
from lipcheck.sharpening import Sharpened, constants, sharpen
from lipcheck.words.claim import Claim
from lipcheck.words.errors import LipcheckError


def run(options: argparse.Namespace) -> int:
    """Sharpen the chosen constants one by one; what is reached is kept, written and printed when the run ends early.

    A constant whose ends are not what its file says is named, the others are sharpened all the same; then the exit
    status is 1.
    """
    require_file(options.json)
    claims = load_claims(options.claims)
    chosen = list(pairs(claims, options))
    errors, out = console(stderr=True), console(stderr=options.json == "-")
    done: list[Sharpened] = []
    failed = interrupted = False
    try:
        for claim, name in chosen:
            found = None
            try:
                for found in sharpen(claims, claim, name, options.gap, progress(claim, name, options.quiet)):  # noqa: B007
                    pass
            except LipcheckError as error:
                failed = True
                errors.print(f"lipcheck: {error}", soft_wrap=True)
            finally:
                if found is not None:
                    out.print() if done else None
                    done.append(found)
                    render_sections(list(sections(found, options.gap)), out)
    except KeyboardInterrupt:
        interrupted = True
    if options.json is not None and (done or not interrupted):
        write({"schema": 1, "sharpened": [found.to_json() for found in done]}, options.json)
    if interrupted:
        errors.print(f"lipcheck: interrupted; {many(len(done), 'constant')} above as far as reached", soft_wrap=True)
        return INTERRUPTED
    return int(failed)


def require_file(path: str | None) -> None:
    """Raise `UsageError` before any work for a path that cannot become a file."""
    if path not in (None, "-") and Path(path).exists() and not Path(path).is_file():
        raise UsageError(f"{path} is no regular file: name a file with --json")


def progress(claim: Claim, name: str, quiet: bool) -> Progress:
    """A line on stderr for each value tried."""

    def tell(value: Fraction, outcome: str) -> None:
        if not quiet:
            console(stderr=True).print(f"{claim.id} {name} = {value}: {outcome}", soft_wrap=True)

    return tell


def pairs(claims: dict[str, Claim], options: argparse.Namespace) -> Iterator[tuple[Claim, str]]:
    """(claim, constant) for what was asked; raises `UsageError` where there is nothing to sharpen."""
    asked = select(claims, options.patterns)
    found = [(c, name) for c in asked for name in constants(claims, c) if options.constant in (None, name)]
    if not found:
        words = " ".join(options.patterns)
        if any(options.constant in c.constants for c in asked):
            raise UsageError(f"{words} declares no value of {options.constant} past its sharp one: nothing to bracket")
        what = f"constant called {options.constant!r}" if options.constant else "constant with values on both sides"
        raise UsageError(f"{words} has no {what}: `lipcheck show` names the constants of a claim")
    yield from found


def sections(found: Sharpened, asked: Fraction | None = None) -> Iterator[tuple[str, str]]:
    """The bracket as (heading, text) pairs; `asked` is the gap that was asked for."""
    yield "constant", f"{found.constant} of {found.claim}" + (f": {found.words}" if found.words else "")
    yield "printed", f"{shown(found.printed)}, where the claim is {found.expected}"
    where = f" (obligations of {found.judged})" if found.judged != found.claim else ""
    yield "proved at", shown(found.holds.value) + where
    if found.proved_for:
        yield "of it", f"only this is proved: {found.proved_for}"
    yield "refuted at", shown(found.fails.value, found.holds.value)
    if found.fails.counterexample is not None:
        yield "by", abridged(found.fails.counterexample)
    if found.undecided:
        yield "undecided", ", ".join(map(shown, found.undecided))
    short = "" if asked is None or found.gap <= asked else f"; {shown(asked)} was not reached"
    yield "gap", f"{shown(found.gap)} after {many(found.steps, 'value')}{short}"


def abridged(counterexample: Mapping[str, object], most: int = 600) -> str:
    """The exact numbers of a counterexample, cut where they are many; the JSON document has them all."""
    text = exact_numbers(counterexample)
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters; all of them with --json)"


def shown(value: Fraction, beside: Fraction | None = None) -> str:
    """An exact number, with its decimals where it is no integer and they differ from those of the one beside it."""
    decimals = f"{float(value):.6g}"
    same = beside is not None and decimals == f"{float(beside):.6g}"
    return str(value) if value.denominator == 1 or same else f"{value} ({decimals})"
