"""`lipcheck report`: both ledgers as one HTML page, and as Markdown."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from lipcheck.cli.check import judging
from lipcheck.cli.output import UsageError, console
from lipcheck.judge import Settings
from lipcheck.judged import Judged, load_claims, read_record
from lipcheck.registry import select
from lipcheck.render_html import Entry, gather, render_page
from lipcheck.render_markdown import counts, everything, open_claims, refuted
from lipcheck.render_text import many
from lipcheck.words.claim import Claim
from lipcheck.words.evidence import proofs_directory, write_atomically
from lipcheck.words.record import SCHEMA, Record
from lipcheck.words.verdict import Budget

PAGE = Path("lipcheck-report.html")


def run(options: argparse.Namespace) -> int:
    """Write the files that were asked for: without judging, unless a budget says how."""
    if options.evidence is not None and not options.evidence.is_dir():
        raise UsageError(f"--evidence {options.evidence} is not a directory: give one that holds evidence")
    claims = load_claims(options.claims)
    chosen = select(claims, options.patterns)
    root: Path = options.evidence or proofs_directory()
    records = read_records(options.records) if options.records else {}
    if options.budget is not None:
        settings = Settings(budget=Budget(options.budget), evidence=options.evidence)
        judged = judging(Judged(claims, settings), chosen, options.quiet)
        records |= {record.claim: record for record in judged}
    entries = list(gather(chosen, root, records))
    page = options.out or (PAGE if options.markdown is None else None)
    written = [(page, render_page(entries, root))] if page else []
    written += [(options.markdown, "\n".join(markdown(entries)) + "\n")] if options.markdown else []
    for path, text in written:
        save(path, text)
        words = f"{path}: {many(len(entries), 'claim')}, {len(text.encode()) / 1e6:.1f} MB"
        console().print(words, soft_wrap=True)
    return 0


def read_records(path: Path) -> dict[str, Record]:
    """The records in the document that `lipcheck check --json` wrote; raises `UsageError` for any other file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError(f"its schema is {document['schema']}, not {SCHEMA}")
        return {data["claim"]: read_record(data) for data in document["records"]}
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): write it with `lipcheck check --json`") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        words = " ".join(str(error).split())
        raise UsageError(
            f"{path} is no document of records ({words}): write one with `lipcheck check --json`"
        ) from error


def markdown(entries: Sequence[Entry]) -> Iterator[str]:
    """The ledger in Markdown: counts, what fails, what is open, each claim in a line."""
    claims: list[Claim] = [entry.claim for entry in entries if entry.verdict is not None]
    verdicts = {entry.claim.id: entry.verdict for entry in entries if entry.verdict is not None}
    yield "# The ledger"
    parts = (("", counts), ("## What fails as printed", refuted), ("## What is open", open_claims), ("", everything))
    for heading, lines in parts:
        yield ""
        if heading:
            yield f"{heading}\n"
        yield from lines(claims, verdicts)
    if missing := [entry.claim.id for entry in entries if entry.verdict is None]:
        yield f"\nNot judged: {', '.join(f'`{name}`' for name in missing)}."


def save(path: Path, text: str) -> None:
    """Write a file, or say in one sentence why that fails."""
    try:
        write_atomically(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror or error}): name another file") from error
