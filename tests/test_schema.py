"""The JSON Schemas describe what is written, and nothing else."""

from __future__ import annotations

import copy
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lipcheck import judge_evidence, registry
from lipcheck.judge import Settings
from lipcheck.judged import Judged, read_record, report
from lipcheck.schema import evidence_schema, formal_schema, record_schema
from lipcheck.words.record import Record

ROOT = Path(__file__).resolve().parents[1]
NAMES_OF_THE_RECORD = {
    "claim", "paper", "source", "printed", "statement_sha256", "reading", "verdict", "expected", "grade", "scope",
    "proved_for", "semantics", "budget", "evidence", "counts", "worst", "counterexample", "minimality", "repaired_by",
    "depends_on", "engines", "seed", "device", "seconds", "reason",
}  # fmt: skip


def example(folder: Path) -> Path:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    path = folder / "demo.py"
    path.write_text(text.partition("```python\n")[2].partition("```\n")[0], encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proofs")


@pytest.fixture(scope="module")
def document(proofs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document of a real run on the README's claims, as it is after a trip through a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_package_modules", list)
        claims = registry.load([example(tmp_path_factory.mktemp("claims"))])
    settings = Settings(evidence=proofs, update=True)
    records = list(Judged(claims, settings).run(list(claims.values())))
    found: dict[str, Any] = json.loads(json.dumps(report(records, settings), allow_nan=False))
    return found


def faults(schema: dict[str, Any], data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(data)]


WRONG_PROOFS = (
    {}, {"close": 1}, {"close": [], "stranger": 1}, {"split": 0}, {"split": -1, "cases": []},
    {"split": 0, "cases": [{}]},
    {"close": [{"c": 0.5, "facts": []}]}, {"close": [{"c": "1/0", "facts": []}]}, {"close": [{"c": "1"}]},
    {"close": [{"eq": 0}]}, {"close": [{"eq": 0, "times": {"x": 1}}]},
)  # fmt: skip


@pytest.mark.parametrize("schema", [record_schema(), evidence_schema()])
def test_schema_is_one(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_schema_names_every_field_of_the_record() -> None:
    properties = set(record_schema()["$defs"]["record"]["properties"])
    assert properties == {field.name for field in fields(Record)} | {"as_expected"}
    assert properties >= NAMES_OF_THE_RECORD


def test_real_document_fits(document: dict[str, Any]) -> None:
    assert faults(record_schema(), document) == []
    assert {record["verdict"] for record in document["records"]} == {"refuted", "proved"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verdict", "true"), ("expected", None), ("grade", "bad"), ("seconds", "1"), ("statement_sha256", "0"),
        ("claim", "theorem"), ("counts", {"checks": 1}), ("evidence", [{}]), ("counterexample", {"x": 0.5}),
        ("seed", -1),
    ],
)  # fmt: skip
def test_wrong_record_does_not_fit(field: str, value: Any, document: dict[str, Any]) -> None:
    wrong = copy.deepcopy(document)
    wrong["records"][0][field] = value
    assert faults(record_schema(), wrong)


def test_missing_and_strange_fields_do_not_fit(document: dict[str, Any]) -> None:
    record = document["records"][0]
    for name in [*record, "stranger"]:
        wrong = {key: value for key, value in record.items() if key != name}
        if name == "stranger":
            wrong[name] = 1
        assert faults(record_schema(), document | {"records": [wrong]}), name


def test_record_survives_a_file(document: dict[str, Any]) -> None:
    for data in document["records"]:
        assert json.loads(json.dumps(read_record(data).to_json())) == data


def test_written_evidence_fits(document: dict[str, Any], proofs: Path) -> None:
    files = [p for p in sorted(proofs.rglob("*.json")) if p.name != judge_evidence.LEDGER]
    assert {path.name for path in files} == {"certificate.json", "counterexample.json"}
    schema = evidence_schema()
    for path in files:
        data = json.loads(path.read_text(encoding="utf-8"))
        assert faults(schema, data) == []
        for name in data:
            assert faults(schema, {key: value for key, value in data.items() if key != name}), name
        for proof in WRONG_PROOFS:
            assert faults(schema, data | {"obligations": {"spread": {"proof": proof, "witness": {}}}}), proof


def test_pinned_theorems_fit() -> None:
    files = sorted((ROOT / "proofs" / "formal").glob("*.json"))
    assert files
    for path in files:
        data = json.loads(path.read_text(encoding="utf-8"))
        assert faults(formal_schema(), data) == [], path
        for name in data:
            assert faults(formal_schema(), {key: value for key, value in data.items() if key != name}), name


def test_stored_evidence_fits() -> None:
    files = [p for p in sorted((ROOT / "proofs").glob("*/*/**/*.json"))]
    if not files:
        pytest.skip("this tree holds no evidence yet")
    validator = Draft202012Validator(evidence_schema())
    for path in files:
        if path.stat().st_size < 100_000:
            assert validator.is_valid(json.loads(path.read_text(encoding="utf-8"))), path
