"""Equation 6 by linear programs: the least Wasserstein loss, balanced and not."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import wasserstein_distance

from lipcheck.claims.bethune2021.kr_loss_value import _pairs, balance, printed
from lipcheck.words.rationals import NumberError


def least_loss(places: list[float], weights: list[float]) -> Any:
    """min of sum of -weights[i] f_i over 1-Lipschitz f; weights carry the labels' signs."""
    rows, limits = [], []
    for i, j in combinations(range(len(places)), 2):
        for sign in (1, -1):
            row = np.zeros(len(places))
            row[i], row[j] = sign, -sign
            rows.append(row)
            limits.append(abs(places[i] - places[j]))
    return linprog(-np.array(weights), A_ub=np.array(rows), b_ub=limits, bounds=[(None, None)] * len(places))


def random_law(random: Random) -> tuple[list[int], list[Fraction]]:
    places = random.sample(range(-9, 10), random.randint(1, 4))
    raw = [random.randint(1, 5) for _ in places]
    return places, [Fraction(r, sum(raw)) for r in raw]


def test_the_least_loss_is_minus_half_of_the_distance() -> None:
    random = Random(1)
    for _ in range(40):
        (x, p), (y, q) = random_law(random), random_law(random)
        found = least_loss([*map(float, x), *map(float, y)], [*(float(m) / 2 for m in p), *(-float(m) / 2 for m in q)])
        distance = wasserstein_distance(x, y, [float(m) for m in p], [float(m) for m in q])
        assert found.fun == pytest.approx(-distance / 2, abs=1e-9)
        assert found.fun <= 1e-12


def test_unequal_labels_are_unbounded() -> None:
    for p in (0.4, 0.51, 2 / 3):
        assert least_loss([1.0, 0.0], [p, -(1 - p)]).status == 3
    assert least_loss([1.0, 0.0], [0.5, -0.5]).status == 0


def test_distances_of_pairs_are_those_of_scipy() -> None:
    random = Random(2)
    for _ in range(40):
        (x, p), (y, q) = random_law(random), random_law(random)
        data = {
            "p": "1/2",
            "P": [[str(a), str(m), "0"] for a, m in zip(x, p, strict=True)],
            "Q": [[str(a), str(m), "0"] for a, m in zip(y, q, strict=True)],
        }
        distance = wasserstein_distance(x, y, [float(m) for m in p], [float(m) for m in q])
        assert float(_pairs.read(data).distance) == pytest.approx(distance, abs=1e-12)


def test_the_examples_are_what_they_are_said_to_be() -> None:
    unit, constant = _pairs.read(printed.UNIT), _pairs.read(balance.CONSTANT)
    assert (unit.loss, unit.distance, unit.lipschitz) == (Fraction(-1, 2), 1, True)
    assert constant.loss == Fraction(-4, 3) < -constant.distance == -1
    assert not _pairs.read(printed.STEEP).lipschitz


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"p": "1", "P": [["0", "1", "0"]], "Q": [["0", "1", "0"]]},
        {"p": "1/2", "P": [["0", "1/2", "0"]], "Q": [["0", "1", "0"]]},
        {"p": "1/2", "P": [], "Q": [["0", "1", "0"]]},
        {"p": "1/2", "P": [["0", "1"]], "Q": [["0", "1", "0"]]},
        {"p": "1/2", "P": [["0.5", "1", "0"]], "Q": [["0", "1", "0"]]},
    ],
)
def test_other_data_are_refused(data: Any) -> None:
    with pytest.raises((_pairs.PairError, NumberError)):
        _pairs.read(data)
