"""Activations on preallocated buffers: values forwards, Jacobian rows backwards, hardly any memory taken in between.

Values are (networks, features + 1, points), the last row all ones, so that a product with (W, b) adds the bias. Rows,
which the last product made, are (networks, features, outputs, points), the last axis of length 1, and not on the desk,
as long as no pattern tells points apart. A step leaves a mark of its pattern on the way forward and reads it on the way
back. Marks and numbers are moved as bits where that is exact: a float multiplied as an integer by 0 or 1 vanishes or
stays, and with t = r ^ s, (r ^ t, s ^ t) is (s, r). No rounding, whatever the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lipcheck.layers import Abs, ReLU

Array: TypeAlias = NDArray[Any]


class Desk:
    """Two buffers, the rows of `rooms`, that take turns: what was taken last stays while the next is written."""

    def __init__(self, rooms: Array) -> None:
        self._rooms, self._last = rooms, 0

    def take(self, *shape: int) -> Array:
        """The buffer whose turn it is, in this shape."""
        self._last = 1 - self._last
        return self._rooms[self._last, : prod(shape)].reshape(shape)

    def values(self, networks: int, features: int, points: int) -> Array:
        """The buffer whose turn it is, for values: its last row is set to ones, the others are not set."""
        out = self.take(networks, features + 1, points)
        out[:, features] = 1
        return out

    def scratch(self, *shape: int) -> Array:
        """The other buffer, in this shape, until the next `take`."""
        return self._rooms[1 - self._last, : prod(shape)].reshape(shape)


class Step(Protocol):
    """One activation layer."""

    def mark_width(self, width: int) -> int:
        """How many features the mark of a layer of this width has."""

    def apply(self, h: Array, mark: Array | None, desk: Desk) -> Array:
        """The layer at h, which is on the desk and may be overwritten; its pattern goes into the mark, if given."""

    def pull(self, rows: Array, mark: Array, desk: Desk) -> Array:
        """The rows times the Jacobian of the piece that the mark names; rows on the desk may be overwritten."""


@dataclass(frozen=True)
class SortPairs:
    """The sort of pairs in halves, unit i with unit i + width/2. A tied pair stays, as in the rational reading."""

    descending: bool

    def mark_width(self, width: int) -> int:
        """One per pair."""
        return width // 2

    def apply(self, h: Array, mark: Array | None, desk: Desk) -> Array:
        """Both extremes of each pair; the mark is 1, as an integer, where the pair is exchanged."""
        half = h.shape[1] // 2
        a, b = h[:, :half], h[:, half:-1]
        if mark is not None:
            np.copyto(bits(mark), (np.less if self.descending else np.greater)(a, b))
        out = desk.values(len(h), 2 * half, h.shape[2])
        (np.maximum if self.descending else np.minimum)(a, b, out=out[:, :half])
        (np.minimum if self.descending else np.maximum)(a, b, out=out[:, half:-1])
        return out

    def pull(self, rows: Array, mark: Array, desk: Desk) -> Array:
        """Exchange the rows of exchanged pairs."""
        networks, features, outputs, _ = rows.shape
        half, flags = features // 2, bits(mark)[:, :, None, :]
        first, second = bits(rows)[:, :half], bits(rows)[:, half:]
        out = rows if _told_apart(rows, mark) else desk.take(networks, features, outputs, mark.shape[2])
        change = bits(desk.scratch(networks, half, outputs, mark.shape[2]))
        if out is rows:
            np.bitwise_xor(first, second, out=change)
            np.multiply(change, flags, out=change)
        else:
            np.multiply(first ^ second, flags, out=change)
        np.bitwise_xor(first, change, out=bits(out)[:, :half])
        np.bitwise_xor(second, change, out=bits(out)[:, half:])
        return out


@dataclass(frozen=True)
class Bend:
    """Abs or ReLU, in place; the mark is the slope: at 0 that of Abs is 1 and that of ReLU 0."""

    layer: Abs | ReLU

    def mark_width(self, width: int) -> int:
        """One per feature."""
        return width

    def apply(self, h: Array, mark: Array | None, desk: Desk) -> Array:
        """The layer at h, in place."""
        numbers = h[:, :-1]
        if isinstance(self.layer, ReLU):
            if mark is not None:
                np.copyto(mark, np.greater(numbers, 0))
            np.maximum(numbers, 0, out=numbers)
        else:
            if mark is not None:
                np.copyto(mark, np.less(numbers, 0))
                np.subtract(1, 2 * mark, out=mark)
            np.abs(numbers, out=numbers)
        return h

    def pull(self, rows: Array, mark: Array, desk: Desk) -> Array:
        """The rows times the slopes."""
        out = rows if _told_apart(rows, mark) else desk.take(*rows.shape[:3], mark.shape[2])
        return np.multiply(rows, mark[:, :, None, :], out=out)


@dataclass(frozen=True)
class AbsHalf:
    """|.| on the second half of the units, a rotated sort; for search, since -0 counts as below 0.

    The mark is the sign's bit. Flipping it where it is set is |.|, and flipping the rows' sign in the same places is
    the transposed Jacobian.
    """

    def mark_width(self, width: int) -> int:
        """One per unit of the second half."""
        return width // 2

    def apply(self, h: Array, mark: Array | None, desk: Desk) -> Array:
        """|.| on the second half, in place."""
        half = h[:, h.shape[1] // 2 : -1]
        if mark is None:
            np.abs(half, out=half)
        else:
            signed = bits(half)
            np.bitwise_and(signed, np.iinfo(signed.dtype).min, out=bits(mark))
            np.bitwise_xor(signed, bits(mark), out=signed)
        return h

    def pull(self, rows: Array, mark: Array, desk: Desk) -> Array:
        """The second half of the rows with flipped signs where the mark is set."""
        flags, half = bits(mark)[:, :, None, :], rows.shape[1] // 2
        out = rows
        if not _told_apart(rows, mark):
            out = desk.take(*rows.shape[:3], mark.shape[2])
            out[:, :half] = rows[:, :half]
        np.bitwise_xor(bits(rows)[:, half:], flags, out=bits(out)[:, half:])
        return out


def bits(array: Array) -> Array:
    """The same memory read as integers of the same size."""
    return array.view(np.int32 if array.itemsize == 4 else np.int64)


def _told_apart(rows: Array, mark: Array) -> bool:
    return bool(rows.shape[3] == mark.shape[2])
