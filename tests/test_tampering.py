"""Evidence that was altered is refused, or is still right by an independent look at it.

Every number in every evidence file is set to 0, -x, x + 1 and 2x in turn, with the hashes recomputed; large proofs are
sampled. What replay accepts all the same must be confirmed by code that shares nothing with the checker.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from fractions import Fraction
from typing import Any

import independent
import pytest

from lipcheck import judge_evidence, registry
from lipcheck.replay import ReplayError, replay_entry
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.evidence import proofs_directory, read_json
from lipcheck.words.obligation import Exhaustive
from lipcheck.words.verdict import Budget

SAMPLE = 24
CLAIMS = registry.load()
Path = tuple[Any, ...]


def numbers(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every number in JSON data: integers, and strings that spell one."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from numbers(value, (*path, index))
    elif isinstance(data, int) and not isinstance(data, bool):
        yield path, data
    elif isinstance(data, str):
        try:
            yield path, str(Fraction(data))
        except (ValueError, ZeroDivisionError):
            return


def alterations(number: Any) -> list[Any]:
    """0, -x, x + 1 and 2x in the spelling of x, without x itself."""
    x = Fraction(number)
    changed = [y for y in (Fraction(0), -x, x + 1, 2 * x) if y != x]
    return [int(y) if isinstance(number, int) else str(y) for y in dict.fromkeys(changed)]


def altered(data: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(data)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def stored_entries(claim: Claim) -> Iterator[tuple[str, Any]]:
    entry = judge_evidence.ledger(proofs_directory()).get(claim.id)
    for name in entry["files"] if entry else ():
        if name.endswith(".json") and not name.startswith(judge_evidence.FORMAL):
            yield from read_json(proofs_directory() / name)["obligations"].items()


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Counts over all claims, printed when the last of them is done."""
    counts: Counter[str] = Counter()
    yield counts
    total = counts.total()
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        if total:
            rate = 100 * counts["refused"] / total
            print(f"\ntampering: {counts['refused']} of {total} alterations refused ({rate:.1f} %)")


def test_every_claim_of_the_package_has_evidence_in_the_ledger() -> None:
    assert set(judge_evidence.ledger(proofs_directory())) == {c for c in CLAIMS if not c.startswith("planted")}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda c: c.id)
def test_altered_numbers_are_refused_or_still_right(claim: Claim, tally: Counter[str]) -> None:
    obligations = {o.name: o for o in claim.obligations(Variant(), Budget.CI)}
    draw = random.Random(claim.id)
    refused = confirmed = 0
    for name, entry in stored_entries(claim):
        found = list(numbers(entry))
        for path, number in found if len(found) <= SAMPLE else draw.sample(found, SAMPLE):
            changes = alterations(number)
            if isinstance(obligations[name], Exhaustive):
                changes = changes[:1]
            for value in changes:
                changed = altered(entry, path, value)
                try:
                    outcome, _ = replay_entry(changed, obligations[name])
                except ReplayError:
                    refused += 1
                    continue
                assert independent.confirms(outcome, changed, obligations[name], claim.id), (
                    f"{name} {path} = {value} was accepted"
                )
                confirmed += 1
    tally.update({"refused": refused, "still right": confirmed})
    assert refused > 0
