"""Björck in torch against numpy's singular values, exact iterations, finite differences and torch's own orthogonal."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import orthogonal

from lipcheck.exact import matrix
from lipcheck.nn.bjorck import Bjorck, BjorckLinear, bjorck, certified
from lipcheck.nn.scaling import scaled, spectral_bound
from lipcheck.norms import NormError, operator_norm, spectral_norm_at_most
from lipcheck.norms.bjorck import coefficients, image, iterations_for, least_after, step

DEVICES = [
    "cpu",
    pytest.param(
        "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device here")
    ),
]
SCALINGS = ("entries", "columns", "rows", "geometric", "frobenius", "best")


def draw(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


@pytest.mark.parametrize("order", [1, 2, 3, 6])
@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7), (1, 4), (4, 1), (1, 1)])
def test_singular_values_move_by_the_map_and_singular_vectors_stay(order: int, shape: tuple[int, int]) -> None:
    weight = draw(*shape)
    weight = weight / torch.linalg.matrix_norm(weight, 2) * 0.9
    got = bjorck(weight, order=order, iterations=2, scaling=None)
    u, s, v = np.linalg.svd(weight.numpy(), full_matrices=False)
    for _ in range(2):
        s = np.array([float(image(Fraction(value), order)) for value in s])
    assert np.allclose(got.numpy(), u @ np.diag(s) @ v, atol=1e-13)


def test_against_exact_matrices() -> None:
    rows = [["1/2", "1/4", "-1/8"], ["0", "3/4", "1/16"]]
    weight = matrix(rows)
    floats = torch.tensor([[float(Fraction(e)) for e in row] for row in rows], dtype=torch.float64)
    for order in (1, 2, 3):
        exact = step(step(weight, order), order)
        got = bjorck(floats, order=order, iterations=2, scaling=None)
        assert all(abs(Fraction(g) - e) < Fraction(1, 10**14) for r, t in zip(got.tolist(), exact, strict=True)
                   for g, e in zip(r, t, strict=True))  # fmt: skip


def test_the_exact_map() -> None:
    assert coefficients(4) == (1, Fraction(1, 2), Fraction(3, 8), Fraction(5, 16), Fraction(35, 128))
    s = Fraction(2, 3)
    assert image(s, 1) == s * (3 - s * s) / 2 and image(s, 2) == s * (15 - 10 * s**2 + 3 * s**4) / 8
    lower, true = least_after(Fraction(1, 7), 4, 2), Fraction(1, 7)
    for _ in range(4):
        true = image(true, 2)
    assert lower <= true and true - lower < true / 2**60
    count = iterations_for(Fraction(1, 10), Fraction(99, 100))
    assert least_after(Fraction(1, 10), count) >= Fraction(99, 100) > least_after(Fraction(1, 10), count - 1)
    assert least_after(Fraction(0), 5) == 0
    for bad in (lambda: least_after(Fraction(3, 2), 1), lambda: iterations_for(Fraction(0), Fraction(1, 2)),
                lambda: iterations_for(Fraction(1, 2), Fraction(1)), lambda: image(Fraction(1), 0)):  # fmt: skip
        with pytest.raises(NormError):
            bad()


@pytest.mark.parametrize("scaling", SCALINGS)
def test_every_scaling_bounds_the_norm_and_the_best_is_least(scaling: str) -> None:
    for seed, shape in enumerate([(4, 6), (6, 4), (1, 5), (5, 1), (3, 3)] * 6):
        weight = draw(*shape, seed=seed)
        norm = torch.linalg.matrix_norm(weight, 2)
        bound = spectral_bound(weight, scaling)  # type: ignore[arg-type]
        assert bound >= norm * (1 - 1e-14)
        assert spectral_bound(weight) <= bound * (1 + 1e-14)
    ones = {
        "entries": (3, 4),
        "columns": (1, 4),
        "rows": (4, 1),
        "geometric": (3, 4),
        "frobenius": (3, 4),
        "best": (3, 4),
    }
    tight = torch.ones(ones[scaling], dtype=torch.float64)
    assert torch.isclose(spectral_bound(tight, scaling), torch.linalg.matrix_norm(tight, 2))  # type: ignore[arg-type]


def test_which_of_the_two_best_bounds_is_smaller_depends() -> None:
    identity, cross = torch.eye(6), torch.zeros(6, 6)
    cross[0], cross[:, 0] = 1, 1
    assert spectral_bound(identity, "geometric") < spectral_bound(identity, "frobenius")
    assert spectral_bound(cross, "geometric") > spectral_bound(cross, "frobenius")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("device", DEVICES)
def test_a_batch_is_its_matrices_on_every_device(device: str, dtype: torch.dtype) -> None:
    weights = draw(2, 3, 6, 4, dtype=dtype).to(device)
    weights[0, 0] = 0
    got = bjorck(weights, iterations=25)
    assert got.device.type == device and got.dtype == dtype and not got[0, 0].any()
    for i in range(2):
        for k in range(3):
            assert torch.allclose(got[i, k], bjorck(weights[i, k], iterations=25), atol=1e-6)
    gram = (got.mT @ got).cpu()[1]
    assert torch.allclose(gram, torch.eye(4, dtype=dtype).expand(3, 4, 4), atol=1e-5)


def test_the_limit_is_the_polar_factor_for_every_order_and_positive_scale() -> None:
    weight = draw(8, 5)
    u, _, v = np.linalg.svd(weight.numpy(), full_matrices=False)
    for order, count in ((1, 30), (2, 22), (4, 18)):
        for factor in (1.0, 0.01, 300.0):
            assert np.allclose(bjorck(factor * weight, order=order, iterations=count).numpy(), u @ v, atol=1e-12)
    assert torch.allclose(bjorck(weight.mT, iterations=30).mT, bjorck(weight, iterations=30), atol=1e-12)


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4)])
@pytest.mark.parametrize("scaling", [None, "geometric", "best"])
def test_gradients(shape: tuple[int, int], scaling: str | None) -> None:
    weight = (0.3 * draw(*shape)).requires_grad_()
    for order in (1, 3):
        assert torch.autograd.gradcheck(
            lambda w, p=order: bjorck(w, order=p, iterations=3, scaling=scaling),  # type: ignore[misc]
            (weight,),
        )


def test_the_gradient_at_zero_is_finite() -> None:
    weight = torch.zeros(3, 2, dtype=torch.float64, requires_grad=True)
    bjorck(weight, iterations=2, scaling="geometric").sum().backward()
    assert weight.grad is not None and bool(torch.isfinite(weight.grad).all())


def test_at_an_orthonormal_matrix_the_derivative_is_the_projection_to_the_tangent_space() -> None:
    a = torch.linalg.qr(draw(5, 3)).Q
    for order in (1, 2, 5):
        h = draw(5, 3, seed=order)
        _, moved = torch.func.jvp(lambda w, p=order: bjorck(w, order=p, iterations=1, scaling=None), (a,), (h,))
        symmetric = a.mT @ h
        assert torch.allclose(moved, h - a @ (symmetric + symmetric.mT) / 2, atol=1e-13)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_certified_weights_have_a_norm_of_at_most_one_exactly(dtype: torch.dtype) -> None:
    above = 0
    for seed in range(20):
        shape = [(6, 6), (9, 4), (4, 9), (1, 3)][seed % 4]
        weight = bjorck(draw(*shape, seed=seed, dtype=dtype), iterations=40)
        above += not spectral_norm_at_most(matrix(weight), Fraction(1))
        kept = certified(weight)
        assert kept.dtype == dtype and spectral_norm_at_most(matrix(kept), Fraction(1))
        assert torch.allclose(kept, weight, atol=1e-12 if dtype == torch.float64 else 1e-6)
    assert above > 3
    small = draw(3, 3, dtype=dtype) / 100
    assert torch.equal(certified(small), small) and not certified(torch.zeros(2, 2)).any()
    large = certified(1e6 * draw(5, 5, dtype=dtype))
    assert float(operator_norm(matrix(large), 2).lower) > 1 - 1e-5 and spectral_norm_at_most(matrix(large), Fraction(1))


def test_the_layer_trains_and_its_fixed_copy_is_certified() -> None:
    torch.manual_seed(0)
    layer = BjorckLinear(6, 4, dtype=torch.float64, iterations=5)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    x = draw(32, 6)
    target = x @ torch.linalg.qr(draw(6, 6)).Q[:, :4] + 0.5
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = (layer(x) - target).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        assert torch.linalg.matrix_norm(layer.orthonormalize(layer.weight), 2) <= 1 + 1e-12
    assert losses[-1] < 0.1 * losses[0]
    fixed = layer.fixed()
    assert torch.allclose(fixed(x), layer(x), atol=1e-12)
    assert spectral_norm_at_most(matrix(fixed.weight), Fraction(1))
    closer = layer.fixed(iterations=30).weight
    assert torch.allclose(closer @ closer.mT, torch.eye(4, dtype=torch.float64), atol=1e-9)
    assert BjorckLinear(3, 2, bias=False).fixed().bias is None


def test_the_parametrization_and_torch_orthogonal_agree_on_what_is_orthonormal() -> None:
    torch.manual_seed(1)
    ours, theirs = torch.nn.Linear(5, 5, dtype=torch.float64), orthogonal(torch.nn.Linear(5, 5, dtype=torch.float64))
    parametrize.register_parametrization(ours, "weight", Bjorck(iterations=60))
    for weight in (ours.weight, theirs.weight):
        assert torch.allclose(weight @ weight.mT, torch.eye(5, dtype=torch.float64), atol=1e-10)
    ours.weight = theirs.weight.detach()
    assert torch.allclose(ours.weight, theirs.weight, atol=1e-10)
    assert "order=1, iterations=60" in repr(ours)


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (1, 1), (2, 2)])
def test_entries_of_every_size_lead_to_the_same_orthonormal_matrix(shape: tuple[int, int], scaling: str) -> None:
    for dtype, sizes in (
        (torch.float64, (5e-324, 1e-310, 1e-200, 1e200, 1.7e308)),
        (torch.float32, (1e-44, 1e-30, 1e19, 3e38)),
    ):
        for size in sizes:
            weight = draw(*shape, seed=5)
            weight = (weight / weight.abs().max() * size).to(dtype)
            start = bjorck(weight, iterations=0, scaling=scaling)  # type: ignore[arg-type]
            assert float(torch.linalg.matrix_norm(start.double(), 2)) <= 1 + 1e-6
            assert torch.equal(start, scaled(weight, scaling))  # type: ignore[arg-type]
            after = bjorck(weight, iterations=60, scaling=scaling)  # type: ignore[arg-type]
            values = torch.linalg.svdvals(after.double())
            assert int((values > 0.999).sum()) == np.linalg.matrix_rank(
                (weight.double() / float(weight.abs().max())).numpy()
            )
            kept = certified(weight)
            assert spectral_norm_at_most(matrix(kept), Fraction(1))
            assert (
                torch.linalg.matrix_norm(kept.double(), 2)
                >= min(1, float(torch.linalg.matrix_norm(start.double(), 2)) * size) - 1e-6
            )


def test_nan_and_infinite_entries_give_nan_everywhere() -> None:
    for bad in (float("nan"), float("inf"), -float("inf")):
        weight = draw(3, 2)
        weight[1, 0] = bad
        for count in (0, 1, 4):
            for scaling in SCALINGS:
                assert bool(bjorck(weight, iterations=count, scaling=scaling).isnan().all())  # type: ignore[arg-type]
        with pytest.raises(NormError, match="only finite numbers have a norm"):
            certified(weight)


def test_certified_on_awkward_matrices() -> None:
    cases = [
        torch.ones(5, 5),
        torch.tensor([[1.0, 1e-8], [1e-8, 1.0]]),
        torch.diag(torch.tensor([1.0, 1e-30, 0.0])),
        torch.tensor([[1e30, 1e-30], [1.0, -1e30]]),
        torch.eye(4)[::2, :].T,
        torch.randn(7, 9, generator=torch.Generator().manual_seed(2))[::2, ::3].T,
        torch.full((1, 1), 1 + 2.0**-23),
        torch.full((3, 1), -(3**-0.5)),
    ]
    for case in cases:
        for dtype in (torch.float32, torch.float64):
            kept = certified(case.to(dtype))
            assert kept.dtype == dtype and spectral_norm_at_most(matrix(kept), Fraction(1))
            norm = min(1.0, float(torch.linalg.matrix_norm(case.to(dtype).double(), 2)))
            assert float(torch.linalg.matrix_norm(kept.double(), 2)) > norm - 1e-6


def test_targets_very_near_to_one_are_reached() -> None:
    for bits in (63, 64, 80, 300):
        for order in (1, 2):
            count = iterations_for(Fraction(1, 3), 1 - Fraction(1, 2**bits), order)
            value = Fraction(1, 3)
            for _ in range(count - 1):
                value = Fraction(int(image(value, order) * 2**2000), 2**2000)
            assert value < 1 - Fraction(1, 2**bits) <= image(value, order)


def test_refusals() -> None:
    weight = draw(3, 3)
    for bad in (
        lambda: bjorck(weight, order=0),
        lambda: bjorck(weight, iterations=-1),
        lambda: bjorck(weight, iterations=1.5),  # type: ignore[arg-type]
        lambda: bjorck(weight, scaling="nuclear"),  # type: ignore[arg-type]
        lambda: bjorck(draw(3)),
        lambda: bjorck(torch.ones(0, 3)),
        lambda: bjorck(torch.ones(3, 3, dtype=torch.int64)),
        lambda: certified(torch.ones(2, 2, dtype=torch.float16)),
        lambda: certified(draw(2, 3, 3)),
        lambda: certified(torch.tensor([[float("nan")]])),
        lambda: certified([[1.0]]),  # type: ignore[arg-type]
        lambda: bjorck([[1.0]]),  # type: ignore[arg-type]
        lambda: spectral_bound(weight, None),  # type: ignore[arg-type]
        lambda: Bjorck(order=0),
        lambda: Bjorck(iterations=-1),
        lambda: BjorckLinear(2, 2, scaling="x"),  # type: ignore[arg-type]
        lambda: least_after(Fraction(1, 2), -1),
    ):
        with pytest.raises(NormError):
            bad()
