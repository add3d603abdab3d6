"""What the engines find of a claim at other values of one of its constants, accepted by the trusted checker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lipcheck.engines import derive, refute
from lipcheck.judge_case import ASIDE
from lipcheck.replay import replay_entry
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Forall, Obligation, Universal
from lipcheck.words.rationals import digest
from lipcheck.words.verdict import Budget

Progress = Callable[[Fraction, str], None]


class ConstantError(LipcheckError, ValueError):
    """A claim whose obligations cannot be built at some value of a constant."""


@dataclass(frozen=True)
class Side:
    """One end of a bracket: the value, and at a failing one the obligation with its counterexample."""

    value: Fraction
    counterexample: Mapping[str, Any] | None = None


def _said(obligations: list[Obligation]) -> list[Any]:
    return [obligation.to_json() for obligation in obligations]


class Values:
    """Decides a claim at values of one of its constants; a formula that was proved once is not proved again."""

    def __init__(self, claim: Claim, name: str, progress: Progress | None) -> None:
        self.claim, self.name, self.progress = claim, name, progress
        self.declared = self._provable(claim.constants[name].value)
        self.proved: set[str] = set()
        self.steps = 0

    def _variant(self, value: Fraction) -> Variant:
        return Variant(constants={self.name: value})

    def fails(self, value: Fraction) -> Side | None:
        """The value with a counterexample that the trusted checker accepts, if the engines find one."""
        self.steps += 1
        for obligation in self._obligations(value, Budget.SMOKE):
            if obligation.name.startswith(ASIDE) or self._known(obligation):
                continue
            entry = refute(obligation)
            if entry is not None and replay_entry(entry, obligation)[0] == "refuted":
                self._tell(value, "refuted")
                return Side(value, {"obligation": obligation.name, "data": entry["refuted_by"]})
        return None

    def holds(self, value: Fraction) -> bool:
        """Whether every obligation that can be proved is proved at this value, and the trusted checker accepts it."""
        provable = self._provable(value)
        # Obligations that say the same at every value show nothing about values that the derivation does not speak of.
        moved = value == self.claim.constants[self.name].value or _said(provable) != _said(self.declared)
        for obligation in provable if moved else ():
            if self._known(obligation):
                continue
            entry = derive(obligation).entry
            if entry is None or replay_entry(entry, obligation)[0] == "refuted":
                self._tell(value, "undecided")
                return False
            if isinstance(obligation, Forall):
                self.proved.add(digest(obligation.to_json()))
        shown = moved and bool(provable)
        self._tell(value, "proved" if shown else "undecided")
        return shown

    def _obligations(self, value: Fraction, budget: Budget) -> Sequence[Obligation]:
        try:
            return self.claim.obligations(self._variant(value), budget)
        except Exception as error:
            raise ConstantError(
                f"{self.claim.id} cannot be stated at {self.name} = {value} ({type(error).__name__}: {error}): "
                "make its obligations work for every value"
            ) from error

    def _provable(self, value: Fraction) -> list[Obligation]:
        wanted = self._obligations(value, Budget.CI)
        return [o for o in wanted if not isinstance(o, Universal) and not o.name.startswith(ASIDE)]

    def _known(self, obligation: Obligation) -> bool:
        return isinstance(obligation, Forall) and digest(obligation.to_json()) in self.proved

    def _tell(self, value: Fraction, outcome: str) -> None:
        if self.progress is not None:
            self.progress(value, outcome)
