"""Lattices of affine pieces: max of min, or min of max, as exact data and as a MaxMin network.

Every piece z -> w . z + b with ||w||_q <= 1 is 1-Lipschitz for ||.||_p, 1/p + 1/q = 1, and so is every max and min of
such functions. `Lattice.network` is the network of Theorem 3 of Anil et al. 2019 (appendix D): the pieces' weights
stacked in the first layer, ||W||_{p -> inf} <= 1, then MaxMin and 0/1 selections, ||W||_inf = 1, in trees of
logarithmic depth.

Values are exact. Floating point with a running error bound tells which pieces can matter at a point, and only those
are computed in rationals: with u = 2^-53, entries that are nearest floats and inner products of n terms, the error is
at most gamma_{n+3} (|w| . |x| + |b|) and, where something underflows, n 2^-1074 (1 + |w|_1 + |x|_1) (Higham, Accuracy
and Stability of Numerical Algorithms, 2nd edition, section 3.1); the code takes more than twice the first and 2^70
times the second, so that the roundings of the bound itself are covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from lipcheck.build.pieces import Piece, nearest
from lipcheck.build.trees import comparisons
from lipcheck.exact import Vector, items, shown, vector
from lipcheck.network import Affine, Layer, MaxMin, Network, Select
from lipcheck.norms import Bracket, Exponent, dual_exponent, vector_norm
from lipcheck.norms.arguments import as_exponent
from lipcheck.norms.bracket import largest
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Outer: TypeAlias = Literal["max", "min"]
_CHUNK = 1 << 22
_WIDTH = Fraction(1, 1 << 72)


class LatticeError(LipcheckError, ValueError):
    """Pieces that make no lattice, or a lattice that cannot be what it was meant to be."""


@dataclass(frozen=True)
class Lattice:
    """x -> outer over groups of inner over a group's pieces; "max" means max of min, "min" means min of max.

    Raises LatticeError for no pieces, an empty group and pieces of different dimension. That the pieces are
    1-Lipschitz for ||.||_p is what `norm` tells.
    """

    groups: tuple[tuple[Piece, ...], ...]
    p: Exponent
    outer: Outer = "max"

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", as_exponent(self.p))
        groups = tuple(tuple(items(g, f"groups[{i}]")) for i, g in enumerate(items(self.groups, "groups")))
        object.__setattr__(self, "groups", groups)
        if self.outer not in ("max", "min"):
            raise LatticeError(f"The outer operation is {shown(self.outer)}: say 'max' or 'min'.")
        if not self.groups or not all(self.groups):
            raise LatticeError("A lattice with no pieces, or with an empty group, has no value: give each a piece.")
        if strange := [piece for piece in self.pieces if not isinstance(piece, Piece)]:
            raise LatticeError(f"The groups hold {shown(strange[0])}: give tuples of Piece.")
        if len({len(piece.weight) for piece in self.pieces}) > 1 or not self.pieces[0].weight:
            raise LatticeError("The pieces have weights of different lengths, or of none: give one weight per input.")

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces, group after group."""
        return tuple(piece for group in self.groups for piece in group)

    @property
    def inputs(self) -> int:
        """The dimension."""
        return len(self.pieces[0].weight)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of pieces of each group."""
        return tuple(map(len, self.groups))

    @property
    def depth(self) -> int:
        """The number of affine maps of `network`: 1 + ceil(log2 of the largest group) + ceil(log2 of the groups)."""
        return 1 + (max(self.sizes) - 1).bit_length() + (len(self.groups) - 1).bit_length()

    @property
    def units(self) -> int:
        """The number of hidden units of `network`."""
        return sum(map(len, self._rounds))

    @property
    def parameters(self) -> int:
        """The number of weights and biases of the pieces; selections have none."""
        return len(self.pieces) * (self.inputs + 1)

    @cached_property
    def norm(self) -> Bracket:
        """||W||_{p -> inf} of the first layer, the largest dual norm of a weight: exact for p = 1 and infinity.

        For p = 2 the bracket carries the exact square; else it is a ball's ends. `norm.at_most(1)` decides.
        """
        q = dual_exponent(self.p)
        return largest(vector_norm(w, q, _WIDTH) for w in dict.fromkeys(piece.weight for piece in self.pieces))

    def value(self, point: object) -> Fraction:
        """The exact value at a point; NetworkError for what is no vector, LatticeError for a wrong length."""
        return self.values([point])[0]

    def values(self, points: Sequence[object]) -> tuple[Fraction, ...]:
        """The exact values at several points; raises as `value` does."""
        return tuple(self.pieces[i].at(x) for i, x in self._shown(points))

    def showing(self, points: Sequence[object]) -> tuple[int, ...]:
        """For every point, which of `pieces` shows: the first that is extreme in the first group that is extreme."""
        return tuple(i for i, _ in self._shown(points))

    def gradient(self, point: object) -> Vector:
        """The weight of the piece that shows at the point: the gradient where no other piece has the same value."""
        return self.pieces[self.showing([point])[0]].weight

    def enclosures(self, points: Floats) -> tuple[Floats, Floats]:
        """Lower and upper bounds in float64 on the values at points with these nearest floats, (N, inputs).

        Infinite where float64 does not reach. Raises LatticeError for an array of another shape.
        """
        import numpy as np

        if np.shape(points)[1:] != (self.inputs,):
            raise LatticeError(f"The points have the shape {np.shape(points)}: give (N, {self.inputs}).")
        lower, upper = np.empty(len(points)), np.empty(len(points))
        for part in self._blocks(len(points)):
            below, above = self._bounds(points[part])
            lower[part], upper[part] = self._reduced(below), self._reduced(above)
        return lower, upper

    def network(self) -> Network:
        """The MaxMin network: Affine, then MaxMin and Select in turn; exact, equal to the lattice for all inputs."""
        if len(self.pieces) == 1:
            return Network(self.inputs, (Affine([self.pieces[0].weight], [self.pieces[0].bias]),))
        first, *later = self._rounds
        chosen = [self.pieces[i] for i in first]
        layers: list[Layer] = [Affine([p.weight for p in chosen], [p.bias for p in chosen]), MaxMin()]
        width = len(first)
        for wires in later:
            layers += [Select(wires, width), MaxMin()]
            width = len(wires)
        last = self.outer if len(self.groups) > 1 else self._inner
        return Network(self.inputs, (*layers, Select((0 if last == "max" else 1,), width)))

    @property
    def _inner(self) -> Outer:
        return "min" if self.outer == "max" else "max"

    @cached_property
    def _rounds(self) -> list[tuple[int, ...]]:
        return comparisons(self.sizes, self.outer == "max")

    @cached_property
    def _floats(self) -> tuple[Floats, Floats, NDArray[np.intp]]:
        import numpy as np

        weight = np.array([[nearest(w) for w in piece.weight] for piece in self.pieces])
        starts = np.cumsum((0, *self.sizes[:-1]))
        return weight, np.array([nearest(piece.bias) for piece in self.pieces]), starts

    def _blocks(self, count: int) -> Iterator[slice]:
        step = max(1, _CHUNK // len(self.pieces))
        return (slice(i, i + step) for i in range(0, count, step))

    def _bounds(self, points: Floats) -> tuple[Floats, Floats]:
        """Bounds (points, pieces) on the pieces' values at points whose nearest floats are given."""
        import numpy as np

        weight, bias, _ = self._floats
        with np.errstate(over="ignore", invalid="ignore"):
            values = points @ weight.T + bias
            size = np.abs(points) @ np.abs(weight).T + np.abs(bias)
            tail = 1 + np.abs(points).sum(axis=1)[:, None] + np.abs(weight).sum(axis=1)
            error = size * (2 * (self.inputs + 8) * 2.0**-53) + tail * (self.inputs * 2.0**-1000)
            below, above = values - error, values + error
        return np.where(np.isfinite(below), below, -np.inf), np.where(np.isfinite(above), above, np.inf)

    def _reduced(self, values: Floats) -> Floats:
        import numpy as np

        reduce: dict[Outer, Callable[..., Floats]] = {"max": np.maximum.reduceat, "min": np.minimum.reduceat}
        inner = reduce[self._inner](values, self._floats[2], axis=1)
        outer: Floats = inner.max(axis=1) if self.outer == "max" else inner.min(axis=1)
        return outer

    def _shown(self, points: Sequence[object]) -> Iterator[tuple[int, Vector]]:
        import numpy as np

        rows = [vector(point, f"points[{i}]") for i, point in enumerate(items(points, "points"))]
        for i, point in enumerate(rows):
            if len(point) != self.inputs:
                raise LatticeError(f"Point {i} has {len(point)} numbers: give {self.inputs}, one for each input.")
        starts = (*self._floats[2].tolist(), len(self.pieces))
        for part in self._blocks(len(rows)):
            chunk = rows[part]
            floats = np.array([[nearest(v) for v in point] for point in chunk])
            below, above = self._bounds(floats)
            least, most = self._reduced(below), self._reduced(above)
            for row, point in enumerate(chunk):
                yield self._decide(point, below[row], above[row], (float(least[row]), float(most[row])), starts), point

    def _decide(
        self, point: Vector, below: Floats, above: Floats, value: tuple[float, float], starts: Sequence[int]
    ) -> int:
        """Which piece shows: among the groups and pieces that the bounds leave, decided in rationals."""
        import numpy as np

        maximum = self.outer == "max"
        inner = (np.minimum if maximum else np.maximum).reduceat
        low, high = inner(below, starts[:-1]), inner(above, starts[:-1])
        open_groups = np.flatnonzero(high >= value[0] if maximum else low <= value[1])
        winners = []
        for g in open_groups.tolist():
            part = slice(starts[g], starts[g + 1])
            left = np.flatnonzero(below[part] <= high[g] if maximum else above[part] >= low[g]) + starts[g]
            pick = min if maximum else max
            winners.append(pick(((self.pieces[i].at(point), i) for i in left.tolist()), key=lambda pair: pair[0]))
        return (max if maximum else min)(winners, key=lambda pair: pair[0])[1]


def constant_shift(lattice: Lattice, by: Fraction) -> Lattice:
    """The lattice with `by` added everywhere."""
    return Lattice(tuple(tuple(p.shifted(by) for p in g) for g in lattice.groups), lattice.p, lattice.outer)


def negative(lattice: Lattice) -> Lattice:
    """The lattice of the opposite function: max and min change places."""
    return Lattice(tuple(tuple(-p for p in g) for g in lattice.groups), lattice.p, lattice._inner)
