"""Normalizations, clipping and activations against numpy."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from lipcheck.claims.bethune2021.spectral_and_frobenius import CLAIMS, penalties, rows, spectral, with_activation
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall, Universal
from lipcheck.words.verdict import Budget

BY_ID = {claim.id.removeprefix("bethune2021.spectral_and_frobenius").removeprefix("."): claim for claim in CLAIMS}


def spelled(weight: np.ndarray) -> list[list[str]]:
    return [[str(Fraction(v)) for v in row] for row in weight.tolist()]


def test_one_iteration_leaves_a_constant_of_at_least_one() -> None:
    rng = np.random.default_rng(0)
    rule = spectral.iterated(Variant())
    exact = 0
    for _ in range(30):
        weight = rng.integers(-2, 3, size=(2, 2)).astype(float)
        if not weight.any():
            continue
        u = np.array([1.0, 2.0])
        if not (weight.T @ u).any():
            continue
        data = {"W": spelled(weight), "u": ["1", "2"], "iterations": 2}
        for _ in range(2):
            v = weight.T @ u / np.linalg.norm(weight.T @ u)
            u = weight @ v / np.linalg.norm(weight @ v)
        ratio = np.linalg.norm(weight, 2) / (u @ weight @ v)
        assert ratio >= 1 - 1e-12
        found = rule.examine(data).conclusion
        exact += found
        assert found == math.isclose(ratio, 1, rel_tol=1e-12)
    assert exact > 0


def test_the_constant_with_relu_is_that_of_a_grid() -> None:
    rng = random.Random(0)
    rule = with_activation.layers(Variant())
    seen = set()
    for _ in range(60):
        triple = rng.choice([(3, 4, 5), (5, 12, 13), (0, 1, 1)])
        column = [Fraction(rng.choice((-1, 1)) * t, triple[2]) for t in triple[:2]]
        bias = [Fraction(rng.randint(-2, 2)) for _ in column]
        grid = [k / 8 for k in range(-200, 201)]
        values = [[max(float(w) * x + float(b), 0.0) for w, b in zip(column, bias, strict=True)] for x in grid]
        steepest = max(math.dist(a, b) * 8 for a, b in pairwise(values))
        found = rule.examine({"column": list(map(str, column)), "bias": list(map(str, bias))})
        assert found.conclusion == (steepest > 1 - 1e-9), (column, bias)
        seen.add(found.violates())
    assert seen == {True, False}


def test_frobenius_and_rows() -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        m, n = rng.integers(1, 6, size=2)
        weight = rng.normal(size=(m, n))
        largest, frobenius = np.linalg.norm(weight, 2), np.linalg.norm(weight)
        rank = np.linalg.matrix_rank(weight)
        assert largest <= frobenius * (1 + 1e-12) <= math.sqrt(m * n) * abs(weight).max() * (1 + 1e-9)
        assert 1 / math.sqrt(rank) - 1e-12 <= largest / frobenius <= 1 + 1e-12
        unit = weight / np.linalg.norm(weight, axis=1, keepdims=True)
        assert 1 - 1e-12 <= np.linalg.norm(unit, 2) <= math.sqrt(m) * (1 + 1e-12)
    assert math.isclose(np.linalg.norm(np.tile([[0.6, 0.8]], (5, 1)), 2), math.sqrt(5))


def test_the_clipping_bound_is_attained() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        widths, c = rng.integers(1, 5, size=4), 0.3
        bound = c**3 * widths[1] * widths[2] * math.sqrt(widths[0] * widths[3])
        shapes = list(pairwise(widths))
        x = np.ones(widths[0])
        for a, b in shapes:
            x = np.maximum(np.full((b, a), c) @ x, 0)
        assert math.isclose(np.linalg.norm(x) / math.sqrt(widths[0]), bound)
        weights = [rng.uniform(-c, c, size=(b, a)) for a, b in shapes]
        assert math.prod(np.linalg.norm(w, 2) for w in weights) <= bound * (1 + 1e-12)


def test_constants_of_activations() -> None:
    x = np.linspace(-40, 40, 400_001)
    for function, constant in (
        (np.maximum(x, 0), 1),
        (1 / (1 + np.exp(-x)), 0.25),
        (np.tanh(x), 1),
        (np.logaddexp(0, x), 1),
    ):
        slope = np.abs(np.diff(function) / np.diff(x)).max()
        assert constant * 0.999 < slope <= constant * (1 + 1e-6)


def test_the_others_exceed_one() -> None:
    x = np.linspace(-8, 8, 160_001)
    gelu = x * np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])
    selu = 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0)))
    slopes = [np.abs(np.diff(y) / np.diff(x)).max() for y in (gelu, x / (1 + np.exp(-x)), selu)]
    assert np.allclose(slopes, [1.129, 1.100, 1.758], atol=2e-3)


def test_the_regularized_minimizer_obeys_the_bound() -> None:
    """Two layers of width one, E = (w1 w2 - 3)^2, lambda = 1: a grid finds the minimizer."""
    grid = np.linspace(-4, 4, 801)
    first, second = np.meshgrid(grid, grid)
    loss = (first * second - 3) ** 2 + first**2 + second**2
    best = np.unravel_index(loss.argmin(), loss.shape)
    assert abs(first[best] * second[best]) <= 9 / 2
    assert loss[best] < 9


def test_malformed_data_are_refused() -> None:
    for claim, data in (("weight_normalization", {"matrix": []}), ("with_activation", {"column": [], "bias": []}),
                        ("with_activation", {"column": ["1"], "bias": ["0", "0"]})):  # fmt: skip
        (rule,) = [o for o in BY_ID[claim].obligations(Variant(), Budget.CI) if isinstance(o, Universal)]
        with pytest.raises(ReplayError):
            refutes(data, rule)
    assert rows.TWO_ROWS == {"matrix": [["1"], ["1"]]}


def test_steps_on_random_rationals() -> None:
    values = [Fraction(v) for v in ("-2", "-1", "0", "1/2", "1", "2")]
    rng = random.Random(0)
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall):
                for _ in range(300):
                    point = {name: rng.choice(values) for name in obligation.variables}
                    assert not obligation.violated_at(point), (obligation.name, point)
    assert penalties.budget_of_weights(Variant(dropped=frozenset({"loss"}))).violated_at(
        {"E": Fraction(-5), "zero": Fraction(0), "lam": Fraction(1), "S": Fraction(5)}
    )


def test_equal_rows_attain_the_number_of_rows() -> None:
    less = rows.equal_rows(Variant(constants={"factor": Fraction(3, 4)}))
    assert less.violated_at({"r": Fraction(1), "m": Fraction(2)})
