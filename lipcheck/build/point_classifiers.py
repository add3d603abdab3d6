"""A sorting network that is positive at finitely many points of the plane and negative at others, norms at most one.

f(x) = min over q in B of |x - q| - min over p in A of |x - p|, in the infinity norm, is piecewise linear. Its network
is rescaled layer by layer, which leaves the sign.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import Piece
from lipcheck.build.rescaling import rescaled
from lipcheck.build.stacking import stack
from lipcheck.exact import Vector
from lipcheck.network import Affine, Network


def nearness(points: Sequence[Vector]) -> Network:
    """x -> max over points of -|x - p|, a maximum of minima of affine pieces."""
    n = len(points[0])
    units = [tuple(Fraction(s if i == k else 0) for i in range(n)) for k in range(n) for s in (1, -1)]
    groups = tuple(tuple(Piece.through(point, Fraction(0), unit) for unit in units) for point in points)
    return Lattice(groups, math.inf).network()


def separating(a: Sequence[Vector], b: Sequence[Vector]) -> Network:
    """c (d(., b) - d(., a)), c > 0, with weights of spectral norm at most one."""
    both = stack([nearness(a), nearness(b)])
    return rescaled(both.then(Affine([[1, -1]], [0])))[0]
