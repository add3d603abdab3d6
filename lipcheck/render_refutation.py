"""A refutation in full: words, source, exact numbers, minimality, snippet, repair, replay. Standard library only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lipcheck.render_text import verdict
from lipcheck.words.claim import Claim
from lipcheck.words.record import Record


def refutation(record: Record, claims: Mapping[str, Claim], options: str = "") -> Iterator[tuple[str, str]]:
    """(heading, text) pairs. `options` are those with which the replay command finds files of claims and evidence."""
    yield "refuted", f"{record.claim}: {verdict(record)}"
    yield "source", record.source
    yield "as printed", record.printed
    yield "which says", record.statement
    if record.reading != "as printed":
        yield "reading", record.reading
    yield "exact numbers", exact_numbers(record.counterexample)
    if record.minimality:
        yield "minimal", record.minimality
    if record.snippet:
        yield "on its own", record.snippet.strip("\n")
    yield "repaired", repaired(record, claims)
    command = replay_command(record, options)
    yield ("replay" if command.startswith("lipcheck replay ") else "to store it"), command


def in_one_line(record: Record) -> str:
    """What a reader of the ledger wants to know first of a refuted claim."""
    repair = f"; repaired by {record.repaired_by}" if record.repaired_by else ""
    words = record.short or f"minimal: {record.minimality or 'not stated'}"
    return f"{record.claim} is {verdict(record)}: {words}{repair}"


def exact_numbers(counterexample: Any) -> str:
    """The data of a counterexample: "x = 1/2, y = 0" where they are a point, else JSON."""
    match counterexample:
        case None:
            return "none in this record"
        case {"obligation": str(name), "data": data, **rest} if not rest:
            return f"{exact_numbers(data)}   (against: {name})"
        case dict() if all(isinstance(value, str | int) for value in counterexample.values()):
            return ", ".join(f"{name} = {value}" for name, value in counterexample.items())
    return json.dumps(counterexample, ensure_ascii=False)


def repaired(record: Record, claims: Mapping[str, Claim]) -> str:
    """The claim that holds instead, with its statement."""
    if record.repaired_by is None:
        return "no repaired statement is known"
    claim = claims.get(record.repaired_by)
    return f"{record.repaired_by}: {claim.statement}" if claim else record.repaired_by


def replay_command(record: Record, options: str = "") -> str:
    """The command that re-checks the counterexample; where none is stored, the command that stores it."""
    for piece in record.evidence:
        if piece.path is not None and piece.path.endswith("counterexample.json"):
            return f"lipcheck replay {piece.path} {options}".rstrip()
    directory = "" if "--evidence " in options else "--evidence DIR "
    return f"lipcheck check {record.claim} --update {directory}{options}".rstrip()
