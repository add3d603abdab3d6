"""Proposition 1 by other means: counts of ties on grids, difference quotients, finite parts of l_2, Cantor sets."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.claims.bethune2021.proposition_1 import banach, closed_in_x, existence, norms, proof_direction
from lipcheck.claims.bethune2021.proposition_1 import proof_gradient as gradient
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.verdict import Budget


def ties_on_a_grid(p: float, a: tuple[int, int], b: tuple[int, int]) -> float:
    """The part of a grid on [-4, 4]^2 that ties exactly."""
    axis = np.arange(-64, 65) / 16
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    if p == 2:
        away = [((grid - np.array(s)) ** 2).sum(axis=1) for s in (a, b)]
    else:
        away = [np.linalg.norm(grid - np.array(s), ord=p, axis=1) for s in (a, b)]
    return float((away[0] == away[1]).mean())


def test_ties_have_area_in_the_other_norms_only() -> None:
    assert ties_on_a_grid(np.inf, (-1, 0), (1, 0)) > 0.2
    assert ties_on_a_grid(1, (0, 0), (2, 2)) > 0.2
    for a, b in (((-1, 0), (1, 0)), ((0, 0), (2, 2)), ((0, 1), (3, -2))):
        assert ties_on_a_grid(2, a, b) < 0.01


def test_boxes_of_ties_are_boxes_of_ties() -> None:
    rng = random.Random(3)
    found = 0
    for _ in range(400):
        norm = rng.choice(["1", "inf"])
        a, b, centre = (tuple(Fraction(rng.randint(-4, 4)) for _ in range(2)) for _ in range(3))
        if a == b or not norms.ties(norm, a, b, centre, Fraction(1)):
            continue
        found += 1
        for i in range(-4, 5):
            for j in range(-4, 5):
                x = (centre[0] + Fraction(i, 4), centre[1] + Fraction(j, 4))
                sizes = [[abs(s - t) for s, t in zip(x, q, strict=True)] for q in (a, b)]
                away = [max(v) if norm == "inf" else sum(v) for v in sizes]
                assert away[0] == away[1]
    assert found > 5


def test_gradients_of_heights_have_norm_one_off_and_on_the_frontier() -> None:
    rng = np.random.default_rng(4)
    ones = 0
    for _ in range(40):
        points = rng.permutation(49)[:5]
        classes = [[(int(p) // 7 - 3, int(p) % 7 - 3) for p in part] for part in (points[:2], points[2:])]
        mountain = PlaneMountain(tuple(map(tuple, classes)))
        x = rng.uniform(-3, 3, 2)
        h = 1e-6
        g = [(mountain(x + h * e) - mountain(x - h * e)) / (2 * h) for e in np.eye(2)]
        ones += abs(np.hypot(*g) - 1) < 1e-4
    assert ones >= 38
    flat = PlaneMountain((((1, 0),), ((-1, 0),)))
    assert [float(flat.height((Fraction(e), Fraction(0)))) for e in (-1, 0, 1)] == [-1, 0, 1]


def test_the_limit_at_infinity_by_large_steps() -> None:
    mountain = LineMountain(((-2, 2), (0,)))
    assert [mountain.height(Fraction(2 - e)) for e in (0, 1, 1000)] == [1, 0, 997]
    far, near, alone = gradient.quotients(Variant(), Budget.CI)
    assert refutes(gradient.FAR, far) and not refutes(gradient.FAR, near)
    assert refutes(gradient.NEGATIVE, near) and alone.name.startswith("minimal: ")
    fixed = gradient.quotients(Variant(repaired=True), Budget.CI)
    rng = random.Random(5)
    for _ in range(60):
        p = [str(v) for v in rng.sample(range(-9, 10), 5)]
        data = {"A": p[:2], "B": p[2:4], "x": p[4]}
        assert not any(refutes(data, rule) for rule in fixed[:2])


@pytest.mark.parametrize("R", ["1/3", "1", "5/2"])
def test_the_printed_z_is_always_on_the_wrong_side(R: str) -> None:
    r = Fraction(R)
    for x, y in ((0, 1), (-2, 3)):
        z = x + r / (y - x) * (x - y)
        assert abs(y - z) == (y - x) + r != abs((y - x) - r)
        data = {"x": str(x), "y": str(y), "z": str(z), "d": str(y - x), "R": R}
        assert refutes(data, proof_direction.printed(Variant(), Budget.CI)[0])
        assert not refutes(data, proof_direction.printed(Variant(repaired=True), Budget.CI)[0])


def test_a_finite_part_of_the_classes_in_l_2() -> None:
    rng = np.random.default_rng(6)
    m = 8
    r = 1 + 1 / np.arange(1, m + 1)
    for _ in range(200):
        x = rng.normal(size=m)
        nearer = min(np.linalg.norm(x - 2 * r[k] * np.eye(m)[k]) for k in range(m)) < np.linalg.norm(x)
        assert nearer == bool((x > r).any())
    assert refutes(banach.FALLING, banach.nearest(Variant(), Budget.CI)[0])


def test_cantor_sets_have_the_measure_of_the_series() -> None:
    for q in (Fraction(1, 4), Fraction(1, 5), Fraction(1, 3)):
        left, gaps = closed_in_x.pieces(q, 9)
        assert sum(b - a for a, b in left) == 1 - sum(b - a for a, b in gaps)
        rest = sum(2 ** (m - 1) * q**m for m in range(10, 400))
        assert abs(sum(b - a for a, b in left) - rest - closed_in_x.measure(q)) < Fraction(1, 10**9)
        ends = sorted(left + gaps)
        assert ends[0][0] == 0 and ends[-1][1] == 1 and all(s[1] == t[0] for s, t in pairwise(ends))
    for bad in (Fraction(0), Fraction(2, 5), Fraction(-1, 4)):
        with pytest.raises(LipcheckError):
            closed_in_x.measure(bad)


def test_intervals_meet_where_their_points_do() -> None:
    rng = random.Random(7)
    for _ in range(200):
        a, b = (sorted(rng.sample(range(5), 2)) for _ in range(2))
        brackets = [(rng.choice("[("), rng.choice("])")) for _ in range(2)]
        one, other = (
            existence._interval([left, str(s[0]), str(s[1]), right])
            for s, (left, right) in zip((a, b), brackets, strict=True)
        )
        points = [Fraction(k, 2) for k in range(9)]

        def inside(x: Fraction, s: tuple[Fraction, Fraction, bool, bool]) -> bool:
            return s[0] < x < s[1] or (x == s[0] and s[2]) or (x == s[1] and s[3])

        assert existence._meet(one, other) == any(inside(x, one) and inside(x, other) for x in points)
