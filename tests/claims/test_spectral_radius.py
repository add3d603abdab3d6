"""Spectral radius and largest singular value against numpy's eigenvalues."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest

from lipcheck.claims.anil2019.spectral_radius.normal import SizeError, normal, radius_is_norm


def test_all_small_integer_matrices_are_decided_as_numpy_does() -> None:
    agree = 0
    for a, b, c, d in product(range(-2, 3), repeat=4):
        weight = ((F(a), F(b)), (F(c), F(d)))
        array = np.array([[a, b], [c, d]], dtype=float)
        radius, norm = max(abs(np.linalg.eigvals(array))), np.linalg.norm(array, 2)
        assert radius <= norm + 1e-7
        assert radius_is_norm(weight) is bool(abs(radius - norm) < 1e-6), weight
        assert normal(weight) is bool(np.allclose(array @ array.T, array.T @ array))
        assert normal(weight) is radius_is_norm(weight)
        agree += normal(weight)
    assert 0 < agree < 625


def test_three_rows_that_are_not_normal_can_have_equal_numbers() -> None:
    weight = np.diag([1.0, 0.0, 0.0])
    weight[1, 2] = 0.5
    assert max(abs(np.linalg.eigvals(weight))) == np.linalg.norm(weight, 2) == 1
    assert not np.allclose(weight @ weight.T, weight.T @ weight)


def test_other_shapes_are_refused() -> None:
    with pytest.raises(SizeError):
        radius_is_norm(((F(1), F(0)),))
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.eigvals(np.zeros((10, 784)))
