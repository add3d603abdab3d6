"""Layers over any algebra: what values must support, and how each layer acts on them.

Sorting goes through a fixed network of compare-exchanges, so that symbols and intervals, which cannot be compared,
can be sorted as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, reduce
from typing import Protocol, TypeVar

from lipcheck.exact import Vector
from lipcheck.layers import Abs, Affine, Elementwise, FullSort, GroupSort, Layer, LeakyReLU, Maxout, Order, ReLU, Select

T = TypeVar("T")


class Algebra(Protocol[T]):
    """What values must support so that a network can be run on them."""

    def constant(self, number: Fraction) -> T:
        """The number as a value."""

    def add(self, a: T, b: T) -> T:
        """a + b."""

    def scale(self, factor: Fraction, a: T) -> T:
        """factor a."""

    def maximum(self, a: T, b: T) -> T:
        """max(a, b)."""

    def minimum(self, a: T, b: T) -> T:
        """min(a, b)."""

    def absolute(self, a: T) -> T:
        """|a|."""

    def apply(self, name: str, a: T) -> T:
        """The smooth function of this name (see ELEMENTWISE) at a; NetworkError where the algebra has none."""


def apply_layer(layer: Layer, values: tuple[T, ...], algebra: Algebra[T]) -> tuple[T, ...]:
    """The layer at `values`, whose number must fit. Multiplications by 0 and 1 and additions of 0 are skipped."""
    match layer:
        case Affine(weight=weight, bias=bias):
            return tuple(_affine(row, b, values, algebra) for row, b in zip(weight, bias, strict=True))
        case Abs():
            return tuple(algebra.absolute(v) for v in values)
        case ReLU():
            return tuple(algebra.maximum(v, algebra.constant(Fraction(0))) for v in values)
        case LeakyReLU(slope=slope):
            # max(v, slope v) is the same function where slope <= 1, min(v, slope v) where slope >= 1.
            choose = algebra.maximum if slope <= 1 else algebra.minimum
            return tuple(choose(v, algebra.scale(slope, v)) for v in values)
        case Elementwise(name=name):
            return tuple(algebra.apply(name, v) for v in values)
        case GroupSort(order=order) | FullSort(order=order):
            split = groups(values, layer.group(len(values)))
            return tuple(v for group in split for v in _sorted(group, order, algebra))
        case Maxout(size=size):
            return tuple(reduce(algebra.maximum, group) for group in groups(values, size))
        case Select(indices=indices):
            return tuple(values[i] for i in indices)


def _affine(row: Vector, bias: Fraction, values: tuple[T, ...], algebra: Algebra[T]) -> T:
    terms = [v if w == 1 else algebra.scale(w, v) for w, v in zip(row, values, strict=True) if w]
    if bias or not terms:
        terms.append(algebra.constant(bias))
    return reduce(algebra.add, terms)


def groups(values: Sequence[T], size: int) -> list[Sequence[T]]:
    """Consecutive groups of `size` neighbours."""
    return [values[i : i + size] for i in range(0, len(values), size)]


def _sorted(group: Sequence[T], order: Order, algebra: Algebra[T]) -> list[T]:
    values = list(group)
    for i, j in comparators(len(values)):
        low, high = algebra.minimum(values[i], values[j]), algebra.maximum(values[i], values[j])
        values[i], values[j] = (low, high) if order == "ascending" else (high, low)
    return values


@cache
def comparators(size: int) -> tuple[tuple[int, int], ...]:
    """Pairs (i, j), i < j, whose compare-exchanges in turn sort any `size` values.

    Batcher's merge exchange (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M): O(size log^2 size) pairs.
    """
    pairs = []
    top = p = 1 << max(size - 1, 1).bit_length() - 1
    while p:
        q, r, d = top, 0, p
        while True:
            pairs += [(i, i + d) for i in range(size - d) if i & p == r]
            if q == p:
                break
            q, r, d = q >> 1, p, q - p
        p >>= 1
    return tuple(pairs)
