"""Branch and bound over the signs of gates: the search that writes certificates.

The region with the largest bound goes first. Its bound is computed in floating point; if it stays below the best
Jacobian known it becomes a leaf, else one gate is branched on. The side where the region's own interior point lies is
not empty; whether the other side is, a linear program proposes and whole numbers decide. Every leaf is checked exactly
before it is written; what fails the check is branched further, down to single Jacobians. With few inputs, what is left
below some branches is swept cell by cell (`cells`). What is proved so far can be written at any time (`frozen`).
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import count

from lipcheck.bounds import regions
from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.exact import cells, leaves, proposals
from lipcheck.bounds.exact.certificate import first_list
from lipcheck.bounds.exact.frozen import MARGIN, coarse_ends, fallback, frozen, multipliers
from lipcheck.bounds.exact.position import Position
from lipcheck.bounds.exact.rows import Box, whole_form
from lipcheck.bounds.exact.spots import MOST_POINTS, Spot
from lipcheck.bounds.exact.suffixes import Suffixes
from lipcheck.bounds.exact.trees import (
    Cauchy,
    Certificate,
    CertificateError,
    Empty,
    Entries,
    Leaf,
    Norm,
    Suffix,
    Tree,
)
from lipcheck.exact import Vector

CHECK = 0.6
"""What the check takes, beside the search: measured 0.4 to 0.5 with lists, semidefinite bounds and sweeps alike."""

WAIT = 8.0
"""How many signs are chosen before the next semidefinite bound, per factor e between the last one and the target."""


class Search:
    """One run of branch and bound; `best` grows from below, `certificate()` is what is proved at any time."""

    def __init__(self, form: AbsNormal, p: Norm, box: Box | None) -> None:
        """Start with one open node."""
        self.form, self.p, self.box = form, p, box
        self.whole = whole_form(form)
        self.scale = self.whole.scale(p)
        self.at = Position(self.whole, box)
        self.walk, self.program = self.at.walk, self.at.program
        self.best = Fraction(-1)
        self.witness: Vector | None = None
        self.checked = 0
        self.proving = 0.0
        self.worked = 0
        self.alone = 0.0
        self.root = Spot((), [], None)
        self.splits = cells.splits(self.whole) if p == 2 else None
        self.until = math.inf
        self._ties = count()
        self._stack: list[Spot] = [self.root]
        self._queue: list[tuple[float, int, Spot]] = []

    def offer(self, point: Sequence[float | Fraction]) -> None:
        """Take the Jacobian at the point, if it is the largest so far and the point is inside of a region."""
        self.at.move(())
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
        power = leaves.jacobian_power(self.walk, self.p, self.best)
        if power > self.best:
            self.best, self.witness = power, point

    def run(self, seconds: float = math.inf) -> bool:
        """Work until every node is a leaf (True), or time is up (False): the check takes its part of the seconds.

        The check repeats what proves leaves, less work than finding them, and asks each open node for its bound.
        """
        start = time.monotonic()
        self.until = start + seconds / (1 + CHECK)
        spent = 0.0
        while self._stack or self._queue:
            spot = self._stack.pop() if self._stack else heapq.heappop(self._queue)[2]
            alone, before = not spot.bounded, spent
            self._work(spot)
            spent = time.monotonic() - start
            if alone:
                self.worked, self.alone = self.worked + 1, self.alone + spent - before
            if not self.checked and 20 * spent > seconds:
                self.at.move(())
                self.proves(fallback(self.whole, self.root))
            waiting = len(self._stack) + len(self._queue)
            if (1 + CHECK) * spent + waiting * self.proving / max(1, self.checked) > seconds:
                return not waiting
        return True

    def checkable(self, seconds: float) -> int:
        """How many nodes are checked in this time, one at least, at the pace of work on nodes that are not swept."""
        return 1 + int(seconds * self.worked / self.alone) if self.alone else 1

    def _limit(self) -> Fraction:
        """A little below the best: what is dropped here is dropped by the checker, rounding or not."""
        return max(self.best, Fraction(0)) * (1 - Fraction(MARGIN))

    def _work(self, spot: Spot) -> None:
        self.at.move(spot.path)
        if all(self.walk.signs):
            spot.leaf = self.closing()
            return
        if spot.suffixes is None:
            spot.suffixes = first_list(self.walk, self.p, self._limit())
        else:
            spot.suffixes = spot.suffixes.above(self._limit())
        if spot.suffixes is not None and not len(spot.suffixes):
            spot.leaf = Suffix()
            return
        left = spot.suffixes
        if left is not None and len(left) == 1 and not left.inner:
            self._follow(spot, dict(zip(left.outer, map(int, left.signs[0]), strict=True)))
            return
        if left is None:
            if self.splits is not None and spot.splits >= self.splits and self._sweep(spot):
                return
            spot = self._implied(spot)
            if all(self.walk.signs):
                spot.leaf = self.closing()
                return
        leaf, influence = self._propose(spot)
        if leaf is not None and self.proves(leaf):
            spot.leaf = leaf
            return
        spot.gate = self._next(spot, influence)
        if sign := self.walk.forced(spot.gate):
            self._push(self._grow(spot, sign, spot.points))
            return
        self._branch(spot)

    def _sweep(self, spot: Spot) -> bool:
        """Whether the node is done for this time: bounded when it is met first, closed cell by cell the second time.

        So the nodes with the largest bounds are swept first, and a search that is stopped has bounds for the others.
        """
        if not spot.bounded:
            spot.bounded, spot.wait = True, 0
            leaf, _ = self._propose(spot)
            if leaf is not None and self.proves(leaf):
                spot.leaf = leaf
            else:
                self._push(spot)
            return True
        spot.leaf = cells.Sweep(self, self.until).close()
        return spot.leaf is not None

    def _implied(self, spot: Spot) -> Spot:
        """Choose the signs of gates that do not cross the region, each after a linear program; the node below them.

        Points of the region on both sides of a gate save the program.
        """
        import numpy as np

        gates = [i for i in range(self.whole.gates) if self.walk.ready(i)]
        rows = np.array([self.at.floats(i) for i in gates]).reshape(len(gates), -1)
        room = MARGIN * np.linalg.norm(rows[:, 1:], axis=1)
        for k, gate in enumerate(gates):
            sign, leaf = self.walk.forced(gate), None
            if not sign:
                values = np.array([[1.0, *x] for x in spot.points]).reshape(-1, rows.shape[1]) @ rows[k]
                seen = ((values > room[k]).any(), (values < -room[k]).any())
                for missing in [side for side, there in zip((1, -1), seen, strict=True) if not there]:
                    found = self.at.room(gate, missing)
                    if isinstance(found, regions.Nothing):
                        sign, leaf = -missing, Empty(found.multipliers)
                        break
                    spot.points = [*spot.points[-MOST_POINTS:], found]
            if sign:
                spot.gate = gate
                if leaf is not None:
                    spot.children[-sign] = Spot((), [], None, leaf=leaf)
                spot = self._grow(spot, sign, spot.points)
                self.at.step(gate, sign)
        return spot

    def _follow(self, spot: Spot, signs: dict[int, int]) -> None:
        """One choice of all signs is left: one linear program decides."""
        for gate in sorted(signs):
            if not self.walk.signs[gate]:
                spot.gate = gate
                sign = self.walk.forced(gate)
                if not sign:
                    sign = signs[gate]
                    spot.children[-sign] = Spot((), [], None, leaf=Suffix())
                spot.children[sign] = Spot((*spot.path, (gate, sign)), [], spot.suffixes)
                spot = spot.children[sign]
                self.at.step(gate, sign)
        spot.leaf = self.closing()

    def _next(self, spot: Spot, influence: dict[int, float]) -> int:
        """The gate to branch on: where the list has both signs in equal parts, else the one with most influence."""
        left = spot.suffixes
        if left is None or left.inner or not left.outer:
            return max((value, i) for i, value in influence.items() if self.walk.ready(i))[1]
        shares = left.signs.mean(0)
        gates = [(k, i) for k, i in enumerate(left.outer) if self.walk.ready(i)]
        if not spot.points:
            return min((abs(shares[k]), i) for k, i in gates)[1]
        # Where the list is on the far side of a gate that is far away, one linear program empties much of it.
        scores = []
        for k, i in gates:
            value, size = self.at.value(i, spot.points[0])
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
            spot.children[sign] = Spot((), [], None, leaf=Suffix())
        grown = []
        spot.splits += len(live) == 2
        for sign in live:
            points = [x for x in spot.points if self.at.side_of(gate, x) == sign]
            if not points:
                found = self.at.room(gate, sign)
                if isinstance(found, regions.Nothing):
                    spot.children[sign] = Spot((), [], None, leaf=Empty(found.multipliers))
                    continue
                points = [found]
            grown.append(self._grow(spot, sign, points, lists[sign]))
        if left is not None:
            # The side that can still be the largest is worked on first: it is last on the stack.
            grown.sort(key=lambda child: float(child.suffixes.bounds.max()) if child.suffixes else 0.0)
        for child in grown:
            self._push(child)

    def _grow(self, spot: Spot, sign: int, points: list[Sequence[float]], left: Suffixes | None = None) -> Spot:
        if left is None and spot.suffixes is not None:
            left = spot.suffixes.chosen(spot.gate, sign).left(self._limit())
        start = spot.start and spot.start.without(spot.gate)
        child = spot.children[sign] = Spot((*spot.path, (spot.gate, sign)), points, left, start)
        child.wait, child.splits = max(0, spot.wait - 1), spot.splits
        return child

    def _push(self, child: Spot) -> None:
        if child.suffixes is not None or child.start is None:
            self._stack.append(child)
        else:
            heapq.heappush(self._queue, (-child.start.rho, -next(self._ties), child))

    def closing(self) -> Tree:
        """All signs are chosen: the Jacobian counts only if the region has an interior, which is decided exactly."""
        power = leaves.jacobian_power(self.walk, self.p, self.best)
        if power > self.best:
            found = self.at.interior()
            if isinstance(found, regions.Nothing):
                return Empty(found.multipliers)
            self.best, self.witness = power, found
        return Leaf()

    def settle(self) -> Tree:
        """The tree below the place where the search stands, without sweeps; raises Stopped where time is up."""
        path = tuple(self.at.path)
        spot = Spot(path, [], None)
        outside = self._stack, self._queue, self.splits
        self._stack, self._queue, self.splits = [spot], [], None
        try:
            while self._stack or self._queue:
                if time.monotonic() > self.until:
                    raise cells.Stopped
                self._work(self._stack.pop() if self._stack else heapq.heappop(self._queue)[2])
        finally:
            self._stack, self._queue, self.splits = outside
        self.at.move(path)
        return frozen(self.whole, spot)

    def goal(self) -> float:
        """What leaves must stay below, in units of `WholeForm.scale`: a little below the best Jacobian."""
        return float(max(Fraction(0), self.best) * self.scale) * (1 - MARGIN)

    def _propose(self, spot: Spot) -> tuple[Tree | None, dict[int, float]]:
        """(a leaf that may close the node, the influence of each open gate)."""
        import numpy as np

        target = self.goal()
        aim = target * (1 - MARGIN)
        left = spot.suffixes
        if left is not None and (self.p != 2 or left.centres.shape[1] == 1):
            top = int(left.bounds.argmax())
            sizes = abs(left.weights[top]).sum(1) * abs(left.slopes).sum(1)
            leaf: Tree | None = None
            if self.p == 2 and not left.outer:
                power, d, _ = proposals.cauchy(np.vstack([left.centres[top], left.weights[top] * left.slopes]), aim)
                leaf = Cauchy(tuple(int(2**50 * a / d.max()) + 1 for a in d)) if power <= target else None
            return leaf, dict(zip(left.inner, sizes, strict=True))
        if spot.wait and spot.start is not None:
            return None, dict(zip(spot.start.open, spot.start.weights, strict=True))
        p = proposals.part(self.walk)
        if p is None:
            return None, {i: 0.0 for i, sign in enumerate(self.walk.signs) if not sign}
        if self.p != 2:
            matrix, influence = proposals.entries(p)
            norm = float(matrix.sum(0 if self.p == 1 else 1).max())
            return (Entries() if norm <= target else None), dict(zip(p.open, influence, strict=True))
        spot.start = proposals.semidefinite(p, aim, spot.start)
        if target > 0 and spot.start.rho > target:
            # A bound far above the target comes down only after some more signs.
            spot.wait = int(WAIT * math.log(spot.start.rho / target))
        length = (p.gates[:, : p.inputs] ** 2).sum(1)
        leaf = multipliers(self.whole, spot.start, None) if spot.start.rho <= target else None
        return leaf, dict(zip(p.open, spot.start.weights * length, strict=True))

    def proves(self, leaf: Tree) -> bool:
        """Whether the leaf proves, exactly, that no Jacobian of the region exceeds the best."""
        start = time.monotonic()
        self.checked += 1
        try:
            return leaves.leaf_bound(self.walk, self.p, leaf, self.best) <= self.best
        except CertificateError:
            return False
        finally:
            self.proving += time.monotonic() - start

    def certificate(self, most: int | None = None) -> Certificate:
        """What is proved so far: nodes that were not worked on keep the bound of the node above them.

        With `most`, a coarse certificate, where about so many nodes end with their own bound, none of them swept.
        """
        ends = () if most is None else coarse_ends(self.root, most)
        return Certificate(max(self.best, Fraction(0)), frozen(self.whole, self.root, ends))
