"""The chunks' findings put together, in the order of their numbers, and the exact decision at home.

Chunks are runs of the blocks of one search, and the sums are those of `search_population`: whatever the cut, the
outcome is the one that this function gives when it does all of the work alone. Of all candidates only those that can
still be decided are held: ties of the relative margin go to the smaller chunk, as in a stable sort of the whole list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lipcheck._version import __version__
from lipcheck.sweep.chunk import from_json
from lipcheck.sweep.plan import Plan, SweepError, known
from lipcheck.words.verdict import Verdict

if TYPE_CHECKING:
    from lipcheck.engines.architectures import Architecture
    from lipcheck.engines.examination import Case
    from lipcheck.engines.outcome import SearchOutcome


@dataclass
class Merged:
    """Sums over the chunks so far, the worst case, and the candidates of the largest relative violation."""

    architectures: Sequence[Architecture]
    drawn: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    violations: int = 0
    undefined: int = 0
    obstacles: Counter[str] = field(default_factory=Counter)
    worst: Case | None = None
    candidates: list[Case] = field(default_factory=list)

    def add(self, body: Mapping[str, Any]) -> None:
        """Take in the next chunk's findings."""
        from lipcheck.engines.examination import EXAMINED

        self.drawn += body["drawn"]
        self.kinds.update(body["kinds"])
        self.violations += body["violations"]
        self.undefined += body["undefined"]
        self.obstacles.update(body["obstacles"])
        worst = None if body["worst"] is None else from_json(body["worst"], self.architectures)
        if worst is not None and (self.worst is None or worst.margin < self.worst.margin):
            self.worst = worst
        found = self.candidates + [from_json(case, self.architectures) for case in body["candidates"]]
        self.candidates = sorted(found, key=lambda case: case.relative)[: EXAMINED + 1]


def decide(plan: Plan, merged: Merged) -> SearchOutcome:
    """The outcome of the whole: the worst case, then the candidates, decided in rationals."""
    from lipcheck.engines.examination import Examined
    from lipcheck.engines.outcome import SearchOutcome
    from lipcheck.engines.population import kernels

    asked, used, worst = plan.asked, merged.kinds, merged.worst
    if merged.drawn != asked.networks:
        raise SweepError(f"{merged.drawn} networks were drawn where {asked.networks} were asked for: a chunk is wrong")
    examined, rest = Examined(asked.law()), list(merged.candidates)
    exact = None if worst is None else examined.look(worst)
    if worst in rest:
        rest.remove(worst)
    examined.go_through(rest)
    if not used.total():
        raise SweepError(f"the law of {asked.claim} admits none of {merged.drawn} networks drawn: widen its `admits`")
    if worst is None and not examined.confirmed:
        raise SweepError(f"not one margin of {asked.claim} is a number: mend its law, which says nothing as it is")
    return SearchOutcome(
        engine="population",
        networks=used.total(),
        points=used.total() * asked.points,
        kinds=dict(sorted(used.items())),
        worst=None if worst is None else repr(worst.margin),
        worst_exact=None if exact is None else str(exact),
        seed=asked.seed,
        overruled=examined.overruled,
        inadmissible=merged.drawn - used.total(),
        violations=merged.violations,
        undefined=merged.undefined,
        confirmed=len(examined.confirmed),
        **examined.counterexamples(),
        device=asked.device,
        device_name="cpu" if asked.device == "cpu" else plan.arithmetic["unit"],
        dtype=asked.dtype,
        settings={"torch": plan.arithmetic["torch"], "points per network": str(asked.points)}
        | kernels(asked.device.partition(":")[0], merged.obstacles),
    )


def record(plan: Plan, outcome: SearchOutcome) -> dict[str, Any]:
    """What the sweep found: no times and no places, so that every engine writes the same bytes.

    A confirmed violation is as expected of a claim that is expected to be refuted, and of no other.
    """
    claim = known(plan.asked.files)[plan.asked.claim]
    return {
        "schema": 1,
        "lipcheck": __version__,
        "claim": claim.id,
        "law": plan.asked.law().text,
        "expected": str(claim.expected),
        "as_expected": outcome.confirmed == 0 or claim.expected is Verdict.REFUTED,
        "plan": plan.to_json() | {"sha256": plan.sha256},
        "search": outcome.to_json(),
    }
