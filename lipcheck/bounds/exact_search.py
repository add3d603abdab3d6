"""Branch and bound over the signs of gates: the search that writes certificates.

The region with the largest bound goes first. Its bound is computed in floating point; if it stays below the best
Jacobian known it becomes a leaf, else one gate is branched on. The side where the region's own interior point lies is
not empty; whether the other side is, a linear program proposes and whole numbers decide. Every leaf is checked exactly
before it is written; what fails the check is branched further, down to single Jacobians.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from lipcheck.bounds import exact_certificate as certificate
from lipcheck.bounds import exact_proposals as proposals
from lipcheck.bounds import regions
from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.exact_certificate import (
    Branch,
    Cauchy,
    Certificate,
    Empty,
    Entries,
    Forced,
    Leaf,
    Norm,
    Semidefinite,
    Suffix,
    Tree,
)
from lipcheck.bounds.exact_rows import Box, Walk, whole_form
from lipcheck.bounds.exact_suffixes import Suffixes
from lipcheck.exact import Vector

MARGIN = 1e-9
"""Leaves are proposed where the bound in floating point is this far below the target: so the exact check succeeds."""


WAIT = 8.0
"""How many signs are chosen before the next semidefinite bound, per factor e between the last one and the target."""


@dataclass(eq=False)
class Spot:
    """A node of the tree: the signs on the way, an interior point as far as known, what became of it."""

    path: tuple[tuple[int, int], ...]
    point: Sequence[float] | None
    suffixes: Suffixes | None
    start: proposals.Start | None = None
    leaf: Tree | None = None
    wait: int = 0
    gate: int = -1
    children: dict[int, Spot] = field(default_factory=dict)


class Search:
    """One run of branch and bound; `best` grows from below, `tree()` is a certificate at any time."""

    def __init__(self, form: AbsNormal, p: Norm, box: Box | None) -> None:
        """Start with one open node."""
        self.form, self.p, self.box = form, p, box
        self.whole = whole_form(form)
        self.walk = Walk(self.whole, box)
        self.program = regions.Program(form.inputs)
        for row in self.walk.constraints:
            self.program.push(row)
        self.path: list[tuple[int, int]] = []
        self.best = Fraction(-1)
        self.witness: Vector | None = None
        self.checked = 0
        self.root = Spot((), None, None)
        self._ties = count()
        self._stack: list[Spot] = [self.root]
        self._queue: list[tuple[float, int, Spot]] = []

    def offer(self, point: Sequence[float | Fraction]) -> None:
        """Take the Jacobian at the point, if it is the largest so far and the point is inside of a region."""
        self._move(())
        exact = tuple(Fraction(a) for a in point)
        depth = 0
        for i in range(self.whole.gates):
            row = self.walk.rows[i]
            value = row[0] + sum((a * b for a, b in zip(row[1:], exact, strict=True)), Fraction(0))
            sign = self.walk.forced(i) or (value > 0) - (value < 0)
            if not sign:
                break
            self.walk.choose(i, sign)
            depth += 1
        if depth == self.whole.gates and regions.positive_at(self.walk.constraints, exact):
            self._take(exact)
        for _ in range(depth):
            self.walk.take_back()

    def _take(self, point: Vector) -> None:
        power = certificate.jacobian_power(self.walk, self.p, self.best)
        if power > self.best:
            self.best, self.witness = power, point

    def run(self, until: float) -> bool:
        """Work until every node is a leaf (True) or the clock `time.monotonic` reaches `until` (False)."""
        while self._stack or self._queue:
            spot = self._stack.pop() if self._stack else heapq.heappop(self._queue)[2]
            self._work(spot)
            if time.monotonic() > until:
                return not (self._stack or self._queue)
        return True

    def _move(self, path: Sequence[tuple[int, int]]) -> None:
        common = 0
        while common < min(len(path), len(self.path)) and path[common] == self.path[common]:
            common += 1
        while len(self.path) > common:
            self._back()
        for gate, sign in path[common:]:
            self._step(gate, sign)

    def _step(self, gate: int, sign: int) -> None:
        before = len(self.walk.constraints)
        self.walk.choose(gate, sign)
        self.path.append((gate, sign))
        if len(self.walk.constraints) > before:
            self.program.push(self.walk.constraints[-1])

    def _back(self) -> None:
        before = len(self.walk.constraints)
        self.walk.take_back()
        self.path.pop()
        if len(self.walk.constraints) < before:
            self.program.pop()

    def _limit(self) -> Fraction:
        """A little below the best: what is dropped here is dropped by the checker, rounding or not."""
        return max(self.best, Fraction(0)) * (1 - Fraction(MARGIN))

    def _work(self, spot: Spot) -> None:
        self._move(spot.path)
        if all(self.walk.signs):
            self._close(spot)
            return
        if spot.suffixes is None:
            spot.suffixes = certificate.first_list(self.walk, self.p, self._limit())
        else:
            spot.suffixes = spot.suffixes.above(self._limit())
        if spot.suffixes is not None and not len(spot.suffixes):
            spot.leaf = Suffix()
            return
        left = spot.suffixes
        if left is not None and len(left) == 1 and not left.inner:
            self._follow(spot, dict(zip(left.outer, map(int, left.signs[0]), strict=True)))
            return
        leaf, influence = self._propose(spot)
        if leaf is not None and self._proves(leaf):
            spot.leaf = leaf
            return
        spot.gate = self._next(spot, influence)
        if sign := self.walk.forced(spot.gate):
            self._push(self._grow(spot, sign, spot.point))
            return
        self._branch(spot)

    def _follow(self, spot: Spot, signs: dict[int, int]) -> None:
        """One choice of all signs is left: one linear program decides."""
        for gate in sorted(signs):
            if not self.walk.signs[gate]:
                spot.gate = gate
                sign = self.walk.forced(gate)
                if not sign:
                    sign = signs[gate]
                    spot.children[-sign] = Spot((), None, None, leaf=Suffix())
                spot.children[sign] = Spot((*spot.path, (gate, sign)), None, spot.suffixes)
                spot = spot.children[sign]
                self._step(gate, sign)
        self._close(spot)

    def _next(self, spot: Spot, influence: dict[int, float]) -> int:
        """The gate to branch on: where the list has both signs in equal parts, else the one with most influence."""
        left = spot.suffixes
        if left is None or left.inner or not left.outer:
            return max((value, i) for i, value in influence.items() if self.walk.ready(i))[1]
        shares = left.signs.mean(0)
        gates = [(k, i) for k, i in enumerate(left.outer) if self.walk.ready(i)]
        if spot.point is None:
            return min((abs(shares[k]), i) for k, i in gates)[1]
        # Where the list is on the far side of a gate that is far away, one linear program empties much of it.
        scores = []
        for k, i in gates:
            value, size = self._value(i, spot.point)
            far = (1 - shares[k]) / 2 if value > 0 else (1 + shares[k]) / 2
            scores.append((abs(value) / size * far, i))
        return max(scores)[1]

    def _branch(self, spot: Spot) -> None:
        gate, left = spot.gate, spot.suffixes
        lists = {1: left, -1: left}
        if left is not None:
            lists = {sign: left.chosen(gate, sign).left(self._limit()) for sign in (1, -1)}
        live = [sign for sign, found in lists.items() if found is None or len(found)]
        for sign in {1, -1} - set(live):
            spot.children[sign] = Spot((), None, None, leaf=Suffix())
        inside = self._side_of(gate, spot.point)
        grown = []
        for sign in live:
            if sign == inside:
                grown.append(self._grow(spot, sign, spot.point, lists[sign]))
            else:
                grown += self._side(spot, sign, lists[sign])
        if left is not None:
            # The side that can still be the largest is worked on first: it is last on the stack.
            grown.sort(key=lambda child: float(child.suffixes.bounds.max()) if child.suffixes else 0.0)
        for child in grown:
            self._push(child)

    def _side_of(self, gate: int, point: Sequence[float] | None) -> int:
        """The side of the gate on which the point lies, 0 if that is not clear."""
        if point is None:
            return 0
        value, size = self._value(gate, point)
        return 0 if abs(value) <= MARGIN * size else (1 if value > 0 else -1)

    def _value(self, gate: int, point: Sequence[float]) -> tuple[float, float]:
        """(value of the gate at the point, length of its row), up to a common factor."""
        row = self.walk.rows[gate]
        shift = max(0, max(abs(a) for a in row).bit_length() - 500)
        floats = [float(a >> shift) for a in row]
        value = floats[0] + sum(a * x for a, x in zip(floats[1:], point, strict=True))
        return value, sum(a * a for a in floats[1:]) ** 0.5 or 1.0

    def _grow(self, spot: Spot, sign: int, point: Sequence[float] | None, left: Suffixes | None = None) -> Spot:
        if left is None and spot.suffixes is not None:
            left = spot.suffixes.chosen(spot.gate, sign).left(self._limit())
        start = spot.start and spot.start.without(spot.gate)
        child = spot.children[sign] = Spot((*spot.path, (spot.gate, sign)), point, left, start)
        child.wait = max(0, spot.wait - 1)
        return child

    def _push(self, child: Spot) -> None:
        if child.suffixes is not None or child.start is None:
            self._stack.append(child)
        else:
            heapq.heappush(self._queue, (-child.start.rho, -next(self._ties), child))

    def _side(self, spot: Spot, sign: int, left: Suffixes | None) -> list[Spot]:
        """The child on this side, if it is not empty; HiGHS is believed where it finds room."""
        self._step(spot.gate, sign)
        answer = self.program.solve()
        if answer is not None and answer[0] > MARGIN:
            self._back()
            return [self._grow(spot, sign, answer[1], left)]
        found = regions.decide(self.walk.constraints, answer)
        self._back()
        if isinstance(found, regions.Nothing):
            spot.children[sign] = Spot((), None, None, leaf=Empty(found.multipliers))
            return []
        return [self._grow(spot, sign, [float(a) for a in found], left)]

    def _close(self, spot: Spot) -> None:
        """All signs are chosen: the Jacobian counts only if the region has an interior, which is decided exactly."""
        power = certificate.jacobian_power(self.walk, self.p, self.best)
        if power > self.best:
            rows = self.walk.constraints
            found = regions.decide(rows, self.program.solve()) if rows else (Fraction(0),) * self.form.inputs
            if isinstance(found, regions.Nothing):
                spot.leaf = Empty(found.multipliers)
                return
            self.best, self.witness = power, found
        spot.leaf = Leaf()

    def _propose(self, spot: Spot) -> tuple[Tree | None, dict[int, float]]:
        """(a leaf that may close the node, the influence of each open gate)."""
        import numpy as np

        target = max(0.0, float(self.best)) * (1 - MARGIN)
        aim = target * (1 - MARGIN)
        left = spot.suffixes
        if left is not None and (self.p != 2 or left.centres.shape[1] == 1):
            top = int(left.bounds.argmax())
            sizes = abs(left.weights[top]).sum(1) * abs(left.slopes).sum(1)
            leaf: Tree | None = None
            if self.p == 2 and not left.outer:
                power, d = proposals.cauchy(np.vstack([left.centres[top], left.weights[top] * left.slopes]), aim)
                leaf = Cauchy(tuple(int(2**50 * a / d.max()) + 1 for a in d)) if power <= target else None
            return leaf, dict(zip(left.inner, sizes, strict=True))
        if spot.wait and spot.start is not None:
            lengths = (self.form.floats[0][spot.start.open, 1 : 1 + self.form.inputs] ** 2).sum(1)
            return None, dict(zip(spot.start.open, spot.start.weights * lengths, strict=True))
        p = proposals.part(self.form, self.walk.signs)
        if self.p != 2:
            matrix, influence = proposals.entries(p)
            norm = float(matrix.sum(0 if self.p == 1 else 1).max())
            return (Entries() if norm <= target else None), dict(zip(p.open, influence, strict=True))
        spot.start = proposals.semidefinite(p, aim, spot.start)
        if target > 0 and spot.start.rho > target:
            # A bound far above the target comes down only after some more signs.
            spot.wait = int(WAIT * math.log(spot.start.rho / target))
        length = (p.rows[p.open, 1:] ** 2).sum(1)
        leaf = self._multipliers(spot.start, None) if spot.start.rho <= target else None
        return leaf, dict(zip(p.open, spot.start.weights * length, strict=True))

    def _multipliers(self, start: proposals.Start, power: Fraction | None) -> Semidefinite:
        unit, scales = self.whole.unit, self.whole.scales
        scaled = [Fraction(float(w)) * (unit / scales[i]) ** 2 for w, i in zip(start.weights, start.open, strict=True)]
        shift = max([0, *(44 + f.denominator.bit_length() - f.numerator.bit_length() for f in scaled)])
        return Semidefinite(tuple(round(f * (1 << shift)) for f in scaled), shift, power)

    def _proves(self, leaf: Tree) -> bool:
        self.checked += 1
        try:
            return certificate.leaf_bound(self.walk, self.p, leaf, self.best) <= self.best
        except certificate.CertificateError:
            return False

    def certificate(self) -> Certificate:
        """What is proved so far: nodes that were not worked on keep the bound of the node above them."""
        return Certificate(max(self.best, Fraction(0)), self._frozen(self.root))

    def _frozen(self, spot: Spot) -> Tree:
        if spot.leaf is not None:
            return spot.leaf
        if spot.gate < 0:
            return self._fallback(spot)
        if len(spot.children) == 1:
            return Forced(spot.gate, self._frozen(next(iter(spot.children.values()))))
        return Branch(spot.gate, self._frozen(spot.children[1]), self._frozen(spot.children[-1]))

    def _fallback(self, spot: Spot) -> Tree:
        if spot.suffixes is not None:
            return Suffix(Fraction(float(spot.suffixes.bounds.max(initial=0.0)) * (1 + MARGIN)))
        if spot.start is not None:
            return self._multipliers(spot.start, Fraction(spot.start.rho * (1 + MARGIN)))
        return Entries()
