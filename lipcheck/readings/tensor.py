"""The tensor reading: one network, or a population of one architecture, in floating point on cpu or cuda.

Importing this module imports torch: do it inside functions. Only torch is needed besides the standard library.

Inside, a batch is laid out (population, features, points) and a layer is one batched product W h + b. The Jacobian is
propagated through the sort patterns, not differentiated: ties are decided as in the rational reading (stable sorting,
lowest winning index, slope at 0: ReLU 0, LeakyReLU its slope, Abs 1), while autograd at ties mixes the pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from lipcheck.network import Affine, Layer, Maxout, Network, NetworkError, Select
from lipcheck.readings import rounding
from lipcheck.readings.tensor_layers import Pullback, activation, affine, affine_pullback, all_finite, pullback

Kind: TypeAlias = "Layer | Literal['affine']"


class TensorNetwork:
    """A population of networks of one architecture, stacked along a leading axis.

    `kinds` names the layers, "affine" standing for the next pair of `weights` (population, out, in) and `biases`
    (population, out). Build it with `from_network`, `stack` or `from_tensors`. Raises NetworkError for shapes that do
    not fit, for numbers that are not finite, and for dtypes other than float64 and float32.
    """

    def __init__(
        self,
        kinds: Sequence[Kind],
        weights: Sequence[Tensor],
        biases: Sequence[Tensor],
        sources: Sequence[Network] | None = None,
    ) -> None:
        self.kinds, self.weights, self.biases = tuple(kinds), tuple(weights), tuple(biases)
        self._sources = sources
        _check_parameters(self.kinds, self.weights, self.biases)
        self.population, self.dtype, self.device = len(self.weights[0]), self.weights[0].dtype, self.weights[0].device
        self.inputs, self.outputs = _check_widths(self.kinds, self.weights)

    @classmethod
    def from_network(
        cls, network: Network, dtype: torch.dtype = torch.float64, device: str | torch.device = "cpu"
    ) -> TensorNetwork:
        """The network as a population of one, its numbers rounded to `dtype`."""
        return cls.stack([network], dtype, device)

    @classmethod
    def stack(
        cls, networks: Sequence[Network], dtype: torch.dtype = torch.float64, device: str | torch.device = "cpu"
    ) -> TensorNetwork:
        """Networks that differ in weights and biases only, as one population."""
        if not networks:
            raise NetworkError("The population is empty: give at least one network.")
        first = _kinds(networks[0])
        for i, network in enumerate(networks):
            if network.widths != networks[0].widths or _kinds(network) != first:
                raise NetworkError(f"Network {i} has another architecture than network 0: stack equal shapes only.")
        pairs = [[layer for layer in network.layers if isinstance(layer, Affine)] for network in networks]
        columns = list(zip(*pairs, strict=True))
        weights = [rounding.to_tensor([a.weight for a in column], dtype, device) for column in columns]
        biases = [rounding.to_tensor([a.bias for a in column], dtype, device) for column in columns]
        return cls(first, weights, biases, tuple(networks))

    @classmethod
    def from_tensors(cls, kinds: Sequence[Kind], weights: Sequence[Tensor], biases: Sequence[Tensor]) -> TensorNetwork:
        """The population whose exact weights are these floats; nothing is copied."""
        return cls(kinds, weights, biases)

    def member(self, index: int) -> Network:
        """One network of the population, with the floats' exact values."""
        return self._member([w[index] for w in self.weights], [b[index] for b in self.biases])

    def forward(self, x: Tensor) -> Tensor:
        """Values (population, points, outputs) at x, (points, inputs) for all or (population, points, inputs).

        Differentiable. Raises NetworkError when x, or the result, holds NaN or infinity.
        """
        h, pairs = self._enter(x), iter(zip(self.weights, self.biases, strict=True))
        for kind in self.kinds:
            h = affine(h, *next(pairs)) if kind == "affine" else activation(kind, h)
        return _finite(h).transpose(1, 2)

    def jacobian(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(values, Jacobians): (population, points, outputs) and (population, points, outputs, inputs).

        Free of rounding, hence equal to the rational reading, whenever every product and sum is a float: small dyadic
        data.
        """
        h, pairs = self._enter(x), iter(zip(self.weights, self.biases, strict=True))
        pullbacks: list[Pullback] = []
        for kind in self.kinds:
            if kind == "affine":
                weight, bias = next(pairs)
                pullbacks.append(affine_pullback(weight))
                h = affine(h, weight, bias)
            else:
                pullbacks.append(pullback(kind, h))
                h = activation(kind, h)
        # (population, features, outputs, points); the last axis stays of length 1 until a pattern tells points apart.
        rows = torch.eye(self.outputs, dtype=self.dtype, device=self.device)[None, :, :, None]
        rows = rows.expand(self.population, -1, -1, 1)
        for pull in reversed(pullbacks):
            rows = pull(rows)
        jacobians = rows.expand(-1, -1, -1, h.shape[2]).permute(0, 3, 2, 1)
        return _finite(h).transpose(1, 2), _finite(jacobians)

    @torch.no_grad()
    def forward_with_bound(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(values, bounds): |value - exact output| <= bound, both (population, points, outputs), bounds in float64.

        The exact output is that of the rational reading at the floats x: of the networks given to `from_network` or
        `stack`, their rounding to dtype included, or of the floats given to `from_tensors`. The derivation is in
        `lipcheck.readings.rounding`. Raises NetworkError where the argument does not hold: overflow, Elementwise
        layers, widths beyond 1 / (8 u).
        """
        h = self._enter(x)
        bound = torch.zeros_like(h, dtype=torch.float64)
        pairs = iter(zip(self.weights, self.biases, *self._rounding, strict=True))
        for kind in self.kinds:
            if kind == "affine":
                weight, bias, weight_error, bias_error = next(pairs)
                bound = rounding.affine_bound(h, bound, weight, bias, weight_error, bias_error)
                # Checked after every product: an infinite partial sum could vanish in a later maximum.
                h = _finite(affine(h, weight, bias))
            else:
                bound = rounding.activation_bound(kind, h, bound)
                h = activation(kind, h)
        return h.transpose(1, 2), _finite(bound).transpose(1, 2)

    @cached_property
    def _rounding(self) -> tuple[list[Tensor | None], list[Tensor | None]]:
        if self._sources is None:
            return [None] * len(self.weights), [None] * len(self.biases)
        columns = list(zip(*([a for a in n.layers if isinstance(a, Affine)] for n in self._sources), strict=True))
        return (
            [rounding.error([a.weight for a in c], w) for c, w in zip(columns, self.weights, strict=True)],
            [rounding.error([a.bias for a in c], b) for c, b in zip(columns, self.biases, strict=True)],
        )

    def _member(self, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> Network:
        pairs = iter(zip(weights, biases, strict=True))
        return Network(self.inputs, tuple(Affine(*next(pairs)) if k == "affine" else k for k in self.kinds))

    def _enter(self, x: Tensor) -> Tensor:
        check_points(x, self.population, self.inputs, self.weights[0])
        if not all_finite(x):
            raise NetworkError("The input holds NaN or infinity: give finite numbers.")
        return x.transpose(-1, -2).expand(self.population, -1, -1)


def check_points(x: Tensor, population: int, inputs: int, weight: Tensor) -> None:
    """NetworkError unless x is (points, inputs) or (population, points, inputs), of the weight's dtype and device."""
    rounding.refuse_reduced_precision(weight.dtype)
    if x.ndim not in (2, 3) or x.shape[-1] != inputs or (x.ndim == 3 and x.shape[0] != population):
        raise NetworkError(
            f"The input has shape {tuple(x.shape)}: give (points, {inputs}) or ({population}, points, {inputs})."
        )
    if x.dtype != weight.dtype or x.device != weight.device:
        raise NetworkError(f"The input is {x.dtype} on {x.device}: convert it to {weight.dtype} on {weight.device}.")


def _kinds(network: Network) -> tuple[Kind, ...]:
    return tuple("affine" if isinstance(layer, Affine) else layer for layer in network.layers)


def _check_parameters(kinds: tuple[Kind, ...], weights: tuple[Tensor, ...], biases: tuple[Tensor, ...]) -> None:
    count = kinds.count("affine")
    if not count or len(weights) != count or len(biases) != count:
        raise NetworkError(
            f"{count} affine layers come with {len(weights)} weights and {len(biases)} biases: give as many of each, "
            "at least one."
        )
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if weight.ndim != 3 or bias.shape != weight.shape[:2] or len(weight) != len(weights[0]):
            raise NetworkError(
                f"Weight {i} has shape {tuple(weight.shape)} and bias {i} {tuple(bias.shape)}: "
                f"give (population, out, in) and (population, out), with one population for all."
            )
        for tensor in (weight, bias):
            if tensor.dtype not in (torch.float64, torch.float32) or tensor.dtype != weights[0].dtype:
                raise NetworkError(f"Layer {i} holds {tensor.dtype}: use float64 or float32, the same for all layers.")
            if not all_finite(tensor):
                raise NetworkError(
                    f"Affine layer {i} holds NaN or infinity: give finite numbers within {tensor.dtype}."
                )


def _check_widths(kinds: tuple[Kind, ...], weights: tuple[Tensor, ...]) -> tuple[int, int]:
    shapes = iter(tuple(weight.shape[1:]) for weight in weights)
    inputs = weights[0].shape[2]
    for kind in reversed(kinds[: kinds.index("affine")]):
        inputs = kind.width if isinstance(kind, Select) else inputs * kind.size if isinstance(kind, Maxout) else inputs
    width = inputs
    for i, kind in enumerate(kinds):
        if kind != "affine":
            width = kind.outputs(width)
            continue
        rows, columns = next(shapes)
        if columns != width:
            raise NetworkError(
                f"Layer {i} receives {width} numbers but its weight has {columns} columns: give it {width}."
            )
        width = rows
    return inputs, width


def _finite(values: Tensor) -> Tensor:
    if not all_finite(values):
        raise NetworkError(f"The result overflowed {values.dtype}: scale the network down or use a wider dtype.")
    return values
