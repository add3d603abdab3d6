"""One claim as HTML: a line that unfolds to its words, its derivation, its evidence and, if it fails, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lipcheck.render_html.drawing import pictures
from lipcheck.render_html.entries import Entry
from lipcheck.render_html.markup import tag, text
from lipcheck.render_html.numbers import shown
from lipcheck.render_html.proof import to_html
from lipcheck.render_html.typeset import typeset
from lipcheck.words.claim import Constant
from lipcheck.words.rationals import spell
from lipcheck.words.verdict import Verdict

MARKS = {
    Verdict.PROVED: "●",
    Verdict.SUPPORTED: "◐",
    Verdict.REFUTED: "✕",
    Verdict.UNKNOWN: "?",
    Verdict.BLOCKED: "◌",
    Verdict.ERROR: "!",
    None: "–",
}
"""A sign for each verdict, so that none is told by its colour alone."""


def verdict_of(entry: Entry) -> str:
    """The verdict in a word; "not judged" where there is none."""
    return str(entry.verdict) if entry.verdict else "not judged"


def grade_of(entry: Entry) -> str | None:
    """The respect in which a refuted claim fails."""
    return str(entry.claim.grade) if entry.verdict is Verdict.REFUTED and entry.claim.grade else None


def badge(entry: Entry) -> str:
    """The verdict with its sign and, for a refuted claim, its grade."""
    grade = grade_of(entry)
    words = f"{verdict_of(entry)} ({grade})" if grade else verdict_of(entry)
    sign = tag("span", MARKS[entry.verdict], aria_hidden="true")
    return tag("span", sign, " ", text(words), class_=f"verdict {css(entry)}")


def css(entry: Entry) -> str:
    """The name of the verdict in the style sheet."""
    return str(entry.verdict) if entry.verdict else "unjudged"


def render_claim(entry: Entry, entries: Mapping[str, Entry]) -> str:
    """The claim; what it names is linked where it is on the page."""
    claim = entry.claim
    summary = tag("summary", badge(entry), " ", tag("code", _breakable(claim.id)), " ",
                  tag("span", typeset(claim.statement), class_="statement"))  # fmt: skip
    body = tag("div", *_sheet(entry, entries), class_="sheet")
    return tag("details", summary, body, class_="claim", id=claim.id, data_verdict=css(entry),
               data_grade=grade_of(entry), data_paper=claim.paper) + "\n"  # fmt: skip


def link(name: str, entries: Mapping[str, Entry]) -> str:
    """The claim's id, as a link where the page shows the claim."""
    shown_id = tag("code", _breakable(name))
    return tag("a", shown_id, href=f"#{name}") if name in entries else shown_id


def _sheet(entry: Entry, entries: Mapping[str, Entry]) -> Iterator[str]:
    claim = entry.claim
    quoted = tag("p", typeset(claim.printed))
    yield tag("blockquote", quoted, tag("footer", text(claim.source)))
    yield tag("dl", *(tag("dt", name) + tag("dd", words) for name, words in _facts(entry, entries)), class_="facts")
    if entry.verdict is Verdict.REFUTED:
        yield from _refutation(entry, entries)
    if entry.proof is not None:
        yield _part("Derivation", to_html(entry.proof))
    yield from _mutants(entry)
    yield _part("Evidence", *_evidence(entry))
    if entry.record is not None:
        yield _part("Run", *_run(entry))


def _facts(entry: Entry, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    claim = entry.claim
    yield "which says", typeset(claim.statement)
    if claim.reading != "as printed":
        yield "reading", typeset(claim.reading)
    if claim.short:
        yield "in short", typeset(claim.short)
    if claim.open_because:
        yield "why it is open", typeset(claim.open_because)
    if claim.hypotheses:
        yield (
            "hypotheses",
            _list(f"{typeset(words)} {tag('small', text(name))}" for name, words in claim.hypotheses.items()),
        )
    if claim.constants:
        yield "constants", _list(_constant(name, c) for name, c in claim.constants.items())
    yield "scope", typeset(claim.scope)
    if claim.proved_for:
        yield "proved for", typeset(claim.proved_for)
    yield "semantics", text(claim.semantics)
    if claim.textbook:
        yield "rests on", _list(f"{typeset(t.name)} ({text(t.source)})" for t in claim.textbook)
    if claim.variant_of:
        yield "variant of", link(claim.variant_of, entries)
    if claim.depends_on:
        yield "depends on", _list(link(name, entries) for name in claim.depends_on)
    if repairs := [e.claim.id for e in entries.values() if e.claim.repaired_by == claim.id]:
        yield "repairs", _list(link(name, entries) for name in repairs)
    if entry.verdict is not None and entry.verdict is not claim.expected:
        yield "not as expected", text(f"{entry.verdict}, where {claim.expected} was expected")
    if claim.notes:
        yield "notes", typeset(claim.notes)


def _refutation(entry: Entry, entries: Mapping[str, Entry]) -> Iterator[str]:
    claim = entry.claim
    found = []
    for obligation, data in entry.refuted_by.items():
        figures = (tag("figure", svg, tag("figcaption", text(caption))) for svg, caption in pictures(data))
        found += [tag("p", "Against: ", typeset(obligation)), shown(data), tag("div", *figures, class_="figures")]
    if claim.minimality:
        found.append(tag("p", tag("strong", "Minimal:"), " ", typeset(claim.minimality)))
    if claim.near_misses:
        misses = (typeset(near.why) for near in claim.near_misses)
        found += [tag("p", "What comes near and is no counterexample:"), _list(misses)]
    yield _part("Counterexample", *found)
    if claim.snippet:
        yield _part("On its own", tag("pre", tag("code", text(claim.snippet.strip("\n")))))
    repair = entries.get(claim.repaired_by) if claim.repaired_by else None
    if repair is not None:
        statement = tag("p", typeset(repair.claim.statement))
        yield _part("What is true instead", tag("p", badge(repair), " ", link(repair.claim.id, entries)), statement)
    elif claim.repaired_by:
        yield _part("What is true instead", tag("p", link(claim.repaired_by, entries)))


def _mutants(entry: Entry) -> Iterator[str]:
    names = [name for name, _ in entry.claim.mutations()]
    if not names:
        return
    refuted = entry.claim.expected is Verdict.REFUTED
    got = {m.name: m for m in entry.record.mutants} if entry.record else {}
    words = "Without its defect it must hold:" if refuted else "Each change must make it fail:"
    items = (
        typeset(name) + (tag("small", f" came out {text(got[name].got)}") if name in got else "") for name in names
    )
    yield _part("Repairs" if refuted else "Mutants", tag("p", words), _list(items))


def _evidence(entry: Entry) -> Iterator[str]:
    if not entry.files:
        yield tag("p", "None is stored; ", tag("code", f"lipcheck check {text(entry.claim.id)}"), " derives it.")
        return
    rows = (tag("li", tag("code", _breakable(f"proofs/{path}")), " ", tag("small", "SHA-256 ", tag("code", digest)))
            for path, digest in entry.files.items())  # fmt: skip
    yield tag("ul", *rows, class_="files")
    replayed = [f"proofs/{path}" for path in entry.files if path.endswith(".json")]
    if replayed:
        yield tag("pre", tag("code", text(f"lipcheck replay {' '.join(replayed)}")))


def _run(entry: Entry) -> Iterator[str]:
    record = entry.record
    assert record is not None
    counts = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in record.counts.items() if number)
    engines = ", ".join(f"{name} ({version})" for name, version in record.engines.items())
    yield tag("p", f"{record.seconds:.2f} s at budget {record.budget}, seed {record.seed}, on {text(record.device)}.")
    if counts:
        yield tag("p", text(counts), ".")
    if engines:
        yield tag("p", "Engines: ", text(engines), ".")
    if record.worst is not None:
        yield tag("p", "Least margin of the search: ", text(record.worst), ".")
    if record.reason:
        yield tag("p", text(record.reason))


def _constant(name: str, constant: Constant) -> str:
    words = f"{name} = {spell(constant.value)}"
    if constant.mutated is not None:
        words += f", mutant {spell(constant.mutated)}"
    if constant.sharp is not None:
        words += f", sharp {spell(constant.sharp)}"
    return typeset(f"{words}: {constant.words}" if constant.words else words)


def _part(heading: str, *inside: str) -> str:
    return tag("section", tag("h4", heading), *inside)


def _list(items: Iterator[str]) -> str:
    return tag("ul", *(tag("li", item) for item in items))


def _breakable(name: str) -> str:
    """A name that may be broken behind its dots and slashes and underscores."""
    return text(name).replace(".", ".<wbr>").replace("/", "/<wbr>").replace("_", "_<wbr>")
