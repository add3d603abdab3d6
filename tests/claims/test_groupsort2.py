"""GroupSort2 by numpy; dilation and exactness by brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lipcheck.claims.bethune2021.groupsort2 import definition, dilation, exactly, useful
from lipcheck.network import GroupSort, Network
from lipcheck.readings.rational import evaluate
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def test_the_formula_on_random_vectors() -> None:
    rng = np.random.default_rng(0)
    for width in (2, 6, 128):
        x = rng.integers(-5, 6, size=width)
        expected = np.sort(x.reshape(-1, 2), axis=1).reshape(-1)
        assert list(evaluate(Network(width, (GroupSort(2, order="ascending"),)), x.tolist())) == expected.tolist()
        y = rng.integers(-5, 6, size=width)
        moved = np.sort(y.reshape(-1, 2), axis=1).reshape(-1)
        assert np.linalg.norm(moved - expected) <= np.linalg.norm(y - x)


def test_which_outputs_are_named() -> None:
    rule = definition.layers([], frozenset({"even width", "counted from 0"}))
    for width, first in product(range(1, 20), (0, 1)):
        named = {j for i in range(30) for j in (2 * i, 2 * i + 1) if first <= 2 * i and 2 * i + 1 < first + width}
        complete = named == set(range(first, first + width))
        assert rule.examine({"width": width, "first": first}).conclusion == complete
        assert complete == (first == 0 and width % 2 == 0)
    for wrong in ({"width": 0, "first": 0}, {"width": 2, "first": 2}, {"width": 2}):
        with pytest.raises(ReplayError, match="Give"):
            refutes(wrong, rule)


def test_dilation_on_two_points() -> None:
    (rule,) = dilation.every_constant(Variant(), Budget.CI)
    ones = [Fraction(k, 8) for k in range(-8, 9)]  # changes of 1-Lipschitz functions on {0, 1}
    for scale, change in product((-2, -1, 0, 1, 2), range(-8, 9)):
        allowed = abs(Fraction(change, 4)) <= scale
        for start in (0, 1):
            values = [Fraction(start), start + Fraction(change, 4)]
            reached = any(scale * d == values[1] - values[0] for d in ones)
            reached = reached and (scale != 0 or not any(values))
            data = {"L": str(scale), "X": ["0", "1"], "g": [str(v) for v in values]}
            assert refutes(data, rule) == (allowed != reached), data
    with pytest.raises(ReplayError, match="twice"):
        refutes({"L": "1", "X": ["0", "0"], "g": ["0", "1"]}, rule)


def test_parabolas() -> None:
    (rule, *_) = exactly.obligations(Variant(), Budget.CI)
    (repaired,) = exactly.obligations(Variant(repaired=True), Budget.CI)
    x = np.linspace(0, 1, 201)
    for b, c in product(range(-4, 5), repeat=2):
        data = {"coefficients": ["1", f"{b}/4", f"{c}/4"]}
        slopes = b / 4 + c / 2 * x
        assert refutes(data, rule) == (np.abs(slopes).max() <= 1 and c != 0)
        assert not refutes(data, repaired)
        values = b / 4 * x + c / 4 * x * x
        chord = values[0] + (values[-1] - values[0]) * x
        assert np.abs(values - chord).max() == pytest.approx(abs(c) / 16, abs=1e-9)


def test_a_full_sort_of_separated_pairs() -> None:
    rng = np.random.default_rng(2)
    radius = 3
    for _ in range(50):
        x = rng.uniform(-radius, radius, size=8)
        bias = np.repeat(2 * radius * np.arange(4), 2)
        assert np.allclose(np.sort(x + bias) - bias, np.sort(x.reshape(-1, 2), axis=1).reshape(-1))
    assert [o.name for o in useful.obligations(Variant(), Budget.CI)]
