"""Where a search stands: the signs chosen so far, with the linear program of their region."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lipcheck.bounds import regions
from lipcheck.bounds.exact.rows import Box, Walk, WholeForm

MARGIN = 1e-9
"""Floating point is believed where it finds more room than this, in units of the rows."""


class Position:
    """A walk and its program, moved together."""

    def __init__(self, form: WholeForm, box: Box | None) -> None:
        """Start with no sign chosen."""
        self.walk = Walk(form, box)
        self.program = regions.Program(form.inputs)
        for row in self.walk.constraints:
            self.program.push(row)
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
        before = len(self.walk.constraints)
        self.walk.choose(gate, sign)
        self.path.append((gate, sign))
        if len(self.walk.constraints) > before:
            self.program.push(self.walk.constraints[-1])

    def back(self) -> None:
        """Undo the last step."""
        before = len(self.walk.constraints)
        self.walk.take_back()
        self.path.pop()
        if len(self.walk.constraints) < before:
            self.program.pop()

    def room(self, gate: int, sign: int) -> Sequence[float] | regions.Nothing:
        """A point of the region on this side of the gate, if there is one; HiGHS is believed where it finds room."""
        row = tuple(sign * a for a in self.walk.rows[gate])
        self.program.push(row)
        answer = self.program.solve()
        self.program.pop()
        if answer is not None and answer[0] > MARGIN:
            return answer[1]
        decided = regions.decide([*self.walk.constraints, row], answer)
        return decided if isinstance(decided, regions.Nothing) else [float(a) for a in decided]

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
