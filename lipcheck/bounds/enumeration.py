"""The exact constant by brute force: every sign pattern that has an interior, found one by one in rationals.

The independent method beside branch and bound: no bounds, no floating point, nothing shared but the abs-normal form.
Gate by gate, each region found so far is split by the gate's hyperplane. Whether a side has an interior is a linear
program: for rows a_i x + b_i > 0, the largest margin is the value of

    min sum y_i b_i   subject to   sum y_i a_i = 0,  sum y_i = 1,  y >= 0,

and the system is solvable if and only if that value is positive or the constraints clash (Gordan). The simplex method
solves it in rationals, with Bland's rule (Bland 1977), which ends without cycling whatever ties there are.

For hyperplanes in general position the number of regions is Zaslavsky's sum of binomials (s over k), k = 0, ..., n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.exact import Matrix, NetworkError, Vector, dot


@dataclass(frozen=True)
class Enumeration:
    """`power` is the largest norm p -> p of a Jacobian: its square where p = 2 and there is one output.

    For p = 2 and several outputs, `power` is None, `lower` <= constant <= `upper` enclose the constant. `jacobians` are
    the different Jacobians, `regions` the number of regions, `programs` that of linear programs.
    """

    lower: Fraction
    upper: Fraction
    power: Fraction | None
    jacobians: frozenset[Matrix]
    regions: int
    programs: int


def enumerate_constant(
    form: AbsNormal, p: Literal[1, 2, "inf"], box: Sequence[tuple[Fraction, Fraction]] | None = None
) -> Enumeration:
    """The exact Lipschitz constant of the form, on the whole space or on a box with an interior."""
    if p not in (1, 2, "inf"):
        raise NetworkError(f"The norm is {p!r}: use 1, 2 or 'inf'.")
    counter = [0]
    jacobians: set[Matrix] = set()
    count = 0
    for signs in patterns(form, box, len(form.gates), counter):
        count += 1
        jacobians.add(tuple(row[1:] for row in form.piece(signs)[1]))
    if p != 2 or len(form.outputs) == 1:
        power = max(_power(j, p) for j in jacobians)
        if p != 2:
            return Enumeration(power, power, power, frozenset(jacobians), count, counter[0])
        from lipcheck.norms.bracket import root

        bracket = root(power, 2)
        return Enumeration(bracket.lower, bracket.upper, power, frozenset(jacobians), count, counter[0])
    from lipcheck.norms.spectral import spectral_norm

    brackets = [spectral_norm(j) for j in jacobians]
    lower, upper = max(b.lower for b in brackets), max(b.upper for b in brackets)
    return Enumeration(lower, upper, None, frozenset(jacobians), count, counter[0])


def _power(jacobian: Matrix, p: object) -> Fraction:
    if p == 2:
        return dot(jacobian[0], jacobian[0])
    lines = zip(*jacobian, strict=True) if p == 1 else jacobian
    return max(sum((abs(a) for a in line), Fraction(0)) for line in lines)


def patterns(
    form: AbsNormal, box: Sequence[tuple[Fraction, Fraction]] | None, depth: int, counter: list[int]
) -> Iterator[tuple[int, ...]]:
    """The sign patterns of the first `depth` gates whose regions have an interior. `counter` counts the programs.

    A gate that is constant on a region does not split it; where it is zero its sign is +.
    """
    faces: list[Vector] = []
    for i, (low, high) in enumerate(box or ()):
        unit = [Fraction(int(i == j)) for j in range(form.inputs)]
        faces += [(-low, *unit), (high, *(-a for a in unit))]
    if faces and not solvable(faces):
        raise NetworkError("The box has no interior: give ends low < high in every coordinate.")

    todo: list[tuple[tuple[int, ...], list[Vector]]] = [((), faces)]
    while todo:
        signs, rows = todo.pop()
        gate = len(signs)
        if gate == depth:
            yield signs
            continue
        own = _row(form, gate, signs)
        if not any(own[1:]):
            todo.append(((*signs, 1 if own[0] >= 0 else -1), rows))
            continue
        for sign in (1, -1):
            side = [*rows, tuple(sign * a for a in own)]
            counter[0] += 1
            if solvable(side):
                todo.append(((*signs, sign), side))


def _row(form: AbsNormal, gate: int, signs: Sequence[int]) -> Vector:
    first = AbsNormal(form.inputs, tuple(r[: 1 + form.inputs + gate + 1] for r in form.gates[: gate + 1]), ())
    return first.piece([*signs, 1])[0][gate]


def solvable(rows: Sequence[Vector]) -> bool:
    """Whether some x has row_0 + row_1 x_1 + ... > 0 for all rows, decided by the simplex method in rationals."""
    if not rows:
        return True
    value = least(
        [[row[k] for row in rows] for k in range(1, len(rows[0]))] + [[Fraction(1)] * len(rows)],
        [Fraction(0)] * (len(rows[0]) - 1) + [Fraction(1)],
        [row[0] for row in rows],
    )
    return value is None or value > 0


def least(
    equations: Sequence[Sequence[Fraction]], right: Sequence[Fraction], cost: Sequence[Fraction]
) -> Fraction | None:
    """min cost y subject to equations y = right >= 0, y >= 0, bounded below; None where nothing is feasible."""
    from flint import fmpq

    def rational(a: Fraction) -> fmpq:
        return fmpq(a.numerator, a.denominator)

    count, width = len(equations), len(cost)
    # One artificial variable per equation is the first basis; the last column is the right-hand side.
    table = [
        [*map(rational, row), *(fmpq(int(i == k)) for k in range(count)), rational(r)]
        for i, (row, r) in enumerate(zip(equations, right, strict=True))
    ]
    basis = [width + i for i in range(count)]
    first = [-sum((row[j] for row in table), fmpq(0)) if j < width or j == width + count else fmpq(0)
             for j in range(width + count + 1)]  # fmt: skip
    second = [*map(rational, cost), *[fmpq(0)] * (count + 1)]
    _simplex(table, basis, [first, second], width)
    if first[-1] != 0:
        return None
    # Artificial variables that stay in the basis are zero: they leave it, or their equation says nothing.
    for i in range(count):
        if basis[i] >= width:
            column = next((j for j in range(width) if table[i][j] != 0), None)
            if column is not None:
                _pivot(table, basis, [first, second], i, column)
    _simplex(table, basis, [second], width)
    return -Fraction(int(second[-1].p), int(second[-1].q))


def _simplex(table: list[list], basis: list[int], costs: list[list], width: int) -> None:  # type: ignore[type-arg]
    """Minimise by Bland's rule; costs[0] is the row of reduced costs."""
    while (column := next((j for j in range(width) if costs[0][j] < 0), None)) is not None:
        ratios = [(row[-1] / row[column], basis[i], i) for i, row in enumerate(table) if row[column] > 0]
        _pivot(table, basis, costs, min(ratios)[2], column)


def _pivot(table: list[list], basis: list[int], costs: list[list], i: int, column: int) -> None:  # type: ignore[type-arg]
    lead = table[i][column]
    table[i] = [a / lead for a in table[i]]
    for row in (*table[:i], *table[i + 1 :], *costs):
        if (factor := row[column]) != 0:
            row[:] = [a - factor * b if b != 0 else a for a, b in zip(row, table[i], strict=True)]
    basis[i] = column
