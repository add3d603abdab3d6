"""A module in two parts: its tensors by name, and a JSON description of everything else.

Description of a network: {"format": 1, "kind": "network", "inputs": n, "norm": "2", "layers": [...]}, where a layer is
what `lipcheck.network.to_json` makes of it, an affine one {"kind": "affine"} with tensors "i.weight" (outputs, inputs)
and "i.bias" (outputs,). Of a lattice: {"format": 1, "kind": "lattice", "norm": "inf", "outer": "max", "sizes": [[count,
size], ...]}, runs of groups of equal size, with tensors "weight" (pieces, inputs) and "bias" (pieces,).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Literal

import torch
from torch import Tensor, nn

from lipcheck.exact import NetworkError, shown
from lipcheck.layers import Abs, Affine, Layer, Select
from lipcheck.network import Network, from_json, to_json
from lipcheck.nn.activations import of_layer
from lipcheck.nn.lattice import LatticeModule
from lipcheck.nn.modules import NetworkModule, flat, linear
from lipcheck.norms import Exponent
from lipcheck.norms.arguments import as_exponent
from lipcheck.words import rationals
from lipcheck.words.errors import LipcheckError

FORMAT = 1
DESCRIPTION = "lipcheck"
"""The name of the one text in a file."""


class FileError(LipcheckError, ValueError):
    """A file that is not what it should be, or a model that a file cannot hold."""


@dataclass(frozen=True)
class Parts:
    """The description as JSON text, and the tensors by name, on the cpu and contiguous."""

    description: str
    tensors: Mapping[str, Tensor]

    @property
    def data(self) -> dict[str, Any]:
        """The description as data; FileError if it is not one of this format."""
        try:
            data = json.loads(self.description)
        except (ValueError, RecursionError) as problem:
            raise FileError(f"the description is not JSON ({problem}): save the model again.") from problem
        if not isinstance(data, dict) or data.get("format") != FORMAT or isinstance(data["format"], bool):
            given = data.get("format") if isinstance(data, dict) else data
            raise FileError(f"the description has format {shown(given)}, not {FORMAT}: use the lipcheck that wrote it.")
        return data


def parts(module: NetworkModule | LatticeModule) -> Parts:
    """What a file holds of the module; FileError unless its tensors are float64 or float32, all the same and finite."""
    data: dict[str, Any]
    tensors: dict[str, Tensor]
    if isinstance(module, LatticeModule):
        sizes = [[len(list(run)), size] for size, run in groupby(module.sizes)]
        data = {"kind": "lattice", "norm": _norm(module.p), "outer": module.outer, "sizes": sizes}
        tensors = {"weight": module.weight, "bias": module.bias}
    else:
        entries: list[dict[str, Any]] = []
        tensors = {}
        for i, layer in enumerate(flat(module)):
            if isinstance(layer, nn.Linear):
                entries.append({"kind": "affine"})
                zeros = layer.weight.new_zeros(layer.out_features)
                tensors |= {f"{i}.weight": layer.weight, f"{i}.bias": zeros if layer.bias is None else layer.bias}
            else:
                entries.append(_spelled(layer))
        data = {"kind": "network", "inputs": module.inputs, "norm": _norm(module.norm), "layers": entries}
    # Copies, for two layers may share a tensor, which safetensors refuses.
    stored = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    _check(stored)
    return Parts(rationals.canonical({"format": FORMAT} | data).decode(), stored)


def assemble(found: Parts) -> NetworkModule | LatticeModule:
    """The module of these parts. Raises FileError, NetworkError or LatticeModuleError where they do not fit."""
    data, tensors = found.data, dict(found.tensors)
    _check(tensors)
    wanted = {"lattice": {"outer", "sizes"}, "network": {"inputs", "layers"}}.get(str(data.get("kind")), set())
    if not wanted or set(data) != {"format", "kind", "norm"} | wanted:
        raise FileError(f"the description {shown(data)} has other fields than format {FORMAT}: save the model again.")
    if data["kind"] == "lattice":
        _names(tensors, ["weight", "bias"])
        weight, bias = tensors["weight"], tensors["bias"]
        sizes = group_sizes(data["sizes"], bias.numel())
        return LatticeModule(weight, bias, sizes, data["outer"], p=_exponent(data["norm"]))
    entries = data["layers"] if isinstance(data["layers"], list) else []
    affine = [i for i, entry in enumerate(entries) if entry == {"kind": "affine"}]
    _names(tensors, [f"{i}.{part}" for i in affine for part in ("weight", "bias")])
    modules: list[nn.Module] = []
    width = Network(data["inputs"], (Abs(),)).outputs
    for i, entry in enumerate(entries):
        if i in affine:
            weight, bias = tensors[f"{i}.weight"], tensors[f"{i}.bias"]
            if weight.ndim != 2 or weight.shape[1] != width or not len(weight) or bias.shape != weight.shape[:1]:
                raise FileError(
                    f"the tensors of layer {i} have shapes {tuple(weight.shape)} and {tuple(bias.shape)} but the layer "
                    f"receives {width} numbers: save the model again."
                )
            modules.append(linear(weight, bias))
            width = len(weight)
        else:
            layer = _parsed(i, entry, width)
            modules.append(of_layer(layer))
            width = layer.outputs(width)
    if not modules:
        raise FileError("the description has no layers: save the model again.")
    norm: Exponent | Literal["spectral"] | None = "spectral" if data["norm"] == "spectral" else _exponent(data["norm"])
    return NetworkModule(*modules, inputs=data["inputs"], norm=norm)


def _spelled(layer: Layer) -> dict[str, Any]:
    width = layer.width if isinstance(layer, Select) else getattr(layer, "size", 1)
    entry: dict[str, Any] = to_json(Network(width, (layer,)))["layers"][0]
    return entry


def _parsed(i: int, entry: object, width: int) -> Layer:
    try:
        layer = from_json({"inputs": width, "layers": [entry]}).layers[0]
    except (NetworkError, TypeError) as problem:
        raise FileError(
            f"layer {i} of the description is none, or does not fit ({problem}): save it again."
        ) from problem
    if isinstance(layer, Affine):
        raise FileError(f"layer {i} of the description holds its weight, which belongs in a tensor: save it again.")
    return layer


def _norm(norm: Exponent | Literal["spectral"] | None) -> str | None:
    if norm is None or isinstance(norm, str):
        return norm
    return rationals.spell(norm) if isinstance(norm, Fraction) else "inf"


def _exponent(text: object) -> Exponent | None:
    if text is None:
        return None
    return math.inf if text == "inf" else as_exponent(rationals.parse(text), "norm")


def group_sizes(runs: object, pieces: int) -> tuple[int, ...]:
    """The group sizes written as runs [count, size]; FileError unless they sum up to the number of pieces."""
    if not isinstance(runs, list):
        raise FileError(f"the sizes are {shown(runs)}, not a list of runs [count, size]: save the model again.")
    for run in runs:
        if not (isinstance(run, list) and len(run) == 2 and all(type(n) is int and 0 < n <= pieces for n in run)):
            raise FileError(f"the sizes hold {shown(run)}, no run [count, size] of groups: save the model again.")
    total = sum(count * size for count, size in runs)
    if total != pieces:
        raise FileError(f"the sizes sum up to {total}, not to the {pieces} pieces: save the model again.")
    return tuple(size for count, size in runs for _ in range(count))


def _names(tensors: Mapping[str, Tensor], wanted: list[str]) -> None:
    if missing := sorted(set(wanted) - set(tensors)):
        raise FileError(f"the tensor {missing[0]} is missing: save the model again.")
    if extra := sorted(set(tensors) - set(wanted)):
        raise FileError(f"the tensor {shown(extra[0])} belongs to no layer: save the model again.")


def _check(tensors: Mapping[str, Tensor]) -> None:
    dtypes = {tensor.dtype for tensor in tensors.values()}
    if len(dtypes) > 1 or not dtypes <= {torch.float64, torch.float32}:
        raise FileError(f"the tensors are {', '.join(sorted(map(str, dtypes)))}: use float64 or float32 for all.")
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise FileError(f"the tensor {name} holds NaN or infinity: only finite numbers are saved and loaded.")
