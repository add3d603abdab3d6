"""A multilayer perceptron from a `.safetensors` file and one word about its activation.

The tensors are "N.weight" (outputs, inputs) and, where there is one, "N.bias", N counting up, as the state dict of a
`torch.nn.Sequential` has them. The description is {"activation": NAME} or {"activation": [NAME, ...]}, one for each gap
between two weights, as the metadata entry "mlp" of the file or as a JSON file of the same name beside it. Names:
identity, relu, abs, maxmin, fullsort, groupsort:SIZE (both ascending), leaky_relu:SLOPE, tanh, sigmoid, softplus, sin,
atan.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from lipcheck.exact import NetworkError, shown
from lipcheck.layers import ELEMENTWISE
from lipcheck.nn import activations
from lipcheck.nn.modules import linear
from lipcheck.nn.reading.errors import ReadingError

KEY = re.compile(r"(?:[\w.]*\.)?(\d+)\.(weight|bias)")
NAMES = ("identity", "relu", "abs", "maxmin", "fullsort", "groupsort:SIZE", "leaky_relu:SLOPE", *ELEMENTWISE)


def read_plain(path: str | Path) -> nn.Sequential:
    """The module. Raises ReadingError for other tensors, shapes that do not follow each other, and other words."""
    path = Path(path)
    try:
        with safe_open(path, "pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            texts = file.metadata() or {}
    except (SafetensorError, OSError) as problem:
        raise ReadingError(f"{path} is no safetensors file that can be read ({problem}).") from problem
    weights = _weights(path, tensors)
    words = _activations(path, texts, len(weights) - 1)
    layers: list[nn.Module] = []
    for i, (weight, bias) in enumerate(weights):
        if i:
            layers.append(activation(words[i - 1]))
            if weight.shape[1] != len(weights[i - 1][0]):
                raise ReadingError(
                    f"{path}: a weight of shape {tuple(weight.shape)} follows one of {tuple(weights[i - 1][0].shape)}."
                )
        layers.append(linear(weight, bias))
    return nn.Sequential(*layers)


def _weights(path: Path, tensors: dict[str, Tensor]) -> list[tuple[Tensor, Tensor]]:
    found: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        match = KEY.fullmatch(name)
        if not match or tensor.ndim != (2 if match[2] == "weight" else 1) or not tensor.is_floating_point():
            raise ReadingError(
                f"{path}: the tensor {shown(name)} of shape {tuple(tensor.shape)} belongs to no perceptron: "
                "export the model to ONNX, or name file.py:model."
            )
        found.setdefault(int(match[1]), {})[match[2]] = tensor
    pairs = []
    for number in sorted(found):
        part = found[number]
        if "weight" not in part:
            raise ReadingError(f"{path}: layer {number} has a bias and no weight.")
        bias = part.get("bias", part["weight"].new_zeros(len(part["weight"])))
        if len(bias) != len(part["weight"]):
            raise ReadingError(f"{path}: layer {number} has {len(part['weight'])} rows and {len(bias)} biases.")
        pairs.append((part["weight"], bias))
    if not pairs:
        raise ReadingError(f"{path} holds no tensors: save a model's state dict.")
    return pairs


def _activations(path: Path, texts: dict[str, str], gaps: int) -> list[str]:
    beside = path.with_suffix(".json")
    text = texts["mlp"] if "mlp" in texts else beside.read_text(encoding="utf-8") if beside.is_file() else None
    remedy = f'write {{"activation": "relu"}} into {beside.name} beside it; the names are {", ".join(NAMES)}'
    if text is None:
        raise ReadingError(f"{path} does not say which activation stands between its weights: {remedy}.")
    try:
        data: Any = json.loads(text)
    except ValueError as problem:
        raise ReadingError(f"The description of {path} is not JSON ({problem}): {remedy}.") from problem
    given = data.get("activation") if isinstance(data, dict) else None
    words = [given] * gaps if isinstance(given, str) else given
    if not isinstance(words, list) or len(words) != gaps or not all(isinstance(word, str) for word in words):
        raise ReadingError(f"The description of {path} is {shown(data)}, for {gaps} activations: {remedy}.")
    return words


def activation(word: str) -> nn.Module:
    """The activation of that name."""
    name, _, argument = word.partition(":")
    plain: dict[str, Any] = {
        "identity": nn.Identity,
        "relu": nn.ReLU,
        "abs": activations.Abs,
        "maxmin": activations.MaxMin,
        "fullsort": lambda: activations.FullSort("ascending"),
        "groupsort": lambda: activations.GroupSort(int(argument), order="ascending"),
        "leaky_relu": lambda: activations.LeakyReLU(Fraction(argument)),
        **{entry: lambda: activations.Elementwise(name) for entry in ELEMENTWISE},
    }
    try:
        module = plain[name]() if bool(argument) == (name in ("groupsort", "leaky_relu")) else None
    except (KeyError, ValueError, ZeroDivisionError, NetworkError) as problem:
        raise ReadingError(f"The activation {shown(word)} is none of {', '.join(NAMES)}.") from problem
    if not isinstance(module, nn.Module):
        raise ReadingError(f"The activation {shown(word)} is none of {', '.join(NAMES)}.")
    return module


def count(module: nn.Module) -> int:
    """The number of inputs of a perceptron."""
    first = next(part for part in module.modules() if isinstance(part, nn.Linear))
    return int(torch.as_tensor(first.weight).shape[1])
