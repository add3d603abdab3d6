"""Equation 26 by brute force over integer functions on four points of the line."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest

from lipcheck.claims.bethune2021 import reformulation
from lipcheck.words.rationals import NumberError

PLACES = (0, 1, 2, 4)
HALVES = [Fraction(k, 2) for k in range(-8, 9)]
Values = tuple[Fraction, ...]
FUNCTIONS: list[Values] = [tuple(map(Fraction, v)) for v in product(range(-4, 5), repeat=4)]


def constant(f: Values) -> Fraction:
    return max(abs(a - b) / (y - x) for (x, a), (y, b) in combinations(zip(PLACES, f, strict=True), 2))


def gain(f: Values, weights: Sequence[int]) -> Fraction:
    return sum((w * v for w, v in zip(weights, f, strict=True)), Fraction(0)) / 2


def four_sets(weights: Sequence[int], eps: int) -> list[set[Values]]:
    """The four sets, within the integer functions."""
    lip = {f: constant(f) for f in FUNCTIONS}
    rise = {f: gain(f, weights) for f in FUNCTIONS}
    W = max(rise[f] for f in FUNCTIONS if lip[f] <= 1)

    def argmin(scale: int) -> set[Values]:
        feasible = [f for f in FUNCTIONS if rise[f] >= scale * W]
        least = min(lip[f] for f in feasible)
        return {f for f in feasible if lip[f] == least}

    def argmax(scale: int) -> set[Values]:
        allowed = [f for f in FUNCTIONS if lip[f] == scale]
        most = max(rise[f] for f in allowed)
        return {f for f in allowed if rise[f] == most}

    def times(functions: set[Values]) -> set[Values]:
        return {tuple(eps * v for v in f) for f in functions}

    return [argmin(eps), times(argmin(1)), times(argmax(1)), argmax(eps)]


@pytest.mark.parametrize("weights", [(2, -2, 0, 0), (1, -2, 1, 0), (1, 1, -1, -1), (0, 0, 1, -1)])
def test_the_sets_are_equal_for_different_laws(weights: tuple[int, ...]) -> None:
    sets = four_sets(weights, 1)
    assert sets[0] and all(s == sets[0] for s in sets)


def test_the_second_and_third_sets_differ_for_equal_laws() -> None:
    first, second, third, fourth = four_sets((0, 0, 0, 0), 1)
    assert first == second == {f for f in FUNCTIONS if len(set(f)) == 1}
    assert third == fourth and first.isdisjoint(third)


def test_epsilon_zero() -> None:
    first, second, third, fourth = four_sets((2, -2, 0, 0), 0)
    assert first == fourth and len(first) == 9
    assert second == third == {(Fraction(0),) * 4}


def test_affine_functions_agree_with_brute_force() -> None:
    line = [(p, q, eps, a) for p in (0, 1) for q in (0, 2) for eps in (1, 2) for a in HALVES]
    for p, q, eps, a in line:
        data = {"p": str(p), "q": str(q), "epsilon": str(eps), "slope": str(a), "offset": "1"}
        inside, distinct, positive = reformulation.sets(data)
        wanted = abs(a) == eps and a * (p - q) == eps * abs(p - q)
        assert (distinct, positive) == (p != q, True)
        assert inside[3] == wanted and (not distinct or set(inside) == {wanted})
    assert reformulation.sets(reformulation.SAME)[0] == [False, False, True, True]
    assert reformulation.sets(reformulation.ZERO)[0] == [True, False, False, True]


@pytest.mark.parametrize("data", [{}, {**reformulation.SAME, "epsilon": "-1"}, {**reformulation.SAME, "slope": "x"}])
def test_other_data_are_refused(data: Any) -> None:
    with pytest.raises((reformulation.LineError, NumberError)):
        reformulation.sets(data)
