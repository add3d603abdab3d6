"""Proposition 7: shattering by linear programs, packing numbers by exhaustive search, learners by simulation."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from lipcheck.build.packing_bounds import packing_bounds
from lipcheck.build.root_lattices import PackingError
from lipcheck.build.volumes import ball, cube
from lipcheck.claims.bethune2021.proposition_7 import (
    CLAIMS,
    bounds,
    consistency,
    lower,
    lower_plane,
    packing,
    proper,
    shattering,
)
from lipcheck.claims.bethune2021.proposition_7._common import realizable, region, shattered
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Universal
from lipcheck.words.verdict import Budget

BY_ID = {claim.id.removeprefix("bethune2021.proposition_7").lstrip("."): claim for claim in CLAIMS}


def fits(points: list[tuple[float, ...]], labels: tuple[int, ...], margin: float) -> bool:
    """Whether 1-Lipschitz values with these labels and margin exist: a linear program."""
    k = len(points)
    rows, limits = [], []
    for i, j in combinations(range(k), 2):
        for sign in (1.0, -1.0):
            row = [0.0] * k
            row[i], row[j] = sign, -sign
            rows.append(row)
            limits.append(math.dist(points[i], points[j]) + 1e-9)
    limits_of = [(margin, None) if label > 0 else (None, -margin) for label in labels]
    found = linprog([0.0] * k, A_ub=rows or None, b_ub=limits or None, bounds=limits_of)
    return bool(found.status == 0)


def test_labellings_against_linear_programs() -> None:
    rng = random.Random(1)
    seen = set()
    for _ in range(60):
        k = rng.randint(1, 4)
        points = rng.sample(list(product(range(5), repeat=2)), k)
        labels = tuple(rng.choice((1, -1)) for _ in range(k))
        m = Fraction(rng.choice((1, 2, 3)), 2)
        ours = realizable([tuple(map(Fraction, p)) for p in points], labels, m)
        assert ours == fits([tuple(map(float, p)) for p in points], labels, float(m))
        seen.add(ours)
    assert seen == {True, False}


def test_shattered_means_two_margins_apart() -> None:
    at = [(Fraction(0),), (Fraction(2),), (Fraction(4),)]
    assert shattered(at, Fraction(1)) and not shattered(at, Fraction(101, 100))
    assert shattered([(Fraction(0),)], Fraction(10**6)) and shattered([], Fraction(1))


def largest_separated(points: list[tuple[float, ...]], separation: float) -> int:
    """The largest separated subset of finitely many points, by branching."""
    best = 0

    def grow(chosen: int, left: list[tuple[float, ...]]) -> None:
        nonlocal best
        best = max(best, chosen)
        for i, p in enumerate(left):
            if chosen + len(left) - i <= best:
                return
            grow(chosen + 1, [q for q in left[i + 1 :] if math.dist(p, q) >= separation - 1e-12])

    grow(0, points)
    return best


@pytest.mark.parametrize(("side", "separation"), [(2, 2), (3, 2), (4, 2), (3, 1.4), (3, 3.1)])
def test_packing_bounds_of_squares_contain_the_number_of_a_fine_grid(side: float, separation: float) -> None:
    grid = [(side * i / 6, side * j / 6) for i in range(7) for j in range(7)]
    found = packing_bounds(cube(2, Fraction(side)), Fraction(separation))
    assert largest_separated(grid, separation) <= found.upper and found.lower <= found.upper


def test_the_counterexample_by_hand() -> None:
    # three points at distance 2 need a circumradius of 2/sqrt 3
    assert 2 / math.sqrt(3) > 23 / 20 and 1.15**5 > 2
    found = packing_bounds(ball(5, Fraction(23, 20)), 2)
    assert (found.lower, found.upper) == (2, 2)


def test_random_triples_in_the_ball_are_never_separated() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20000, 3, 5))
    x *= 1.15 / np.linalg.norm(x, axis=-1, keepdims=True)
    apart = np.linalg.norm(x - np.roll(x, 1, axis=1), axis=-1).min(axis=1)
    assert 1.8 < apart.max() < 2


def test_printed_bounds_hold_on_the_line_and_fail_in_high_dimensions() -> None:
    sides = bounds.Sides(Fraction(1), Fraction(2), Fraction(1, 2))
    for k in range(1, 30):
        assert sides.holds(region("cube", 1, Fraction(k, 3)))
    failing = [n for n in range(1, 12) if not sides.holds(region("ball", n, "23/20"))]
    assert failing == list(range(5, 12))


def test_two_sided_bounds_at_random_boxes_and_balls() -> None:
    sides, rng = bounds.Sides(Fraction(1, 2), Fraction(1), Fraction(1)), random.Random(3)
    for _ in range(40):
        shape, n = rng.choice(("ball", "cube")), rng.randint(1, 4)
        assert sides.holds(region(shape, n, Fraction(rng.randint(0, 30), 10), Fraction(rng.randint(3, 20), 10)))


def test_the_constant_on_the_left_is_taken_to_the_power_n() -> None:
    cube = region("cube", 8, 1, "1/1000")
    assert not bounds.Sides(Fraction(1), None, Fraction(1)).holds(cube)
    assert bounds.Sides(Fraction(1, 2), None, Fraction(1)).holds(cube)
    assert bounds.Sides(None, Fraction(99, 100), Fraction(0)).holds(region("cube", 1, 0)) is False


def test_margins_below_which_unit_cubes_fail() -> None:
    assert all(lower.known_to_fail(region("cube", n, 1, m)) for n, m in lower.SMALL.items())
    assert not any(lower.known_to_fail(region("cube", 1, 1, Fraction(1, k))) for k in range(1, 200))


def test_density_of_the_plane() -> None:
    assert 0 < math.pi / math.sqrt(12) - lower_plane.DENSITY < 1e-4


def test_hexagonal_translates_reach_the_density() -> None:
    """Averaged over translates the lattice has vol(X)/det points in X, so the best has at least that many."""
    m, side, rng = 1.0, 7.0, np.random.default_rng(5)
    i, j = np.meshgrid(np.arange(-9, 10), np.arange(-9, 10))
    lattice = np.stack([2 * m * (i + j / 2), 2 * m * math.sqrt(3) / 2 * j], axis=-1).reshape(-1, 2)
    shifts = rng.uniform(0, 20, size=(4000, 2)) % np.array([2 * m, 2 * m * math.sqrt(3)])
    counts = [int(((lattice + s >= 0) & (lattice + s <= side)).all(axis=1).sum()) for s in shifts]
    expected = side**2 / (2 * math.sqrt(3) * m**2)
    assert max(counts) >= expected and abs(np.mean(counts) - expected) < 0.2


def test_intervals_have_one_more_centre_than_balls_inside() -> None:
    for k in range(25):
        length = Fraction(k, 4)
        data = region("cube", 1, length)
        assert packing.fitting(data, True).violates() and not packing.fitting(data, False).violates()


def test_thresholds_do_not_help() -> None:
    """A search for two points that are m-fat-shattered with thresholds r, s: distance and |r - s|."""
    rng = random.Random(2)
    for _ in range(300):
        d, gap, m = rng.uniform(0, 4), rng.uniform(-3, 3), 1.0
        both = all(_fits_with_thresholds(d, gap, m, labels) for labels in product((1, -1), repeat=2))
        assert both == (d >= 2 * m + abs(gap))


def _fits_with_thresholds(d: float, gap: float, m: float, labels: tuple[int, int]) -> bool:
    """Values u, v with |u - v| <= d and labels relative to the thresholds 0 and gap."""
    a, b = labels
    if a == b:
        return True
    low = a * (0 - gap) + 2 * m
    return low <= d


def test_members_of_the_class_that_abstain() -> None:
    for size in (1, 2, 5):
        found = consistency.abstaining(consistency.away(size), False)
        assert all(found.hypotheses.values()) and not found.conclusion
        assert consistency.abstaining(consistency.away(size), True).conclusion
    with pytest.raises(LipcheckError):
        consistency.abstaining({"margin": "1", "sample": [], "nodes": [["0", "1"], ["1", "1"]]}, False)
    with pytest.raises(PackingError):
        consistency.abstaining({"margin": "1", "sample": ["1/2"], "nodes": [["0", "1"], ["1", "1"]]}, False)


def test_lengths_below_the_margin() -> None:
    one, half, zero = Fraction(1), Fraction(1, 2), Fraction(0)
    assert consistency._below((zero, zero), (one, half), one) == 1
    assert consistency._below((zero, one), (one, Fraction(2)), one) == 0
    assert (
        consistency._below((zero, one), (one, zero), half) == half == consistency._below((zero, zero), (one, one), half)
    )


def test_majority_votes_beat_every_member() -> None:
    """Cells of length below 2m on the line, random labels, random 1-Lipschitz functions."""
    rng, m = np.random.default_rng(7), 0.25
    x = np.sort(rng.uniform(0, 1, 60))
    y = rng.choice([-1, 1], 60)
    cell = np.floor(x / (2 * m - 1e-9)).astype(int)
    best = sum(max((y[cell == c] == 1).sum(), (y[cell == c] == -1).sum()) for c in set(cell))
    for _ in range(300):
        steps = rng.uniform(-1, 1, 59) * np.diff(x)
        f = np.concatenate([[0], np.cumsum(steps)]) + rng.uniform(-0.5, 0.5)
        assert ((f * y) >= m).sum() <= best


def test_unseen_cells() -> None:
    for N, k in product((1, 3, 10, 50), (1, 2, 7)):
        worst = max(sum(p * (1 - p) ** N for p in parts) for parts in _distributions(k))
        assert worst <= k / N


def _distributions(k: int) -> list[np.ndarray]:
    rng = np.random.default_rng(k)
    return [rng.dirichlet(np.ones(k) * a) for a in (0.1, 1, 10) for _ in range(20)]


def test_proper_learners_by_enumeration() -> None:
    """One column: which of the four (version, point) pairs a member of C^m can have right, by linear programs."""
    data = proper.columns_for(2)
    m, eta = float(Fraction(data["margin"])), float(Fraction(data["shift"]))
    heights = [(0.0,), (eta,), (2 * m,), (2 * m + eta,)]
    possible = [chosen for r in range(5) for chosen in combinations(range(4), r) if _right(heights, chosen, m)]
    assert max(map(len, possible)) == 3 and (0, 2) in possible and (1, 3) in possible


def _right(heights: list[tuple[float, ...]], chosen: tuple[int, ...], m: float) -> bool:
    points = [heights[i] for i in chosen]
    return not chosen or fits(points, tuple(1 if i < 2 else -1 for i in chosen), m)


def test_a_threshold_is_right_on_every_version() -> None:
    for samples in range(1, 40):
        found = proper.examine(proper.columns_for(samples), True)
        assert found.conclusion and all(found.hypotheses.values())
    touching = {**proper.columns_for(1), "columns": 1, "spacing": "1", "shift": "1/2"}
    assert not proper.examine(touching, False).hypotheses["the two versions exclude each other"]


def test_every_choice_of_heights_is_realizable() -> None:
    data = proper.columns_for(2)
    m, eta, t = (Fraction(data[k]) for k in ("margin", "shift", "spacing"))
    for choice in product((Fraction(0), eta), repeat=data["columns"]):
        points = [(i * t, e + h) for i, e in enumerate(choice) for h in (0, 2 * m)]
        assert realizable(points, [1, -1] * data["columns"], m)
        assert all(0 <= v <= 1 for p in points for v in p)


def test_near_misses_and_counterexamples_differ() -> None:
    for claim in CLAIMS:
        obligations = {o.name: o for o in claim.obligations(Variant(), Budget.CI)}
        for name, data in claim.counterexamples.items():
            found = obligations[name]
            assert isinstance(found, Universal) and found.examine(data).violates()
    assert BY_ID["lower_fails"].expected.holds and BY_ID[""].grade == "constant"


def test_malformed_data_are_refused() -> None:
    for data in ({}, {"shape": "torus", "dimension": 2, "size": "1", "margin": "1"}, region("cube", 1, 1, 0), [1]):
        with pytest.raises(LipcheckError):
            bounds.Sides(Fraction(1), None, Fraction(1)).holds(data)
    with pytest.raises(LipcheckError):
        shattering.within({"X": [["0"], ["0"]], "subset": [], "margin": "1"}, False)
