"""Proposition 5, recomputed: minimizers at one point, and infima of simulated samples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from lipcheck.claims.bethune2021.proposition_5 import minimum, printed_proof
from lipcheck.claims.bethune2021.proposition_5.minimum import LawError
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError


def least(positive: int, negative: int) -> tuple[float, float]:
    """Minimizer and least mean loss of a constant function, numerically."""
    total = positive + negative
    found = minimize_scalar(
        lambda f: (positive * np.logaddexp(0, -f) + negative * np.logaddexp(0, f)) / total, bounds=(-30, 30)
    )
    return float(found.x), float(found.fun)


@pytest.mark.parametrize(("positive", "negative"), [(1, 1), (2, 1), (1, 5), (7, 3)])
def test_the_minimizer_at_one_point_has_the_odds(positive: int, negative: int) -> None:
    at, _ = least(positive, negative)
    assert np.exp(at) == pytest.approx(positive / negative, rel=1e-4)
    examined = printed_proof.subspace(Variant()).examine({"positive": positive, "negative": negative})
    assert examined.conclusion is (positive == negative)
    assert (
        printed_proof.subspace(Variant(repaired=True)).examine({"positive": positive, "negative": negative}).conclusion
    )


def test_infima_of_samples_approach_the_entropy_and_their_variance_falls() -> None:
    rng = np.random.default_rng(1)
    entropy = -0.3 * np.log(0.3) - 0.7 * np.log(0.7)
    spreads = []
    for p in (20, 2000):
        found = []
        for positive in rng.binomial(p, 0.3, size=30):
            a = np.clip(positive / p, 1e-12, 1 - 1e-12)
            found.append(-a * np.log(a) - (1 - a) * np.log(1 - a))
        assert max(found) <= np.log(2) + 1e-12
        spreads.append((abs(np.mean(found) - entropy), np.var(found)))
    assert spreads[1][0] < 0.01 and spreads[1][1] < spreads[0][1] / 20


def test_two_points_and_the_lipschitz_condition_by_brute_force() -> None:
    """Labels +, +, - at one point, - at another, distance 1: two of each kind, so that |f| <= L D + ln 1."""
    grid = np.linspace(-4, 4, 321)
    f, g = np.meshgrid(grid, grid, indexing="ij")
    for L in (0.0, 0.5, 2.0):
        loss = 2 * np.logaddexp(0, -f) + np.logaddexp(0, f) + np.logaddexp(0, g)
        loss[abs(f - g) > L + 1e-9] = np.inf
        i, j = np.unravel_index(np.argmin(loss), loss.shape)
        assert max(abs(grid[i]), abs(grid[j])) <= L + 0.03


def test_the_law_decides_whether_a_minimum_exists() -> None:
    one = minimum.attained(Variant())
    assert one.examine({"T": "1", "atoms": [["0", -1, "1"]]}).violates()
    assert one.examine({"T": "1", "atoms": [["0", 1, "1/3"], ["5", 1, "2/3"]]}).violates()
    assert not one.examine({"T": "1", "atoms": [["0", 1, "1/3"], ["5", -1, "2/3"]]}).violates()
    repaired = minimum.attained(Variant(repaired=True))
    assert not repaired.examine({"T": "1", "atoms": [["0", -1, "1"]]}).violates()


@pytest.mark.parametrize(
    "data",
    [{}, {"T": "1", "atoms": [["0", 0, "1"]]}, {"T": "1", "atoms": [["0", 1, "-1"]]}, {"T": "x", "atoms": []}],
)
def test_malformed_laws_are_refused(data: object) -> None:
    with pytest.raises(LipcheckError):
        minimum.classes(data)


def test_malformed_counts_are_refused() -> None:
    for data in ({"positive": 1}, {"positive": 1, "negative": True}, [1, 2]):
        with pytest.raises(LawError):
            printed_proof.subspace(Variant()).examine(data)


def test_relu_networks_interpolate_coin_flips() -> None:
    rng = np.random.default_rng(2)
    x, y = np.sort(rng.uniform(size=12)), 50 * rng.choice([-1.0, 1.0], size=12)
    values, units = np.full(12, y[0]), []
    for k in range(11):
        c = (y[k + 1] - values[k + 1]) / (x[k + 1] - x[k])
        values = values + c * np.maximum(x - x[k], 0)
        units.append(c)
    assert np.allclose(values, y) and np.mean(np.logaddexp(0, -np.sign(y) * values)) < 1e-12
