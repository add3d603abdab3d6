"""GroupSort with groups of two on arrays larger than the cache: the unit is one copy of the input."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from _timing import medians, report

from lipcheck.layers import MaxMin
from lipcheck.nn.activations import MaxMin as MaxMinModule
from lipcheck.readings.tensor_layers import activation

POPULATIONS = ((64, 64, 8192), (2048, 1024, 16))
BATCHES = ((32768, 1024), (524288, 64))


def measure(
    populations: Sequence[tuple[int, int, int]] = POPULATIONS,
    batches: Sequence[tuple[int, int]] = BATCHES,
    rounds: int = 5,
) -> list[dict[str, object]]:
    """One row per shape: seconds of a copy, ours, ours with a gradient, and a sort; `copies` is ours in copies."""
    torch.set_num_threads(1)
    layer, module = MaxMin(), MaxMinModule()
    rows: list[dict[str, object]] = []
    for shape in (*populations, *batches):
        x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
        recorded = x.clone().requires_grad_()
        axis = 1

        def forward(x: torch.Tensor) -> torch.Tensor:
            return activation(layer, x) if x.ndim == 3 else module(x)

        def sort(x: torch.Tensor, axis: int = axis) -> torch.Tensor:
            pairs = x.unflatten(axis, (-1, 2))
            return pairs.sort(dim=axis + 1, descending=True).values.flatten(axis, axis + 1)

        assert torch.equal(forward(x), sort(x))
        seconds = medians(
            {
                "copy": lambda x=x: x.clone(),  # type: ignore[misc]
                "MaxMin": lambda x=x: forward(x),  # type: ignore[misc]
                "MaxMin, recorded for a gradient": lambda x=recorded: forward(x),  # type: ignore[misc]
                "by sorting": lambda x=x: sort(x),  # type: ignore[misc]
            },
            rounds=rounds,
        )
        rows.append({"shape": shape, "copies": seconds["MaxMin"] / seconds["copy"], "seconds": seconds})
    return rows


def main() -> None:
    """Measure and print."""
    for row in measure():
        report(f"{row['shape']}, float32, one thread: {row['copies']:.2f} copies", row["seconds"])  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
