"""What `lipcheck audit TARGET` names: a module in Python code, or a file that holds a network as data.

`file.py:name` and `package.module:name` run the user's code. Files are data: no pickle is ever loaded.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from lipcheck.exact import shown
from lipcheck.graph import Graph, GraphError
from lipcheck.network import Network, NetworkError, from_json
from lipcheck.nn.files import FileError, load
from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.exported import own_dtype
from lipcheck.nn.reading.module import read_module
from lipcheck.nn.reading.network_source import read_network
from lipcheck.nn.reading.plain import count, read_plain

PICKLED = (".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle", ".joblib", ".npz", ".h5")
KINDS = "file.py:name, package.module:name, .onnx, .safetensors, .pt2 or .json"


@dataclass(frozen=True, eq=False)
class Target:
    """What was named: its graph, or the problem why there is none; the module, if it is one; the shape of an example.

    `dtype` is the name of the format that it computes in, "rational" for exact networks.
    """

    name: str
    graph: Graph | None
    problem: str | None
    module: nn.Module | None
    input_shape: tuple[int, ...]
    dtype: str


def read_target(target: str | nn.Module | Network, input_shape: Sequence[int] | None = None) -> Target:
    """Read what is named. Raises ReadingError for what does not exist or would be unsafe to load.

    A module that runs and cannot be read comes back with `graph` None and its `problem`. `input_shape` is that of one
    example; files that know it need none.
    """
    if isinstance(target, Network):
        return _of_network("Network", target)
    if isinstance(target, nn.Module):
        return of_module(type(target).__name__, target, input_shape)
    path, suffix = Path(target), Path(target).suffix.lower()
    if suffix in PICKLED:
        raise ReadingError(
            f"{target} is a file of pickled objects, which run code when loaded: save the weights as .safetensors, "
            "export the model to ONNX, or name file.py:model."
        )
    if suffix in (".onnx", ".safetensors", ".pt2", ".json"):
        if not path.is_file():
            raise ReadingError(f"There is no file {target}: name one of {KINDS}.")
        return _of_file(path, suffix, input_shape)
    if ":" not in target:
        raise ReadingError(f"{shown(target)} names nothing that can be read: give {KINDS}.")
    return of_module(target, _from_code(target), input_shape)


def of_module(name: str, module: nn.Module, input_shape: Sequence[int] | None) -> Target:
    """A module as a target."""
    if input_shape is None:
        known = getattr(module, "inputs", None)
        if not isinstance(known, int):
            raise ReadingError(f"{name} does not say what it takes: give the shape of one example, as 3,32,32.")
        input_shape = (known,)
    dtype = str(own_dtype(module, None)).removeprefix("torch.")
    shape = tuple(int(n) for n in input_shape)
    try:
        return Target(name, read_module(module, shape), None, module, shape, dtype)
    except GraphError:
        raise
    except ReadingError as problem:
        if not problem.runs:
            raise
        return Target(name, None, str(problem), module, shape, dtype)


def _of_network(name: str, network: Network) -> Target:
    return Target(name, read_network(network), None, None, (network.inputs,), "rational")


def _of_file(path: Path, suffix: str, input_shape: Sequence[int] | None) -> Target:
    if suffix == ".json":
        try:
            return _of_network(str(path), from_json(json.loads(path.read_bytes())))
        except (NetworkError, ValueError) as problem:
            raise ReadingError(f"{path} is no network of lipcheck ({problem}).") from problem
    if suffix == ".onnx":
        from lipcheck.nn.reading.onnx_source import read_onnx

        graph = read_onnx(path, input_shape)
        return Target(str(path), graph, None, None, graph.nodes[0].shape, "onnx")
    if suffix == ".pt2":
        from lipcheck.nn.reading.archive import read_archive

        graph = read_archive(path)
        return Target(str(path), graph, None, None, graph.nodes[0].shape, "pt2")
    try:
        module: Any = load(path)
        shape = (module.inputs,)
    except FileError:
        module = read_plain(path)
        shape = (count(module),)
    return of_module(str(path), module, shape)


def _from_code(target: str) -> nn.Module:
    place, _, name = target.rpartition(":")
    source = _imported(place)
    found: Any = source
    for word in name.split("."):
        if not hasattr(found, word):
            known = [n for n, v in vars(source).items() if isinstance(v, nn.Module) or callable(v)]
            raise ReadingError(f"{place} has no {shown(word)}: name one of {', '.join(known[:12]) or 'its modules'}.")
        found = getattr(found, word)
    if isinstance(found, Network):
        raise ReadingError(f"{target} is a Network of lipcheck: save it as .json and name that.")
    if not isinstance(found, nn.Module) and callable(found):
        try:
            found = found()
        except Exception as problem:
            raise ReadingError(f"{target} cannot be called without arguments ({problem}): name a module.") from problem
    if not isinstance(found, nn.Module):
        raise ReadingError(f"{target} is a {type(found).__name__}: name a torch.nn.Module, or what makes one.")
    return found


def _imported(place: str) -> ModuleType:
    """The module of this name or file; its code runs."""
    try:
        if not place.endswith(".py"):
            return importlib.import_module(place)
        path = Path(place).resolve()
        if not path.is_file():
            raise ReadingError(f"There is no file {place}: name one of {KINDS}.")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules.setdefault(path.stem, module)
        sys.path.insert(0, str(path.parent))
        try:
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(path.parent))
        return module
    except ReadingError:
        raise
    except Exception as problem:
        raise ReadingError(f"{place} cannot be imported ({type(problem).__name__}: {problem}).") from problem
