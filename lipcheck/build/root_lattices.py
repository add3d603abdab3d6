"""Point lattices as integer vectors on orthogonal axes: Z^n, the hexagonal lattice, the checkerboard D_n, and E_8.

A point is an integer vector z; the i-th axis has the squared length squares[i], so that ||z||^2 = sum squares[i] z_i^2
is an integer and no square root is written down: the hexagonal lattice is {z : z_1 + z_2 even} with squares (1, 3).
Which z belong to a lattice depends on z modulo a small number, and is read off coordinate by coordinate with a table
of states. One table serves membership, exact counting and enumeration (`lipcheck.build.counts`).

Source: Conway and Sloane, Sphere Packings, Lattices and Groups, chapter 4: minimal norms, minimal vectors and holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lipcheck.exact import Vector, shown
from lipcheck.words.errors import LipcheckError

DEAD = -1
"""The entry of a table where no point of the lattice begins like this."""

LARGEST_DIMENSION = 1000
"""The largest dimension of lattices, cubes and balls."""


class PackingError(LipcheckError, ValueError):
    """A lattice, a region or a separation that no set of points can be made of."""


@dataclass(frozen=True)
class PointLattice:
    """A lattice of integer vectors on axes of squared lengths `squares`; two points have ||z - w||^2 >= `minimum`.

    table[state][z mod modulus] is the next state, or DEAD; the first state is 0, and z belongs if the last is final.
    `offsets` are translations to be tried: they put a point, or a place between points such as a hole, at the origin.
    """

    name: str
    squares: tuple[int, ...]
    minimum: int
    table: tuple[tuple[int, ...], ...]
    final: frozenset[int]
    offsets: tuple[Vector, ...]

    @property
    def dimension(self) -> int:
        """The number of axes."""
        return len(self.squares)

    @property
    def modulus(self) -> int:
        """Membership depends on the coordinates modulo this number."""
        return len(self.table[0])

    def contains(self, z: Sequence[int]) -> bool:
        """Whether the integer vector z, of the lattice's dimension, belongs to the lattice."""
        state = 0
        for coordinate in z:
            state = self.table[state][coordinate % self.modulus]
            if state == DEAD:
                return False
        return len(z) == self.dimension and state in self.final

    def norm(self, z: Sequence[int]) -> int:
        """||z||^2."""
        return sum(square * c * c for square, c in zip(self.squares, z, strict=True))

    def scaled(self, separation: Fraction) -> Vector:
        """The squared lengths of the axes for which the least distance of two points is the separation."""
        return tuple(separation**2 * Fraction(square, self.minimum) for square in self.squares)


def cubic(n: int) -> PointLattice:
    """Z^n, with 2n minimal vectors of norm 1. Raises PackingError for n < 1."""
    n = dimension_at_least(n, 1, "Z^n")
    ones = range(n + 1) if n <= 8 else (0, 1, n)
    offsets = tuple(_prefix(n, k, Fraction(1, 2)) for k in ones)
    return PointLattice(f"Z^{n}", (1,) * n, 1, ((0,),), frozenset({0}), offsets)


def hexagonal(*, upright: bool = False) -> PointLattice:
    """The hexagonal lattice, with 6 minimal vectors of norm 4: rows along the first axis, or the second if upright."""
    along, across = Fraction(1), Fraction(1, 3)
    holes: list[Vector] = [(Fraction(0), Fraction(0)), (along, Fraction(0)), (along, across)]
    squares, name = (1, 3), "hexagonal"
    if upright:
        squares, name, holes = (3, 1), "hexagonal, upright", [(b, a) for a, b in holes]
    return PointLattice(name, squares, 4, ((0, 1), (1, 0)), frozenset({0}), tuple(holes))


def checkerboard(n: int) -> PointLattice:
    """D_n = {z in Z^n : the sum is even}, with 2n(n - 1) minimal vectors of norm 2. Raises PackingError for n < 3."""
    n = dimension_at_least(n, 3, "D_n")
    half = Fraction(1, 2)
    offsets = (_prefix(n, 0), _prefix(n, 1), _prefix(n, 2, half), _prefix(n, n, half))
    return PointLattice(f"D_{n}", (1,) * n, 2, ((0, 1), (1, 0)), frozenset({0}), offsets)


def e8() -> PointLattice:
    """E_8 with doubled coordinates: z all even or all odd, the sum divisible by 4; 240 minimal vectors of norm 8."""
    start = tuple(_e8_state(r % 2, r) for r in range(4))
    rest = tuple(
        tuple(_e8_state(parity, total + r) if r % 2 == parity else DEAD for r in range(4))
        for parity in range(2)
        for total in range(4)
    )
    offsets = (*(_prefix(8, k) for k in range(9)), _prefix(8, 1, Fraction(2)))
    return PointLattice("E_8", (1,) * 8, 8, (start, *rest), frozenset({_e8_state(0, 0), _e8_state(1, 0)}), offsets)


def lattices(n: int) -> tuple[PointLattice, ...]:
    """All lattices of this module in dimension n, Z^n first. Raises PackingError for n < 1."""
    found = [cubic(n)]
    if n == 2:
        found += [hexagonal(), hexagonal(upright=True)]
    if n >= 3:
        found.append(checkerboard(n))
    if n == 8:
        found.append(e8())
    return tuple(found)


def _e8_state(parity: int, total: int) -> int:
    return 1 + 4 * parity + total % 4


def _prefix(n: int, count: int, value: Fraction = Fraction(1)) -> Vector:
    return tuple(value if i < count else Fraction(0) for i in range(n))


def dimension_at_least(n: int, least: int, name: str) -> int:
    """The dimension n; PackingError if it is no whole number from `least` to LARGEST_DIMENSION."""
    if not isinstance(n, int) or isinstance(n, bool) or not least <= n <= LARGEST_DIMENSION:
        raise PackingError(
            f"{name} has no dimension {shown(n)}: give a whole number of at least {least}, up to {LARGEST_DIMENSION}."
        )
    return n
