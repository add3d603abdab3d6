"""The passes of a few networks, forwards and backwards, in buffers that stay where they are.

A layer is one product (W, b) (h, 1) per network, of (features, points), into a buffer. The products are numpy's, one
call for all networks: numpy hands each to BLAS as it stands, which at 64 units takes two thirds of the time of torch's
batched product (torch with MKL, numpy with OpenBLAS, on Zen 4), and adding the bias costs one column instead of a
pass. The backward pass carries rows of the Jacobian through the transposed weights and the marks that the forward pass
left; the last weight starts it, shared by all points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from lipcheck.network import NetworkError
from lipcheck.readings.steps import Array, Desk, Step

Steps: TypeAlias = "Sequence[Step | Literal['affine']]"


class Passes:
    """Buffers for at most `size` networks at `points` points, and the passes that use them.

    The weights (networks, out, in + 1) hold the biases as their last columns.
    """

    def __init__(self, steps: Steps, weights: Sequence[Array], *, size: int, points: int, jacobians: bool) -> None:
        self._steps, self._weights, self._points = steps, weights, points
        self._desk = Desk(np.empty((2, size * desk_width(weights, jacobians) * points), weights[0].dtype))
        widths = mark_widths(steps, weights) if jacobians else [0] * len(steps)
        self._marks = [np.empty((size, width, points), weights[0].dtype) if width else None for width in widths]

    def forward(self, networks: slice, x: Array, out: Array) -> None:
        """Values (networks, outputs, points) of some networks at x (networks, inputs, points), into `out`."""
        weights, h = iter(self._weights), self._desk.values(*x.shape)
        h[:, :-1] = x
        for step, mark in zip(self._steps, self._marks, strict=True):
            if step != "affine":
                h = step.apply(h, None if mark is None else mark[: len(out)], self._desk)
                continue
            weight = next(weights)
            features, last = weight.shape[1], weight is self._weights[-1]
            values = out if last else self._desk.values(len(out), features, self._points)
            np.matmul(weight[networks], h, out=values[:, :features])
            h = values
        refuse_overflow(out)

    def backward(self, networks: slice, out: Array) -> None:
        """Jacobians (networks, inputs, outputs, points) of the networks and points of the last `forward`, into `out`.

        The rows keep a last axis of length 1, off the desk, until a pattern tells the points apart; a single point has
        rows of its own at once, which steps may overwrite, as they may not the weights.
        """
        weights = [weight[networks, :, :-1].transpose(0, 2, 1) for weight in self._weights]
        slopes = weights.pop()[:, :, :, None]
        if self._points == 1:
            slopes = slopes.copy()
        for step, mark in reversed(list(zip(self._steps[:-1], self._marks[:-1], strict=True))):
            if mark is not None and step != "affine":
                slopes = step.pull(slopes, mark[: len(out)], self._desk)
                continue
            weight = weights.pop()
            shape = (len(out), weight.shape[1], *slopes.shape[2:])
            if shape[3] != self._points:
                target = np.empty(shape, out.dtype)
            else:
                target = self._desk.take(*shape) if weights else out
            np.matmul(weight, slopes.reshape(*slopes.shape[:2], -1), out=target.reshape(*shape[:2], -1))
            slopes = target
        if slopes is not out:
            np.copyto(out, slopes)
        refuse_overflow(out)


def desk_width(weights: Sequence[Array], jacobians: bool) -> int:
    """The numbers per network and point that one side of the desk must hold: values with their ones, or rows."""
    width: int = max(max(weight.shape[1], weight.shape[2] - 1) for weight in weights)
    return max(width + 1, width * weights[-1].shape[1] if jacobians else 0)


def mark_widths(steps: Steps, weights: Sequence[Array]) -> list[int]:
    """The features of each step's mark; 0 for affine layers, which leave none."""
    outs, width, found = iter(weights), 0, []
    for step in steps:
        if step == "affine":
            width = next(outs).shape[1]
        found.append(0 if step == "affine" else step.mark_width(width))
    return found


def all_finite(numbers: Array) -> bool:
    """Whether there is no NaN and no infinity.

    A sum that meets one is not finite, so one pass mostly tells; a sum that overflows is looked at number by number.
    """
    return math.isfinite(numbers.sum()) or bool(np.isfinite(numbers).all())


def refuse_overflow(result: Array) -> None:
    """NetworkError where the result holds NaN or infinity."""
    if not all_finite(result):
        raise NetworkError(f"The result overflowed {result.dtype}: scale the network down or use a wider dtype.")
