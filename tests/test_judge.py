"""The judge on planted claims: every gate stops what it is there to stop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import planted
import pytest

from lipcheck import judge_case, judge_evidence, registry
from lipcheck.engines import Derived
from lipcheck.judge import Settings, judge
from lipcheck.render_text import searched
from lipcheck.replay import ReplayError, replay, replay_entry, replay_file
from lipcheck.words.claim import Claim, ClaimError, Constant, NearMiss, Variant
from lipcheck.words.evidence import EvidenceError, read_json
from lipcheck.words.obligation import Forall
from lipcheck.words.record import Record
from lipcheck.words.verdict import Budget, EvidenceKind, Grade, Verdict


def record(claim: Claim, root: Path, **settings: Any) -> Record:
    (found,) = judge({claim.id: claim}, [claim], Settings(evidence=root, **settings))
    return found


def test_a_true_claim_is_proved_with_its_mutants(tmp_path: Path) -> None:
    found = record(planted.TRUE, tmp_path)
    assert (found.verdict, found.as_expected, found.reason) == (Verdict.PROVED, True, None)
    assert [m.name for m in found.mutants] == ["without order", "factor = 99/100 instead of 1"]
    assert found.counts["checks"] > 8 and found.counts["mutants_refuted"] == found.counts["mutants"] == 2


def test_a_false_claim_is_refuted_with_its_repair_and_near_misses(tmp_path: Path) -> None:
    found = record(planted.FALSE, tmp_path)
    assert (found.verdict, found.as_expected) == (Verdict.REFUTED, True)
    assert found.counterexample == {"obligation": "square", "data": {"x": "1/2"}}
    assert [(m.wanted, m.got) for m in found.mutants] == [("not refuted",) * 2, ("rejected",) * 2, ("rejected",) * 2]


def test_a_false_claim_that_its_file_calls_proved_is_found_out(tmp_path: Path) -> None:
    claim = replace(planted.FALSE, expected=Verdict.PROVED, grade=None, mutants={"wider": Variant()})
    found = record(claim, tmp_path)
    assert found.verdict is Verdict.REFUTED and not found.as_expected


def test_a_true_claim_that_its_file_calls_refuted_is_found_out(tmp_path: Path) -> None:
    claim = planted.with_obligations(planted.FALSE, planted.contradiction().__class__("t", {}, planted.a >= planted.a),
                                     counterexamples={}, near_misses=(NearMiss("t", {}, "none"),))  # fmt: skip
    found = record(claim, tmp_path)
    assert found.verdict is Verdict.PROVED and not found.as_expected


def test_the_vacuity_gate(tmp_path: Path) -> None:
    found = record(planted.with_obligations(planted.TRUE, planted.contradiction()), tmp_path)
    assert found.verdict is Verdict.ERROR and "no values satisfy the hypotheses" in str(found.reason)


def test_the_vacuity_gate_of_the_checker_itself() -> None:
    obligation = planted.contradiction()
    proof = {"close": [{"c": "1", "facts": [0]}, {"c": "1", "facts": [1]}]}
    with pytest.raises(ReplayError, match="misses a hypothesis"):
        replay_entry({"proof": proof, "witness": {"a": "1", "b": "0"}}, obligation)


def test_an_empty_set_proves_nothing(tmp_path: Path) -> None:
    found = record(planted.with_obligations(planted.TRUE, planted.exhaustive(0)), tmp_path)
    assert found.verdict is Verdict.ERROR and "0 elements" in str(found.reason)


def test_a_claim_without_obligations_is_an_error(tmp_path: Path) -> None:
    assert record(planted.with_obligations(planted.TRUE), tmp_path).verdict is Verdict.ERROR


@pytest.mark.parametrize(
    "lie",
    [
        {"proof": {"close": []}, "witness": {"a": "0", "b": "0", "c": "0", "d": "0"}},
        {"proof": {"close": [{"c": "1", "facts": [0]}]}, "witness": {"a": "0", "b": "0", "c": "0", "d": "0"}},
        {"refuted_by": {"a": "0", "b": "0", "c": "0", "d": "0"}},
        {"elements": 3},
    ],
)
def test_an_engine_that_lies_is_stopped_by_replay(lie: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_case, "derive", lambda o, second: Derived(lie, EvidenceKind.SMT, ("smt",)))
    found = record(planted.TRUE, tmp_path)
    assert found.verdict is Verdict.ERROR and found.reason


def test_a_mutant_that_survives_is_reported(tmp_path: Path) -> None:
    idle = replace(planted.TRUE, hypotheses={"order": "a >= c", "idle": "never used"})
    found = record(idle, tmp_path)
    assert found.verdict is Verdict.PROVED and not found.as_expected
    assert [m.name for m in found.mutants if not m.right] == ["without idle"]


def test_a_constant_that_the_obligations_do_not_use_is_an_error(tmp_path: Path) -> None:
    declared = replace(planted.TRUE, constants={"factor": Constant(Fraction(2), mutated=Fraction(199, 100))})
    assert "use another value" in str(record(declared, tmp_path).reason)
    unused = replace(planted.TRUE, constants={"unused": Constant(Fraction(1), mutated=Fraction(99, 100))})
    assert "do not depend on the constant unused" in str(record(unused, tmp_path).reason)


def test_a_near_miss_that_is_a_hit_is_reported(tmp_path: Path) -> None:
    hit = replace(planted.FALSE, near_misses=(NearMiss("square", {"x": "1/3"}, "inside"),))
    found = record(hit, tmp_path)
    assert found.verdict is Verdict.REFUTED and not found.as_expected


def test_a_repair_that_does_not_repair_is_reported(tmp_path: Path) -> None:
    assert not record(replace(planted.FALSE, repairs={"nothing": Variant()}), tmp_path).as_expected


def test_a_wrong_counterexample_in_the_claim_is_an_error(tmp_path: Path) -> None:
    found = record(replace(planted.FALSE, counterexamples={"square": {"x": "2"}}), tmp_path)
    assert found.verdict is Verdict.ERROR and "counterexample is none" in str(found.reason)


def test_minimality_is_checked(tmp_path: Path) -> None:
    x = planted.var("x")
    wrong = Forall("minimal: none below 1/2", {"x": x >= 0, "small": x < 1}, x * x >= x)

    def obligations(variant: Variant, budget: Budget) -> Sequence[Any]:
        return [*planted.squares(variant, budget), wrong]

    found = record(replace(planted.FALSE, obligations=obligations), tmp_path)
    assert found.verdict is Verdict.ERROR and "minimal" in str(found.reason)


def test_existence_and_search_alone(tmp_path: Path) -> None:
    claim = replace(planted.TRUE, hypotheses={}, constants={}, mutants={"odd": Variant(repaired=True)})
    assert record(planted.with_obligations(claim, planted.exists("4")), tmp_path).verdict is Verdict.PROVED
    unfound = record(planted.with_obligations(claim, planted.exists("3")), tmp_path)
    assert unfound.verdict is Verdict.UNKNOWN and "fails its own test" in str(unfound.reason)
    searched = record(planted.with_obligations(claim, planted.universal("2", "4", "-3"), planted.exists("2")), tmp_path)
    assert searched.verdict is Verdict.PROVED
    alone = record(planted.with_obligations(claim, planted.universal("2")), tmp_path)
    assert alone.verdict is Verdict.UNKNOWN and "none of 1 candidates" in str(alone.reason)
    broken = record(planted.with_obligations(claim, planted.universal("2", "3")), tmp_path)
    assert broken.verdict is Verdict.REFUTED and broken.counterexample["data"] == "3"


def test_partial_coverage_is_support(tmp_path: Path) -> None:
    claim = replace(planted.TRUE, expected=Verdict.SUPPORTED, covers_all=False, proved_for="pairs")
    assert record(claim, tmp_path).verdict is Verdict.SUPPORTED


def test_dependencies(tmp_path: Path) -> None:
    dependent = replace(planted.TRUE, id="planted.dependent", depends_on=("planted.square",))
    claims = {c.id: c for c in (planted.FALSE, dependent)}
    found = list(judge(claims, [dependent], Settings(evidence=tmp_path)))
    assert [r.claim for r in found] == ["planted.square", "planted.dependent"]
    assert found[1].verdict is Verdict.BLOCKED and "planted.square" in str(found[1].reason)


def test_one_failing_claim_does_not_stop_the_others(tmp_path: Path) -> None:
    def explode(variant: Variant, budget: Budget) -> Sequence[Any]:
        raise ZeroDivisionError("planted")

    bad = replace(planted.FALSE, id="planted.bad")
    object.__setattr__(bad, "obligations", explode)
    claims = {c.id: c for c in (bad, planted.TRUE)}
    found = list(judge(claims, list(claims.values()), Settings(evidence=tmp_path)))
    assert [r.verdict for r in found] == [Verdict.ERROR, Verdict.PROVED]
    assert "ZeroDivisionError: planted" in str(found[0].reason)


def test_stored_evidence_is_written_replayed_and_believed(tmp_path: Path) -> None:
    for claim in (planted.TRUE, planted.FALSE):
        first = record(claim, tmp_path, update=True)
        second = record(claim, tmp_path)
        assert first.verdict is second.verdict is claim.expected
        assert [e for e in second.evidence if e.path and e.path.endswith(".json")] == [
            e for e in first.evidence if e.path and e.path.endswith(".json")
        ]
        for evidence in second.evidence:
            assert evidence.path is not None
            if evidence.path.endswith(".json"):
                assert replay_file(tmp_path / evidence.path, claim, evidence.sha256).checks > 0
    assert set(judge_evidence.ledger(tmp_path)) == {"planted.pair", "planted.square"}


def test_every_budget_comes_to_the_same_verdict(tmp_path: Path) -> None:
    for claim in (planted.TRUE, planted.FALSE):
        record(claim, tmp_path, update=True)
        assert {record(claim, tmp_path, budget=budget).verdict for budget in Budget} == {claim.expected}


def test_two_runs_differ_only_in_seconds(tmp_path: Path) -> None:
    def lines() -> dict[str, Any]:
        data = record(planted.TRUE, tmp_path, seed=5).to_json()
        del data["seconds"]
        return data

    assert json.dumps(lines()) == json.dumps(lines())


def test_two_runs_over_the_packages_claims_differ_only_in_seconds() -> None:
    claims = registry.load()
    chosen = registry.select(claims, ["anil2019.theorem_2", "anil2019.groupsort_properties.lipschitz"])

    def run() -> list[dict[str, Any]]:
        found = [r.to_json() for r in judge(claims, chosen, Settings(seed=3))]
        return [{k: v for k, v in data.items() if k != "seconds"} for data in found]

    assert json.dumps(run()) == json.dumps(run())


def test_any_changed_byte_fails_its_hash(tmp_path: Path) -> None:
    record(planted.TRUE, tmp_path, update=True)
    path = tmp_path / "planted/pair/certificate.json"
    original = path.read_bytes()
    for position in range(0, len(original), max(1, len(original) // 60)):
        changed = bytearray(original)
        changed[position] ^= 1
        path.write_bytes(bytes(changed))
        found = record(planted.TRUE, tmp_path)
        assert found.verdict is Verdict.ERROR and "SHA-256" in str(found.reason)
    path.unlink()
    assert "missing" in str(record(planted.TRUE, tmp_path).reason)


def test_evidence_for_another_wording_is_refused(tmp_path: Path) -> None:
    record(planted.TRUE, tmp_path, update=True)
    reworded = replace(planted.TRUE, statement="another law")
    assert "another wording" in str(record(reworded, tmp_path).reason)
    with pytest.raises(EvidenceError, match="another wording"):
        replay_file(tmp_path / "planted/pair/certificate.json", reworded)
    with pytest.raises(EvidenceError, match="speaks of"):
        replay_file(tmp_path / "planted/pair/certificate.json", planted.FALSE)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 2}', '{"schema": 1, "claim": "planted.pair"}', "NaN", "1.5", "[" * 100000]
)
def test_unreadable_files_are_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(text)
    with pytest.raises(EvidenceError) as caught:
        replay_file(path, planted.TRUE)
    assert "\n" not in str(caught.value)


def test_floats_are_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"c": 0.5}')
    with pytest.raises(EvidenceError, match="exact numbers are strings"):
        read_json(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "nodots"}, {"grade": Grade.CONSTANT}, {"expected": Verdict.REFUTED}, {"hypotheses": {}, "constants": {}},
        {"covers_all": False}, {"expected": Verdict.SUPPORTED},
    ],
)  # fmt: skip
def test_a_claim_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ClaimError):
        replace(planted.TRUE, **changes)


@pytest.mark.parametrize(
    "entry", [[], {}, {"statement_sha256": "0"}, {"statement_sha256": "0", "files": {"a.json": 0}}]
)
def test_a_garbled_ledger_entry_is_one_sentence(entry: Any, tmp_path: Path) -> None:
    (tmp_path / "ledger.json").write_text(json.dumps({"schema": 1, "claims": {"planted.pair": entry}}))
    found = record(planted.TRUE, tmp_path)
    assert found.verdict is Verdict.ERROR and "planted.pair is garbled" in str(found.reason)


def test_empty_evidence_and_endless_numbers_are_refused(tmp_path: Path) -> None:
    record(planted.TRUE, tmp_path, update=True)
    document = read_json(tmp_path / "planted/pair/certificate.json")
    with pytest.raises(EvidenceError, match="evidence for no obligation"):
        replay({**document, "obligations": {}}, planted.TRUE)
    long = {"refuted_by": {"x": "1" * 5000}}
    with pytest.raises(ReplayError, match="exceeds the 4000"):
        replay_entry(long, planted.squares(Variant(), Budget.CI)[0])


def test_a_refutation_that_rests_on_an_unsettled_claim_is_blocked(tmp_path: Path) -> None:
    unsettled = planted.with_obligations(replace(planted.TRUE, id="planted.open"), planted.exists("3"))
    resting = replace(planted.FALSE, depends_on=("planted.open",))
    claims = {c.id: c for c in (unsettled, resting)}
    *_, found = judge(claims, [resting], Settings(evidence=tmp_path))
    assert found.verdict is Verdict.BLOCKED and "planted.open" in str(found.reason)


def test_variables_may_have_any_name(tmp_path: Path) -> None:
    names = [planted.var(n) for n in ("assert", "let", "Real", "check", "exists", "par")]
    law = Forall("keywords", {n: t >= 0 for n, t in zip("abcdef", names, strict=True)}, sum(names[1:], names[0]) >= 0)
    found = record(planted.with_obligations(replace(planted.TRUE, constants={}), law), tmp_path)
    assert found.verdict is Verdict.PROVED


def test_a_record_counts_the_networks_of_its_search_by_kind(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    claim = registry.load()["anil2019.groupsort_properties.jacobian"]
    found = record(claim, tmp_path, networks=60)
    assert sum(found.kinds.values()) == found.counts["networks"] > 0 and "haar" in found.kinds
    line = searched(found)
    assert line is not None and "haar" in line and f"{found.counts['networks']} networks" in line
    assert searched(record(planted.TRUE, tmp_path)) is None


def test_an_open_claim_keeps_its_reason_and_needs_what_is_known(tmp_path: Path) -> None:
    x = planted.var("x")
    known, statement = Forall("known: squares", {}, x * x >= 0), planted.universal("2")
    claim = replace(
        planted.with_obligations(planted.TRUE, known, statement), expected=Verdict.UNKNOWN, hypotheses={},
        constants={}, open_because="nobody knows",
    )  # fmt: skip
    found = record(claim, tmp_path)
    assert (found.verdict, found.as_expected, found.reason) == (Verdict.UNKNOWN, True, "nobody knows")
    false = Forall("known: squares", {}, x * x >= 1)
    found = record(planted.with_obligations(claim, false, statement), tmp_path / "false")
    assert found.verdict is Verdict.ERROR and "known: squares" in str(found.reason)
    with pytest.raises(ClaimError, match="says why it is open"):
        replace(claim, open_because=None)


def test_what_supports_a_refutation_must_be_proved(tmp_path: Path) -> None:
    x = planted.var("x")
    square = Forall("square", {"x": x >= 0}, x * x >= x)
    (tmp_path / "right").mkdir()
    for name, support, verdict in (
        ("right", Forall("support", {}, x * x >= 0), Verdict.REFUTED),
        ("false", Forall("support", {}, x * x >= 1), Verdict.ERROR),
        ("open", planted.exists("3"), Verdict.ERROR),
    ):
        found = record(planted.with_obligations(planted.FALSE, square, support), tmp_path / name)
        assert found.verdict is verdict, name
        if verdict is Verdict.ERROR:
            assert "no counterexample is given" in str(found.reason)
