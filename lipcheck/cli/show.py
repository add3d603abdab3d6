"""`lipcheck show`: everything that a researcher wants to know about a claim, without judging it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lipcheck.cli.output import console, write
from lipcheck.judge_formal import sheets as formal_sheets
from lipcheck.judge_replay import files_of
from lipcheck.judged import load_claims
from lipcheck.registry import select
from lipcheck.render import render_sections
from lipcheck.words.claim import Claim
from lipcheck.words.evidence import proofs_directory
from lipcheck.words.rationals import spell


def run(options: argparse.Namespace) -> int:
    """Print the sheets of the chosen claims."""
    claims = load_claims(options.claims)
    root = proofs_directory()
    chosen = select(claims, options.patterns)
    sheets = [sheet(claim, files_of(claim.id, root), formal_sheets(claim, root)) for claim in chosen]
    if options.json is not None:
        write({"schema": 1, "claims": sheets}, options.json)
    if options.json == "-":
        return 0
    out = console()
    for number, data in enumerate(sheets):
        if number:
            out.print()
        render_sections(list(sections(data, claims)), out)
    return 0


def sheet(claim: Claim, files: Mapping[str, str], formal: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The claim as JSON data: its words, how it is judged, its evidence files with their hashes, formal theorems."""
    return {
        "claim": claim.id,
        "source": claim.source,
        "printed": claim.printed,
        "reading": claim.reading,
        "variant_of": claim.variant_of,
        "statement": claim.statement,
        "statement_sha256": claim.statement_sha256(),
        "hypotheses": dict(claim.hypotheses),
        "constants": {
            name: {
                "value": spell(constant.value),
                "mutated": None if constant.mutated is None else spell(constant.mutated),
                "sharp": None if constant.sharp is None else spell(constant.sharp),
                "words": constant.words,
            }
            for name, constant in claim.constants.items()
        },
        "expected": str(claim.expected),
        "grade": str(claim.grade) if claim.grade else None,
        "scope": claim.scope,
        "proved_for": claim.proved_for,
        "semantics": claim.semantics,
        "textbook": [{"name": t.name, "source": t.source} for t in claim.textbook],
        "argument": f"{claim.paper}/{claim.row}/{claim.argument}" if claim.argument else None,
        "mutants": [name for name, _ in claim.mutations()],
        "near_misses": [near.why for near in claim.near_misses],
        "minimality": claim.minimality,
        "snippet": claim.snippet,
        "repaired_by": claim.repaired_by,
        "depends_on": list(claim.depends_on),
        "search": claim.search.text if claim.search else None,
        "notes": claim.notes,
        "evidence": dict(files),
        "formal": [dict(theorem) for theorem in formal],
    }


def sections(data: Mapping[str, Any], claims: Mapping[str, Claim]) -> Iterator[tuple[str, str]]:
    """The sheet as (heading, text) pairs, without the empty ones."""
    yield "claim", data["claim"]
    grade = f" ({data['grade']})" if data["grade"] else ""
    yield "expected", data["expected"] + grade
    yield "source", data["source"]
    yield "as printed", data["printed"]
    yield "reading", data["reading"]
    if data["variant_of"]:
        yield "variant of", data["variant_of"]
    yield "statement", data["statement"]
    yield from (("hypothesis", f"{name}: {words}") for name, words in data["hypotheses"].items())
    yield from (("constant", constant(name, values)) for name, values in data["constants"].items())
    yield "semantics", data["semantics"]
    yield "scope", data["scope"]
    if data["proved_for"]:
        yield "proved for", data["proved_for"]
    yield from (("textbook", f"{theorem['name']} ({theorem['source']})") for theorem in data["textbook"])
    if data["argument"]:
        yield "argument", f"proofs/{data['argument']}"
    yield from formal_sections(data["formal"])
    if data["search"]:
        yield "search", data["search"]
    yield from (("repair" if data["grade"] else "mutant", name) for name in data["mutants"])
    yield from (("near miss", why) for why in data["near_misses"])
    if data["minimality"]:
        yield "minimal", data["minimality"]
    if data["snippet"]:
        yield "on its own", data["snippet"].strip("\n")
    if data["repaired_by"]:
        repair = claims.get(data["repaired_by"])
        yield "repaired by", data["repaired_by"] + (f": {repair.statement}" if repair else "")
    if data["depends_on"]:
        yield "depends on", ", ".join(data["depends_on"])
    if data["notes"]:
        yield "notes", data["notes"]
    yield "statement sha256", data["statement_sha256"]
    yield from (("evidence", f"{path}  sha256 {digest}") for path, digest in data["evidence"].items())
    if not data["evidence"]:
        yield "evidence", "none stored: `lipcheck check` derives it"


def formal_sections(theorems: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each formal theorem: what of the claim it says, its text as Coq prints it, and what its model leaves out."""
    for theorem in theorems:
        yield "formal theorem", f"{theorem['name']}: {theorem['says']}"
        yield "in Coq", f"{theorem['statement']}\n"
        yield "leaves out", theorem["leaves_out"]
    definitions = {name: text for theorem in theorems for name, text in theorem["definitions"].items()}
    for text in definitions.values():
        yield "defined in Coq", f"{text}\n"


def constant(name: str, values: Mapping[str, Any]) -> str:
    """A constant with the value past the sharp one that its mutant takes, or with the value that makes it true."""
    text = f"{name} = {values['value']}"
    if values["mutated"]:
        text += f", mutant {values['mutated']}"
    if values["sharp"]:
        text += f", sharp {values['sharp']}"
    return f"{text}: {values['words']}" if values["words"] else text
