"""Lemma 1 by other means: brute force on finite spaces, odd metrics, and families looked at function by function."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from lipcheck.claims.anil2019.lemma_1 import common, only_if, statement
from lipcheck.words.claim import Variant

F = Fraction


def discrete(a: Fraction, b: Fraction) -> Fraction:
    return F(a != b)


def scrambled(a: Fraction, b: Fraction) -> Fraction:
    """|phi(a) - phi(b)| for an injective phi without any regard for the order."""
    keys = {F(0): 5, F(1): -3, F(2): 0, F(3): 4}
    return F(abs(keys[a] - keys[b]))


def usual(a: Fraction, b: Fraction) -> Fraction:
    return abs(a - b)


def functions(distance: list[list[int]], rho: Callable[[Fraction, Fraction], Fraction]) -> list[tuple[Fraction, ...]]:
    """All 1-Lipschitz functions into {0, 1, 2, 3}, for the metric rho on the values."""
    n = len(distance)
    values = [tuple(map(F, v)) for v in product(range(4), repeat=n)]
    return [v for v in values if all(rho(v[i], v[j]) <= distance[i][j] for i, j in combinations(range(n), 2))]


@pytest.mark.parametrize("rho", [usual, discrete, scrambled])
@pytest.mark.parametrize("distance", [[[0, 1, 2], [1, 0, 1], [2, 1, 0]], [[0, 3, 3], [3, 0, 4], [3, 4, 0]]])
def test_max_of_min_interpolates_whatever_the_metric(
    rho: Callable[[Fraction, Fraction], Fraction], distance: list[list[int]]
) -> None:
    """f_ij is any function of the class that agrees with g at i and j; then max_i min_j f_ij is g."""
    random = Random(3)
    every = functions(distance, rho)
    for g in random.sample(every, min(20, len(every))):
        rows = []
        for i in range(3):
            chosen = [random.choice([f for f in every if f[i] == g[i] and f[j] == g[j]]) for j in range(3) if j != i]
            rows.append([min(column) for column in zip(*chosen, strict=True)])
        assert tuple(max(column) for column in zip(*rows, strict=True)) == g


def test_separating_lattices_of_functions_on_three_points_are_everything() -> None:
    """All sets of functions into {0, 1} on three points: those that are separating lattices hold all functions."""
    every = list(product((0, 1), repeat=3))
    found = 0
    for code in range(1 << len(every)):
        chosen = {f for k, f in enumerate(every) if code >> k & 1}
        lattice = all({tuple(map(max, f, g)), tuple(map(min, f, g))} <= chosen for f, g in combinations(chosen, 2))
        separates = all(
            any(f[i] == a and f[j] == b for f in chosen)
            for i, j in combinations(range(3), 2) for a, b in product((0, 1), repeat=2)
        )  # fmt: skip
        if lattice and separates:
            found += 1
            assert chosen == set(every)
    assert found == 1


GRID = [F(k, 4) for k in range(-8, 9)]


@pytest.mark.parametrize("data", [*only_if.CASES, common.NEARLY_ALL, common.family([0, 1], "[-1, -1]", "[1, 1]")])
def test_families_are_what_they_are_said_to_be(data: dict[str, list[str]]) -> None:
    """Lattice, separation and density, by trying functions with values on a grid."""
    found = common.read(data)
    points = found.points

    def member(values: tuple[Fraction, ...]) -> bool:
        slopes = {(v - values[0]) / (p - points[0]) for p, v in zip(points[1:], values[1:], strict=True)}
        return len(slopes) == 1 and any(i.contains(common.closed(s, s)) for i in found.slopes for s in slopes)

    small = [F(k, 2) for k in range(-2, 3)]
    members = [v for v in product(small, repeat=len(points)) if member(v)]
    closed = all(member(tuple(map(max, f, g))) and member(tuple(map(min, f, g))) for f, g in product(members, repeat=2))
    assert closed >= found.lattice
    if len(points) == 2:
        width = points[1] - points[0]
        assert found.separates() == all(member((a, b)) for a in GRID for b in GRID if abs(a - b) <= width)
        near = [F(k, 1000) for k in range(-1000, 1001)]
        reached = [s for s in near if any(i.contains(common.closed(s, s)) for i in found.slopes)]
        gaps = max(min(abs(s - r) for r in reached) for s in map(F, (-1, F(-1, 2), 0, F(1, 2), 1))) if reached else 1
        assert found.dense() == (gaps <= F(1, 1000))


def test_a_family_without_the_lattice_property_is_told() -> None:
    assert not common.read(common.ALL_BUT_CONSTANTS).lattice and not common.read(common.AFFINE_ON_THREE).lattice
    assert common.read(common.family([0, 1, 2], "[1/2, 1/2]")).lattice


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (common.EMPTY_ON_A_POINT, ["two points"]),
        (common.AFFINE_ON_THREE, ["lattice"]),
        (common.CONSTANTS, ["separation"]),
        (common.NEARLY_ALL, ["separation"]),
        (common.ALL_ON_TWO, []),
    ],
)
def test_each_family_misses_one_hypothesis(data: object, missing: list[str]) -> None:
    found = statement.examine(data, Variant())
    assert [name for name, holds in found.hypotheses.items() if not holds] == missing
    assert found.conclusion == (not missing)


def test_intervals_are_united_and_refused() -> None:
    assert common.read(common.family([0, 1], "[-1, 0]", "(0, 1]")).lattice
    assert len(common.read(common.family([0, 1], "[-1, 0)", "(0, 1]")).slopes) == 2
    for wrong in ("[1, 0]", "(0, 0]", "0, 1"):
        with pytest.raises(common.FamilyError):
            common.read(common.family([0, 1], wrong))
    with pytest.raises(common.FamilyError, match="twice"):
        common.read(common.family([0, 0], "[0, 1]"))


def test_a_constant_is_half_away_from_an_alternating_function() -> None:
    assert min(max(abs(c), abs(1 - c)) for c in GRID) == F(1, 2)
