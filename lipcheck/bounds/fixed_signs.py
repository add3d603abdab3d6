"""An abs-normal form on a box: gates that keep their sign there are linear, and leave the form.

Interval arithmetic in rationals encloses each gate over the box, gate by gate, with those before it already put in:
where z_i >= 0 on the whole box |z_i| is z_i, and where z_i <= 0 it is -z_i, so that the smaller form equals the network
at every point of the box. Its bounds are bounds for the network on the box, because they compare two points of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.exact import NetworkError, shown
from lipcheck.exact import exact as exact_number


def fix_signs(form: AbsNormal, box: Sequence[tuple[object, object]]) -> AbsNormal:
    """A form that equals `form` on the box, one pair (low, high) per input, with only the gates whose sign is open."""
    import flint

    n, s = form.inputs, len(form.gates)
    zero = flint.fmpq(0)
    lows: list[Any] = [flint.fmpq(1)]
    highs: list[Any] = [flint.fmpq(1)]
    for low, high in _checked(box, n):
        lows.append(flint.fmpq(low.numerator, low.denominator))
        highs.append(flint.fmpq(high.numerator, high.denominator))
    fixed: dict[int, list[Any]] = {}
    rows: list[list[Any]] = []
    for i, given in enumerate((*form.gates, *form.outputs)):
        row = [flint.fmpq(a.numerator, a.denominator) for a in given]
        for j, linear in fixed.items():
            if factor := row[1 + n + j]:
                row = [a + factor * b if b else a for a, b in zip(row, linear, strict=True)]
                row[1 + n + j] = zero
        rows.append(row)
        if i >= s:
            continue
        least = sum((a * (lows[c] if a > 0 else highs[c]) for c, a in enumerate(row) if a), zero)
        most = sum((a * (highs[c] if a > 0 else lows[c]) for c, a in enumerate(row) if a), zero)
        if least >= 0 or most <= 0:
            fixed[i] = row if least >= 0 else [-a for a in row]
        lows.append(max(least, -most, zero))
        highs.append(max(most, -least))
    kept = [i for i in range(s) if i not in fixed]
    columns = [*range(1 + n), *(1 + n + i for i in kept)]
    small = [tuple(Fraction(int(row[c].p), int(row[c].q)) for c in columns) for row in rows]
    return AbsNormal(n, tuple(small[i] for i in kept), tuple(small[s:]))


def _checked(box: Sequence[tuple[object, object]], inputs: int) -> list[tuple[Fraction, Fraction]]:
    if len(box) != inputs:
        raise NetworkError(f"The box has {len(box)} sides but the network takes {inputs} numbers: give {inputs} pairs.")
    found = []
    for i, side in enumerate(box):
        if len(side) != 2:
            raise NetworkError(f"Side {i} of the box is {shown(side)}: give a pair (low, high).")
        low, high = exact_number(side[0], f"box[{i}] low"), exact_number(side[1], f"box[{i}] high")
        if low > high:
            raise NetworkError(f"Side {i} of the box is {low} to {high}: give low <= high.")
        found.append((low, high))
    return found
