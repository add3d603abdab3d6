"""JSON Schemas (draft 2020-12) of what lipcheck writes: records, evidence, lattices, constants, audits, sweeps.

An evidence document that fits its schema has the right shape; whether it shows anything is decided by `replay`.
"""

from __future__ import annotations

from typing import Any

from lipcheck.words.record import SCHEMA
from lipcheck.words.verdict import Budget, EvidenceKind, Grade, Verdict

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
SIZE: Schema = {"type": "number", "minimum": 0}
SIZE_OR_NULL: Schema = {"type": ["number", "null"], "minimum": 0}
YES_NO_OR_NULL: Schema = {"type": ["boolean", "null"]}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
SHA256_OR_NULL: Schema = {"anyOf": [SHA256, {"type": "null"}]}
EXACT: Schema = {"type": "string", "pattern": "^-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?$", "description": "p or p/q"}
CLAIM: Schema = {"type": "string", "pattern": r"^[^.\s]+(\.[^.\s]+){1,2}$"}


def record_schema() -> Schema:
    """The schema of what `lipcheck check --json` and `pytest --lipcheck-report` write."""
    return {
        "$schema": DRAFT,
        "title": "lipcheck records",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "lipcheck": {**TEXT, "description": "version"},
                "environment": _mapping(TEXT),
                "settings": _object(
                    {
                        "budget": _one_of(Budget),
                        "seed": COUNT,
                        "device": TEXT,
                        "networks": {"type": ["integer", "null"], "minimum": 1},
                    }
                ),
                "records": _list({"$ref": "#/$defs/record"}),
                "searches": _list({"$ref": "#/$defs/search"}),
            },
            optional=("settings", "searches"),
        ),
        "$defs": {"record": _record(), "search": _search(), "exact_data": _exact_data()},
    }


def _search() -> Schema:
    """What `pytest --lipcheck-device=cuda --lipcheck-report` writes for a law; other fields are those of the engine."""
    known = _object(
        {
            "claim": CLAIM,
            "engine": TEXT,
            "networks": COUNT,
            "points": COUNT,
            "overruled": COUNT,
            "worst": TEXT_OR_NULL,
            "counterexample": {"$ref": "#/$defs/exact_data"},
            "seed": COUNT,
            "device": TEXT,
            "seconds": {"type": "number", "minimum": 0},
        }
    )
    return known | {"additionalProperties": True}


def _record() -> Schema:
    return _object(
        {
            "claim": {**CLAIM, "description": "paper.row or paper.row.sub"},
            "paper": TEXT,
            "source": TEXT,
            "printed": {**TEXT, "description": "the paper's own words"},
            "statement": TEXT,
            "statement_sha256": SHA256,
            "short": {**TEXT_OR_NULL, "description": "of a refuted claim: what fails and what is true, in one line"},
            "reading": TEXT,
            "verdict": _one_of(Verdict),
            "expected": _one_of(Verdict),
            "as_expected": {"type": "boolean", "description": "verdict is expected and every mutant was judged right"},
            "grade": {"anyOf": [_one_of(Grade), {"type": "null"}]},
            "scope": TEXT,
            "proved_for": TEXT_OR_NULL,
            "semantics": TEXT,
            "empirical": {"type": "boolean", "description": "what a paper reports of an experiment"},
            "budget": _one_of(Budget),
            "evidence": _list(
                _object(
                    {
                        "kind": _one_of(EvidenceKind),
                        "path": {**TEXT_OR_NULL, "description": "relative to the proofs directory"},
                        "sha256": SHA256_OR_NULL,
                        "replayed": {"type": "boolean"},
                    }
                )
            ),
            "queries": {**_mapping(SHA256), "description": "files with the solvers' questions, which are no evidence"},
            "counts": {
                **_mapping(COUNT),
                "required": ["checks", "networks", "points", "mutants", "mutants_refuted"],
            },
            "kinds": {**_mapping(COUNT), "description": "networks of the search by the kind of their weights"},
            "worst": TEXT_OR_NULL,
            "counterexample": {"$ref": "#/$defs/exact_data"},
            "minimality": TEXT_OR_NULL,
            "snippet": TEXT_OR_NULL,
            "repaired_by": TEXT_OR_NULL,
            "variant_of": TEXT_OR_NULL,
            "depends_on": _list(TEXT),
            "textbook": _list(TEXT),
            "argument": TEXT_OR_NULL,
            "formal": {**TEXT_OR_NULL, "description": "whether a proof assistant checked the formal theorems"},
            "mutants": _list(_object({"name": TEXT, "wanted": TEXT, "got": TEXT})),
            "engines": {**_mapping(TEXT), "description": "name to version"},
            "seed": COUNT,
            "device": TEXT,
            "reason": {**TEXT_OR_NULL, "description": "where unknown, blocked or error"},
            "notes": TEXT,
            "seconds": {"type": "number", "minimum": 0},
        }
    )


def evidence_schema() -> Schema:
    """The schema of an evidence file under proofs/: for each obligation a proof, an object or a counterexample."""
    exact_data = {"$ref": "#/$defs/exact_data"}
    point = _mapping(EXACT)
    entry = [
        _object({"refuted_by": exact_data}),
        _object({"proof": {"$ref": "#/$defs/tree"}, "witness": point}),
        _object({"agreed": {"const": ["z3", "cvc5"]}, "witness": point}),
        _object({"elements": {**COUNT, "minimum": 1}}),
        _object({"bits": {**COUNT, "minimum": 2, "maximum": 4096}, "above": EXACT}),
        _object({"object": exact_data}),
    ]
    return {
        "$schema": DRAFT,
        "title": "lipcheck evidence",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "claim": CLAIM,
                "statement_sha256": SHA256,
                "obligations": _mapping({"oneOf": entry}),
            }
        ),
        "$defs": {"tree": _tree(), "polynomial": _mapping(EXACT), "exact_data": _exact_data()},
    }


def formal_schema() -> Schema:
    """The schema of a file beside a theory under proofs/formal/: the theorems as Coq prints them, and their claims."""
    return {
        "$schema": DRAFT,
        "title": "lipcheck formal theorems",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "theory": TEXT,
                "coq": {**TEXT, "description": "the version that checked it"},
                "sources": {**_mapping(SHA256), "description": "the theory and those that it imports"},
                "axioms": {**_list(TEXT), "description": "behind all theorems of the theory, with their types"},
                "theorems": {**_mapping(TEXT), "description": "each statement as Coq prints it"},
                "definitions": {**_mapping(TEXT), "description": "those that the statements speak of"},
                "claims": _mapping(_object({"statement_sha256": SHA256, "theorems": _list(TEXT)})),
            }
        ),
    }


def lattice_schema() -> Schema:
    """The schema of what `lipcheck lattice --json` writes: data, lattice, accuracy, and the files written."""
    piece = _object({"weight": _list(EXACT), "bias": EXACT})
    exact_or_null = {"anyOf": [EXACT, {"type": "null"}]}
    lattice = {
        "outer": {"enum": ["max", "min"], "description": "max: maximum over groups of minima of pieces"},
        "groups": _list(_list(piece)),
        "pieces": COUNT,
        "depth": {**COUNT, "description": "affine maps, selections included"},
        "units": COUNT,
        "parameters": COUNT,
        "first_norm_is_one": {"type": "boolean"},
    }
    exported = {"path": TEXT, "dtype": TEXT, "error": EXACT, "norm_at_most_one": {"type": "boolean"}}
    extension = {"which": {"enum": ["largest", "smallest"]}, "gap": EXACT}
    return {
        "$schema": DRAFT,
        "title": "lipcheck lattice",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "columns": _list(TEXT),
                "points": COUNT,
                "inputs": COUNT,
                "norm": {**TEXT, "description": "1, 2, inf, or another p as p or p/q"},
                "slack": EXACT,
                "moves": _list(_object({"row": COUNT, "given": EXACT, "used": EXACT})),
                "merged": COUNT,
                "lattice": _object(lattice),
                "error": {**EXACT, "description": "bounds the distance from the values used, at the points"},
                "extension": {"anyOf": [_object(extension), {"type": "null"}]},
                "eps": exact_or_null,
                "bound": exact_or_null,
                "exported": {"anyOf": [_object(exported), {"type": "null"}]},
                "plot": TEXT_OR_NULL,
            }
        ),
    }


def sharpen_schema() -> Schema:
    """The schema of what `lipcheck sharpen --json` writes: for each constant a proof and a counterexample around it."""
    constant = {
        "claim": CLAIM,
        "expected": _one_of(Verdict),
        "judged": {**CLAIM, "description": "the claim whose obligations decided: the repair of a refuted one"},
        "proved_for": {**TEXT_OR_NULL, "description": "of a claim that is only supported: what of it is proved"},
        "constant": TEXT,
        "words": TEXT,
        "printed": EXACT,
        "holds_at": EXACT,
        "fails_at": EXACT,
        "gap": EXACT,
        "counterexample": _object({"obligation": TEXT, "data": {"$ref": "#/$defs/exact_data"}}),
        "undecided": _list(EXACT),
        "steps": COUNT,
    }
    return {
        "$schema": DRAFT,
        "title": "lipcheck sharpened constants",
        **_object({"schema": {"const": SCHEMA}, "sharpened": _list(_object(constant))}),
        "$defs": {"exact_data": _exact_data()},
    }


def audit_schema() -> Schema:
    """The schema of what `lipcheck audit --json` writes; lower ends are rounded down, upper ends up, to float64."""
    judged = {"verdict": {"enum": ["holds", "violated", "unknown", None]}}
    measured = {"value": NUMBER, "rounding": SIZE, "x": _list(NUMBER), "y": _list(NUMBER), "means": TEXT}
    state = {"name": TEXT, "changed": YES_NO_OR_NULL, **judged, "lower": SIZE_OR_NULL, "upper": SIZE_OR_NULL}
    return {
        "$schema": DRAFT,
        "title": "lipcheck audit",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "lipcheck": {**TEXT, "description": "version"},
                "target": TEXT,
                "norm": {"enum": ["1", "2", "inf"]},
                "semantics": TEXT,
                "claimed": SIZE_OR_NULL,
                "asked": {**SIZE_OR_NULL, "description": "the claim, times 1 + rounding_scale with --rounding"},
                **judged,
                "excess": {**NUMBER_OR_NULL, "description": "lower / claimed - 1"},
                "rounding_scale": SIZE_OR_NULL,
                "rounding_is_likely": {"type": "boolean"},
                "lower": _or_null(_object({"value": SIZE, "x": _list(NUMBER), "y": _list(NUMBER)})),
                "upper": _or_null(_upper_bound()),
                "exact": _or_null(_object({"lower": SIZE, "upper": SIZE, "method": TEXT})),
                "bounds": {**_list(_upper_bound()), "description": "all upper bounds, the least first"},
                "layers": _list(_audited_layer()),
                "problem": TEXT_OR_NULL,
                "missing": TEXT_OR_NULL,
                "measured": _or_null(_object(measured)),
                "gradient_norm": _or_null(_gradient_norm()),
                "certificates": _or_null(_certificates()),
                "state": _list(_object({**state, "detail": TEXT})),
                "required": _mapping(YES_NO_OR_NULL),
                "cut": {**_list(TEXT), "description": "what the end of the budget, or Ctrl-C, left out"},
                "seconds": SIZE,
            }
        ),
    }


def sweep_schema() -> Schema:
    """The schema of what `lipcheck sweep --json` writes: for each claim the record, and how it came about."""
    exact_data = {"$ref": "#/$defs/exact_data"}
    size = {**COUNT, "description": "MiB"}
    same = {"claim": CLAIM, "lipcheck": {**TEXT, "description": "version"}, "schema": {"const": SCHEMA}}
    plan = {
        "claim": CLAIM, "networks": COUNT, "points": COUNT, "seed": COUNT, "device": TEXT, "dtype": TEXT,
        "code": {**SHA256, "description": "of the program's text"}, "torch": TEXT, "unit": TEXT,
        "probe": {**SHA256, "description": "of a computation that tells machines apart"}, "sha256": SHA256,
    }  # fmt: skip
    search = {
        "engine": TEXT, "networks": COUNT, "points": COUNT, "kinds": _mapping(COUNT), "worst": TEXT_OR_NULL,
        "worst_exact": TEXT_OR_NULL, "seed": COUNT, "overruled": COUNT, "inadmissible": COUNT, "violations": COUNT,
        "undefined": COUNT, "confirmed": COUNT, "counterexample": exact_data, "worst_case": exact_data, "device": TEXT,
        "device_name": TEXT, "dtype": TEXT, "settings": _mapping(TEXT),
    }  # fmt: skip
    record = {
        "law": TEXT, "expected": _one_of(Verdict), "as_expected": {"type": "boolean"}, "plan": _object(plan),
        "search": _object(search),
    }  # fmt: skip
    host = {"host": TEXT, "device": TEXT, "processes": COUNT, "chunks": COUNT, "seconds": SIZE, "peak_mib": size}
    run = {
        "plan": SHA256, "engine": TEXT, "workers": COUNT, "host": TEXT, "seconds": SIZE,
        "networks": {**COUNT, "description": "those that were not resumed"}, "networks_per_second": SIZE,
        "chunks": COUNT, "resumed": COUNT, "done_again": COUNT, "deaths": COUNT,
        "memory_mib": {"type": ["integer", "null"], "minimum": 1},
        "peak_mib": _object({"parent": size, "worker": size}),
        "hosts": _list(_object(host)),
    }  # fmt: skip
    both = _object({"record": _object(same | record), "run": _object(same | run)})
    return {
        "$schema": DRAFT,
        "title": "lipcheck sweep",
        **_object({"schema": {"const": SCHEMA}, "sweeps": _list(both)}),
        "$defs": {"exact_data": _exact_data()},
    }


def _upper_bound() -> Schema:
    return _object({"value": SIZE_OR_NULL, "method": TEXT, "rigorous": {"const": True}})


def _audited_layer() -> Schema:
    own = {"lower": SIZE_OR_NULL, "upper": SIZE_OR_NULL, "method": TEXT_OR_NULL}
    reached = {**SIZE_OR_NULL, "description": "bounds the constant from the network's input to here"}
    return _object({"name": TEXT, "kind": TEXT, **own, "up_to_here": reached})


def _gradient_norm() -> Schema:
    effect = _object(
        {
            "name": TEXT,
            "effect": {"enum": ["keep", "expand", "narrow", "lose", "unknown"]},
            "reason": TEXT,
            "deviation": SIZE_OR_NULL,
        }
    )
    values = {"least": SIZE_OR_NULL, "median": SIZE_OR_NULL, "largest": SIZE_OR_NULL, "points": COUNT, "method": TEXT}
    return _object(
        {"preserved": YES_NO_OR_NULL, **values, "first": _or_null(effect), "layers": _list(effect)},
    )


def _certificates() -> Schema:
    flip = _object({"example": COUNT, "y": _list(NUMBER), "distance": SIZE})
    radii = {f"{name}_radius": SIZE_OR_NULL for name in ("least", "median", "largest")}
    return _object(
        {
            "head": {"enum": ["sign", "argmax"]},
            "rule": TEXT,
            "constant": SIZE,
            "factor": EXACT,
            "hold": {**YES_NO_OR_NULL, "description": "false: a flip was proved; null: not proved and not refuted"},
            "examples": COUNT,
            "accuracy": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            **radii,
            "attacked": COUNT,
            "flipped": COUNT,
            "flips": {**_list(flip), "description": "another class within the radius, proved"},
            "curve": {**_list(_list(SIZE)), "description": "radius and certified accuracy"},
        }
    )


def _tree() -> Schema:
    """A proof tree, as in `lipcheck.words.tableau`."""
    polynomial = {"$ref": "#/$defs/polynomial"}
    positive = _object({"c": EXACT, "facts": _list(COUNT), "square": polynomial}, optional=("square",))
    equation = _object({"eq": COUNT, "times": polynomial})
    leaf = _object({"close": _list({"oneOf": [positive, equation]})})
    split = _object({"split": COUNT, "cases": _list({"$ref": "#/$defs/tree"})})
    return {"oneOf": [leaf, split]}


def _exact_data() -> Schema:
    """JSON without floats: numbers that are not whole are strings "p/q"."""
    nested = {"$ref": "#/$defs/exact_data"}
    return {"anyOf": [{"type": ["string", "integer", "boolean", "null"]}, _list(nested), _mapping(nested)]}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _mapping(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(words: type[Verdict] | type[Grade] | type[Budget] | type[EvidenceKind]) -> Schema:
    return {"enum": [str(word) for word in words]}
