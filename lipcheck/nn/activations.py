"""Activations as torch modules: each holds its layer of `lipcheck.network` and acts on tensors (..., features).

Differentiable, for every dtype and device. What a layer does is written once, in `lipcheck.readings.tensor_layers`; at
ties autograd shares the derivative as torch's operations do, while the rational reading decides (see there).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lipcheck import layers
from lipcheck.layers import Affine, Layer, Order
from lipcheck.readings.tensor_layers import activation


class Activation(nn.Module):
    """The module of any layer but Affine, (..., layer inputs) -> (..., layer outputs)."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        if isinstance(layer, Affine):
            raise TypeError("An affine layer is no activation: use torch.nn.Linear or lipcheck.nn.to_module.")
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        """The layer at x; NetworkError where the last axis does not fit."""
        self.layer.outputs(x.shape[-1])
        return activation(self.layer, x.reshape(-1, x.shape[-1], 1)).reshape(*x.shape[:-1], -1)

    def extra_repr(self) -> str:
        """The layer's own data, as printed inside the module's parentheses."""
        return repr(self.layer).partition("(")[2].removesuffix(")")


class Abs(Activation):
    """y_i = |x_i|."""

    def __init__(self) -> None:
        super().__init__(layers.Abs())


class ReLU(Activation):
    """y_i = max(x_i, 0)."""

    def __init__(self) -> None:
        super().__init__(layers.ReLU())


class LeakyReLU(Activation):
    """y_i = x_i where x_i > 0, slope x_i elsewhere; the slope is kept exactly and rounded when used."""

    def __init__(self, slope: object) -> None:
        super().__init__(layers.LeakyReLU(slope))


class Elementwise(Activation):
    """y_i = f(x_i) for a smooth f named in `lipcheck.network.ELEMENTWISE`."""

    def __init__(self, name: str) -> None:
        super().__init__(layers.Elementwise(name))


class GroupSort(Activation):
    """Sorts consecutive groups of `size` features."""

    def __init__(self, size: int, *, order: Order) -> None:
        super().__init__(layers.GroupSort(size, order=order))


class MaxMin(Activation):
    """(max(x_0, x_1), min(x_0, x_1), max(x_2, x_3), ...)."""

    def __init__(self) -> None:
        super().__init__(layers.MaxMin())


class FullSort(Activation):
    """Sorts all features."""

    def __init__(self, order: Order) -> None:
        super().__init__(layers.FullSort(order))


class Maxout(Activation):
    """The maximum of each consecutive group of `size` features."""

    def __init__(self, size: int) -> None:
        super().__init__(layers.Maxout(size))


class Select(Activation):
    """y_i = x[indices[i]] of `width` features. The indices travel with the module to its device, not in its state."""

    def __init__(self, indices: tuple[int, ...], width: int) -> None:
        super().__init__(layers.Select(indices, width))
        self.indices: Tensor
        self.register_buffer("indices", torch.tensor(indices), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """The selected features; NetworkError where the last axis does not fit."""
        self.layer.outputs(x.shape[-1])
        return x.index_select(-1, self.indices)


def of_layer(layer: Layer) -> Activation:
    """The module of a layer that is not affine."""
    match layer:
        case layers.Abs():
            return Abs()
        case layers.ReLU():
            return ReLU()
        case layers.LeakyReLU(slope=slope):
            return LeakyReLU(slope)
        case layers.Elementwise(name=name):
            return Elementwise(name)
        case layers.MaxMin():
            return MaxMin()
        case layers.GroupSort(size=size, order=order):
            return GroupSort(size, order=order)
        case layers.FullSort(order=order):
            return FullSort(order)
        case layers.Maxout(size=size):
            return Maxout(size)
        case layers.Select(indices=indices, width=width):
            return Select(indices, width)
        case _:
            return Activation(layer)
