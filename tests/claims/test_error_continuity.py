"""The error of c_f^m under small changes of f, by brute force on finite laws."""

from __future__ import annotations

import numpy as np
import pytest

from lipcheck.claims.bethune2021 import error_continuity as row
from lipcheck.claims.bethune2021.error_continuity import SetError
from lipcheck.words.claim import Variant


def error(f: np.ndarray, y: np.ndarray, mass: np.ndarray, m: float) -> float:
    """P(c_f^m != y), the first line of equation 7 first."""
    decided = np.where(f >= m, 1, np.where(f <= -m, -1, 0))
    return float(np.sum(mass[decided != y]))


@pytest.mark.parametrize("m", [0.5, 1.0, 3.0])
def test_the_jump_at_f_is_the_mass_at_the_margin(m: float) -> None:
    rng = np.random.default_rng(7)
    for _ in range(50):
        f = rng.choice([-m, m, 0.0, 2 * m, -1.5 * m], size=8)
        y, mass = rng.choice([-1, 1], size=8), rng.dirichlet(np.ones(8))
        at_margin = float(np.sum(mass[y * f == m]))
        jump = error((1 - 1e-9) * f, y, mass, m) - error(f, y, mass, m)
        assert jump == pytest.approx(at_margin)
        for _ in range(20):
            g = f + rng.uniform(-1e-9, 1e-9, size=8)
            assert abs(error(g, y, mass, m) - error(f, y, mass, m)) <= at_margin + 1e-12


def test_constants_at_the_margin() -> None:
    y, mass = np.array([1, 1, -1]), np.array([0.5, 0.2, 0.3])
    for m in (0.25, 2.0):
        at, below = (error(np.full(3, v), y, mass, m) for v in (m, m - 1e-9))
        assert at == pytest.approx(0.3) and below == pytest.approx(1.0)
    zero = [error(np.full(3, v), y, mass, 0.0) for v in (0.0, -1e-9)]
    assert zero == pytest.approx([0.3, 0.7])


def test_fair_coins_have_a_constant_error_without_margin() -> None:
    rng = np.random.default_rng(8)
    x = np.repeat(np.arange(5), 2)
    y, mass = np.tile([1, -1], 5), np.full(10, 0.1)
    for _ in range(50):
        f = rng.choice([-1.0, 0.0, 1.0], size=5)[x]
        assert error(f, y, mass, 0.0) == pytest.approx(0.5)


def test_finite_sets_are_consistent_and_still_discontinuous() -> None:
    prevented = row.prevented(Variant())
    assert prevented.examine({"points": ["0", "1"]}).violates()
    assert not prevented.examine({"points": None}).violates()
    assert not row.prevented(Variant(repaired=True)).examine({"points": ["0"]}).violates()
    for data in ({"points": []}, {"points": ["0", "0"]}, {}):
        with pytest.raises(SetError):
            prevented.examine(data)
