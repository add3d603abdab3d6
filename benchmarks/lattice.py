"""Lattices of 100,000 pieces in 16 dimensions at 10,000 points: the module beside its matrix product alone.

Also beside the formula written down in numpy and, for cones, with torch.cdist; with building time and peak memory.
`--points N` takes fewer points, `--threads N` other than one thread.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from collections.abc import Callable

import numpy as np
import torch
from _timing import medians, report

from lipcheck.nn import LatticeModule, inward
from lipcheck.nn.lattice import _CHUNK, _Buffer

PIECES, INPUTS, CONES = 100_000, 16, 3_125


def shapes() -> dict[str, tuple[int, ...]]:
    """Group sizes by name."""
    draw, mixed = np.random.default_rng(0), []
    while sum(mixed) < PIECES:
        mixed.append(min(int(draw.integers(1, 65)), PIECES - sum(mixed)))
    return {
        "one group of 100,000": (PIECES,),
        "100,000 groups of 1": (1,) * PIECES,
        "3,125 groups of 32": (32,) * (PIECES // 32),
        "50,000 groups of 2": (2,) * (PIECES // 2),
        "mixed groups of 1 to 64": tuple(mixed),
    }


def product_alone(module: LatticeModule, x: torch.Tensor) -> Callable[[], None]:
    """The first layer's product W x, without biases, in the module's own blocks and chunks, into the same memory."""
    blocks = [block for run in module._plan().runs for block in run]

    def run() -> None:
        buffer = _Buffer(module.weight)
        chunks = [(chunk, chunk.T.contiguous()) for chunk in x.split(_CHUNK["cpu"])]
        for block in blocks:
            rows = module.weight[block.start : block.stop]
            for chunk, columns in chunks:
                if block.size < 2:
                    torch.mm(chunk, rows.T, out=buffer.product(len(chunk), len(rows)))
                else:
                    torch.mm(rows, columns, out=buffer.product(len(rows), len(chunk)))

    return run


def numpy_formula(module: LatticeModule, x: torch.Tensor) -> Callable[[], object]:
    """The formula at once per 64 points, as one would write it down."""
    weight, bias, points = module.weight.numpy(), module.bias.numpy(), x.numpy()
    starts = np.cumsum((0, *module.sizes[:-1]))

    def run() -> object:
        parts = (
            np.minimum.reduceat(part @ weight.T + bias, starts, axis=1).max(1)
            for part in np.split(points, range(64, len(points), 64))
        )
        return np.concatenate(list(parts))

    return run


def cones(dtype: torch.dtype) -> tuple[LatticeModule, Callable[[torch.Tensor], torch.Tensor]]:
    """max_i (v_i - ||x - x_i||_inf) as a lattice of 3,125 groups of 32, and with torch.cdist."""
    draw = torch.Generator().manual_seed(1)
    centres = torch.rand(CONES, INPUTS, generator=draw, dtype=dtype)
    values = torch.rand(CONES, generator=draw, dtype=dtype)
    signs = torch.cat([torch.eye(INPUTS, dtype=dtype), -torch.eye(INPUTS, dtype=dtype)])
    weight, bias = signs.repeat(CONES, 1), (values[:, None] - centres @ signs.T).reshape(-1)
    module = LatticeModule(weight, bias, (2 * INPUTS,) * CONES, "max", p=math.inf)

    def direct(x: torch.Tensor) -> torch.Tensor:
        return torch.cat([(values - torch.cdist(part, centres, p=math.inf)).amax(1) for part in x.split(1024)])

    return module, direct


@torch.no_grad()
def main() -> None:
    """Measure, and check that all ways agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    raw = rng.standard_normal((PIECES, INPUTS))
    rows = {
        dtype: inward(raw / np.linalg.norm(raw, axis=1, keepdims=True), 2, dtype)
        for dtype in (torch.float32, torch.float64)
    }
    print(f"rounding {PIECES:,} rows inward, both dtypes: {time.perf_counter() - start:.2f} s")
    for dtype, weight in rows.items():
        x = torch.from_numpy(rng.standard_normal((given.points, INPUTS))).to(dtype)
        bias = torch.from_numpy(rng.standard_normal(PIECES)).to(dtype)
        for name, sizes in shapes().items():
            start = time.perf_counter()
            module = LatticeModule(torch.from_numpy(weight), bias, sizes, p=2)
            module(x[:1])
            built = time.perf_counter() - start
            few = x[:256]
            np.testing.assert_allclose(module(few)[:, 0].numpy(), numpy_formula(module, few)(), rtol=0, atol=1e-4)
            found = medians(
                {"the product alone": product_alone(module, x), "the module": lambda m=module, x=x: m(x)}, 5
            )
            report(f"{name}, {dtype}, {given.points:,} points, built in {built:.2f} s", found)
        few = x[: max(1, given.points // 20)]
        found = medians({"the module": lambda m=module, x=few: m(x), "numpy": numpy_formula(module, few)}, 3)
        report(f"mixed groups, {dtype}, {len(few):,} points", found)
        module, direct = cones(dtype)
        torch.testing.assert_close(module(few)[:, 0], direct(few))
        found = medians({"the module": lambda m=module, x=few: m(x), "torch.cdist": lambda d=direct, x=few: d(x)}, 3)
        report(f"{CONES:,} cones, maximum norm, {dtype}, {len(few):,} points", found)
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
