"""Norms of convolutions as the operators they are on images of a given size, in one and two dimensions.

- p = 1, infinity: the largest column and row sum of the operator, borders included, exactly (`convolution_sums`).
- p = 2, groups one by one (the operator is block diagonal), the first that is close:
  the operator as a dense matrix, where that is small;
  the symbol on a torus, with equality for circular padding, from above for zero padding (`convolution_symbol`);
  a factorisation of c I - T'T in nested dissection, with measured residuals (`frontal`);
  corners, edges and interior for copies at the border (`convolution_pieces`);
  sqrt(||T||_1 ||T||_inf), or the norm of the filter times the root of how often a pixel is read;
  and at the end sqrt(||T||_1 ||T||_inf) in exact sums, where that is less: shifts have norm one, not one and an ulp.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.convolution_pieces import elimination, localised_norm, narrowest, restricted
from lipcheck.bounds.convolution_sums import largest_sum
from lipcheck.bounds.convolution_symbol import Torus, plane_norm, symbol_norm
from lipcheck.bounds.convolution_taps import Axis, PaddingMode, Taps, axis, leading
from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.bounds.layer_norms import SUMS, enclosed, exponent, sums_bound, widened
from lipcheck.bounds.one_thread import one_thread
from lipcheck.norms import NormError, verified_spectral_norm
from lipcheck.norms.rounding import gamma, scaled, square_root

if TYPE_CHECKING:
    from numpy.typing import NDArray

Padding = int | Sequence[int | tuple[int, int]]
CLOSE = Fraction(21, 20)
"""Upper / lower that is close enough to look no further."""
_GOAL = 1.0495
"""What the width of the pieces aims at, a little below."""
_DENSE, _DENSE_LONG = 1024, 4096
"""Sides up to which the operator is written out as a matrix: the tightest way, and fast there."""
_CHEAP_FLOPS = 4e10
"""A direct factorisation of no more operations, some seconds, is done without trying pieces first."""
_MOST_FLOPS, _MOST_ORDER, _MOST_NUMBERS = 2e13, 1 << 20, 3e8
"""Beyond these a direct factorisation is not begun: a quarter of an hour, or gigabytes."""
_FLOPS_PER_SECOND = 2e10
"""What is reckoned with where there is a deadline; a machine that is slower ends later."""
_LARGE, _SIDE = 4096, 32
"""Pixels above which the lower end is searched on the corners of the image, and the least side of a corner."""
_MOST_FREQUENCIES = 1 << 14
"""Blocks of a circular operator's symbol that are looked at one by one. None of these limits changes what is proved."""


@dataclass(frozen=True)
class Geometry:
    """Per axis: image, stride, padding before and after, dilation; and the mode of padding."""

    image: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]
    mode: PaddingMode

    def axes(self, kernel: Sequence[int]) -> list[Axis]:
        """The reads along each axis."""
        return [
            axis(n, k, s, p, d, self.mode)
            for n, k, s, p, d in zip(self.image, kernel, self.stride, self.padding, self.dilation, strict=True)
        ]


def convolution_norm(
    weight: NDArray[Any],
    image: Sequence[int],
    *,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    mode: PaddingMode = "zeros",
    p: float = 2,
    seconds: float | None = None,
) -> LayerBound:
    """||T||_{p->p} of a convolution, weight (outputs, inputs / groups, taps, ...) as torch's, on images of that size.

    `padding` is a number, or one per axis, or pairs (before, after). After about `seconds` the best bound so far is
    returned. Raises NormError for what torch would refuse, NaN, and exponents other than 1, 2 and infinity.
    """
    p = exponent(p)
    deadline = None if seconds is None else time.monotonic() + seconds
    image = tuple(image)
    w = widened(weight, len(image) + 2)
    if len(image) not in (1, 2) or groups < 1 or w.shape[0] % groups:
        raise NormError(
            f"The filter has shape {w.shape}, the image {image}, {groups} groups: give one or two axes, equal groups."
        )
    geometry = Geometry(image, _each(stride, image), _pairs(padding, image), _each(dilation, image), mode)
    axes = geometry.axes(w.shape[2:])
    if len(image) == 1:
        w, axes = w[:, :, None, :], [axis(1, 1, 1, (0, 0), 1), *axes]
        geometry = Geometry(
            (1, *image), (1, *geometry.stride), ((0, 0), *geometry.padding), (1, *geometry.dilation), mode
        )
    parts = [part.transpose(2, 3, 0, 1) for part in w.reshape(groups, -1, *w.shape[1:])]
    if p != 2:
        value = max(largest_sum(part, axes[0], axes[1], p == 1) for part in parts)
        return enclosed(value, value, "exact sums of absolute values")
    blocks = []
    for part in parts:
        # One power of two for each group: a group of weights that is zero here has no other.
        b, power = scaled(part)
        blocks.append((Taps(b, axes[0], axes[1]), Fraction(2) ** power))
    bounds = _two_norms(blocks, geometry, deadline)
    _sharpen(bounds, parts, axes)
    top = max(bounds, key=lambda each: each[1])
    return enclosed(max(lower for lower, _, _ in bounds), top[1], top[2])


def _each(value: int | Sequence[int], image: tuple[int, ...]) -> tuple[int, ...]:
    found = (value,) * len(image) if isinstance(value, int) else tuple(value)
    if len(found) != len(image):
        raise NormError(f"There are {len(found)} numbers for {len(image)} axes: give one number, or one per axis.")
    return found


def _pairs(padding: Padding, image: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    values = (padding,) * len(image) if isinstance(padding, int) else tuple(padding)
    if len(values) != len(image):
        raise NormError(f"There are {len(values)} paddings for {len(image)} axes: give one number, or one per axis.")
    return tuple((each, each) if isinstance(each, int) else (each[0], each[1]) for each in values)


def _two_norms(
    parts: Sequence[tuple[Taps, Fraction]], geometry: Geometry, deadline: float | None
) -> list[tuple[Fraction, Fraction, str]]:
    """(lower, upper, method) for each block; a cheap bound is enough below what another block reaches."""
    cheap = [_cheap(taps) for taps, _ in parts]
    found = [(low * scale, high * scale, how) for (low, high, how), (_, scale) in zip(cheap, parts, strict=True)]
    reached = Fraction(0)
    for i in sorted(range(len(parts)), key=lambda i: -found[i][1]):
        taps, scale = parts[i]
        if found[i][1] > reached:
            low, high, how = _two_norm(taps, geometry, cheap[i], deadline)
            found[i] = low * scale, high * scale, how
            reached = max(reached, found[i][0])
    return found


def _sharpen(bounds: list[tuple[Fraction, Fraction, str]], parts: Sequence[NDArray[Any]], axes: Sequence[Axis]) -> None:
    """sqrt(||T||_1 ||T||_inf) in exact arithmetic, where that is less: one for shifts, without a rounding above it."""
    reached = Fraction(0)
    for i in sorted(range(len(parts)), key=lambda i: -bounds[i][1]):
        low, high, _ = bounds[i]
        if high > reached:
            sums = sums_bound(*(largest_sum(parts[i], axes[0], axes[1], of_inputs) for of_inputs in (True, False)))
            if sums < high:
                bounds[i] = min(low, sums), sums, SUMS
            reached = max(reached, bounds[i][1])


def _cheap(taps: Taps) -> tuple[Fraction, Fraction, str]:
    """sqrt(||T||_1 ||T||_inf) with sizes added up, or the filter's norm times the root of the most reads."""
    if not taps.weights.any() or not taps.most_reads:
        return Fraction(0), Fraction(0), "no weight is read"
    lost = taps.scaling_loss()
    sums = square_root(taps.absolute_square, up=True) + lost
    _, norm = verified_spectral_norm(taps.filter)
    reads = square_root(Fraction(taps.most_reads), up=True) * Fraction(norm) + lost
    if sums < reads:
        return Fraction(0), sums, "sqrt(1-norm x infinity-norm)"
    return Fraction(0), reads, "filter norm x sqrt(reads of a pixel)"


def _two_norm(
    taps: Taps, geometry: Geometry, cheap: tuple[Fraction, Fraction, str], deadline: float | None
) -> tuple[Fraction, Fraction, str]:
    lost = taps.scaling_loss()
    if not cheap[1]:
        return cheap
    if min(taps.shape) <= _DENSE and max(taps.shape) <= _DENSE_LONG:
        lower, upper = _dense(taps)
        return max(Fraction(0), lower - lost), upper + lost, "verified Cholesky factorisation of the dense matrix"
    lower, upper, method = cheap
    # The symbol takes most of a second on 64 channels: where there is no time at all, what is at hand has to do.
    torus = None if _late(deadline) else _torus(taps, geometry)
    if torus is not None:
        rows, columns, equal, repeats = torus
        frequencies = rows.pixels * columns.pixels // (rows.stride * columns.stride)
        if equal and frequencies <= _MOST_FREQUENCIES:
            low, high = symbol_norm(taps.weights, rows, columns)
        else:
            low, high = Fraction(0), plane_norm(taps.weights, rows, columns)
        high = high * square_root(Fraction(repeats), up=True) + lost
        lower = max(lower, low - lost) if equal else lower
        upper, method = min((upper, method), (high, "symbol on a torus, verified at its frequencies"))
    if upper <= lower * CLOSE or _late(deadline):
        return lower, upper, method
    for patch in _patches(taps):
        if not _late(deadline):
            with one_thread():
                lower = max(lower, patch.lower(leading(patch)) - lost)
    if upper > lower * CLOSE:
        upper, method = min([(upper, method), *_close(taps, geometry, float(lower + lost), lost, deadline)])
    return lower, upper, method


def _patches(taps: Taps) -> list[Taps]:
    """T itself, or T on the corners of a large image: images that vanish elsewhere bound its norm from below."""
    if taps.rows.inputs * taps.columns.inputs <= _LARGE:
        return [taps]
    ends = []
    for own, other in ((taps.rows, taps.columns), (taps.columns, taps.rows)):
        side = min(own.inputs, max(_SIDE, _LARGE // (2 * other.inputs)))
        ends.append([restricted(own, 0, side)] + [restricted(own, own.inputs - side, own.inputs)] * (side < own.inputs))
    return [Taps(taps.weights, rows, columns) for rows in ends[0] for columns in ends[1]]


def _late(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline


def _dense(taps: Taps) -> tuple[Fraction, Fraction]:
    """The ends for the matrix of floats, and what adding taps that read the same input can round."""
    import numpy as np

    outputs, inputs = taps.weights.shape[2:]
    pixels = taps.rows.inputs * taps.columns.inputs
    matrix = np.zeros((len(taps.index), pixels + 1, outputs, inputs))
    for k, w in enumerate(taps.weights.reshape(-1, outputs, inputs)):
        matrix[np.arange(len(taps.index)), taps.index[:, k]] += w
    flat = matrix[:, :pixels].transpose(0, 2, 1, 3).reshape(taps.shape)
    lower, upper = verified_spectral_norm(np.ascontiguousarray(flat))
    together = taps.weights.shape[0] * taps.weights.shape[1]
    error = gamma(together) * square_root(taps.absolute_square, up=True) + together * taps.scaling_loss()
    merged = any(
        len(np.unique(one[one >= 0])) < (one >= 0).sum() for a in (taps.rows, taps.columns) for one in a.index.T
    )
    error = error if merged else Fraction(0)
    return max(Fraction(0), Fraction(lower) - error), Fraction(upper) + error


def _torus(taps: Taps, geometry: Geometry) -> tuple[Torus, Torus, bool, int] | None:
    """(rows, columns, whether T is the torus convolution itself, how often a row of that is repeated in T)."""
    tori, equal, repeats = [], True, 1
    parts = zip((taps.rows, taps.columns), geometry.stride, geometry.padding, geometry.dilation, strict=True)
    for one, s, (before, after), d in parts:
        n, count = one.inputs, one.outputs
        if geometry.mode == "circular" or (before == after == 0 and one.taps == 1 and n % s == 0):
            if n % s:
                return None
            tori.append(Torus(n, s, d))
            equal = equal and count >= n // s
            repeats *= -(-count // (n // s))
        elif geometry.mode == "zeros" or before == after == 0:
            span = max(before + n, (count - 1) * s + (one.taps - 1) * d + 1) - min(before, 0)
            tori.append(Torus(-(-span // s) * s, s, d))
            equal = False
        else:
            return None
        if one.taps == 1 and s == 1:
            tori[-1] = Torus(1, 1, 1)
    return tori[0], tori[1], equal and repeats == 1, repeats


def _close(
    taps: Taps, geometry: Geometry, lower: float, lost: Fraction, deadline: float | None
) -> list[tuple[Fraction, str]]:
    """Upper bounds by a direct factorisation, or by pieces where that is too much work."""
    found: list[tuple[Fraction, str]] = []
    small = max(taps.shape) <= _MOST_ORDER
    direct = elimination(taps) if small else None
    if (direct is None or direct.flops > _CHEAP_FLOPS) and geometry.stride == (1, 1):
        padded = geometry.padding[0][0], geometry.padding[1][0]
        dilations = geometry.dilation[0], geometry.dilation[1]
        cuts = narrowest(taps, padded, dilations, lower, _GOAL)
        bound = localised_norm(taps, cuts, dilations, lower, deadline) if cuts is not None else None
        if bound is not None:
            found.append((bound + lost, "corners, edges and interior, verified Cholesky factorisations"))
            if bound <= Fraction(lower) * CLOSE:
                return found
    if direct is None:
        return found
    left = math.inf if deadline is None else deadline - time.monotonic()
    if direct.flops <= min(_MOST_FLOPS, left * _FLOPS_PER_SECOND) and direct.storage <= _MOST_NUMBERS:
        for factor in (1.005, 1.03, 1.08, 1.3, 2.0):
            square = direct.square(lower**2 * factor, deadline) if lower else None
            if square is not None:
                found.append((square_root(square, up=True) + lost, "verified Cholesky factorisation, front by front"))
                break
    return found
