"""Networks as torch modules and back: `to_module` rounds exact numbers, `from_module` reads floats exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

import torch
from torch import Tensor, nn

from lipcheck import layers
from lipcheck.exact import NetworkError, exact
from lipcheck.layers import Affine, Layer
from lipcheck.network import Network
from lipcheck.nn.activations import Activation, of_layer
from lipcheck.nn.lattice import LatticeModule
from lipcheck.nn.rounding import grid_bits, nearest_row, round_inward, round_spectral
from lipcheck.norms import Exponent
from lipcheck.norms.arguments import as_exponent
from lipcheck.words.errors import LipcheckError

_NATIVE: dict[type[nn.Module], Layer] = {
    nn.ReLU: layers.ReLU(),
    nn.Tanh: layers.Elementwise("tanh"),
    nn.Sigmoid: layers.Elementwise("sigmoid"),
}


class ModuleError(LipcheckError, ValueError):
    """A module that is not a network of the layers that lipcheck knows."""


class NetworkModule(nn.Sequential):
    """The layers of a network in turn; `norm` is what was kept when its weights were rounded (see `to_module`).

    `norm` is data: training, and a move to another dtype, may break what it says; `from_module` reads the weights.
    """

    def __init__(self, *modules: nn.Module, inputs: int, norm: Exponent | Literal["spectral"] | None = None) -> None:
        super().__init__(*modules)
        self.inputs = inputs
        self.norm = norm

    def forward(self, x: Tensor) -> Tensor:
        """The network at x, (..., inputs) -> (..., outputs); NetworkError for another number of inputs."""
        if x.shape[-1] != self.inputs:
            raise NetworkError(f"The input has {x.shape[-1]} numbers but the network takes {self.inputs}.")
        for module in self:
            x = module(x)
        return x


def to_module(
    network: Network, *, dtype: torch.dtype = torch.float64, norm: Exponent | int | Literal["spectral"] | None = None
) -> NetworkModule:
    """The network as torch modules: `nn.Linear` for affine layers, those of `lipcheck.nn.activations` for the others.

    `norm` names the constraints that rounding keeps exactly: an exponent p those of `round_inward`, "spectral" those of
    `round_spectral`; None rounds to nearest, and keeps none. Raises RoundingError beyond the range of dtype.
    """
    grid_bits(dtype)
    if norm is not None and norm != "spectral":
        norm = as_exponent(norm, "norm")
    if norm == "spectral":
        network = round_spectral(network, dtype).network
    elif norm is not None:
        network = round_inward(network, norm, dtype).network
    modules = [_linear(a, dtype) if isinstance(a, Affine) else of_layer(a) for a in network.layers]
    return NetworkModule(*modules, inputs=network.inputs, norm=norm)


def from_module(module: nn.Module) -> Network:
    """The network that the module's floats are, read exactly. LeakyReLU slopes count as the module holds them.

    Understood: `nn.Linear`, `nn.Sequential` of what is understood, `nn.Identity`, `nn.ReLU`, `nn.LeakyReLU`, `nn.Tanh`,
    `nn.Sigmoid`, the modules of `lipcheck.nn`. Raises ModuleError for every other module, by name, for hooks and
    parametrizations, and where the first layer that fixes the number of inputs is missing; NetworkError for NaN,
    infinities and layers that do not fit.
    """
    if isinstance(module, LatticeModule):
        return module.to_lattice().network()
    found = tuple(_affine(a) if isinstance(a, nn.Linear) else a for a in flat(module))
    inputs = module.inputs if isinstance(module, NetworkModule) else _inputs(found)
    return Network(inputs, found)


def flat(module: nn.Module) -> list[nn.Linear | Layer]:
    """The module's layers in turn, affine ones as the modules that hold their tensors; ModuleError as `from_module`."""
    return list(_flat(module, type(module).__name__))


def linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    """The module of an affine layer that holds copies of these tensors."""
    made = nn.Linear(weight.shape[1], weight.shape[0], dtype=weight.dtype, device="meta")
    made.weight, made.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
    return made


def _linear(layer: Affine, dtype: torch.dtype) -> nn.Linear:
    rows = [nearest_row(row, dtype) for row in (*layer.weight, layer.bias)]
    return linear(_tensor(rows[:-1], dtype), _tensor(rows[-1:], dtype)[0])


def _affine(module: nn.Linear) -> Affine:
    rows = module.weight.detach()
    return Affine.linear(rows) if module.bias is None else Affine(rows, module.bias.detach())


def _tensor(rows: list[tuple[Fraction, ...]], dtype: torch.dtype) -> Tensor:
    """The rows, which must hold floats of dtype."""
    return torch.tensor([[float(w) for w in row] for row in rows], dtype=torch.float64).to(dtype)


def _flat(module: nn.Module, name: str) -> Iterator[nn.Linear | Layer]:
    if module._forward_hooks or module._forward_pre_hooks:
        raise ModuleError(f"{name} has forward hooks, which may change what it computes: remove them first.")
    kind = type(module)
    if kind in (nn.Sequential, NetworkModule):
        # Not `named_children`, which passes over a module that is there twice.
        for key, child in module._modules.items():
            if child is not None:
                yield from _flat(child, f"{name}[{key}] ({type(child).__name__})")
    elif kind is nn.Linear and isinstance(module, nn.Linear):
        yield module
    elif isinstance(module, Activation) and kind.__module__ == Activation.__module__:
        yield module.layer
    elif kind is nn.LeakyReLU and isinstance(module, nn.LeakyReLU):
        yield layers.LeakyReLU(exact(module.negative_slope, "negative_slope"))
    elif kind in _NATIVE:
        yield _NATIVE[kind]
    elif kind is not nn.Identity:
        raise ModuleError(
            f"{name} is no layer that lipcheck knows: use nn.Linear and the modules of lipcheck.nn, and remove what is "
            "in training only, such as dropout and parametrizations."
        )


def _inputs(found: tuple[Layer, ...]) -> int:
    factor = 1
    for layer in found:
        if isinstance(layer, Affine):
            return len(layer.weight[0]) * factor
        if isinstance(layer, layers.Select):
            return layer.width * factor
        if isinstance(layer, layers.Maxout):
            factor *= layer.size
    raise ModuleError("The module has no linear layer, so that its number of inputs is open: add nn.Linear.")
