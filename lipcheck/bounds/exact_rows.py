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

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.exact import Vector

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
        row = tuple(sign * a for a in self.rows[gate])
        before = [(i, self.rows[i]) for i, _ in self.form.readers[gate]]
        for i, weight in self.form.readers[gate]:
            self.rows[i] = tuple(a + weight * b for a, b in zip(self.rows[i], row, strict=True))
            self.missing[i] -= 1
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
