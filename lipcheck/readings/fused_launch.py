"""What the fused kernels can take, and how they are launched; `lipcheck.readings.fused` prepares what they work on.

Importing this module imports torch; triton is imported when a kernel is first asked for. A population that they cannot
take is told so in half a sentence, which ends up in the record of a search.
"""

from __future__ import annotations

import importlib
import os
from contextlib import nullcontext
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lipcheck.network import Abs, GroupSort, ReLU
from lipcheck.readings.tensor import Kind

WIDEST = {torch.float32: 128, torch.float64: 64}
"""Units per layer at most: beyond, one matrix fills a multiprocessor's shared memory and layers are faster apart."""
TILE = 64
"""Points of one program at most."""
GLUON = "3.6"
"""The version of triton that the kernel "gluon" is written for; with others, "dot" takes its place."""
DEEPEST = 31
"""Hidden layers at most: each takes one bit of an integer."""


class Variant(NamedTuple):
    """A kernel and how it is launched.

    `sums` is how many entries of a layer's result one thread owns: many fetch less from shared memory, few leave room
    for more threads. `precision` "tf32x3" is for the kernel "dot" only.
    """

    kernel: str = "gluon"
    sums: int = 32
    tile: int = TILE
    lanes: int = 8
    precision: str = "ieee"


class Packed(NamedTuple):
    """The weights as the kernels want them, hidden layers (population, layers, width, width) and the last one."""

    weights: Tensor
    biases: Tensor
    head: Tensor
    head_bias: Tensor
    kind: str


def shape_obstacle(kinds: tuple[Kind, ...], widths: list[int], dtype: torch.dtype) -> str:
    """Why networks of this architecture cannot be fused, as half a sentence; empty where they can."""
    hidden = len(kinds) // 2
    names = {activation_name(kind) for kind in kinds[1::2]}
    if kinds != ("affine", *(kind for a in kinds[1::2] for kind in (a, "affine"))) or len(names) != 1:
        return "the layers are not affine ones with one and the same activation between them"
    if names == {""}:
        return f"{kinds[1]} is none of Abs, ReLU and GroupSort(2)"
    if max(widths) > WIDEST[dtype] or hidden > DEEPEST:
        return f"{hidden} hidden layers of width {max(widths)} exceed {DEEPEST} of width {WIDEST[dtype]} in {dtype}"
    return ""


def is_gluon(variant: Variant) -> bool:
    """Whether the kernel "gluon" is asked for and can be compiled; "dot" takes its place elsewhere."""
    return variant.kernel == "gluon" and triton_version() == GLUON


def device_obstacle(device: torch.device, width: int, dtype: torch.dtype, variant: Variant) -> str:
    """Why this device cannot run the kernels at this width, as half a sentence; empty where it can."""
    if interpreted():
        return ""
    if dtype == torch.float64 and not is_gluon(variant):
        return f"triton {triton_version()} is given the kernel 'dot', which computes in float32 only"
    found: Any = torch.cuda.get_device_properties(device)
    if found.major < 8:
        return f"{found.name} has compute capability {found.major}.{found.minor}, the kernels need 8.0"
    needed = dtype.itemsize * width * (width + TILE) + 4 * width * TILE
    if needed > found.shared_memory_per_block_optin:
        return f"width {width} in {dtype} needs {needed} bytes of shared memory, {found.name} has fewer"
    return ""


def launch(
    variant: Variant,
    packed: Packed,
    x: Tensor,
    values: Tensor,
    rows: Tensor,
    doubtful: Tensor,
    tile: int,
    *,
    jacobian: bool,
) -> None:
    """Run a kernel on padded points (population, points, width); it writes to `values`, `rows` and `doubtful`."""
    population, points, width = x.shape
    arguments = (x, *packed[:4], values, rows, doubtful, points, values.shape[1], packed.weights.shape[1])
    shared: dict[str, Any] = {"HALF": width // 2, "TILE": tile, "KIND": packed.kind, "JACOBIAN": jacobian}
    if is_gluon(variant):
        options: dict[str, Any] = {"SLICE": 16, "LANES": variant.lanes}
    else:
        options = {"PRECISION": variant.precision, "num_stages": 1}
    # Twice the registers per number in float64.
    sums = min(variant.sums, 32) if x.dtype == torch.float64 else variant.sums
    warps = max(1, width * tile // (32 * sums))
    # Triton launches on the current device, which may be another one.
    with torch.cuda.device(x.device) if x.is_cuda else nullcontext():
        _kernel("gluon" if is_gluon(variant) else "dot")[population, points // tile](
            *arguments, **shared, **options, num_warps=warps
        )


@cache
def _kernel(name: str) -> Any:
    return importlib.import_module(f"lipcheck.readings.fused_{name}").population


@cache
def triton_version() -> str:
    """Triton's version, "3.6" say; empty where it is not installed, and "interpreted" where it does not compile."""
    if find_spec("triton") is None:
        return ""
    version: str = importlib.import_module("triton").__version__
    return "interpreted" if interpreted() else ".".join(version.split(".")[:2])


def interpreted() -> bool:
    """Whether triton runs kernels on the CPU, slowly, as the tests ask it to."""
    return os.environ.get("TRITON_INTERPRET") == "1"


def activation_name(kind: Kind) -> str:
    """The kernels' name of an activation; empty for those that they do not know."""
    match kind:
        case Abs():
            return "abs"
        case ReLU():
            return "relu"
        case GroupSort(size=2, order=order):
            return "max" if order == "descending" else "min"
        case _:
            return ""
