"""Separating functions and networks on random data, and the pieces of random networks."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from lipcheck.build.line_classifiers import ClassifierError
from lipcheck.build.point_classifiers import nearness, separating
from lipcheck.build.rescaling import norms_at_most_one
from lipcheck.claims.bethune2021.corollary_2 import CLAIMS, printed_proof, unbounded
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget

F = Fraction
BY_ID = {claim.id.removeprefix("bethune2021.corollary_2").removeprefix("."): claim for claim in CLAIMS}


def test_half_the_difference_of_distances() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 5):
        a, b = rng.normal(size=(6, n)), rng.normal(size=(7, n))
        x = rng.normal(size=(300, n)) * 2

        def f(points: np.ndarray, a: np.ndarray = a, b: np.ndarray = b) -> np.ndarray:
            to_a, to_b = (np.linalg.norm(points[:, None] - s, axis=2).min(axis=1) for s in (a, b))
            return np.asarray((to_b - to_a) / 2)

        gaps = np.abs(f(x)[:, None] - f(x)) - np.linalg.norm(x[:, None] - x, axis=2)
        apart = np.linalg.norm(a[:, None] - b, axis=2).min()
        assert gaps.max() < 1e-9
        assert f(a).min() >= apart / 2 - 1e-9 and f(b).max() <= -apart / 2 + 1e-9


def test_networks_on_random_points() -> None:
    rng = random.Random(0)
    for n in (1, 2, 3):
        for _ in range(3):
            spots = {tuple(F(rng.randint(-6, 6), 3) for _ in range(n)) for _ in range(5)}
            points = sorted(spots)
            a, b = points[::2], points[1::2]
            network = separating(a, b)
            assert norms_at_most_one(network)
            assert all(isinstance(layer, Affine | MaxMin) for layer in network.layers)
            assert all(evaluate(network, p)[0] > 0 for p in a) and all(evaluate(network, q)[0] < 0 for q in b)


def test_nearness_is_minus_a_distance() -> None:
    rng = random.Random(1)
    points = [tuple(F(rng.randint(-6, 6), 3) for _ in range(2)) for _ in range(3)]
    network = nearness(points)
    for _ in range(50):
        x = [F(rng.randint(-12, 12), 5) for _ in range(2)]
        assert evaluate(network, x)[0] == -min(max(abs(p - c) for p, c in zip(q, x, strict=True)) for q in points)


def test_a_network_changes_its_sign_less_often_than_it_has_pieces() -> None:
    rng, most = random.Random(2), 0
    for _ in range(40):
        first = Affine([[rng.randint(-3, 3)] for _ in range(6)], [rng.randint(-9, 9) for _ in range(6)])
        network = Network(1, (first, MaxMin(), Affine([[rng.randint(-3, 3) for _ in range(6)]], [rng.randint(-3, 3)])))
        values = [evaluate(network, [F(x)])[0] > 0 for x in range(-60, 61)]
        changes = sum(a != b for a, b in pairwise(values))
        assert changes <= len(pieces(network))
        most = max(most, changes)
    assert 2 <= most < 120


def test_distances_of_periodic_supports() -> None:
    for p, q, period in (("0", "1", "2"), ("1/3", "-1/2", "3/4"), ("5", "5", "1"), ("0", "7/2", "3")):
        apart, length = unbounded.gap({"P": p, "Q": q, "period": period})
        brute = min(abs(F(p) - F(q) + k * length) for k in range(-20, 21))
        assert apart == brute
    with pytest.raises(ClassifierError):
        unbounded.gap({"P": "0", "Q": "1", "period": "-1"})


def test_the_corner_in_floating_point() -> None:
    a, b = [(0.0, 0.0)], [(2.0, 0.0), (0.0, 2.0)]

    def gap(x: tuple[float, float]) -> float:
        return min(math.dist(x, p) for p in b) - min(math.dist(x, p) for p in a)

    rng = random.Random(3)
    for u in [(2.0, 2.0), (2.0, 3.0), (1.5, 1.2)]:
        height = math.dist(u, (1, 1))
        for _ in range(2000):
            y = (u[0] + rng.uniform(-height, height), u[1] + rng.uniform(-height, height))
            if math.dist(y, u) < height:
                assert gap(y) < 0
    assert abs(gap((1, 1))) < 1e-12
    rule = BY_ID["proof"].obligations(Variant(), Budget.SMOKE)[1]
    assert refutes({**printed_proof.CORNER, "v": ["3/2", "6/5"]}, rule)
    assert not refutes({**printed_proof.CORNER, "v": ["3/2", "3/2"]}, rule)


def test_finite_supports_are_no_counterexample() -> None:
    rule = BY_ID[""].obligations(Variant(), Budget.SMOKE)[0]
    assert refutes({"P": "0", "Q": "1/2", "period": "1"}, rule)
    assert not refutes({"P": "0", "Q": "1/2", "period": "0"}, rule)
    assert not refutes({"P": "0", "Q": "3", "period": "1"}, rule)
