"""The abs-normal form: every piecewise linear network as absolute values in a triangular system, in exact numbers.

A network of two-piece units is

    z_i = c_i + Z_i x + sum_{j < i} L_ij |z_j|   (gates i = 1, ..., s),      y = b + J x + N |z|,

for max(u, v) = (u + v + |u - v|) / 2, relu(t) = (t + |t|) / 2, and sorting is a sequence of compare-exchanges. Skip
connections and concatenations need nothing of their own. Differences of two points obey | |z| - |z'| | <= |z - z'|,
gate by gate, and a region of the network is a choice of signs: on it, |z_i| = eps_i z_i.

Gates that are constant are worked out, and gates that are equal up to sign are one: max and min of a pair share theirs.

Source: Griewank, On stable piecewise linearization and generalized algorithmic differentiation, Optimization Methods
and Software 28 (2013).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

from lipcheck.algebra import comparators, groups
from lipcheck.exact import Matrix, Vector, dot, vector
from lipcheck.network import (
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    LeakyReLU,
    Maxout,
    Network,
    NetworkError,
    ReLU,
    Select,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class AbsNormal:
    """z = gates (1, x, |z|), y = outputs (1, x, |z|).

    Each row holds 1 + inputs + len(gates) coefficients: of the constant, of x, of |z|. Row i of `gates` has zeros from
    the coefficient of |z_i| on.
    """

    inputs: int
    gates: Matrix
    outputs: Matrix

    def __post_init__(self) -> None:
        """Refuse rows of a wrong length and gates that depend on later ones."""
        wide = 1 + self.inputs + len(self.gates)
        for i, row in enumerate((*self.gates, *self.outputs)):
            if len(row) != wide:
                raise NetworkError(f"Row {i} of an abs-normal form has {len(row)} coefficients: give {wide}.")
            if i < len(self.gates) and any(row[1 + self.inputs + i :]):
                raise NetworkError(f"Gate {i} depends on itself or on a later gate: order the gates.")

    @cached_property
    def floats(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The gates and the outputs in float64, rounded to nearest: (s, 1 + n + s) and (m, 1 + n + s)."""
        import numpy as np

        wide = 1 + self.inputs + len(self.gates)
        as_floats = [np.array([[float(a) for a in row] for row in rows]) for rows in (self.gates, self.outputs)]
        return as_floats[0].reshape(-1, wide), as_floats[1].reshape(-1, wide)

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """Per gate, how many gates lie on the longest path to it: 0 for gates of x alone."""
        found: list[int] = []
        for row in self.gates:
            before = [found[j] + 1 for j, a in enumerate(row[1 + self.inputs :]) if a]
            found.append(max(before, default=0))
        return tuple(found)

    def __call__(self, x: object) -> Vector:
        """The outputs at x, exactly."""
        known = (Fraction(1), *vector(x, "x"))
        if len(known) != 1 + self.inputs:
            raise NetworkError(
                f"The input has {len(known) - 1} numbers but the network takes {self.inputs}: give {self.inputs}."
            )
        for row in self.gates:
            known = (*known, abs(dot(row[: len(known)], known)))
        return tuple(dot(row, known) for row in self.outputs)

    def gate_values(self, x: object) -> Vector:
        """The values z of all gates at x, exactly."""
        known = (Fraction(1), *vector(x, "x"))
        found: list[Fraction] = []
        for row in self.gates:
            found.append(dot(row[: len(known)], known))
            known = (*known, abs(found[-1]))
        return tuple(found)

    def piece(self, signs: Sequence[int]) -> tuple[Matrix, Matrix]:
        """(gates, outputs) as affine maps of x where |z_i| = signs[i] z_i: rows of 1 + inputs coefficients."""
        maps: list[Vector] = []
        found: list[Vector] = []
        for row in (*self.gates, *self.outputs):
            own = list(row[: 1 + self.inputs])
            for weight, sign, inner in zip(row[1 + self.inputs :], signs, maps, strict=False):
                if weight:
                    own = [a + weight * sign * b for a, b in zip(own, inner, strict=True)]
            (maps if len(maps) < len(self.gates) else found).append(tuple(own))
        return tuple(maps), tuple(found)


def abs_normal(network: Network) -> AbsNormal:
    """The abs-normal form of a network of affine layers, Select, and piecewise linear activations.

    Raises NetworkError for Elementwise layers, which have no such form.
    """
    folder = Folder(network.inputs)
    rows = folder.variables()
    for i, layer in enumerate(network.layers):
        match layer:
            case Affine(weight=weight, bias=bias):
                rows = folder.affine(weight, bias, rows)
            case Select(indices=indices):
                rows = [rows[j] for j in indices]
            case Abs():
                rows = [folder.absolute(row) for row in rows]
            case ReLU():
                rows = [folder.leaky(row, Fraction(0)) for row in rows]
            case LeakyReLU(slope=slope):
                rows = [folder.leaky(row, slope) for row in rows]
            case GroupSort(order=order) | FullSort(order=order):
                sort = folder.ascending if order == "ascending" else folder.descending
                rows = [row for group in groups(rows, layer.group(len(rows))) for row in sort(group)]
            case Maxout(size=size):
                rows = [reduce(folder.maximum, group) for group in groups(rows, size)]
            case Elementwise(name=name):
                raise NetworkError(f"Layer {i} is {name}, which is not piecewise linear: use a bound by products.")
    return folder.close(rows)


Row = dict[int, Any]
"""A sparse affine form: column -> flint.fmpq. Column 0 is the constant, then x, then |z|."""


class Folder:
    """Builds an abs-normal form unit by unit; units are sparse exact affine forms of (1, x, |z|)."""

    def __init__(self, inputs: int) -> None:
        """Start with the inputs and no gate."""
        self.inputs = inputs
        self._gates: list[Row] = []
        self._known: dict[tuple[tuple[int, Any], ...], int] = {}

    def variables(self) -> list[Row]:
        """The inputs as units."""
        import flint

        return [{1 + i: flint.fmpq(1)} for i in range(self.inputs)]

    def constant(self, value: Fraction) -> Row:
        """A unit that is constant."""
        return {0: rational(value)} if value else {}

    def combine(self, terms: Sequence[tuple[Any, Row]]) -> Row:
        """sum factor * unit; factors are flint.fmpq or ints."""
        total: Row = {}
        for factor, row in terms:
            if factor:
                for column, a in row.items():
                    total[column] = total[column] + factor * a if column in total else factor * a
        return {column: a for column, a in total.items() if a}

    def affine(self, weight: Matrix, bias: Vector, rows: Sequence[Row]) -> list[Row]:
        """W rows + b, by one product of exact matrices."""
        import flint

        columns = sorted({0} | {column for row in rows for column in row})
        zero = flint.fmpq(0)
        left = flint.fmpq_mat([[rational(a) for a in row] for row in weight])
        right = flint.fmpq_mat([[row.get(column, zero) for column in columns] for row in rows])
        product = left * right
        found = []
        for i, b in enumerate(bias):
            row = {column: product[i, k] for k, column in enumerate(columns) if product[i, k]}
            found.append(self.combine([(1, row), (1, self.constant(b))]) if b else row)
        return found

    def absolute(self, row: Row) -> Row:
        """|unit|: a constant, a gate that stands already, or one more gate."""
        import flint

        if set(row) <= {0}:
            return {0: abs(row[0])} if row else {}
        # Scaled to a leading coefficient of one, so that proportional gates are one gate.
        lead = row[max(row)]
        key = tuple((column, row[column] / lead) for column in sorted(row))
        spelled = tuple((column, (a.p, a.q)) for column, a in key)
        if spelled not in self._known:
            self._known[spelled] = len(self._gates)
            self._gates.append(dict(key))
        return {1 + self.inputs + self._known[spelled]: flint.fmpq(abs(lead.p), lead.q)}

    def leaky(self, row: Row, slope: Fraction) -> Row:
        """Unit where positive, slope * unit elsewhere."""
        s = rational(slope)
        return self.combine([((1 + s) / 2, row), ((1 - s) / 2, self.absolute(row))])

    def maximum(self, u: Row, v: Row) -> Row:
        """max(u, v)."""
        return self._either(u, v, 1)

    def minimum(self, u: Row, v: Row) -> Row:
        """min(u, v)."""
        return self._either(u, v, -1)

    def _either(self, u: Row, v: Row, sign: int) -> Row:
        import flint

        half = flint.fmpq(1, 2)
        gap = self.absolute(self.combine([(1, u), (-1, v)]))
        return self.combine([(half, u), (half, v), (sign * half, gap)])

    def ascending(self, units: Sequence[Row]) -> list[Row]:
        """The units sorted, the least first."""
        return self._sorted(units, self.minimum, self.maximum)

    def descending(self, units: Sequence[Row]) -> list[Row]:
        """The units sorted, the largest first."""
        return self._sorted(units, self.maximum, self.minimum)

    def _sorted(
        self, units: Sequence[Row], first: Callable[[Row, Row], Row], second: Callable[[Row, Row], Row]
    ) -> list[Row]:
        found = list(units)
        for i, j in comparators(len(found)):
            found[i], found[j] = first(found[i], found[j]), second(found[i], found[j])
        return found

    def close(self, rows: Sequence[Row]) -> AbsNormal:
        """The form with these units as outputs. Gates that no output needs are left out."""
        need: set[int] = set()
        todo = [row for row in rows]
        while todo:
            for column in todo.pop():
                gate = column - 1 - self.inputs
                if gate >= 0 and gate not in need:
                    need.add(gate)
                    todo.append(self._gates[gate])
        kept = sorted(need)
        columns = [*range(1 + self.inputs), *(1 + self.inputs + gate for gate in kept)]
        return AbsNormal(
            self.inputs,
            tuple(_dense(self._gates[gate], columns) for gate in kept),
            tuple(_dense(row, columns) for row in rows),
        )


def _dense(row: Row, columns: Sequence[int]) -> Vector:
    zero = Fraction(0)
    return tuple(Fraction(int(row[c].p), int(row[c].q)) if c in row else zero for c in columns)


def rational(value: Fraction | int) -> Any:
    """The number as a flint.fmpq."""
    import flint

    return flint.fmpq(value.numerator, value.denominator)
