"""The judge: vacuity gate, engines by budget, replay, mutants, search; one record for every claim."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lipcheck import judge_case, judge_evidence, judge_formal, judge_mutants, judge_search
from lipcheck._version import __version__
from lipcheck.registry import with_dependencies
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.evidence import proofs_directory
from lipcheck.words.rationals import digest
from lipcheck.words.record import Evidence, Record
from lipcheck.words.verdict import Budget, Verdict

Progress = Callable[[str, int, int], None]
COUNTS = ("checks", "networks", "points", "overruled", "mutants", "mutants_refuted", "near_misses")
LIBRARIES = ("numpy", "scipy", "torch", "sympy", "python-flint", "z3-solver", "cvc5", "hypothesis", "pytest")


@dataclass(frozen=True)
class Settings:
    """How a claim is to be judged.

    `networks` overrides the number of networks that the population search draws. `evidence` is the proofs directory to
    read, by default the project's own. With `update`, new evidence and the ledger are written there.
    """

    budget: Budget = Budget.SMOKE
    seed: int = 0
    device: str = "cpu"
    networks: int | None = None
    evidence: Path | None = None
    update: bool = False

    @property
    def root(self) -> Path:
        """The proofs directory in use."""
        return self.evidence or proofs_directory()


def judge(
    claims: Mapping[str, Claim],
    chosen: Sequence[Claim],
    settings: Settings,
    progress: Progress | None = None,
    known: Mapping[str, Record] | None = None,
) -> Iterator[Record]:
    """One record for each chosen claim and each claim that it depends on, those first.

    A claim whose check fails gets the verdict `error` with the reason; the others are judged all the same. Records in
    `known` are taken over. `progress` is told the claim's id, its number and the number of all before each claim that
    is judged.
    """
    queue = with_dependencies(dict(claims), chosen)
    records = dict(known or {})
    for number, claim in enumerate(queue):
        if claim.id not in records:
            if progress is not None:
                progress(claim.id, number, len(queue))
            settled = {name: record.verdict for name, record in records.items()}
            records[claim.id] = judge_one(claim, settings, settled)
            if settings.update:
                judge_evidence.write_ledger([records[claim.id]], settings.root)
        yield records[claim.id]


def judge_one(claim: Claim, settings: Settings, settled: Mapping[str, Verdict]) -> Record:
    """The record of one claim; `settled` holds the verdicts of the claims that it depends on."""
    start = time.perf_counter()
    try:
        record = _judged(claim, settings, settled)
    except Exception as error:
        sentence = str(error) if isinstance(error, LipcheckError) else f"{type(error).__name__}: {error}"
        record = _record(claim, settings, Verdict.ERROR, sentence)
    return replace(record, seconds=time.perf_counter() - start)


def _judged(claim: Claim, settings: Settings, settled: Mapping[str, Verdict]) -> Record:
    outcomes = judge_case.settle(claim, settings.budget, settings.root, settings.update)
    found, reason = judge_case.verdict(claim, outcomes)
    if outcomes.checks == 0 and (found is not Verdict.UNKNOWN or not outcomes.of):
        raise judge_case.JudgeError(f"{claim.id}: no check ran")
    searched = judge_search.search(claim, settings.budget, settings.seed, settings.device, settings.networks)
    if searched.counterexample is not None and found.holds:
        raise judge_case.JudgeError(f"{found} but a search found a counterexample: {searched.counterexample}")
    if searched.counterexample is not None and found is Verdict.UNKNOWN:
        reason = f"{reason}; a search found a counterexample: {searched.counterexample}"
    missing = [d for d in claim.depends_on if not settled.get(d, Verdict.UNKNOWN).holds]
    if missing and (found.holds or found is Verdict.REFUTED):
        found, reason = Verdict.BLOCKED, f"rests on {', '.join(missing)}, which is not settled"
    partial = [d for d in claim.depends_on if settled.get(d) is Verdict.SUPPORTED]
    if partial and found is Verdict.PROVED:
        found, reason = Verdict.SUPPORTED, f"rests on {', '.join(partial)}, which is supported and not proved"
    formal, theories = judge_formal.look(claim, settings.root, settings.budget)
    judge_mutants.require_printed_constants(claim)
    mutants = (*judge_mutants.mutants(claim), *judge_mutants.near_misses(claim))
    counts = {
        "checks": outcomes.checks + searched.examples,
        "networks": searched.networks,
        "points": searched.points,
        "overruled": searched.overruled,
        "mutants": sum(1 for m in mutants if m.wanted != "rejected"),
        "mutants_refuted": sum(1 for m in mutants if m.got == "refuted"),
        "near_misses": sum(1 for m in mutants if m.wanted == "rejected"),
    }
    engines = sorted(outcomes.engines | searched.engines | {"replay"})
    return _record(
        claim, settings, found, reason, counts=counts, formal=formal,
        evidence=(*_evidence(claim, outcomes, searched.networks > 0), *theories),
        queries={p: h for p, h in sorted(outcomes.files.items()) if p.endswith(".smt2")},
        kinds=dict(searched.kinds), worst=searched.worst, counterexample=_counterexample(outcomes), mutants=mutants,
        engines={name: _engine_version(name) for name in engines},
    )  # fmt: skip


def _record(claim: Claim, settings: Settings, found: Verdict, reason: str | None, **findings: Any) -> Record:
    base: dict[str, Any] = {
        "evidence": (), "queries": {}, "counts": dict.fromkeys(COUNTS, 0), "kinds": {}, "worst": None,
        "counterexample": None, "mutants": (), "engines": {}, "formal": None, **findings,
    }  # fmt: skip
    return Record(
        claim=claim.id, paper=claim.paper, source=claim.source, printed=claim.printed, statement=claim.statement,
        statement_sha256=_statement_sha256(claim), short=claim.short, reading=claim.reading, verdict=found,
        expected=claim.expected, grade=str(claim.grade) if claim.grade else None, scope=claim.scope,
        proved_for=claim.proved_for, semantics=claim.semantics, empirical=claim.empirical, budget=str(settings.budget),
        minimality=claim.minimality, snippet=claim.snippet, repaired_by=claim.repaired_by,
        variant_of=claim.variant_of, depends_on=claim.depends_on,
        textbook=tuple(f"{t.name} ({t.source})" for t in claim.textbook), argument=claim.argument, notes=claim.notes,
        seed=settings.seed, device=settings.device, reason=reason, **base,
    )  # fmt: skip


def _statement_sha256(claim: Claim) -> str:
    """The statement's hash; for a claim whose obligations cannot even be built, the hash of its words."""
    try:
        return claim.statement_sha256()
    except Exception:
        return digest([claim.id, claim.printed, claim.statement])


def _evidence(claim: Claim, outcomes: judge_case.Outcomes, searched: bool) -> tuple[Evidence, ...]:
    """One entry for every kind of evidence in every file, and one for a search."""
    kinds: dict[str, set[str]] = {judge_evidence.CERTIFICATE: set(), judge_evidence.COUNTEREXAMPLE: set()}
    agreed = set()
    for obligation in claim.obligations(Variant(), Budget.CI):
        outcome = outcomes.of.get(obligation.name, "open")
        if outcome != "open":
            kind = str(judge_evidence.kind_of(obligation))
            kinds[judge_evidence.COUNTEREXAMPLE if outcome == "refuted" else judge_evidence.CERTIFICATE].add(kind)
            agreed |= {kind} if outcome == "agreed" else set()
    found = [
        Evidence(kind, path, outcomes.files[path], kind not in agreed)
        for path in sorted(outcomes.files)
        for kind in sorted(kinds.get(Path(path).name, ()))
    ]
    unfiled = (
        []
        if outcomes.files
        else [Evidence(k, None, None, k not in agreed) for k in sorted(set().union(*kinds.values()))]
    )
    return (*found, *unfiled, *([Evidence("search", None, None, False)] if searched else []))


def _counterexample(outcomes: judge_case.Outcomes) -> Any:
    """The counterexample to the first refuted obligation, as {"obligation": name, "data": exact numbers as strings}."""
    for name, outcome in outcomes.of.items():
        if outcome == "refuted":
            return {"obligation": name, "data": outcomes.entries[name]["refuted_by"]}
    return None


def _engine_version(name: str) -> str:
    packages = {
        "smt": ("z3-solver", "cvc5"),
        "linear": ("scipy", "python-flint"),
        "ball": ("python-flint",),
        "symbolic": ("sympy",),
        "population": ("torch",),
        "sample": ("hypothesis",),
    }
    found = [f"{package} {version(package)}" for package in packages.get(name, ())]
    return ", ".join(found) or f"lipcheck {__version__}"


def environment() -> dict[str, str]:
    """Versions of Python and of the libraries in use; libraries that are not installed are left out."""
    found = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def search_on_device(claim: Claim, settings: Settings) -> Any:
    """What the population search finds for the claim's law on the device of the settings.

    Raises `DeviceUnavailable` when there is no such device. Needs torch and numpy only.
    """
    return judge_search.population(claim, settings.budget, settings.seed, settings.device, settings.networks)
