"""Functions on an interval with slopes 1 and -1 in turn, as compositions of single and double folds of the line.

A zigzag with branches of lengths l_0, ..., l_m. Take a shortest branch, of length l. If it is the first one, fold the
line at its end, u = |t - l_0|: on the two sides of the turn the zigzag takes equal values at equal distances, for at
least l. If it is the last one, fold it onto the one before. If it lies between two branches, fold twice: u runs
forward, back over this branch, and forward again; on three stretches of length l in a row, with slopes +, -, + or the
opposite, u and the zigzag change together. Either way the zigzag is g(u) with a zigzag g of one or two turns less,
and at last one with none. So every zigzag is a composition of such folds of the line, and t -> t + c or -t + c.

Since zigzags are dense, networks whose weights have spectral norm at most one approximate every 1-Lipschitz function on
a compact set of the line: single folds are such networks, and double ones are limits of them (`lipcheck.build.strips`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from lipcheck.build import strips
from lipcheck.network import Affine, MaxMin, Network

Kind: TypeAlias = Literal["first", "last", "between"]


@dataclass(frozen=True)
class LineFold:
    """A map of [0, total]: |t - at|, at - |t - at|, or forward to `at`, back by `back`, and forward."""

    kind: Kind
    at: Fraction
    back: Fraction
    total: Fraction

    @property
    def foldable(self) -> bool:
        """Whether the branch that runs back is not longer than the ones before and behind it."""
        return self.kind != "between" or self.back <= min(self.at, self.total - self.at - self.back)

    def of(self, t: Fraction) -> Fraction:
        """The image of t."""
        if self.kind == "first":
            return abs(t - self.at)
        if self.kind == "last":
            return self.at - abs(t - self.at)
        return min(t, max(2 * self.at - t, t - 2 * self.back))

    def network(self, rounds: int) -> Network:
        """A network of spectral norms at most one near this map; exact for single folds.

        A double fold takes `rounds` times the ratio of the outer branches to the middle one in rounds. Raises
        StripError for one that is not `foldable`.
        """
        if not self.foldable:
            raise strips.StripError(f"The branch of length {self.back} is longer than one beside it: fold a shortest.")
        if self.kind != "between":
            row, sign = Fraction(1, 2), 1 if self.kind == "first" else -1
            halves = Affine([[row], [-row], [row], [-row]], [-row * self.at, row * self.at] * 2)
            offset = Fraction(0) if self.kind == "first" else self.at
            return Network(1, (halves, MaxMin(), Affine([[sign * row, -sign * row] * 2], [offset])))
        after = self.total - self.at - self.back
        arm = max(self.at, after, self.back * Fraction(3, 2))
        base = strips.three_branches(arm, self.back, math.ceil(rounds * arm / self.back))
        (height,) = strips.values(base, [Fraction(0)])
        first, *middle, last = base.layers
        if not (isinstance(first, Affine) and isinstance(last, Affine)):
            raise strips.StripError("A folded strip is read by an affine layer.")
        moved = [b - self.at * row[0] for row, b in zip(first.weight, first.bias, strict=True)]
        back = Affine(last.weight, [last.bias[0] - height + self.at])
        return Network(1, (Affine(first.weight, moved), *middle, back))


@dataclass(frozen=True)
class Zigzag:
    """t -> 0 at 0, rising on the first branch, then falling and rising in turn."""

    lengths: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not self.lengths or min(self.lengths) <= 0:
            raise strips.StripError(f"The lengths of the branches are {self.lengths}: give positive numbers.")

    @property
    def total(self) -> Fraction:
        """The right end of the interval."""
        return sum(self.lengths, Fraction(0))

    def of(self, t: Fraction) -> Fraction:
        """The value at t in [0, total]."""
        value, start = Fraction(0), Fraction(0)
        for i, length in enumerate(self.lengths):
            step = min(t - start, length)
            value += step if i % 2 == 0 else -step
            start += length
            if t <= start:
                break
        return value


def unfolded(zigzag: Zigzag, shortest: bool = True) -> tuple[list[LineFold], int, Fraction]:
    """Folds, in the order in which they are applied, then a sign s and c: the zigzag is s u + c behind them.

    Without `shortest` the first branch but one is taken instead, or the first one, whatever their lengths.
    """
    lengths, sign, height = list(zigzag.lengths), 1, Fraction(0)
    found: list[LineFold] = []
    while len(lengths) > 1:
        i = lengths.index(min(lengths)) if shortest else min(1, len(lengths) - 2)
        total, start = sum(lengths, Fraction(0)), sum(lengths[:i], Fraction(0))
        if i == 0:
            found.append(LineFold("first", lengths[0], Fraction(0), total))
            height += sign * lengths[0]
            sign = -sign
            lengths = lengths[1:]
        elif i == len(lengths) - 1:
            found.append(LineFold("last", start, Fraction(0), total))
            lengths = lengths[:-1]
        else:
            found.append(LineFold("between", start, lengths[i], total))
            lengths[i - 1 : i + 2] = [lengths[i - 1] + lengths[i + 1] - lengths[i]]
    return found, sign, height


def composed(zigzag: Zigzag, shortest: bool = True) -> bool:
    """Whether the composition is the zigzag, at all multiples of 1/2, and every double fold has a short middle."""
    folds, sign, height = unfolded(zigzag, shortest)
    if not all(fold.foldable for fold in folds):
        return False
    for k in range(int(2 * zigzag.total) + 1):
        u = t = Fraction(k, 2)
        for fold in folds:
            u = fold.of(u)
        if sign * u + height != zigzag.of(t):
            return False
    return True


def network(zigzag: Zigzag, rounds: int) -> Network:
    """A network of spectral norms at most one near the zigzag on [0, total]: the composition of those of the folds."""
    folds, sign, height = unfolded(zigzag)
    found = Network(1, (Affine.linear([[1]]),))
    for fold in folds:
        found = merged(fold.network(rounds), found)
    return merged(Network(1, (Affine([[sign]], [height]),)), found)


def merged(outer: Network, inner: Network) -> Network:
    """The composition, with the weights that meet multiplied out."""
    *before, last = inner.layers
    first, *behind = outer.layers
    if not isinstance(first, Affine):
        raise strips.StripError("Only affine layers are multiplied out.")
    return Network(inner.inputs, (*before, strips.product(first, last), *behind))


def read(lengths: Sequence[object]) -> Zigzag:
    """The zigzag with these whole lengths."""
    whole = [Fraction(n) for n in lengths if isinstance(n, int)]
    if len(whole) < len(lengths):
        raise strips.StripError("Give the lengths of the branches as whole numbers.")
    return Zigzag(tuple(whole))
