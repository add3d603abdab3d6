"""Region by region: for few inputs, all cells of the gates that others read, and a bound on each.

Where no list of the later signs can be made (`suffixes`: too many gates), semidefinite bounds alone close nothing,
because they do not know which signs of the last gates meet. With few inputs the regions can be visited instead, from
hyperplane to hyperplane (32 gates of 4 inputs have sum_{k <= 4} C(32, k) = 41,449 cells), and their corners (`cones`)
tell at once which gates cross a region and which do not:

- A gate that others read and that crosses the region is branched on, the one that parts the corners most evenly; one
  that does not cross keeps its sign, and the other side is Empty, by the facets that meet in its lowest corner.
- Where only outputs read the open gates, the gradient is q_0 + sum eps_i q_i: Cauchy's inequality bounds it for all
  signs at once. Where that is not enough, gates that do not cross the region are chosen first, as many as it takes,
  those first whose sign is not the one that the bound is afraid of; after that the gates that do cross are branched on.

Corners are floats and propose. Empty sides and leaves are what the checker asks for, in whole numbers, before they are
written; a region that floats cannot describe is handed to the general search.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from lipcheck.bounds.exact import proposals
from lipcheck.bounds.exact.cones import NEAR, Cone, spanned
from lipcheck.bounds.exact.position import Position
from lipcheck.bounds.exact.rows import WholeForm, quotient
from lipcheck.bounds.exact.trees import Branch, Cauchy, Empty, Forced, Tree
from lipcheck.bounds.regions import Nothing, gordan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_INPUTS, MOST_GATES = 5, 200
"""Beyond these the cells, sum_{k <= inputs} C(gates, k) of them and more, are too many to visit."""
CELLS = 1000
"""About so many cells are visited before the search looks for the largest bound again."""


class Owner(Protocol):
    """The search that asks: it knows the best Jacobian, proves leaves, and works on what is handed back."""

    at: Position

    def goal(self) -> float:
        """What leaves must stay below, in the units of `WholeForm.scale`."""

    def proves(self, leaf: Tree) -> bool:
        """Whether the leaf holds here, exactly."""

    def closing(self) -> Tree:
        """The leaf for a region whose signs are all chosen."""

    def settle(self) -> Tree:
        """The tree for this region, by the general search."""


class Stopped(Exception):
    """Time is up in the middle of a sweep."""


def splits(form: WholeForm) -> int | None:
    """How many gates are branched on before a region is swept: so many that about CELLS cells are left in it.

    None for forms that are not swept.
    """
    inner = sum(any(j < form.gates for j, _ in readers) for readers in form.readers)
    if form.inputs > MOST_INPUTS or form.gates > MOST_GATES or len(form.rows) - form.gates != 1:
        return None
    cells = sum(math.comb(inner, k) for k in range(form.inputs + 1))
    return max(0, math.ceil(math.log2(cells / CELLS)))


class Sweep:
    """All cells of one region."""

    def __init__(self, owner: Owner, until: float) -> None:
        """`until` is an instant of `time.monotonic`."""
        self.owner, self.at, self.until = owner, owner.at, until
        self.walk, self.form = owner.at.walk, owner.at.walk.form
        self.last = self.form.gates
        self.shape: Floats | None = None
        self.read = [any(j < self.form.gates for j, _ in readers) for readers in self.form.readers]

    def close(self) -> Tree | None:
        """The tree for the region where the owner stands; None where floats do not describe it or time is up."""
        import numpy as np

        depth = len(self.at.path)
        try:
            rows = np.array([_floats(row, b) for row, b in zip(self.walk.rows, self.form.powers, strict=True)])
            faces = [_floats(r, max(abs(a) for a in r[1:]).bit_length()) for r in self.walk.constraints]
            cone = spanned(np.array(faces).reshape(-1, 1 + self.form.inputs))
            return None if cone is None else self._region(cone, rows)
        except (OverflowError, Stopped):
            return None
        finally:
            while len(self.at.path) > depth:
                self.at.back()

    def _step(self, rows: Floats, gate: int, sign: int) -> Floats:
        import numpy as np

        self.at.step(gate, sign)
        return rows + np.outer(sign * self.form.weights[:, gate], rows[gate])

    def _below(self, rows: Floats, gate: int, sign: int, go: Callable[[Floats], Tree]) -> Tree:
        moved = self._step(rows, gate, sign)
        tree = go(moved)
        self.at.back()
        return tree

    def _region(self, cone: Cone | None, rows: Floats) -> Tree:
        """Branch on the gates that others read, then bound."""
        import numpy as np

        if cone is None:
            return self.owner.settle()
        waiting = [i for i, sign in enumerate(self.walk.signs) if not sign and self.read[i]]
        ready = [i for i in waiting if not self.walk.missing[i]]
        if not ready:
            if time.monotonic() > self.until:
                raise Stopped
            return self._gradients(cone, rows)
        values = cone.rays @ rows[ready].T
        for k, gate in enumerate(ready):
            if side := _side(values[:, k]):
                return self._kept(cone, rows, gate, side, values[:, k], lambda r: self._region(cone, r))
        sides = values > NEAR * np.abs(values).max(0)
        k = int(np.minimum(sides.sum(0), (~sides).sum(0)).argmax())
        return self._both(cone, rows, ready[k], values[:, k], self._region)

    def _both(
        self, cone: Cone, rows: Floats, gate: int, values: Floats, go: Callable[[Cone | None, Floats], Tree]
    ) -> Tree:
        """Branch on a gate that crosses the region, unless that is rounding and the gate is constant."""
        if forced := self.walk.forced(gate):
            return Forced(gate, self._below(rows, gate, forced, lambda r: go(cone, r)))
        name = len(self.walk.constraints)
        trees = [
            self._below(rows, gate, sign, lambda r, s=sign: go(cone.cut(s * values, name), r))  # type: ignore[misc]
            for sign in (1, -1)
        ]
        return Branch(gate, *trees)

    def _kept(
        self, cone: Cone, rows: Floats, gate: int, side: int, values: Floats, go: Callable[[Floats], Tree]
    ) -> Tree:
        """Choose the sign of a gate that does not cross the region, and prove that the other side is empty."""
        if forced := self.walk.forced(gate):
            return Forced(gate, self._below(rows, gate, forced, go))
        # Where floats are wrong the other side has an interior, thinner than they can see.
        other = self._empty(cone, gate, side, values) or self._below(rows, gate, -side, lambda _: self.owner.settle())
        tree = self._below(rows, gate, side, go)
        return Branch(gate, tree, other) if side > 0 else Branch(gate, other, tree)

    def _empty(self, cone: Cone, gate: int, side: int, values: Floats) -> Empty | None:
        """The proof that the gate is on this side: its row is a sum of those of the facets at its lowest corner."""
        facets = cone.lowest(side * values)
        if facets is not None and len(facets) == self.form.inputs:
            constraints = self.walk.constraints
            rows = [*(constraints[f] for f in facets), tuple(-side * a for a in self.walk.rows[gate])]
            proof = gordan(rows, dict.fromkeys(range(len(rows)), 1.0))
            if proof is not None:
                names = [*facets, len(constraints)]
                return Empty(tuple(sorted((names[i], y) for i, y in proof)))
        found = self.at.room(gate, -side)
        return Empty(found.multipliers) if isinstance(found, Nothing) else None

    def _gradients(self, cone: Cone, rows: Floats) -> Tree:
        """Only the output reads the open gates: bound q_0 + sum eps_i q_i."""
        open_ = [i for i, sign in enumerate(self.walk.signs) if not sign]
        leaf, sizes = self._bound(rows, open_)
        if leaf is not None and self.owner.proves(leaf):
            return leaf
        if not open_:
            return self.owner.closing()
        values = cone.rays @ rows[open_].T
        sides = [_side(values[:, k]) for k in range(len(open_))]
        order = sorted(range(len(open_)), key=lambda k: -sizes[k])
        still = [k for k in order if sides[k]]
        if not still:
            k = order[0]
            return self._both(cone, rows, open_[k], values[:, k], self._next)
        return self._keep(cone, rows, [(open_[k], sides[k], values[:, k]) for k in still[: 1 + len(still) // 4]])

    def _next(self, cone: Cone | None, rows: Floats) -> Tree:
        return self.owner.settle() if cone is None else self._gradients(cone, rows)

    def _keep(self, cone: Cone, rows: Floats, gates: Sequence[tuple[int, int, Floats]]) -> Tree:
        """Choose the signs of these gates, then bound again."""
        if not gates:
            return self._gradients(cone, rows)
        gate, side, values = gates[0]
        return self._kept(cone, rows, gate, side, values, lambda r: self._keep(cone, r, gates[1:]))

    def _bound(self, rows: Floats, open_: list[int]) -> tuple[Tree | None, Floats]:
        """(a leaf where it may hold, how much each open gate matters)."""
        import numpy as np

        q = np.vstack([rows[self.last, 1:], self.form.weights[self.last, open_, None] * rows[open_, 1:]])
        goal = self.owner.goal()
        power, d, self.shape = proposals.cauchy(q, goal, self.shape)
        leaf = Cauchy(tuple(int(a) + 1 for a in (2**50 * d / d.max()).tolist())) if power <= goal else None
        return leaf, d[1:]


def _floats(row: Sequence[int], b: int) -> list[float]:
    return [quotient(a, b) for a in row]


def _side(values: Floats) -> int:
    """The side of a hyperplane on which all rays lie, 0 where it crosses."""
    low, high, near = values.min(), values.max(), NEAR * abs(values).max()
    return 0 if low < -near and high > near else (1 if high > near else -1)
