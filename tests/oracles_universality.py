"""Second opinions on the objects of the claims about universal approximation: a few lines of fractions each."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from oracles import oracle

Rows = list[list[Fraction]]
HALF = Fraction(1, 2)


def rows(data: Any) -> Rows:
    return [[Fraction(w) for w in row] for row in data]


def taxicab_norms(weight: Rows) -> list[Fraction]:
    return [sum(map(abs, row), Fraction(0)) for row in weight]


def two_points(data: Any) -> bool:
    return len({Fraction(p) for p in data["points"]}) == len(data["points"]) == 2


def units(data: Any) -> bool:
    """Two numbers, each 1 or -1, whose stack has the norm sqrt(2)."""
    return all([list(map(abs, row)) for row in rows(data[key])] == [[1]] for key in ("A", "B"))


def on_the_line(data: Any) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    """x, y, a, b for distinct x, y and |a - b| <= |x - y|."""
    (x,), (y,) = (map(Fraction, data[key]) for key in "xy")
    a, b = Fraction(data["a"]), Fraction(data["b"])
    return (x, y, a, b) if x != y and abs(a - b) <= abs(x - y) else None


@oracle("anil2019.conclusion.theorem_3_class: orthonormal weights in the class of Theorem 3")
def orthonormal_with_a_large_row(data: Any) -> bool:
    weight = rows(data)
    short = weight if len(weight) <= len(weight[0]) else [list(column) for column in zip(*weight, strict=True)]
    gram = [[sum((v * w for v, w in zip(r, s, strict=True)), Fraction(0)) for s in short] for r in short]
    unit = gram == [[Fraction(i == j) for j in range(len(short))] for i in range(len(short))]
    return unit and max(taxicab_norms(weight)) != 1


@oracle("anil2019.lemma_1.iff: dense families are separating lattices")
def all_but_the_steepest(data: Any) -> bool:
    """All functions with a difference below the distance of the two points: dense, and none reaches the distance."""
    return two_points(data) and data["slopes"] == ["(-1, 1)"]


@oracle("anil2019.lemma_1.if_plain_separation: lattices that tell points apart are dense")
def half_of_all(data: Any) -> bool:
    return two_points(data) and data["slopes"] == ["[-1/2, 1/2]"]


@oracle("anil2019.lemma_1.remark_in_separation: only the separation property is changed")
def half_of_all_in_another_metric(data: Any) -> bool:
    """k |a - b| <= d for differences of at most d/2 at least: k >= 2."""
    return half_of_all(data["family"]) and 1 / Fraction(data["k"]) <= HALF


@oracle("anil2019.stacking_footnote: two matrices", "anil2019.stacking_footnote: the construction for two affine maps")
def unit_numbers(data: Any) -> bool:
    return units(data)


@oracle("anil2019.theorem_3.any_lipschitz: functions on two points")
def steep(data: Any) -> bool:
    first, second = map(Fraction, data)
    return abs(first - second) > 1


@oracle("anil2019.theorem_3.line_slip: fitting")
def two_values(data: Any) -> bool:
    found = on_the_line(data)
    return found is not None and found[2] != found[3]


@oracle("anil2019.theorem_3.linear_map: fitting")
def no_slope(data: Any) -> bool:
    """No w with w x = a and w y = b: try the only candidate, from the point that is not zero."""
    found = on_the_line(data)
    if found is None:
        return False
    x, y, a, b = found
    w = a / x if x else b / y
    return (w * x, w * y) != (a, b)


@oracle("anil2019.theorem_3.single_layer: fitting")
def slope_below_one(data: Any) -> bool:
    found = on_the_line(data)
    return found is not None and all(w * (found[1] - found[0]) != found[3] - found[2] for w in (1, -1))


@oracle("anil2019.theorem_3.padding: identity layers")
def one_number(data: Any) -> bool:
    """One weight, 1 or -1, on one input: there are no two units that MaxMin could take."""
    (layer,) = data["layers"]
    return data["inputs"] == 1 and taxicab_norms(rows(layer["weight"])) == [1] and len(layer["bias"]) == 1


@oracle("anil2019.theorem_3.sketch_class: the class of h")
def in_one_class_only(data: Any) -> bool:
    first, *later = [rows(layer["weight"]) for layer in data["layers"][::2]]
    unit = max(sum((w * w for w in row), Fraction(0)) for row in first) == 1
    others = all(max(taxicab_norms(weight)) == 1 for weight in later)
    activations = all(layer["kind"] == "maxmin" for layer in data["layers"][1::2])
    return unit and others and activations and max(taxicab_norms(first)) != 1


@oracle("anil2019.vector_observation.icml: values at 0, 1 and 2")
def bent(data: Any) -> bool:
    """The errors e of an affine map have e_0 - 2 e_1 + e_2 = v_0 - 2 v_1 + v_2, and so a size of a quarter of it."""
    v = [Fraction(x) for x in data]
    second = v[2] - v[1] - (v[1] - v[0])
    return len(v) == 3 and all(abs(b - a) <= 1 for a, b in pairwise(v)) and abs(second) > HALF


@oracle("anil2019.vector_observation.whole_space: functions on the whole line")
def wave(data: Any) -> bool:
    """Constants are half of the height away, other affine functions by any amount."""
    v = [Fraction(x) for x in data]
    return v[0] == v[-1] and all(abs(b - a) <= 1 for a, b in pairwise(v)) and max(v) - min(v) > Fraction(2, 3)
