"""Second opinions on the rows about gradient norms, sorts and density of Béthune et al. 2021, section 2."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

from oracles import evaluate, oracle, taxicab
from oracles_definitions import euclidean_square, minus, rows, slopes, transposed
from oracles_transport import flat_on_the_data, flat_somewhere, function, optimal
from oracles_universality import wave

Rows = list[list[Fraction]]


def identity(n: int) -> Rows:
    return [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]


def orthonormal(weight: Rows) -> bool:
    short = weight if len(weight) <= len(weight[0]) else transposed(weight)
    gram = [[sum((a * b for a, b in zip(r, s, strict=True)), Fraction(0)) for s in short] for r in short]
    return gram == identity(len(short))


def determinant(m: Rows) -> Fraction:
    if not m:
        return Fraction(1)
    minors = ([row[:j] + row[j + 1 :] for row in m[1:]] for j in range(len(m)))
    return sum(((-1) ** j * m[0][j] * determinant(minor) for j, minor in enumerate(minors)), Fraction(0))


def gap(weight: Rows) -> Rows:
    """I - W'W."""
    columns = transposed(weight)
    unit = identity(len(columns))
    return [[unit[i][j] - sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0)) for j, b in enumerate(columns)]
            for i, a in enumerate(columns)]  # fmt: skip


def semidefinite(m: Rows) -> bool:
    """By all principal minors."""
    n = len(m)
    chosen = (c for k in range(1, n + 1) for c in combinations(range(n), k))
    return all(determinant([[m[i][j] for j in c] for i in c]) >= 0 for c in chosen)


def norm_one(weight: Rows) -> bool:
    return semidefinite(gap(weight)) and determinant(gap(weight)) == 0


@oracle("bethune2021.residual_remark.vector_valued: two Jacobians")
def mean_of_norm_one(data: Any) -> bool:
    f, g = rows(data["f"]), rows(data["g"])
    mean = [[(a + b) / 2 for a, b in zip(r, s, strict=True)] for r, s in zip(f, g, strict=True)]
    return f == identity(len(f)) and norm_one(g) and f != g and determinant(gap(mean)) == 0


@oracle("bethune2021.network_gradient_norm: networks with one output")
def gradient_is_lost(data: Any) -> bool:
    """The gradient by difference quotients, on both sides."""
    network, x = data["network"], [Fraction(v) for v in data["point"]]
    h, (here,) = Fraction(1, 10**12), evaluate(network, x)
    right, left = [], []
    for i in range(len(x)):
        moved = ([*x[:i], x[i] + s * h, *x[i + 1 :]] for s in (1, -1))
        up, down = (evaluate(network, y)[0] for y in moved)
        right.append((up - here) / h)
        left.append((here - down) / h)
    kinds = {layer["kind"] for layer in network["layers"]} <= {"affine", "groupsort", "maxmin", "fullsort", "abs"}
    weights = [rows(layer["weight"]) for layer in network["layers"] if layer["kind"] == "affine"]
    return kinds and all(map(orthonormal, weights)) and right == left and euclidean_square(right) != 1


@oracle("bethune2021.bjorck_singular_values: matrices that the iteration keeps")
def eigenvalue_far_from_one(data: Any) -> bool:
    """An orthogonal W moves some v by more than |v| exactly if I - (W - I)'(W - I) is not positive semidefinite."""
    weight = rows(data["matrix"])
    off = [minus(row, unit) for row, unit in zip(weight, identity(len(weight)), strict=True)]
    return len(weight) == len(weight[0]) and orthonormal(weight) and not semidefinite(gap(off))


@oracle("bethune2021.bjorck_singular_values.any_weight: weights of norm one")
def singular_value_zero(data: Any) -> bool:
    weight = rows(data["matrix"])
    short = weight if len(weight) <= len(weight[0]) else transposed(weight)
    gram = [[sum((a * b for a, b in zip(r, s, strict=True)), Fraction(0)) for s in short] for r in short]
    return norm_one(weight) and determinant(gram) == 0


def few_ones(data: Any) -> bool:
    values = [Fraction(v) for v in data["values"]]
    ones = sum(v == max(values) for v in values)
    return min(values) >= 0 and max(values) > 0 and 2 * ones < len(values)


@oracle("bethune2021.bjorck_singular_values.most: diagonal weights")
def few_ones_after_iterations(data: Any) -> bool:
    return 1 <= data["iterations"] <= 4 and few_ones(data)


@oracle("bethune2021.bjorck_singular_values.spectral_normalization: diagonal weights")
def few_ones_at_once(data: Any) -> bool:
    return data["iterations"] == 0 and few_ones(data)


@oracle("bethune2021.monotone_affine: networks on the line")
def slopes_of_both_signs(network: Any) -> bool:
    kinds = all(layer["kind"] in ("affine", "relu") or Fraction(layer.get("slope", -1)) >= 0
                for layer in network["layers"])  # fmt: skip
    return kinds and slopes(network) == {Fraction(1), Fraction(-1)}


oracle("bethune2021.kr_gradient_norm: optimal duals on the line")(flat_somewhere)
oracle("bethune2021.kr_gradient_norm.under_the_laws: optimal duals on the data")(flat_on_the_data)


@oracle("bethune2021.kr_gradient_norm.unique: two optimal duals on the line")
def differ(data: Any) -> bool:
    f, g = (function(network) for network in data["networks"])
    both = all(optimal(h, data["first"], data["second"]) for h in (f, g))
    return both and len({f(Fraction(k, 7)) - g(Fraction(k, 7)) for k in range(-150, 151)}) > 1


@oracle("bethune2021.groupsort2.any_width: layers")
def odd(data: Any) -> bool:
    return data["first"] == 0 and data["width"] % 2 == 1 and data["width"] > 0


@oracle("bethune2021.groupsort2.from_one: layers")
def counted_from_one(data: Any) -> bool:
    return data["first"] == 1 and data["width"] % 2 == 0 and data["width"] > 0


@oracle("bethune2021.groupsort2.dilation: functions on finite sets of the line")
def no_dilation(data: Any) -> bool:
    scale = Fraction(data["L"])
    points = list(zip(map(Fraction, data["X"]), map(Fraction, data["g"]), strict=True))
    pairs = list(combinations(points, 2))
    allowed = all(abs(u - v) <= scale * abs(x - y) for (x, u), (y, v) in pairs)
    if scale:
        reached = all(abs(u / scale - v / scale) <= abs(x - y) for (x, u), (y, v) in pairs)
    else:
        reached = {u for _, u in points} == {0}
    return len({x for x, _ in points}) == len(points) > 0 and allowed != reached


@oracle("bethune2021.groupsort2.exactly: polynomials of degree two on the unit interval")
def parabola(data: Any) -> bool:
    a, b, c = map(Fraction, data["coefficients"])
    values = [a + b * x + c * x * x for x in (Fraction(k, 1000) for k in range(1001))]
    steepest = max(abs(b), abs(b + 2 * c))
    return steepest <= 1 and values[2] - 2 * values[1] + values[0] != 0


@oracle("bethune2021.density.cited: weights of Theorem 3 of [8]")
def longer(data: Any) -> bool:
    weight = rows(data["matrix"])
    return max(map(taxicab, weight)) == 1 and not semidefinite(gap(weight))


oracle("bethune2021.density.whole_space: functions on the whole line")(wave)


@oracle("bethune2021.density.square: functions on finite sets of the line")
def far_from_both(data: Any) -> bool:
    points = list(zip(map(Fraction, data["X"]), map(Fraction, data["g"]), strict=True))
    lipschitz = all(abs(u - v) <= abs(x - y) for (x, u), (y, v) in combinations(points, 2))
    spread = [max(u - s * x for x, u in points) - min(u - s * x for x, u in points) for s in (1, -1)]
    return lipschitz and min(spread) > Fraction(1, 2)


@oracle("bethune2021.residual_remark.scaling: the gradient is lost")
def opposite(data: Any) -> bool:
    f, g = map(Fraction, data)
    return f * f == g * g == 1 and (f + g) / 2 == 0
