"""Networks and lattices in files: exact rationals in `.json`, tensors in `.safetensors`, a running graph in `.onnx`.

Equal modules make equal bytes, written so that a reader sees the old file or the new one. `.safetensors` and `.onnx`
hold the tensors and one text, the JSON description of `lipcheck.nn.description`, so that `load` gives back an equal
module bit for bit. Only what `save` writes is loaded: an ONNX graph has to be the one that its description means.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from torch import nn

from lipcheck.network import Affine, Network, NetworkError, from_json, to_json
from lipcheck.nn.description import FileError, Parts, assemble, parts
from lipcheck.nn.lattice import LatticeModule
from lipcheck.nn.modules import NetworkModule, from_module, to_module
from lipcheck.words.evidence import write_atomically
from lipcheck.words.rationals import DIGITS, readable

Model: TypeAlias = Network | NetworkModule | LatticeModule

__all__ = ["FileError", "Model", "load", "save"]


def save(model: Network | nn.Module, path: str | Path) -> None:
    """Write a network or a module; the name's ending says how.

    `.json`: the exact network that the model is. `.safetensors`, `.onnx`: the module; an exact network only if all its
    numbers are float64. In ONNX the input is "x" (batch, inputs), the output "y" (batch, outputs).
    Raises FileError for other endings, for networks that float64 would change, and what the format cannot hold;
    ModuleError for modules that lipcheck does not know; OSError where the file cannot be written.
    """
    path = Path(path)
    kind = _kind(path)
    if kind == ".json":
        network = model if isinstance(model, Network) else from_module(model)
        numbers = (n for a in network.layers if isinstance(a, Affine) for row in (*a.weight, a.bias) for n in row)
        if not all(map(readable, numbers)):
            raise FileError(f"A number of the network has more than {DIGITS} digits: round it with `to_module`.")
        write_atomically(path, json.dumps(to_json(network), indent=1, allow_nan=False).encode() + b"\n")
        return
    found = parts(_as_module(model, path))
    write_atomically(path, _WRITERS[kind](found))


def load(path: str | Path) -> Model:
    """What `save` wrote: a Network from `.json`, else a NetworkModule or LatticeModule with the same bits and dtype.

    Raises FileError for other endings and other files, other versions, tensors that are missing, superfluous, of a
    wrong shape or not finite; OSError where the file cannot be read.
    """
    path = Path(path)
    kind = _kind(path)
    data = path.read_bytes()
    try:
        if kind == ".json":
            return from_json(json.loads(data))
        return assemble(_READERS[kind](data))
    except FileError as problem:
        raise FileError(f"{path}: {problem}") from problem
    except (NetworkError, ValueError, RecursionError) as problem:
        raise FileError(f"{path} is no {kind} file that lipcheck wrote ({problem}): save it again.") from problem


def _as_module(model: Network | nn.Module, path: Path) -> NetworkModule | LatticeModule:
    if isinstance(model, NetworkModule | LatticeModule):
        return model
    if isinstance(model, nn.Module):
        return NetworkModule(model, inputs=from_module(model).inputs)
    module = to_module(model)
    if from_module(module) != model:
        raise FileError(
            f"The network has numbers that are not in float64, so that {path.suffix} would change them: save it as "
            ".json, or round it first with lipcheck.nn.to_module."
        )
    return module


def _kind(path: Path) -> str:
    if path.suffix not in (".json", *_WRITERS):
        raise FileError(f"{path} ends in {path.suffix!r}: use .json, .safetensors or .onnx.")
    return path.suffix


def _write_safetensors(found: Parts) -> bytes:
    from lipcheck.nn.safetensors_file import write

    return write(found)


def _read_safetensors(data: bytes) -> Parts:
    from lipcheck.nn.safetensors_file import read

    return read(data)


def _write_onnx(found: Parts) -> bytes:
    from lipcheck.nn.onnx_graph import write

    return write(found)


def _read_onnx(data: bytes) -> Parts:
    from lipcheck.nn.onnx_graph import read

    return read(data)


_WRITERS: dict[str, Callable[[Parts], bytes]] = {".safetensors": _write_safetensors, ".onnx": _write_onnx}
_READERS: dict[str, Callable[[bytes], Parts]] = {".safetensors": _read_safetensors, ".onnx": _read_onnx}
