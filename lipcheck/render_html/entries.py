"""What the report says of each claim, gathered from the claims, the stored evidence and the records of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lipcheck.judge_evidence import COUNTEREXAMPLE, ledger
from lipcheck.render_html.proof import section
from lipcheck.words.claim import Claim
from lipcheck.words.evidence import EvidenceError, read_json, sha256
from lipcheck.words.record import Record
from lipcheck.words.verdict import Verdict


@dataclass(frozen=True)
class Entry:
    """A claim with what is known of it. `verdict` is None where nothing has judged it.

    `files` maps files below the proofs directory to their hashes, `refuted_by` obligations to the data that refute
    them; `proof` is the Markdown of the derivation.
    """

    claim: Claim
    verdict: Verdict | None
    files: Mapping[str, str]
    refuted_by: Mapping[str, Any]
    proof: str | None
    record: Record | None = None


def gather(claims: Iterable[Claim], root: Path, records: Mapping[str, Record]) -> Iterator[Entry]:
    """An entry for each claim. A record counts before the ledger, and one whose statement is another is refused.

    Raises `EvidenceError` where the ledger speaks of another statement or of other files than there are: the page must
    not show a verdict beside words that it was not found for.
    """
    stored = ledger(root)
    for claim in claims:
        record, line = records.get(claim.id), stored.get(claim.id)
        match line:
            case None | {"statement_sha256": str(), "verdict": str(), "files": dict()}:
                pass
            case _:
                raise EvidenceError(f"the ledger's entry for {claim.id} is garbled: re-create it with --update")
        stated = claim.statement_sha256() if record or line else ""
        if record is not None and record.statement_sha256 != stated:
            raise EvidenceError(f"the records hold another wording of {claim.id}: judge it again with `lipcheck check`")
        if line is not None and line["statement_sha256"] != stated:
            raise EvidenceError(f"the ledger holds another wording of {claim.id}: re-create it with --update")
        files = dict(line["files"]) if line else {}
        for name, digest in files.items():
            if not (root / name).is_file() or sha256(root / name) != digest:
                raise EvidenceError(f"{name} is missing or not the ledger's: restore it or re-create it with --update")
        verdict = record.verdict if record else Verdict(line["verdict"]) if line else None
        refuted_by = _refuted_by(files, root)
        if record is not None and not refuted_by and record.counterexample is not None:
            refuted_by = {"counterexample": record.counterexample}
        yield Entry(claim, verdict, files, refuted_by, _proof(claim, root), record)


def _refuted_by(files: Mapping[str, str], root: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, digest in files.items():
        if name.endswith(f"/{COUNTEREXAMPLE}"):
            data = read_json(root / name, digest)
            found |= {obligation: entry["refuted_by"] for obligation, entry in data["obligations"].items()}
    return found


def _proof(claim: Claim, root: Path) -> str | None:
    if claim.argument is None:
        return None
    name, _, anchor = claim.argument.partition("#")
    path = root / claim.paper / claim.row / name
    try:
        return section(path, anchor)
    except (OSError, KeyError) as error:
        # A claim of somebody else's paper may keep its derivation elsewhere; those of the project are tested.
        if claim.id in ledger(root):
            raise EvidenceError(f"{claim.id} names {path}#{anchor}, which is not there: correct `argument`") from error
        return None
