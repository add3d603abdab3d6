"""Searching for violations on real networks: populations in floating point and examples in rationals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

from lipcheck.words.claim import Claim
from lipcheck.words.errors import LipcheckError
from lipcheck.words.verdict import Budget

NETWORKS: Mapping[Budget, int] = {Budget.SMOKE: 200, Budget.CI: 4000, Budget.DEEP: 100_000}
EXAMPLES: Mapping[Budget, int] = {Budget.SMOKE: 20, Budget.CI: 200, Budget.DEEP: 5000}
POINTS = 64


@dataclass(frozen=True)
class Searched:
    """What the two searches together looked at and found; nothing for a claim without a law on networks.

    `kinds` counts the networks of the population by the kind of their weights.
    `worst` is the least margin of the population: the exact one where the network meets the hypotheses exactly (to 17
    digits where it is long), else that in floating point, which may be rounding alone.
    """

    networks: int = 0
    points: int = 0
    examples: int = 0
    overruled: int = 0
    worst: str | None = None
    kinds: Mapping[str, int] = field(default_factory=dict)
    counterexample: Any = None
    engines: frozenset[str] = frozenset()


def search(claim: Claim, budget: Budget, seed: int, device: str, networks: int | None) -> Searched:
    """Run the population search (where torch is installed) and the example search for the claim's law."""
    if claim.search is None:
        return Searched()
    from lipcheck.engines.sample import search_examples

    examples = search_examples(claim.search, examples=EXAMPLES[budget], seed=seed)
    if find_spec("torch") is None:
        return Searched(examples=examples.networks, worst=examples.worst, counterexample=examples.counterexample,
                        engines=frozenset({"sample"}))  # fmt: skip
    drawn = population(claim, budget, seed, device, networks)
    return Searched(
        networks=drawn.networks, points=drawn.points, examples=examples.networks, overruled=drawn.overruled,
        worst=_short(drawn.worst_exact or drawn.worst), kinds=drawn.kinds,
        counterexample=drawn.counterexample or examples.counterexample,
        engines=frozenset({"sample", "population"}),
    )  # fmt: skip


def _short(number: str | None) -> str | None:
    return number if number is None or len(number) <= 40 else repr(float(Fraction(number)))


def population(claim: Claim, budget: Budget, seed: int, device: str, networks: int | None) -> Any:
    """The outcome of the population search on a device; raises `DeviceUnavailable` where there is none."""
    from lipcheck.engines.population import search_population

    if claim.search is None:
        raise LipcheckError(f"{claim.id} has no law to search on networks: choose a claim that has one")
    wanted = NETWORKS[budget] if networks is None else networks
    return search_population(claim.search, networks=wanted, points=POINTS, seed=seed, device=device)
