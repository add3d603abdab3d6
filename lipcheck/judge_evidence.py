"""Stored evidence: reading it back through the trusted checker, and writing what was newly derived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lipcheck.replay import SCHEMA, replay_file
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.evidence import EvidenceError, claim_directory, read_json, sha256, write_atomically, write_json
from lipcheck.words.obligation import Forall, Obligation, Positive
from lipcheck.words.record import Record
from lipcheck.words.smtlib import query
from lipcheck.words.verdict import Budget, EvidenceKind

LEDGER = "ledger.json"
CERTIFICATE = "certificate.json"
COUNTEREXAMPLE = "counterexample.json"
QUERY = "query.smt2"
FORMAL = "formal/"


@dataclass(frozen=True)
class Stored:
    """What the files of one claim show once replayed: obligation -> "proved", "refuted" or "agreed"."""

    shown: Mapping[str, str] = field(default_factory=dict)
    refuted_by: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    checks: int = 0


def ledger(root: Path) -> dict[str, Any]:
    """The entries of the ledger by claim; empty where there is no ledger."""
    path = root / LEDGER
    if not path.exists():
        return {}
    document = read_json(path)
    match document:
        case {"schema": 1, "claims": dict(claims)}:
            return claims
    raise EvidenceError(f"{path} is not a ledger of schema {SCHEMA}: restore it or re-create it with --update")


def read(claim: Claim, root: Path) -> Stored:
    """Replay every evidence file that the ledger names for this claim; raises `EvidenceError` for one that fails.

    Queries and formal theories are compared with their hashes alone.
    """
    match ledger(root).get(claim.id):
        case None:
            return Stored()
        case {"statement_sha256": str(stated), "files": dict(files)} if all(isinstance(h, str) for h in files.values()):
            pass
        case _:
            raise EvidenceError(f"the ledger's entry for {claim.id} is garbled: re-create it with --update")
    if stated != claim.statement_sha256():
        raise EvidenceError(f"the ledger holds another wording of {claim.id}: re-create its evidence with --update")
    shown: dict[str, str] = {}
    refuted_by: dict[str, Any] = {}
    checks = 0
    for name, expected in files.items():
        path = root / name
        if not path.is_file():
            raise EvidenceError(f"{name} is missing: restore it or re-create it with --update")
        if path.suffix != ".json" or name.startswith(FORMAL):
            if sha256(path) != expected:
                raise EvidenceError(f"{name} differs from the ledger's SHA-256: restore it or re-create it")
            continue
        found = replay_file(path, claim, expected)
        outcomes = {**found.shown, **dict.fromkeys(found.unreplayed, "agreed")}
        if twice := sorted(shown.keys() & outcomes.keys()):
            raise EvidenceError(f"{name}: another file of {claim.id} speaks of {twice[0]!r} too; re-create them")
        shown |= outcomes
        refuted_by |= found.refuted_by
        checks += found.checks
    return Stored(shown, refuted_by, files, checks)


def write(claim: Claim, entries: Mapping[str, Any], root: Path) -> dict[str, str]:
    """Write the entries as the claim's evidence files; the files with their hashes, relative to the proofs
    directory."""
    folder = claim_directory(root, claim.id)
    written: dict[str, str] = {}
    refuted = {k: e for k, e in entries.items() if "refuted_by" in e}
    proved = {k: e for k, e in entries.items() if "refuted_by" not in e}
    for name, part in ((CERTIFICATE, proved), (COUNTEREXAMPLE, refuted)):
        path = folder / name
        if part:
            write_json(path, {"schema": SCHEMA, "claim": claim.id, "statement_sha256": claim.statement_sha256(),
                              "obligations": part}, compact_below="obligations")  # fmt: skip
            written[path.relative_to(root).as_posix()] = sha256(path)
        else:
            path.unlink(missing_ok=True)
    path = folder / QUERY
    stated = claim.named(Variant(), Budget.CI).values()
    queries = [query(o) for o in stated if isinstance(o, Forall) and o.name in entries]
    if queries:
        write_atomically(path, "(reset)\n".join(queries))
        written[path.relative_to(root).as_posix()] = sha256(path)
    else:
        path.unlink(missing_ok=True)
    return written


def write_ledger(records: Sequence[Record], root: Path) -> None:
    """Merge the reproducible fields of these records into the ledger."""
    entries = ledger(root)
    for record in records:
        files = {e.path: e.sha256 for e in record.evidence if e.path is not None} | dict(record.queries)
        entries[record.claim] = {
            "verdict": str(record.verdict),
            "expected": str(record.expected),
            "grade": record.grade,
            "scope": record.scope,
            "proved_for": record.proved_for,
            "statement_sha256": record.statement_sha256,
            "files": dict(sorted(files.items())),
        }
    write_json(root / LEDGER, {"schema": SCHEMA, "claims": dict(sorted(entries.items()))})


def kind_of(obligation: Obligation) -> EvidenceKind:
    """The kind of evidence that settles this obligation."""
    if isinstance(obligation, Positive):
        return EvidenceKind.BALL
    if not isinstance(obligation, Forall):
        return EvidenceKind.EXACT
    return EvidenceKind.SMT if obligation.linear else EvidenceKind.SYMBOLIC
