"""One claim before the judge: what its obligations come to, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lipcheck import judge_evidence
from lipcheck.engines import derive
from lipcheck.judge_evidence import Stored
from lipcheck.replay import refutes, replay_entry
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Obligation, Universal
from lipcheck.words.verdict import Budget, Verdict

MINIMAL = "minimal: "
KNOWN = "known: "
ASIDE = (MINIMAL, KNOWN)


class JudgeError(LipcheckError):
    """Evidence or engines that contradict each other, or a check that checked nothing."""


@dataclass
class Outcomes:
    """What is known of each obligation: "proved", "refuted", "agreed" (two solvers, not replayed) or "open"."""

    of: dict[str, str] = field(default_factory=dict)
    entries: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    engines: set[str] = field(default_factory=set)
    files: Mapping[str, str] = field(default_factory=dict)
    checks: int = 0

    def take(self, name: str, outcome: str) -> None:
        """Note an outcome; two that contradict each other are a `JudgeError`."""
        known = self.of.get(name, outcome)
        if {known, outcome} == {"proved", "refuted"} or {known, outcome} == {"agreed", "refuted"}:
            raise JudgeError(
                f"{name} is both {known} and {outcome}: one of the engines or the stored evidence is wrong"
            )
        self.of[name] = outcome if known == "open" else known


def settle(claim: Claim, budget: Budget, root: Path, update: bool) -> Outcomes:
    """Replay what is stored, derive what the budget asks for, and replay that as well.

    That two solvers once agreed is nothing that a file can show: such obligations are derived anew at every budget.
    """
    outcomes = Outcomes()
    stored = Stored() if update else judge_evidence.read(claim, root)
    for name, outcome in stored.shown.items():
        outcomes.take(name, "open" if outcome == "agreed" else outcome)
    outcomes.files, outcomes.checks = stored.files, stored.checks
    outcomes.entries = {name: {"refuted_by": data} for name, data in stored.refuted_by.items()}
    everything = claim.named(Variant(), Budget.CI)
    wanted = _to_derive(claim, budget, bool(stored.files), update)
    wanted |= {name: everything[name] for name, outcome in stored.shown.items() if outcome == "agreed"}
    for obligation in wanted.values():
        _derive(claim, obligation, outcomes, second_opinion=budget is not Budget.SMOKE)
    for name in everything:
        outcomes.take(name, "open")
    if update:
        kept = {k: e for k, e in outcomes.entries.items() if k in everything}
        outcomes.files = judge_evidence.write(claim, kept, root)
    return outcomes


def _to_derive(claim: Claim, budget: Budget, has_stored: bool, update: bool) -> dict[str, Obligation]:
    """Smoke derives the smallest sizes anew where evidence is stored, and everything where none is."""
    wanted = budget if budget is not Budget.SMOKE or (has_stored and not update) else Budget.CI
    return claim.named(Variant(), wanted)


def _derive(claim: Claim, obligation: Obligation, outcomes: Outcomes, second_opinion: bool) -> None:
    preferred = claim.counterexamples.get(obligation.name)
    if preferred is not None:
        if not refutes(preferred, obligation):
            raise JudgeError(f"{obligation.name}: the claim's own counterexample is none")
        entry: Any = {"refuted_by": preferred}
        outcomes.engines.add("exact")
    else:
        found = derive(obligation, second_opinion)
        entry = found.entry
        outcomes.engines.update(found.engines)
        if found.reason:
            outcomes.reasons[obligation.name] = found.reason
    if entry is None:
        outcomes.take(obligation.name, "open")
        return
    outcome, checks = replay_entry(entry, obligation)
    outcomes.take(obligation.name, outcome)
    outcomes.entries[obligation.name] = entry
    outcomes.checks += checks


def verdict(claim: Claim, outcomes: Outcomes) -> tuple[Verdict, str | None]:
    """The verdict that the outcomes come to, and the reason where it is unknown or an error."""
    aside = {n for n in outcomes.of if n.startswith(ASIDE)}
    if false := [n for n in outcomes.of if n in aside and outcomes.of[n] != "proved"]:
        return Verdict.ERROR, f"{false[0]}: this is {outcomes.of[false[0]]}, not proved"
    refuted = {n for n, o in outcomes.of.items() if o == "refuted" and n not in aside}
    if claim.counterexamples and refuted and (strange := _unexplained(claim, outcomes, aside)):
        return Verdict.ERROR, f"{strange}: {outcomes.of[strange]}, though no counterexample is given for it"
    if refuted:
        return Verdict.REFUTED, None
    wanted = claim.named(Variant(), Budget.CI).items()
    provable = [n for n, o in wanted if n not in aside and not isinstance(o, Universal)]
    open_ = [n for n in provable if outcomes.of.get(n, "open") == "open"]
    if open_ or not provable:
        found = [f"{n}: {outcomes.reasons.get(n, 'no evidence is stored and none was derived')}" for n in open_[:1]]
        found = found or list(outcomes.reasons.values()) or ["nothing but a search speaks for it"]
        return Verdict.UNKNOWN, claim.open_because or "; ".join(found)
    return (Verdict.PROVED if claim.covers_all else Verdict.SUPPORTED), None


def _unexplained(claim: Claim, outcomes: Outcomes, aside: set[str]) -> str | None:
    """An obligation of a refuted claim that its file gives no counterexample for, and that is not proved either."""
    for name, obligation in claim.named(Variant(), Budget.CI).items():
        if name in claim.counterexamples or name in aside:
            continue
        outcome = outcomes.of.get(name, "open")
        if outcome == "refuted" or (outcome == "open" and not isinstance(obligation, Universal)):
            return name
    return None
