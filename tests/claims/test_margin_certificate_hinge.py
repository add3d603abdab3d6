"""The hinge loss as a function of the logits: its constants by gradients, enumeration and dual norms in numpy."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import inf, sqrt

import numpy as np
import pytest

from lipcheck.claims.anil2019.margin_certificate import hinge_lipschitz
from lipcheck.words.errors import LipcheckError

ONES = (Fraction(1), Fraction(1), Fraction(1))


def loss(y: np.ndarray, t: int, kappa: float) -> float:
    return float(np.maximum(0, kappa - (y[t] - np.delete(y, t))).sum())


@pytest.mark.parametrize("classes", [2, 3, 4, 6])
def test_the_constants_are_the_largest_dual_norms_of_gradients(classes: int) -> None:
    """The loss is piecewise linear: each set of violated margins gives a gradient, and every set occurs."""
    wanted = {1: classes - 1, 2: sqrt(classes * (classes - 1)), inf: 2 * (classes - 1)}
    found = dict.fromkeys(wanted, 0.0)
    for violated in product((0, 1), repeat=classes - 1):
        gradient = np.array([-sum(violated), *violated], dtype=float)
        for p, dual in ((1, inf), (2, 2), (inf, 1)):
            found[p] = max(found[p], float(np.linalg.norm(gradient, dual)))
    assert found == pytest.approx(wanted)


def test_random_pairs_stay_within_and_data_are_read_as_numpy_reads_them() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        classes = int(rng.integers(2, 6))
        y, d = rng.integers(-6, 7, (2, classes)) / 2
        t, kappa = int(rng.integers(classes)), float(rng.integers(-2, 5)) / 2
        exact = hinge_lipschitz.hinge(tuple(map(Fraction, y)), t, Fraction(kappa))
        assert float(exact) == loss(y, t, kappa)
        spelled = {"y": [str(Fraction(a)) for a in y], "d": [str(Fraction(a)) for a in d], "t": t,
                   "kappa": str(Fraction(kappa))}  # fmt: skip
        assert not hinge_lipschitz.examine(spelled, ONES).violates()
        change, m = abs(loss(y + d, t, kappa) - loss(y, t, kappa)), classes - 1
        assert change <= m * np.abs(d).sum() + 1e-12 and change <= 2 * m * np.abs(d).max() + 1e-12
        assert change <= sqrt(m * (m + 1)) * np.linalg.norm(d) + 1e-12


@pytest.mark.parametrize("norm", [0, 1, 2])
def test_extremes_break_every_smaller_constant_and_no_larger_one(norm: int) -> None:
    factors = [Fraction(9_999, 10_000) if i == norm else Fraction(1) for i in range(3)]
    assert any(hinge_lipschitz.examine(pair, factors).violates() for pair in hinge_lipschitz.EXTREMES)
    assert not any(hinge_lipschitz.examine(pair, ONES).violates() for pair in hinge_lipschitz.PAIRS)
    assert all(map(hinge_lipschitz.attains, range(2, 12)))


@pytest.mark.parametrize("change", [{"t": 2}, {"t": True}, {"d": ["1"]}, {"kappa": "x"}, {"z": 1}])
def test_malformed_data_are_refused(change: dict) -> None:
    with pytest.raises(LipcheckError):
        hinge_lipschitz.examine({**hinge_lipschitz.pair(2, 1, 0), **change}, ONES)


def test_one_class_is_outside_of_the_statement() -> None:
    alone = hinge_lipschitz.pair(1, 1, 0)
    assert not hinge_lipschitz.examine(alone, ONES).hypotheses["two classes"]
