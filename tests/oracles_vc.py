"""Second opinions on the counterexamples around VC dimension of Béthune et al. 2021: regions, learners, classes."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, count, pairwise
from math import gamma, pi
from typing import Any

from oracles import evaluate, oracle

F = Fraction


def unit_ball(n: int) -> float:
    return float(pi ** (n / 2) / gamma(n / 2 + 1))


@oracle("bethune2021.proposition_7: equation 8")
def ball_with_few_points(data: Any) -> bool:
    """k points 2m apart in a ball of radius R: sum |x - mean|^2 >= 2 (k - 1) m^2, and <= k R^2; for R^2 < 2 m^2."""
    n, ratio = data["dimension"], F(data["size"]) / F(data["margin"])
    if data["shape"] != "ball" or n < 1 or ratio**2 >= 2:
        return False
    most = next(k for k in count(1) if 2 * k > (k + 1) * ratio**2)
    return bool(ratio**n > most)


@oracle("bethune2021.proposition_7.bounds_inside: balls inside")
def cube_with_few_balls(data: Any) -> bool:
    """Centres lie in a smaller cube; each of k^n subcubes with a diagonal below 2m holds one of them."""
    n, side, m = data["dimension"], F(data["size"]), F(data["margin"])
    inner = side - 2 * m
    k = next(k for k in count(1) if n * inner**2 < 4 * (m * k) ** 2)
    most = 0 if inner < 0 else k**n
    return data["shape"] == "cube" and m > 0 and float((side / m) ** n) / unit_ball(n) > most + 1e-9


@oracle("bethune2021.proposition_7.packing_number: balls inside")
def interval_with_more_points(data: Any) -> bool:
    side, m = F(data["size"]), F(data["margin"])
    points = sum(1 for _ in iter_places(F(0), side, 2 * m))
    balls = sum(1 for _ in iter_places(m, side - m, 2 * m))
    return data["shape"] == "cube" and data["dimension"] == 1 and points > balls


def iter_places(start: Fraction, end: Fraction, step: Fraction) -> list[Fraction]:
    assert step > 0
    found = []
    while start <= end:
        found.append(start)
        start += step
    return found


@oracle("bethune2021.proposition_7.pac_proper: proper learners")
def columns_without_a_proper_learner(data: Any) -> bool:
    """The points of all versions, distance by distance; then a column is unseen with probability at least 1/2."""
    size, samples = data["columns"], data["samples"]
    t, eta, m = (F(data[k]) for k in ("spacing", "shift", "margin"))
    plus = [(i * t, e) for i in range(size) for e in (F(0), eta)]
    minus = [(x, y + 2 * m) for x, y in plus]
    inside = all(0 <= v <= 1 for p in plus + minus for v in p)
    near = [(p, q) for p in plus for q in minus if (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 < 4 * m * m]
    same_column = all(p[0] == q[0] for p, q in near)
    excluded = {p[0] for p, q in near if p[1] != q[1] - 2 * m}
    return inside and same_column and len(excluded) == size and 2 * (size - 1) ** samples >= size**samples


@oracle("bethune2021.proposition_7.unsure_always: affine functions")
def far_from_its_zero(data: Any) -> bool:
    slope, offset, x, m = (F(data[k]) for k in ("slope", "offset", "x", "margin"))
    low, value, high = (slope * z + offset for z in (x - m, x, x + m))
    return abs(slope) <= 1 and abs(value) < m and (min(low, high) > 0 or max(low, high) < 0)


@oracle("bethune2021.proposition_8.affine_preserves: an affine map in front")
def one_order_only(data: Any) -> bool:
    """A pair of parallel lines never changes its order, and pairs that change it at one input make one kink."""
    affine, sort = data["layers"]
    weights = [F(row[0]) for row in affine["weight"]]
    biases = [F(b) for b in affine["bias"]]
    places = [
        (biases[i + 1] - biases[i]) / (weights[i] - weights[i + 1])
        for i in range(0, len(weights), 2)
        if weights[i] != weights[i + 1]
    ]
    kinds = data["inputs"] == 1 and (affine["kind"], sort["kind"]) == ("affine", "maxmin")
    return kinds and 1 + len(set(places)) < 2 ** (len(weights) // 2)


@oracle("bethune2021.proposition_8.convex_maximal: maximal pieces")
def way_around(data: Any) -> bool:
    network, path = data["network"], [[F(v) for v in p] for p in data["path"]]

    def f(x: list[Fraction]) -> Fraction:
        return evaluate(network, x)[0]

    def between(x: list[Fraction], y: list[Fraction], t: Fraction) -> list[Fraction]:
        return [a + t * (b - a) for a, b in zip(x, y, strict=True)]

    def slopes(x: list[Fraction]) -> list[set[Fraction]]:
        """One-sided difference quotients along the axes, on either side."""
        h, n = F(1, 10**9), len(x)
        moves = [(i, s) for i in range(n) for s in (h, -h)]
        quotients = [(i, (f([v + s * (i == k) for k, v in enumerate(x)]) - f(x)) / s) for i, s in moves]
        return [{q for j, q in quotients if j == i} for i in range(n)]

    start, end = path[0], path[-1]
    if slopes(start) != slopes(end) or any(len(s) != 1 for s in slopes(start)):
        return False
    gradient = [s.pop() for s in slopes(start)]

    def affine(x: list[Fraction]) -> Fraction:
        return f(start) + sum((g * (a - b) for g, a, b in zip(gradient, x, start, strict=True)), F(0))

    steps = [F(k, 97) for k in range(98)]
    legs = pairwise(path)
    within = all(f(z) == affine(z) for x, y in legs for t in steps for z in [between(x, y, t)])
    middle = between(start, end, F(1, 2))
    return within and f(middle) != affine(middle)


@oracle("bethune2021.proposition_8.lemma_1_proof: degree and dimension")
def dimension_above_the_degree(data: Any) -> bool:
    rows, factor, degree = data["classifiers"], data["factor"], data["degree"]
    vc = 0
    for k in range(1, len(rows[0]) + 1):
        counts = [len({tuple(r[i] for i in chosen) for r in rows}) for chosen in combinations(range(len(rows[0])), k)]
        if max(counts) > factor * k**degree:
            return False
        vc = k if max(counts) == 2**k else vc
    return bool(0 <= degree < vc)


@oracle("bethune2021.proposition_8.polytopes: two pieces")
def second_form_decides(data: Any) -> bool:
    """On the hyperplane where the first form is zero, some other one is not: a minor with the first row is not 0."""
    first, *others = ([F(v) for v in row] for row in data["forms"])
    columns = list(combinations(range(len(first)), 2))
    return any(first) and any(first[i] * row[j] != first[j] * row[i] for row in others for i, j in columns)


@oracle("bethune2021.proposition_8_remarks.bounds_do_not_apply: networks")
def same_values(data: Any) -> bool:
    sorting, relu = data["groupsort"], data["elementwise"]
    first, second = ({layer["kind"] for layer in network["layers"]} for network in (sorting, relu))
    draw = random.Random(8)
    inputs = [[F(draw.randint(-9999, 9999), 7) for _ in range(sorting["inputs"])] for _ in range(200)]
    inputs += [[v / 10**4 for v in x] for x in inputs]
    agree = all(evaluate(sorting, x) == evaluate(relu, x) for x in inputs)
    return "maxmin" in first and second <= {"affine", "relu"} and agree
