"""`lipcheck sharpen`: the best value of a printed constant, between a proof and a counterexample."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from fractions import Fraction

from lipcheck.cli.output import UsageError, console, write
from lipcheck.judged import load_claims
from lipcheck.registry import select
from lipcheck.render import render_sections
from lipcheck.render_refutation import exact_numbers
from lipcheck.render_text import many
from lipcheck.sharpening import Sharpened, constants, sharpen
from lipcheck.words.claim import Claim

INTERRUPTED = 130


def run(options: argparse.Namespace) -> int:
    """Sharpen the chosen constants one by one; what is reached is kept and printed when the run is interrupted."""
    claims = load_claims(options.claims)
    chosen = list(pairs(claims, options))
    errors, out = console(stderr=True), console(stderr=options.json == "-")
    done: list[Sharpened] = []
    interrupted = False
    try:
        for claim, name in chosen:

            def progress(value: Fraction, outcome: str, claim: Claim = claim, name: str = name) -> None:
                if not options.quiet:
                    errors.print(f"{claim.id} {name} = {value}: {outcome}", soft_wrap=True)

            found = None
            try:
                for found in sharpen(claims, claim, name, options.gap, progress):  # noqa: B007
                    pass
            finally:
                if found is not None:
                    if done:
                        out.print()
                    done.append(found)
                    render_sections(list(sections(found)), out)
    except KeyboardInterrupt:
        interrupted = True
    if options.json is not None:
        write({"schema": 1, "sharpened": [found.to_json() for found in done]}, options.json)
    if interrupted:
        errors.print(f"lipcheck: interrupted; {many(len(done), 'constant')} above as far as reached", soft_wrap=True)
        return INTERRUPTED
    return 0


def pairs(claims: dict[str, Claim], options: argparse.Namespace) -> Iterator[tuple[Claim, str]]:
    """(claim, constant) for what was asked; raises `UsageError` where there is no constant at all."""
    found = [(c, name) for c in select(claims, options.patterns) for name in constants(claims, c)]
    if options.constant is not None:
        found = [(claim, name) for claim, name in found if name == options.constant]
    if not found:
        what = f"constant called {options.constant!r}" if options.constant else "constant with values on both sides"
        raise UsageError(f"{' '.join(options.patterns)} has no {what}: `lipcheck show` names the constants of a claim")
    yield from found


def sections(found: Sharpened) -> Iterator[tuple[str, str]]:
    """The bracket as (heading, text) pairs."""
    yield "constant", f"{found.constant} of {found.claim}" + (f": {found.words}" if found.words else "")
    yield "printed", f"{shown(found.printed)}, where the claim is {found.expected}"
    where = f" (obligations of {found.judged})" if found.judged != found.claim else ""
    yield "proved at", shown(found.holds.value) + where
    yield "refuted at", shown(found.fails.value)
    if found.fails.counterexample is not None:
        yield "by", abridged(found.fails.counterexample)
    if found.undecided:
        yield "undecided", ", ".join(map(shown, found.undecided))
    yield "gap", f"{shown(found.gap)} after {many(found.steps, 'value')}"


def abridged(counterexample: Mapping[str, object], most: int = 600) -> str:
    """The exact numbers of a counterexample, cut where they are many; the JSON document has them all."""
    text = exact_numbers(counterexample)
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters; all of them with --json)"


def shown(value: Fraction) -> str:
    """An exact number, with its decimals where it is no integer."""
    return str(value) if value.denominator == 1 else f"{value} ({float(value):.6g})"
