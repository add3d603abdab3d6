"""The ledger as Markdown: counts by verdict and grade, what fails as printed, what stays open, each claim in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from lipcheck.render_text import many
from lipcheck.words.claim import Claim
from lipcheck.words.verdict import Grade, Verdict

COLUMNS = 120
"""Of a line of prose in the README."""
PAPERS = {
    "anil2019": "Anil, Lucas, Grosse 2019",
    "bethune2021": "Béthune et al. 2021",
}

GRAVITY = (Grade.STATEMENT, Grade.CONSTANT, Grade.HYPOTHESIS, Grade.PROOF, Grade.CITATION, Grade.WORDING)
GRAVEST = (Grade.STATEMENT, Grade.CONSTANT)


def counts(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """A table of the papers' verdicts, then one of the respects in which the refuted claims fail."""
    papers = sorted({claim.paper for claim in claims})
    found = {paper: Counter(verdicts[c.id] for c in claims if c.paper == paper) for paper in papers}
    shown = [v for v in Verdict if any(found[paper][v] for paper in papers)]
    yield _row(["paper", "claims", *map(str, shown)])
    yield _row(["---", *["---:"] * (len(shown) + 1)])
    for paper in papers:
        numbers = [f"{found[paper][v]}" for v in shown]
        yield _row([f"`{paper}` ({PAPERS.get(paper, paper)})", f"{found[paper].total()}", *numbers])
    yield ""
    for paper in papers:
        grades = Counter(c.grade for c in claims if c.paper == paper and verdicts[c.id] is Verdict.REFUTED)
        named = ", ".join(f"{grades[grade]} in their {grade}" for grade in Grade if grades[grade])
        yield from wrap(f"`{paper}`: the refuted claims fail {named or 'nowhere'}.", COLUMNS)


def refuted(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """A table with a line for every refuted claim, the gravest first: what fails, what is true, which claim says so."""
    yield _row(["claim", "fails in", "what fails; what is true", "repaired by"])
    yield _row(["---"] * 4)
    for claim in sorted(claims, key=lambda claim: GRAVITY.index(claim.grade or Grade.WORDING)):
        if verdicts[claim.id] is Verdict.REFUTED:
            repair = f"`{_short(claim.repaired_by, claim)}`" if claim.repaired_by else "-"
            yield _row([f"`{claim.id}`", str(claim.grade), _cell(claim.short or claim.statement), repair])


def refuted_folded(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """The same lines for a page that is read from above: the gravest as a table, those of each other grade folded."""
    graded = {g: [c for c in claims if c.grade is g and verdicts[c.id] is Verdict.REFUTED] for g in GRAVITY}
    yield from refuted([claim for grade in GRAVEST for claim in graded[grade]], verdicts)
    for grade in GRAVITY:
        if grade not in GRAVEST and graded[grade]:
            summary = f"<summary>{many(len(graded[grade]), 'claim')} that fail in their {grade}</summary>"
            yield from ("", "<details>", summary, "", *refuted(graded[grade], verdicts), "", "</details>")


def open_claims(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """A table of the claims that nothing settles, with the reasons."""
    yield _row(["claim", "kind", "why it is open"])
    yield _row(["---"] * 3)
    for claim in claims:
        if verdicts[claim.id] is Verdict.UNKNOWN:
            kind = "experiment" if claim.empirical else "theory"
            yield _row([f"`{claim.id}`", kind, _cell(claim.open_because or "")])


def formal_theorems(claims: Sequence[Claim]) -> Iterator[str]:
    """A table of the theorems that a proof assistant checks: the claim, the theorem, what it says and leaves out."""
    yield _row(["claim", "theorem", "says, for all sizes", "leaves out"])
    yield _row(["---"] * 4)
    for claim in claims:
        for theorem in claim.formal:
            yield _row([f"`{claim.id}`", f"`{theorem.name}`", _cell(theorem.says), _cell(theorem.leaves_out)])


def everything(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """The whole ledger, a section for each row of a paper's table: the claim, its verdict, its statement."""
    for paper in sorted({claim.paper for claim in claims}):
        ours = [claim for claim in claims if claim.paper == paper]
        yield f"## {PAPERS.get(paper, paper)}: {many(len(ours), 'claim')}"
        for row in dict.fromkeys(claim.row for claim in ours):
            yield ""
            yield f"### `{paper}.{row}`"
            yield ""
            yield _row(["claim", "verdict", "statement"])
            yield _row(["---"] * 3)
            for claim in (c for c in ours if c.row == row):
                verdict = verdicts[claim.id]
                graded = f"{verdict} ({claim.grade})" if verdict is Verdict.REFUTED else str(verdict)
                yield _row([f"`{claim.id}`", graded, _cell(claim.statement)])
        yield ""


def _short(name: str | None, near: Claim) -> str:
    """An id, without the row that the claim beside it has."""
    row = f"{near.paper}.{near.row}"
    return (name or "").replace(f"{row}.", "....") if name and name.startswith(f"{row}.") else (name or "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """A text in one line, with what Markdown's tables would take for their own escaped."""
    return " ".join(text.split()).replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
