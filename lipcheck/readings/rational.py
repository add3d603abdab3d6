"""The exact reading: values, activation patterns and Jacobians in rational arithmetic.

Ties are decided, never averaged. Sorting is stable in both orders: of equal numbers the lower index keeps its place, so
MaxMin at (a, a) is the identity. Maxout takes the lowest index among equal maxima. At 0 the slope of ReLU is 0, of
LeakyReLU its `slope`, of Abs 1. So the Jacobian is always that of the affine piece which `pattern` names; at a tie this
piece agrees with the network at the point but perhaps nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from lipcheck.algebra import groups
from lipcheck.exact import dot
from lipcheck.network import (
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    Layer,
    LeakyReLU,
    Matrix,
    Maxout,
    Network,
    NetworkError,
    ReLU,
    Select,
    Vector,
    check_inputs,
    vector,
)

Pattern: TypeAlias = tuple[tuple[int, ...], ...]


def evaluate(network: Network, x: object) -> Vector:
    """The exact outputs at x, a sequence of ints, Fractions, floats or strings "p/q".

    Raises NetworkError for a wrong number of inputs, for what is not a number and for Elementwise layers.
    """
    return _trace(network, x)[-1]


def pattern(network: Network, x: object) -> Pattern:
    """Per layer, which affine piece acts at x, ties decided as above.

    Sorting: y[i] = v[p[i]]. Maxout: the index of each winner. Abs: 1 or -1. ReLU and LeakyReLU: 1 where active, else 0.
    Affine and Select: ().
    """
    return tuple(_choices(layer, v) for layer, v in zip(network.layers, _trace(network, x), strict=False))


def jacobian(network: Network, x: object) -> Matrix:
    """The exact Jacobian at x, one row per output, ties decided as above."""
    return affine_piece(network, pattern(network, x))[0]


def affine_piece(network: Network, pieces: Pattern) -> tuple[Matrix, Vector]:
    """(J, c) such that the network is x -> J x + c wherever `pattern` gives these pieces."""
    zero, n = Fraction(0), network.outputs
    rows = [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
    offset = [zero] * n
    widths = (network.inputs, *network.widths)
    for layer, piece, width in reversed(list(zip(network.layers, pieces, widths[:-1], strict=True))):
        if isinstance(layer, Affine):
            offset = [c + dot(row, layer.bias) for c, row in zip(offset, rows, strict=True)]
            rows = [_row_times(row, layer.weight) for row in rows]
        elif isinstance(layer, Select):
            rows = [_scattered(row, layer.indices, width) for row in rows]
        elif isinstance(layer, GroupSort | FullSort | Maxout):
            rows = [_scattered(row, piece, width) for row in rows]
        else:
            slopes = [_slope(layer, choice) for choice in piece]
            rows = [[r * s for r, s in zip(row, slopes, strict=True)] for row in rows]
    return tuple(map(tuple, rows)), tuple(offset)


def is_smooth_at(network: Network, x: object) -> bool:
    """Whether no number is tied with another in its group (for Maxout: with the winner) and none sits on a kink at 0.

    Sufficient for the network to be affine around x, hence for `jacobian` to be the derivative; not necessary, since a
    kink may have no influence on the outputs.
    """
    return not any(_undecided(layer, v) for layer, v in zip(network.layers, _trace(network, x), strict=False))


def _trace(network: Network, x: object) -> list[Vector]:
    values = vector(x, "input")
    check_inputs(network, len(values))
    trace = [values]
    for layer in network.layers:
        trace.append(_apply(layer, trace[-1]))
    return trace


def _apply(layer: Layer, v: Vector) -> Vector:
    choices = _choices(layer, v)
    match layer:
        case Affine(weight=weight, bias=bias):
            return tuple(b + dot(row, v) for row, b in zip(weight, bias, strict=True))
        case GroupSort() | FullSort() | Maxout():
            return tuple(v[i] for i in choices)
        case Select(indices=indices):
            return tuple(v[i] for i in indices)
        case _:
            return tuple(a * _slope(layer, choice) for a, choice in zip(v, choices, strict=True))


def _choices(layer: Layer, v: Vector) -> tuple[int, ...]:
    match layer:
        case Affine() | Select():
            return ()
        case GroupSort(order=order) | FullSort(order=order):
            # reverse=True keeps equal elements in their places, too.
            return tuple(
                i
                for g in groups(range(len(v)), layer.group(len(v)))
                for i in sorted(g, key=v.__getitem__, reverse=order == "descending")
            )
        case Maxout(size=size):
            return tuple(max(g, key=v.__getitem__) for g in groups(range(len(v)), size))
        case Abs():
            return tuple(1 if a >= 0 else -1 for a in v)
        case ReLU() | LeakyReLU():
            return tuple(int(a > 0) for a in v)
        case Elementwise(name=name):
            raise NetworkError(f"{name} has no exact rational value: use the ball reading (lipcheck.readings.ball).")


def _slope(layer: Layer, choice: int) -> Fraction:
    if isinstance(layer, LeakyReLU) and not choice:
        return layer.slope
    return Fraction(choice)


def _undecided(layer: Layer, v: Vector) -> bool:
    match layer:
        case GroupSort() | FullSort():
            return any(len(set(g)) < len(g) for g in groups(v, layer.group(len(v))))
        case Maxout(size=size):
            return any(list(g).count(max(g)) > 1 for g in groups(v, size))
        case Abs() | ReLU() | LeakyReLU():
            return 0 in v
        case _:
            return False


def _row_times(row: Sequence[Fraction], weight: Matrix) -> list[Fraction]:
    total = [Fraction(0)] * len(weight[0])
    for factor, weights in zip(row, weight, strict=True):
        if factor:
            total = [t + factor * w if w else t for t, w in zip(total, weights, strict=True)]
    return total


def _scattered(row: Sequence[Fraction], places: tuple[int, ...], width: int) -> list[Fraction]:
    spread = [Fraction(0)] * width
    for value, place in zip(row, places, strict=True):
        spread[place] += value
    return spread
