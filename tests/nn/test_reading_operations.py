"""Each operation of a module, read as a graph, is what torch computes: on whole numbers, ties included."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from lipcheck.graph import Convolution, Gather, Graph, Sort  # noqa: E402
from lipcheck.graph.evaluate import evaluate  # noqa: E402
from lipcheck.nn.reading import read_module  # noqa: E402


class Function(nn.Module):
    """A function with a few constant weights at hand."""

    def __init__(self, function: Callable[..., Tensor]) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(5)
        for name, shape in {"w": (6, 4), "v": (4,), "s": (3, 4, 5), "c": (3, 1, 1)}.items():
            values = torch.randint(-4, 5, shape, generator=generator).double()
            self.register_buffer(name, values + (values == 0))
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self, x)


def agree(module: nn.Module, shape: tuple[int, ...], *, scale: float = 1.0, atol: float = 0.0) -> Graph:
    """The graph of the module, after checking it on four examples of whole numbers."""
    stored = next((t.dtype for t in module.state_dict().values() if t.is_floating_point()), torch.float64)
    graph = read_module(module, shape, stored)
    assert not graph.unknown, graph.unknown
    generator = torch.Generator().manual_seed(9)
    x = scale * torch.randint(-3, 4, (4, *shape), generator=generator).double()
    module = module.eval()
    with torch.no_grad():
        wanted = module(x.to(stored))
    found = evaluate(graph, x.numpy())
    assert found.shape == tuple(wanted.shape)
    assert np.abs(found - wanted.double().numpy()).max() <= atol
    return graph


VECTORS: dict[str, Callable[[Any, Tensor], Tensor]] = {
    "linear": lambda m, x: F.linear(x, m.w),
    "linear_bias": lambda m, x: F.linear(x, m.w, m.w[:, 0]),
    "addmm": lambda m, x: torch.addmm(m.v, x, m.s[0, :, :4], beta=2, alpha=3),
    "matmul_right": lambda m, x: x @ m.w.T,
    "matmul_left": lambda m, x: (m.w @ x.T).T,
    "matmul_vector": lambda m, x: (x @ m.v)[:, None],
    "einsum": lambda m, x: torch.einsum("bi,ji->bj", x, m.w),
    "bmm": lambda m, x: torch.bmm(x.expand(3, -1, -1), m.s).transpose(0, 1),
    "add_scalar": lambda m, x: x + 2,
    "add_alpha": lambda m, x: torch.add(x, m.v, alpha=3),
    "rsub": lambda m, x: 3 - x,
    "sub": lambda m, x: x - m.v,
    "sub_left": lambda m, x: m.v - x,
    "mul": lambda m, x: x * m.v,
    "mul_left": lambda m, x: -2 * x,
    "div": lambda m, x: x / 4,
    "residual": lambda m, x: x + 2 * F.relu(x),
    "difference": lambda m, x: x - F.relu(x[:, [1, 0, 3, 2]]),
    "broadcast": lambda m, x: x[:, :, None] + x[:, None, :],
    "neg": lambda m, x: -x,
    "abs": lambda m, x: x.abs(),
    "leaky": lambda m, x: F.leaky_relu(x, 0.25),
    "prelu": lambda m, x: F.prelu(x, m.v / 4),
    "prelu_one": lambda m, x: F.prelu(x, m.v[:1] / 4),
    "relu6": lambda m, x: F.relu6(3 * x),
    "hardtanh": lambda m, x: F.hardtanh(x, -2, 1),
    "clamp": lambda m, x: x.clamp(min=-1),
    "clamp_tensor": lambda m, x: x.clamp(max=m.v),
    "threshold": lambda m, x: F.threshold(x, 1, 1),
    "softshrink": lambda m, x: F.softshrink(x, 1),
    "where": lambda m, x: torch.where(x > 0, x, 0.5 * x),
    "where_below": lambda m, x: torch.where(x <= 0, -x, x),
    "mask": lambda m, x: x * (x > 0),
    "maximum": lambda m, x: torch.maximum(x, x.flip(1)),
    "minimum_constant": lambda m, x: torch.minimum(x, m.v),
    "maximum_scalar": lambda m, x: torch.maximum(x, torch.tensor(1.0, dtype=x.dtype)),
    "max_other": lambda m, x: torch.max(x, 2 * x),
    "maxmin": lambda m, x: torch.cat([torch.maximum(x[:, :2], x[:, 2:]), torch.minimum(x[:, 2:], x[:, :2])], 1),
    "sort": lambda m, x: x.sort(1).values,
    "sort_descending": lambda m, x: x.sort(-1, descending=True)[0],
    "sort_groups": lambda m, x: x.view(-1, 2).sort(1).values.view(x.shape),
    "sort_rows": lambda m, x: x.reshape(-1, 2, 2).sort(1)[0].flatten(1),
    "topk": lambda m, x: x.topk(4, 1).values,
    "topk_two": lambda m, x: x.topk(2, 1, largest=False).values,
    "amax": lambda m, x: x.amax(1, keepdim=True),
    "amin": lambda m, x: x.view(-1, 2, 2).amin(2),
    "max_dim": lambda m, x: x.max(1, keepdim=True).values,
    "min_dim": lambda m, x: x.min(1, keepdim=True)[0],
    "mean": lambda m, x: x.mean(1, keepdim=True),
    "sum": lambda m, x: x.sum(-1, keepdim=True),
    "cumsum": lambda m, x: x.cumsum(1),
    "select": lambda m, x: x[:, 1:3],
    "index": lambda m, x: x[:, [3, 3, 0]],
    "negative_stride": lambda m, x: x.flip(1)[:, ::2],
    "split": lambda m, x: torch.cat(x.split([1, 3], 1)[::-1], 1),
    "unbind": lambda m, x: torch.stack(x.unbind(1)[::-1], 1),
    "stack": lambda m, x: torch.stack([x, 2 * x, x.roll(1, 1)], 2),
    "concatenate_constant": lambda m, x: torch.cat([x, m.v.expand(x.shape[0], -1), torch.zeros_like(x)], 1),
    "pad_value": lambda m, x: F.pad(x, (1, 2), value=3.0),
    "assign": lambda m, x: torch.slice_scatter(x, 2 * x[:, ::2], 1, 0, 4, 2),
    "in_place": lambda m, x: x.clone().mul_(2).relu_(),
    "non_contiguous": lambda m, x: F.linear(x.reshape(-1, 2, 2).transpose(1, 2).reshape(-1, 4), m.w),
    "repeat": lambda m, x: x.repeat(1, 2),
    "repeat_interleave": lambda m, x: x.repeat_interleave(2, dim=1),
    "cast": lambda m, x: x.float().relu().double(),
    "constant": lambda m, x: m.v.expand(x.shape[0], -1) + 0 * x[:, :1],
    "positions_of_batch": lambda m, x: torch.zeros(x.shape[0], 4, dtype=x.dtype) + x,
    "masked_fill": lambda m, x: x.masked_fill(m.v > 0, 2.0),
}


@pytest.mark.parametrize("name", VECTORS)
def test_operations_on_vectors(name: str) -> None:
    agree(Function(VECTORS[name]), (4,), atol=1e-15)


IMAGES: dict[str, Callable[[Any, Tensor], Tensor]] = {
    "channels": lambda m, x: x * m.c + m.c,
    "permute": lambda m, x: x.permute(0, 2, 3, 1).reshape(x.shape[0], -1),
    "flatten": lambda m, x: x.flatten(2).transpose(1, 2),
    "dense_last": lambda m, x: F.linear(x, m.w),
    "dense_channels": lambda m, x: torch.einsum("bchw,oc->bohw", x, m.w[:, :3]),
    "mean_pixels": lambda m, x: x.mean((2, 3)),
    "sum_channels": lambda m, x: x.sum(1),
    "max_pixels": lambda m, x: x.amax((2, 3)),
    "max_channels": lambda m, x: x.max(1).values,
    "sort_channels": lambda m, x: x.sort(1, descending=True).values,
    "maxmin_channels": lambda m, x: torch.cat([torch.maximum(x[:, :1], x[:, 1:2]), x[:, 1:].minimum(x[:, :2])], 1),
    "shuffle": lambda m, x: F.pixel_unshuffle(x[:, :, :, :4], 2),
    "unshuffle_back": lambda m, x: F.pixel_shuffle(F.pixel_unshuffle(x, 2), 2),
    "upsample": lambda m, x: F.interpolate(x, scale_factor=2, mode="nearest"),
    "roll": lambda m, x: x.roll((1, 2), (2, 3)),
    "squeeze": lambda m, x: x[:, :1].squeeze(1).unsqueeze(-1),
    "batched_matrices": lambda m, x: torch.matmul(x, m.s),
    "matrices_left": lambda m, x: m.w @ x.transpose(2, 3),
    "constant_pad": lambda m, x: F.pad(x, (1, 0, 2, 1)),
    "reflect_pad": lambda m, x: F.pad(x, (1, 2, 0, 1), mode="reflect"),
    "crop": lambda m, x: F.pad(x, (-1, 0, 0, -1)),
    "prelu_channels": lambda m, x: F.prelu(x, m.c.flatten() / 2),
    "batch_moved": lambda m, x: x.transpose(0, 1).relu().transpose(0, 1),
    "batch_merged": lambda m, x: F.relu(x.reshape(-1, 4, 4)).sum(2).reshape(x.shape[0], -1),
}


@pytest.mark.parametrize("name", IMAGES)
def test_operations_on_images(name: str) -> None:
    agree(Function(IMAGES[name]), (3, 4, 4), atol=1e-14)


POOLS = [
    nn.MaxPool2d(2),
    nn.MaxPool2d(3, 2, 1),
    nn.MaxPool2d(2, 2, ceil_mode=True),
    nn.MaxPool2d(2, 1, dilation=2),
    nn.MaxPool2d((2, 1), return_indices=False),
    nn.AvgPool2d(2),
    nn.AvgPool2d(3, 2, 1),
    nn.AvgPool2d(3, 2, 1, count_include_pad=False),
    nn.AvgPool2d(2, 2, ceil_mode=True),
    nn.AvgPool2d(3, 2, 1, ceil_mode=True),
    nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
    nn.AvgPool2d(2, divisor_override=3),
    nn.AdaptiveAvgPool2d((2, 3)),
    nn.AdaptiveAvgPool2d((None, 1)),
    nn.AdaptiveMaxPool2d((2, 3)),
]


@pytest.mark.parametrize("pool", POOLS, ids=repr)
def test_pooling_of_images(pool: nn.Module) -> None:
    agree(pool.double(), (2, 5, 7), atol=1e-6)


LINES = [
    nn.MaxPool1d(3, 2, 1),
    nn.AvgPool1d(3, 2, 1),
    nn.AdaptiveAvgPool1d(3),
    nn.AdaptiveMaxPool1d(4),
    nn.ReflectionPad1d(2),
    nn.ReplicationPad1d((1, 2)),
    nn.CircularPad1d(2),
    nn.ZeroPad1d(1),
    nn.ChannelShuffle(2),
    nn.Flatten(),
    nn.Dropout(0.5),
    nn.Identity(),
]


@pytest.mark.parametrize("layer", LINES, ids=repr)
def test_layers_on_lines(layer: nn.Module) -> None:
    agree(nn.Sequential(layer, nn.ReLU()), (4, 7), atol=1e-6)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("axes", [1, 2])
def test_padding_modes_are_the_convolutions_own(mode: str, axes: int) -> None:
    """ "every padding mode": the graph holds one convolution, with its mode, and no padding beside it."""
    make = nn.Conv1d if axes == 1 else nn.Conv2d
    for stride, dilation, groups, padding in product((1, 2), (1, 2), (1, 2), (1, 2, "same")):
        if padding == "same" and stride > 1:
            continue
        layer = make(4, 6, (3, 2)[:axes], stride, padding, dilation, groups, padding_mode=mode).double()
        _whole(layer)
        graph = agree(layer, (4, *(7, 6)[:axes]))
        (convolution,) = (n.operation for n in graph.nodes if isinstance(n.operation, Convolution))
        assert not any(isinstance(n.operation, Gather) for n in graph.nodes)
        assert convolution.mode == mode or all(p == (0, 0) for p in convolution.padding)


@pytest.mark.parametrize("axes", [1, 2])
def test_transposed_convolutions(axes: int) -> None:
    make = nn.ConvTranspose1d if axes == 1 else nn.ConvTranspose2d
    for stride, dilation, groups, padding, more in product((1, 2), (1, 2), (1, 2), (0, 1), (0, 1)):
        if more < max(stride, dilation):
            layer = make(4, 6, (3, 2)[:axes], stride, padding, more, groups, dilation=dilation).double()
            _whole(layer)
            agree(layer, (4, *(5, 4)[:axes]))


def _whole(module: nn.Module) -> None:
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.round(8 * parameter))


SMOOTH = [
    nn.Tanh(), nn.Sigmoid(), nn.Softplus(threshold=40), nn.Softplus(2.0, 40), nn.ELU(0.7), nn.SELU(), nn.CELU(1.5),
    nn.SiLU(), nn.GELU(), nn.GELU(approximate="tanh"), nn.Softsign(), nn.Mish(), nn.LogSigmoid(), nn.Hardswish(),
    nn.Hardsigmoid(), nn.Hardtanh(), nn.ReLU6(), nn.RReLU(), nn.PReLU(4), nn.Tanhshrink(),
]  # fmt: skip


@pytest.mark.parametrize("activation", SMOOTH, ids=repr)
def test_activations(activation: nn.Module) -> None:
    agree(activation.double(), (4,), scale=1.5, atol=1e-14)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_weights_are_read_as_they_are_stored(dtype: torch.dtype) -> None:
    module = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)).to(dtype)
    graph = read_module(module, (3,))
    weights = [n.operation.weight for n in graph.nodes if hasattr(n.operation, "weight")]
    assert all(np.array_equal(w, m.weight.detach().double().numpy()) for w, m in zip(weights, module[::2], strict=True))
    assert [n.name for n in graph.nodes] == ["input", "0", "1", "2"]


def test_maximum_and_minimum_share_a_sort() -> None:
    graph = read_module(Function(VECTORS["maxmin"]), (4,))
    assert sum(isinstance(n.operation, Sort) for n in graph.nodes) == 1


def test_division_is_exact() -> None:
    graph = read_module(Function(lambda m, x: x / 3), (4,))
    (factor,) = (n.operation.factor for n in graph.nodes if hasattr(n.operation, "factor"))
    assert factor.ravel()[0] * 3 == 1 and math.isclose(float(factor.ravel()[0]), 1 / 3)


@pytest.mark.parametrize(
    "norm",
    [nn.GroupNorm(2, 4), nn.GroupNorm(4, 4, affine=False), nn.InstanceNorm2d(4), nn.InstanceNorm2d(4, affine=True)],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_groups_of_channels_are_standardised(norm: nn.Module, dtype: torch.dtype) -> None:
    """Factors and shifts per channel; the constant is that of the groups, and finite."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(2, 4, 2), norm, nn.ReLU()).to(dtype)
    with torch.no_grad():
        for parameter in norm.parameters():
            parameter.normal_()
    graph = read_module(net, (2, 3, 4))
    assert not graph.unknown
    x = torch.randn(3, 2, 3, 4, dtype=dtype)
    wanted = net.eval()(x).detach().double().numpy()
    assert np.abs(evaluate(graph, x.double().numpy()) - wanted).max() < (1e-12 if dtype == torch.float64 else 1e-5)


def test_statistics_that_are_kept_are_used_in_eval_mode() -> None:
    norm = nn.InstanceNorm1d(3, track_running_stats=True)
    norm(torch.randn(4, 3, 5))
    graph = read_module(norm, (3, 5))
    assert {type(node.operation).__name__ for node in graph.nodes} == {"Input", "Diagonal"}


def test_groups_without_an_epsilon_have_no_bound() -> None:
    graph = read_module(nn.Sequential(nn.GroupNorm(1, 2, eps=0.0)), (2, 3))
    assert "epsilon 0" in graph.unknown[0].operation.reason  # type: ignore[union-attr]
