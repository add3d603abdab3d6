"""A record in words: the cells of the ledger, its summary, and what is wrong. Standard library only."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.words.record import Evidence, Record
from lipcheck.words.verdict import Verdict

COLUMNS = ("claim", "expected", "verdict", "scope", "evidence", "worst", "time", "mutants")


def cells(record: Record) -> tuple[str, ...]:
    """One text for each of `COLUMNS`. A leading "!" marks a verdict that was not expected, or mutants judged wrong."""
    right = sum(m.right for m in record.mutants)
    return (
        record.claim,
        str(record.expected),
        ("" if record.verdict is record.expected else "! ") + verdict(record),
        scope(record),
        evidence(record.evidence),
        number(record.worst),
        f"{record.seconds:.2f} s",
        ("" if right == len(record.mutants) else "! ") + f"{right}/{len(record.mutants)}",
    )


def verdict(record: Record) -> str:
    """The verdict, and for a refuted claim its grade."""
    refuted = record.verdict is Verdict.REFUTED and record.grade
    return f"{record.verdict} ({record.grade})" if refuted else str(record.verdict)


def scope(record: Record) -> str:
    """What the verdict speaks about; for a supported claim, what is proved of it."""
    supported = record.verdict is Verdict.SUPPORTED and record.proved_for
    return f"proved for {record.proved_for}" if supported else record.scope


def evidence(pieces: Sequence[Evidence]) -> str:
    """The kinds of evidence; "(not replayed)" follows a kind that rests on the agreement of two solvers."""
    kinds: dict[str, bool] = {}
    for piece in pieces:
        kinds[piece.kind] = kinds.get(piece.kind, True) and (piece.replayed or piece.kind == "search")
    return ", ".join(kind if replayed else f"{kind} (not replayed)" for kind, replayed in kinds.items()) or "none"


def number(text: str | None) -> str:
    """A worst margin: short numbers as they are, long ones rounded for reading (the record keeps them exactly)."""
    if text is None or len(text) <= 9:
        return text or "-"
    try:
        return f"{float(Fraction(text)):.3g}"
    except (ValueError, ZeroDivisionError, OverflowError):
        return text


def summary(records: Sequence[Record]) -> list[str]:
    """Counts by verdict and grade, then the amount of work."""
    verdicts = Counter(record.verdict for record in records)
    grades = Counter(r.grade for r in records if r.verdict is Verdict.REFUTED and r.grade)
    parts = [f"{verdicts[v]} {v}" for v in Verdict if verdicts[v]]
    if grades:
        named = ", ".join(f"{count} {grade}" for grade, count in sorted(grades.items()))
        parts = [f"{part} ({named})" if part.endswith(" refuted") else part for part in parts]
    odd = sum(not record.as_expected for record in records)
    total = {name: sum(r.counts.get(name, 0) for r in records) for name in ("checks", "networks", "points")}
    mutants = [m.right for record in records for m in record.mutants]
    return [
        f"{many(len(records), 'claim')}: {', '.join(parts) or 'none judged'}; "
        + ("all as expected" if not odd else f"{odd} not as expected"),
        f"{many(total['checks'], 'exact check')}, {many(total['networks'], 'network')}, "
        f"{many(total['points'], 'point')}, {sum(mutants)} of {many(len(mutants), 'mutant')} judged right",
        *formal(records),
    ]


def formal(records: Sequence[Record]) -> Iterator[str]:
    """How many claims have formal theorems, and whether Coq looked at them here; nothing where there are none."""
    for words, count in Counter(record.formal for record in records if record.formal).items():
        yield f"formal theorems of {many(count, 'claim')}: {words}"


def many(count: int, noun: str) -> str:
    """The count with its noun: "1 claim", "1,000 claims"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def problems(record: Record) -> list[str]:
    """A sentence for everything about the record that was not expected, and for a verdict that settles nothing."""
    found = []
    if record.verdict is not record.expected:
        found.append(f"{record.claim} is {record.verdict}, expected {record.expected}")
    if record.reason:
        found.append(f"{record.claim}: {record.reason}")
    if record.verdict is Verdict.UNKNOWN and record.expected is not Verdict.UNKNOWN:
        engines = ", ".join(f"{name} ({version})" for name, version in record.engines.items()) or "no engine"
        found.append(f"{record.claim}: asked at budget {record.budget}: {engines}; {_help(record)}")
    wrong = [m for m in record.mutants if not m.right]
    return found + [f"{record.claim}: mutant {m.name!r} came out {m.got}, it must be {m.wanted}" for m in wrong]


def _help(record: Record) -> str:
    if record.budget != "deep":
        return f"more work may settle it: lipcheck check {record.claim} --budget deep"
    return "what would help is a certificate of higher degree (`Hint`), a smaller size or a derivation by hand"


def ledger_lines(records: Sequence[Record], width: int) -> Iterator[str]:
    """The ledger as plain text: a line of short cells for each claim, and below it the grade, evidence and scope."""
    table = [dict(zip(COLUMNS, cells(record), strict=True)) for record in records]
    short = [column for column in COLUMNS if column not in ("scope", "evidence")]
    details = []
    for row in table:
        row["verdict"], _, grade = row["verdict"].partition(" (")
        grades = [f"fails in its {grade.removesuffix(')')}"] if grade else []
        details.append(f"{'; '.join([*grades, row['evidence']])}: {row['scope']}")
    sizes = {column: max(len(column), *(len(row[column]) for row in table), 0) for column in short}
    yield "  ".join(column.ljust(sizes[column]) for column in short).rstrip()
    for row, detail in zip(table, details, strict=True):
        yield "  ".join(row[column].ljust(sizes[column]) for column in short).rstrip()
        yield from textwrap.wrap(detail, max(width, 40), initial_indent="    ", subsequent_indent="    ")


def searched(record: Record) -> str | None:
    """What the search over real networks looked at, for a claim that has one."""
    if not record.kinds:
        return None
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(record.kinds.items()))
    return (
        f"{record.claim} searched {many(record.counts['networks'], 'network')} ({kinds}), "
        f"{many(record.counts['points'], 'pair')} of points: worst margin {number(record.worst)}, "
        f"{many(record.counts['overruled'], 'float violation')} overruled exactly"
    )


def search_lines(searches: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each search on a device."""
    for search in searches:
        found = "a violation" if search["counterexample"] is not None else "no violation"
        yield (
            f"{search['claim']}  {found}  {many(search['networks'], 'network')}, {many(search['points'], 'point')}, "
            f"{search['overruled']} overruled exactly, worst margin {number(search['worst'])}, "
            f"{search['seconds']:.2f} s on {search['device_name']}"
        )


def section_lines(sections: Sequence[tuple[str, str]], width: int) -> Iterator[tuple[str, str]]:
    """(heading, text) for each line of a sheet: texts beside their headings, wrapped to the width.

    Commands stay in one line; a text of several lines, a snippet, stands below its heading from column 0, so that both
    can be copied.
    """
    indent = max((len(heading) for heading, _ in sections), default=0) + 2
    for heading, text in sections:
        if "\n" in text:
            yield heading, ""
            yield from (("", line) for line in text.split("\n"))
            continue
        whole = text.startswith("lipcheck ")
        room = max(width - indent, 40)
        wrapped = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        lines = [text] if whole else wrapped
        for number, line in enumerate(lines or [""]):
            yield (heading if number == 0 else "").ljust(indent), line
