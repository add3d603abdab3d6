"""Convolutions: the certified bound against unfolded matrices of many shapes."""

from __future__ import annotations

from fractions import Fraction

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from lipcheck.exact import matrix  # noqa: E402
from lipcheck.nn import convolutions as module  # noqa: E402
from lipcheck.norms import NormError, spectral_norm_at_most  # noqa: E402

torch.set_num_threads(1)

SHAPES = [
    (nn.Conv1d, 2, 3, {"kernel_size": 3, "padding": 1}, (5,)),
    (nn.Conv1d, 1, 1, {"kernel_size": 4, "padding": 3, "stride": 2}, (6,)),
    (nn.Conv1d, 2, 2, {"kernel_size": 3, "padding": 2, "dilation": 2}, (5,)),
    (nn.Conv1d, 1, 2, {"kernel_size": 5, "padding": 4, "dilation": 2, "stride": 4}, (9,)),
    (nn.Conv1d, 4, 2, {"kernel_size": 2, "groups": 2}, (4,)),
    (nn.Conv2d, 1, 2, {"kernel_size": (2, 3), "padding": (0, 1), "padding_mode": "circular"}, (3, 4)),
    (nn.Conv2d, 2, 1, {"kernel_size": 3, "padding": 1, "stride": (2, 1)}, (4, 3)),
    (nn.Conv3d, 1, 1, {"kernel_size": 2}, (2, 3, 2)),
]


@pytest.mark.parametrize(("kind", "inputs", "outputs", "options", "size"), SHAPES)
def test_the_bound_holds(kind: type, inputs: int, outputs: int, options: dict, size: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    layer = kind(inputs, outputs, dtype=torch.float64, **options)
    for filter_ in (torch.randn_like(layer.weight), torch.ones_like(layer.weight)):
        with torch.no_grad():
            layer.weight.copy_(filter_)
        bound = module.convolution_bound(layer.weight, layer.stride, layer.dilation, layer.groups)
        assert spectral_norm_at_most(matrix(module.unfolded(layer, size)), Fraction(bound))


@pytest.mark.parametrize("size", [1, 2, 5])
def test_constant_filters_attain_it_with_circular_padding(size: int) -> None:
    layer = nn.Conv1d(1, 1, 2, padding=1, padding_mode="circular", bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.fill_(1.0)
        # torch pads on both sides: n + 1 outputs, the last of which repeats the first.
        response = layer(torch.ones(1, 1, size, dtype=torch.float64))[..., :-1]
    assert response.square().sum() == 4 * size
    assert module.convolution_bound(layer.weight, (1,), (1,)) == pytest.approx(2.0, rel=1e-12)


COUNTS = [(3, 1, 1, 3), (3, 2, 1, 2), (4, 2, 1, 2), (3, 2, 2, 3), (5, 4, 2, 3)]


@pytest.mark.parametrize(("k", "s", "d", "count"), COUNTS)
def test_multiplicities(k: int, s: int, d: int, count: int) -> None:
    assert module.multiplicity((k,), (s,), (d,)) == count
    reads = max(sum((q - d * t) % s == 0 for t in range(k)) for q in range(s * d))
    assert reads == count


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_the_parametrized_layer_has_norm_at_most_one(dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    layer = module.normalized_convolution(nn.Conv2d(2, 3, 3, padding=1, dtype=dtype))
    with torch.no_grad():
        layer.parametrizations.weight.original.mul_(30)
    assert module.convolution_bound(layer.weight, layer.stride, layer.dilation) <= 1
    assert spectral_norm_at_most(matrix(module.unfolded(layer, (3, 2))), Fraction(1))
    layer(torch.randn(1, 2, 4, 4, dtype=dtype)).square().sum().backward()
    assert layer.parametrizations.weight.original.grad.abs().sum() > 0


def test_the_filters_norm_alone_is_no_bound() -> None:
    layer = nn.Conv1d(1, 1, 2, padding=1, padding_mode="circular", bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[[0.6, 0.8]]]))
        response = layer(torch.ones(1, 1, 2, dtype=torch.float64))[..., :-1]
    assert float(response.square().sum()) > 1.9 * 2


def test_wide_circular_padding_is_refused_for_a_reason() -> None:
    """Padding 1 for two taps gives n + 1 outputs, the last equal to the first: the bound fails."""
    layer = nn.Conv1d(1, 1, 2, padding=1, padding_mode="circular", bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    bound = module.convolution_bound(layer.weight, (1,), (1,))
    assert not spectral_norm_at_most(matrix(module.unfolded(layer, (3,))), Fraction(bound))
    with pytest.raises(NormError):
        module.normalized_convolution(layer)


@pytest.mark.parametrize(("stride", "size"), [(1, 2), (2, 3), (3, 4), (2, 4)])
def test_circular_layers_ignore_the_stride(stride: int, size: int) -> None:
    """On 4 pixels, 5 taps with stride 3 read one pixel 3 times, not ceil(5 / 3) times."""
    layer = nn.Conv1d(1, 1, 5, stride, padding=2, padding_mode="circular", bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    module.normalized_convolution(layer)
    assert spectral_norm_at_most(matrix(module.unfolded(layer, (size,))), Fraction(1))


def test_same_padding_of_an_even_filter() -> None:
    layer = nn.Conv1d(1, 1, 4, padding="same", padding_mode="circular", bias=False, dtype=torch.float64)
    module.normalized_convolution(layer)
    assert spectral_norm_at_most(matrix(module.unfolded(layer, (6,))), Fraction(1))


def test_padding_that_repeats_pixels_is_refused_for_a_reason() -> None:
    layer = nn.Conv1d(1, 1, 5, padding=2, padding_mode="replicate", bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    bound = module.convolution_bound(layer.weight, layer.stride, layer.dilation)
    assert not spectral_norm_at_most(matrix(module.unfolded(layer, (3,))), Fraction(bound))
    with pytest.raises(NormError):
        module.normalized_convolution(layer)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_filters_beyond_the_range_are_refused_and_not_zeroed(dtype: torch.dtype) -> None:
    layer = nn.Conv1d(2, 2, 3, dtype=dtype)
    with torch.no_grad():
        layer.weight.fill_(torch.finfo(dtype).max / 2)
    with pytest.raises(NormError):
        module.normalized_convolution(layer)


def test_what_is_refused() -> None:
    filter_ = torch.ones(3, 2, 3)
    for layer in (nn.Linear(2, 2), nn.ConvTranspose1d(2, 3, 2), nn.Conv1d(1, 1, 3, padding=1, padding_mode="reflect")):
        with pytest.raises(NormError):
            module.normalized_convolution(layer)
    for stride, dilation, groups in (((1, 1), (1,), 1), ((0,), (1,), 1), ((1,), (1,), 2), ((1,), (1,), 0)):
        with pytest.raises(NormError):
            module.convolution_bound(filter_, stride, dilation, groups)
    with pytest.raises(NormError):
        module.convolution_bound(torch.tensor([[[float("nan")]]]), (1,), (1,))


def test_filters_whose_bound_is_at_most_one_are_kept() -> None:
    layer = nn.Conv1d(1, 1, 2)
    with torch.no_grad():
        layer.weight.fill_(0.25)
    assert torch.equal(module.normalized_convolution(layer).weight, torch.full((1, 1, 2), 0.25))
