"""GroupSort with groups of two, on arrays larger than the cache, beside one copy of the input and beside a sort.

A ratio of 0.33 beside the copy is a cost of three copies.
"""

from __future__ import annotations

import torch
from _timing import Measured, Row, Size, alone, medians

from lipcheck.layers import MaxMin
from lipcheck.nn.activations import MaxMin as MaxMinModule
from lipcheck.readings.tensor_layers import activation

LARGE = ((64, 64, 8192), (2048, 1024, 16), (32768, 1024), (524288, 64))
SHAPES: dict[Size, tuple[tuple[int, ...], ...]] = {
    "tiny": ((4, 8, 4), (16, 8)),
    "quick": LARGE[::3],
    "whole": LARGE,
    "full": LARGE,
}
"""Populations (networks, units, points), and batches (points, units)."""
COPIES = 3


def measure(size: Size = "whole") -> Measured:
    """Ours beside both, and what it costs when a gradient is recorded."""
    layer, module = MaxMin(), MaxMinModule()

    def ours(x: torch.Tensor) -> torch.Tensor:
        return activation(layer, x) if x.ndim == 3 else module(x)

    def by_sorting(x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(1, (-1, 2)).sort(dim=2, descending=True).values.flatten(1, 2)

    for shape in SHAPES[size]:
        x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
        recorded = x.clone().requires_grad_()
        if not torch.equal(ours(x), by_sorting(x)):
            raise ValueError(f"MaxMin of an array of shape {shape} is not what sorting its pairs gives.")
        found = medians(
            {
                "a copy": lambda x=x: x.clone(),  # type: ignore[misc]
                "ours": lambda x=x: ours(x),  # type: ignore[misc]
                "with a gradient": lambda x=recorded: ours(x),  # type: ignore[misc]
                "sorting": lambda x=x: by_sorting(x),  # type: ignore[misc]
            },
            rounds=5,
        )
        text = " x ".join(map(str, shape))
        goal = 1 / COPIES if shape in LARGE else None
        copies = f"{found['ours'] / found['a copy']:.2f} copies"
        yield Row("MaxMin", text, found["ours"], "a copy", found["a copy"], goal, copies)
        yield Row("MaxMin", text, found["ours"], "sorting each pair", found["sorting"])
        yield Row("MaxMin, gradient recorded", text, found["with a gradient"], "a copy", found["a copy"])


if __name__ == "__main__":
    alone(__file__)
