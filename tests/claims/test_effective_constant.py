"""Normalized networks: their constants on grids, random weights, and gradients by differences."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lipcheck.claims.bethune2021.effective_constant import CLAIMS, between, every, gradients, initialization, typical
from lipcheck.network import Affine, MaxMin, Network, ReLU, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget

F = Fraction


def test_constants_of_normalized_networks_on_a_grid() -> None:
    rng = random.Random(0)
    rule = every.below(Variant())
    seen = set()
    for _ in range(60):
        first = [F(rng.choice((-3, 3)), 5), F(rng.choice((-4, 4)), 5)]
        last = [[F(rng.choice((-4, 4)), 5), F(rng.choice((-3, 3)), 5)]]
        if rng.random() < 0.5:
            last = [[last[0][1], last[0][0]]]
        bias = [F(rng.randint(-1, 1)) for _ in first]
        network = Network(1, (Affine([[w] for w in first], bias), ReLU(), Affine(last, [0])))
        values = [evaluate(network, [F(k, 4)])[0] for k in range(-60, 61)]
        steepest = max(abs(a - b) * 4 for a, b in zip(values[1:], values[:-1], strict=True))
        found = rule.examine(to_json(network))
        assert found.hypotheses["normalized"]
        assert found.conclusion == (steepest < 1)
        seen.add(found.violates())
    assert seen == {True, False}


def test_what_is_not_normalized() -> None:
    assert not every.normalized(Network(1, (Affine([["1/2"]], [0]),)))
    assert not every.normalized(Network(1, (Affine([[1], [1]], [0, 0]),)))
    assert not every.normalized(Network(2, (MaxMin(),)))
    assert every.normalized(Network(1, (Affine([["3/5"], ["4/5"]], [5, 0]), ReLU())))
    with pytest.raises(ReplayError):
        refutes({"inputs": 2, "layers": to_json(Network(2, (ReLU(),)))["layers"]}, every.below(Variant()))


def test_pairs_have_every_constant() -> None:
    rng = np.random.default_rng(0)
    for value, count in ((F(1, 2), 1), (F(1, 3), 2), (F(0), 1), (F(1), 3)):
        network = between.pairs(value, count)
        points = rng.integers(-8, 9, size=(25, 2))
        images = [np.array([float(v) for v in evaluate(network, [int(a) for a in p])]) for p in points]
        slopes = [
            np.linalg.norm(images[i] - images[j]) / np.linalg.norm(points[i] - points[j])
            for i in range(25)
            for j in range(i)
            if (points[i] != points[j]).any()
        ]
        assert max(slopes) <= float(value) ** count + 1e-12
    big = between.norm(Variant(dropped=frozenset({"e"})))
    assert big.violated_at({"E": F(4), "A": F(0), "B": F(1)})


def test_gaussian_layers_shrink_by_q_on_average() -> None:
    """The mean of |V u|^2 is that of ||V||_F^2 / n for every direction u, and is below one for n >= 2."""
    rng = np.random.default_rng(3)
    for n in (2, 5):
        weights = rng.normal(size=(4000, n, n))
        normalized = weights / np.linalg.norm(weights, 2, axis=(1, 2))[:, None, None]
        q = (normalized**2).sum(axis=(1, 2)).mean() / n
        u = np.ones(n) / math.sqrt(n)
        assert abs(((normalized @ u) ** 2).sum(axis=1).mean() - q) < 0.03 and q < 0.85


def test_pairs_of_gaussian_layers_shorten_every_move() -> None:
    """k is a maximum of a convex function of D, so it is attained at signs; and bounds random slopes."""
    rng = np.random.default_rng(7)
    for n in (2, 4):
        signs = np.array(list(product((1, -1), repeat=n)), dtype=float)
        constants = []
        for _ in range(300):
            first, second = (w / np.linalg.norm(w, 2) for w in rng.normal(size=(2, n, n)))
            patterns = second @ (signs[:, :, None] * first)
            k = np.linalg.norm(patterns, 2, axis=(1, 2)).max()
            x, y = rng.normal(size=(2, 20, n))
            images = [np.maximum(z @ first.T + 0.3, 0) @ second.T for z in (x, y)]
            slopes = np.linalg.norm(images[0] - images[1], axis=1) / np.linalg.norm(x - y, axis=1)
            assert slopes.max() <= k + 1e-12 and k < 1 + 1e-12
            constants.append(k)
        assert np.mean(constants) < 0.97


def test_pairs_that_keep_a_length() -> None:
    """Without one of the three hypotheses a pair keeps a move: aligned vectors, equal values, steep activations."""
    names = ("x", "X", "y", "Y", "U", "W", "moved")
    aligned = typical.pair(Variant(dropped=frozenset({"not aligned"})))
    assert aligned.violated_at(dict(zip(names, map(F, (1, 0, 1, 0, 1, 1, 1)), strict=True)))
    steep = typical.pair(Variant(dropped=frozenset({"slopes"})))
    assert steep.violated_at(dict(zip(names, map(F, (1, 0, 0, 4, 1, 0, 4)), strict=True)))
    equal = typical.leading(Variant(dropped=frozenset({"distinct"})))
    assert equal.violated_at({"first": F(0), "rest": F(1), "t": F(1), "moved": F(1)})


def test_relu_gradients_decay_with_depth() -> None:
    rng = np.random.default_rng(4)
    n, sizes = 4, []
    for depth in (2, 12):
        squares = []
        for _ in range(200):
            jacobian, x = np.eye(n), np.ones(n)
            for _ in range(depth):
                weight = rng.normal(size=(n, n))
                weight /= np.linalg.norm(weight, 2)
                x = weight @ x
                active = x > 0
                jacobian = active[:, None] * (weight @ jacobian)
                x = x * active
            squares.append((jacobian**2).sum())
        sizes.append(np.mean(squares))
    assert sizes[1] < 1e-2 * sizes[0]


def test_gradients_of_weights_by_differences() -> None:
    rng = random.Random(5)
    rule = gradients.two_layers(Variant())
    for _ in range(40):
        first = [[rng.choice((-1, 0, 1))], [rng.choice((-1, 0, 1))]]
        second = [[rng.choice((-1, 0, 1)), rng.choice((-1, 0, 1))]]
        x = F(rng.randint(-2, 2), 2)

        def f(a: list[list[int]], b: list[list[int]], x: F = x) -> F:
            return sum((b[0][i] * a[i][0] * x for i in range(2)), F(0))

        base = f(first, second)
        last = sum((f(first, [[v + (i == k) for i, v in enumerate(second[0])]]) - base) ** 2 for k in range(2))
        before = sum((f([[v[0] + (i == k)] for i, v in enumerate(first)], second) - base) ** 2 for k in range(2))
        bound = f(first, second, F(1)) ** 2
        found = rule.examine({"first": [[str(v) for v in r] for r in first], "second": [list(map(str, second[0]))],
                              "x": [str(x)]})  # fmt: skip
        assert found.conclusion == (last <= bound and before <= bound)


def test_steps_on_random_rationals() -> None:
    values = [F(v) for v in ("-1", "0", "1/2", "1", "2", "3")]
    rng = random.Random(0)
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall):
                for _ in range(300):
                    point = {name: rng.choice(values) for name in obligation.variables}
                    assert not obligation.violated_at(point), (obligation.name, point)
    one = initialization.strict(Variant(dropped=frozenset({"unequal"})))
    assert one.violated_at({"n": F(2), "F": F(2), "t": F(1), "rest": F(0)})
