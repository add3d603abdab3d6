"""Lattices of 100,000 pieces in 16 dimensions: the module beside its matrix product alone, numpy and torch.cdist.

The product is the first layer's, in the module's own blocks and chunks: 1.00 beside it would mean that sorting is free.
numpy is the formula written down; torch.cdist gives the cones among them. Notes give the time to build the module.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from _timing import Measured, Row, Size, alone, medians

from lipcheck.nn import LatticeModule, inward
from lipcheck.nn.lattice import _CHUNK, _Buffer

INPUTS, GROUP, FEW = 16, 32, 500
COUNTS: dict[Size, tuple[int, int, int]] = {
    "tiny": (320, 40, 1),
    "quick": (100_000, 500, 2),
    "whole": (100_000, 2_000, 3),
    "full": (100_000, 10_000, 5),
}
"""Pieces, points, rounds."""


def shapes(pieces: int) -> dict[str, tuple[int, ...]]:
    """Group sizes by name."""
    draw, mixed = np.random.default_rng(0), list[int]()
    while sum(mixed) < pieces:
        mixed.append(min(int(draw.integers(1, 65)), pieces - sum(mixed)))
    return {
        f"one group of {pieces:,}": (pieces,),
        f"{pieces:,} groups of 1": (1,) * pieces,
        f"{pieces // GROUP:,} groups of {GROUP}": (GROUP,) * (pieces // GROUP),
        f"{pieces // 2:,} groups of 2": (2,) * (pieces // 2),
        "mixed groups of 1 to 64": tuple(mixed),
    }


def product_alone(module: LatticeModule, x: torch.Tensor) -> Callable[[], None]:
    """The first layer's product W x, without biases, in the module's own blocks and chunks, into the same memory."""
    blocks = [block for run in module._plan().runs for block in run]

    def run() -> None:
        buffer = _Buffer(module.weight)
        chunks = [(chunk, chunk.T.contiguous()) for chunk in torch.split(x, _CHUNK["cpu"])]
        for block in blocks:
            rows = module.weight[block.start : block.stop]
            for chunk, columns in chunks:
                if block.size < 2:
                    torch.mm(chunk, rows.T, out=buffer.product(len(chunk), len(rows)))
                else:
                    torch.mm(rows, columns, out=buffer.product(len(rows), len(chunk)))

    return run


def numpy_formula(module: LatticeModule, x: torch.Tensor) -> Callable[[], np.ndarray]:
    """The formula at once per 64 points, as one would write it down."""
    weight, bias, points = module.weight.numpy(), module.bias.numpy(), x.numpy()
    starts = np.cumsum((0, *module.sizes[:-1]))

    def run() -> np.ndarray:
        parts = (
            np.minimum.reduceat(part @ weight.T + bias, starts, axis=1).max(1)
            for part in np.split(points, range(64, len(points), 64))
        )
        return np.concatenate(list(parts))

    return run


def cones(count: int, dtype: torch.dtype) -> tuple[LatticeModule, Callable[[torch.Tensor], torch.Tensor]]:
    """max_i (v_i - ||x - x_i||_inf) as a lattice of so many groups of 32, and with torch.cdist."""
    draw = torch.Generator().manual_seed(1)
    centres = torch.rand(count, INPUTS, generator=draw, dtype=dtype)
    values = torch.rand(count, generator=draw, dtype=dtype)
    signs = torch.cat([torch.eye(INPUTS, dtype=dtype), -torch.eye(INPUTS, dtype=dtype)])
    weight, bias = signs.repeat(count, 1), (values[:, None] - centres @ signs.T).reshape(-1)
    module = LatticeModule(weight, bias, (2 * INPUTS,) * count, "max", p=math.inf)

    def direct(x: torch.Tensor) -> torch.Tensor:
        return torch.cat([(values - torch.cdist(part, centres, p=math.inf)).amax(1) for part in torch.split(x, 1024)])

    return module, direct


@torch.no_grad()
def measure(size: Size = "whole") -> Measured:
    """Measure, and check that all ways agree."""
    pieces, points, rounds = COUNTS[size]
    rng = np.random.default_rng(0)
    raw = rng.standard_normal((pieces, INPUTS))
    raw /= np.linalg.norm(raw, axis=1, keepdims=True)
    for dtype, name in ((torch.float32, "float32"), (torch.float64, "float64")):
        x = torch.from_numpy(rng.standard_normal((points, INPUTS))).to(dtype)
        few = x[:FEW]
        bias = torch.from_numpy(rng.standard_normal(pieces)).to(dtype)
        weight = torch.from_numpy(inward(raw, 2, dtype))
        for groups, sizes in shapes(pieces).items():
            start = time.perf_counter()
            module = LatticeModule(weight, bias, sizes, p=2)
            module(x[:1])
            note = f"built in {time.perf_counter() - start:.2f} s"
            np.testing.assert_allclose(module(few)[:, 0].numpy(), numpy_formula(module, few)(), rtol=0, atol=1e-4)
            runs: dict[str, Callable[[], object]] = {"product": product_alone(module, x), "ours": partial(module, x)}
            found = medians(runs, rounds)
            shape = f"{groups}, {name}, {points:,} points"
            yield Row("lattice", shape, found["ours"], "its product alone", found["product"], None, note)
        text = f"{name}, {len(few):,} points"
        found = medians({"ours": partial(module, few), "numpy": numpy_formula(module, few)}, rounds)
        yield Row("lattice", f"mixed groups, {text}", found["ours"], "numpy", found["numpy"])
        count = pieces // GROUP
        module, direct = cones(count, dtype)
        torch.testing.assert_close(module(few)[:, 0], direct(few))
        found = medians({"ours": partial(module, few), "cdist": partial(direct, few)}, rounds)
        yield Row("cones", f"{count:,} in the maximum norm, {text}", found["ours"], "torch.cdist", found["cdist"])


if __name__ == "__main__":
    alone(__file__)
