"""The whole page: counts, filters, the claims that fail, then both ledgers row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from lipcheck._version import __version__
from lipcheck.render_html.claim import MARKS, badge, css, grade_of, link, render_claim
from lipcheck.render_html.entries import Entry
from lipcheck.render_html.markup import tag, text
from lipcheck.render_html.proof import introduction, to_html
from lipcheck.render_html.typeset import SIGNS, typeset
from lipcheck.render_markdown import GRAVITY, PAPERS
from lipcheck.render_text import many
from lipcheck.words.verdict import Grade, Verdict

LEAD = (
    "Statements on 1-Lipschitz networks as the papers print them, each with what is known of it. A claim that is "
    "proved is covered by machine-checked steps and named theorems, one that is refuted by exact numbers that anyone "
    "can check. Each line unfolds to the words in the paper, the derivation, the evidence and its hashes."
)
WORDS = {
    "proved": "all that the statement speaks of is covered",
    "supported": "proved for the sizes that are named, searched beyond",
    "refuted": "an exact counterexample; what is true instead is linked",
    "unknown": "open; the reason is given",
    "blocked": "rests on a claim that is not settled",
    "error": "the check itself failed",
    "unjudged": "no verdict is stored",
}


def render_page(entries: Sequence[Entry], root: Path) -> str:
    """One HTML document that loads nothing: style and script stand in it, pictures are drawn in it.

    `root` is the proofs directory, whose files say what the claims of a row share.
    """
    known = {entry.claim.id: entry for entry in entries}
    papers = sorted({entry.claim.paper for entry in entries})
    body = [
        tag("header", tag("h1", "The ledger of 1\u2011Lipschitz networks"), tag("p", LEAD), _counts(entries, papers)),
        _filters(entries, papers),
        tag("main", *_refuted(entries, known), *(_paper(p, entries, known, root) for p in papers)),
        tag("footer", tag("p", f"lipcheck {__version__}. {many(len(entries), 'claim')}. Made by "
                               f"{tag('code', 'lipcheck report')}; this file loads nothing from anywhere.")),
        tag("script", _asset("filter.js").replace("{{SIGNS}}", _signs())),
    ]  # fmt: skip
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',
        tag("title", "lipcheck: the ledger"),
        tag("style", _asset("style.css")),
    ]
    page = tag("html", tag("head", *head), "\n", tag("body", *(part + "\n" for part in body)), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _asset(name: str) -> str:
    return (files("lipcheck.render_html") / name).read_text(encoding="utf-8")


def _signs() -> str:
    import json

    return json.dumps(list(SIGNS.items()), ensure_ascii=False)


def _title(paper: str) -> str:
    return PAPERS.get(paper, paper)


def _kinds(entries: Sequence[Entry]) -> list[Verdict | None]:
    found = {entry.verdict for entry in entries}
    return [kind for kind in (*Verdict, None) if kind in found]


def _name(kind: Verdict | None) -> str:
    return str(kind) if kind else "unjudged"


def _sign(kind: Verdict | None) -> str:
    return tag("span", MARKS[kind], aria_hidden="true", class_=_name(kind))


def _counts(entries: Sequence[Entry], papers: Sequence[str]) -> str:
    """How many claims of each paper have each verdict, and what the verdicts mean."""
    found = {paper: Counter(entry.verdict for entry in entries if entry.claim.paper == paper) for paper in papers}
    heads = [tag("th", tag("a", text(_title(paper)), href=f"#{paper}"), scope="col") for paper in papers]
    rows = [tag("tr", tag("th", "verdict", scope="col"), *heads)]
    for kind in _kinds(entries):
        name = tag("span", _sign(kind), " ", _name(kind), class_=f"verdict {_name(kind)}")
        cells = (tag("td", f"{found[paper][kind]}") for paper in papers)
        rows.append(tag("tr", tag("th", name, " ", tag("small", WORDS[_name(kind)]), scope="row"), *cells))
    totals = (tag("td", f"{found[paper].total()}") for paper in papers)
    rows.append(tag("tr", tag("th", "all claims", scope="row"), *totals))
    return tag("table", tag("thead", rows[0]), tag("tbody", *rows[1:]), class_="counts")


def _filters(entries: Sequence[Entry], papers: Sequence[str]) -> str:
    """The form that the script shows and obeys; without scripts it stays hidden."""
    counts = Counter(map(css, entries))
    names = [_name(kind) for kind in _kinds(entries)]
    verdicts = [_box("verdict", name, name, counts[name]) for name in names]
    graded = Counter(grade_of(entry) for entry in entries)
    grades = [_box("grade", str(g), str(g), graded[str(g)]) for g in Grade if graded[str(g)]]
    count = Counter(entry.claim.paper for entry in entries)
    parts = [
        tag("label", "Search ", _input(type="search", id="words", placeholder="words, formulas, ids")),
        tag("fieldset", tag("legend", "verdict"), *verdicts),
        tag("fieldset", tag("legend", "fails in"), *grades) if grades else "",
        tag("fieldset", tag("legend", "paper"), *(_box("paper", p, _title(p), count[p]) for p in papers)),
        tag("p", tag("output", "", id="count"), " ", tag("button", "unfold all shown", type="button", id="unfold"), " ",
            tag("button", "fold all", type="button", id="fold"), " ",
            tag("label", _input(type="checkbox", id="print-folded"), " print folded"), class_="actions"),
    ]  # fmt: skip
    return tag("form", *parts, id="filters", hidden=True, aria_label="filters")


def _box(group: str, value: str, words: str, number: int) -> str:
    box = _input(type="checkbox", name=group, value=value)
    return tag("label", box, " ", text(words), " ", tag("small", f"{number}"))


def _input(**attributes: str) -> str:
    return tag("input", **attributes).removesuffix("</input>")


def _refuted(entries: Sequence[Entry], known: Mapping[str, Entry]) -> Iterator[str]:
    """What fails as printed, the gravest first."""
    failing = [entry for entry in entries if entry.verdict is Verdict.REFUTED]
    if not failing:
        return
    failing.sort(key=lambda entry: GRAVITY.index(entry.claim.grade or Grade.WORDING))
    rows = []
    for entry in failing:
        claim = entry.claim
        words = tag("p", typeset(claim.short or claim.statement))
        if claim.repaired_by:
            words += tag("p", tag("small", "repaired by ", link(claim.repaired_by, known)))
        rows.append(tag("li", tag("p", badge(entry), " ", link(claim.id, known)), words, data_claim=claim.id))
    heading = tag("summary", tag("h2", f"What fails as printed: {many(len(failing), 'claim')}"))
    yield tag("details", heading, tag("ul", *rows, class_="failing"), id="refuted", class_="overview")


def _paper(paper: str, entries: Sequence[Entry], known: Mapping[str, Entry], root: Path) -> str:
    ours = [entry for entry in entries if entry.claim.paper == paper]
    rows = dict.fromkeys(entry.claim.row for entry in ours)
    parts = [_row(paper, row, [e for e in ours if e.claim.row == row], known, root) for row in rows]
    links = (tag("li", tag("a", _heading(paper, row, root), href=f"#{paper}/{row}")) for row in rows)
    contents = tag("details", tag("summary", "contents"), tag("ul", *links), class_="shared contents")
    heading = tag("h2", f"{text(_title(paper))}: {many(len(ours), 'claim')}", id=paper)
    return tag("section", heading, tag("nav", contents), *parts, class_="paper")


def _heading(paper: str, row: str, root: Path) -> str:
    """The title of the row's derivations, else its name."""
    path = root / paper / row / "proof.md"
    return (typeset(introduction(path)[0]) if path.is_file() else "") or text(row.replace("_", " "))


def _row(paper: str, row: str, ours: Sequence[Entry], known: Mapping[str, Entry], root: Path) -> str:
    path = root / paper / row / "proof.md"
    shared = introduction(path)[1] if path.is_file() else ""
    if shared:
        words = tag("summary", "setting and overview of the derivations")
        shared = tag("details", words, tag("div", to_html(shared)), class_="shared")
    heading = tag("h3", _heading(paper, row, root), id=f"{paper}/{row}")
    return tag("section", heading, shared, *(render_claim(e, known) for e in ours), class_="row") + "\n"
