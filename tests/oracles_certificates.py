"""Second opinions on classifiers, certificates and robustness radii, mostly on the line.

Radii come from the labels at and beside the places where a label can change; the highest mountain from its definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from oracles import oracle
from oracles_line import Function, function, lipschitz, pieces

F = Fraction
BESIDE = F(1, 10**9)
Classifier = Callable[[Fraction], int]
SIGNS = (-1, 0, 1)


def cells(data: Any) -> tuple[Classifier, list[Fraction]]:
    """A classifier from its cells, and its ends."""
    ends, labels = [F(e) for e in data["ends"]], data["labels"]
    assert len(labels) == 2 * len(ends) + 1 and ends == sorted(set(ends))

    def label(x: Fraction) -> int:
        for i, end in enumerate(ends):
            if x <= end:
                return int(labels[2 * i + (x == end)])
        return int(labels[-1])

    return label, ends


def sign_of(f: Function, zero: int) -> Classifier:
    return lambda x: zero if f(x) == 0 else 1 if f(x) > 0 else -1


def roots(f: Function) -> list[Fraction]:
    """Where a piecewise affine function can change its sign."""
    found = set[Fraction]()
    for low, high, slope in pieces(f):
        found |= {low, high}
        if slope and low <= (root := low - f(low) / slope) <= high:
            found.add(root)
    return sorted(found)


def radius(c: Classifier, ends: Iterable[Fraction], x: Fraction) -> Fraction | None:
    """The infimum of |y - x| over c(y) != c(x)."""
    sizes = [abs(x - e) for e in ends for y in (e - BESIDE, e, e + BESIDE) if c(y) != c(x)]
    return min(sizes, default=None)


def least(f: Function, zero: int, points: Iterable[Fraction]) -> Fraction:
    found = [radius(sign_of(f, zero), roots(f), x) for x in points]
    return min(r for r in found if r is not None)


def near(x: Fraction, points: list[Fraction]) -> Fraction:
    return min(abs(x - p) for p in points)


def mountain(data: Any) -> tuple[Function, list[Fraction], list[Fraction]]:
    """(HMF; A; B) for finite classes on the line."""
    a, b = ([F(x) for x in data[k]] for k in ("A", "B"))
    assert a and b and not set(a) & set(b)
    middles = {(p + q) / 2 for p in a for q in b}
    frontier = [z for z in middles if near(z, a) == near(z, b)]
    return lambda x: (1 if near(x, a) <= near(x, b) else -1) * near(x, frontier), a, b


def right(f: Function, a: list[Fraction], b: list[Fraction]) -> bool:
    return all(f(x) > 0 for x in a) and all(f(x) < 0 for x in b)


@oracle("bethune2021.adversarial_radius: minimum", "bethune2021.adversarial_radius: minimum, two classes")
def no_least_attack(data: Any) -> bool:
    c, ends = cells(data)
    x = F(data["x"])
    r = radius(c, ends, x)
    return r is None or c(x - r) == c(x) == c(x + r)


@oracle("bethune2021.bayes.contains: sequences")
def no_sign_of_zero_serves(data: Any) -> bool:
    places = [F(place) for place, _, _ in data]
    apart = all(abs(p - q) > 1 for i, p in enumerate(places) for q in places[:i])
    forced = {y for _, y, s in data if y != s}
    return apart and forced == {-1, 1}


@oracle("bethune2021.corollary_1.any_classifier: every classifier")
def neither_class_is_closed(data: Any) -> bool:
    c, ends = cells(data)
    lost = {c(y) for e in ends for y in (e - BESIDE, e + BESIDE) if c(y) != c(e)}
    return set(data["labels"]) == lost == {-1, 1}


@oracle("bethune2021.corollary_1.appendix_proof: path")
def wrong_between_the_classes(data: Any) -> bool:
    f, g = function(data["f"]), function(data["g"])
    r, x = F(data["r"]), F(data["x"])
    ends = sorted({*roots(f), *roots(g), r, -r})
    tried = [y for e in ends for y in (e - BESIDE, e, e + BESIDE) if abs(y) >= r]
    agree = all(sign_of(f, 0)(y) == sign_of(g, 0)(y) for y in tried)
    return r > 0 and lipschitz(g) and agree and any(sign_of(f, s)(x) != sign_of(g, s)(x) for s in SIGNS)


@oracle("bethune2021.corollary_1.sorting_networks: curved frontiers")
def strictly_concave(data: Any) -> bool:
    s, a, b = F(data["s"]), F(1, 7), F(5)
    return s >= 0 and 2 * ((a + b) / 2) / (1 + s * (a + b) / 2) > a / (1 + s * a) + b / (1 + s * b)


@oracle("bethune2021.corollary_2: periodic supports")
def alternate_for_ever(data: Any) -> bool:
    p, q, period = (F(data[k]) for k in ("P", "Q", "period"))
    return period > 0 and ((p - q) / period).denominator != 1


@oracle("bethune2021.corollary_2.proof: disjoint closures")
def closures_meet(data: Any) -> bool:
    c, ends = cells(data)
    correct = all(c(F(x)) == s for k, s in (("P", 1), ("Q", -1)) for x in data[k])
    return correct and set(data["labels"]) == {-1, 1} and len(ends) > 0


@oracle("bethune2021.corollary_3.attack: sign(0) of any value",
        "bethune2021.corollary_3.attack: sign(0) a label, gradient")  # fmt: skip
def attack_fails(data: Any) -> bool:
    f, a, b = mountain(data)
    x, zero = F(data["x"]), data["zero"]
    left, right_slope = (f(x) - f(x - BESIDE)) / BESIDE, (f(x + BESIDE) - f(x)) / BESIDE
    c = sign_of(f, zero)
    return x in a + b and zero in SIGNS and (left != right_slope or c(x - f(x) * left) == c(x))


@oracle("bethune2021.corollary_3.largest: larger")
def larger_somewhere(data: Any) -> bool:
    f, a, b = mountain(data)
    g = function(data["g"])
    return lipschitz(g) and right(g, a, b) and any(abs(g(x)) > abs(f(x)) for x in a + b)


@oracle("bethune2021.corollary_3.no_better: better")
def dominates(data: Any) -> bool:
    f, a, b = mountain(data)
    g = function(data["g"])
    sizes = [(abs(g(x)), abs(f(x))) for x in a + b]
    return larger_somewhere(data) and all(of_g >= of_f for of_g, of_f in sizes)


@oracle("bethune2021.corollary_3.max_min: the solution")
def another_solution(data: Any) -> bool:
    f, a, b = mountain(data)
    g, x = function(data["g"]), F(data["x"])
    as_good = all(least(g, zero, a + b) >= min(abs(f(y)) for y in a + b) for zero in SIGNS)
    return lipschitz(g) and right(g, a, b) and as_good and g(x) != f(x)


@oracle("bethune2021.corollary_3.max_min_ties: a solution")
def beaten(data: Any) -> bool:
    f, a, b = mountain(data)
    g, ties = function(data["g"]), [F(x) for x in data["ties"]]
    certain = right(g, [x for x in a if x not in ties], [x for x in b if x not in ties])
    larger = all(least(g, zero, a + b) > min(abs(f(y)) for y in a + b) for zero in SIGNS)
    return lipschitz(g) and set(ties) <= {*a, *b} and certain and larger


@oracle("bethune2021.logits_and_robustness.equivalent: order")
def larger_logits_smaller_radius(data: Any) -> bool:
    a, b = ([F(x) for x in data[k]] for k in ("A", "B"))
    f, g = function(data["f"]), function(data["g"])
    fair = all(lipschitz(h) and right(h, a, b) for h in (f, g))
    larger = all(abs(g(x)) > abs(f(x)) for x in a + b)
    return fair and larger and any(least(g, s, a + b) < least(f, s, a + b) for s in SIGNS)
