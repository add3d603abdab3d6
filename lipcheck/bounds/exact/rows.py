"""An abs-normal form in whole numbers, and the affine maps of its gates as signs are chosen one by one.

Scaling z_i by a positive number scales |z_i| with it, so that every row can be made integral: s_i z_i has integer
coefficients of 1, x and s_j |z_j|. Signs, regions and which of them are empty stay the same; the outputs are multiplied
by `unit`.

Where the signs of all gates that gate i reads are chosen, z_i is an affine map of x: its row. Until then the row holds
the part that is known, and what is missing are the links to the open gates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.exact import Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Row = tuple[int, ...]
Box = tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True)
class WholeForm:
    """rows[i] = coefficients of (1, x) and links[i] = {j: coefficient of |z_j|}: gates first, then the outputs."""

    inputs: int
    gates: int
    rows: tuple[Row, ...]
    links: tuple[dict[int, int], ...]
    scales: tuple[Fraction, ...]
    unit: Fraction

    @cached_property
    def readers(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Per gate, the rows that read it, with the coefficients."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.gates)]
        for i, links in enumerate(self.links):
            for j, weight in links.items():
                found[j].append((i, weight))
        return tuple(map(tuple, found))

    @cached_property
    def powers(self) -> tuple[int, ...]:
        """Per row the least b such that its slopes and its coefficients in |z_j| / 2^b_j are below 2^b in size.

        The outputs share one. In these units, row i over 2^b_i, no coefficient exceeds one.
        """
        found: list[int] = []
        for i, row in enumerate(self.rows):
            own = [a.bit_length() for a in row[1:]] + [abs(a).bit_length() + found[j] for j, a in self.links[i].items()]
            found.append(max(own, default=0))
        shared = max(found[self.gates :], default=0)
        return (*found[: self.gates], *(shared for _ in self.rows[self.gates :]))

    @cached_property
    def levels(self) -> int:
        """How many gates the longest path meets."""
        found: list[int] = []
        for links in self.links:
            found.append(1 + max((found[j] for j in links), default=0))
        return max(found[: self.gates], default=0)

    @cached_property
    def weights(self) -> Floats:
        """The links in these units, (rows, gates). Raises OverflowError where one is below `SMALLEST`."""
        import numpy as np

        found = np.zeros((len(self.rows), self.gates))
        for i, links in enumerate(self.links):
            for j, a in links.items():
                found[i, j] = quotient(a, self.powers[i] - self.powers[j])
        return found

    @cached_property
    def paths(self) -> Floats:
        """Sums of absolute values along all paths from the inputs to the outputs, (outputs, inputs), in these units."""
        import numpy as np

        found = np.zeros((len(self.rows), self.inputs))
        sizes = np.abs(self.weights)
        for i, row in enumerate(self.rows):
            found[i] = np.abs(floats(row, self.powers[i])) + sizes[i] @ found[: self.gates]
        return found[self.gates :]

    def scale(self, p: object) -> Fraction:
        """What multiplies norms (p = 2: their squares) of the outputs in these units."""
        factor = self.unit / two_power(self.powers[-1])
        return factor * factor if p == 2 else factor


SMALLEST = 1e-30
"""Coefficients nearer to zero, beside others of size one, are left to whole numbers."""


def quotient(a: int, b: int) -> float:
    """a / 2^b, correctly rounded. Raises OverflowError where that is too large, or below `SMALLEST` but not zero."""
    found = a / (1 << b) if b >= 0 else float(a << -b)
    if a and abs(found) < SMALLEST:
        raise OverflowError(f"{a} / 2^{b}")
    return found


def floats(row: Row, b: int) -> list[float]:
    """The slopes of a row over 2^b (see `quotient`)."""
    if b >= 0:
        power = 1 << b
        found = [a / power for a in row[1:]]
        if min(map(abs, found), default=1.0) >= SMALLEST:
            return found
    return [quotient(a, b) for a in row[1:]]


def two_power(k: int) -> Fraction:
    """2^k."""
    return Fraction(1 << k) if k >= 0 else Fraction(1, 1 << -k)


def whole_form(form: AbsNormal) -> WholeForm:
    """The form with integer coefficients; its outputs are `unit` times those of the form."""
    first = 1 + form.inputs
    scales: list[Fraction] = []
    rows: list[Row] = []
    links: list[dict[int, int]] = []
    for row in form.gates:
        own, linked, scale = _whole(row, first, scales, [row])
        scales.append(scale)
        rows.append(own)
        links.append(linked)
    # The outputs share one unit: norms compare them with each other.
    unit = Fraction(1)
    for row in form.outputs:
        own, linked, unit = _whole(row, first, scales, form.outputs)
        rows.append(own)
        links.append(linked)
    return WholeForm(form.inputs, len(form.gates), tuple(rows), tuple(links), tuple(scales), unit)


def _whole(
    row: Vector, first: int, scales: Sequence[Fraction], together: Sequence[Vector]
) -> tuple[Row, dict[int, int], Fraction]:
    """The row in units of the scaled gates, times the least number that makes all rows of `together` integral."""
    parts = [[*r[:first], *(a / s if a else a for a, s in zip(r[first:], scales, strict=False))] for r in together]
    factor = Fraction(
        math.lcm(*(a.denominator for part in parts for a in part)),
        math.gcd(*(a.numerator for part in parts for a in part)) or 1,
    )
    own = [a / s if a else a for a, s in zip(row[first:], scales, strict=False)]
    linked = {j: int(a * factor) for j, a in enumerate(own) if a}
    return tuple(int(a * factor) for a in row[:first]), linked, factor


class Walk:
    """The rows under the signs chosen so far, which can be taken back, the last one first.

    `constraints` are the integer rows whose values are positive inside of the region: those of the box, then one per
    chosen sign of a gate that is not constant.
    """

    def __init__(self, form: WholeForm, box: Box | None = None) -> None:
        """Start with no sign chosen."""
        self.form = form
        self.rows = list(form.rows)
        self.signs = [0] * form.gates
        self.missing = [len(links) for links in form.links]
        self.constraints = box_rows(box) if box else []
        self._undo: list[tuple[int, list[tuple[int, Row]], bool]] = []

    def ready(self, gate: int) -> bool:
        """Whether the gate is open and an affine map of x."""
        return not self.signs[gate] and not self.missing[gate]

    def forced(self, gate: int) -> int:
        """The sign of a gate that is constant on the region, + where it is zero; 0 for a gate that is not constant."""
        constant, *slopes = self.rows[gate]
        return 0 if any(slopes) else (1 if constant >= 0 else -1)

    def choose(self, gate: int, sign: int) -> None:
        """Fix the sign of a gate that is ready."""
        rows, missing = self.rows, self.missing
        row = tuple([sign * a for a in rows[gate]])
        before = [(i, rows[i]) for i, _ in self.form.readers[gate]]
        for i, weight in self.form.readers[gate]:
            # A list is filled faster than a generator, and this is where branch and bound spends its time.
            rows[i] = tuple([a + weight * b for a, b in zip(rows[i], row, strict=True)])
            missing[i] -= 1
        self.signs[gate] = sign
        if bounds := any(row[1:]):
            self.constraints.append(row)
        self._undo.append((gate, before, bounds))

    def take_back(self) -> None:
        """Undo the last choice."""
        gate, before, bounds = self._undo.pop()
        for i, row in before:
            self.rows[i] = row
            self.missing[i] += 1
        self.signs[gate] = 0
        if bounds:
            self.constraints.pop()


def box_rows(box: Box) -> list[Row]:
    """Integer rows that are positive inside of the box: x_i - low_i and high_i - x_i."""
    found = []
    for i, (low, high) in enumerate(box):
        for sign, end in ((1, low), (-1, high)):
            row = [0] * (1 + len(box))
            row[0], row[1 + i] = -sign * end.numerator, sign * end.denominator
            found.append(tuple(row))
    return found
