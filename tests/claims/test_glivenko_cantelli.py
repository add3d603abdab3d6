"""Uniform laws and their failure, recomputed in floating point and by brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lipcheck.claims.bethune2021.glivenko_cantelli import functions, hkr, overfitting, wasserstein
from lipcheck.claims.bethune2021.glivenko_cantelli._classes import mean_distance, near
from lipcheck.claims.bethune2021.glivenko_cantelli.functions import SampleError
from lipcheck.words.claim import Variant


@pytest.mark.parametrize("points", [["0"], ["1/2"], ["1/8", "1/4", "1"], ["1/3", "1/2", "2/3", "3/4"]])
@pytest.mark.parametrize("radius", [Fraction(0), Fraction(1, 16), Fraction(1, 5), Fraction(2)])
def test_lengths_and_mean_distances(points: list[str], radius: Fraction) -> None:
    sample = [Fraction(x) for x in points]
    grid = (np.arange(20000) + 0.5) / 20000
    distance = np.min(abs(grid[:, None] - np.array([float(x) for x in sample])), axis=1)
    assert float(near(sample, radius)) == pytest.approx(np.mean(distance <= float(radius)), abs=2e-3)
    assert float(mean_distance(sample)) == pytest.approx(np.mean(distance), abs=1e-4)


def test_every_sample_can_be_memorised_by_a_sign() -> None:
    signs = functions.signs(Variant())
    rng = np.random.default_rng(3)
    for p in (1, 2, 5, 9):
        sample = sorted({f"{k}/997" for k in rng.integers(1, 997, size=p)})
        assert signs.examine({"sample": sample, "radius": str(Fraction(1, 8 * p))}).violates()
        assert not functions.signs(Variant(repaired=True)).examine({"sample": sample, "radius": "0"}).violates()


def test_the_wasserstein_distance_of_samples_falls() -> None:
    """sup over Lip_1 of P_p f - P f on [0, 1] is the integral of |F_p - F|."""
    rng = np.random.default_rng(5)
    grid = (np.arange(2000) + 0.5) / 2000
    found = []
    for p in (10, 1000, 100000):
        empirical = np.searchsorted(np.sort(rng.uniform(size=p)), grid) / p
        found.append(np.mean(abs(empirical - grid)))
    assert found[0] > found[1] > found[2] and found[2] < 0.005


@pytest.mark.parametrize(("positive", "negative", "finite"), [(1, 1, True), (2, 1, False), (0, 3, False), (4, 4, True)])
def test_the_wasserstein_loss_of_constants(positive: int, negative: int, finite: bool) -> None:
    losses = [(-positive * c + negative * c) / (positive + negative) for c in (-1e6, 0, 1e6)]
    assert (min(losses) > -1) is finite
    data = {"positive": positive, "negative": negative}
    assert wasserstein.bounded_below(Variant()).examine(data).conclusion is finite
    assert not wasserstein.bounded_below(Variant(repaired=True)).examine(data).violates()


@pytest.mark.parametrize("lam", [Fraction(1, 2), Fraction(1), Fraction(3)])
@pytest.mark.parametrize(
    "pi", [Fraction(1, 10), Fraction(1, 5), Fraction(1, 3), Fraction(2, 5), Fraction(1, 2), Fraction(4, 5)]
)
def test_the_threshold_of_hkr(lam: Fraction, pi: Fraction) -> None:
    def loss(c: Fraction) -> Fraction:
        m = Fraction(1)
        return pi * (-c + lam * max(Fraction(0), m - c)) + (1 - pi) * (c + lam * max(Fraction(0), m + c))

    slopes = loss(Fraction(100)) - loss(Fraction(99)), loss(Fraction(-100)) - loss(Fraction(-99))
    threshold = 1 / (2 + lam)
    rarer = min(pi, 1 - pi)
    assert (min(slopes) > 0) is (rarer > threshold) and (min(slopes) == 0) is (rarer == threshold)
    data = {"lam": str(lam), "pi": str(pi)}
    assert hkr.consistent(Variant()).examine(data).violates() is (rarer == threshold)
    assert not hkr.consistent(Variant(repaired=True)).examine(data).violates()


def test_samples_below_the_threshold_by_simulation() -> None:
    rng = np.random.default_rng(6)
    assert np.mean(3 * rng.binomial(1000, 1 / 3, size=20000) < 1000) == pytest.approx(0.5, abs=0.03)
    for p in (1, 2, 3, 10):
        draws = np.array([sum(row) for row in product((0, 1), repeat=p)])
        weight = (1 / 3) ** draws * (2 / 3) ** (p - draws)
        assert float(hkr.fewer_than_a_third(p)) == pytest.approx(weight[3 * draws < p].sum())
    below = hkr.below()
    assert all(below.holds(p) for p in below.elements())


@pytest.mark.parametrize("c", [-7.0, -0.5, 0.0, 2.0, 30.0])
def test_the_gap_of_a_constant(c: float) -> None:
    T, pi, share = 1.5, 0.25, 0.4
    plus, minus = np.logaddexp(0, -T * c), np.logaddexp(0, T * c)
    gap = (share * plus + (1 - share) * minus) - (pi * plus + (1 - pi) * minus)
    assert gap == pytest.approx(-(share - pi) * T * c)
    data = {"positive": 2, "negative": 3, "pi": "1/4", "T": "3/2", "c": str(Fraction(c))}
    assert overfitting.gap(Variant()).examine(data).conclusion is bool(abs(gap) <= 1)


def test_malformed_data_are_refused() -> None:
    for examine, data in (
        (functions.signs(Variant()).examine, {"sample": [], "radius": "1"}),
        (functions.signs(Variant()).examine, {"sample": ["2"], "radius": "1"}),
        (hkr.consistent(Variant()).examine, {"lam": "1"}),
        (wasserstein.bounded_below(Variant()).examine, {"positive": -1, "negative": 2}),
        (overfitting.gap(Variant()).examine, {"positive": 1}),
    ):
        with pytest.raises(SampleError):
            examine(data)


def test_hinge_and_huber_are_coercive_and_lipschitz() -> None:
    z = np.linspace(-20, 20, 4001)
    for m in (0.0, 1.0, 3.0):
        hinge = np.maximum(0, m - z)
        assert np.all(hinge >= -z) and np.max(abs(np.diff(hinge)) / np.diff(z)) <= 1 + 1e-9
    for delta in (0.5, 2.0):
        r = 1 - z
        huber = np.where(abs(r) <= delta, r**2 / 2, delta * (abs(r) - delta / 2))
        same = r**2 / 2 - np.maximum(abs(r) - delta, 0) ** 2 / 2
        assert np.allclose(huber, same) and np.all(huber >= delta * abs(r) - delta**2 / 2 - 1e-12)
        assert np.max(abs(np.diff(huber)) / np.diff(z)) <= delta + 1e-9


@pytest.mark.parametrize(
    ("T", "c", "holds"), [("1/2", "3", True), ("1", "3", False), ("2", "3/4", True), ("2", "2", False)]
)
def test_losses_of_constants_differ_by_the_gap_of_frequencies_times_temperature(T: str, c: str, holds: bool) -> None:
    data = {"positive": 1, "negative": 0, "pi": "1/2", "T": T, "c": c}
    t = float(Fraction(T) * Fraction(c))
    difference = np.logaddexp(0, -t) - (np.logaddexp(0, -t) + np.logaddexp(0, t)) / 2
    assert (abs(difference) <= 1) == holds == overfitting.gap(Variant()).examine(data).conclusion
