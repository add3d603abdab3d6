"""Convolutions with an operator norm of at most one, by the norm of their filters.

With F the filter as a matrix of one row per output channel, T the layer's matrix, k taps, stride s and dilation d along
an axis: ||T||_2 <= sqrt(c) ||F||_2, c the product over the axes of ceil(k / (s / gcd(s, d))), which is how often a
pixel is read at most; with groups, the largest bound of a group. This holds for every size of image with zero padding
of any width. With circular padding it holds with 1 in place of s, as long as p pixels on each side have 2 p <= d (k -
1): wider padding repeats outputs, and other kinds of padding read the border more often. Constant filters attain it for
stride 1 and 2 p = k - 1 (anil2019.convolution_bound.rescaled). The norm of the filter alone is no bound: it is at most
||T||_2, on images that hold the filter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from lipcheck.norms import NormError, verified_spectral_norm

Convolution = nn.Conv1d | nn.Conv2d | nn.Conv3d


def multiplicity(kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]) -> int:
    """How often a pixel is read at most: the product over the axes of ceil(k / (s / gcd(s, d)))."""
    return math.prod(-(-k // (s // math.gcd(s, d))) for k, s, d in zip(kernel, stride, dilation, strict=True))


def convolution_bound(weight: Tensor, stride: Sequence[int], dilation: Sequence[int], groups: int = 1) -> float:
    """An upper bound on the operation's norm, for every image, with zero padding (circular: see the module's text).

    Certified for the filter's floats, in exact arithmetic; inf beyond the range of float64. Raises NormError as
    `verified_spectral_norm`, and for strides, dilations and groups that do not fit the filter.
    """
    sizes = (*stride, *dilation, groups)
    fitting = len(stride) == len(dilation) == weight.ndim - 2 >= 1 and min(sizes) >= 1 and len(weight) % groups == 0
    if not fitting:
        raise NormError(
            f"The filter has shape {tuple(weight.shape)}, stride {tuple(stride)}, dilation {tuple(dilation)}, {groups} "
            "groups: give outputs, inputs and taps, one stride and dilation for each axis of taps, equal groups."
        )
    count = multiplicity(weight.shape[2:], stride, dilation)
    filters = weight.detach().cpu().flatten(1).chunk(groups)
    upper = max(verified_spectral_norm(part.contiguous().numpy())[1] for part in filters)
    # Both the root and the product are rounded up.
    return math.nextafter(math.nextafter(math.sqrt(count), math.inf) * upper, math.inf)


class ConvolutionNormalization(nn.Module):
    """A parametrization of filters: divided, where it exceeds one, by the bound of `convolution_bound`.

    Guarantee: the floats that are returned have a bound of at most one, so the layer is 1-Lipschitz in the 2-norm, in
    exact arithmetic. The gradient takes the divisor for a constant.
    """

    def __init__(self, stride: Sequence[int], dilation: Sequence[int], groups: int = 1) -> None:
        super().__init__()
        self.stride, self.dilation, self.groups = tuple(stride), tuple(dilation), groups

    def forward(self, weight: Tensor) -> Tensor:
        """The normalized filter."""
        divisor, eps = 1.0, torch.finfo(weight.dtype).eps
        bound = self._bound(weight)
        for doubling in range(60):
            scaled = weight / divisor
            if self._bound(scaled) <= 1:
                return scaled
            divisor = bound * (1 + (2**doubling - 1) * eps)
            if divisor > torch.finfo(weight.dtype).max:
                break
        raise NormError(f"The bound {bound:.3g} is beyond the range of {weight.dtype}: scale the filter first.")

    def _bound(self, weight: Tensor) -> float:
        return convolution_bound(weight, self.stride, self.dilation, self.groups)


def normalized_convolution(layer: Convolution) -> Convolution:
    """The layer with its filter parametrized by `ConvolutionNormalization`.

    Raises NormError for other layers and for padding that reads pixels more often than a filter has taps.
    """
    if not isinstance(layer, Convolution):
        raise NormError(f"The layer is a {type(layer).__name__}: give a Conv1d, Conv2d or Conv3d.")
    circular = layer.padding_mode == "circular"
    if not (layer.padding_mode == "zeros" or (circular and _narrow(layer))):
        raise NormError(
            f"The padding is {layer.padding_mode!r} of {layer.padding}, which reads pixels more often than the filter "
            "has taps: use zeros, or circular padding of at most dilation (kernel_size - 1) / 2."
        )
    stride = (1,) * len(layer.stride) if circular else layer.stride
    normalization = ConvolutionNormalization(stride, layer.dilation, layer.groups)
    parametrize.register_parametrization(layer, "weight", normalization)
    return layer


def _narrow(layer: Convolution) -> bool:
    """Whether each side's padding is so narrow that stride 1 gives at most as many outputs as pixels."""
    if isinstance(layer.padding, str):
        return True
    sizes = zip(layer.padding, layer.dilation, layer.kernel_size, strict=True)
    return all(2 * p <= d * (k - 1) for p, d, k in sizes)


def unfolded(layer: Convolution, size: Sequence[int]) -> Tensor:
    """The layer's matrix T without bias, for images of this size: its columns are the responses to unit images."""
    pixels = layer.in_channels * math.prod(size)
    basis = torch.eye(pixels, dtype=layer.weight.dtype, device=layer.weight.device)
    with torch.no_grad():
        images = basis.reshape(pixels, layer.in_channels, *size)
        response = layer(images) - layer(torch.zeros_like(images))
    columns: Tensor = response.reshape(pixels, -1)
    return columns.T
