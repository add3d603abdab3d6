"""Plain second opinions on objects that stand as evidence: lists of fractions, nothing shared with the package.

Files called oracles_*.py beside this one hold those of single rows; `independent` imports them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from math import ceil
from typing import Any


def evaluate(network: Any, x: list[Any]) -> list[Fraction]:
    """The outputs of a network given as JSON data, layer kinds spelled out."""
    h = [Fraction(v) for v in x]
    assert len(h) == network["inputs"]
    for layer in network["layers"]:
        match layer["kind"]:
            case "affine":
                rows = zip(layer["weight"], layer["bias"], strict=True)
                h = [sum((Fraction(w) * v for w, v in zip(row, h, strict=True)), Fraction(b)) for row, b in rows]
            case "maxmin":
                h = [v for i in range(0, len(h), 2) for v in sorted(h[i : i + 2], reverse=True)]
            case "groupsort":
                size, down = layer["size"], layer["order"] == "descending"
                h = [v for i in range(0, len(h), size) for v in sorted(h[i : i + size], reverse=down)]
            case "fullsort":
                h = sorted(h, reverse=layer["order"] == "descending")
            case "abs":
                h = [abs(v) for v in h]
            case "relu":
                h = [max(v, Fraction(0)) for v in h]
            case "maxout":
                h = [max(h[i : i + layer["size"]]) for i in range(0, len(h), layer["size"])]
            case "leakyrelu":
                h = [v if v > 0 else Fraction(layer["slope"]) * v for v in h]
            case other:
                raise AssertionError(f"no oracle for layers of kind {other}")
    return h


def gap(network: Any, x: list[Any], t: int) -> Fraction:
    """The logit of class t minus the largest other one; t is an index from 0, as in a list."""
    y = evaluate(network, x)
    assert 0 <= t < len(y) > 1
    return y[t] - max(v for i, v in enumerate(y) if i != t)


def constant(network: Any, size: Callable[[list[Fraction]], Fraction]) -> Fraction:
    """The Lipschitz constant of an affine network from the infinity norm: the largest change over the cube's
    corners."""
    (layer,) = network["layers"]
    corners = product((-1, 1), repeat=network["inputs"])
    return max(size([sum((Fraction(w) * s for w, s in zip(row, c, strict=True)), Fraction(0))
                     for row in layer["weight"]]) for c in corners)  # fmt: skip


def supremum(v: list[Fraction]) -> Fraction:
    return max(map(abs, v))


def taxicab(v: list[Fraction]) -> Fraction:
    return sum(map(abs, v), Fraction(0))


def attacked(data: Any) -> list[Fraction]:
    return [Fraction(a) + Fraction(d) for a, d in zip(data["x"], data["delta"], strict=True)]


OBJECTS: dict[str, Callable[[Any], bool]] = {}


def oracle(*names: str) -> Callable[[Callable[[Any], bool]], Callable[[Any], bool]]:
    def register(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
        OBJECTS.update(dict.fromkeys(names, test))
        return test

    return register


def object_is_right(claim: str, name: str, data: Any) -> bool:
    """Whether the object is, by a plain look at it, what the obligation of this name asks for."""
    return OBJECTS[f"{claim}: {name}"](data)


@oracle("anil2019.groupsort_properties.jacobian_everywhere: Jacobian exists")
def tie(data: Any) -> bool:
    x = sorted(Fraction(v) for v in data["x"])
    return any(a == b for a, b in pairwise(x))


@oracle("anil2019.fullsort_maxmin.equally_expressive_unbounded: one first layer serves all chambers")
def maxmin(network: Any) -> bool:
    """MaxMin itself on at least four inputs, looked at near the origin and far from it."""
    n = network["inputs"]
    points = [[scale * (i * 7 % 5 - 2) for i in range(k, k + n)] for scale in (1, 1000) for k in range(5)]
    expected = [[v for i in range(0, n, 2) for v in sorted(x[i : i + 2], reverse=True)] for x in points]
    return n >= 4 and n % 2 == 0 and [evaluate(network, x) for x in points] == expected


@oracle("anil2019.margin_certificate: infinity-norm of logits")
def flips(data: Any, size: Callable[[list[Fraction]], Fraction] = supremum) -> bool:
    k, radius, t = Fraction(data["K"]), Fraction(data["epsilon"]), data["t"]
    certified = max(Fraction(0), gap(data["network"], data["x"], t)) > k * radius / 2
    near = supremum([Fraction(d) for d in data["delta"]]) < radius
    return constant(data["network"], size) <= k and certified and near and gap(data["network"], attacked(data), t) < 0


@oracle("anil2019.margin_certificate: 1-norm of logits")
def flips_from_taxicab(data: Any) -> bool:
    return flips(data, taxicab)


@oracle("anil2019.margin_certificate.kappa_tolerance: networks")
def flips_within_tolerance(data: Any) -> bool:
    k, a, t = Fraction(data["K"]), Fraction(data["a"]), data["t"]
    no_loss = gap(data["network"], data["x"], t) >= k * a
    near = supremum([Fraction(d) for d in data["delta"]]) < a
    return constant(data["network"], supremum) <= k and no_loss and near and gap(data["network"], attacked(data), t) < 0


def accuracy(data: Any, counted: Callable[[Fraction, Fraction], bool]) -> bool:
    """Whether more points are counted as robust than are right at the attacked point."""
    network, k, radius = data["network"], Fraction(data["K"]), Fraction(data["epsilon"])
    claimed = sum(counted(gap(network, p["x"], p["t"]), k * radius) for p in data["points"])
    right = sum(gap(network, attacked(p), p["t"]) >= 0 for p in data["points"])
    near = all(abs(Fraction(d)) <= radius for p in data["points"] for d in p["delta"])
    return constant(network, supremum) <= k and near and claimed > right


@oracle("anil2019.margin_certificate.accuracy_bound: accuracy")
def accuracy_by_margin(data: Any) -> bool:
    return accuracy(data, lambda margin, threshold: max(margin, Fraction(0)) >= threshold)


@oracle("anil2019.margin_certificate.accuracy_bound_literal: accuracy")
def accuracy_by_violation(data: Any) -> bool:
    return accuracy(data, lambda margin, threshold: margin <= -threshold)


@oracle("anil2019.theorem_1.linear: linear functions")
def affine_not_linear(network: Any) -> bool:
    """One affine layer of slope 1 or -1 that does not vanish at 0."""
    (layer,) = network["layers"]
    return abs(Fraction(layer["weight"][0][0])) == 1 and evaluate(network, [0]) != [0]


def contraction(weight: list[list[str]]) -> bool:
    """Whether ||W||_2 <= 1 for a matrix with one row or two columns, by trace and determinant of I - W'W."""
    rows = [[Fraction(w) for w in row] for row in weight]
    if len(rows) == 1:
        return sum(w * w for w in rows[0]) <= 1
    a, b, d = (sum(r[i] * r[j] for r in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    return a + d <= 2 and (1 - a) * (1 - d) >= b * b


def unit_gradient(network: Any) -> bool:
    """Whether a difference quotient over a very short step has norm one at 40 scattered points of the plane."""
    h, draw = Fraction(1, 10**12), random.Random(1)
    for _ in range(40):
        x = [Fraction(draw.randrange(-(10**6), 10**6), 99991) for _ in range(2)]
        (here,) = evaluate(network, x)
        slopes = [(evaluate(network, [x[0] + h * (i == 0), x[1] + h * (i == 1)])[0] - here) / h for i in range(2)]
        if sum(s * s for s in slopes) != 1:
            return False
    return True


def rotations() -> list[list[list[Fraction]]]:
    """Rational orthogonal 2 x 2 matrices: rotations and reflections all around the circle."""
    turns = [(1 - t * t) / (1 + t * t) for t in (Fraction(k, 12) for k in range(-40, 41))]
    sines = [2 * t / (1 + t * t) for t in (Fraction(k, 12) for k in range(-40, 41))]
    return [[[c, -s], [f * s, f * c]] for c, s in zip(turns, sines, strict=True) for f in (1, -1)]


def replaced(network: Any, index: int, weight: Any) -> Any:
    layers = [dict(layer) for layer in network["layers"]]
    layers[index]["weight"] = weight
    return {**network, "layers": layers}


@oracle(
    "anil2019.theorem_2: replacing the first weight, absolute value",
    "anil2019.theorem_2: replacing the first weight, MaxMin",
)
def no_orthogonal_first_weight(network: Any) -> bool:
    """No rotation or reflection from a fine list gives the same values at a few points."""
    points = [[0, 1], [1, 0], [3, -2], [0, -5]]
    values = [evaluate(network, x) for x in points]
    weights = [layer["weight"] for layer in network["layers"] if layer["kind"] == "affine"]
    kept = any([evaluate(replaced(network, 0, q), x) for x in points] == values for q in rotations())
    return all(map(contraction, weights)) and unit_gradient(network) and not kept


@oracle("anil2019.theorem_2.simultaneous: replacing both weights")
def no_orthogonal_weights(network: Any) -> bool:
    """The same for both weights at once: f(0) already fixes the second up to its sign, which the list contains."""
    points = [[0, 0], [5, 1], [1, 0], [3, -2], [0, -5], [-5, 1], [5, -1]]
    values = [evaluate(network, x) for x in points]
    bias = [abs(Fraction(b)) for b in network["layers"][0]["bias"]]
    length = Fraction(sum(b * b for b in bias))
    rows = {
        (b / r, c / r)
        for b, c in ([bias, bias[::-1]])
        for r in (Fraction(1), Fraction(5), -Fraction(5))
        if length == r * r
    }
    rows |= {(r[0][0], r[0][1]) for r in rotations()}
    matrices = rotations()
    kept = any(
        [evaluate(replaced(replaced(network, 0, q), 2, [list(v)]), x) for x in points] == values
        for v in rows
        if evaluate(replaced(network, 2, [list(v)]), [0, 0]) == values[0]
        for q in matrices
    )
    weights = [layer["weight"] for layer in network["layers"] if layer["kind"] == "affine"]
    return all(map(contraction, weights)) and unit_gradient(network) and not kept


def minimizer(data: Any) -> tuple[list[Fraction], list[Fraction]] | None:
    """The values, times the label of P, of a 1-Lipschitz function whose objective is the transport cost 3; or None."""
    label = data["label_of_P"]
    p, q = ([label * Fraction(v) for v in data[k]] for k in ("P", "Q"))
    line = [v for pair in zip(p, q, strict=True) for v in pair]
    gaps = [3 if i % 2 == 0 else 1 for i in range(len(line) - 1)]
    lipschitz = all(abs(b - a) <= g for (a, b), g in zip(pairwise(line), gaps, strict=True))
    return (p, q) if lipschitz and sum(p) - sum(q) == 3 * len(p) and abs(label) == 1 else None


def right(p: list[Fraction], q: list[Fraction]) -> int:
    return sum(v > 0 for v in p) + sum(v < 0 for v in q)


@oracle("bethune2021.proposition_6.count: count")
def more_than_printed(data: Any) -> bool:
    found = minimizer(data)
    return (
        found is not None and right(*found) != len(found[0]) + 1 and any(a > 0 > b for a, b in zip(*found, strict=True))
    )


@oracle("bethune2021.proposition_6.figure_4: accuracy")
def better_than_the_caption(data: Any) -> bool:
    found = minimizer(data)
    return found is not None and len(found[0]) == 20 and Fraction(right(*found), 40) > Fraction(525, 1000)


def error_with_the_printed_n(data: Any) -> tuple[Fraction, Fraction] | None:
    """(error, 1/2 - epsilon) where n is the printed one."""
    found, epsilon = minimizer(data), Fraction(data["epsilon"])
    if found is None or epsilon <= 0 or len(found[0]) != ceil(1 / (2 * epsilon)):
        return None
    n = len(found[0])
    return 1 - Fraction(right(*found), 2 * n), Fraction(1, 2) - epsilon


@oracle("bethune2021.proposition_6.n_for_epsilon: error is greater")
def not_greater(data: Any) -> bool:
    found = error_with_the_printed_n(data)
    return found is not None and found[0] <= found[1]


@oracle("bethune2021.proposition_6.n_for_epsilon: error is at least")
def less(data: Any) -> bool:
    found = error_with_the_printed_n(data)
    return found is not None and found[0] < found[1]


@oracle("bethune2021.proposition_6.orientation: equation")
def falls(data: Any) -> bool:
    found = minimizer(data)
    return found is not None and data["label_of_P"] == 1 and any(b != a + 3 for a, b in zip(*found, strict=True))


@oracle("bethune2021.proposition_6.orientation: monotone")
def not_increasing(data: Any) -> bool:
    found = minimizer(data)
    return found is not None and data["label_of_P"] == 1 and any(b <= a for part in found for a, b in pairwise(part))
