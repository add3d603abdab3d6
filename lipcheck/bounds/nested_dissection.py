"""An order of elimination for a grid: halves first, the strip between them last, and so on within each half.

The factorisation goes front by front. A front eliminates the pixels of a strip (or of a small rectangle) and leaves a
matrix on its border, the pixels met by what has been eliminated so far, for the front above. On an n x n grid with c
numbers a pixel this takes of order (n c)^3 operations, where a band takes (n c)^3 n.

Source: George, Nested dissection of a regular finite element mesh, SIAM Journal on Numerical Analysis 10 (1973); Duff
and Reid, The multifrontal solution of indefinite sparse symmetric linear equations, ACM TOMS 9 (1983)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Front:
    """The pixels eliminated and those of the border, both in the order of elimination, and the fronts below."""

    pivots: tuple[int, ...]
    border: tuple[int, ...]
    below: tuple[Front, ...]

    def flops(self, channels: int) -> float:
        """About the operations of this front and those below, with the measurement of its residual."""
        p, m = len(self.pivots) * channels, len(self.border) * channels
        return 1.3 * p**3 + 3.0 * p * p * m + 1.0 * p * m * m + sum(front.flops(channels) for front in self.below)

    def width(self) -> int:
        """The largest number of pixels in a front."""
        return max(len(self.pivots) + len(self.border), *(front.width() for front in self.below), 0)

    def __iter__(self) -> Iterator[Front]:
        """This front after those below."""
        for front in self.below:
            yield from front
        yield self


def dissect(
    shape: tuple[int, int], partners: tuple[Sequence[dict[int, int]], Sequence[dict[int, int]]], leaf: int
) -> Front:
    """The fronts of a grid, where pixels meet if their rows and their columns do; rectangles of `leaf` are not cut."""
    reach = [max(abs(i - j) for i, found in enumerate(axis) for j in found) for axis in partners]
    width = shape[1]
    parts = _parts((0, shape[0]), (0, shape[1]), reach, leaf)
    order: dict[int, int] = {}
    _number(parts, width, order)
    return _front(parts, width, order, partners)


@dataclass(frozen=True)
class _Part:
    rows: tuple[int, int]
    columns: tuple[int, int]
    below: tuple[_Part, ...]

    def pixels(self, width: int) -> list[int]:
        rows, columns = range(*self.rows), range(*self.columns)
        if len(rows) < len(columns):
            return [i * width + j for j in columns for i in rows]
        return [i * width + j for i in rows for j in columns]


def _parts(rows: tuple[int, int], columns: tuple[int, int], reach: Sequence[int], leaf: int) -> _Part:
    sizes = (rows[1] - rows[0], columns[1] - columns[0])
    axes = [a for a in (0, 1) if sizes[a] > max(reach[a], 0) + 1]
    if sizes[0] * sizes[1] <= leaf or not axes:
        return _Part(rows, columns, ())
    # The cheapest strip is the one with the fewest pixels.
    a = min(axes, key=lambda a: max(reach[a], 1) * sizes[1 - a])
    strip = reach[a]
    start = (rows, columns)[a][0] + (sizes[a] - strip) // 2
    stop = start + strip
    if a == 0:
        below = (_parts((rows[0], start), columns, reach, leaf), _parts((stop, rows[1]), columns, reach, leaf))
        return _Part((start, stop), columns, below)
    below = (_parts(rows, (columns[0], start), reach, leaf), _parts(rows, (stop, columns[1]), reach, leaf))
    return _Part(rows, (start, stop), below)


def _number(part: _Part, width: int, order: dict[int, int]) -> None:
    for below in part.below:
        _number(below, width, order)
    for pixel in part.pixels(width):
        order[pixel] = len(order)


def _front(
    part: _Part, width: int, order: dict[int, int], partners: tuple[Sequence[dict[int, int]], Sequence[dict[int, int]]]
) -> Front:
    below = tuple(_front(each, width, order, partners) for each in part.below)
    pivots = part.pixels(width)
    border = {pixel for front in below for pixel in front.border}
    for pixel in pivots:
        border.update(i * width + j for i in partners[0][pixel // width] for j in partners[1][pixel % width])
    last = order[pivots[-1]] if pivots else max((order[p] for f in below for p in f.pivots), default=-1)
    return Front(tuple(pivots), tuple(sorted((p for p in border if order[p] > last), key=order.__getitem__)), below)
