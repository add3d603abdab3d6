"""A population on a CUDA device whose layers are fused into one kernel: one launch instead of one per layer.

Importing this module imports torch; triton is imported when a kernel is first launched.

**Layout.** Hidden widths are filled up to a power of two, 2 H, with units whose weights and biases are 0 and which stay
0 under every activation here. Of a sorted pair (2i, 2i+1) one unit goes to place i, the other to place H + i, so that
sorting compares two halves entry by entry. Both only move rows and columns: the numbers are the network's own.

**Exactness.** Products and sums are IEEE (fused multiply-add, in any order), never TF32, except in the variant named
after it. Free of rounding, on small dyadic data, values and Jacobians therefore equal those of TensorNetwork and of the
rational reading; ties are decided as there. Otherwise they differ by rounding: proposals, as all floats are. What does
not fit falls back to TensorNetwork, and `obstacle` says why.
"""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from lipcheck.network import NetworkError
from lipcheck.readings.fused_launch import (
    Packed,
    Variant,
    activation_name,
    device_obstacle,
    interpreted,
    launch,
    shape_obstacle,
    triton_version,
)
from lipcheck.readings.tensor import TensorNetwork


class Doubt:
    """A flag on the device that kernels raise when they meet NaN or infinity, be it in points that only fill up a tile.

    Looking at it waits for the device. Calls that share one run back to back and are looked at once, by `refuse`.
    """

    def __init__(self, device: torch.device) -> None:
        self.flag = torch.zeros(1, dtype=torch.int32, device=device)

    def refuse(self) -> None:
        """NetworkError if any number may not have been finite in the calls so far."""
        if self.flag.item():
            raise NetworkError(
                "An input or a result may hold NaN or infinity: repeat the calls without a doubt, which tells where."
            )


class FusedNetwork(TensorNetwork):
    """A TensorNetwork whose values and Jacobians come from one kernel where its architecture and device allow it."""

    variant = Variant()

    @cached_property
    def obstacle(self) -> str:
        """Why the layers cannot be fused, as half a sentence; empty where they can."""
        if self.device.type != "cuda" and not interpreted():
            return f"the device is {self.device}, not cuda"
        if not triton_version():
            return "triton is not installed (pip install triton)"
        shape = shape_obstacle(self.kinds, self._widths, self.dtype)
        return shape or device_obstacle(self.device, self._width, self.dtype, self.variant)

    def forward(self, x: Tensor, doubt: Doubt | None = None) -> Tensor:
        """As in TensorNetwork, and by it where a gradient is asked for; with a doubt, which is not looked at."""
        return self._launch(x, doubt, jacobian=False)[0] if self._fits(x) else super().forward(x)

    def jacobian(self, x: Tensor, doubt: Doubt | None = None) -> tuple[Tensor, Tensor]:
        """As in TensorNetwork; with a doubt, which is not looked at."""
        return self._launch(x, doubt, jacobian=True) if self._fits(x) else super().jacobian(x)

    def _fits(self, x: Tensor) -> bool:
        wanted = torch.is_grad_enabled() and any(t.requires_grad for t in (x, *self.weights, *self.biases))
        return not self.obstacle and not wanted and x.numel() > 0

    @cached_property
    def _width(self) -> int:
        """The width of the kernels' layers: a power of two, at least 32."""
        return max(32, 1 << (max(self._widths) - 1).bit_length())

    @cached_property
    def _widths(self) -> list[int]:
        return [self.inputs, *(weight.shape[1] for weight in self.weights[:-1])]

    @cached_property
    def packed(self) -> Packed:
        """The weights in the kernels' layout, copied once: do not change them afterwards."""
        width, depth, kind = self._width, len(self.weights) - 1, activation_name(self.kinds[1])
        halved = kind in ("max", "min")
        full = all(units == width for units in self._widths)
        weights = (torch.empty if full else torch.zeros)(
            self.population, depth, width, width, dtype=self.dtype, device=self.device
        )
        biases = weights.new_zeros(self.population, depth, width)
        head = weights.new_zeros(self.population, self.outputs, width)
        for i in range(depth):
            _fill(weights[:, i], self.weights[i], (halved, halved and i > 0))
            _fill(biases[:, i], self.biases[i], (halved,))
        _fill(head, self.weights[-1], (False, halved))
        return Packed(weights, biases, head, self.biases[-1].contiguous(), kind)

    @torch.no_grad()
    def _launch(self, x: Tensor, doubt: Doubt | None, *, jacobian: bool) -> tuple[Tensor, Tensor]:
        points, width = x.shape[-2], self._width
        tile = self.variant.tile if points > 32 else 32
        padded = -(-points // tile) * tile
        given = self._padded(x, padded)
        values = given.new_empty(self.population, self.outputs, padded)
        rows = given.new_empty(self.population, self.outputs, padded, width) if jacobian else values
        launch(self.variant, self.packed, given, values, rows, (doubt or self._doubt).flag, tile, jacobian=jacobian)
        values, rows = values[:, :, :points].transpose(1, 2), rows[:, :, :points, : self.inputs] if jacobian else rows
        rows = rows.transpose(1, 2) if jacobian else rows
        if doubt is None and self._doubt.flag.item():
            self._doubt.flag.zero_()
            self._enter(x)
            if not bool(torch.isfinite(values).all() and torch.isfinite(rows).all()):
                raise NetworkError(f"The result overflowed {self.dtype}: scale the network down or use a wider dtype.")
        return values, rows

    def _padded(self, x: Tensor, points: int) -> Tensor:
        """The points as (population, points, width), filled up with zeros."""
        given, shape = (x.dtype, x.device, x.shape), (self.population, points, self._width)
        if given == (self.dtype, self.device, shape):
            # The kernels look at these numbers themselves.
            return x.contiguous()
        padded = self.weights[0].new_zeros(shape)
        padded[:, : x.shape[-2], : self.inputs] = self._enter(x).transpose(1, 2)
        return padded

    @cached_property
    def _doubt(self) -> Doubt:
        return Doubt(self.device)


def _fill(packed: Tensor, given: Tensor, halved: tuple[bool, ...]) -> None:
    """Copy to the first units along each axis but the population's, or to the first ones of both halves, by turns."""
    for dim in range(len(halved), 0, -1):
        count = given.shape[dim]
        if halved[dim - 1]:
            packed = torch.unflatten(packed, dim, (2, -1)).narrow(dim + 1, 0, count // 2).transpose(dim, dim + 1)
            given = torch.unflatten(given, dim, (-1, 2))
        else:
            packed = packed.narrow(dim, 0, count)
    packed.copy_(given)
