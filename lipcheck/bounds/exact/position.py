"""Where a search stands: the signs chosen so far, with the linear program of their region."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from lipcheck.bounds import regions
from lipcheck.bounds.exact.rows import Box, Walk, WholeForm
from lipcheck.exact import Vector

MARGIN = 1e-9
"""Floating point is believed where it finds more room than this, in units of the rows."""


class Position:
    """A walk and its program, which follows the walk where it is asked."""

    def __init__(self, form: WholeForm, box: Box | None) -> None:
        """Start with no sign chosen."""
        self.walk = Walk(form, box)
        self.program = regions.Program(form.inputs)
        self._pushed = 0
        self.path: list[tuple[int, int]] = []

    def move(self, path: Sequence[tuple[int, int]]) -> None:
        """Go to another region, back to where the ways part and on from there."""
        common = 0
        while common < min(len(path), len(self.path)) and path[common] == self.path[common]:
            common += 1
        while len(self.path) > common:
            self.back()
        for gate, sign in path[common:]:
            self.step(gate, sign)

    def step(self, gate: int, sign: int) -> None:
        """Choose the sign of a gate that is ready."""
        self.walk.choose(gate, sign)
        self.path.append((gate, sign))

    def back(self) -> None:
        """Undo the last step."""
        self.walk.take_back()
        self.path.pop()
        while self._pushed > len(self.walk.constraints):
            self.program.pop()
            self._pushed -= 1

    def interior(self) -> Vector | regions.Nothing:
        """A point of the region, exactly, or the multipliers that prove that it has no interior."""
        self._follow()
        rows = self.walk.constraints
        return regions.decide(rows, self.program.solve()) if rows else (Fraction(0),) * self.walk.form.inputs

    def room(self, gate: int, sign: int) -> Sequence[float] | regions.Nothing:
        """A point of the region on this side of the gate, if there is one; HiGHS is believed where it finds room."""
        self._follow()
        row = tuple(sign * a for a in self.walk.rows[gate])
        self.program.push(row)
        answer = self.program.solve()
        self.program.pop()
        if answer is not None and answer[0] > MARGIN:
            return answer[1]
        decided = regions.decide([*self.walk.constraints, row], answer)
        return decided if isinstance(decided, regions.Nothing) else [float(a) for a in decided]

    def _follow(self) -> None:
        for row in self.walk.constraints[self._pushed :]:
            self.program.push(row)
        self._pushed = len(self.walk.constraints)

    def side_of(self, gate: int, point: Sequence[float]) -> int:
        """The side of the gate on which the point lies, 0 if that is not clear."""
        value, size = self.value(gate, point)
        return 0 if abs(value) <= MARGIN * size else (1 if value > 0 else -1)

    def value(self, gate: int, point: Sequence[float]) -> tuple[float, float]:
        """(value of the gate at the point, length of its row), up to a common factor."""
        row = self.floats(gate)
        value = row[0] + sum(a * x for a, x in zip(row[1:], point, strict=True))
        return value, math.hypot(*row[1:]) or 1.0

    def floats(self, gate: int) -> list[float]:
        """The row of the gate up to a factor."""
        row = self.walk.rows[gate]
        shift = max(0, max(abs(a) for a in row).bit_length() - 500)
        return [float(a >> shift) for a in row]
