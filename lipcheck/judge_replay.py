"""Which file is meant, which claim it speaks of, and which hash the ledger has for it; then `replay` decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lipcheck.judge_evidence import FORMAL, LEDGER, ledger
from lipcheck.replay import Replay, replay_file
from lipcheck.words.claim import Claim
from lipcheck.words.evidence import EvidenceError, proofs_directory, read_json, sha256


@dataclass(frozen=True)
class Replayed:
    """A file that passed. `in_ledger` says whether the ledger names it, with the hash that it has."""

    path: Path
    sha256: str
    in_ledger: bool
    found: Replay


def replay_path(path: Path, claims: Mapping[str, Claim], root: Path | None = None) -> Replayed:
    """Replay one file against the claim that it names, and against the ledger where it lies under the proofs directory.

    A path that leads nowhere from the working directory is taken from the proofs directory `root`, by default the
    project's own. Raises `EvidenceError` or `ReplayError` for a file that does not show what it says.
    """
    root = root or proofs_directory()
    found = locate(path, root)
    if found.suffix == ".smt2":
        raise EvidenceError(f"{path} is a query, not evidence: replay the .json file beside it, or run a solver on it")
    if found.parent.name == FORMAL.rstrip("/"):
        raise EvidenceError(f"{path} belongs to the formal theorems, which Coq checks: `make coq`")
    document = read_json(found)
    name = document.get("claim") if isinstance(document, dict) else None
    if not isinstance(name, str):
        raise EvidenceError(f"{path} is not a file of evidence: it names no claim")
    if name not in claims:
        raise EvidenceError(f"{path} speaks of {name!r}, which is no claim here: name its file with --claims")
    expected = None
    if found.resolve().is_relative_to(root.resolve()):
        relative = found.resolve().relative_to(root.resolve()).as_posix()
        expected = files_of(name, root).get(relative)
    return Replayed(found, sha256(found), expected is not None, replay_file(found, claims[name], expected))


def files_of(claim: str, root: Path) -> Mapping[str, str]:
    """The files that the ledger names for a claim, with their hashes; raises `EvidenceError` for a garbled entry."""
    match ledger(root).get(claim, {}):
        case {"files": dict(files)} if all(isinstance(digest, str) for digest in files.values()):
            return files
        case dict(entry) if "files" not in entry:
            return {}
    raise EvidenceError(f"{root / LEDGER} has a garbled entry for {claim}: restore it or re-create it with --update")


def locate(path: Path, root: Path) -> Path:
    """The file meant by a path from the working directory or from the proofs directory."""
    below = path.relative_to("proofs") if path.parts[:1] == ("proofs",) else path
    for candidate in (path, root / path, root / below):
        if candidate.is_file():
            return candidate
    raise EvidenceError(f"{path} is not a file, here or under {root}: check the path")
