"""The modules on every device: the same exact values from dyadic data, on a GPU where there is one."""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch

from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.exact import matrix
from lipcheck.network import Affine, GroupSort, MaxMin, Maxout, Network, Select
from lipcheck.nn import (
    BjorckLinear,
    JacobianRegularizer,
    L1Projection,
    LatticeModule,
    SpectralNormalization,
    convolution_bound,
    from_module,
    hinge_wasserstein,
    l1_project_exact,
    multiclass_hinge,
    normalized_convolution,
    parseval_update,
    power_iteration,
    to_module,
)
from lipcheck.norms import operator_norm_at_most, spectral_norm_at_most
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


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("device", DEVICES)
def test_constrained_weights_keep_their_guarantee_on_the_device(device: str, dtype: torch.dtype) -> None:
    torch.manual_seed(4)
    weight = (torch.randn(9, 14, dtype=dtype) * 3).to(device).requires_grad_()
    rows, spectral = L1Projection()(weight), SpectralNormalization()(weight)
    assert rows.device == spectral.device == weight.device and rows.dtype == spectral.dtype == dtype
    assert operator_norm_at_most(matrix(rows), 1, float("inf"))
    assert spectral_norm_at_most(matrix(spectral), Fraction(1))
    (gradient,) = torch.autograd.grad((rows + spectral).square().sum(), weight)
    assert gradient.device == weight.device and bool(gradient.isfinite().all()) and bool(gradient.any())
    wanted = torch.tensor([[float(c) for c in row] for row in l1_project_exact(weight)], dtype=torch.float64)
    assert float((rows.detach().cpu().double() - wanted).abs().max()) < 100 * torch.finfo(dtype).eps
    layer = normalized_convolution(torch.nn.Conv2d(2, 3, 3, padding=1, dtype=dtype).to(device))
    with torch.no_grad():
        layer.parametrizations.weight.original.mul_(20)
    assert convolution_bound(layer.weight, layer.stride, layer.dilation) <= 1
    assert layer(torch.ones(1, 2, 4, 4, dtype=dtype, device=device)).device == weight.device


@pytest.mark.parametrize("device", DEVICES)
def test_losses_and_estimates_are_exact_on_the_device(device: str) -> None:
    logits = torch.tensor([[1.0, 0.5, -1.0], [0.0, 2.0, 0.25]], dtype=torch.float64, device=device)
    target = torch.tensor([0, 2], device=device)
    assert multiclass_hinge(logits, target, 1.0, "none").tolist() == [0.5, 0.75 + 2.75]
    scores, labels = logits[:, 1], torch.tensor([1, -1], device=device)
    assert float(hinge_wasserstein(scores, labels, 1.0, 2.0)) == 2 * (0.5 + 3.0) / 2 - (0.5 - 2.0)
    weight = torch.diag(torch.tensor([4.0, 1.0, 0.5], device=device))
    estimate, u, v = power_iteration(weight, torch.tensor([2.0, 0.0, 0.0], device=device))
    assert (float(estimate), u.tolist(), v.tolist()) == (4.0, [1.0, 0.0, 0.0], [1.0, 0.0, 0.0])
    linear = torch.nn.Linear(3, 3, bias=False, device=device)
    with torch.no_grad():
        linear.weight.copy_(weight)
    regularizer = JacobianRegularizer(3, iterations=40).to(device)
    term = regularizer(linear, torch.ones(2, 3, device=device))
    assert float(term) == pytest.approx(4.0, rel=1e-6)
    term.backward()
    assert linear.weight.grad is not None and linear.weight.grad.device == weight.device


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
