"""Second opinions on what ReLU and other networks reach under norm constraints: kinks, norms and gradients by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from oracles import evaluate, oracle, supremum, taxicab

Rows = list[list[Fraction]]
PREFIX = "anil2019.relu_cannot_approximate"
STEP = Fraction(1, 10**9)
FINE = [Fraction(k, 60) for k in range(-60, 61)]


def weights(network: Any) -> list[Rows]:
    return [[[Fraction(w) for w in row] for row in layer["weight"]]
            for layer in network["layers"] if layer["kind"] == "affine"]  # fmt: skip


def kinds(network: Any) -> set[str]:
    return {layer["kind"] for layer in network["layers"]} - {"affine"}


def short(weight: Rows) -> bool:
    """Whether I - W'W is positive semidefinite: elimination meets no negative pivot, and no zero one beside entries."""
    n = len(weight[0])
    left = [[Fraction(i == j) - sum((row[i] * row[j] for row in weight), Fraction(0)) for j in range(n)]
            for i in range(n)]  # fmt: skip
    for k in range(n):
        pivot = left[k][k]
        if pivot < 0 or (pivot == 0 and any(left[i][k] for i in range(k, n))):
            return False
        for i in range(k + 1, n):
            ratio = left[i][k] / pivot if pivot else Fraction(0)
            left[i] = [a - ratio * b for a, b in zip(left[i], left[k], strict=True)]
    return True


def contracting(network: Any) -> bool:
    return all(map(short, weights(network)))


def value(network: Any, x: Fraction) -> Fraction:
    (y,) = evaluate(network, [x])
    return y


def slope(network: Any, x: Fraction) -> Fraction:
    return (value(network, x + STEP) - value(network, x)) / STEP


def error(network: Any) -> Fraction:
    """The largest distance from |x| on a fine grid of [-1, 1]."""
    return max(abs(value(network, x) - abs(x)) for x in FINE)


def convex(network: Any) -> bool:
    """Two affine halves that meet at 0, as far as the grid shows: the grid's error is then the true one."""
    sides = ([x for x in FINE if x < 0], [x for x in FINE if x >= 0 and x < 1])
    return all(len({slope(network, x) for x in side}) == 1 for side in sides)


def near(data: Any, least: Fraction, activations: set[str]) -> bool:
    network = data["network"]
    unit = Fraction(data["radius"]) == 1 and kinds(network) <= activations and contracting(network)
    return unit and convex(network) and error(network) <= least


for _error in (Fraction(11, 50), Fraction(1, 10)):
    _name = f"no network is within {_error}"
    oracle(f"{PREFIX}: {_name}")(lambda data, e=_error: near(data, e, {"relu"}))
    oracle(f"{PREFIX}.non_gnp: {_name}")(lambda data, e=_error: near(data, e, {"relu", "maxout"}))


def steep(data: Any, least: Fraction) -> bool:
    """Slopes of at least this size, and farther than 1/4 from every affine function."""
    network = data["network"]
    size = min(abs(slope(network, x)) for x in FINE[:-1])
    bend = value(network, Fraction(-1)) - 2 * value(network, Fraction(0)) + value(network, Fraction(1))
    unit = Fraction(data["radius"]) == 1 and kinds(network) <= {"relu"} and contracting(network)
    return unit and convex(network) and size >= least and abs(bend) > 1


for _least in (Fraction(14, 25), Fraction(4, 5)):
    oracle(f"{PREFIX}.linear: slopes of size {_least} at least")(lambda data, s=_least: steep(data, s))


@oracle(f"{PREFIX}.not_sufficient: MaxMin represents |x|")
def fold(data: Any) -> bool:
    network, r = data["network"], Fraction(data["radius"])
    exact = all(value(network, r * x) == abs(r * x) for x in FINE)
    return kinds(network) <= {"maxmin"} and contracting(network) and exact


@oracle(f"{PREFIX}.wasserstein: MaxMin reaches 1")
def whole(data: Any) -> bool:
    """The objective is that of the points -1, 0 and 1, whatever the radius says."""
    network = data["network"]
    left, middle, right = (value(network, Fraction(x)) for x in (-1, 0, 1))
    return kinds(network) <= {"maxmin"} and contracting(network) and (left + right) / 2 - middle == 1


@oracle(f"{PREFIX}.impossible: a ReLU network at the distance 1/4")
def quarter(data: Any) -> bool:
    network, r = data["network"], Fraction(data["radius"])
    rows = all(taxicab(row) <= 1 for weight in weights(network) for row in weight)
    away = max(abs(value(network, r * x) - abs(r * x)) for x in FINE)
    return kinds(network) <= {"relu"} and rows and away == r / 4


@oracle("anil2019.gnp_necessary.expressive: ReLU networks within 1/10 of |x|")
def loses(data: Any) -> bool:
    """Near |x| by ReLU; somewhere the slope is below one in size, so some layer has lost norm."""
    return near(data, Fraction(1, 10), {"relu"}) and any(abs(slope(data["network"], x)) < 1 for x in FINE[:-1])


@oracle("anil2019.gnp_necessary.approximate: networks within 1/100 of x")
def linear_loss(data: Any) -> bool:
    network = data["network"]
    unit = Fraction(data["radius"]) == 1 and not kinds(network) and contracting(network)
    away = max(abs(value(network, x) - x) for x in FINE)
    return unit and away <= Fraction(1, 100) and abs(slope(network, Fraction(0))) < 1


def gradient(network: Any, x: list[Fraction]) -> list[Fraction]:
    (base,) = evaluate(network, x)
    moved = [[v + STEP * (i == j) for j, v in enumerate(x)] for i in range(len(x))]
    return [(evaluate(network, y)[0] - base) / STEP for y in moved]


@oracle("anil2019.gnp_necessary: weights need not be orthonormal")
def shortens(data: Any) -> bool:
    """Gradient norm one at the point; the first weight and its transpose both shorten some vector."""
    network, point = data["network"], [Fraction(v) for v in data["point"]]
    first = weights(network)[0]
    columns = [list(c) for c in zip(*first, strict=True)]
    grams = [[[sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0)) for v in m] for u in m]
             for m in (first, columns)]  # fmt: skip
    identity = [gram == [[Fraction(i == j) for j in range(len(gram))] for i in range(len(gram))] for gram in grams]
    return sum(g * g for g in gradient(network, point)) == 1 and contracting(network) and not any(identity)


@oracle("anil2019.norm_preserving_activations.maxout: norm preserving activations are counted as such")
def maxout(network: Any) -> bool:
    """One maxout of groups of two or more: what comes out is what went in at the winners, so that J J' = I."""
    (layer,) = network["layers"]
    return layer["kind"] == "maxout" and layer["size"] >= 2 and network["inputs"] % layer["size"] == 0


@oracle("anil2019.norm_preserving_activations.common: networks with gradient norm one are affine")
def larger(network: Any) -> bool:
    """Gradients of norm one at scattered points without ties, not all the same, by weights of norm at most one."""
    offset = Fraction(1, 1009)
    places = [[Fraction(k * (i + 2) % 101 - 50, 7) + i * offset for k in range(37, 300, 41)] for i in range(2)]
    found = [gradient(network, list(x)) for x in product(*places[: network["inputs"]])]
    norms = all(sum(a * a for a in g) == 1 for g in found)
    changes = supremum([a - b for g in found for a, b in zip(g, found[0], strict=True)])
    return kinds(network) <= {"relu", "maxout"} and contracting(network) and norms and changes > 0
