"""The modules on every device: the same exact values from dyadic data, on a GPU where there is one."""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch

from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.exact import matrix
from lipcheck.network import Affine, GroupSort, MaxMin, Maxout, Network, Select
from lipcheck.nn import BjorckLinear, LatticeModule, from_module, parseval_update, to_module
from lipcheck.norms.bjorck import step
from lipcheck.readings.rational import evaluate

DEVICES = [
    "cpu",
    pytest.param(
        "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device here")
    ),
]
SIZES = (1, 2, 3, 7, 300)


def dyadic(count: int, inputs: int, seed: int) -> list[list[Fraction]]:
    draw = torch.Generator().manual_seed(seed)
    rows = torch.randint(-16, 17, (count, inputs), generator=draw).tolist()
    return [[Fraction(entry, 16) for entry in row] for row in rows]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("device", DEVICES)
def test_a_lattice_is_exact_on_the_device(device: str, dtype: torch.dtype) -> None:
    rows = dyadic(sum(SIZES), 3, 0)
    pieces = iter([Piece((row[0] / 2, row[1] / 4, row[2] / 4), row[0]) for row in rows])
    lattice = Lattice(tuple(tuple(next(pieces) for _ in range(size)) for size in SIZES), 1)
    points = dyadic(700, 3, 1)
    module = LatticeModule.from_lattice(lattice, dtype).to(device)
    with torch.no_grad():
        values = module(torch.tensor([[float(c) for c in p] for p in points], dtype=dtype, device=device))
    assert values.device.type == device
    assert tuple(map(Fraction, values[:, 0].tolist())) == lattice.values(points)
    assert module.cpu().to_lattice() == lattice


@pytest.mark.parametrize("device", DEVICES)
def test_a_network_is_exact_on_the_device(device: str) -> None:
    first, last = dyadic(6, 3, 2), dyadic(2, 2, 3)
    network = Network(
        3,
        (
            Affine(first, [0] * 6), MaxMin(), Select((0, 3, 5, 1, 2, 2), 6), GroupSort(3, order="ascending"), Maxout(3),
            Affine(last, [1, -1]),
        ),
    )  # fmt: skip
    module = to_module(network).to(device)
    points = dyadic(50, 3, 4)
    values = module(torch.tensor([[float(c) for c in p] for p in points], dtype=torch.float64, device=device))
    assert [tuple(map(Fraction, row)) for row in values.tolist()] == [evaluate(network, p) for p in points]
    assert from_module(module) == network


@pytest.mark.parametrize("device", DEVICES)
def test_a_step_towards_orthonormal_weights_is_exact_on_the_device(device: str) -> None:
    rows = dyadic(3, 4, 5)
    layer = BjorckLinear(4, 3, bias=False, order=2, iterations=1, scaling=None, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[float(c) for c in row] for row in rows]))
        layer.to(device)
        after = layer(torch.eye(4, dtype=torch.float64, device=device)).mT
        half = parseval_update(layer.weight, 0.5)
    for found, order in ((after, 2), (half, 1)):
        assert found.device.type == device and matrix(found.tolist()) == step(matrix(rows), order)
