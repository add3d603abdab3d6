"""Pooling as an operator on images of a given size: average pooling as a matrix, max pooling by how often it reads.

Along each axis a window reads the pixels of its stretch of the padded image. Average pooling divides their sum by a
number that is a product over the axes: T is the Kronecker product of one matrix per axis, and its norms are the
products of theirs. Max pooling hands on one of the entries it reads: its constant is the root of the number of windows
that an entry belongs to at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.bounds.layer_norms import enclosed, exponent, multiplicity_norm
from lipcheck.norms import NormError, verified_spectral_norm
from lipcheck.norms.rounding import square_root

_DENSE_ORDER = 2048


def windows(
    image: int, kernel: int, stride: int, padding: int, dilation: int = 1, ceil_mode: bool = False
) -> list[tuple[list[int], int]]:
    """For each output of one axis, the pixels it reads and how many positions of the padded image its window covers.

    As torch: with `ceil_mode` a last window may reach beyond the padding, if it begins inside the image or its left
    padding. Raises NormError where no window fits, and for a padding of more than half the window.
    """
    reach = dilation * (kernel - 1) + 1
    if min(image, kernel, stride, dilation) < 1 or not 0 <= padding <= reach // 2:
        raise NormError(
            f"Pooling of {image} pixels has kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}: "
            "give positive numbers, and a padding of at most half the window."
        )
    span = image + 2 * padding - reach
    count = (-(-span // stride) if ceil_mode else span // stride) + 1
    if ceil_mode and (count - 1) * stride >= image + padding:
        count -= 1
    if count < 1:
        raise NormError(f"A window of {reach} pixels does not fit {image} pixels, padded by {padding}: pad more.")
    found = []
    for o in range(count):
        start = o * stride - padding
        covered = min(start + reach, image + padding) - start
        places = range(start, start + reach, dilation)
        found.append(([i for i in places if 0 <= i < image], covered))
    return found


def max_pool_norm(axes: Sequence[Sequence[tuple[Sequence[int], int]]], p: float) -> LayerBound:
    """The Lipschitz constant of max pooling over the product of windows along the axes, as `windows` lists them.

    For p < infinity m^(1/p) is an upper bound, m the number of windows that an entry belongs to at most, and attained.
    """
    return multiplicity_norm(math.prod(_most(axis) for axis in axes), exponent(p), "number of windows")


def _most(axis: Sequence[tuple[Sequence[int], int]]) -> int:
    counts: dict[int, int] = {}
    for pixels, _ in axis:
        for pixel in pixels:
            counts[pixel] = counts.get(pixel, 0) + 1
    return max(counts.values(), default=0)


def average_pool_norm(
    axes: Sequence[Sequence[tuple[Sequence[int], int]]],
    p: float,
    count_include_pad: bool = True,
    divisor: int | None = None,
) -> LayerBound:
    """The norm of average pooling over the product of windows along the axes, as `windows` lists them.

    Divided by `divisor`, or by the number of positions covered, or (count_include_pad=False) of pixels read. For p = 2
    the largest singular value along each axis, in floats that enclose it.
    """
    p = exponent(p)
    if divisor is not None and divisor == 0:
        raise NormError("The divisor of average pooling is 0: give another number.")
    lower = upper = Fraction(1) if divisor is None else 1 / abs(Fraction(divisor))
    method = "exact per axis"
    for axis in axes:
        weights = [
            Fraction(1) if divisor is not None else Fraction(1, covered if count_include_pad else max(1, len(pixels)))
            for pixels, covered in axis
        ]
        columns: dict[int, Fraction] = {}
        for (pixels, _), weight in zip(axis, weights, strict=True):
            for pixel in pixels:
                columns[pixel] = columns.get(pixel, Fraction(0)) + weight
        row = max(len(pixels) * weight for (pixels, _), weight in zip(axis, weights, strict=True))
        column = max(columns.values(), default=Fraction(0))
        if p != 2:
            value = row if p == math.inf else column
            lower, upper = lower * value, upper * value
            continue
        low, high, how = _axis_two_norm(axis, weights, row * column)
        lower, upper = lower * low, upper * high
        method = how if how != "exact per axis" else method
    return enclosed(lower, upper, method)


def _axis_two_norm(
    axis: Sequence[tuple[Sequence[int], int]], weights: Sequence[Fraction], product: Fraction
) -> tuple[Fraction, Fraction, str]:
    """Bounds on the 2-norm along one axis. Disjoint windows: sqrt of the largest pixels * weight^2."""
    import numpy as np

    if _most(axis) <= 1:
        square = max(len(pixels) * weight**2 for (pixels, _), weight in zip(axis, weights, strict=True))
        return square_root(square, up=False), square_root(square, up=True), "exact per axis"
    pixels_used = sorted({pixel for pixels, _ in axis for pixel in pixels})
    common = math.lcm(*(weight.denominator for weight in weights))
    if max(len(axis), len(pixels_used)) <= _DENSE_ORDER and common < 2**50:
        place = {pixel: j for j, pixel in enumerate(pixels_used)}
        matrix = np.zeros((len(axis), len(place)))
        for i, ((pixels, _), weight) in enumerate(zip(axis, weights, strict=True)):
            matrix[i, [place[pixel] for pixel in pixels]] = float(weight * common)
        low, high = verified_spectral_norm(matrix)
        return Fraction(low) / common, Fraction(high) / common, "verified Cholesky factorisation per axis"
    longest = max(len(pixels) * weight**2 for (pixels, _), weight in zip(axis, weights, strict=True))
    return square_root(longest, up=False), square_root(product, up=True), "sqrt(1-norm x infinity-norm) per axis"
