"""Rounding inward for arrays of many rows: the rule of `lipcheck.nn.rounding` in 64-bit integers, exact.

A row on the grid is a vector k of integers, |k_i| <= 2^b with b = 53 or 24, and its norm is at most one where sum |k_i|
<= 2^b (q = 1) or sum k_i^2 <= 4^b (q = 2). Scaling a float by 2^b, rounding it to an integer and taking the difference
are exact. No sum overflows: rows are refused first unless their norm is below 1 + 2^18 u, by a sum in float64 whose own
error is smaller still for n <= 2^16 columns. So sum |k_i| < 2^54, and k_i^2, which has up to 107 bits, is split: with
|k| = h 2^27 + l, 0 <= l < 2^27,

    k^2 = h^2 2^54 + 2 h l 2^27 + l^2,  h <= 2^26,  all three factors below 2^55.

Once carried, the two lower digits are below 2^27 each, so their sums stay below 2^43, and the sum of the leading ones
is at most 2^-54 sum k_i^2 < 2^53. One step of an entry takes 2 |k_i| - 1 from sum k_i^2; all steps together take at
most 2 sqrt(n) (sum k_i^2)^(1/2) < 2^63.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from lipcheck.nn.rounding import RoundingError, grid_bits
from lipcheck.norms import Exponent
from lipcheck.norms.arguments import as_exponent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_HALF = 27
_MASK = (1 << _HALF) - 1
_MOST_COLUMNS = 1 << 16
_SLACK_BITS = 17


def inward(rows: object, q: Exponent | int, dtype: torch.dtype = torch.float64) -> NDArray[Any]:
    """Rows (m, n) of float64 or float32 as rows of dtype whose q-norm is at most one exactly; q is 1, 2 or inf.

    Rows whose exact norm is at most one move by less than u = 2^-53 (float32: 2^-24) in each entry. Rows that floating
    point left above one, by up to 2^17 u, take as many steps as they need. Raises RoundingError for longer rows, other
    q, shapes and dtypes, NaN, infinities and more than 65,536 columns.
    """
    bits, q = grid_bits(dtype), as_exponent(q)
    floats = _checked(rows, q, 2.0 ** (_SLACK_BITS - bits))
    scaled = np.abs(floats) * 2.0**bits
    steps = np.rint(scaled).astype(np.int64)
    if q == np.inf:
        steps = np.minimum(steps, 1 << bits)
    open_rows = np.flatnonzero(_excess(steps, q, bits) > 0)
    residual = steps[open_rows] - scaled[open_rows]
    while open_rows.size:
        taken = _stepped(steps[open_rows], residual, q, bits)
        steps[open_rows] -= taken
        left = _excess(steps[open_rows], q, bits) > 0
        open_rows, residual = open_rows[left], (residual - taken)[left]
    result = np.copysign(steps * 2.0**-bits, floats)
    rounded: NDArray[Any] = result.astype(np.float64 if dtype == torch.float64 else np.float32)
    return rounded


def _stepped(steps: Integers, residual: Floats, q: Exponent, bits: int) -> Integers:
    """One step for as many entries of each row as its excess needs, largest residual first.

    Where all together are too few, so many steps of each as surely do not lead below one: f of them take at most f
    (2 k - 1) from k^2.
    """
    excess = _excess(steps, q, bits)[:, None]
    gain = np.where(steps > 0, 2 * steps - 1 if q == 2 else 1, 0)
    order = np.argsort(np.where(steps > 0, -residual, np.inf), axis=1, kind="stable")
    sorted_gain = np.take_along_axis(gain, order, 1)
    total = np.cumsum(sorted_gain, axis=1)
    taken = np.zeros_like(steps)
    np.put_along_axis(taken, order, (total - sorted_gain < excess).astype(np.int64), 1)
    many: Integers = np.minimum(taken * np.maximum(excess // total[:, -1:], 1), steps)
    return many


def _excess(steps: Integers, q: Exponent, bits: int) -> Integers:
    """By how much the norm's power exceeds one, in units of the grid: exact below 2^61 in size, else at least 2^61."""
    if q != 2:
        simple: Integers = (steps.sum(1) if q == 1 else steps.max(1)) - (1 << bits)
        return simple
    high, low = steps >> _HALF, steps & _MASK
    last = low * low
    middle = 2 * high * low + (last >> _HALF)
    first = high * high + (middle >> _HALF)
    c = (last & _MASK).sum(1)
    b = (middle & _MASK).sum(1) + (c >> _HALF)
    a = first.sum(1) + (b >> _HALF)
    rest = ((b & _MASK) << _HALF) + (c & _MASK)
    return _difference(a, rest, 2 * bits)


def _difference(a: Integers, rest: Integers, bits: int) -> Integers:
    """A 2^54 + rest - 2^bits, where a number beyond 2^62 is brought nearer to 0 but stays beyond 2^61."""
    top, bottom = (1 << bits - 54, 0) if bits >= 54 else (0, 1 << bits)
    ahead = np.clip(a - top, -(1 << 8), (1 << 8) - 1)
    return (ahead << 54) + rest - bottom


def _checked(rows: object, q: Exponent, slack: float) -> Floats:
    try:
        array = np.asarray(rows.detach().cpu() if isinstance(rows, torch.Tensor) else rows)
    except (TypeError, ValueError) as problem:
        raise RoundingError(f"The rows are no array ({problem}): give one of float64 or float32.") from problem
    if array.ndim != 2 or not array.size or array.dtype not in (np.dtype(np.float64), np.dtype(np.float32)):
        raise RoundingError(
            f"The rows are {array.dtype} of shape {array.shape}: give a non-empty float64 or float32 array of two axes."
        )
    if array.shape[1] > _MOST_COLUMNS:
        raise RoundingError(f"The rows have {array.shape[1]} entries: arrays are rounded inward up to {_MOST_COLUMNS}.")
    if q not in (1, 2, np.inf):
        raise RoundingError(f"The exponent q is {q}: arrays take 1, 2 and inf, use inward_row for the others.")
    floats = array.astype(np.float64)
    # NaN fails the comparison.
    with np.errstate(over="ignore", invalid="ignore"):
        bad = np.flatnonzero(~(np.linalg.norm(floats, ord=float(q), axis=1) <= 1 + slack))
    if bad.size:
        raise RoundingError(f"Row {bad[0]} has a {q}-norm above 1 or holds NaN: divide it by its norm first.")
    return floats
