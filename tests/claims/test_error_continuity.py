"""The error of c_f^m under small changes of f, by brute force on finite laws."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lipcheck.claims.bethune2021.error_continuity import prevents as row
from lipcheck.claims.bethune2021.error_continuity.prevents import SetError
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
    assert prevented.examine({"atoms": [["0", 1, "2/3", 5], ["0", -1, "1/3", 0]]}).violates()
    assert prevented.examine({"atoms": [["0", 1, "1/2", 1], ["1", -1, "1/2", 3]]}).violates()
    coin = {"atoms": [["0", 1, "1/2", 1], ["0", -1, "1/2", 1]]}
    assert not prevented.examine(coin).violates()
    assert not row.prevented(Variant(repaired=True)).examine({"atoms": [["0", 1, "1", 1]]}).violates()
    for atoms in ([["0", 2, "1", 1]], [["0", 1, "1/2", 1]] * 2, [["0", 1, "0", 1]], [["0", 1, "1", 0]], []):
        with pytest.raises(SetError):
            prevented.examine({"atoms": atoms})


def test_deviations_on_a_finite_law_are_small_for_every_classifier_at_once() -> None:
    rng = np.random.default_rng(20)
    mass = np.array([[0.3, 0.1], [0.2, 0.4]])
    worst = []
    for p in (10, 100000):
        share = rng.multinomial(p, mass.ravel()).reshape(2, 2) / p
        gaps = [abs(sum((share - mass)[i, 1 - c[i]] for i in range(2))) for c in product((0, 1), repeat=2)]
        assert max(gaps) <= abs(share - mass).sum() + 1e-12
        worst.append(max(gaps))
    assert worst[1] < 0.01


@pytest.mark.parametrize(("up", "down"), [("3/4", "1/4"), ("1/4", "3/4"), ("1/2", "1/2")])
def test_the_error_is_discontinuous_unless_the_coin_is_fair(up: str, down: str) -> None:
    data = {"atoms": [["0", 1, up, 3], ["0", -1, down, 2]]}
    found = row.prevented(Variant()).examine(data)
    assert found.hypotheses["discontinuous"] == (up != down) and not found.conclusion


def test_no_labelling_deviates_by_more_than_the_sum_of_deviations() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        weights, counts = rng.integers(1, 9, 6), rng.integers(0, 9, 6)
        counts[0] += 1
        atoms = [
            [str(x), y, str(Fraction(int(weights[2 * x + (y > 0)]), int(weights.sum()))), int(counts[2 * x + (y > 0)])]
            for x in range(3)
            for y in (-1, 1)
        ]
        assert not row.prevented(Variant()).examine({"atoms": atoms}).conclusion
