"""Spectral normalization: exact bounds on the returned floats, the estimate against its proved bound, gradients."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from lipcheck.exact import matrix  # noqa: E402
from lipcheck.nn import spectral_normalization as module  # noqa: E402
from lipcheck.norms import NormError, spectral_norm_at_most  # noqa: E402

torch.set_num_threads(1)
ONE = Fraction(1)


def weights(seed: int, dtype: torch.dtype) -> list[torch.Tensor]:
    torch.manual_seed(seed)
    shapes = [(1, 1), (1, 5), (5, 1), (3, 4), (6, 2), (8, 8)]
    return [torch.randn(shape, dtype=dtype) * scale for shape in shapes for scale in (1e-6, 0.3, 40.0)]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_certified_weights_have_norm_at_most_one_exactly(dtype: torch.dtype) -> None:
    for weight in weights(0, dtype):
        found = module.certified_spectral(weight)
        assert found.dtype == dtype and spectral_norm_at_most(matrix(found), ONE)
        assert not spectral_norm_at_most(matrix(found), Fraction(999_999, 10**6))


def test_the_quotient_by_torch_can_exceed_one() -> None:
    """Division by a float64 singular value is no certificate: with float32 weights some norms come out above one."""
    above = 0
    for weight in weights(1, torch.float32):
        quotient = weight / torch.linalg.matrix_norm(weight, 2)
        above += not spectral_norm_at_most(matrix(quotient), ONE)
    assert above > 0


def test_smaller_weights_are_kept_on_request_and_zero_always() -> None:
    small = torch.tensor([[0.25, 0.0], [0.0, 0.5]])
    assert torch.equal(module.certified_spectral(small, keep_smaller=True), small)
    assert module.certified_spectral(small)[1, 1] > 0.999
    zero = torch.zeros(2, 3)
    assert torch.equal(module.certified_spectral(zero), zero)
    layer = module.spectrally_normalized(nn.Linear(2, 2, bias=False), keep_smaller=True)
    with torch.no_grad():
        layer.parametrizations.weight.original.copy_(small)
    assert torch.equal(layer.weight, small)


def test_bad_weights_are_refused() -> None:
    with pytest.raises(NormError):
        module.certified_spectral(torch.tensor([[float("nan")]]))
    with pytest.raises(NormError):
        module.certified_spectral(torch.ones(2, 2, dtype=torch.float16))
    with pytest.raises(NormError):
        module.power_iteration(torch.ones(2, 3), torch.ones(3))
    with pytest.raises(NormError):
        module.power_iteration(torch.ones(2, 3), torch.ones(2), 0)
    for weight, u in (
        (torch.tensor([[float("nan")]]), torch.ones(1)),
        (torch.ones(1, 1), torch.tensor([float("inf")])),
        (torch.ones(2, 0), torch.ones(2)),
        (torch.ones(1, 1), torch.ones(1, dtype=torch.float64)),
    ):
        with pytest.raises(NormError):
            module.power_iteration(weight, u)
    for weight in (torch.ones(3), torch.full((2, 2), torch.finfo(torch.float32).max)):
        with pytest.raises(NormError):
            module.SpectralNormalization()(weight)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_estimates_at_the_ends_of_the_range(dtype: torch.dtype) -> None:
    start = torch.ones(2, dtype=dtype)
    for size in (torch.finfo(dtype).max / 4, torch.finfo(dtype).tiny / 8):
        estimate, u, v = module.power_iteration(torch.full((2, 2), size, dtype=dtype), start)
        assert float(estimate) == pytest.approx(2 * size, rel=1e-6)
        assert float(u.norm()) == pytest.approx(1) == float(v.norm())


def test_the_parametrized_layer_is_certified_and_keeps_the_values() -> None:
    torch.manual_seed(2)
    layer = module.spectrally_normalized(nn.Linear(7, 4))
    for _ in range(3):
        assert spectral_norm_at_most(matrix(layer.weight), ONE)
        assert torch.equal(layer.weight, module.certified_spectral(layer.parametrizations.weight.original))
        with torch.no_grad():
            layer.parametrizations.weight.original.add_(torch.randn(4, 7))


def test_gradients_are_those_of_the_quotient() -> None:
    torch.manual_seed(3)
    original = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    direction = torch.randn(3, 4, dtype=torch.float64)
    ours = module.SpectralNormalization()(original)
    (gradient,) = torch.autograd.grad((ours * direction).sum(), original)
    exact = original / torch.linalg.matrix_norm(original, 2)
    (wanted,) = torch.autograd.grad((exact * direction).sum(), original)
    assert torch.allclose(gradient, wanted, atol=1e-10)


def test_estimates_lie_between_their_bound_and_the_norm_and_increase() -> None:
    random = Random(4)
    torch.manual_seed(4)
    for _ in range(30):
        weight = torch.randn(random.randint(1, 6), random.randint(1, 6), dtype=torch.float64)
        u = torch.randn(weight.shape[0], dtype=torch.float64)
        left, values, _ = torch.linalg.svd(weight)
        squares = (left.T @ u) ** 2
        overlap, rest = float(squares[0]), float(squares[1:].sum())
        before = 0.0
        for k in (1, 2, 3, 10):
            estimate = float(module.power_iteration(weight, u, k)[0])
            ratio = (estimate / float(values[0])) ** 2
            assert before - 1e-9 <= estimate <= float(values[0]) + 1e-9
            assert ratio >= 1 - rest / (4 * k * overlap) - 1e-9
            if len(values) > 1:
                gap = float(values[1] / values[0])
                assert ratio >= 1 - gap ** (4 * k - 2) * rest / overlap - 1e-9
            before = estimate


def test_an_unlucky_start_and_zero() -> None:
    weight = torch.diag(torch.tensor([2.0, 1.0]))
    estimate, u, _ = module.power_iteration(weight, torch.tensor([0.0, 1.0]), 50)
    assert estimate == 1 and torch.equal(u, torch.tensor([0.0, 1.0]))
    estimate, u, v = module.power_iteration(torch.zeros(2, 3), torch.ones(2), 3)
    assert estimate == 0 and torch.equal(u, torch.ones(2)) and not v.any()


def test_torch_normalizes_to_a_norm_above_one() -> None:
    """What the refuted claim says, for torch's own parametrization with one iteration."""
    torch.manual_seed(5)
    layer = torch.nn.utils.parametrizations.spectral_norm(nn.Linear(20, 20, bias=False), n_power_iterations=1)
    with torch.no_grad():
        layer.parametrizations.weight.original.copy_(torch.randn(20, 20))
    assert float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) > 1.01
