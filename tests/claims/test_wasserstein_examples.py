"""The examples by linear programs over regular polygons, and by numerical integration."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.wasserstein_examples import absolute_value, common, cones, gradient, three_cones, unique

Floats = NDArray[np.float64]


def circles(centres: Floats, corners: int) -> Floats:
    angles = 2 * np.pi * np.arange(corners) / corners
    around = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.concatenate([c + around for c in centres])


def transport(first: Floats, second: Floats) -> tuple[float, Floats]:
    """The distance of two uniform laws in the plane, and an optimal plan."""
    k, m = len(first), len(second)
    away = np.linalg.norm(first[:, None] - second[None], axis=2)
    marginals = [np.kron(np.eye(k)[i], np.ones(m)) for i in range(k)] + [np.tile(np.eye(m)[j], k) for j in range(m)]
    found = linprog(away.ravel(), A_eq=marginals, b_eq=[1 / k] * k + [1 / m] * m)
    return float(found.fun), np.asarray(found.x).reshape(k, m)


def heights(centres: Floats, corners: int) -> tuple[float, float]:
    """The least and the largest difference of two heights over all optimal duals."""
    around = circles(centres, corners)
    points = np.concatenate([centres, around])
    k, n = len(centres), len(points)
    weights = np.concatenate([np.ones(k) / k, -np.ones(n - k) / (n - k)])
    rows = [np.eye(n)[i] - np.eye(n)[j] for i in range(n) for j in range(n) if i != j]
    bounds = [np.linalg.norm(points[i] - points[j]) for i in range(n) for j in range(n) if i != j]
    found = []
    for sign in (1, -1):
        goal = sign * (np.eye(n)[0] - np.eye(n)[1])
        solved = linprog(goal, A_ub=rows, b_ub=bounds, A_eq=[np.eye(n)[0], weights], b_eq=[0, 1], bounds=(None, None))
        assert solved.status == 0
        found.append(sign * float(solved.fun))
    return found[0], found[1]


def test_three_circles() -> None:
    centres = np.array([[-2.0, 0], [0, 0], [2, 0]])
    value, plan = transport(centres, circles(centres, 12))
    assert value == pytest.approx(1)
    for i in range(3):
        assert plan[i].reshape(3, 12)[i].sum() == pytest.approx(1 / 3, abs=1e-2)


def test_touching_circles_have_equal_heights_and_others_not() -> None:
    assert heights(np.array([[0.0, 0], [2, 0]]), 8) == pytest.approx((0, 0), abs=1e-6)
    assert heights(np.array([[0.0, 0], [3, 0]]), 8) == pytest.approx((-1, 1), abs=1e-6)


def test_centres_that_are_too_close_are_nearer() -> None:
    value, _ = transport(np.array([[0.0, 0], [1, 0]]), circles(np.array([[0.0, 0], [1, 0]]), 12))
    assert value < 0.99


def test_the_cones_on_spheres_in_more_dimensions() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 7):
        centres = 2.0 * np.arange(3)[:, None] * np.eye(n)[0]
        y = rng.normal(size=(50, n))
        y /= np.linalg.norm(y, axis=1)[:, None]
        for c in centres:
            nearest = np.linalg.norm(c + y[:, None] - centres[None], axis=2).min(axis=1)
            assert nearest == pytest.approx(np.ones(50))


def test_gains_by_hand() -> None:
    optimal = [(network, 1) for network in (absolute_value.MINUS, unique.CAPPED, unique.RAISED)]
    for network, gain in ((absolute_value.ABSOLUTE, -1), (absolute_value.ZERO, 0), *optimal):
        f = laws.function(network)
        value = laws.value(f, Fraction(0)) - (laws.value(f, Fraction(-1)) + laws.value(f, Fraction(1))) / 2
        assert value == gain


def test_capped_is_capped() -> None:
    f = laws.function(unique.CAPPED)
    for x in (Fraction(-4), Fraction(-1, 3), Fraction(0), Fraction(1), Fraction(7, 2)):
        assert laws.value(f, x) == -min(abs(x), Fraction(1))


KINKS = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (-1.0, -3.0)]
SMOOTH = [(0.5, 1.0), (0.6, 0.8), (5.0, 0.1), (-1.1, 0.0)]


@pytest.mark.parametrize(("point", "smooth"), [*((p, False) for p in KINKS), *((p, True) for p in SMOOTH)])
def test_gradients_by_differences(point: tuple[float, float], smooth: bool) -> None:
    centres = np.array([[-2.0, 0], [0, 0], [2, 0]])

    def f(x: Floats) -> float:
        return float(np.max(1 - np.linalg.norm(centres - x, axis=1)))

    x, step = np.array(point), 1e-6
    right = np.array([(f(x + step * e) - f(x)) / step for e in np.eye(2)])
    left = np.array([(f(x) - f(x - step * e)) / step for e in np.eye(2)])
    by_differences = np.allclose(right, left, atol=1e-4) and abs(np.linalg.norm(right) - 1) < 1e-4
    data = {"point": [str(Fraction(str(a))) for a in point], "centres": gradient.THREE}
    assert gradient.examine(data, False).conclusion == by_differences == smooth


def test_the_line_examples_need_their_hypotheses() -> None:
    two = Fraction(2)
    assert not cones.examine(cones.THREE, Fraction(1), two).violates()
    assert not cones.examine(cones.CLOSE, Fraction(1), two).conclusion
    assert not cones.examine(cones.SINGLE, Fraction(101, 100), two).conclusion
    assert three_cones.examine(three_cones.CANDIDATES[1]).violates(["touching"])
    with pytest.raises(laws.LawError):
        cones.examine({"centres": ["0", "0"]}, Fraction(1), two)


def test_spheres_on_the_line_have_two_points_each() -> None:
    centres, first, second = common.spheres({"centres": ["0", "5"]}, Fraction(2))
    assert centres == (0, 5) and {p.low for p in first.parts} == {0, 5}
    assert sorted(p.low for p in second.parts) == [-2, 2, 3, 7]
