"""Depths and sizes that are promised for GroupSort networks that represent or approximate 1-Lipschitz functions.

Depth is the number of affine maps, size the number of hidden units.

The literature: Tanielian and Biau, Approximating Lipschitz continuous functions with GroupSort neural networks, AISTATS
2021, arXiv 2006.05254. Networks with ||W_1||_{2,inf} <= 1, the largest 2-norm of a row, and ||W_i||_inf <= 1 for i > 1
are 1-Lipschitz for the Euclidean norm. The paper shows that they represent 1-Lipschitz piecewise linear functions, and
approximate 1-Lipschitz functions on [0, 1]^d within eps by depth O(d^2 log2(2 sqrt(d)/eps)) and size
O((2 sqrt(d)/eps)^(d^2)). These orders are cited from memory and were not compared with the print; the constants behind
O(.) are unknown, so that they bound no given network.

What can be counted instead, with proofs. A maximum of k numbers takes `rounds(k)` layers of MaxMin and at most
`tournament(k)` units: pairs, then pairs of winners; an odd one is paired with itself.

- Convex, m pieces: a maximum of m affine functions.
- On an interval, m pieces, affine on intervals I_k with f = g_k: f = max_k min_{i in S_k} g_i with S_k = {i : g_i >= f
  on I_k}. At k's own interval the minimum is f. To the right of I_k, at x with f(x) < g_k(x), some g_i is at least f at
  the right end of I_k and at most f(x) at x; it falls below g_k from there, hence lies above it on I_k: i is in S_k.
- Elsewhere f = max_j min_{i in S_j} g_i with incomparable sets S_j (Ovchinnikov, Max-min representation of piecewise
  linear functions, 2002), at most C(m, floor(m/2)) of them by Sperner's theorem.
  One group for every region is not enough: with f = min(max(0, u), max(1 - u + 2v, 1 - u - 2v)) on R^2, the region
  {u <= 0} has S = {0}, but f(3, 0) = -2 < 0.
- Cones: with a grid of nodes x_i so that every point of [0, 1]^d has one within eps in the max-norm, and f 1-Lipschitz
  for it, max_i (f(x_i) - ||x - x_i||_inf) + eps is within eps of f; a cone is a minimum of 2d affine functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb

from lipcheck.exact import exact, shown
from lipcheck.words.errors import LipcheckError

PAPER = "Tanielian and Biau 2021, arXiv 2006.05254; order cited from memory, not compared with the print"
EUCLIDEAN = "||W_1||_{2,inf} <= 1 and ||W_i||_inf <= 1 for i > 1: 1-Lipschitz for the Euclidean norm"

MOST_PIECES = 1 << 13
"""Bounds with more bits than this are not written out."""


class PromiseError(LipcheckError, ValueError):
    """A number of pieces, a dimension or an accuracy that nothing can be promised for."""


@dataclass(frozen=True)
class Promise:
    """Numbers that are upper bounds, or, where only an order is known, its formula; where from, and for what."""

    depth: int | str
    size: int | str
    source: str
    applies: str


def rounds(count: int) -> int:
    """ceil(log2 count): how many layers of pairs find the maximum of `count` numbers."""
    return (_whole(count, "number of terms") - 1).bit_length()


def tournament(count: int) -> int:
    """How many units these layers have, odd numbers made even; at most 2 count + 2 rounds(count)."""
    units, left = 0, _whole(count, "number of terms")
    while left > 1:
        left += left % 2
        units += left
        left //= 2
    return units


def piecewise_linear(pieces: int, *, convex: bool = False, interval: bool = False) -> Promise:
    """Bounds for every 1-Lipschitz function with that many affine pieces: convex or concave, on an interval, or any.

    Pieces are intervals with `interval`, distinct affine functions otherwise. Raises PromiseError for pieces < 1, and
    for more than MOST_PIECES of a function of which no more is known.
    """
    m = _whole(pieces, "number of pieces")
    if convex:
        groups, applies = 1, "maxima or minima of affine functions"
    elif interval:
        groups, applies = m, "functions on an interval"
    else:
        if m > MOST_PIECES:
            raise PromiseError(f"The bound for {shown(m)} pieces is about 2^{shown(m)}: give at most {MOST_PIECES}.")
        groups, applies = comb(m, m // 2), "functions on a convex set"
    return Promise(*_max_min(groups, m), "proved in lipcheck.build.promises", f"{applies}, {m} pieces; {EUCLIDEAN}")


def lipschitz(dimension: int, eps: object) -> Promise:
    """The order that the paper gives for all 1-Lipschitz functions on [0, 1]^dimension within eps; no numbers.

    Raises PromiseError for a dimension below 1 and eps <= 0.
    """
    d, e = _whole(dimension, "dimension"), _positive(eps)
    inner = f"2 sqrt({d}) / ({e})"
    return Promise(
        f"O({d * d} log2({inner}))",
        f"O(({inner})^{d * d})",
        PAPER,
        f"1-Lipschitz on [0, 1]^{d}, within {e}; {EUCLIDEAN}",
    )


def cones(dimension: int, eps: object) -> Promise:
    """Bounds for all functions on [0, 1]^dimension that are 1-Lipschitz for the max-norm, within eps; proved.

    On the line this is the Euclidean case too. Raises PromiseError for a dimension below 1, eps <= 0 and bounds of more
    than MOST_PIECES bits.
    """
    d, e = _whole(dimension, "dimension"), _positive(eps)
    nodes = ceil(1 / (2 * e))
    if max(nodes.bit_length() - 1, 1) * d > MOST_PIECES:
        raise PromiseError(f"The bound for dimension {shown(d)} has more than {MOST_PIECES} bits: give a smaller one.")
    nodes **= d
    applies = f"1-Lipschitz on [0, 1]^{d} for the max-norm, within {e}; ||W_i||_inf <= 1"
    return Promise(*_max_min(nodes, 2 * d), "proved in lipcheck.build.promises", applies)


def _max_min(groups: int, size: int) -> tuple[int, int]:
    return 1 + rounds(size) + rounds(groups), groups * tournament(size) + tournament(groups)


def _whole(value: int, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise PromiseError(f"The {name} is {shown(value)}: give a whole number of at least 1.")
    return value


def _positive(value: object) -> Fraction:
    number = exact(value, "eps")
    if number <= 0:
        raise PromiseError(f"eps is {number}: give a positive number.")
    return number
