"""Activations on preallocated buffers: values forwards, Jacobian rows backwards, no memory taken in between.

Values are (networks, features, points); rows, which the last product made, (networks, features, outputs, points), the
last axis of length 1, and not on the desk, as long as no pattern tells points apart. A step leaves a mark of its
pattern on the way forward and reads it on the way back. Marks and numbers are moved as bits where that is exact: a
float multiplied as an integer by 0 or 1 vanishes or stays, and with t = r ^ s, (r ^ t, s ^ t) is (s, r). No rounding,
whatever the numbers.

Importing this module imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Protocol, TypeAlias

import torch
from torch import Tensor

from lipcheck.layers import Abs, ReLU

Halves: TypeAlias = tuple[Tensor, Tensor]

_BITS = {torch.float32: torch.int32, torch.float64: torch.int64}


class Desk:
    """Two buffers, the rows of `rooms`, that take turns: what was taken last stays while the next is written."""

    def __init__(self, rooms: Tensor) -> None:
        self._rooms, self._last = list(rooms), 0
        self._views: dict[tuple[int, ...], Tensor] = {}

    def take(self, *shape: int) -> Tensor:
        """The buffer whose turn it is, in this shape."""
        self._last = 1 - self._last
        return self._view(self._last, shape)

    def scratch(self, *shape: int) -> Tensor:
        """The other buffer, in this shape, until the next `take`."""
        return self._view(1 - self._last, shape)

    def _view(self, room: int, shape: tuple[int, ...]) -> Tensor:
        key = (room, *shape)
        if key not in self._views:
            self._views[key] = self._rooms[room][: prod(shape)].view(shape)
        return self._views[key]


class Step(Protocol):
    """One activation layer."""

    def mark_width(self, width: int) -> int:
        """How many features the mark of a layer of this width has."""

    def apply(self, h: Tensor, mark: Tensor | None, desk: Desk) -> Tensor:
        """The layer at h, which is on the desk and may be overwritten; its pattern goes into the mark, if given."""

    def pull(self, rows: Tensor, mark: Tensor, desk: Desk) -> Tensor:
        """The rows times the Jacobian of the piece that the mark names; rows on the desk may be overwritten."""


@dataclass(frozen=True)
class SortPairs:
    """The sort of pairs, of neighbours or of halves. A tied pair stays as it is, as in the rational reading."""

    descending: bool
    halves: bool

    def mark_width(self, width: int) -> int:
        """One per pair."""
        return width // 2

    def apply(self, h: Tensor, mark: Tensor | None, desk: Desk) -> Tensor:
        """Both extremes of each pair; the mark is 1, as an integer, where the pair is exchanged."""
        a, b = self._cut(h)
        if mark is not None:
            (torch.lt if self.descending else torch.gt)(a, b, out=mark)
            bits(mark).clamp_(0, 1)
        out = desk.take(*h.shape)
        first, second = self._cut(out)
        torch.maximum(a, b, out=first if self.descending else second)
        torch.minimum(a, b, out=second if self.descending else first)
        return out

    def pull(self, rows: Tensor, mark: Tensor, desk: Desk) -> Tensor:
        """Exchange the rows of exchanged pairs."""
        networks, features, outputs, _ = rows.shape
        flags = bits(mark)[:, :, None, :]
        first, second = self._cut(bits(rows))
        if rows.shape[3] != mark.shape[2]:
            out = desk.take(networks, features, outputs, mark.shape[2])
            change = bits(desk.scratch(networks, features // 2, outputs, mark.shape[2]))
            torch.mul(first ^ second, flags, out=change)
            for part, old in zip(self._cut(bits(out)), (first, second), strict=True):
                torch.bitwise_xor(old, change, out=part)
            return out
        change = bits(desk.scratch(networks, features // 2, outputs, mark.shape[2]))
        torch.bitwise_xor(first, second, out=change)
        change.mul_(flags)
        first.bitwise_xor_(change)
        second.bitwise_xor_(change)
        return rows

    def _cut(self, h: Tensor) -> Halves:
        first, second = h.chunk(2, 1) if self.halves else torch.unflatten(h, 1, (-1, 2)).unbind(2)
        return first, second


@dataclass(frozen=True)
class Bend:
    """Abs or ReLU, in place; the mark is the slope: at 0 that of Abs is 1 and that of ReLU 0."""

    layer: Abs | ReLU

    def mark_width(self, width: int) -> int:
        """One per feature."""
        return width

    def apply(self, h: Tensor, mark: Tensor | None, desk: Desk) -> Tensor:
        """The layer at h, in place."""
        if isinstance(self.layer, ReLU):
            if mark is not None:
                torch.gt(h, 0, out=mark)
            return h.relu_()
        if mark is not None:
            torch.lt(h, 0, out=mark)
            mark.mul_(-2).add_(1)
        return h.abs_()

    def pull(self, rows: Tensor, mark: Tensor, desk: Desk) -> Tensor:
        """The rows times the slopes."""
        return _scaled(rows, mark, desk)


@dataclass(frozen=True)
class AbsHalf:
    """|.| on the second half of the units, a rotated sort; for search, since -0 counts as below 0.

    The mark is the sign's bit. Flipping it where it is set is |.|, and flipping the rows' sign in the same places is
    the transposed Jacobian.
    """

    def mark_width(self, width: int) -> int:
        """One per unit of the second half."""
        return width // 2

    def apply(self, h: Tensor, mark: Tensor | None, desk: Desk) -> Tensor:
        """|.| on the second half, in place."""
        half = h[:, h.shape[1] // 2 :]
        if mark is None:
            half.abs_()
        else:
            torch.bitwise_and(bits(half), torch.iinfo(bits(half).dtype).min, out=bits(mark))
            bits(half).bitwise_xor_(bits(mark))
        return h

    def pull(self, rows: Tensor, mark: Tensor, desk: Desk) -> Tensor:
        """The second half of the rows with flipped signs where the mark is set."""
        flags, half = bits(mark)[:, :, None, :], rows.shape[1] // 2
        if rows.shape[3] == mark.shape[2]:
            bits(rows[:, half:]).bitwise_xor_(flags)
            return rows
        out = desk.take(*rows.shape[:3], mark.shape[2])
        out[:, :half].copy_(rows[:, :half])
        torch.bitwise_xor(bits(rows[:, half:]), flags, out=bits(out[:, half:]))
        return out


def bits(tensor: Tensor) -> Tensor:
    """The same memory read as integers of the same size."""
    return tensor.view(_BITS[tensor.dtype])


def _scaled(rows: Tensor, mark: Tensor, desk: Desk) -> Tensor:
    if rows.shape[3] == mark.shape[2]:
        return rows.mul_(mark[:, :, None, :])
    return torch.mul(rows, mark[:, :, None, :], out=desk.take(*rows.shape[:3], mark.shape[2]))
