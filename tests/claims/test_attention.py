"""Attention with numpy: the family of the proof, random weights, and the bound on bounded tokens."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.claims.bethune2021.attention import CLAIMS, bounded, every, unbounded
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget


def attention(x: np.ndarray, A: np.ndarray, V: np.ndarray) -> np.ndarray:
    logits = x @ A @ x.T
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (weights / weights.sum(axis=1, keepdims=True)) @ x @ V.T


def family(A: np.ndarray, V: np.ndarray, q: np.ndarray, count: int, r: float) -> float:
    """The slope between the two inputs of the proof."""
    p = A @ q / (A @ q @ A @ q)
    x, y = (np.array([start, *[r * q] * (count - 1)]) for start in (0 * p, p / r))
    return float(np.linalg.norm(attention(y, A, V) - attention(x, A, V)) / np.linalg.norm(y - x))


def test_the_family_is_steep_for_random_weights() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        dimension, outputs, count = rng.integers(1, 4), rng.integers(1, 4), rng.integers(2, 5)
        A, V = rng.normal(size=(dimension, dimension)), rng.normal(size=(outputs, dimension))
        q = rng.normal(size=dimension)
        slopes = [family(A, V, q, int(count), r) for r in (100.0, 1000.0)]
        assert slopes[1] > 50 * slopes[0] > 0
        p = A @ q / (A @ q @ A @ q)
        m = count - 1
        least = 3 * m / ((1 + m) * (4 + 7 * m)) * 1000**2 * np.linalg.norm(V @ q) - np.linalg.norm(V @ p)
        assert slopes[1] * np.linalg.norm(p) >= least


def test_a_nilpotent_and_a_negative_form() -> None:
    A, V, q = np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[0.0, 1.0]]), np.array([0.0, 1.0])
    assert family(A, V, q, 2, 1000.0) > 1e4
    assert family(-np.eye(1), np.eye(1), np.ones(1), 2, 1000.0) > 1e4


def test_the_slope_at_zero_and_y() -> None:
    for y in (0.0, 1.0, 5.0, 20.0):
        h = 1e-6
        up, down = (attention(np.array([[x], [y]]), np.eye(1), np.eye(1))[0, 0] for x in (h, -h))
        assert math.isclose((up - down) / (2 * h), 0.5 + y * y / 4, rel_tol=1e-5)


def test_exceptions_are_linear() -> None:
    rng = np.random.default_rng(1)
    x, y, V = rng.normal(size=(1, 3)), rng.normal(size=(4, 3)), rng.normal(size=(2, 3))
    assert np.allclose(attention(x, rng.normal(size=(3, 3)), V), x @ V.T)
    assert np.allclose(attention(y, np.zeros((3, 3)), V), np.tile(y.mean(axis=0) @ V.T, (4, 1)))


def test_bounded_tokens() -> None:
    rng = np.random.default_rng(2)
    largest = 0.0
    for _ in range(300):
        A, V = rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
        radius = rng.uniform(0.2, 3)
        x, step = rng.normal(size=(3, 2)), 1e-5 * rng.normal(size=(3, 2))
        x *= radius / np.linalg.norm(x, axis=1).max()
        bound = np.linalg.norm(V, 2) * (1 + 2 * np.linalg.norm(A, 2) * (radius * (1 + 1e-3)) ** 2)
        moved = np.linalg.norm(attention(x + step, A, V) - attention(x, A, V), axis=1).max()
        largest = max(largest, moved / (bound * np.linalg.norm(step, axis=1).max()))
    assert 0.2 < largest <= 1


def test_layers_of_the_literal_reading() -> None:
    rule = every.layers(Variant())
    for count, a, v in ((1, 1, 1), (2, 0, 1), (2, 1, 0), (2, 1, 1), (3, -1, 2)):
        data = {"tokens": count, "A": [[str(a)]], "V": [[str(v)]]}
        A, V = np.array([[float(a)]]), np.array([[float(v)]])
        steep = bool(a) and count > 1 and family(A, V, np.ones(1), count, 1e4) > 1e6
        assert rule.examine(data).conclusion == steep
    for bad in ({"tokens": 0, "A": [["1"]], "V": [["1"]]}, {"tokens": 1, "A": [["1", "0"]], "V": [["1"]]}, {}):
        with pytest.raises(ReplayError):
            refutes(bad, rule)


def test_steps_on_random_rationals() -> None:
    values = [Fraction(v) for v in ("-1", "0", "1/4", "1", "2", "7/4")]
    rng = random.Random(0)
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall):
                for _ in range(400):
                    point = {name: rng.choice(values) for name in obligation.variables}
                    assert not obligation.violated_at(point), (obligation.name, point)
    zero = dict.fromkeys(("c", "d", "a", "K"), Fraction(0)) | {"v": Fraction(1), "t": Fraction(1)}
    assert unbounded.steep(Variant(dropped=frozenset({"two tokens"}))).violated_at(zero)
    far = {"A": 1, "R": 1, "dx": 1, "dy": 0, "x": 0, "y": 3, "move": 1, "dl": 3}
    assert bounded.logits(Variant(dropped=frozenset({"bounded"}))).violated_at({k: Fraction(v) for k, v in far.items()})


def test_the_gain_is_sharp_at_its_least_weight() -> None:
    """(w - 1) / (1 + m w) = 3 / (4 + 7 m) at w = 7/4, and less below."""
    for m in range(1, 5):
        point = {"m": Fraction(m), "w": Fraction(7, 4), "u": Fraction(3, 4)}
        assert unbounded.gain().conclusion.holds(point)
        assert not unbounded.gain().conclusion.holds(point | {"w": Fraction(17, 10)})
