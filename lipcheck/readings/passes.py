"""The passes of a few networks, forwards and backwards, in buffers that stay where they are.

A layer is one batched product W h + b of (networks, features, points) into a buffer. A weight is first read once from
end to end, which runs at the memory's rate: a product that fetches it by itself waits for every line. The backward pass
carries rows of the Jacobian through the transposed weights and the marks that the forward pass left; the last weight
starts it, shared by all points.

Importing this module imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from lipcheck.network import NetworkError
from lipcheck.readings.steps import Desk, Step
from lipcheck.readings.tensor_layers import all_finite

Steps: TypeAlias = "Sequence[Step | Literal['affine']]"


class Passes:
    """All networks in parts of `size`, buffers for one part at `points` points, and the passes that use them.

    No gradients are recorded, and autocast leaves products into a given buffer alone.
    """

    def __init__(
        self,
        steps: Steps,
        weights: Sequence[Tensor],
        biases: Sequence[Tensor],
        *,
        size: int,
        points: int,
        jacobians: bool,
    ) -> None:
        self._steps, self.points = steps, points
        self._weights = list(zip(*(torch.split(weight.detach(), size) for weight in weights), strict=True))
        self._biases = list(zip(*(torch.split(bias.detach()[:, :, None], size) for bias in biases), strict=True))
        like = self._weights[0][0]
        self._desk = Desk(like.new_empty(2, size * desk_width(weights, jacobians) * points))
        widths = mark_widths(steps, weights) if jacobians else [0] * len(steps)
        self._marks = [like.new_empty(size, width, points) if width else None for width in widths]

    def forward(self, part: int, x: Tensor, out: Tensor) -> None:
        """Values (networks, outputs, points) of a part at x (networks, inputs, points), into `out`."""
        parameters = iter(zip(self._weights[part], self._biases[part], strict=True))
        last, h = self._weights[part][-1], x
        for step, mark in zip(self._steps, self._marks, strict=True):
            if step != "affine":
                h = step.apply(h, self._of(mark, len(out)), self._desk)
                continue
            weight, bias = next(parameters)
            if weight.device.type == "cpu":
                weight.sum()
            target = out if weight is last else self._desk.take(len(out), weight.shape[1], self.points)
            h = torch.baddbmm(bias, weight, h, out=target)
        refuse_overflow(out)

    def backward(self, part: int, out: Tensor) -> None:
        """Jacobians (networks, inputs, outputs, points) of the part and points of the last `forward`, into `out`.

        The rows keep a last axis of length 1, off the desk, until a pattern tells the points apart.
        """
        weights = list(self._weights[part])
        slopes = weights.pop().transpose(1, 2)[:, :, :, None]
        for step, mark in reversed(list(zip(self._steps[:-1], self._marks[:-1], strict=True))):
            if mark is not None and step != "affine":
                slopes = step.pull(slopes, mark[: len(out)], self._desk)
                continue
            weight = weights.pop().transpose(1, 2)
            shape = (len(out), weight.shape[1], *slopes.shape[2:])
            target = out if shape[3] == self.points else out.new_empty(shape)
            if weights and target is out:
                target = self._desk.take(*shape)
            torch.bmm(weight, slopes.flatten(2), out=target.view(*shape[:2], -1))
            slopes = target
        if slopes is not out:
            out.copy_(slopes.expand_as(out))
        refuse_overflow(out)

    @staticmethod
    def _of(mark: Tensor | None, count: int) -> Tensor | None:
        return mark if mark is None or len(mark) == count else mark[:count]


def desk_width(weights: Sequence[Tensor], jacobians: bool) -> int:
    """The numbers per network and point that one side of the desk must hold."""
    width: int = max(max(weight.shape[1:]) for weight in weights)
    return width * weights[-1].shape[1] if jacobians else width


def mark_widths(steps: Steps, weights: Sequence[Tensor]) -> list[int]:
    """The features of each step's mark; 0 for affine layers, which leave none."""
    outs, width, found = iter(weights), 0, []
    for step in steps:
        if step == "affine":
            width = next(outs).shape[1]
        found.append(0 if step == "affine" else step.mark_width(width))
    return found


def refuse_overflow(result: Tensor) -> None:
    """NetworkError where the result holds NaN or infinity."""
    if not all_finite(result):
        raise NetworkError(f"The result overflowed {result.dtype}: scale the network down or use a wider dtype.")
