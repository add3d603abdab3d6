"""`.pt2` files: programs that `torch.export.save` wrote, loaded only where nothing in them can run code.

The archive is a zip file. Allowed are raw weights, JSON, versions, and an empty file of example inputs; a member with
pickled tensors or objects, or symbolic sizes, which torch evaluates as expressions, is refused.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import torch

from lipcheck.graph import Graph
from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.exported import example, folded
from lipcheck.nn.reading.module import read_program

PLAIN = re.compile(
    r"[^/]+/(data/(weights/weight_\d+|constants/tensor_\d+)|data/(weights|constants)/[^/]+_config\.json"
    r"|models/[^/]+\.json|archive_format|archive_version|byteorder|\.data/[a-z_]+)"
)
REMEDY = (
    "export it with fixed shapes, set program.example_inputs = None before torch.export.save, or export the model to "
    "ONNX, or name file.py:model"
)


def check_archive(path: str | Path) -> None:
    """Raise ReadingError unless everything in the file is plain data."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = member.filename
                if re.fullmatch(r"[^/]+/data/sample_inputs/[^/]+\.pt", name) and member.file_size == 0:
                    continue
                if not PLAIN.fullmatch(name):
                    raise ReadingError(f"{path} holds {name}, which torch would unpickle: {REMEDY}.")
                if name.endswith(".json"):
                    _check_json(path, name, json.loads(archive.read(member)))
    except (zipfile.BadZipFile, ValueError) as problem:
        if isinstance(problem, ReadingError):
            raise
        raise ReadingError(f"{path} is no .pt2 archive ({problem}): {REMEDY}.") from problem


def _check_json(path: str | Path, name: str, data: Any) -> None:
    entries = [data]
    while entries:
        entry = entries.pop()
        if isinstance(entry, dict):
            entries.extend(entry.values())
            if entry.get("use_pickle"):
                raise ReadingError(f"{path}: {name} names a pickled tensor: {REMEDY}.")
            if entry.get("guards_code"):
                raise ReadingError(f"{path}: {name} holds guards, which torch would run: {REMEDY}.")
            if "expr_str" in entry:
                raise ReadingError(f"{path}: {name} holds symbolic sizes, which torch would evaluate: {REMEDY}.")
        elif isinstance(entry, list):
            entries.extend(entry)


def read_archive(path: str | Path) -> Graph:
    """The graph of an exported program, on examples of the shape that it was exported for."""
    check_archive(path)
    try:
        program = torch.export.load(str(path))
    except Exception as problem:
        raise ReadingError(f"{path} cannot be loaded ({str(problem).splitlines()[0][:200]}): {REMEDY}.") from problem
    names = set(program.graph_signature.user_inputs)
    sources = [n for n in program.graph.nodes if n.op == "placeholder" and n.name in names]
    if len(sources) != 1 or not isinstance(value := sources[0].meta.get("val"), torch.Tensor) or not value.ndim:
        raise ReadingError(f"{path} has {len(sources)} inputs: a program with one tensor, batch axis first, is read.")
    batch, *shape = (int(n) for n in value.shape)
    program = program.run_decompositions({})
    return read_program(folded(None, value.dtype, program, example(shape, value.dtype, 0, batch)))
