"""A second checker of certificates, by brute force in fractions: for small forms, and nothing shared with the first.

What a tree says, leaf by leaf, without the reasons that it gives:

- An Empty leaf: the signs chosen on the way leave no interior. The simplex method in rationals decides that afresh.
- Any other leaf: whatever the signs of the open gates, the norm of the Jacobian is at most the bound. All signs are
  tried. Bounds by entries, by Cauchy's inequality, by multipliers and by lists of signs all say no less than this.

The leaves share out the sign vectors, so that 2^gates Jacobians are computed at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.enumeration import solvable
from lipcheck.bounds.exact.trees import Branch, Empty, Forced, Leaf, Norm, Tree
from lipcheck.exact import NetworkError

MOST_GATES = 24

Row = list[Any]
"""Numbers are flint.fmpq: exact fractions, faster than Python's."""
Rows = list[Row]


def holds(
    form: AbsNormal, p: Norm, tree: Tree, bound: Fraction, box: Sequence[tuple[Fraction, Fraction]] | None = None
) -> bool:
    """Whether the tree, as it stands, shows that no Jacobian exceeds the bound (p = 2: the square of its norm does)."""
    if len(form.gates) > MOST_GATES:
        raise NetworkError(f"The form has {len(form.gates)} gates: the plain check is for {MOST_GATES} at most.")
    faces: Rows = []
    for i, (low, high) in enumerate(box or ()):
        unit = [_rational(Fraction(int(i == j))) for j in range(form.inputs)]
        faces += [[_rational(-low), *unit], [_rational(high), *(-a for a in unit)]]
    return _Plain(form, p, bound).node(tree, {}, faces)


class _Plain:
    """Rows are computed afresh at each gate, from the maps |z_i| of the chosen gates: nothing is ever undone."""

    def __init__(self, form: AbsNormal, p: Norm, bound: Fraction) -> None:
        self.form, self.p, self.bound = form, p, _rational(bound)
        self.gates, self.outputs = ([list(map(_rational, row)) for row in rows] for rows in (form.gates, form.outputs))

    def node(self, tree: Tree, sizes: dict[int, Row], faces: Rows) -> bool:
        """`sizes` are the affine maps |z_i| of the chosen gates."""
        match tree:
            case Branch(gate=gate, plus=plus, minus=minus):
                z = self.gate(gate, sizes)
                return z is not None and all(
                    self.node(side, {**sizes, gate: signed}, [*faces, signed] if any(z[1:]) else faces)
                    for side, signed in ((plus, z), (minus, [-a for a in z]))
                )
            case Forced(gate=gate, rest=rest):
                z = self.gate(gate, sizes)
                if z is None or any(z[1:]):
                    return False
                return self.node(rest, {**sizes, gate: [abs(z[0]), *z[1:]]}, faces)
            case Empty():
                return not solvable([tuple(Fraction(int(a.p), int(a.q)) for a in face) for face in faces])
            case Leaf():
                return len(sizes) == len(self.gates) and self.everywhere(sizes)
        return self.everywhere(sizes)

    def gate(self, gate: int, sizes: dict[int, Row]) -> Row | None:
        """z as an affine map of x; None where it is chosen already, does not exist, or reads gates that are open."""
        if gate in sizes or not 0 <= gate < len(self.gates):
            return None
        return self.combined(self.gates[gate], sizes)

    def combined(self, row: Row, sizes: dict[int, Row]) -> Row | None:
        first = 1 + self.form.inputs
        total = list(row[:first])
        for j, weight in enumerate(row[first:]):
            if weight:
                if j not in sizes:
                    return None
                total = [a + weight * b for a, b in zip(total, sizes[j], strict=True)]
        return total

    def everywhere(self, sizes: dict[int, Row]) -> bool:
        """Whether the Jacobian stays below the bound for all signs of the open gates."""
        gate = next((i for i in range(len(self.gates)) if i not in sizes), None)
        if gate is None:
            rows = [self.combined(row, sizes) for row in self.outputs]
            return _below([row[1:] for row in rows if row is not None], self.p, self.bound)
        z = self.combined(self.gates[gate], sizes)
        # Gates are in order: what the first open gate reads is chosen.
        assert z is not None
        return all(self.everywhere({**sizes, gate: signed}) for signed in (z, [-a for a in z]))


def _rational(a: Fraction) -> Any:
    import flint

    return flint.fmpq(a.numerator, a.denominator)


def _below(jacobian: Rows, p: Norm, bound: Any) -> bool:
    """||J|| <= bound for p = 1, inf; J'J <= bound I for p = 2."""
    if p != 2:
        lines = list(zip(*jacobian, strict=True)) if p == 1 else jacobian
        return all(sum(map(abs, line)) <= bound for line in lines)
    if sum(a * a for row in jacobian for a in row) <= bound:
        return True
    # The smaller of bound I - JJ' and bound I - J'J.
    short = jacobian if len(jacobian) <= len(jacobian[0]) else [list(column) for column in zip(*jacobian, strict=True)]
    rest = [
        [bound * int(i == j) - sum(a * b for a, b in zip(u, v, strict=True)) for j, v in enumerate(short)]
        for i, u in enumerate(short)
    ]
    return _semidefinite(rest)


def _semidefinite(rest: Rows) -> bool:
    """By elimination: no pivot is negative, and a row with pivot zero is zero."""
    for k in range(len(rest)):
        pivot = rest[k][k]
        if pivot < 0 or (pivot == 0 and any(rest[k][k + 1 :])):
            return False
        for i in range(k + 1, len(rest)):
            if pivot:
                factor = rest[i][k] / pivot
                rest[i] = [a - factor * b for a, b in zip(rest[i], rest[k], strict=True)]
    return True
