"""Compositions in one norm and in two."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from lipcheck.claims.anil2019 import composition
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def infinity_to_one(weight: np.ndarray) -> float:
    return max(abs(weight @ np.array(s)).sum() for s in product((1, -1), repeat=weight.shape[1]))


def test_the_examination_computes_the_norms_that_it_names() -> None:
    random, seen = Random(0), set()
    for _ in range(150):
        first = np.array([[random.choice((-2, -1, 0, 1, 2)) for _ in range(2)] for _ in range(2)]) / 2
        second = np.array([[random.choice((-2, -1, 0, 1, 2)) for _ in range(2)] for _ in range(2)]) / 2
        data = {"first": [[str(v) for v in row] for row in first], "second": [[str(v) for v in row] for row in second]}
        found = composition.pair(data, float("inf"), 1)
        assert found.hypotheses["inner"] is bool(np.linalg.norm(first, np.inf) <= 1)
        assert found.hypotheses["outer"] is bool(np.linalg.norm(second, 1) <= 1)
        assert found.conclusion is bool(infinity_to_one(second @ first) <= 1)
        one = composition.pair(data, 1, 1)
        assert not one.violates()
        grows = composition.pair(data, 1, float("inf"))
        assert grows.conclusion is bool(abs(second @ first).max() <= 1) and not grows.violates()
        seen.add(found.violates())
    assert seen == {True, False}


def test_layers_that_do_not_follow_each_other_are_refused() -> None:
    with pytest.raises(ReplayError):
        refutes({"first": [["1"]], "second": [["1", "1"]]}, composition.metrics(Variant(), Budget.CI)[0])


def test_the_condition_is_not_necessary() -> None:
    double, half = np.array([[2.0]]), np.array([[0.5]])
    assert np.linalg.norm(double, 2) > 1 >= np.linalg.norm(half @ double, 2)
