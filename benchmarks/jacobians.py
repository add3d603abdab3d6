"""Jacobians of many MaxMin networks at once: the tensor reading beside torch.func.jacrev and its own forward pass."""

from __future__ import annotations

import torch
from _timing import Measured, Row, Size, alone, medians

from lipcheck.network import MaxMin
from lipcheck.readings.tensor import TensorNetwork

WIDTHS = (8, 32, 32, 1)
COUNTS: dict[Size, tuple[int, int]] = {"tiny": (2, 3), "quick": (64, 64), "whole": (64, 64), "full": (64, 64)}
"""Networks, and points of each."""


def measure(size: Size = "whole") -> Measured:
    """Measure, and check that both give the same Jacobians."""
    networks, points = COUNTS[size]
    draw = torch.Generator().manual_seed(0)
    shapes = list(zip(WIDTHS[1:], WIDTHS[:-1], strict=True))
    weights = [torch.randn(networks, m, n, generator=draw) / n**0.5 for m, n in shapes]
    biases = [torch.randn(networks, m, generator=draw) for m, _ in shapes]
    population = TensorNetwork.from_tensors(("affine", MaxMin(), "affine", MaxMin(), "affine"), weights, biases)
    x = torch.randn(networks, points, WIDTHS[0], generator=draw)

    def one(parameters: tuple[list[torch.Tensor], list[torch.Tensor]], point: torch.Tensor) -> torch.Tensor:
        h = point
        for i, (w, b) in enumerate(zip(*parameters, strict=True)):
            h = w @ h + b
            if i < len(shapes) - 1:
                pairs = h.view(-1, 2)
                h = torch.stack([pairs.amax(1), pairs.amin(1)], 1).flatten()
        return h

    per_point = torch.func.vmap(torch.func.jacrev(one, argnums=1), in_dims=(None, 0))
    per_network = torch.func.vmap(per_point, in_dims=((0, 0), 0))
    ours, theirs = population.jacobian(x)[1], per_network((weights, biases), x)
    torch.testing.assert_close(ours, theirs)
    found = medians(
        {
            "forward": lambda: population.forward(x),
            "ours": lambda: population.jacobian(x),
            "torch.func": lambda: per_network((weights, biases), x),
        }
    )
    shape = f"{networks} networks {'-'.join(map(str, WIDTHS))}, {points} points"
    name = "values and exact Jacobians"
    yield Row(name, shape, found["ours"], "torch.func, vmap of jacrev", found["torch.func"])
    yield Row(name, shape, found["ours"], "the forward pass alone", found["forward"])


if __name__ == "__main__":
    alone(__file__)
