"""What the judge writes down about one claim, and the document that holds many records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from lipcheck.words.verdict import Verdict

SCHEMA = 1


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: a file under proofs/ with its hash, or a search, which leaves no file.

    `replayed` says whether the trusted checker re-checked it in this run.
    """

    kind: str
    path: str | None
    sha256: str | None
    replayed: bool

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {"kind": self.kind, "path": self.path, "sha256": self.sha256, "replayed": self.replayed}


@dataclass(frozen=True)
class MutantResult:
    """One mutant: what the same engines were to find, and what they found."""

    name: str
    wanted: str
    got: str

    @property
    def right(self) -> bool:
        """Whether the mutant was judged as it must be."""
        return self.wanted == self.got

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {"name": self.name, "wanted": self.wanted, "got": self.got}


@dataclass(frozen=True)
class Record:
    """One line of the ledger. Two runs with one seed differ only in `seconds`.

    `counts` has `checks` (leaves of proofs, elements, points and objects re-checked exactly), `networks`, `points`,
    `mutants`, `mutants_refuted`, `near_misses` and `overruled` (float violations that exact arithmetic rejected).
    `kinds` counts the networks of a search by the kind of their weights.
    `queries` maps files with the solvers' questions, which are no evidence, to their hashes.
    `formal` says whether a proof assistant checked the claim's formal theorems; None for a claim without any.
    `worst` is the least margin that a search saw, as text. `counterexample` holds exact numbers as strings.
    """

    claim: str
    paper: str
    source: str
    printed: str
    statement: str
    statement_sha256: str
    short: str | None
    reading: str
    verdict: Verdict
    expected: Verdict
    grade: str | None
    scope: str
    proved_for: str | None
    semantics: str
    empirical: bool
    budget: str
    evidence: tuple[Evidence, ...]
    queries: Mapping[str, str]
    counts: Mapping[str, int]
    kinds: Mapping[str, int]
    worst: str | None
    counterexample: Any
    minimality: str | None
    snippet: str | None
    repaired_by: str | None
    variant_of: str | None
    depends_on: tuple[str, ...]
    textbook: tuple[str, ...]
    argument: str | None
    mutants: tuple[MutantResult, ...]
    engines: Mapping[str, str]
    seed: int
    device: str
    reason: str | None
    formal: str | None = None
    notes: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def as_expected(self) -> bool:
        """Whether the claim's file foresaw the verdict and every mutant was judged right."""
        return self.verdict is self.expected and all(m.right for m in self.mutants)

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON data; nothing but `seconds` changes between two runs with one seed."""
        data: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        data.update(
            verdict=str(self.verdict),
            expected=str(self.expected),
            as_expected=self.as_expected,
            evidence=[e.to_json() for e in self.evidence],
            mutants=[m.to_json() for m in self.mutants],
            queries=dict(self.queries),
            counts=dict(self.counts),
            kinds=dict(self.kinds),
            engines=dict(self.engines),
            depends_on=list(self.depends_on),
            textbook=list(self.textbook),
            seconds=round(self.seconds, 3),
        )
        return data


def document(records: list[Record], environment: Mapping[str, str], version: str) -> dict[str, Any]:
    """The document that `lipcheck check --json` writes; `lipcheck schema` prints its JSON Schema."""
    return {
        "schema": SCHEMA,
        "lipcheck": version,
        "environment": dict(environment),
        "records": [r.to_json() for r in records],
    }
