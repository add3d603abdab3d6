"""The Parseval update in torch against autograd, singular values and Björck."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.utils import parametrize

from lipcheck.nn.bjorck import Bjorck, bjorck
from lipcheck.nn.parseval import penalty, retract_, update
from lipcheck.norms import NormError

SHAPES = [(4, 4), (5, 3), (3, 5), (1, 1)]


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_update_is_a_gradient_step_on_the_penalty(shape: tuple[int, int]) -> None:
    weight = draw(2, *shape).requires_grad_()
    (gradient,) = torch.autograd.grad(penalty(weight).sum(), weight)
    for beta in (0.0003, 0.1, 0.5):
        assert torch.allclose(update(weight, beta), weight - beta * gradient, atol=1e-12)
    big = weight.mT @ weight - torch.eye(shape[1], dtype=torch.float64)
    surplus = max(shape[1] - shape[0], 0) / 4
    assert torch.allclose(big.square().sum((-2, -1)) / 4, penalty(weight) + surplus)


@pytest.mark.parametrize("shape", SHAPES)
def test_at_one_half_it_is_bjorck_and_below_a_mean(shape: tuple[int, int]) -> None:
    weight = 0.4 * draw(*shape)
    step = bjorck(weight, iterations=1, scaling=None)
    assert torch.allclose(update(weight, 0.5), step, atol=1e-14)
    assert torch.allclose(update(weight, 0.1), 0.8 * weight + 0.2 * step, atol=1e-14)


def test_singular_values_inside_rise_and_outside_stay_outside() -> None:
    u, v = (torch.linalg.qr(draw(4, 4, seed=k)).Q for k in (1, 2))
    weight = u @ torch.diag(torch.tensor([1.5, 1.1, 0.7, 0.2], dtype=torch.float64)) @ v
    before = np.linalg.svd(weight.numpy(), compute_uv=False)
    for _ in range(50):
        weight = update(weight, 0.01)
        after = np.linalg.svd(weight.numpy(), compute_uv=False)
        assert (after[:2] > 1).all() and (after[:2] < before[:2]).all()
        assert (after[2:] < 1).all() and (after[2:] > before[2:]).all()
        before = after
    assert np.linalg.svd(update(weight, 0.5).numpy(), compute_uv=False).max() <= 1 + 1e-12


def test_retract_touches_every_linear_layer_and_nothing_else() -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2)).double()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    assert retract_(network, 0.25) == 2
    for name, value in network.state_dict().items():
        expected = update(before[name], 0.25) if name.endswith("weight") else before[name]
        assert torch.equal(value, expected)
    assert retract_(torch.nn.ReLU(), 0.25) == 0


def test_a_shared_weight_is_updated_once_and_a_computed_one_is_refused() -> None:
    first, second = torch.nn.Linear(3, 3, bias=False), torch.nn.Linear(3, 3, bias=False)
    second.weight = first.weight
    expected = update(first.weight.detach().clone(), 0.5)
    assert retract_(torch.nn.Sequential(first, second), 0.5) == 1 and torch.equal(first.weight, expected)
    parametrize.register_parametrization(second, "weight", Bjorck())
    with pytest.raises(NormError, match="parametrized"):
        retract_(second, 0.5)


def test_refusals() -> None:
    for bad in (
        lambda: update(draw(2, 2), 0.6),
        lambda: update(draw(2, 2), 0.0),
        lambda: update(draw(2, 2), float("nan")),
        lambda: update(draw(2), 0.1),
        lambda: penalty(torch.ones(2, 0)),
        lambda: retract_(torch.nn.Linear(2, 2), -1.0),
    ):
        with pytest.raises(NormError):
            bad()
