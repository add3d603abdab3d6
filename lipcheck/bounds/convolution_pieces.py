"""Padding that is no torus, cut into corners, edges and the interior, at a price that is computed.

Give each position x along an axis a unit vector v_x = (cos a, sin a, 0) or (0, sin b, cos b): near the first end the
first component, in the middle the second. With D_j the multiplication of pixel x by the j-th component, and each output
o given some unit vector w_o, the entries of T'T obey

    T'T = sum_j D_j T'T D_j + E,     E_xy = sum_o T_ox' T_oy (1 - v_x . v_y),
    v_x . v_y = (v_x . w_o)(v_y . w_o) + p_x . p_y,     p the parts orthogonal to w_o,

so that E = T'T - C'C - (a Gram matrix) <= T'T - C'C with C_ox = T_ox (v_x . w_o). With N_ox = T_ox (1 - v_x . w_o),
that is N = T - C, E <= T'N + N'T. As sum_j |D_j x|^2 = |x|^2,

    ||T||^2 <= max_j ||T on the support of D_j||^2 + 2 ||T|| ||N||,    ||T|| <= ||N|| + sqrt(||N||^2 + max_j ...).

||N|| is at most the sum over the taps k along the axis of max_o (1 - v . w_o) times the norm of tap k alone. This is
done along both axes. A support that no padding reads sees the convolution of the infinite plane, which the torus
bounds: a middle piece is replaced by the frequencies along its axis. What is left is corners, edges by frequency, and
the symbol.

Source: the localisation of Ismagilov, Morgan, Simon and Sigal (Cycon, Froese, Kirsch, Simon, Schrodinger Operators,
1987, section 3.1), with the error in the form of a Gram matrix.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.bounds.convolution_gram import gram, meetings, table_size
from lipcheck.bounds.convolution_symbol import Torus, half_symbol, plane_norm
from lipcheck.bounds.convolution_taps import Axis, Taps, leading
from lipcheck.bounds.frontal import certified_square
from lipcheck.bounds.nested_dissection import Front, dissect
from lipcheck.bounds.one_thread import one_thread, side_by_side
from lipcheck.norms.rounding import TINY, UNIT, square_root

if TYPE_CHECKING:
    from lipcheck.norms.rounding import Floats

_LEAF = 256
_WIDTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12)
_CAUTION = 1.0015
"""What the factorisations add to the estimate, about."""


@dataclass(frozen=True)
class Elimination:
    """What a direct factorisation of c I - T'T (or of c I - TT') needs, and its cost."""

    taps: Taps
    of_inputs: bool
    root: Front
    flops: float
    storage: int

    def square(self, c: float, deadline: float | None) -> Fraction | None:
        """An upper bound on ||T||^2 a little above c, or None: see `frontal`."""
        rows, columns = (meetings(axis, self.of_inputs) for axis in (self.taps.rows, self.taps.columns))
        return certified_square(gram(self.taps, self.of_inputs, rows, columns), self.root, c, deadline)


def elimination(taps: Taps) -> Elimination:
    """The cheaper of T'T and TT'."""
    found = []
    for of_inputs in (True, False):
        rows, columns = meetings(taps.rows, of_inputs), meetings(taps.columns, of_inputs)
        channels = taps.weights.shape[3 if of_inputs else 2]
        shape = len(rows.partners), len(columns.partners)
        root = dissect(shape, (rows.partners, columns.partners), max(1, _LEAF // channels))
        storage = table_size(taps, of_inputs, rows, columns) + (root.width() * channels) ** 2
        found.append(Elimination(taps, of_inputs, root, root.flops(channels), storage))
    return min(found, key=lambda each: each.flops)


@dataclass(frozen=True)
class Cut:
    """One axis: the unit vectors of its positions, and the stretches of both ends and of the middle."""

    vectors: Floats
    ends: tuple[tuple[int, int], tuple[int, int]]
    middle: tuple[int, int]


def cut(axis: Axis, width: int, padded: int, dilation: int) -> Cut | None:
    """Cut an axis of stride 1 into two ends of `width` positions and a middle that no padding reads.

    `padded` is the padding before the first input. None where the axis is too short.
    """
    import numpy as np

    n = axis.inputs
    plain = np.arange(axis.outputs) + np.arange(axis.taps)[:, None] * dilation - padded
    touched = np.unique(axis.index[(axis.index >= 0) & (axis.index != plain)])
    first = int(max((x for x in touched if x < n / 2), default=-1))
    last = int(min((x for x in touched if x >= n / 2), default=n))
    if 2 * width > n or width - first < 3 or width - (n - 1 - last) < 3:
        return None
    places = np.arange(n)
    left = np.clip((places - first) / (width - first), 0, 1) * (np.pi / 2)
    right = np.clip((last - places) / (last - (n - 1 - width)), 0, 1) * (np.pi / 2)
    vectors = np.zeros((n, 3))
    start = places < n / 2
    vectors[start, 0], vectors[start, 1] = np.cos(left[start]), np.sin(left[start])
    vectors[~start, 2], vectors[~start, 1] = np.cos(right[~start]), np.sin(right[~start])
    # The components that must vanish do so exactly.
    vectors[: first + 1, 1] = vectors[last:, 1] = vectors[width:, 0] = vectors[: n - width, 2] = 0.0
    return Cut(vectors, ((0, width), (n - width, n)), (first + 1, last))


def defects(axis: Axis, vectors: Floats) -> list[Fraction]:
    """For each tap, an upper bound on |1 - v_x . w_o| over the outputs, w_o the vector of what the middle tap reads."""
    import numpy as np

    middle = axis.index[axis.taps // 2]
    own = vectors[middle]
    own[middle < 0] = (1.0, 0.0, 0.0)
    found = []
    for row in axis.index:
        read = row >= 0
        values = 1.0 - (vectors[row[read]] * own[read]).sum(1) / np.linalg.norm(own[read], axis=1)
        same = (row[read] == middle[read]) & (np.abs(own[read]).max(1) == 1.0)
        values[same] = 0.0
        # Three products, a norm and a quotient: the rounding is below 16 u.
        found.append(Fraction(float(values.max(initial=0.0))) + (16 * UNIT if not same.all() else 0))
    return found


def restricted(axis: Axis, start: int, stop: int) -> Axis:
    """The axis for inputs start, ..., stop - 1 alone, and the outputs that read them."""
    import numpy as np

    inside = (axis.index >= start) & (axis.index < stop)
    index = np.where(inside, axis.index - start, -1)
    return Axis(index[:, inside.any(0)], stop - start)


def narrowest(
    taps: Taps, padded: tuple[int, int], dilations: tuple[int, int], estimate: float, goal: float
) -> tuple[Cut, Cut] | None:
    """The narrowest cuts whose price leaves about `goal` times `estimate`, else wide ones; None for short axes.

    The work grows with the third power of the width, the price falls with its square.
    """
    sizes = [[float(norm) for norm in tap_norms(taps, rows, None, proof=False)] for rows in (True, False)]
    best = None
    for width in _WIDTHS:
        found = [cut(*each) for each in zip((taps.rows, taps.columns), (width, width), padded, dilations, strict=True)]
        rows, columns = found
        if rows is None or columns is None:
            continue
        best = rows, columns
        norm = estimate * _CAUTION
        for axis, one, lengths in zip((taps.rows, taps.columns), best, sizes, strict=True):
            loss = sum(float(d) * size for d, size in zip(defects(axis, one.vectors), lengths, strict=True))
            norm = loss + math.hypot(loss, norm)
        if norm <= goal * estimate:
            break
    return best


def localised_norm(
    taps: Taps, cuts: tuple[Cut, Cut], dilations: tuple[int, int], estimate: float, deadline: float | None
) -> Fraction | None:
    """An upper bound on ||T||_2 from its pieces; `estimate` is about ||T||. None where a piece resists, or too late."""
    square = _largest_piece(taps, cuts, dilations, estimate**2, deadline)
    if square is None:
        return None
    for axis, one in zip((taps.rows, taps.columns), cuts, strict=True):
        longest = Fraction(max(float((v * v).sum()) for v in one.vectors)) + 8 * UNIT
        loss = _loss(taps, axis is taps.rows, defects(axis, one.vectors), deadline)
        norm = loss + square_root(loss**2 + square * longest, up=True)
        square = norm**2
    return square_root(square, up=True)


def _loss(taps: Taps, along_rows: bool, defect: list[Fraction], deadline: float | None) -> Fraction:
    """A bound on ||N||: the sum over the taps along one axis of the defect times the norm of that tap alone."""
    norms = tap_norms(taps, along_rows, deadline, needed=[bool(each) for each in defect])
    return sum((each * norm for each, norm in zip(defect, norms, strict=True)), Fraction(0))


def tap_norms(
    taps: Taps, along_rows: bool, deadline: float | None, needed: list[bool] | None = None, proof: bool = True
) -> list[Fraction]:
    """For each tap along one axis, an upper bound on the norm of T with that tap alone (0 for those not needed).

    Without `proof`, about that norm.
    """
    own, other = (taps.rows, taps.columns) if along_rows else (taps.columns, taps.rows)
    weights = taps.weights if along_rows else taps.weights.transpose(1, 0, 2, 3)
    found = []
    for k in range(own.taps):
        line = Taps(weights[k : k + 1], single(), other)
        if needed is not None and not needed[k]:
            found.append(Fraction(0))
            continue
        with one_thread():
            norm = line_norm(line, deadline) if proof else line.lower(leading(line, 20))
        found.append(norm * square_root(Fraction(int(own.reads[k].max())), up=True))
    return found


def single() -> Axis:
    """An axis of one pixel and one tap."""
    import numpy as np

    return Axis(np.zeros((1, 1), dtype=np.int64), 1)


def line_norm(line: Taps, deadline: float | None) -> Fraction:
    """An upper bound on the norm of a convolution along one axis, not necessarily a close one."""
    estimate = float(line.lower(leading(line, 20)))
    direct = elimination(line)
    for factor in (1.01, 1.1, 1.5):
        found = direct.square(estimate**2 * factor, deadline) if estimate else None
        if found is not None:
            return square_root(found, up=True)
    return square_root(line.absolute_square, up=True)


def _largest_piece(
    taps: Taps, cuts: tuple[Cut, Cut], dilations: tuple[int, int], estimate: float, deadline: float | None
) -> Fraction | None:
    """An upper bound on the squared norms of all pieces, None where one seems to be far above the estimate."""
    row_cut, column_cut = cuts
    axes = taps.rows, taps.columns
    tori = [Torus(_torus(one, axis, d), 1, d) for one, axis, d in zip(cuts, axes, dilations, strict=True)]
    interior = plane_norm(taps.weights, tori[0], tori[1]) ** 2
    pieces: list[tuple[Taps, Fraction]] = []
    for first in row_cut.ends:
        rows = restricted(taps.rows, *first)
        for second in column_cut.ends:
            pieces.append((Taps(taps.weights, rows, restricted(taps.columns, *second)), Fraction(0)))
    for first in row_cut.ends:
        pieces.extend(_edge(taps.weights, restricted(taps.rows, *first), tori[1]))
    for second in column_cut.ends:
        pieces.extend(_edge(taps.weights.transpose(1, 0, 2, 3), restricted(taps.columns, *second), tori[0]))
    least = max(estimate, float(interior))

    def bound(piece: tuple[Taps, Fraction]) -> Fraction | None:
        direct = elimination(piece[0])
        for factor in (1.002, 1.02, 1.1):
            found = direct.square(least * factor, deadline)
            if found is not None:
                return (square_root(found, up=True) + piece[1]) ** 2
        return None

    found = side_by_side(bound, pieces)
    return None if found is None else max(interior, *found)


def _torus(one: Cut, axis: Axis, dilation: int) -> int:
    return one.middle[1] - one.middle[0] + (axis.taps - 1) * dilation


def _edge(weights: Floats, axis: Axis, torus: Torus) -> Iterator[tuple[Taps, Fraction]]:
    """The operators along one axis at all frequencies of the other, as real ones, and what rounding changes."""
    import numpy as np

    sizes = np.abs(weights).sum(1, keepdims=True)
    line = Taps(sizes, axis, single())
    for real, error in half_symbol(weights, torus):
        lost = 16 * weights.size * line.most_reads * TINY
        yield Taps(real, axis, single()), error * square_root(line.absolute_square, up=True) + lost
