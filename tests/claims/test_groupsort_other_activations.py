"""The row groupsort_other_activations against plain sorting in Python and numpy."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product
from random import Random

import numpy as np
import pytest

from lipcheck.claims.anil2019.groupsort_other_activations import CLAIMS, common, leaky_relu, maxout
from lipcheck.words.claim import Variant
from lipcheck.words.terms import variables
from lipcheck.words.verdict import Budget

POINTS = [F(n, 3) for n in range(-7, 8)]


def relu(x: F) -> F:
    return x if x > 0 else F(0)


def leaky(x: F, slope: F) -> F:
    return x if x > 0 else slope * x


@pytest.mark.parametrize("k", [2, 3, 5])
def test_ends_of_groups_with_zeros_and_with_multiples(k: int) -> None:
    for x in POINTS:
        group = sorted([x] + [F(0)] * (k - 1))
        assert (group[-1], -group[0]) == (relu(x), relu(-x))
        for slope in (F(-2), F(-1, 2), F(0), F(1, 100), F(1)):
            assert max([x] + [slope * x] * (k - 1)) == leaky(x, slope)
        assert (max(x, 2 * x) == leaky(x, F(2))) is (x == 0) and min(x, 2 * x) == leaky(x, F(2))


def test_terms_say_the_same_as_plain_functions() -> None:
    x, a, b = variables("x", 3)
    for u, v, w in product(POINTS[::3], repeat=3):
        point = {"x1": u, "x2": v, "x3": w}
        assert common.relu(x).value(point) == relu(u)
        assert common.leaky(x, a).value(point) == leaky(u, v)
        assert common.largest([x, a, b]).value(point) == max(u, v, w)
        assert [t.value(point) for t in common.sort([x, a, b], "descending")] == sorted((u, v, w), reverse=True)


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, 10])
@pytest.mark.parametrize("slope", [-1, -0.3, 0, 0.01, 0.5, 1])
def test_leaky_relu_by_weights_of_norm_one_for_every_p(p: float, slope: float) -> None:
    masses = np.array([1 + slope, 1 + slope, 1 - slope, 1 - slope]) / 4
    dual = np.inf if p == 1 else p / (p - 1)
    into = masses ** (1 / p) * np.array([1, 1, 1, -1])
    back = np.where(masses > 0, masses ** (1 - 1 / p), 0) * np.array([1, 1, 1, -1])
    assert np.isclose(np.linalg.norm(into, p), 1) and np.linalg.norm(back, dual) <= 1 + 1e-12
    for x in (-3.0, -0.1, 0.0, 2.0):
        units = into * x
        sorted_ = [max(units[:2]), min(units[:2]), max(units[2:]), min(units[2:])]
        assert np.isclose(back @ sorted_, x if x > 0 else slope * x)


@pytest.mark.parametrize("k", range(2, 8))
def test_pairs_by_groups_of_k_in_the_two_norm(k: int) -> None:
    rng = np.random.default_rng(k)
    turn = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    c, b = 1 / np.sqrt(k), 1 / np.sqrt(2)
    weight = np.array([[c, -b], *[[c, 0]] * (k - 2), [c, b]])
    assert np.allclose(weight.T @ weight, np.eye(2))
    for x in rng.normal(size=(50, 2)) * 100:
        image = turn @ weight.T @ np.sort(weight @ turn @ x)
        assert np.allclose(image, [max(x), min(x)])


@pytest.mark.parametrize("p", [1, 1.7, 2, 5])
@pytest.mark.parametrize("k", [2, 4, 6])
def test_pairs_by_copies_in_every_norm(p: float, k: int) -> None:
    rng = np.random.default_rng(k)
    into = (2 / k) ** (1 / p) * np.kron(np.eye(2), np.ones((k // 2, 1)))
    back = (2 / k) ** (1 - 1 / p) * np.kron(np.eye(2), np.ones((1, k // 2)))
    for x in rng.normal(size=(30, 2)):
        assert np.allclose(back @ np.sort(into @ x), np.sort(x))
        assert np.isclose(np.linalg.norm(into @ x, p), np.linalg.norm(x, p))
        y = rng.normal(size=k)
        assert np.linalg.norm(back @ y, p) <= np.linalg.norm(y, p) + 1e-12


@pytest.mark.parametrize("k", [3, 4, 5])
def test_pairs_by_means_in_the_infinity_norm(k: int) -> None:
    for x, y in product(POINTS, repeat=2):
        group = sorted([x, y] + [(x + y) / 2] * (k - 2))
        assert (group[0], group[-1]) == (min(x, y), max(x, y))


@pytest.mark.parametrize("p", [1, 1.7, 2, 5, np.inf])
@pytest.mark.parametrize("k", [3, 5, 7])
def test_pairs_by_two_layers_of_odd_groups_in_every_norm(k: int, p: float) -> None:
    rng, half = np.random.default_rng(k), k // 2
    dual = 1 - 1 / p
    columns = [0] * (half + 1) + [1] * half + [0] * half + [1] * (half + 1)
    into = k ** (-1 / p) * np.eye(2)[columns]
    minima, maxima = [*range(half), *range(k, k + half)], [*range(half + 1, k), *range(k + half + 1, 2 * k)]
    exchange = np.eye(2 * k)[[*minima[1:], half, k + half, minima[0], *maxima]]
    back = k**-dual * np.eye(2)[[*[0] * (k - 1), 1, 0, *[1] * (k - 1)]].T
    for x in [*rng.normal(size=(30, 2)), np.zeros(2), np.ones(2), np.array([0.0, -2.0])]:
        hidden = np.sort((into @ x).reshape(2, k)).ravel()
        hidden = np.sort((exchange @ hidden).reshape(2, k)).ravel()
        assert np.allclose(back @ hidden, np.sort(x))
        assert np.isclose(np.linalg.norm(into @ x, p), np.linalg.norm(x, p))
        y = rng.normal(size=2 * k)
        assert np.linalg.norm(back @ y, p) <= np.linalg.norm(y, p) + 1e-12
    assert np.array_equal(exchange @ exchange.T, np.eye(2 * k))


def test_the_first_element_is_the_maximum_in_one_order_only() -> None:
    random = Random(4)
    for _ in range(100):
        group = [F(random.randrange(-3, 4)) for _ in range(random.randrange(1, 5))]
        up, down = sorted(group), sorted(group, reverse=True)
        assert down[0] == max(group) == up[-1] and (up[0] == max(group)) is (len(set(group)) == 1)


def test_broken_versions_are_noticed() -> None:
    steep = leaky_relu.selected(Variant(constants={"largest slope": F(11, 10)}))
    assert steep.violated_at({"x": F(1), "a": F(21, 20)}) and not steep.violated_at({"x": F(1), "a": F(1)})
    turned = maxout.first(3, descending=False)
    assert turned.violated_at({"x1": F(0), "x2": F(1), "x3": F(0)})
    assert not maxout.first(3, descending=True).violated_at({"x1": F(0), "x2": F(1), "x3": F(0)})


def test_the_row_has_five_statements() -> None:
    assert len([c for c in CLAIMS if c.variant_of is None]) >= 5
    for claim in CLAIMS:
        assert claim.named(Variant(), Budget.SMOKE)
