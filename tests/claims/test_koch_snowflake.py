"""The snowflake's two classes built in floats, ties on the curve, and interpolating networks by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lipcheck.build.koch import koch_array, koch_snowflake
from lipcheck.build.segments import Segments
from lipcheck.claims.bethune2021.koch_snowflake import _corners as corners
from lipcheck.claims.bethune2021.koch_snowflake import caption, network
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def classes(points: np.ndarray) -> tuple[Segments, Segments]:
    """The segments of A (inside) and B (outside) at a sixteenth of a side."""
    ahead, behind = np.roll(points, -1, axis=0), np.roll(points, 1, axis=0)
    side = np.linalg.norm(ahead - points, axis=1)
    along = (ahead - points) / side[:, None]
    before = (points - behind) / np.linalg.norm(points - behind, axis=1)[:, None]
    turn = np.arctan2(before[:, 0] * along[:, 1] - before[:, 1] * along[:, 0], (before * along).sum(axis=1))
    low = side / 16 / np.tan((np.pi - abs(turn)) / 2)
    inward = np.stack([-along[:, 1], along[:, 0]], axis=1) * (side / 16)[:, None]
    start, end = points + low[:, None] * along, ahead - np.roll(low, -1)[:, None] * along
    return Segments(start + inward, end + inward), Segments(start - inward, end - inward)


def distance(segments: Segments, points: np.ndarray) -> np.ndarray:
    return segments.distances(points).min(axis=1)


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
def test_the_curve_is_the_set_of_ties(steps: int) -> None:
    points = koch_array(steps)
    inner, outer = classes(points)
    t = np.linspace(0, 1, 41 if steps < 4 else 9)[:, None, None]
    curve = ((1 - t) * points + t * np.roll(points, -1, axis=0)).reshape(-1, 2)
    assert np.abs(distance(inner, curve) - distance(outer, curve)).max() < 1e-12
    rng = np.random.default_rng(steps)
    places = rng.uniform(-1.1, 1.1, (400 if steps < 4 else 100, 2))
    shape = koch_snowflake(steps)
    nearer = distance(inner, places) < distance(outer, places)
    assert nearer.tolist() == [shape.side(tuple(map(float, p))) > 0 for p in places]


def test_a_simple_polygon_of_other_angles_too() -> None:
    points = np.array([[0, 0], [4, 0], [4, 1], [1.5, 1], [3, 3.0], [0, 2]])
    ahead = np.roll(points, -1, axis=0)
    inner, outer = (Segments(s.starts, s.ends) for s in classes_of_height(points, 0.05))
    t = np.linspace(0, 1, 101)[:, None, None]
    curve = ((1 - t) * points + t * ahead).reshape(-1, 2)
    assert np.abs(distance(inner, curve) - distance(outer, curve)).max() < 1e-12


def classes_of_height(points: np.ndarray, height: float) -> tuple[Segments, Segments]:
    ahead, behind = np.roll(points, -1, axis=0), np.roll(points, 1, axis=0)
    along = (ahead - points) / np.linalg.norm(ahead - points, axis=1)[:, None]
    before = np.roll(along, 1, axis=0)
    assert np.allclose(before, (points - behind) / np.linalg.norm(points - behind, axis=1)[:, None])
    turn = np.arctan2(before[:, 0] * along[:, 1] - before[:, 1] * along[:, 0], (before * along).sum(axis=1))
    low = height / np.tan((np.pi - abs(turn)) / 2)
    up = height * np.stack([-along[:, 1], along[:, 0]], axis=1)
    start, end = points + low[:, None] * along, ahead - np.roll(low, -1)[:, None] * along
    return Segments(start + up, end + up), Segments(start - up, end - up)


def test_corner_identities_at_random_angles() -> None:
    rng = np.random.default_rng(9)
    for _ in range(300):
        angle, s, t = rng.uniform(0.05, np.pi - 0.05), rng.uniform(0, 30), rng.uniform(0, 30)
        C, S, lo = np.cos(angle), np.sin(angle), 1 / np.tan(angle / 2)
        c = np.array([lo, 1]) + t * np.array([C, S])
        reflect = np.array([[np.cos(2 * angle), np.sin(2 * angle)], [np.sin(2 * angle), -np.cos(2 * angle)]])
        own = 1 + max(lo - s, 0) ** 2
        for point in (c, reflect @ c):
            assert ((np.array([s, 0]) - point) ** 2).sum() >= own - 1e-9
        assert np.allclose(reflect @ c, [lo - 2 * S + t * C, 1 + 2 * C + t * S])


def test_lattice_sides_by_sampling() -> None:
    basis = np.array([[1, 0], [0.5, 3**0.5 / 2]])
    t = np.linspace(0, 1, 101)[:, None]
    one = t * basis[0]
    check = corners.far_sides()
    for x, y, k in product(range(-2, 3), range(-2, 3), range(6)):
        start, step = np.array([x, y]) @ basis, np.array(corners.DIRECTIONS[k]) @ basis
        away = np.linalg.norm((start + t * step)[:, None] - one, axis=2).min()
        shared = {(x, y), (x + corners.DIRECTIONS[k][0], y + corners.DIRECTIONS[k][1])} & {(0, 0), (1, 0)}
        assert check.holds([x, y, k]) and (shared or away >= 3**0.5 / 2 - 1e-9)


def test_the_interpolant_in_floats() -> None:
    values = (0, 3, -2, 0)
    lattice = network.interpolant(values)
    assert all(sum(w * w for w in piece.weight) == 1 for piece in lattice.pieces)
    rows = sorted({piece.weight for piece in lattice.pieces})
    for p, v in zip(network.PIXELS, values, strict=True):
        groups = [
            min(u + sum(float(w) * (a - b) for w, a, b in zip(row, p, q, strict=True)) for row in rows)
            for q, u in zip(network.PIXELS, values, strict=True)
        ]
        assert max(groups) == pytest.approx(v)


def test_values_that_are_too_steep_are_missed() -> None:
    check = network.four_points()
    assert check.holds([0, 3, -2, 0]) and not check.holds([0, 9, 0, 0])


def test_the_caption_for_other_points() -> None:
    (rule,) = caption.sides(Variant(), Budget.CI)
    (ring,) = caption.sides(Variant(repaired=True), Budget.CI)
    for centre, outside in product([["0", "0"], ["1/8", "-1/5"]], [["2", "0"], ["-1", "1"]]):
        data = {"centre": centre, "exterior": outside}
        assert refutes(data, rule) and not refutes(data, ring)
    assert caption.frontier(True).side((0, Fraction(7, 10))) == 1 and caption.frontier(True).side((0, 0)) == -1
