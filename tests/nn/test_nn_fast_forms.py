"""The fast forms of sorting pairs and of the l1 projection: the same numbers as the plain forms, wherever used."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

torch = pytest.importorskip("torch")

from torch import Tensor  # noqa: E402

from lipcheck.layers import GroupSort, MaxMin  # noqa: E402
from lipcheck.nn import activations as modules  # noqa: E402
from lipcheck.nn import l1_projection  # noqa: E402
from lipcheck.readings import tensor_layers  # noqa: E402
from lipcheck.readings.eager import is_eager  # noqa: E402

torch.set_num_threads(1)

SPECIAL = (0.0, -0.0, 1.0, -1.0, float("inf"), -float("inf"), float("nan"), 1e-45)


def stacked(h: Tensor, ascending: bool) -> Tensor:
    a, b = h.unflatten(1, (-1, 2)).unbind(2)
    low, high = torch.minimum(a, b), torch.maximum(a, b)
    return torch.stack([low, high] if ascending else [high, low], 2).flatten(1, 2)


def same(x: Tensor, y: Tensor) -> bool:
    """The same numbers, zeros of either sign alike, with NaN in the same places."""
    return torch.equal(x.isnan(), y.isnan()) and torch.equal(x.nan_to_num(), y.nan_to_num())


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("points", [1, 3, 70])
def test_sorted_pairs_are_the_stacked_form(dtype: torch.dtype, points: int) -> None:
    pairs = torch.tensor(list(itertools.product(SPECIAL, repeat=2)), dtype=dtype)
    h = pairs.reshape(1, -1, 1).expand(2, -1, points)
    torch.manual_seed(0)
    for x in (h, h.contiguous(), torch.randn(5, 6, points, dtype=dtype), torch.empty(0, 4, points, dtype=dtype)):
        for layer, ascending in ((GroupSort(2, order="ascending"), True), (MaxMin(), False)):
            assert same(tensor_layers.activation(layer, x), stacked(x, ascending))
    low, high = tensor_layers.activation(GroupSort(2, order="ascending"), h)[0, :, 0].unflatten(0, (-1, 2)).unbind(1)
    assert torch.equal(low.isnan(), pairs.isnan().any(1)) and torch.equal(high.isnan(), pairs.isnan().any(1))


def test_the_input_stays_as_it_is() -> None:
    x = torch.randn(4, 6)
    kept = x.clone()
    modules.MaxMin()(x)
    assert torch.equal(x, kept)


def test_gradients_and_transforms_take_the_plain_form() -> None:
    torch.manual_seed(1)
    layer = modules.MaxMin()
    x = torch.tensor([[1.0, 1.0, 3.0, 2.0]], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad((layer(x) * torch.tensor([1.0, 3.0, 5.0, 7.0])).sum(), x)
    # Equal inputs share the derivative, as in torch.maximum.
    assert gradient.tolist() == [[2.0, 2.0, 5.0, 7.0]]
    many = torch.randn(5, 3, 4, dtype=torch.float64)
    assert torch.equal(torch.func.vmap(layer)(many), layer(many))
    row = many[0, 0]
    assert torch.equal(torch.func.jacfwd(layer)(row), torch.func.jacrev(layer)(row))
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(row, torch.ones_like(row))
        assert not is_eager(dual) and layer(dual).shape == row.shape
    assert torch.equal(torch.export.export(layer, (many[0],)).module()(many[0]), layer(many[0]))


def by_sorting(function: Callable[[], Tensor], monkeypatch: pytest.MonkeyPatch) -> Tensor:
    with monkeypatch.context() as patch:
        patch.setattr(l1_projection, "_MANY", float("inf"))
        return function()


ALONG, ACROSS = 1, 10**9


def always_fast(monkeypatch: pytest.MonkeyPatch, long: int) -> None:
    """Passes along or across the rows at every shape, and an error instead of a way back to sorting."""
    monkeypatch.setattr(l1_projection, "_MANY", 0)
    monkeypatch.setattr(l1_projection, "_LONG", long)
    monkeypatch.setattr(Tensor, "sort", lambda *_, **__: pytest.fail("sorted"))


def adversaries(dtype: torch.dtype) -> list[list[float]]:
    eps = torch.finfo(dtype).eps
    return [
        [1.0] * 24,
        [1.0 + eps * (i % 3) for i in range(24)],
        [1e16, *[1.0] * 23],
        [torch.finfo(dtype).max / 2] * 2 + [1e-30] * 22,
        [1.0, *[1 - 1 / 23] * 23],
        [0.0] * 24,
        [1 / 24] * 24,
        [(-1) ** i * 2.0**-i for i in range(24)],
        [5.0, 4.0, *[4.0 + eps * 4] * 11, *[-4.0] * 11],
    ]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("radius", [1.0, 0.125, 30.0])
@pytest.mark.parametrize("long", [ALONG, ACROSS])
def test_passes_agree_with_rationals(
    dtype: torch.dtype, radius: float, long: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    always_fast(monkeypatch, long)
    rows = torch.tensor(adversaries(dtype), dtype=dtype)
    found, wanted = l1_projection.l1_project(rows, radius), l1_projection.l1_project_exact(rows, radius)
    for row, p, size in zip(found.tolist(), wanted, rows.abs().amax(1).tolist(), strict=True):
        # Each entry is below - t with |t| <= radius: a rounding of each, and those of the sum and of its quotient.
        slack = 30 * torch.finfo(dtype).eps * max(radius, min(1.0, size))
        assert all(abs(float(a - b)) <= slack for a, b in zip(map(l1_projection.exact, row), p, strict=True))


@pytest.mark.parametrize("shape", [(40, 500), (3, 7, 900), (2, 20000), (5, 500, 7), (3000, 12)])
@pytest.mark.parametrize("long", [ALONG, ACROSS])
def test_passes_agree_with_sorting(shape: tuple[int, ...], long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(2)
    for scale in (1.0, shape[-1] ** -0.5, 3 / shape[-1], 1e-9):
        rows = (torch.randn(shape, dtype=torch.float64) * scale).requires_grad_()
        assert rows.numel() >= l1_projection._MANY
        plain = by_sorting(lambda rows=rows: l1_projection.l1_project(rows), monkeypatch)  # type: ignore[misc]
        with monkeypatch.context() as patch:
            always_fast(patch, long)
            fast = l1_projection.l1_project(rows)
        assert (fast - plain).abs().max() <= 1e-14
        weights = torch.randn(shape, dtype=torch.float64)
        ours, theirs = (torch.autograd.grad((y * weights).sum(), rows)[0] for y in (fast, plain))
        assert torch.allclose(ours, theirs, rtol=0, atol=1e-12)


def test_a_row_that_takes_long_is_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that shrink faster and faster leave one at a time."""
    row = torch.tensor([[-(3.0**i) for i in range(60)] + [0.0]], dtype=torch.float64) / 3.0**40
    monkeypatch.setattr(l1_projection, "_PASSES", 2)
    assert l1_projection._active(row - 0.0, 1e-3, -1) is None
    monkeypatch.setattr(l1_projection, "_MANY", 0)
    rows = torch.randn(4, 100, dtype=torch.float64)
    plain = by_sorting(lambda: l1_projection.l1_project(rows), monkeypatch)
    assert torch.equal(l1_projection.l1_project(rows), plain)


@pytest.mark.parametrize("long", [ALONG, ACROSS])
def test_bad_rows_and_empty_batches_come_out_alike(long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = torch.rand(5, 30)
    rows[1, 3], rows[2, 4], rows[3, 5] = float("nan"), float("inf"), -float("inf")
    plain = by_sorting(lambda: l1_projection.l1_project(rows), monkeypatch)
    always_fast(monkeypatch, long)
    fast = l1_projection.l1_project(rows)
    assert fast[1:4].isnan().all() and plain[1:4].isnan().all()
    assert torch.allclose(fast[[0, 4]], plain[[0, 4]], atol=1e-6)
    assert l1_projection.l1_project(torch.ones(0, 30)).shape == (0, 30)


def test_few_digits_and_transforms_are_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(l1_projection, "_MANY", 0)
    monkeypatch.setattr(l1_projection, "_active", lambda *_: pytest.fail("not sorted"))
    rows = torch.randn(4, 40)
    assert l1_projection.l1_project(rows.bfloat16()).dtype == torch.bfloat16
    monkeypatch.undo()
    assert torch.allclose(torch.func.vmap(l1_projection.l1_project)(rows), l1_projection.l1_project(rows), atol=1e-6)
