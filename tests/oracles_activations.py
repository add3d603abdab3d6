"""Second opinions on activations from each other, maxout, pooling and batch normalization, by values alone."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from oracles import evaluate, oracle

FAR = Fraction(10**9)


def numbers(data: Any) -> list[Fraction]:
    return [Fraction(v) for v in data]


def folded(normal: list[Fraction], offset: Fraction, x: list[Fraction]) -> list[Fraction]:
    """The point, or its mirror image in normal . y = offset where it lies below that."""
    length = sum(a * a for a in normal)
    height = sum((a * b for a, b in zip(normal, x, strict=True)), Fraction(0)) - offset
    return x if height >= 0 else [b - 2 * height / length * a for a, b in zip(normal, x, strict=True)]


def short(weight: list[list[str]]) -> bool:
    """Whether a matrix with one column, one row or two columns has spectral norm at most one."""
    rows = [numbers(row) for row in weight]
    if len(rows[0]) == 1 or len(rows) == 1:
        return sum(w * w for row in rows for w in row) <= 1
    a, b, d = (sum(row[i] * row[j] for row in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    return len(rows[0]) == 2 and a + d <= 2 and (1 - a) * (1 - d) >= b * b


def end_slopes(network: Any) -> tuple[Fraction, Fraction]:
    """The slopes of a network from R to R far out on both sides."""
    left, right = ((evaluate(network, [s * FAR + 1])[0] - evaluate(network, [s * FAR])[0]) for s in (-1, 1))
    return left, right


@oracle("anil2019.maxmin_abs.expressive_power_unbounded: end slopes")
def no_absolute_values(network: Any) -> bool:
    left, right = end_slopes(network)
    kinds = {layer["kind"] for layer in network["layers"]}
    weights = [layer["weight"] for layer in network["layers"] if layer["kind"] == "affine"]
    return kinds <= {"affine", "maxmin"} and all(map(short, weights)) and left not in (right, -right)


@oracle("anil2019.maxmin_abs.fold_everywhere: end slopes")
def fold_with_unequal_ends(data: Any) -> bool:
    normal, offset = numbers(data["normal"]), Fraction(data["offset"])
    if not any(normal):
        return False
    for i in range(len(normal)):
        axis = [Fraction(i == j) for j in range(len(normal))]
        ends = []
        for sign in (-1, 1):
            here, there = (folded(normal, offset, [sign * FAR * a + t * a for a in axis]) for t in (0, 1))
            ends.append([q - p for p, q in zip(here, there, strict=True)])
        if ends[0] != [-s for s in ends[1]]:
            return True
    return False


@oracle("anil2019.maxmin_abs.fold_linear: evenness")
def fold_not_even(data: Any) -> bool:
    normal, offset, x = numbers(data["normal"]), Fraction(data["offset"]), numbers(data["x"])
    return any(normal) and folded(normal, offset, x) != folded(normal, offset, [-a for a in x])


def one_maximum(x: list[Fraction]) -> bool:
    return len(x) > 1 and sorted(x)[-1] > sorted(x)[-2]


@oracle("anil2019.maxout_norm.two_norm: 2-norm")
def maxout_without_tie(data: Any) -> bool:
    """Back through maxout a gradient goes to the one maximum, and keeps its length."""
    return one_maximum(numbers(data["x"]))


@oracle("anil2019.maxout_norm.two_norm_networks: two layers are better than one")
def steep_maxout(network: Any) -> bool:
    weights = [layer["weight"] for layer in network["layers"] if layer["kind"] == "affine"]
    places = [Fraction(k, 40) for k in range(-40, 41)]
    (start,) = evaluate(network, [0])
    values = [evaluate(network, [x])[0] - start == Fraction(21, 25) * abs(x) for x in places]
    kinds = {layer["kind"] for layer in network["layers"]}
    return kinds == {"affine", "maxout"} and all(map(short, weights)) and all(values)


@oracle("anil2019.other_layers.batch_norm_always: layers with fixed statistics")
def gentle_batch_norm(data: Any) -> bool:
    gamma, v, eps = (Fraction(data[name]) for name in ("gamma", "v", "eps"))
    return v >= 0 and v + eps > 0 and gamma * gamma <= v + eps


@oracle("anil2019.other_layers.max_pooling: norms")
def pooling_keeps_gradients(data: Any) -> bool:
    """Windows that do not meet, each with one maximum: every window's gradient goes to an entry of its own."""
    x, size, stride = numbers(data["x"]), data["size"], data["stride"]
    starts = range(0, len(x) - size + 1, stride)
    apart = all(abs(a - b) >= size for a, b in product(starts, repeat=2) if a != b)
    return size > 1 and stride >= size and apart and all(one_maximum(x[i : i + size]) for i in starts)
