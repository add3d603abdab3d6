"""diag(d) - K'K: each error term is needed, shown by a matrix that is wrongly proved without it."""

from __future__ import annotations

from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

from lipcheck.bounds import definite
from lipcheck.bounds.definite import gram_of, is_definite


def zero(*_: Any) -> F:
    return F(0)


def test_random_matrices_around_the_edge() -> None:
    rng = np.random.default_rng(0)
    for n, rows in ((1, 1), (5, 3), (40, 60), (120, 90)):
        k = rng.standard_normal((rows, n)) / rows**0.5
        edge = float(np.linalg.norm(k, 2)) ** 2
        assert is_definite(np.full(n, edge * (1 + 1e-11)), k)
        assert not is_definite(np.full(n, edge * (1 - 1e-11)), k)


def test_numbers_that_are_not_finite_prove_nothing() -> None:
    for bad in (np.nan, np.inf):
        assert not is_definite(np.array([1.0, 1.0]), np.array([[bad, 0.0]]))
        assert not is_definite(np.array([1.0, bad]), np.array([[0.0, 0.0]]))
    assert not is_definite(np.array([1e300]), np.array([[1e200]]))


def test_dropping_the_gram_error_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole blocks of 256 rows with a sum of 2^-54 vanish beside 1, in whatever order they are summed."""
    k = np.full((65536, 1), 2.0**-31)
    k[0] = 1.0
    d = np.array([1 + 2.0**-47])
    assert gram_of(k)[0, 0] <= 1 + 2.0**-51
    assert F(d[0]) < 1 + 65535 * F(1, 2**62)
    assert not is_definite(d, k)
    monkeypatch.setattr(definite, "_gram_error", zero)
    assert is_definite(d, k)


def test_dropping_the_data_error_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """K may be larger than its float by 4 u."""
    k = np.array([[1 - 2.0**-50]])
    d = np.array([float(F(k[0, 0]) ** 2 + F(7, 2**53))])
    largest = F(k[0, 0]) * (1 + F(4, 2**53))
    assert F(d[0]) < largest**2
    assert not is_definite(d, k)
    monkeypatch.setattr(definite, "_data_error", zero)
    assert is_definite(d, k)


def test_dropping_the_residual_error_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The factor is a proposal and may come from anywhere, that of an indefinite matrix too."""
    k = np.array([[1.0, 1.0]])
    d = np.array([1.5, 1.5])
    monkeypatch.setattr(np.linalg, "cholesky", lambda m: np.diag(np.sqrt(np.abs(np.diag(m)))))
    assert not is_definite(d, k)
    monkeypatch.setattr(definite, "_residual_error", zero)
    assert is_definite(d, k)


def test_the_residual_error_covers_the_product(monkeypatch: pytest.MonkeyPatch) -> None:
    """LL' is computed as 1 where it is larger, so that nothing is left to measure."""
    factor = np.zeros((256, 256))
    factor[0] = 2.0**-29
    factor[0, 0] = 1.0
    computed = gram_of(np.ascontiguousarray(factor.T))
    assert computed[0, 0] <= 1 + 2.0**-51
    missing = 1 + 255 * F(1, 2**58) - F(computed[0, 0])
    residual = np.zeros_like(factor)
    assert missing <= definite._residual_error(residual, factor)
    monkeypatch.setattr(definite, "gamma", zero)
    assert definite._residual_error(residual, factor) < missing


def test_the_diagonal_error_covers_its_roundings() -> None:
    rng = np.random.default_rng(1)
    worst = F(0)
    for _ in range(300):
        d, h, shift = float(rng.uniform(0.5, 2)), float(rng.uniform(0, 0.5)), F(float(rng.uniform(0, 1e-9)))
        s = (d - h) - float(shift)
        error = abs(F(d) - F(h) - shift - F(s))
        assert error <= definite._diagonal_error(np.array([[s]]), shift)
        worst = max(worst, error / definite._diagonal_error(np.array([[s]]), shift))
    assert worst > F(1, 5)


@pytest.mark.parametrize("rows", [1, 15, 16, 17, 300, 1000])
def test_no_term_passes_through_more_operations_than_counted(rows: int) -> None:
    size = definite._block(rows)
    blocks = [len(range(first, min(first + size, rows))) for first in range(0, rows, size)]
    assert sum(blocks) == rows
    assert max(blocks) + len(blocks) <= definite._operations(rows)
