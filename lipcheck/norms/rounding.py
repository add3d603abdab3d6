"""What rounding can do to sums, squares and roots of floats: the terms that verified bounds are built from.

Model of arithmetic. u = 2^-53, t = 2^-1022. Each operation gives (a op b)(1 + d) + s with |d| <= u and |s| <= t, and
may read an operand below t as zero: IEEE float64, with subnormals flushed or not. Inner products are conventional: k
products, summed in any order, fused or not; so is the product of matrices (no Strassen, TF32 or bfloat16). With
gamma_k = k u / (1 - k u) and entries of size at most a and b, a computed inner product differs from the true one by at
most gamma_{k+1} |x|'|y| + 5 k max(1, a, b) t (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition,
section 3.1; 2 t (1 + max) per term for flushed results and operands, amplified by at most 5/4).

Floats are read from their bits, and results are put together in exact rationals and rounded outwards at the end, so
that subnormal numbers count even where the processor takes them for zeros.
"""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.exact import shown
from lipcheck.norms.bracket import NormError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNIT = Fraction(1, 2**53)
TINY = Fraction(1, 2**1022)
# The ends are floats: a relative error of 2^-80 in a square root is lost in their rounding.
_ROOT_BITS = 80
# Longer inner products wake a pool of threads in OpenBLAS, which then spins.
_DOT = 1 << 13
# Rows of a matrix are looked through in pieces of about this many entries, which stay in cache.
_PIECE = 2**15
_LAYOUTS = {"float64": ("uint64", 52, 0x7FF, 1075), "float32": ("uint32", 23, 0xFF, 150)}


def checked(array: NDArray[Any], axes: int = 2) -> NDArray[Any]:
    """The array in native byte order, as a plain one: what a subclass makes of products and sums is its own affair.

    Raises NormError for other dtypes, shapes, empty and masked arrays, NaN and infinities.
    """
    import numpy as np

    if not isinstance(array, np.ndarray) or array.dtype.name not in _LAYOUTS or array.ndim != axes:
        given = f"{array.dtype} of shape {array.shape}" if isinstance(array, np.ndarray) else shown(array)
        many = {1: "one axis", 2: "two axes", 3: "three axes", 4: "four axes"}[axes]
        raise NormError(f"The matrix is {given}: give a numpy array of {many} in float64 or float32.")
    if isinstance(array, np.ma.MaskedArray):
        raise NormError("The matrix is a masked array: give its numbers with `filled`.")
    array = np.asarray(array)
    if not array.size:
        raise NormError(f"The matrix of shape {array.shape} is empty: give at least one row and one column.")
    if not np.isfinite(array).all():
        place = tuple(int(index) for index in np.argwhere(~np.isfinite(array))[0])
        raise NormError(f"The entry {list(place)} is {array[place]}: replace it, only finite numbers have a norm.")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def mantissas(array: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(m, e), integers with |array| = m 2^e entry by entry, read from the bits."""
    import numpy as np

    word, digits, mask, bias = _LAYOUTS[array.dtype.name]
    bits = np.ascontiguousarray(array).view(word).reshape(array.shape).astype(np.uint64)
    biased = (bits >> np.uint64(digits) & np.uint64(mask)).astype(np.int64)
    fraction = (bits & np.uint64((1 << digits) - 1)).astype(np.int64)
    return np.where(biased > 0, fraction | 1 << digits, fraction), np.maximum(biased, 1) - bias


def scaled(array: NDArray[Any]) -> tuple[Floats, int]:
    """(B, e) with array = 2^e B up to t in each entry of B, max |B| in [1/2, 1)."""
    import numpy as np

    if not _has_tiny(array):
        wide = array.astype(np.float64)
        largest = float(max(wide.max(), -wide.min()))
        if 2.0**-100 <= largest <= 2.0**100:
            exponent = int(np.frexp(largest)[1])
            wide *= 2.0**-exponent
            return wide, exponent
    integers, power = mantissas(array)
    mantissa = integers.astype(np.float64)
    length = np.where(mantissa > 0, np.frexp(mantissa)[1] + power, np.iinfo(np.int64).min)
    exponent = int(length.max()) if mantissa.any() else 0
    sizes = np.ldexp(mantissa, power - exponent)
    return np.where(np.signbit(array), -sizes, sizes), exponent


def _has_tiny(array: NDArray[Any]) -> bool:
    """Whether an entry is subnormal, or one in float64 is not zero and below 2^-899; decided on the bits."""
    import numpy as np

    word, digits, _, _ = _LAYOUTS[array.dtype.name]
    bits = np.ascontiguousarray(array).view(word).reshape(-1)
    least = 124 if word == "uint64" else 1
    one, bound = bits.dtype.type(1), bits.dtype.type((least << digits + 1) - 1)
    # Without the sign, less one: zero wraps around to the largest word.
    return any(
        bool(((bits[start : start + _PIECE] << one) - one < bound).any()) for start in range(0, len(bits), _PIECE)
    )


def gamma(count: int) -> Fraction:
    """A bound on k u / (1 - k u) for k = count <= 2^50: k u (1 + 2 k u), for 1 / (1 - x) <= 1 + 2 x where x <= 1/2."""
    if count > 2**50:
        raise NormError(f"The matrix has about {count} terms in a sum: the rounding bound needs fewer than 2^50.")
    return Fraction(count * (2**52 + count), 2**105)


def square_sum(x: Floats, up: bool = True) -> Fraction:
    """A bound on the sum of the squares of N floats: the computed sum is within gamma_N of it, and 8 N t."""
    import numpy as np

    flat = x.reshape(-1) if x.flags.c_contiguous else x.T.reshape(-1) if x.flags.f_contiguous else None
    if flat is None:
        computed = Fraction(float((x * x).sum()))
    else:
        whole = flat.size // _DOT * _DOT
        rows, rest = flat[:whole].reshape(-1, _DOT), flat[whole:]
        computed = Fraction(float(np.vecdot(rows, rows).sum() + np.dot(rest, rest)))
    count = int(x.size)
    g, underflow = gamma(count), 8 * count * TINY
    # 1 / (1 - g) <= 1 + 2 g for g <= 1/2, and 1 / (1 + g) >= 1 - g.
    return computed * (1 + 2 * g) + underflow if up else max(Fraction(0), computed * (1 - g) - underflow)


def frobenius(x: Floats) -> Fraction:
    """An upper bound on the Frobenius norm."""
    return square_root(square_sum(x), up=True)


def square_root(value: Fraction, up: bool) -> Fraction:
    """The square root of a rational number >= 0 where that is rational, else a number next to it, above or below it."""
    top, bottom = value.numerator, value.denominator
    if (exact := math.isqrt(top)) ** 2 == top and (below := math.isqrt(bottom)) ** 2 == bottom:
        return Fraction(exact, below)
    # With value = q 4^shift and q >= 4^_ROOT_BITS, one unit of the integer root of q is narrow enough.
    shift = (top.bit_length() - bottom.bit_length()) // 2 - 1 - _ROOT_BITS
    found = math.isqrt((top << max(0, -2 * shift)) // (bottom << max(0, 2 * shift))) + up
    return Fraction(found << max(0, shift), 1 << max(0, -shift))


def outward(value: Fraction, up: bool) -> float:
    """The float64 next to `value` >= 0 above or below it, inf or the largest float where the range ends."""
    if value < TINY:
        # Subnormal results are built from their bits: arithmetic may flush them.
        steps = value * 2**1074
        count = math.ceil(steps) if up else math.floor(steps)
        return float(struct.unpack("<d", struct.pack("<q", count))[0])
    try:
        nearest = float(value)
    except OverflowError:
        nearest = math.inf
    if up:
        return nearest if nearest >= value else math.nextafter(nearest, math.inf)
    return nearest if nearest <= value else math.nextafter(nearest, 0.0)
