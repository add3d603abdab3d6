"""GroupSort with groups of two, on arrays larger than the cache, beside one copy of the input and beside a sort.

A ratio of 0.33 beside the copy is a cost of three copies.
"""

from __future__ import annotations

from functools import partial

import torch
from _timing import Measured, Row, Size, alone, medians
from torch import Tensor

from lipcheck.layers import MaxMin
from lipcheck.nn.activations import MaxMin as MaxMinModule
from lipcheck.readings.tensor_layers import activation

LARGE = ((64, 64, 8192), (2048, 1024, 16), (32768, 1024), (524288, 64))
SHAPES: dict[Size, tuple[tuple[int, ...], ...]] = {
    "tiny": ((8, 8, 4), (16, 8)),
    "quick": LARGE[::3],
    "whole": LARGE,
    "full": LARGE,
}
"""Populations (networks, units, points), and batches (points, units)."""
COPIES = 3
PART = 8
"""Sorting is slow: one part in so many is sorted, and its time multiplied."""


def measure(size: Size = "whole") -> Measured:
    """Ours beside both, and what it costs when a gradient is recorded."""
    layer, module = MaxMin(), MaxMinModule()

    def ours(x: Tensor) -> Tensor:
        result: Tensor = activation(layer, x) if x.ndim == 3 else module(x)
        return result

    def by_sorting(x: Tensor) -> Tensor:
        return x.view(len(x), -1, 2, *x.shape[2:]).sort(dim=2, descending=True).values.view(x.shape)

    for shape in SHAPES[size]:
        x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
        recorded = x.clone().requires_grad_()
        part = x[: len(x) // PART]
        if not torch.equal(ours(part), by_sorting(part)):
            raise ValueError(f"MaxMin of an array of shape {shape} is not what sorting its pairs gives.")
        found = medians(
            {
                "a copy": x.clone,
                "ours": partial(ours, x),
                "with a gradient": partial(ours, recorded),
                "sorting": partial(by_sorting, part),
            },
            rounds=5,
        )
        text = " x ".join(map(str, shape))
        goal = 1 / COPIES if shape in LARGE else None
        copies = f"{found['ours'] / found['a copy']:.2f} copies"
        yield Row("MaxMin", text, found["ours"], "a copy", found["a copy"], goal, copies)
        yield Row("MaxMin", text, found["ours"], "sorting each pair", PART * found["sorting"])
        yield Row("MaxMin, gradient recorded", text, found["with a gradient"], "a copy", found["a copy"])


if __name__ == "__main__":
    alone(__file__)
