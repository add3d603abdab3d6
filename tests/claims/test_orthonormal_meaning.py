"""Singular values by numpy, characteristic polynomials by sympy."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy

from lipcheck.claims.anil2019 import orthonormal_meaning as claims
from lipcheck.exact import NetworkError


def reflections(random: Random, n: int) -> list[list[Fraction]]:
    """A product of rational reflections."""
    q = [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
    for _ in range(3):
        v = [Fraction(random.randint(-2, 2)) for _ in range(n)]
        length = sum(a * a for a in v)
        if length:
            h = [[Fraction(int(i == j)) - 2 * v[i] * v[j] / length for j in range(n)] for i in range(n)]
            q = [[sum(a * h[k][j] for k, a in enumerate(row)) for j in range(n)] for row in q]
    return q


def test_parts_of_orthogonal_matrices_qualify_and_others_agree_with_numpy() -> None:
    random = Random(0)
    for _ in range(60):
        n = random.randint(1, 4)
        m, k = (n, random.randint(1, n)) if random.random() < 0.5 else (random.randint(1, n), n)
        weight = [row[:k] for row in reflections(random, n)[:m]]
        if random.random() < 0.5:
            weight[0][0] += random.randint(0, 1)
        values = np.linalg.svd([[float(a) for a in row] for row in weight], compute_uv=False)
        columns = list(zip(*weight, strict=True))
        smaller = columns if m >= k else weight
        assert claims.is_identity(claims.gram(smaller)) == bool(np.allclose(values, 1))
        assert claims.all_eigenvalues_are(claims.gram(smaller), Fraction(1)) == bool(np.allclose(values, 1))
        data = [[str(a) for a in row] for row in weight]
        assert claims.examine(data, Fraction(1), larger=False).conclusion


def test_the_characteristic_polynomial_is_that_of_sympy() -> None:
    random = Random(1)
    for size in (1, 2, 3, 4, 5):
        square = tuple(tuple(Fraction(random.randint(-3, 3), 2) for _ in range(size)) for _ in range(size))
        t = sympy.Symbol("t")
        by_sympy = sympy.Matrix(size, size, lambda i, j, m=square: sympy.Rational(m[i][j])).charpoly(t).all_coeffs()
        assert claims.characteristic(square) == [Fraction(c.p, c.q) for c in by_sympy]


def test_a_defective_matrix_has_the_eigenvalues_but_is_not_the_identity() -> None:
    shear = ((Fraction(1), Fraction(1)), (Fraction(0), Fraction(1)))
    assert claims.all_eigenvalues_are(shear, Fraction(1)) and not claims.is_identity(shear)
    assert not claims.all_eigenvalues_are(claims.gram(shear), Fraction(1))


def test_degenerate_matrices() -> None:
    for data in ([["0"]], [["-1"]], [["0"], ["0"]], [["1", "0"], ["0", "0"]]):
        assert claims.examine(data, Fraction(1), larger=False).conclusion
    with pytest.raises(NetworkError):
        claims.examine([], Fraction(1), larger=False)


def test_the_larger_side_is_never_orthonormal() -> None:
    assert not claims.examine([["1"], ["0"]], Fraction(1), larger=True).conclusion
    assert not claims.examine([["3/5", "4/5"]], Fraction(1), larger=True).conclusion
