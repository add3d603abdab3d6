"""Branch and bound over the signs of gates: the search that writes certificates.

The region with the largest bound goes first. Its bound is computed in floating point; if it stays below the best
Jacobian known it becomes a leaf, else one gate is branched on. The side where the region's own interior point lies is
not empty; whether the other side is, a linear program proposes and whole numbers decide. Every leaf is checked exactly
before it is written; what fails the check is branched further, down to single Jacobians.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from lipcheck.bounds import exact_certificate as certificate
from lipcheck.bounds import exact_proposals as proposals
from lipcheck.bounds import regions
from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.exact_certificate import Branch, Cauchy, Certificate, Empty, Entries, Forced, Leaf, Norm
from lipcheck.bounds.exact_certificate import Semidefinite, Tree
from lipcheck.bounds.exact_rows import Box, Walk, whole_form
from lipcheck.exact import Vector

MARGIN = 1e-9
"""Leaves are proposed where the bound in floating point is this far below the target: so the exact check succeeds."""


@dataclass(eq=False)
class Spot:
    """A node of the tree: the signs on the way, an interior point as far as known, what became of it."""

    path: tuple[tuple[int, int], ...]
    point: Sequence[float] | None
    leaf: Tree | None = None
    gate: int = -1
    children: dict[int, Spot] = field(default_factory=dict)
    fallback: Tree | None = None
    start: proposals.Start | None = None
    was_open: list[int] = field(default_factory=list)


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
        self.root = Spot((), None)
        self._ties = count()
        self._queue: list[tuple[float, int, Spot]] = [(-float("inf"), 0, self.root)]

    def offer(self, point: Sequence[float | Fraction]) -> None:
        """Take the Jacobian at the point, if it is the largest so far and the point is inside of a region."""
        self._move(())
        exact = tuple(map(Fraction, point))
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
        while self._queue:
            if time.monotonic() > until:
                return False
            bound, _, spot = heapq.heappop(self._queue)
            self._work(spot, -bound)
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

    def _work(self, spot: Spot, bound: float) -> None:
        self._move(spot.path)
        if all(self.walk.signs):
            self._close(spot)
            return
        p = proposals.part(self.form, self.walk.signs)
        own, leaf, influence = self._propose(spot, p)
        target = float(self.best)
        if own <= target * (1 - MARGIN) and self._proves(leaf(None)):
            spot.leaf = leaf(None)
            return
        spot.fallback = leaf(Fraction(own * (1 + MARGIN)))
        ready = [(value, i) for value, i in zip(influence, p.open, strict=True) if self.walk.ready(i)]
        spot.gate = gate = max(ready)[1]
        own = min(own, bound)
        if sign := self.walk.forced(gate):
            self._grow(spot, sign, spot.point, own)
            return
        sides = [1, -1]
        if spot.point is not None:
            row = p.rows[gate]
            value = float(row[0] + row[1:] @ spot.point)
            side = 1 if value > 0 else -1
            if abs(value) > MARGIN * float(abs(row[1:]).sum()):
                self._grow(spot, side, spot.point, own)
                sides = [-side]
        for side in sides:
            self._side(spot, side, own)

    def _grow(self, spot: Spot, sign: int, point: Sequence[float] | None, bound: float) -> None:
        child = spot.children[sign] = Spot((*spot.path, (spot.gate, sign)), point)
        child.start, child.was_open = spot.start, spot.was_open
        heapq.heappush(self._queue, (-bound, -next(self._ties), child))

    def _side(self, spot: Spot, sign: int, bound: float) -> None:
        self._step(spot.gate, sign)
        answer = self.program.solve()
        if answer is not None and answer[0] > MARGIN:
            self._back()
            self._grow(spot, sign, answer[1], bound)
            return
        found = regions.decide(self.walk.constraints, answer)
        self._back()
        if found and isinstance(found[0], tuple):
            spot.children[sign] = Spot((*spot.path, (spot.gate, sign)), None, Empty(found))  # type: ignore[arg-type]
        else:
            self._grow(spot, sign, [float(a) for a in found], bound)  # type: ignore[arg-type]

    def _close(self, spot: Spot) -> None:
        """All signs are chosen: the Jacobian counts only if the region has an interior, which is decided exactly."""
        power = certificate.jacobian_power(self.walk, self.p, self.best)
        if power > self.best:
            rows = self.walk.constraints
            found = regions.decide(rows, self.program.solve()) if rows else (Fraction(0),) * self.form.inputs
            if found and isinstance(found[0], tuple):
                spot.leaf = Empty(found)  # type: ignore[arg-type]
                return
            self.best, self.witness = power, found  # type: ignore[assignment]
        spot.leaf = Leaf()

    def _propose(self, spot: Spot, p: proposals.Part) -> tuple[float, Callable[[Fraction | None], Tree], Sequence[float]]:
        target = float(self.best) * (1 - 2 * MARGIN)
        if self.p != 2:
            matrix, influence = proposals.entries(p)
            norm = matrix.sum(0 if self.p == 1 else 1).max()
            return float(norm), lambda _: Entries(), list(influence)
        if len(p.outputs) == 1 and not p.inner.any() and all(map(self.walk.ready, p.open)):
            power, weights = proposals.cauchy(p, target)
            whole = [int(2**50 * d / weights.max()) + 1 for d in weights]
            return power, lambda own: Cauchy(tuple(whole), own), list(weights[1:])
        start = spot.start
        if start is not None:
            kept = [k for k, i in enumerate(spot.was_open) if not self.walk.signs[i]]
            start = proposals.Start(start.rho, start.weights[kept], start.tau)
        spot.start = found = proposals.semidefinite(p, target, start)
        spot.was_open = p.open
        power, weights = found.rho, found.weights
        length = (p.rows[p.open, 1:] ** 2).sum(1)
        return power, lambda own: self._multipliers(p.open, weights, own), list(weights * length)

    def _multipliers(self, open_: list[int], weights: proposals.Floats, own: Fraction | None) -> Semidefinite:
        scaled = [Fraction(float(w)) * (self.whole.unit / self.whole.scales[i]) ** 2 for w, i in zip(weights, open_)]
        shift = max([0, *(44 + f.denominator.bit_length() - f.numerator.bit_length() for f in scaled)])
        return Semidefinite(tuple(round(f * (1 << shift)) for f in scaled), shift, own)

    def _proves(self, leaf: Tree) -> bool:
        self.checked += 1
        try:
            return certificate.leaf_bound(self.walk, self.p, leaf, self.best) <= self.best
        except certificate.CertificateError:
            return False

    def certificate(self) -> Certificate:
        """What is proved so far: nodes that were not worked on take the bound of the node above them."""
        return Certificate(max(self.best, Fraction(0)), _frozen(self.root))


def _frozen(spot: Spot) -> Tree:
    if spot.leaf is not None:
        return spot.leaf
    if spot.gate < 0:
        raise NotImplementedError
    if len(spot.children) == 1:
        return Forced(spot.gate, _frozen(next(iter(spot.children.values()))))
    return Branch(spot.gate, _frozen(spot.children[1]), _frozen(spot.children[-1]))
