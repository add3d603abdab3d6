"""Populations near the hardware's rate: values and exact Jacobians, a few networks at a time, all inside one cache.

`Population.exact` leaves the weights untouched and decides ties as the rational reading does; `Population.fast` rotates
them (`lipcheck.readings.rotated`), for search only. A chunk is as many networks as the cache holds with one weight and
two buffers each. Networks are independent: the cut into chunks only decides which of them are at hand together.

Importing this module imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from lipcheck.layers import Abs, GroupSort, ReLU
from lipcheck.network import NetworkError
from lipcheck.readings.halves import halves, refuse_other_layers
from lipcheck.readings.passes import Passes, Steps, desk_width, mark_widths
from lipcheck.readings.rotated import rotated
from lipcheck.readings.steps import AbsHalf, Bend, SortPairs, Step
from lipcheck.readings.tensor import Kind, TensorNetwork, check_points
from lipcheck.readings.tensor_layers import all_finite

_SECOND_CACHE = Path("/sys/devices/system/cpu/cpu0/cache/index2/size")


class Part(NamedTuple):
    """Some consecutive networks, with the values and, where they were asked for, the Jacobians of these."""

    networks: slice
    values: Tensor
    jacobians: Tensor | None


class Population:
    """Networks of one architecture made ready for many points: build it with `exact` or `fast`.

    The layers must begin and end with an affine one; in between stand Abs, ReLU and GroupSort(2), MaxMin included.
    """

    def __init__(self, steps: Steps, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> None:
        self._steps, self._weights, self._biases = steps, weights, biases
        self.networks, self.outputs, self.inputs = len(weights[0]), weights[-1].shape[1], weights[0].shape[2]

    @classmethod
    def exact(cls, network: TensorNetwork, *, halved: bool = True) -> Population:
        """The population with its weights untouched; ties are decided as in the rational reading.

        With `halved`, pairs are in halves (`lipcheck.readings.halves`): the same numbers in another order. Without,
        every product is that of the tensor reading, and the results are equal bit by bit; slower where points are few.
        """
        refuse_other_layers(network.kinds)
        steps, weights, biases = [_step(kind, halved) for kind in network.kinds], network.weights, network.biases
        return cls(steps, *(halves(network.kinds, weights, biases) if halved else (weights, biases)))

    @classmethod
    def fast(cls, network: TensorNetwork) -> Population:
        """The population with rotated pairs, for search only: values move by units of rounding, near-ties may flip."""
        steps = [AbsHalf() if isinstance(kind, GroupSort) else _step(kind, True) for kind in network.kinds]
        return cls(steps, *rotated(network.kinds, network.weights, network.biases))

    def values(self, x: Tensor) -> Tensor:
        """Values (networks, points, outputs) at x, (points, inputs) for all or (networks, points, inputs).

        Raises NetworkError when x, or the result, holds NaN or infinity.
        """
        check_points(x, self.networks, self.inputs, self._weights[0])
        values = x.new_empty(self.networks, self.outputs, x.shape[-2])
        for _ in self._parts(x, self._advised(x), values, None):
            pass
        return values.transpose(1, 2)

    def values_and_jacobians(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(values, Jacobians): (networks, points, outputs) and (networks, points, outputs, inputs)."""
        check_points(x, self.networks, self.inputs, self._weights[0])
        values = x.new_empty(self.networks, self.outputs, x.shape[-2])
        jacobians = x.new_empty(self.networks, self.inputs, self.outputs, x.shape[-2])
        for _ in self._parts(x, self._advised(x), values, jacobians):
            pass
        return values.transpose(1, 2), jacobians.permute(0, 3, 2, 1)

    def stream(self, x: Tensor, *, memory: int, jacobians: bool = True) -> Iterator[Part]:
        """The same in parts, whose buffers the next part overwrites; at most `memory` bytes are taken for all of them.

        Raises NetworkError where a single network takes more.
        """
        check_points(x, self.networks, self.inputs, self._weights[0])
        points, one = x.shape[-2], self.bytes_each(x.shape[-2], jacobians=jacobians)
        if memory < one:
            raise NetworkError(
                f"One network at {points} points takes {one} bytes, but {memory} are allowed: allow more, or give "
                "fewer points at once."
            )
        size = min(self._advised(x), memory // one)
        values = x.new_empty(size, self.outputs, points)
        slopes = x.new_empty(size, self.inputs, self.outputs, points) if jacobians else None
        yield from self._parts(x, size, values, slopes)

    def bytes_each(self, points: int, *, jacobians: bool) -> int:
        """The bytes that buffers and results take for each network of a part."""
        numbers = 2 * desk_width(self._weights, jacobians) + self.outputs
        if jacobians:
            numbers += sum(mark_widths(self._steps, self._weights)) + self.inputs * self.outputs
        return numbers * points * self._weights[0].dtype.itemsize

    def _parts(self, x: Tensor, size: int, values: Tensor, jacobians: Tensor | None) -> Iterator[Part]:
        """All parts of `size` networks, written into results for all networks, or into the same ones for each part."""
        passes = Passes(
            self._steps, self._weights, self._biases, size=size, points=x.shape[-2], jacobians=jacobians is not None
        )
        h = x.detach().transpose(-1, -2).expand(self.networks, -1, -1)
        for part, some in enumerate(torch.split(h, size)):
            if not all_finite(some):
                raise NetworkError("The input holds NaN or infinity: give finite numbers.")
            start = part * size
            rows = slice(start, start + len(some))
            place = rows if len(values) == self.networks else slice(len(some))
            passes.forward(part, some, values[place])
            if jacobians is not None:
                passes.backward(part, jacobians[place])
            slopes = None if jacobians is None else jacobians[place].permute(0, 3, 2, 1)
            yield Part(rows, values[place].transpose(1, 2), slopes)

    def _advised(self, x: Tensor) -> int:
        largest = max(weight[0].numel() for weight in self._weights)
        each = (largest + 2 * desk_width(self._weights, False) * x.shape[-2]) * self._weights[0].dtype.itemsize
        return min(self.networks, max(1, torch.get_num_threads() * second_cache() // each))


@cache
def second_cache() -> int:
    """The bytes of one core's second cache; a megabyte where the system does not tell."""
    text = _SECOND_CACHE.read_text().strip() if _SECOND_CACHE.exists() else "1024K"
    return int(text.removesuffix("K")) * 1024


def _step(kind: Kind, halved: bool) -> Step | Literal["affine"]:
    if isinstance(kind, GroupSort):
        return SortPairs(kind.order == "descending", halved)
    return Bend(kind) if isinstance(kind, Abs | ReLU) else "affine"
