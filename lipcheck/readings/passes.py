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
    """Buffers for at most `networks` networks at `points` points, and the passes that use them.

    `weights` (networks, out, in) and `biases` (networks, out) are those of all networks; a call names some of them.
    """

    def __init__(
        self,
        steps: Steps,
        weights: Sequence[Tensor],
        biases: Sequence[Tensor],
        *,
        networks: int,
        points: int,
        jacobians: bool,
    ) -> None:
        self._steps, self._weights, self._biases = steps, weights, [bias[:, :, None] for bias in biases]
        self.networks, self.points = networks, points
        like = weights[0]
        self.desk = Desk(like.new_empty(2, networks * desk_width(weights, jacobians) * points))
        widths = mark_widths(steps, weights) if jacobians else [0] * len(steps)
        self._marks = [like.new_empty(networks, width, points) if width else None for width in widths]

    @torch.no_grad()
    def forward(self, rows: slice, x: Tensor, out: Tensor) -> None:
        """Values (networks, outputs, points) of the networks `rows` at x (networks, inputs, points), into `out`."""
        h, place, count = x, 0, len(out)
        for step, mark in zip(self._steps, self._marks, strict=True):
            if step == "affine":
                weight, bias = self._weights[place][rows], self._biases[place][rows]
                place += 1
                last = place == len(self._weights)
                target = out if last else self.desk.take(count, weight.shape[1], self.points)
                if weight.device.type == "cpu":
                    weight.sum()
                with torch.autocast(h.device.type, enabled=False):
                    h = torch.baddbmm(bias, weight, h, out=target)
            else:
                h = step.apply(h, None if mark is None else mark[:count], self.desk)
        refuse_overflow(out)

    @torch.no_grad()
    def backward(self, rows: slice, out: Tensor) -> None:
        """Jacobians (networks, inputs, outputs, points), into `out`, for the networks and points of the last `forward`.

        The rows keep a last axis of length 1, off the desk, until a pattern tells the points apart.
        """
        place, count = len(self._weights) - 1, len(out)
        slopes = self._weights[place][rows].transpose(1, 2)[:, :, :, None]
        for step, mark in reversed(list(zip(self._steps[:-1], self._marks[:-1], strict=True))):
            if mark is not None and step != "affine":
                slopes = step.pull(slopes, mark[:count], self.desk)
                continue
            place -= 1
            weight = self._weights[place][rows].transpose(1, 2)
            shape = (count, weight.shape[1], *slopes.shape[2:])
            with torch.autocast(out.device.type, enabled=False):
                if slopes.shape[3] != self.points:
                    slopes = torch.bmm(weight, slopes.flatten(2)).view(shape)
                else:
                    target = self.desk.take(*shape) if place else out
                    torch.bmm(weight, slopes.flatten(2), out=target.flatten(2))
                    slopes = target
        if slopes is not out:
            out.copy_(slopes.expand_as(out))
        refuse_overflow(out)


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
