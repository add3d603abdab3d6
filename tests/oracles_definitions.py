"""Second opinions on the counterexamples to the definitions of Anil et al. 2019: norms, constants, shapes, scaling."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from oracles import contraction, evaluate, oracle, supremum, taxicab

Rows = list[list[Fraction]]


def rows(data: Any) -> Rows:
    return [[Fraction(w) for w in row] for row in data]


def times(weight: Rows, x: list[Fraction]) -> list[Fraction]:
    return [sum((w * v for w, v in zip(row, x, strict=True)), Fraction(0)) for row in weight]


def transposed(weight: Rows) -> Rows:
    return [list(column) for column in zip(*weight, strict=True)]


def euclidean_square(v: list[Fraction]) -> Fraction:
    return sum((a * a for a in v), Fraction(0))


def minus(x: list[Fraction], y: list[Fraction]) -> list[Fraction]:
    return [a - b for a, b in zip(x, y, strict=True)]


def slopes(network: Any) -> set[Fraction]:
    """Difference quotients over very short steps at scattered points of the line."""
    h = Fraction(1, 10**12)
    places = [Fraction(k, 7) for k in range(-150, 151)]
    return {(evaluate(network, [x + h])[0] - evaluate(network, [x])[0]) / h for x in places}


@oracle("anil2019.notation: layer")
def widths_differ(data: Any) -> bool:
    return data["before"] >= 1 and data["after"] >= 1 and data["before"] != data["after"]


@oracle("anil2019.operator_norms: formula")
def sum_to_m(data: Any) -> bool:
    weight = rows(data["W"])
    m, n = len(weight), len(weight[0])
    true = max(supremum(times(weight, [Fraction(s) for s in x])) for x in product((1, -1), repeat=n))
    return n < m or max(taxicab(row[:m]) for row in weight) != true


@oracle("anil2019.spectral_radius: Jacobian")
def not_normal(data: Any) -> bool:
    """For two rows and columns the radius is the norm exactly for normal matrices."""
    (layer,) = data["network"]["layers"]
    weight = rows(layer["weight"])
    columns = transposed(weight)
    products = ([[sum(a * b for a, b in zip(r, s, strict=True)) for s in m] for r in m] for m in (weight, columns))
    left, right = products
    return len(weight) == len(columns) == 2 and contraction(layer["weight"]) and left != right


@oracle("anil2019.spectral_radius.defined: eigenvalues")
def rectangular(data: Any) -> bool:
    return len(data["W"]) != len(data["W"][0])


@oracle("anil2019.composition.metrics: two layers")
def spreads(data: Any) -> bool:
    first, second = rows(data["first"]), rows(data["second"])
    inputs = [[Fraction(s) for s in x] for x in product((1, -1), repeat=len(first[0]))]
    grows = max(taxicab(times(second, times(first, x))) for x in inputs) > 1
    return max(map(taxicab, first)) <= 1 and max(map(taxicab, transposed(second))) <= 1 and grows


@oracle("anil2019.scaling.layers: networks")
def scaled_differently(data: Any) -> bool:
    scales, layers = [Fraction(a) for a in data["scales"]], []
    left = list(scales)
    for layer in data["network"]["layers"]:
        layers.append(layer)
        if layer["kind"] == "affine":
            n, a = len(layer["bias"]), left.pop(0)
            weight = [[a if i == j else Fraction(0) for j in range(n)] for i in range(n)]
            layers.append({"kind": "affine", "weight": weight, "bias": [0] * n})
    inside = evaluate({**data["network"], "layers": layers}, data["x"])
    outside = [prod(scales) * y for y in evaluate(data["network"], data["x"])]
    return min(scales) >= 0 and not left and inside != outside


@oracle("anil2019.scaling.zero: two points")
def no_multiple(data: Any) -> bool:
    at_0, at_1 = (Fraction(v) for v in data["values"])
    return Fraction(data["K"]) == 0 and at_0 == at_1 != 0


@oracle("anil2019.activations_lipschitz.maxout_pieces: layer")
def maxout_grows(data: Any) -> bool:
    pieces, x, y = [rows(a) for a in data["pieces"]], *([Fraction(v) for v in data[k]] for k in "xy")
    at_x, at_y = ([max(unit) for unit in zip(*(times(a, z) for a in pieces), strict=True)] for z in (x, y))
    small = all(euclidean_square([row[0] for row in a]) <= 1 for a in pieces)
    return len(x) == 1 and small and euclidean_square(minus(at_x, at_y)) > euclidean_square(minus(x, y))


def gradient_grows(data: Any, size: Any) -> bool:
    weight, g = rows(data["W"]), [Fraction(v) for v in data["g"]]
    return max(map(taxicab, weight)) <= 1 and size(times(transposed(weight), g)) > size(g)


@oracle("anil2019.backprop_nonincreasing.same_norm: inf-norm of the gradient")
def largest_entry_grows(data: Any) -> bool:
    return gradient_grows(data, supremum)


@oracle("anil2019.backprop_nonincreasing.same_norm: 2-norm of the gradient")
def length_grows(data: Any) -> bool:
    return gradient_grows(data, euclidean_square)


@oracle("anil2019.perturbation_lower_bound.constant_alone: one proposal")
def flips_below(data: Any) -> bool:
    a, K, r, x, delta = (Fraction(data[k]) for k in ("a", "K", "r", "x", "delta"))
    before, after = 2 * a * x, 2 * a * (x + delta)
    return abs(a) <= K and K > 0 and abs(delta) < r and before != 0 and before * after <= 0


@oracle("anil2019.jacobian_chain_rule.everywhere: one proposal")
def wrong_product(data: Any) -> bool:
    """The derivative by difference quotients; the product from the values of the layers, one by one."""
    network, x, at_zero = data["network"], Fraction(data["x"]), Fraction(data["at_zero"])
    h = Fraction(1, 10**12)
    left, here, right = (evaluate(network, [t]) for t in (x - h, x, x + h))
    column, values = [Fraction(1)], [x]
    for layer in network["layers"]:
        if layer["kind"] == "affine":
            column = times(rows(layer["weight"]), column)
        else:
            assert layer["kind"] == "relu"
            column = [c * (at_zero if z == 0 else int(z > 0)) for c, z in zip(column, values, strict=True)]
        values = evaluate({"inputs": len(values), "layers": [layer]}, values)
    derivative = [d / h for d in minus(right, here)]
    return minus(here, left) == minus(right, here) and column != derivative


@oracle("anil2019.lipschitz_constant.every_space: points")
def single_point(data: Any) -> bool:
    return len(data["points"]) == len(data["values"]) == 1


@oracle("anil2019.lipschitz_constant.definition_1: two points")
def between_the_metrics(data: Any) -> bool:
    distance, rise = Fraction(data["distance"]), abs(Fraction(data["rise"]))
    return distance > 0 and min(distance, 1) < rise <= max(distance, 1)


@oracle("anil2019.lipschitz_constant.equivalently: networks on the line")
def has_a_kink(network: Any) -> bool:
    found = slopes(network)
    return len(found) > 1 and max(map(abs, found)) <= 1


@oracle("anil2019.lipschitz_constant.exactly_k: composition")
def constant_is_lost(data: Any) -> bool:
    composed = {"inputs": 1, "layers": data["inner"]["layers"] + data["outer"]["layers"]}
    inner, outer, both = (max(map(abs, slopes(n))) for n in (data["inner"], data["outer"], composed))
    return inner == outer == 1 != both


@oracle("anil2019.lipschitz_constant.jacobian_domain: slit square")
def across_the_slit(data: Any) -> bool:
    p, q = ([Fraction(v) for v in data[k]] for k in "pq")
    inside = all(max(map(abs, z)) < Fraction(1, 2) and (z[0] != 0 or z[1] < 0) for z in (p, q))
    height_p, height_q = (max(z[1], 0) ** 2 * (1 if z[0] > 0 else -1) for z in (p, q))
    return inside and (height_p - height_q) ** 2 > euclidean_square(minus(p, q))


@oracle("anil2019.lipschitz_constant.jacobian_pointwise: rational functions")
def steeper_than_at_x(data: Any) -> bool:
    """The derivative from a difference quotient over a very short step, with room for its error."""

    def f(x: Fraction) -> Fraction:
        p, q = (sum((Fraction(c) * x**k for k, c in enumerate(data[name])), Fraction(0)) for name in "pq")
        return p / q

    a, b, x = (Fraction(data[k]) for k in ("a", "b", "x"))
    h = Fraction(1, 10**12)
    slope = abs(f(x + h) - f(x - h)) / (2 * h)
    return abs(f(a) - f(b)) > (slope - Fraction(1, 10**9)) * abs(a - b)
