"""Does a system of strict linear inequalities have a solution? Floating point proposes, whole numbers decide.

Either there is a point x with row(x) > 0 for every row, checked exactly, or there are multipliers y >= 0, not all zero,
with sum_i y_i row_i = a constant <= 0 (Gordan 1873, Motzkin's transposition theorem): then no x can make all rows
positive. At most n + 1 multipliers are needed in n dimensions. So a region with empty interior is recognised, however
thin the one beside it.

HiGHS maximises the least distance t to the rows, each row scaled to length one. Where its answer does not survive in
whole numbers, as happens for rows that meet in one point, z3 decides in rationals, and its answer is checked as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lipcheck.exact import NetworkError, Vector

Row = tuple[int, ...]
Multipliers = tuple[tuple[int, int], ...]
"""(position of a row, multiplier) where the multiplier is positive."""


@dataclass(frozen=True)
class Nothing:
    """No point makes all rows positive: so say these multipliers."""

    multipliers: Multipliers


def positive_at(rows: Sequence[Row], point: Sequence[Fraction]) -> bool:
    """Whether every row is positive at the point."""
    bottom = math.lcm(*(a.denominator for a in point))
    whole = [bottom, *(a.numerator * (bottom // a.denominator) for a in point)]
    return all(sum(a * b for a, b in zip(row, whole, strict=True)) > 0 for row in rows)


def is_empty(rows: Sequence[Row], multipliers: Multipliers) -> bool:
    """Whether these multipliers prove that no point makes all rows positive."""
    if not multipliers or any(y <= 0 for _, y in multipliers):
        return False
    if any(not 0 <= i < len(rows) for i, _ in multipliers):
        return False
    constant, *slopes = (sum(y * rows[i][k] for i, y in multipliers) for k in range(len(rows[multipliers[0][0]])))
    return constant <= 0 and not any(slopes)


def gordan(rows: Sequence[Row], weights: dict[int, float]) -> Multipliers | None:
    """Multipliers on these positions that prove emptiness: the kernel of their slopes, where it is one line.

    A degenerate support has a larger kernel: its lightest row is dropped.
    """
    import flint

    support = sorted(weights, key=lambda i: -weights[i])
    while support:
        kernel, nullity = flint.fmpz_mat(
            [list(column) for column in zip(*(rows[i][1:] for i in support), strict=True)]
        ).nullspace()
        if nullity == 0:
            return None
        if nullity == 1:
            found = [int(kernel[k, 0]) for k in range(len(support))]
            sign = 1 if sum(found) > 0 else -1
            proof = tuple((i, sign * y) for i, y in zip(support, found, strict=True) if y)
            return proof if is_empty(rows, proof) else None
        support.pop()
    return None


def _quiet() -> Any:
    """A HiGHS model that prints nothing: callbacks print a banner before any option can be set, and none are needed."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)

    return Quiet()  # type: ignore[no-untyped-call]


class Program:
    """max t subject to row(x) >= |row| t for the rows pushed so far, t <= 1; solved again from the last basis."""

    def __init__(self, inputs: int) -> None:
        """Start with no rows."""
        import highspy
        import numpy as np

        self.solved = 0
        self._inputs = inputs
        self._columns = np.arange(inputs + 1, dtype=np.int32)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._model = _quiet()
        self._model.setOptionValue("threads", 1)
        self._model.setOptionValue("presolve", "off")
        self._model.setOptionValue("solver", "simplex")
        none = np.array([], dtype=np.int32), np.array([])
        for _ in range(inputs):
            self._model.addCol(0.0, -1e30, 1e30, 0, *none)
        self._model.addCol(-1.0, -1e30, 1.0, 0, *none)

    def push(self, row: Row) -> None:
        """Add a row."""
        import numpy as np

        shift = max(abs(a) for a in row[1:]).bit_length() - 60
        line = np.array([float(a >> shift if shift > 0 else a) for a in row])
        line /= np.sqrt(line[1:] @ line[1:])
        # HiGHS drops rows with entries beyond its range: such a row says almost nothing or almost everything.
        line = np.clip(line, -1e15, 1e15)
        self._model.addRow(-line[0], 1e30, self._inputs + 1, self._columns, np.append(line[1:], -1.0))

    def pop(self) -> None:
        """Remove the last row."""
        import numpy as np

        self._model.deleteRows(1, np.array([self._model.getNumRow() - 1], dtype=np.int32))

    def solve(self) -> tuple[float, list[float], dict[int, float]] | None:
        """(t, x, dual weights of the rows that hold t down); None where HiGHS gives no answer."""
        self.solved += 1
        self._model.run()
        if self._model.getModelStatus() != self._optimal:
            self._model.clearSolver()
            self._model.run()
            if self._model.getModelStatus() != self._optimal:
                return None
        solution = self._model.getSolution()
        values = list(solution.col_value)
        duals = {i: abs(d) for i, d in enumerate(solution.row_dual) if abs(d) > 1e-11}
        return values[-1], values[:-1], duals


def decide(rows: Sequence[Row], answer: tuple[float, list[float], dict[int, float]] | None) -> Vector | Nothing:
    """A point where all rows are positive, or the multipliers that prove that there is none; both checked exactly."""
    if answer is not None:
        margin, x, duals = answer
        point = tuple(map(Fraction, x))
        if margin > 0 and positive_at(rows, point):
            return point
        proof = gordan(rows, duals)
        if proof is not None:
            return Nothing(proof)
    return by_rationals(rows)


def by_rationals(rows: Sequence[Row]) -> Vector | Nothing:
    """The same, by z3 in rationals. Raises NetworkError where z3 gives up, or says what does not survive the check."""
    import z3

    solver: Any = z3.SolverFor("QF_LRA")
    solver.set("core.minimize", True)
    x = [z3.Real(f"x{k}") for k in range(len(rows[0]) - 1)]
    names = [z3.Bool(f"row{i}") for i in range(len(rows))]
    for row, name in zip(rows, names, strict=True):
        terms = [z3.RealVal(str(a)) * v for a, v in zip(row[1:], x, strict=True) if a]
        solver.assert_and_track(z3.Sum([z3.RealVal(str(row[0])), *terms]) > 0, name)
    status = solver.check()
    if status == z3.sat:
        model = solver.model()
        point = tuple(model.eval(v, model_completion=True).as_fraction() for v in x)
        found = tuple(Fraction(int(a.numerator), int(a.denominator)) for a in point)
        if positive_at(rows, found):
            return found
    if status == z3.unsat:
        core = {str(name) for name in solver.unsat_core()}
        proof = gordan(rows, {i: 1.0 for i, name in enumerate(names) if str(name) in core})
        if proof is not None:
            return Nothing(proof)
    raise NetworkError(f"A region of {len(rows)} inequalities could not be decided ({status}): give smaller weights.")
