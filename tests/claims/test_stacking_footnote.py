"""Footnote 3 by numpy and by hand."""

from __future__ import annotations

from random import Random

import numpy as np

from lipcheck.claims.anil2019 import stacking_footnote as claim
from lipcheck.words.claim import Variant


def test_stacks_of_random_matrices_are_between_one_and_the_root_of_two() -> None:
    random = np.random.default_rng(5)
    largest = 0.0
    for _ in range(200):
        a, b = (random.normal(size=(2, 3)) for _ in range(2))
        a, b = a / np.linalg.norm(a, 2), b / np.linalg.norm(b, 2)
        for stack in (np.vstack([a, b]), np.hstack([a, b])):
            norm = np.linalg.norm(stack, 2)
            assert 1 - 1e-12 <= norm <= np.sqrt(2) + 1e-12
            largest = max(largest, norm)
    assert largest > 1.3


def test_two_unit_rows() -> None:
    random = Random(1)
    for _ in range(50):
        w, v = (np.array([random.gauss(0, 1) for _ in range(4)]) for _ in range(2))
        w, v = w / np.linalg.norm(w), v / np.linalg.norm(v)
        assert abs(np.linalg.norm(np.stack([w, v]), 2) ** 2 - (1 + abs(w @ v))) < 1e-12


def test_what_grows_and_what_does_not() -> None:
    assert claim.grows({"A": [["1"]], "B": [["-1"]]}) and not claim.grows({"A": [["1"]], "B": [["1/2"]]})
    assert not claim.grows({"A": [["1", "0"]], "B": [["0", "1"]]})


def test_the_square_two_is_attained_and_not_more() -> None:
    bound = claim.bounded(Variant())
    assert not bound.examine({"A": [["1"]], "B": [["1"]]}).violates()
    assert bound.examine({"A": [["2"]], "B": [["1"]]}).hypotheses == {"norms": False}
