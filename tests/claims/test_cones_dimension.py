"""Ranks by numpy, tangent vectors by differences."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipcheck.claims.anil2019 import cones_dimension as claims


@pytest.mark.parametrize("point", [(1,), (3, 4), (1, 2, 2), (2, 2, 2, 2, 3), (-3, 0, 4)])
def test_tangent_vectors_are_differences_of_the_graph(point: tuple[int, ...]) -> None:
    x, step = np.array(point, dtype=float), 1e-7

    def graph(y: np.ndarray) -> np.ndarray:
        return np.append(y, 1 - np.linalg.norm(y))

    by_differences = [(graph(x + step * e) - graph(x)) / step for e in np.eye(len(x))]
    exact = np.array(claims.tangent([Fraction(a) for a in point]), dtype=float)
    if len(point) != 5:
        assert exact == pytest.approx(np.array(by_differences), abs=1e-6)
    assert np.linalg.matrix_rank(exact) == len(point) and exact.shape[1] == len(point) + 1


def test_the_apex_and_irrational_lengths_are_refused() -> None:
    for point in ((0,), (0, 0), (1, 1)):
        with pytest.raises(claims.PlaceError):
            claims.tangent([Fraction(a) for a in point])


def test_every_dimension_has_a_point_of_whole_length() -> None:
    found = list(claims.dimensions(9).elements())
    lengths = [sum(int(a) ** 2 for a in data["point"]) for data in found]
    assert lengths == [n * n for n in range(3, 10)]


def test_one_less_is_wrong() -> None:
    for data in claims.POINTS:
        assert claims.examine(data, Fraction(0)).conclusion and not claims.examine(data, Fraction(1)).conclusion
