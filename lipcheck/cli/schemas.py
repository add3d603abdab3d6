"""`lipcheck schema`: the JSON Schemas of what lipcheck writes."""

from __future__ import annotations

import argparse

from lipcheck.cli.output import write
from lipcheck.schema import audit_schema, evidence_schema, lattice_schema, record_schema, sharpen_schema, sweep_schema


def run(options: argparse.Namespace) -> int:
    """Print the JSON Schema of a document of records, evidence, a lattice, sharpened constants, an audit or a sweep."""
    schemas = {
        "record": record_schema,
        "evidence": evidence_schema,
        "lattice": lattice_schema,
        "sharpen": sharpen_schema,
        "audit": audit_schema,
        "sweep": sweep_schema,
    }
    write(schemas[options.document](), "-")
    return 0
