"""What the formal theorems of a claim come to: their sources and pinned texts at every budget, Coq itself from `ci` on.

A formal theorem is a second kind of evidence beside what settles a claim, never the only one: no verdict rests on it,
but a theory or a pinned text that was tampered with is an error. Smoke compares hashes and texts with what is stored of
the last check by Coq; the budgets `ci` and `deep` let Coq prove every theorem afresh, where it is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lipcheck.engines import coq, formal
from lipcheck.engines.formal_scan import FormalError
from lipcheck.judge_evidence import LEDGER, ledger
from lipcheck.words.claim import Claim
from lipcheck.words.evidence import read_json, sha256, write_json
from lipcheck.words.record import Evidence
from lipcheck.words.verdict import Budget, EvidenceKind

Pins = dict[str, Any]
SHAPE = {"schema": int, "theory": str, "coq": str, "sources": dict, "axioms": list, "theorems": dict,
         "definitions": dict, "claims": dict}  # fmt: skip


def look(claim: Claim, root: Path, budget: Budget) -> tuple[str | None, tuple[Evidence, ...]]:
    """What the record says of the claim's formal theorems, and their files; raises `FormalError` for tampered ones."""
    if not claim.formal:
        return None, ()
    folder = root / formal.FOLDER
    theories = theories_of(claim)
    if not all((folder / f"{name}.json").is_file() for name in theories):
        return "not checked here (no pinned text is stored: run `make coq UPDATE=--update`)", ()
    reasons, versions = set(), set()
    for theory in theories:
        pins = read_pins(folder, theory)
        require_claim(pins, claim)
        sources = formal.read(folder, [theory])
        formal.require_sources(pins, sources)
        versions.add(pins["coq"])
        if budget is not Budget.SMOKE:
            reasons.add(_proved(folder, theory))
    files = sorted({f"{name}.v" for theory in theories for name in read_pins(folder, theory)["sources"]}
                   | {f"{theory}.json" for theory in theories})  # fmt: skip
    afresh = budget is not Budget.SMOKE and reasons == {""}
    evidence = tuple(
        Evidence(str(EvidenceKind.FORMAL), f"{formal.FOLDER}/{name}", sha256(folder / name), afresh) for name in files
    )
    if budget is Budget.SMOKE:
        return f"checked by Coq {', '.join(sorted(versions))} when stored; sources and texts are unchanged", evidence
    if afresh:
        return f"checked here by Coq {coq.version()}", evidence
    return f"not checked here ({'; '.join(sorted(reasons - {''}))})", evidence


def theories_of(claim: Claim) -> list[str]:
    """The theories whose theorems a claim names."""
    return sorted({theorem.name.split(".")[0] for theorem in claim.formal})


def _proved(folder: Path, theory: str) -> str:
    """The reason why Coq could not look at a theory here; none where it proved it as pinned."""
    return _afresh(folder, theory, tuple(sorted(formal.read(folder, [theory]).hashes(theory).items())),
                   sha256(folder / f"{theory}.json"))  # fmt: skip


@cache
def _afresh(folder: Path, theory: str, hashes: tuple[tuple[str, str], ...], pinned: str) -> str:
    pins = read_pins(folder, theory)
    sources = formal.read(folder, [theory])
    try:
        proved = formal.prove(sources)
    except coq.NoCoq as error:
        return str(error)
    if (here := coq.version()) != pins["coq"]:
        return f"the texts are pinned as Coq {pins['coq']} prints them, and Coq {here} is installed"
    formal.compare(pins, sources, proved)
    return ""


def read_pins(folder: Path, theory: str) -> Pins:
    """The document that pins the theorems of a theory."""
    path = folder / f"{theory}.json"
    pins = read_json(path)
    if not isinstance(pins, dict) or any(not isinstance(pins.get(key), kind) for key, kind in SHAPE.items()):
        raise FormalError(f"{path} does not pin theorems: restore it or run `make coq UPDATE=--update`")
    if pins["schema"] != formal.SCHEMA or pins["theory"] != theory:
        raise FormalError(f"{path} pins the theorems of another theory or schema: restore it")
    return pins


def require_claim(pins: Mapping[str, Any], claim: Claim) -> None:
    """Raise `FormalError` unless this wording of the claim is pinned, with exactly the theorems that it names."""
    theory = pins["theory"]
    if pins["claims"].get(claim.id) != entry(claim, theory):
        raise FormalError(f"{theory}.json pins another wording of {claim.id} or other theorems: read the theorems "
                          "against the claim, then run `make coq UPDATE=--update`")  # fmt: skip
    if missing := [t.name for t in claim.formal if t.name.split(".")[0] == theory and t.name not in pins["theorems"]]:
        raise FormalError(f"{theory}.json holds no text of {missing[0]}: restore it")


def entry(claim: Claim, theory: str) -> dict[str, Any]:
    """How a theory's document names a claim."""
    names = sorted(theorem.name for theorem in claim.formal if theorem.name.split(".")[0] == theory)
    return {"statement_sha256": claim.statement_sha256(), "theorems": names}


def sheets(claim: Claim, root: Path) -> list[dict[str, Any]]:
    """The claim's formal theorems for its page: names, words, and the pinned texts of statement and definitions."""
    found = []
    for theorem in claim.formal:
        theory = theorem.name.split(".")[0]
        stored = (root / formal.FOLDER / f"{theory}.json").is_file()
        pins = read_pins(root / formal.FOLDER, theory) if stored else {"theorems": {}, "definitions": {}}
        statement = pins["theorems"].get(theorem.name, "no text is stored: run `make coq UPDATE=--update`")
        found.append({"name": theorem.name, "says": theorem.says, "leaves_out": theorem.leaves_out,
                      "statement": statement,
                      "definitions": formal.mentioned(statement, pins["definitions"])})  # fmt: skip
    return found


def check(claims: Mapping[str, Claim], root: Path, update: bool = False) -> dict[str, Pins]:
    """Let Coq prove all theories that claims name, and compare with what is pinned; with `update`, pin what it proved.

    Raises `NoCoq` where Coq is not installed, `FormalError` for everything that is not as pinned.
    """
    folder = root / formal.FOLDER
    named = [claim for claim in claims.values() if claim.formal]
    theories = sorted({theory for claim in named for theory in theories_of(claim)})
    sources = formal.read(folder, theories)
    proved = formal.prove(sources)
    found = {}
    for theory in theories:
        speakers = {c.id: entry(c, theory) for c in named if theory in theories_of(c)}
        found[theory] = formal.pin(sources, theory, proved, dict(sorted(speakers.items())))
        if update:
            write_json(folder / f"{theory}.json", found[theory])
        else:
            pins = read_pins(folder, theory)
            formal.compare(pins, sources, proved)
            if pins["claims"] != found[theory]["claims"]:
                raise FormalError(f"{theory}.json does not pin the claims as they are worded: run `make coq "
                                  "UPDATE=--update` after reading the theorems against them")  # fmt: skip
    if update:
        _write_ledger(claims, root)
    return found


def _write_ledger(claims: Mapping[str, Claim], root: Path) -> None:
    """Name the formal files, with their hashes, in the ledger's entries of the claims."""
    entries = ledger(root)
    for name, stored in entries.items():
        kept = {path: h for path, h in stored["files"].items() if not path.startswith(f"{formal.FOLDER}/")}
        if name in claims:
            kept |= {e.path: e.sha256 for e in look(claims[name], root, Budget.SMOKE)[1]}
        stored["files"] = dict(sorted(kept.items()))
    write_json(root / LEDGER, {"schema": formal.SCHEMA, "claims": dict(sorted(entries.items()))})
