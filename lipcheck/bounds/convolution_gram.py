"""The blocks of T'T or TT' for a convolution: one matrix for each pair of pixels, few of them different.

Along one axis, inputs i and j meet in taps k and l as often as an output reads i by k and j by l: a pattern of counts
n[k, l]. Border and interior have a few patterns each, and in two axes the block of T'T at pixels (i, i'), (j, j') is

    sum n[k, l] n'[k', l'] W_{k k'}' W_{l l'}.

For TT' the pattern counts the inputs that two outputs share, and the products are W W'.

Rounding: each entry is a sum of products, exact counts times inner products of c terms, in two stages; the error is at
most gamma_{c + 1 + K + K' + 4} (|T|'|T|), K and K' the squared numbers of taps, and as an operator at most that
multiple of || |T| ||^2, besides underflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.bounds.convolution_taps import Axis, Taps
from lipcheck.bounds.one_thread import product
from lipcheck.norms.rounding import TINY, gamma

if TYPE_CHECKING:
    from lipcheck.norms.rounding import Floats


@dataclass(frozen=True)
class Meetings:
    """Along one axis: partners[i] maps each pixel that i meets to the number of its pattern."""

    partners: tuple[dict[int, int], ...]
    patterns: Floats

    @property
    def reach(self) -> int:
        """The largest distance of two pixels that meet."""
        return max(abs(i - j) for i, found in enumerate(self.partners) for j in found)


def meetings(axis: Axis, of_inputs: bool) -> Meetings:
    """Which inputs share an output (or which outputs share an input), and by which taps."""
    import numpy as np

    reads = [(k, o, int(i)) for k, row in enumerate(axis.index) for o, i in enumerate(row) if i >= 0]
    groups: dict[int, list[tuple[int, int]]] = {}
    for k, o, i in reads:
        groups.setdefault(o if of_inputs else i, []).append((k, i if of_inputs else o))
    counts: dict[tuple[int, int], dict[int, int]] = {}
    for group in groups.values():
        for k, x in group:
            for other, y in group:
                found = counts.setdefault((x, y), {})
                found[k * axis.taps + other] = found.get(k * axis.taps + other, 0) + 1
    numbers: dict[tuple[tuple[int, int], ...], int] = {}
    partners: tuple[dict[int, int], ...] = tuple({} for _ in range(axis.inputs if of_inputs else axis.outputs))
    for (x, y), pattern in counts.items():
        partners[x][y] = numbers.setdefault(tuple(sorted(pattern.items())), len(numbers))
    patterns = np.zeros((max(1, len(numbers)), axis.taps**2))
    for pattern_items, number in numbers.items():
        for place, count in pattern_items:
            patterns[number, place] = count
    return Meetings(partners, patterns)


@dataclass(frozen=True)
class Gram:
    """T'T (or TT') over a grid of pixels: table[p, q] is the block of row pattern p and column pattern q."""

    rows: Meetings
    columns: Meetings
    table: Floats
    error: Fraction

    @property
    def shape(self) -> tuple[int, int]:
        """The grid."""
        return len(self.rows.partners), len(self.columns.partners)

    @property
    def channels(self) -> int:
        """The order of a block."""
        return int(self.table.shape[-1])

    def neighbours(self, pixel: int) -> dict[int, tuple[int, int]]:
        """The pixels that a pixel meets, with the patterns of the block."""
        width = len(self.columns.partners)
        rows, columns = self.rows.partners[pixel // width], self.columns.partners[pixel % width]
        return {i * width + j: (p, q) for i, p in rows.items() for j, q in columns.items()}


def table_size(taps: Taps, of_inputs: bool, rows: Meetings, columns: Meetings) -> int:
    """How many numbers the table and the products it is made of hold."""
    channels = taps.weights.shape[3 if of_inputs else 2]
    products = (taps.rows.taps * taps.columns.taps) ** 2
    return int(channels**2 * (products + len(rows.patterns) * (len(columns.patterns) + taps.columns.taps**2)))


def gram(taps: Taps, of_inputs: bool, rows: Meetings, columns: Meetings) -> Gram:
    """The blocks of T'T, or of TT' where not `of_inputs`."""
    import numpy as np

    high, wide = taps.rows.taps, taps.columns.taps
    w = taps.weights if of_inputs else taps.weights.transpose(0, 1, 3, 2)
    inner, order = w.shape[2:]
    side = w.transpose(2, 0, 1, 3).reshape(inner, -1)
    products = product(side.T, side).reshape(high, wide, order, high, wide, order).transpose(0, 3, 1, 4, 2, 5)
    half = product(rows.patterns, np.ascontiguousarray(products).reshape(high * high, -1))
    half = half.reshape(-1, wide * wide, order * order)
    table = product(columns.patterns, half).reshape(len(rows.patterns), len(columns.patterns), order, order)
    terms = inner + 5 + high**2 + wide**2
    largest = max(1.0, float(np.abs(w).max()))
    counts = Fraction(float(rows.patterns.max() * columns.patterns.max())) * Fraction(largest) ** 2
    pixels = len(rows.partners) * len(columns.partners)
    lost = 50 * pixels * order * terms * (high * wide) ** 2 * counts * TINY
    return Gram(rows, columns, table, gamma(terms) * taps.absolute_square + lost)
