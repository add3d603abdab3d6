"""A pair of inputs through a graph in float64, with proved error bars on the values and on their differences.

For inputs x and x + d every node carries four arrays (v, r, w, s): the value at x lies within r of v, and the change,
value(x + d) - value(x), within s of w. Linear layers act on changes as on values, without the bias. An activation whose
sign is certain at both ends multiplies the change by one slope, and sorting whose order is certain at both ends
permutes it: a change within one linear region keeps its relative accuracy, however short it is. Elsewhere the change is
what the values say.

Rounding: u = 2^-53, and g_k = 2 (k + 4) u for sums of k products, twice what the model of `lipcheck.norms.rounding`
asks for, so that the error bars may be computed in floats too: |fl(Wv + b) - (Wv + b)| <= g_k (|W| |v| + |b|), and a
computed bar, which is a sum of nonnegative terms, is multiplied by 1 + g_k. Underflow adds k TINY. Weights that are no
floats are rounded once, which the same g_k covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from lipcheck.bounds.linear_maps import LinearMap, linear_map
from lipcheck.exact import shown
from lipcheck.graph import (
    Clamp,
    Constant,
    Graph,
    GraphError,
    Input,
    Join,
    Max,
    Node,
    Piecewise,
    Smooth,
    Sort,
    Sum,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

UNIT = 2.0**-53
TINY = 2.0**-1000
"""Far above what underflow can lose in one operation."""


@dataclass(frozen=True, eq=False)
class Change:
    """Flat arrays: value(x) is within `r` of `v`, value(x + d) - value(x) within `s` of `w`."""

    v: Floats
    r: Floats
    w: Floats
    s: Floats


def gamma(terms: int) -> float:
    """g_k for a sum of that many products."""
    return 2.0 * (terms + 4) * UNIT


def changes(graph: Graph, x: Floats, y: Floats) -> Change:
    """The change of the output between two inputs. Raises GraphError for what is not understood, and for overflow."""
    import numpy as np

    x, y = (np.asarray(a, np.float64).ravel() for a in (x, y))
    if len(x) != graph.inputs or len(y) != graph.inputs:
        raise GraphError(f"The inputs have {len(x)} and {len(y)} numbers: give {graph.inputs} each.")
    zero = np.zeros_like(x)
    found: list[Change] = []
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        first = Change(x, zero, y - x, UNIT * np.abs(y - x) + TINY)
        for node in graph.nodes:
            given = [found[i] for i in node.inputs]
            own = first if isinstance(node.operation, Input) else _after(node, given, graph)
            if not all(np.isfinite(part).all() for part in (own.v, own.r, own.w, own.s)):
                raise GraphError(f"{node.name} overflows float64 at these inputs: choose smaller ones.")
            found.append(own)
    return found[graph.output]


def _after(node: Node, given: list[Change], graph: Graph) -> Change:
    import numpy as np

    match node.operation:
        case Constant(value=value):
            v = np.array([float(a) for a in value.ravel()])
            return Change(v, UNIT * np.abs(v) + TINY, np.zeros_like(v), np.zeros_like(v))
        case Join():
            return Change(*(np.concatenate(parts) for parts in zip(*map(_parts, given), strict=True)))
        case Sum(coefficients=coefficients):
            return _summed([float(c) for c in coefficients], given)
        case Piecewise(negative=negative, positive=positive):
            return _two_slopes(given[0], _wide(negative, node), _wide(positive, node))
        case Clamp(lower=low, upper=high):
            return _clamped(given[0], low, high)
        case Smooth():
            return _smooth(node.operation, given[0])
        case Sort(size=size, descending=descending):
            return _sorted(given[0], size, descending)
        case Max(windows=windows):
            return _largest(given[0], windows)
    try:
        return _linear(linear_map(node, graph.nodes[node.inputs[0]].shape), given[0])
    except GraphError as problem:
        raise GraphError(f"{node.name} is {shown(node.operation)}: it cannot be enclosed.") from problem


def _parts(change: Change) -> tuple[Floats, Floats, Floats, Floats]:
    return change.v, change.r, change.w, change.s


def _linear(layer: LinearMap, given: Change) -> Change:
    import numpy as np

    g, lost = gamma(layer.terms), layer.terms * TINY
    shift = 0.0 if layer.shift is None else layer.shift

    def bar(error: Floats, size: Floats, fixed: Any) -> Floats:
        return (layer.absolute(error) + g * (layer.absolute(np.abs(size)) + fixed)) * (1 + g) + lost

    value = layer.apply(given.v) + shift
    return Change(value, bar(given.r, given.v, np.abs(shift)), layer.apply(given.w), bar(given.s, given.w, 0.0))


def _summed(coefficients: list[float], given: list[Change]) -> Change:
    import numpy as np

    g, lost = gamma(len(coefficients)), len(coefficients) * TINY

    def total(values: list[Floats], errors: list[Floats]) -> tuple[Floats, Floats]:
        terms = list(zip(coefficients, values, errors, strict=True))
        middle = np.sum([c * value for c, value, _ in terms], axis=0)
        size = np.sum([abs(c) * (error + g * np.abs(value)) for c, value, error in terms], axis=0)
        return middle, size * (1 + g) + lost

    v, r = total([change.v for change in given], [change.r for change in given])
    w, s = total([change.w for change in given], [change.s for change in given])
    return Change(v, r, w, s)


def _wide(slopes: NDArray[Any], node: Node) -> Floats:
    import numpy as np

    wide: Floats = np.broadcast_to(np.asarray(slopes, np.float64), node.shape).ravel()
    return wide


def _ends(given: Change) -> tuple[Floats, Floats]:
    """value(x + d) and its error bar."""
    import numpy as np

    other = given.v + given.w
    return other, (given.r + given.s) * (1 + 8 * UNIT) + UNIT * np.abs(other) + TINY


def _two_slopes(given: Change, negative: Floats, positive: Floats) -> Change:
    import numpy as np

    other, far = _ends(given)
    up = (given.v >= given.r) & (other >= far)
    down = (given.v <= -given.r) & (other <= -far)
    steepest = np.maximum(np.abs(negative), np.abs(positive))

    def value(t: Floats, error: Floats) -> tuple[Floats, Floats]:
        out = np.where(t < 0, negative * t, positive * t)
        return out, (steepest * error + 2 * UNIT * np.abs(out)) * (1 + 8 * UNIT) + TINY

    v, r = value(given.v, given.r)
    end, reach = value(other, far)
    slope = np.where(up, positive, negative)
    inside = slope * given.w, (np.abs(slope) * given.s + 2 * UNIT * np.abs(slope * given.w)) * (1 + 8 * UNIT) + TINY
    return _either(up | down, inside, v, r, end, reach)


def _either(certain: Any, inside: tuple[Floats, Floats], v: Floats, r: Floats, end: Floats, reach: Floats) -> Change:
    """The change in one region where that is certain, elsewhere the difference of the values."""
    import numpy as np

    outside = end - v
    bar = (r + reach + UNIT * np.abs(outside)) * (1 + 8 * UNIT) + TINY
    return Change(v, r, np.where(certain, inside[0], outside), np.where(certain, inside[1], bar))


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
    return _either(certain, (given.w, given.s), cut(given.v), bars[0], cut(other), bars[1])


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
    return _either(np.repeat(certain, size), (flat[0], flat[1]), *flat[2:])


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


def _by_balls(operation: Smooth, values: Floats, errors: Floats, ball: Any) -> tuple[Floats, Floats]:
    import flint
    import numpy as np

    found = [ball(operation, flint.arb(float(t), float(e))) for t, e in zip(values, errors, strict=True)]
    middle = np.array([float(b.mid()) for b in found])
    # The float nearest to the middle is within 2 u of it.
    bars = np.array([float(b.rad()) for b in found]) * (1 + 8 * UNIT) + 2 * UNIT * np.abs(middle) + TINY
    return middle, bars
