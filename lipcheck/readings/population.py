"""Populations near the hardware's rate: values and exact Jacobians, a few networks at a time, all inside one cache.

`Population.exact` leaves the weights untouched and decides ties as the rational reading does; `Population.fast` rotates
them (`lipcheck.readings.rotated`), for search only. A chunk is as many networks as the cache holds with one weight and
two buffers each. Each of torch's threads takes one chunk after the other, with buffers of its own. Networks are
independent: the cut into chunks and threads only decides which of them are at hand together.

Everything runs on the CPU; results are torch tensors. Importing this module imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor

from lipcheck.layers import Abs, GroupSort, ReLU
from lipcheck.network import NetworkError
from lipcheck.readings.halves import halves
from lipcheck.readings.passes import Passes, Steps, all_finite, desk_width, mark_widths
from lipcheck.readings.rotated import rotated
from lipcheck.readings.steps import AbsHalf, Array, Bend, SortPairs, Step
from lipcheck.readings.tensor import Kind, TensorNetwork, check_points

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
        if weights[0].device.type != "cpu":
            raise NetworkError(
                f"The networks are on {weights[0].device}, but populations are evaluated on the CPU: move them there, "
                "or evaluate a TensorNetwork."
            )
        self._steps, self._like = steps, weights[0].detach()
        joined = [torch.cat([w.detach(), b.detach()[:, :, None]], 2) for w, b in zip(weights, biases, strict=True)]
        self._weights = [weight.numpy() for weight in joined]
        self.networks, self.outputs, self.inputs = len(weights[0]), weights[-1].shape[1], weights[0].shape[2]

    @classmethod
    def exact(cls, network: TensorNetwork) -> Population:
        """The population with its numbers untouched; ties are decided as in the rational reading.

        Units are reordered so that pairs are in halves (`lipcheck.readings.halves`).
        """
        found = halves(network.kinds, network.weights, network.biases)
        return cls([_step(kind) for kind in network.kinds], *found)

    @classmethod
    def fast(cls, network: TensorNetwork) -> Population:
        """The population with rotated pairs, for search only: values move by units of rounding, near-ties may flip."""
        steps = [AbsHalf() if isinstance(kind, GroupSort) else _step(kind) for kind in network.kinds]
        return cls(steps, *rotated(network.kinds, network.weights, network.biases))

    def values(self, x: Tensor) -> Tensor:
        """Values (networks, points, outputs) at x, (points, inputs) for all or (networks, points, inputs).

        Raises NetworkError when x, or the result, holds NaN or infinity.
        """
        check_points(x, self.networks, self.inputs, self._like)
        (part,) = self._parts(x, self.networks, self._chunk(x), jacobians=False)
        return part.values

    def values_and_jacobians(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(values, Jacobians): (networks, points, outputs) and (networks, points, outputs, inputs)."""
        check_points(x, self.networks, self.inputs, self._like)
        (part,) = self._parts(x, self.networks, self._chunk(x), jacobians=True)
        assert part.jacobians is not None
        return part.values, part.jacobians

    def stream(self, x: Tensor, *, memory: int, jacobians: bool = True) -> Iterator[Part]:
        """The same in parts, whose buffers the next part overwrites; at most `memory` bytes are taken for all of them.

        Raises NetworkError where a single network takes more.
        """
        check_points(x, self.networks, self.inputs, self._like)
        points, one = x.shape[-2], self.bytes_each(x.shape[-2], jacobians=jacobians)
        if memory < one:
            raise NetworkError(
                f"One network at {points} points takes {one} bytes, but {memory} are allowed: allow more, or give "
                "fewer points at once."
            )
        threads = torch.get_num_threads()
        size = min(threads * self._chunk(x), memory // one)
        yield from self._parts(x, size, max(1, size // threads), jacobians=jacobians)

    def bytes_each(self, points: int, *, jacobians: bool) -> int:
        """The bytes that buffers and results take for each network of a part."""
        numbers = 2 * desk_width(self._weights, jacobians) + self.outputs
        if jacobians:
            numbers += sum(mark_widths(self._steps, self._weights)) + self.inputs * self.outputs
        return numbers * points * self._like.element_size()

    def _parts(self, x: Tensor, size: int, chunk: int, *, jacobians: bool) -> Iterator[Part]:
        """Parts of `size` networks, evaluated by `chunk` at a time in as many threads as torch uses."""
        h, points = np.swapaxes(x.detach().expand(self.networks, -1, -1).numpy(), 1, 2), x.shape[-2]
        values = np.empty((size, self.outputs, points), h.dtype)
        slopes = np.empty((size, self.inputs, self.outputs, points), h.dtype) if jacobians else None
        threads, idle = min(torch.get_num_threads(), -(-size // chunk)), SimpleQueue[Passes]()
        for _ in range(threads):
            idle.put(Passes(self._steps, self._weights, size=chunk, points=points, jacobians=jacobians))

        def evaluate(rows: slice, place: slice) -> None:
            passes = idle.get()
            try:
                with np.errstate(all="ignore"):  # What is not finite is refused.
                    _evaluate(passes, rows, h[rows], values[place], None if slopes is None else slopes[place])
            finally:
                idle.put(passes)

        with ThreadPoolExecutor(threads) as pool:
            for start in range(0, self.networks, size):
                stop = min(start + size, self.networks)
                rows = [slice(first, min(first + chunk, stop)) for first in range(start, stop, chunk)]
                places = [slice(some.start - start, some.stop - start) for some in rows]
                for _ in (map if threads == 1 else pool.map)(evaluate, rows, places):
                    pass
                found = torch.from_numpy(values[: stop - start]).transpose(1, 2)
                rest = None if slopes is None else torch.from_numpy(slopes[: stop - start]).permute(0, 3, 2, 1)
                yield Part(slice(start, stop), found, rest)

    def _chunk(self, x: Tensor) -> int:
        """The networks that one core's second cache holds with their largest weight and two buffers."""
        largest: int = max(weight[0].size for weight in self._weights)
        each: int = (largest + 2 * desk_width(self._weights, False) * x.shape[-2]) * self._like.element_size()
        return min(self.networks, max(1, second_cache() // each))


def _evaluate(passes: Passes, networks: slice, x: Array, values: Array, jacobians: Array | None) -> None:
    if not all_finite(x):
        raise NetworkError("The input holds NaN or infinity: give finite numbers.")
    passes.forward(networks, x, values)
    if jacobians is not None:
        passes.backward(networks, jacobians)


@cache
def second_cache() -> int:
    """The bytes of one core's second cache; a megabyte where the system does not tell."""
    text = _SECOND_CACHE.read_text().strip() if _SECOND_CACHE.exists() else "1024K"
    return int(text.removesuffix("K")) * 1024


def _step(kind: Kind) -> Step | Literal["affine"]:
    if isinstance(kind, GroupSort):
        return SortPairs(kind.order == "descending")
    return Bend(kind) if isinstance(kind, Abs | ReLU) else "affine"
