"""A pair of inputs through a graph in float64, with proved error bars on the values and on their differences.

For inputs x and x + d every node carries four arrays (v, r, w, s): the value at x lies within r of v, and the change,
value(x + d) - value(x), within s of w. Linear layers act on changes as on values, without the bias. An activation whose
sign is certain at both ends multiplies the change by one slope, and sorting whose order is certain at both ends
permutes it: a change within one linear region keeps its relative accuracy, however short it is. Elsewhere the change is
what the values say.

Rounding: u = 2^-53, and g_k = 2 (k + 4) u for sums of k products, twice what the model of `lipcheck.norms.rounding`
asks for, so that the error bars may be computed in floats too: |fl(Wv + b) - (Wv + b)| <= g_k (|W| |v| + |b|), and a
computed bar, which is a sum of nonnegative terms, is multiplied by 1 + g_k. Underflow adds k TINY. Weights that are no
floats are rounded once, which the same g_k covers. Processors may read subnormal numbers as zero, which loses up to
2^-1022 |v| per product: weights and values below 2^-1022 become zero here, and the bars say so.

Bars alone grow with || |W| ||, which is up to sqrt(n) times ||W||, layer by layer. So the errors of v and of w carry
bounds R and S on their 2-norms as well: a layer with ||W||_2 <= K takes R to K R plus the norm of its own rounding, an
activation multiplies it by its steepest slope, sorting does not increase it. Each bounds the other: R is at most the
norm of the bars, and no bar is longer than R.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from lipcheck.bounds.linear_maps import LinearMap, linear_map, normal
from lipcheck.exact import shown
from lipcheck.graph import (
    Clamp,
    Constant,
    Dense,
    Graph,
    GraphError,
    Input,
    Join,
    Max,
    Node,
    Piecewise,
    Smooth,
    Softmax,
    Sort,
    Standardize,
    Sum,
)
from lipcheck.graph.grouped import balls
from lipcheck.graph.operations import Number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

UNIT = 2.0**-53
TINY = 2.0**-1000
"""Far above what underflow can lose in one operation."""
NORMAL = 2.0**-1022
"""Smaller numbers are subnormal."""


@dataclass(frozen=True, eq=False)
class Change:
    """Flat arrays: value(x) is within `r` of `v`, value(x + d) - value(x) within `s` of `w`.

    The 2-norms of the two errors are at most `size_r` and `size_s`.
    """

    v: Floats
    r: Floats
    w: Floats
    s: Floats
    size_r: float = math.inf
    size_s: float = math.inf


def _closed(change: Change) -> Change:
    """Normal numbers only, and bars and 2-norms, each cut to what the other allows."""
    import numpy as np

    (v, r, size_r), (w, s, size_s) = (
        _normal(change.v, change.r, change.size_r),
        _normal(change.w, change.s, change.size_s),
    )
    size_r, size_s = min(size_r, length(r)), min(size_s, length(s))
    return Change(v, np.minimum(r, size_r), w, np.minimum(s, size_s), size_r, size_s)


def _normal(values: Floats, bars: Floats, size: float) -> tuple[Floats, Floats, float]:
    """The same with subnormal values replaced by zero."""
    import numpy as np

    # Comparisons may read subnormal numbers as zero, bits do not.
    bits = np.ascontiguousarray(values).view(np.int64) & (2**63 - 1)
    small = (bits > 0) & (bits < 2**52)
    if not small.any():
        return values, bars, size
    return np.where(small, 0.0, values), bars + np.where(small, TINY, 0.0), size + len(values) * TINY


def length(bars: Floats) -> float:
    """At least the 2-norm of nonnegative numbers, which need not be finite."""
    import numpy as np

    top = float(bars.max(initial=0.0))
    if not 0 < top < math.inf:
        return top
    return (top * float(np.sqrt(np.square(bars / top).sum())) + TINY) * (1 + gamma(len(bars)))


def two_norms(graph: Graph) -> tuple[float | None, ...]:
    """Per node an upper bound on its 2-norm where it is a dense layer of float64 or float32, else None."""
    from lipcheck.norms.verified import verified_spectral_norm

    found: list[float | None] = []
    for node in graph.nodes:
        weight = node.operation.weight if isinstance(node.operation, Dense) else None
        readable = weight is not None and weight.dtype.name in ("float64", "float32") and weight.size
        found.append(verified_spectral_norm(weight)[1] if weight is not None and readable else None)
    return tuple(found)


def gamma(terms: int) -> float:
    """g_k for a sum of that many products."""
    return 2.0 * (terms + 4) * UNIT


def changes(graph: Graph, x: Floats, y: Floats, constants: Sequence[float | None] | None = None) -> Change:
    """The change of the output between two inputs. Raises GraphError for what is not understood, and for overflow.

    `constants` are upper bounds on the 2-norms of the linear nodes, None where there is none; see `two_norms`.
    """
    import numpy as np

    x, y = (np.asarray(a, np.float64).ravel() for a in (x, y))
    if len(x) != graph.inputs or len(y) != graph.inputs:
        raise GraphError(f"The inputs have {len(x)} and {len(y)} numbers: give {graph.inputs} each.")
    zero = np.zeros_like(x)
    found: list[Change] = []
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        first = Change(x, zero, y - x, UNIT * np.abs(y - x) + TINY)
        for node, constant in zip(graph.nodes, constants or [None] * len(graph.nodes), strict=True):
            given = [found[i] for i in node.inputs]
            own = _closed(first if isinstance(node.operation, Input) else _after(node, given, graph, constant))
            if not all(np.isfinite(part).all() for part in (own.v, own.r, own.w, own.s)):
                raise GraphError(f"{node.name} overflows float64 at these inputs: choose smaller ones.")
            found.append(own)
    return found[graph.output]


def _after(node: Node, given: list[Change], graph: Graph, constant: float | None) -> Change:
    import numpy as np

    match node.operation:
        case Constant(value=value):
            v = np.array([float(a) for a in value.ravel()])
            return Change(v, UNIT * np.abs(v) + TINY, np.zeros_like(v), np.zeros_like(v))
        case Join():
            v, r, w, s = (np.concatenate(parts) for parts in zip(*map(_parts, given), strict=True))
            return Change(v, r, w, s)
        case Sum(coefficients=coefficients):
            return _summed(coefficients, given)
        case Piecewise(negative=negative, positive=positive):
            (n, lost), (p, more) = (_wide(slopes, node) for slopes in (negative, positive))
            return _two_slopes(given[0], n, p, max(lost, more))
        case Clamp(lower=low, upper=high):
            return _clamped(given[0], low, high)
        case Smooth():
            return _smooth(node.operation, given[0])
        case Sort(size=size, descending=descending):
            return _sorted(given[0], size, descending)
        case Max(windows=windows):
            return _largest(given[0], windows)
        case Softmax() | Standardize():
            return _grouped(node.operation, given[0])
    try:
        return _linear(linear_map(node, graph.nodes[node.inputs[0]].shape), given[0], constant)
    except GraphError as problem:
        raise GraphError(f"{node.name} is {shown(node.operation)}: it cannot be enclosed.") from problem


def _parts(change: Change) -> tuple[Floats, Floats, Floats, Floats]:
    return change.v, change.r, change.w, change.s


def _linear(layer: LinearMap, given: Change, constant: float | None) -> Change:
    import numpy as np

    g = gamma(layer.terms)
    shift = 0.0 if layer.shift is None else layer.shift

    def bars(error: Floats, size: float, value: Floats, fixed: Any) -> tuple[Floats, float]:
        largest = float(np.max(np.abs(value) + error, initial=0.0))
        lost = layer.terms * (TINY + 2 * layer.flushed * largest)
        own = g * (layer.absolute(np.abs(value)) + fixed) * (1 + g) + lost
        total: Floats = (layer.absolute(error) + own) * (1 + g) + lost
        if constant is None or constant == math.inf:
            return total, math.inf
        return total, (max(constant, NORMAL) * size + length(own)) * (1 + 8 * UNIT) + TINY

    r, size_r = bars(given.r, given.size_r, given.v, np.abs(shift))
    s, size_s = bars(given.s, given.size_s, given.w, 0.0)
    return Change(layer.apply(given.v) + shift, r, layer.apply(given.w), s, size_r, size_s)


def _summed(factors: Sequence[Number], given: list[Change]) -> Change:
    import numpy as np

    narrow, flushed = normal(np.array(factors, object))
    coefficients, g = [float(c) for c in narrow], gamma(len(factors))
    parts = [pair for change in given for pair in ((change.v, change.r), (change.w, change.s))]
    largest = max(float(np.max(np.abs(value) + error, initial=0.0)) for value, error in parts)
    lost = len(factors) * (TINY + 2 * flushed * largest)

    def total(values: list[Floats], errors: list[Floats]) -> tuple[Floats, Floats]:
        terms = list(zip(coefficients, values, errors, strict=True))
        middle = np.sum([c * value for c, value, _ in terms], axis=0)
        size = np.sum([abs(c) * (error + g * np.abs(value)) for c, value, error in terms], axis=0)
        return middle, size * (1 + g) + lost

    def norm(values: list[Floats], sizes: list[float]) -> float:
        terms = list(zip(coefficients, values, sizes, strict=True))
        return (
            sum(max(abs(c), flushed) * (size + g * length(np.abs(value))) for c, value, size in terms) * (1 + g)
            + len(r) * lost
        )

    v, r = total([change.v for change in given], [change.r for change in given])
    w, s = total([change.w for change in given], [change.s for change in given])
    norms = [
        norm([c.v for c in given], [c.size_r for c in given]),
        norm([c.w for c in given], [c.size_s for c in given]),
    ]
    return Change(v, r, w, s, *norms)


def _wide(slopes: NDArray[Any], node: Node) -> tuple[Floats, float]:
    import numpy as np

    narrow, flushed = normal(slopes)
    return np.broadcast_to(narrow, node.shape).ravel(), flushed


def _ends(given: Change) -> tuple[Floats, Floats]:
    """value(x + d) and its error bar."""
    import numpy as np

    other = given.v + given.w
    return other, (given.r + given.s) * (1 + 8 * UNIT) + UNIT * np.abs(other) + TINY


def _two_slopes(given: Change, negative: Floats, positive: Floats, flushed: float) -> Change:
    import numpy as np

    other, far = _ends(given)
    largest = max(float(np.max(np.abs(t) + error, initial=0.0)) for t, error in ((given.v, given.r), (other, far)))
    lost = TINY + 4 * flushed * largest
    up = (given.v >= given.r) & (other >= far)
    down = (given.v <= -given.r) & (other <= -far)
    steepest = np.maximum(np.abs(negative), np.abs(positive))

    def value(t: Floats, error: Floats) -> tuple[Floats, Floats]:
        out = np.where(t < 0, negative * t, positive * t)
        return out, (steepest * error + 2 * UNIT * np.abs(out)) * (1 + 8 * UNIT) + lost

    v, r = value(given.v, given.r)
    end, reach = value(other, far)
    slope = np.where(up, positive, negative)
    inside = slope * given.w, (np.abs(slope) * given.s + 2 * UNIT * np.abs(slope * given.w)) * (1 + 8 * UNIT) + lost
    found = _either(up | down, inside, v, r, end, reach)
    return _sized(found, given, max(float(steepest.max(initial=0.0)), flushed), up | down, lost)


def _either(certain: Any, inside: tuple[Floats, Floats], v: Floats, r: Floats, end: Floats, reach: Floats) -> Change:
    """The change in one region where that is certain, elsewhere the difference of the values."""
    import numpy as np

    outside = end - v
    bar = (r + reach + UNIT * np.abs(outside)) * (1 + 8 * UNIT) + TINY
    return Change(v, r, np.where(certain, inside[0], outside), np.where(certain, inside[1], bar))


def _sized(found: Change, given: Change, slope: float, certain: Any, spare: float = 0.0) -> Change:
    """The 2-norms of the errors behind an activation that moves by at most `slope` times its input, in 2-norm.

    Where the region is certain everywhere the change is that of the input times slopes or in another order, else it is
    the difference of two values, whose errors are those of both ends. The roundings are those of products by a slope.
    """
    import numpy as np

    rounding = length(4 * UNIT * np.abs(found.v) + 4 * UNIT * np.abs(found.w) + 2 * TINY + 2 * spare)
    size_r = (slope * given.size_r + rounding) * (1 + 8 * UNIT) + TINY
    # The far end is v + w, computed: its error is that of both and one rounding.
    far = slope * (given.size_r + given.size_s + length(2 * UNIT * (np.abs(given.v) + np.abs(given.w)) + TINY))
    size_s = slope * given.size_s + rounding
    if not np.all(certain):
        size_s += size_r + far + length(4 * UNIT * (np.abs(found.v) + np.abs(found.v + found.w)) + TINY)
    return Change(found.v, found.r, found.w, found.s, size_r, size_s * (1 + 16 * UNIT) + TINY)


def _clamped(given: Change, low: Any, high: Any) -> Change:
    import numpy as np

    ends = (-np.inf if low is None else float(low), np.inf if high is None else float(high))
    spare = UNIT * max((abs(end) for end in ends if np.isfinite(end)), default=0.0) + TINY

    def cut(t: Floats) -> Floats:
        return np.minimum(np.maximum(t, ends[0]), ends[1])

    other, far = _ends(given)
    certain = np.ones(len(given.v), bool)
    for t, error in ((given.v, given.r), (other, far)):
        reach = error * (1 + 8 * UNIT) + 4 * UNIT * np.abs(t) + 4 * spare
        certain &= (t - reach >= ends[0]) & (t + reach <= ends[1])
    bars = [(error + spare) * (1 + 8 * UNIT) for error in (given.r, far)]
    found = _either(certain, (given.w, given.s), cut(given.v), bars[0], cut(other), bars[1])
    return _sized(found, given, 1.0, certain, spare)


def _sorted(given: Change, size: int, descending: bool) -> Change:
    import numpy as np

    other, far = _ends(given)
    v, r, w, s, other, far = (a.reshape(-1, size) for a in (*_parts(given), other, far))
    order = np.argsort(-v if descending else v, axis=1, kind="stable")
    ranked = [np.take_along_axis(a, order, 1) for a in (v, r, w, s, other, far)]
    sign = -1.0 if descending else 1.0
    certain = np.ones((len(v), 1), bool)
    for t, error in ((ranked[0], ranked[1]), (ranked[4], ranked[5])):
        gaps = sign * (t[:, 1:] - t[:, :-1]) - (error[:, 1:] + error[:, :-1]) * (1 + 8 * UNIT)
        spare = 4 * UNIT * (np.abs(t[:, 1:]) + np.abs(t[:, :-1])) + TINY
        certain &= (gaps >= spare).all(1, keepdims=True) if size > 1 else True
    widest = np.broadcast_to(r.max(1, keepdims=True), r.shape)
    end = np.sort(other, axis=1)[:, ::-1] if descending else np.sort(other, axis=1)
    reach = np.broadcast_to(far.max(1, keepdims=True), far.shape)
    flat = [a.ravel() for a in (ranked[2], ranked[3], ranked[0], widest, end, reach)]
    found = _either(np.repeat(certain, size), (flat[0], flat[1]), *flat[2:])
    return _sized(found, given, 1.0, certain)


def _largest(given: Change, windows: NDArray[np.int64]) -> Change:
    import numpy as np

    other, far = _ends(given)
    there = windows >= 0
    v, r, w, s, other, far = (a[windows] for a in (*_parts(given), other, far))
    rows = np.arange(len(windows))
    best = np.where(there, v, -np.inf).argmax(1)
    certain = np.ones(len(windows), bool)
    for t, error in ((v, r), (other, far)):
        rest = np.where(there, t + error, -np.inf)
        rest[rows, best] = -np.inf
        bound = rest.max(1) if windows.shape[1] > 1 else np.full(len(windows), -np.inf)
        top = t[rows, best]
        certain &= top - error[rows, best] - 4 * UNIT * np.abs(top) - TINY >= bound + 4 * UNIT * np.abs(
            np.where(np.isfinite(bound), bound, 0.0)
        )
    end = np.where(there, other, -np.inf).max(1)
    reach, widest = np.where(there, far, 0.0).max(1), np.where(there, r, 0.0).max(1)
    return _either(certain, (w[rows, best], s[rows, best]), v[rows, best], widest, end, reach)


def _smooth(operation: Smooth, given: Change) -> Change:
    """Values by balls; the change by values, or by the range of the slopes where that is narrower."""
    import numpy as np

    from lipcheck.graph.smooth_balls import ball

    other, far = _ends(given)
    middles, bars = zip(*(_by_balls(operation, t, e, ball) for t, e in ((given.v, given.r), (other, far))), strict=True)
    return _either(np.zeros(len(given.v), bool), (given.w, given.s), middles[0], bars[0], middles[1], bars[1])


def _grouped(operation: Softmax | Standardize, given: Change) -> Change:
    """Values at both ends by balls, group by group; the change is their difference."""
    import numpy as np

    other, far = _ends(given)
    ends = [_groups_by_balls(operation, t, e) for t, e in ((given.v, given.r), (other, far))]
    return _either(np.zeros(len(given.v), bool), (given.w, given.s), *ends[0], *ends[1])


def _groups_by_balls(operation: Softmax | Standardize, values: Floats, errors: Floats) -> tuple[Floats, Floats]:
    import flint

    points = [flint.arb(float(t), float(e)) for t, e in zip(values, errors, strict=True)]
    size = operation.size
    return _floats_of([ball for k in range(0, len(points), size) for ball in balls(operation, points[k : k + size])])


def _by_balls(operation: Smooth, values: Floats, errors: Floats, ball: Any) -> tuple[Floats, Floats]:
    import flint

    return _floats_of([ball(operation, flint.arb(float(t), float(e))) for t, e in zip(values, errors, strict=True)])


def _floats_of(found: Sequence[Any]) -> tuple[Floats, Floats]:
    """The middles as floats, with bars that reach over the balls."""
    import numpy as np

    middle = np.array([float(b.mid()) for b in found])
    # The float nearest to the middle is within 2 u of it.
    bars = np.array([float(b.rad()) for b in found]) * (1 + 8 * UNIT) + 2 * UNIT * np.abs(middle) + TINY
    return middle, bars
