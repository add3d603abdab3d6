"""The l1 projection: exact rationals against optimality, floats against rationals, guarantees and gradients."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn.utils import parametrize  # noqa: E402

from lipcheck.exact import dot, matrix  # noqa: E402
from lipcheck.nn import l1_projection as module  # noqa: E402
from lipcheck.nn.rounding import RoundingError  # noqa: E402
from lipcheck.norms import operator_norm_at_most  # noqa: E402

torch.set_num_threads(1)


def random_rows(random: Random, count: int) -> list[list[Fraction]]:
    return [
        [Fraction(random.randint(-12, 12), random.randint(1, 7)) for _ in range(random.randint(1, 6))]
        for _ in range(count)
    ]


def test_the_exact_projection_is_optimal_at_every_vertex() -> None:
    """p is the projection onto a polytope exactly if (w - p).(q - p) <= 0 for each vertex q: here ±r e_i."""
    random = Random(0)
    for row in random_rows(random, 200):
        radius = Fraction(random.randint(1, 9), 4)
        (p,) = module.l1_project_exact([row], radius)
        assert sum(map(abs, p)) <= radius
        rest = [a - b for a, b in zip(row, p, strict=True)]
        for i, sign in product(range(len(row)), (1, -1)):
            q = [radius * sign * (j == i) for j in range(len(row))]
            assert dot(rest, [a - b for a, b in zip(q, p, strict=True)]) <= 0


@pytest.mark.parametrize("row", [[0], [0, 0], [1], ["1/2", "-1/2"], [5, 5, 5], [3, 0, 0], ["1/3"]])
def test_degenerate_rows(row: list[object]) -> None:
    (p,) = module.l1_project_exact([row])
    (w,) = matrix([row])
    assert p == w if sum(map(abs, w)) <= 1 else sum(map(abs, p)) == 1


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_floats_agree_with_rationals(dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    rows = torch.randn(20, 9, dtype=dtype) * torch.logspace(-3, 3, 20, dtype=dtype)[:, None]
    wanted = module.l1_project_exact(rows)
    for row, size, p in zip(module.l1_project(rows), rows.abs().amax(1), wanted, strict=True):
        slack = 20 * torch.finfo(dtype).eps * max(1.0, float(size))
        assert all(abs(float(a) - float(b)) <= slack for a, b in zip(row, p, strict=True))


def test_batches_and_radii() -> None:
    torch.manual_seed(2)
    rows = torch.randn(2, 3, 4, 5, dtype=torch.float64)
    whole = module.l1_project(rows, 0.5)
    assert whole.abs().sum(-1).max() <= 0.5 + 1e-15
    assert torch.equal(whole[1, 2, 3], module.l1_project(rows[1, 2, 3], 0.5))
    for bad in (0.0, -1.0, float("nan")):
        with pytest.raises(RoundingError):
            module.l1_project(rows, bad)
    with pytest.raises(RoundingError):
        module.l1_project(rows[..., :0])
    with pytest.raises(RoundingError):
        module.l1_project_exact([[1]], 0)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_large_rows_keep_their_digits_and_small_ones_every_bit(dtype: torch.dtype) -> None:
    huge = torch.finfo(dtype).max / 2
    for large in (1e16, 1e17, huge):
        found = module.certified_rows(torch.tensor([[large, large], [large, 1.0]], dtype=dtype))
        assert torch.equal(found, torch.tensor([[0.5, 0.5], [1.0, 0.0]], dtype=dtype))
    small = torch.tensor([[1e-30, -3e-9, 0.1], [0.0, 0.0, 0.0]], dtype=dtype)
    assert torch.equal(module.certified_rows(small), small)
    assert torch.equal(module.L1Projection()(small), small)
    rows = torch.rand(300, 64, dtype=dtype)
    border = rows / rows.sum(1, keepdim=True) * torch.linspace(1 - 1e-6, 1 + 1e-6, 300, dtype=dtype)[:, None]
    assert operator_norm_at_most(matrix(module.certified_rows(border)), 1, float("inf"))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("scale", [1e-8, 0.1, 1.0, 1e4, 1e12])
def test_certified_rows_have_norm_at_most_one_exactly(dtype: torch.dtype, scale: float) -> None:
    torch.manual_seed(3)
    weight = torch.randn(12, 40, dtype=dtype) * scale
    found = module.certified_rows(weight)
    assert found.dtype == dtype and operator_norm_at_most(matrix(found), 1, float("inf"))
    inside = torch.full((1, 4), 0.25, dtype=dtype)
    assert torch.equal(module.certified_rows(inside), inside)


def test_floating_point_alone_leaves_rows_above_one() -> None:
    torch.manual_seed(4)
    projected = module.l1_project(torch.randn(200, 50, dtype=torch.float64) * 3)
    assert not operator_norm_at_most(matrix(projected), 1, float("inf"))


def test_the_gradient_is_that_of_the_projection() -> None:
    torch.manual_seed(5)
    rows = torch.randn(4, 6, dtype=torch.float64) * torch.tensor([[0.01], [1.0], [3.0], [30.0]], dtype=torch.float64)
    assert torch.autograd.gradcheck(module.l1_project, rows.requires_grad_())
    ours = module.L1Projection()(rows)
    (gradient,) = torch.autograd.grad(ours.square().sum(), rows)
    (wanted,) = torch.autograd.grad(module.l1_project(rows).square().sum(), rows)
    assert torch.allclose(gradient, wanted, atol=1e-12)


def test_the_linear_layer_is_nonexpansive_and_trains() -> None:
    torch.manual_seed(6)
    layer = module.L1ProjectedLinear(5, 3)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    x = torch.randn(30, 5)
    first = None
    for _ in range(20):
        loss = (layer(x) - x[:, :3]).square().mean()
        first = first if first is not None else float(loss.detach())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert operator_norm_at_most(matrix(layer.weight), 1, float("inf"))
    assert float(loss.detach()) < first
    with torch.no_grad():
        layer.weight = torch.ones(3, 5)
    assert operator_norm_at_most(matrix(layer.weight), 1, float("inf"))
    parametrize.remove_parametrizations(layer, "weight")
    assert isinstance(layer, nn.Linear) and operator_norm_at_most(matrix(layer.weight), 1, float("inf"))


def test_bad_weights_are_refused() -> None:
    for bad in (
        torch.tensor([[float("nan")]]),
        torch.tensor([[1.0, float("inf")]]),
        torch.ones(2, 2, dtype=torch.float16),
        torch.ones(2, 2, dtype=torch.int64),
        torch.ones(3),
        torch.ones(0, 3),
    ):
        with pytest.raises(RoundingError):
            module.certified_rows(bad)
