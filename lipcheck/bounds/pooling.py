"""The 2-norm of average pooling over a grid: the product of the norms of one small matrix for each axis.

A window is a product of stretches, and what it divides by is a product of lengths, whatever the padding, so that the
matrix of one channel is a Kronecker product M = A_1 (x) ... (x) A_d, and ||M|| = ||A_1|| ... ||A_d||. All channels
share it. The factors are read off as marginals: with m_a the sums of M over all axes but a, and S its sum,

    m_1 (x) ... (x) m_d = S^(d - 1) M,

which is checked in integers, entry by entry. Signs of divisors flip outputs, which changes no norm.

Source: Horn and Johnson, Topics in Matrix Analysis, 1991, theorem 4.2.15.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.bounds.layer_norms import dense_norm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST = 2048
"""Pixels along an axis at most, as its matrix is dense."""


def average_two_norm(
    windows: NDArray[np.int64], divisors: NDArray[np.int64], image: tuple[int, ...], shape: tuple[int, ...]
) -> tuple[Fraction, Fraction] | None:
    """(lower, upper) of ||T||_2, y_i = sum of x over windows[i] / divisors[i], images (channels, ...) to `shape`.

    None where T is no such product, or too large for integers of 64 bits.
    """
    import numpy as np

    axes, scale = len(image) - 1, math.lcm(*(int(d) for d in np.unique(divisors)))
    first = one_channel(windows, divisors, image, shape)
    if axes < 1 or first is None or scale >= 2**53 or max(*image[1:], *shape[1:]) > _LONGEST:
        return None
    pixels = math.prod(image[1:])
    outputs, _ = np.nonzero(first >= 0)
    shares = scale // np.abs(divisors[: len(first)])
    places, inverse = np.unique(outputs * pixels + first[first >= 0], return_inverse=True)
    if int(shares.max()) * first.size >= 2**53:
        return None
    values = np.zeros(len(places), np.int64)
    np.add.at(values, inverse, shares[outputs])
    total = int(values.sum())
    if not total or total**axes >= 2**62:
        return (Fraction(0), Fraction(0)) if not total else None
    left, right = np.unravel_index(places // pixels, shape[1:]), np.unravel_index(places % pixels, image[1:])
    product, count = np.ones(len(places), np.int64), 1
    lower = upper = Fraction(total, scale)
    for i, j, high, wide in zip(left, right, shape[1:], image[1:], strict=True):
        factor = np.zeros((high, wide), np.int64)
        np.add.at(factor, (i, j), values)
        product, count = product * factor[i, j], count * int(np.count_nonzero(factor))
        bound = dense_norm(factor.astype(np.float64), 2)
        lower, upper = lower * Fraction(bound.lower) / total, upper * Fraction(bound.upper) / total
    if count != len(places) or (product != values * total ** (axes - 1)).any():
        return None
    return lower, upper


def one_channel(
    windows: NDArray[np.int64], divisors: NDArray[np.int64], image: tuple[int, ...], shape: tuple[int, ...]
) -> NDArray[np.int64] | None:
    """The windows of the first channel, None where another channel has other ones."""
    import numpy as np

    outputs, pixels = math.prod(shape[1:]), math.prod(image[1:])
    if len(shape) != len(image) or shape[0] != image[0] or len(windows) != math.prod(shape) or not len(windows):
        return None
    first = windows[:outputs]
    moved = np.where(first >= 0, first + pixels * np.arange(image[0])[:, None, None], -1)
    alike = (divisors.reshape(image[0], -1) == divisors[:outputs]).all()
    return first if alike and np.array_equal(windows.reshape(moved.shape), moved) else None
