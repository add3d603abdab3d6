"""The bounds on ReLU under the 2-norm, attacked: secants, searches, larger norms, networks without biases."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from test_relu_cannot_approximate import Array, float_network, run

from lipcheck.build.relu_folding import best_slope_square
from lipcheck.claims.anil2019.relu_cannot_approximate import (
    depth,
    infinity,
    linear,
    smooth,
    sufficient,
    wasserstein,
    without_biases,
)
from lipcheck.claims.anil2019.relu_cannot_approximate.common import plain
from lipcheck.network import Abs, LeakyReLU
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall

half = Fraction(1, 2)


@pytest.mark.parametrize("norm", [Fraction(1001, 1000), Fraction(101, 100), Fraction(13, 10)])
def test_norms_beyond_one_break_every_bound(norm: Fraction) -> None:
    more = Variant(constants={"norm": norm})
    examined = [
        depth.examine(depth.candidates(more)[0], more),
        infinity.examine(infinity.candidates(more)[1], more, False),
        linear.law(linear.candidates(more)[0], more),
        wasserstein.examine(wasserstein.candidates(more)[0], more),
        without_biases.examine(without_biases.candidates(more)[0], more),
    ]
    if norm > Fraction(1005, 1000):
        examined.append(sufficient.examine(sufficient.candidates(more)[2], more))
    assert all(found.violates() for found in examined)


def test_secants_of_flat_and_kinked_units_multiply() -> None:
    """f(y) - f(x) is the product of weights and secant slopes, all in [0, 1], also across kinks and on flat pieces."""
    random = np.random.default_rng(5)
    for kind, act in (("relu", lambda z: np.maximum(z, 0)), ("clip", lambda z: np.clip(z, -0.5, 0.5)),
                      ("tanh", np.tanh)):  # fmt: skip
        for _ in range(60):
            weights, biases = float_network(random, 3, 2)
            x, y = (np.array([t]) for t in sorted(random.choice([-1.0, -0.5, 0.0, 0.5, 1.0], 2, replace=False)))
            change = y - x
            for w, b in zip(weights[:-1], biases[:-1], strict=True):
                x, y = w @ x + b, w @ y + b
                flat = np.abs(y - x) < 1e-12
                slopes = np.where(flat, 1.0, (act(y) - act(x)) / np.where(flat, 1.0, y - x))
                assert np.all((slopes >= -1e-9) & (slopes <= 1 + 1e-9)), kind
                change = slopes * (w @ change)
                x, y = act(x), act(y)
            assert float((weights[-1] @ change)[0]) == pytest.approx(float((weights[-1] @ (y - x))[0]), abs=1e-9)


@pytest.mark.parametrize("hidden", [1, 2, 3, 4])
def test_no_ascent_beats_the_bound(hidden: int) -> None:
    """Coordinate search over weights and free secant slopes in [0, 1] stays below k_h, and comes near it."""
    random, best = np.random.default_rng(hidden), 0.0
    pairs = np.sqrt(float(best_slope_square(hidden)))

    def value(weights: list[Array], slopes: Array) -> float:
        g, k = np.ones(1), np.ones(1)
        for level, w in enumerate(weights):
            w = w / np.linalg.norm(w, 2)
            g, k = w @ g, w @ k
            if level < hidden:
                g, k = slopes[level, 0] * g, slopes[level, 1] * k
        return float(abs(g - k)[0]) / 2

    for _ in range(3):
        weights = [random.normal(size=s) for s in ((4, 1), *[(4, 4)] * (hidden - 1), (1, 4))]
        slopes = (random.random((hidden, 2, 4)) < 0.5).astype(float)
        found = value(weights, slopes)
        for step in range(500):
            size = 0.5 * 0.993**step
            moved = [w + size * random.normal(size=w.shape) for w in weights]
            other = np.clip(slopes + (random.random(slopes.shape) < 0.05) * random.normal(size=slopes.shape), 0, 1)
            if (better := value(moved, other)) > found:
                weights, slopes, found = moved, other, better
        best = max(best, found)
    assert 0.6 * pairs < best <= pairs + 1e-9


def test_the_sharp_law_is_within_the_quantitative_form() -> None:
    """k_h^2 <= h / (h + 2), with room at every depth, and the second chain gives h / (h + 2) itself."""
    for hidden in range(1, 80):
        assert best_slope_square(hidden) < Fraction(hidden, hidden + 2)
        assert (best_slope_square(hidden) == best_slope_square(hidden, biases=False)) == (hidden <= 2)
        assert best_slope_square(hidden, biases=False) < half


@pytest.mark.parametrize("hidden", [1, 2, 3, 5])
def test_second_differences_without_biases(hidden: int) -> None:
    random = np.random.default_rng(hidden)
    bound = math.sqrt(float(best_slope_square(hidden, biases=False)))
    for _ in range(300):
        weights, biases = float_network(random, hidden, 2)
        biases[0] *= 0
        left, middle, right = (run(weights, biases, "relu", x) for x in (-1.0, 0.0, 1.0))
        assert abs(left - 2 * middle + right) / 2 <= bound + 1e-9


def test_candidates_against_the_bound_without_biases() -> None:
    misses = [[k for k, v in without_biases.examine(d, Variant()).hypotheses.items() if not v]
              for d in without_biases.candidates(Variant())]  # fmt: skip
    assert misses == [["norm"], ["ReLU"], ["no bias"], []]
    assert without_biases.attained(4)


def equality(found: Forall, values: dict[str, Fraction], name: str, beyond: Fraction) -> bool:
    """Whether the hypotheses admit the values, and the conclusion holds there, but not with this number moved."""
    moved = {**values, name: values[name] + beyond}
    return found.admits(values) and found.conclusion.holds(values) and not found.conclusion.holds(moved)


def test_no_step_says_less_than_it_could() -> None:
    """Each last step is an equation somewhere: a weaker one, which proves less than the statement, fails here."""
    one, tiny = Fraction(1), Fraction(1, 10**6)
    h, t = Fraction(3), Fraction(1, 10)
    D = h * t
    assert equality(linear.from_norms(), {"S": 1 - 2 * t - D, "D": D, "h": h, "t": t}, "D", tiny)
    r, e = Fraction(2), Fraction(1, 5)
    ends = {"left": r - e, "middle": e, "right": r - e, "r": r, "e": e, "K": r - 2 * e}
    assert equality(depth.ending(), ends, "e", -tiny)
    B = Fraction(5, 3)
    sharp = {"B": B, "C": (1 + B) / B, "F": one, "G": (1 + B) / (4 * B)}
    assert equality(without_biases.first_layer(), sharp, "G", tiny)
    assert not smooth.ending().conclusion.holds({"g": one, "k": -one, "e": Fraction(1, 450)})
    assert smooth.ending().conclusion.holds({"g": one, "k": -one, "e": Fraction(1, 449)})
    assert equality(smooth.sigmoid(), {"g": Fraction(1, 4), "e": Fraction(3, 8)}, "e", -tiny)


def test_the_law_of_sums_sees_both_sums_and_differences() -> None:
    longer = plain([[Fraction(101, 100)]], LeakyReLU(1), [[1]])
    assert not linear.law(longer, Variant()).conclusion
    assert linear.law(plain([[1]], LeakyReLU(1), [[1]]), Variant()).conclusion
    assert not linear.law(plain([[1]], Abs(), [[1]]), Variant()).conclusion
