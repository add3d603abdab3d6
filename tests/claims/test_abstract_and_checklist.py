"""What the abstract says, by optimization, brute force and small networks."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise, product
from math import exp, floor, log, log1p, sqrt
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from lipcheck.claims.bethune2021.abstract_and_checklist import checklist, circle, cross_entropy, dimension
from lipcheck.claims.bethune2021.abstract_and_checklist._words import ExampleError
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.rationals import NumberError


def test_dividing_a_network_by_its_constant_keeps_signs_and_certifies() -> None:
    random = Random(1)
    net = Network(2, (Affine.linear([[2, 1], [-1, 3]]), MaxMin(), Affine([[1, -2]], [1])))
    L = Fraction(9)  # above the product of the spectral norms, sqrt(15) and sqrt(5)
    for _ in range(300):
        x, y = ([Fraction(random.randint(-40, 40), 8) for _ in range(2)] for _ in range(2))
        f_x, f_y = evaluate(net, x)[0], evaluate(net, y)[0]
        if f_x * f_y <= 0:
            assert (f_x / L) ** 2 <= sum((a - b) ** 2 for a, b in zip(x, y, strict=True))


def test_half_the_difference_of_distances() -> None:
    random = Random(2)
    A, B = [(0.0, 0.0), (3.0, 1.0)], [(1.0, 0.0), (3.0, 3.0)]

    def f(x: tuple[float, float]) -> float:
        to_a, to_b = (min(sqrt((x[0] - a) ** 2 + (x[1] - b) ** 2) for a, b in S) for S in (A, B))
        return (to_b - to_a) / 2

    assert all(f(a) > 0 for a in A) and all(f(b) < 0 for b in B)
    steepest = 0.0
    for _ in range(500):
        x, y = ((random.uniform(-1, 4), random.uniform(-1, 4)) for _ in range(2))
        steepest = max(steepest, abs(f(x) - f(y)) / sqrt((x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2))
    assert steepest <= 1 + 1e-12
    assert f((0.1, 0.0)) - f((0.2, 0.0)) == pytest.approx(0.1)  # the constant 1 is attained


def test_pieces_of_a_network_meet_the_circle_in_few_zeros() -> None:
    """A polygon's pieces: each of them is 0 at two points of the circle at most."""
    for sides in (3, 4, 5, 12):
        corners = [(np.cos(2 * np.pi * k / sides), np.sin(2 * np.pi * k / sides)) for k in range(sides)]
        for k in range(sides):
            (a, b), (c, d) = corners[k], corners[(k + 1) % sides]
            values = [(x - a) * (d - b) - (y - b) * (c - a) for x, y in corners]
            assert sum(abs(v) < 1e-9 for v in values) == 2
    assert circle.examine(circle.FLAT, False).violates()
    assert not circle.examine(circle.CHORD, False).violates()


@pytest.mark.parametrize(
    ("labels", "L"), [([1, -1], 1.0), ([1, -1, -1], 0.3), ([1, 1, -1], 4.0), ([-1, 1, 1, -1], 2.0)]
)
def test_both_classes_have_a_minimizer(labels: list[int], L: float) -> None:
    places = [0.0, 1.0, 1.5, 4.0][: len(labels)]
    rules = [
        {"type": "ineq", "fun": lambda v, i=i, j=j, s=s: L * abs(places[i] - places[j]) - s * (v[i] - v[j])}
        for i, j in combinations(range(len(labels)), 2)
        for s in (1, -1)
    ]

    def loss(v: np.ndarray) -> float:
        return float(np.mean(np.log1p(np.exp(-np.array(labels) * v))))

    found = [
        minimize(loss, np.full(len(labels), s), constraints=rules, method="SLSQP", tol=1e-12).x
        for s in (-2.0, 0.0, 2.0)
    ]
    spread, w = L * 4.0, 1 / len(labels)
    for x in found:
        assert np.allclose(x, found[0], atol=1e-3)
        assert np.max(np.abs(x)) <= log(2) / w + spread


def test_one_class_has_none() -> None:
    assert [cross_entropy.examine({"labels": s}, False).conclusion for s in ([1], [-1, -1], [1, -1])] == [0, 0, 1]
    losses = [log1p(exp(-t)) for t in range(0, 300, 10)]
    assert all(a > b > 0 for a, b in pairwise(losses))


def test_small_losses_need_large_weights() -> None:
    random = Random(3)
    for _ in range(500):
        w, b = random.uniform(0, 8), random.uniform(-3, 3)
        delta = (1 + exp(-(w + b))) * (1 + exp(-(w - b))) - 1
        assert w > log(2 / delta)
    w = 12.0
    assert w - log(2 / ((1 + exp(-w)) ** 2 - 1)) < 1e-5  # and the bound is sharp at b = 0


def test_shattered_sets_by_brute_force() -> None:
    for points in combinations(range(7), 3):
        apart = all(abs(a - b) >= 2 for a, b in combinations(points, 2))
        assert dimension.shattered([Fraction(p) for p in points], Fraction(1)) == apart
    best = max(k for k in range(1, 5) if any(
        all((a - c) ** 2 + (b - d) ** 2 >= 4 for (a, b), (c, d) in combinations(chosen, 2))
        for chosen in combinations(list(product(range(4), repeat=2)), k)))  # fmt: skip
    h = 1.41
    assert 2 * h * h < 4 and best == 4 <= (floor(3 / h) + 1) ** 2


def test_the_checklist_examples() -> None:
    assert checklist.balance(checklist.UNEQUAL, False).violates()
    assert not checklist.balance(checklist.UNEQUAL, True).violates()
    f = {0: Fraction(5, 2), 3: Fraction(-1, 2), 4: Fraction(1, 2), 7: Fraction(-5, 2)}
    assert all(abs(f[x] - f[y]) <= abs(x - y) for x, y in combinations(f, 2))
    assert (f[0] + f[4] - f[3] - f[7]) / 2 == 3 and f[0] > 0 < f[4] and f[3] < 0 > f[7]


@pytest.mark.parametrize("data", [{}, {"p": "0"}, {"p": "1"}, {"p": "2/4"}])
def test_other_balances_are_refused(data: Any) -> None:
    with pytest.raises((ExampleError, NumberError)):
        checklist.balance(data, False)


@pytest.mark.parametrize("data", [{}, {"labels": []}, {"labels": [0]}, {"labels": [True]}])
def test_other_labels_are_refused(data: Any) -> None:
    with pytest.raises(ExampleError):
        cross_entropy.examine(data, False)
