"""What every claim of the package owes its reader."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lipcheck import registry
from lipcheck.claims.index import INDEX
from lipcheck.replay import ReplayError, replay_entry
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.verdict import Budget, Verdict

CLAIMS = registry.load()
ROOT = Path(__file__).resolve().parents[1]
every_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda c: c.id)


def test_the_index_is_the_registry() -> None:
    rows = {(paper, row) for paper, rows in INDEX.items() for row in rows}
    assert rows == {(claim.paper, claim.row) for claim in CLAIMS.values()}
    for paper, rows in INDEX.items():
        for row, count in rows.items():
            ours = [c for c in CLAIMS.values() if (c.paper, c.row) == (paper, row)]
            printed = [c for c in ours if not c.reading.startswith(("repair", "corrected"))]
            assert len(printed) >= count, f"{paper}.{row} has {len(printed)} of {count} printed statements"


def test_the_first_paper_is_covered() -> None:
    ours = [c for c in CLAIMS.values() if c.paper == "anil2019"]
    assert len(ours) >= 110
    theory = [c for c in ours if not c.empirical]
    assert sum(c.expected is Verdict.UNKNOWN for c in theory) <= len(theory) / 10


@every_claim
def test_the_words(claim: Claim) -> None:
    assert len(claim.printed) > 10 and len(claim.statement) > 10 and claim.source and claim.scope
    assert re.fullmatch(r"[a-z0-9_.]+", claim.id)
    for name in filter(None, (claim.variant_of, claim.repaired_by, *claim.depends_on)):
        assert name in CLAIMS, f"{claim.id} names {name}, which is no claim"


@every_claim
def test_a_refuted_claim_has_a_repair_that_holds(claim: Claim) -> None:
    if claim.expected is Verdict.REFUTED and claim.repaired_by is not None:
        assert CLAIMS[claim.repaired_by].expected.holds
    if claim.expected is Verdict.REFUTED and claim.variant_of is None:
        assert claim.repaired_by is not None, f"{claim.id} fails as printed and nothing says what is true instead"


@every_claim
def test_the_argument_is_written_down(claim: Claim) -> None:
    assert claim.argument is not None, f"{claim.id} names no derivation"
    name, _, anchor = claim.argument.partition("#")
    text = (ROOT / "proofs" / claim.paper / claim.row / name).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ +(.+)$", text, flags=re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}
    assert not anchor or anchor in slugs, f"{claim.argument}: the headings are {sorted(slugs)}"


@every_claim
def test_the_snippet_runs_alone(claim: Claim) -> None:
    if claim.snippet is None:
        return
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", claim.snippet], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and done.stdout, done.stderr
    assert "assert" in claim.snippet and len(claim.snippet.splitlines()) <= 12


@every_claim
def test_counterexamples_pass_and_near_misses_do_not(claim: Claim) -> None:
    obligations = claim.named(Variant(), Budget.CI)
    if claim.expected is Verdict.REFUTED:
        assert claim.counterexamples and claim.near_misses
    for name, data in claim.counterexamples.items():
        assert replay_entry({"refuted_by": data}, obligations[name]) == ("refuted", 1)
    for near in claim.near_misses:
        with pytest.raises(ReplayError):
            replay_entry({"refuted_by": near.data}, obligations[near.obligation])


@every_claim
def test_there_is_one_mutant_for_each_hypothesis_and_each_sharp_constant(claim: Claim) -> None:
    names = [name for name, _ in claim.mutations()]
    if claim.expected.holds:
        assert {f"without {h}" for h in claim.hypotheses} <= set(names)
        for constant in claim.constants.values():
            if constant.mutated is not None:
                assert abs(constant.mutated - constant.value) <= max(abs(constant.value), 1) / 100
    assert len(names) == len(set(names)) and (names or claim.expected is Verdict.UNKNOWN)


@every_claim
def test_obligations_are_named_once_and_smoke_is_part_of_ci(claim: Claim) -> None:
    everything = [o.name for o in claim.obligations(Variant(), Budget.CI)]
    smoke = [o.name for o in claim.obligations(Variant(), Budget.SMOKE)]
    assert len(everything) == len(set(everything)) > 0
    assert set(smoke) <= set(everything) and smoke


@every_claim
def test_the_statement_hash_is_stable(claim: Claim) -> None:
    assert claim.statement_sha256() == claim.statement_sha256()
