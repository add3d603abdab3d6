"""Shapes of layers, tried with numpy instead of the package's own layers."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from lipcheck.claims.anil2019 import notation
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def fits(rows: int, columns: int, before: int, after: int) -> bool:
    try:
        z = np.zeros((rows, columns)) @ np.zeros((before, 1)) + np.zeros((after, 1))
    except ValueError:
        return False
    return z.shape == (after, 1) and rows == after


def test_the_package_and_numpy_accept_the_same_shapes() -> None:
    for shape in product(range(1, 5), repeat=4):
        assert notation.defined(*shape) is fits(*shape), shape


def test_the_printed_shape_fits_exactly_for_equal_widths() -> None:
    for before, after in product(range(1, 6), repeat=2):
        assert fits(before, after, before, after) is (before == after)
        assert fits(after, before, before, after)


@pytest.mark.parametrize("data", [{}, {"before": 0, "after": 2}, {"before": True, "after": 2}, {"before": "1"}, []])
def test_malformed_widths_are_no_counterexample(data: object) -> None:
    obligation = notation.as_printed(Variant(), Budget.CI)[0]
    with pytest.raises(ReplayError):
        refutes(data, obligation)
