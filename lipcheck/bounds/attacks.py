"""Attacks on predictions inside given balls; a flip counts when it is proved.

Per example and margin, from the centre and from random points of the ball: Frank and Wolfe's method, which moves
towards the point of the ball that the gradient of the margin asks for and so never leaves the ball, in any norm. Its
first step is the attack that is exact within a linear region. A point where a margin is negative is then pulled towards
the centre as far as the flip lasts, and decided: the values are enclosed, the distance is compared in exact numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from lipcheck.bounds.clock import late
from lipcheck.bounds.directions import Field, attaining, chunks, field_of, norms
from lipcheck.bounds.enclosure import changes
from lipcheck.bounds.witness import norm_end
from lipcheck.graph import Graph

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Margin: TypeAlias = tuple[int, int | None, int]
"""(i, j, 1) is f_i - f_j, (i, None, s) is s f_i."""

_STEPS = 24
_STARTS = 3
_MARGINS = 4
"""The smallest margins of an example are attacked, at most so many."""
_INSIDE = 1 - 2.0**-40


@dataclass(frozen=True)
class Flip:
    """Example `index` has the logits' margin (i, j, sign) positive, and at y, within its radius, it is negative.

    `distance` is at least the p-norm of y - x; `margin` is a negative upper bound on the margin at y.
    """

    index: int
    y: tuple[float, ...]
    margin_of: Margin
    distance: Fraction
    margin: Fraction


def attack(
    graph: Graph,
    points: Tensor,
    radii: Sequence[float],
    margins: Sequence[Sequence[Margin]],
    p: float,
    constants: Sequence[float | None],
    *,
    seed: int = 0,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[list[Flip], int]:
    """The proved flips, at most one per example, and how many examples were attacked before the deadline."""
    import torch

    field, random = field_of(graph), torch.Generator().manual_seed(seed)
    flips: list[Flip] = []
    size = max(1, field.batch // _STARTS)
    for start in range(0, len(points), size):
        if late(deadline):
            return flips, start
        if progress is not None:
            progress(f"attacks, from example {start + 1} of {len(points)}: {len(flips)} flips")
        some = [i for i in range(start, min(start + size, len(points))) if 0 < radii[i] < math.inf]
        with torch.no_grad():
            for index, y, margin in _candidates(field, points, radii, margins, some, p, random):
                # Several candidates of one example, the nearest first: one proof is enough.
                if not (flips and flips[-1].index == index):
                    x, reach = points[index].tolist(), Fraction(radii[index])
                    found = confirm(graph, x, y.tolist(), margin, reach, p, index, constants)
                    flips += [found] if found is not None else []
    return flips, len(points)


def _candidates(
    field: Field,
    points: Tensor,
    radii: Sequence[float],
    margins: Sequence[Sequence[Margin]],
    some: Sequence[int],
    p: float,
    random: torch.Generator,
) -> list[tuple[int, Tensor, Margin]]:
    """(example, point, margin) where a margin seems to be negative, examples in order."""
    import torch

    if not some:
        return []
    x = points[list(some)]
    reach = torch.tensor([radii[i] for i in some], dtype=x.dtype)
    rows = torch.zeros(len(some), max(len(margins[i]) for i in some), field.outputs, dtype=x.dtype)
    for own, index in zip(rows, some, strict=True):
        for row, (i, j, sign) in zip(own, margins[index], strict=True):
            row[i] = sign
            if j is not None:
                row[j] = -1.0
    order = torch.einsum("nko,no->nk", rows, field.value(x)).argsort(1)
    found: dict[int, list[tuple[int, Tensor, Margin]]] = {index: [] for index in some}
    for k in order.T[:_MARGINS]:
        row = rows[torch.arange(len(some)), k]
        ends, heights = _descend(field, x, reach, row, p, random)
        for n in torch.nonzero(heights < 0).flatten().tolist():
            if not found[some[n]]:
                margin = margins[some[n]][int(k[n])]
                found[some[n]] = [(some[n], y, margin) for y in _towards(field, x[n], ends[n], row[n])]
    return [candidate for each in found.values() for candidate in each]


def _descend(
    field: Field, x: Tensor, reach: Tensor, row: Tensor, p: float, random: torch.Generator
) -> tuple[Tensor, Tensor]:
    """The lowest point found in the ball around each x, and the margin there, over all starts."""
    import torch

    count = len(x)
    x, row, reach = x.repeat(_STARTS, 1), row.repeat(_STARTS, 1), (_INSIDE * reach).repeat(_STARTS)[:, None]
    away = torch.randn(x.shape, generator=random, dtype=x.dtype)
    sizes = torch.rand(len(x), 1, generator=random, dtype=x.dtype) / norms(away, p)[:, None].clamp(min=1e-300)
    sizes[:count] = 0.0
    y = x + reach * sizes * away
    lowest, heights = y, (field.value(y) * row).sum(1)
    for step in range(_STEPS):
        y = y + (x - reach * attaining(field.pull(y, row), p) - y) * (2 / (step + 2))
        height = (field.value(y) * row).sum(1)
        better = height < heights
        lowest, heights = torch.where(better[:, None], y, lowest), torch.where(better, height, heights)
    heights, best = heights.reshape(_STARTS, count).min(0)
    return lowest.reshape(_STARTS, count, -1)[best, torch.arange(count)], heights


def _towards(field: Field, x: Tensor, y: Tensor, row: Tensor) -> list[Tensor]:
    """Points between x and y where the margin is negative: near the first such one, halfway, and y itself."""
    import torch

    parts = torch.linspace(1 / 64, 1, 64, dtype=x.dtype)[:, None]
    line = x + parts * (y - x)
    below = torch.cat([field.value(some) for some in chunks(line, field.batch)]) @ row < 0
    flipped = torch.nonzero(below).flatten().tolist()
    return [line[k] for k in flipped[:1] + flipped[len(flipped) // 2 : len(flipped) // 2 + 1]] + [y]


def confirm(
    graph: Graph,
    x: Sequence[float],
    y: Sequence[float],
    margin: Margin,
    reach: Fraction,
    p: float,
    index: int = 0,
    constants: Sequence[float | None] | None = None,
) -> Flip | None:
    """The flip at y, if it is one: the margin's upper bound is negative, and ||y - x||_p <= reach, exactly."""
    import numpy as np

    steps = [Fraction(b) - Fraction(a) for a, b in zip(x, y, strict=True)]
    if not within(steps, reach, p):
        return None
    at: Any = np.asarray(y, np.float64)
    found = changes(graph, at, at, constants)
    i, j, sign = margin
    highest = sign * Fraction(found.v[i]) + Fraction(found.r[i])
    if j is not None:
        highest += Fraction(found.r[j]) - Fraction(found.v[j])
    if highest >= 0:
        return None
    return Flip(index, tuple(float(a) for a in y), margin, norm_end(steps, p, up=True), highest)


def within(steps: Sequence[Fraction], reach: Fraction, p: float) -> bool:
    """Whether the p-norm is at most reach, exactly."""
    if p == 2:
        return sum((step * step for step in steps), Fraction(0)) <= reach * reach
    return norm_end(steps, p, up=True) <= reach
