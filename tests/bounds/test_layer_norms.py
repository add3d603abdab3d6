"""Matrices and copies beside exact rationals, 300-bit balls and torch."""

from __future__ import annotations

import math
from fractions import Fraction as F
from typing import Any

import flint
import numpy as np
import pytest
import torch

from lipcheck.bounds import absolute_sums
from lipcheck.bounds.absolute_sums import absolute_sum, exact_entries, largest_row_sum
from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.bounds.layer_norms import dense_norm, gather_norm, gram_bound, sums_bound
from lipcheck.norms import NormError

INF = math.inf
draw = np.random.default_rng(0)


def rows_of(array: Any) -> list[list[F]]:
    return [[F(float(x)) for x in row] for row in array]


MATRICES = {
    "Gaussian": draw.standard_normal((7, 9)),
    "float32": draw.standard_normal((9, 4)).astype(np.float32),
    "cancelling sizes": np.array([[1e16, 1.0, -1.0, 1e-16], [1e16, 1.0, 1.0, 1e-15]]),
    "huge and tiny": np.array([[1e300, 1e-300], [5e-324, -1e299]]),
    "subnormal": np.full((3, 5), 5e-324),
    "zero": np.zeros((2, 2)),
}


@pytest.mark.parametrize("name", MATRICES)
def test_sums_are_exact(name: str) -> None:
    array = MATRICES[name]
    rows = rows_of(array)
    assert absolute_sum(array) == sum(abs(x) for row in rows for x in row)
    assert largest_row_sum(array) == max(sum(map(abs, row)) for row in rows)
    assert exact_entries(array) == rows
    for p, truth in ((INF, largest_row_sum(array)), (1, largest_row_sum(array.T))):
        bound = dense_norm(array, p)
        assert F(bound.lower) <= truth <= F(bound.upper) and bound.upper <= math.nextafter(bound.lower, INF)


@pytest.mark.parametrize("name", MATRICES)
def test_sums_are_exact_when_subnormals_are_flushed(name: str) -> None:
    array = MATRICES[name]
    truth = max(sum(map(abs, row)) for row in rows_of(array))
    assert torch.set_flush_denormal(True)
    try:
        found, bound = largest_row_sum(array), dense_norm(array, INF)
    finally:
        torch.set_flush_denormal(False)
    assert found == truth <= F(bound.upper)


def test_rows_that_floats_cannot_tell_apart_are_added_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """2^53 + 1 + 1 in floats is 2^53 or 2^53 + 2, by the order: the second row is larger, and may look smaller."""
    array = np.array([[2.0**53, 2.0, 0.0, 0.5], [1.0, 2.0**53, 1.0, 1.0]])
    assert largest_row_sum(array) == F(2) ** 53 + 3
    monkeypatch.setattr(absolute_sums, "gamma", lambda count: F(0))
    monkeypatch.setattr(absolute_sums, "absolute_sum", lambda row: F(float(np.cumsum(np.abs(row))[-1])))
    assert largest_row_sum(array) != F(2) ** 53 + 3


def exceeds(array: Any, s: F) -> bool:
    """Whether ||A|| > s, by Sylvester's law: s^2 I - G in balls of 300 bits has a negative pivot."""
    flint.ctx.prec = 300
    try:
        a = flint.arb_mat([[flint.arb(float(x)) for x in row] for row in array])
        gram = a.transpose() * a if a.ncols() <= a.nrows() else a * a.transpose()
        n = gram.nrows()
        square = flint.arb(flint.fmpq(s.numerator, s.denominator)) ** 2
        m = [[(square if i == j else 0) - gram[i, j] for j in range(n)] for i in range(n)]
        for k in range(n):
            if m[k][k] < 0:
                return True
            assert m[k][k] > 0, "300 bits do not decide"
            for i in range(k + 1, n):
                factor = m[i][k] / m[k][k]
                for j in range(k, n):
                    m[i][j] = m[i][j] - factor * m[k][j]
        return False
    finally:
        flint.ctx.prec = 53


HARD = {
    "Hilbert": np.array([[1 / (i + j + 1) for j in range(12)] for i in range(12)]),
    "spike": np.eye(12) + 1e8 * np.outer(np.eye(12)[0], np.eye(12)[3]),
    "rank one": np.outer(draw.standard_normal(20), draw.standard_normal(9)),
    "scaled rows": np.diag(10.0 ** np.arange(-8, 4)) @ draw.standard_normal((12, 12)),
    "tall": draw.standard_normal((60, 4)),
    "wide float32": draw.standard_normal((4, 60)).astype(np.float32),
    "huge": draw.standard_normal((6, 6)) * 1e300,
    "tiny": draw.standard_normal((6, 6)) * 1e-300,
    "near-orthogonal": np.linalg.qr(draw.standard_normal((16, 16)))[0] * (1 + 1e-12),
}


@pytest.mark.parametrize("name", HARD)
def test_two_norms_enclose_a_reference_of_300_bits(name: str) -> None:
    bound = dense_norm(HARD[name], 2)
    bit = F(1, 2**80)
    assert exceeds(HARD[name], F(bound.lower) * (1 - bit)) and not exceeds(HARD[name], F(bound.upper) * (1 + bit))
    assert bound.upper <= bound.lower * (1 + 1e-9)


@pytest.mark.parametrize("shape", [(2048, 64), (64, 2048), (500, 500)])
def test_two_norms_are_close(shape: tuple[int, int]) -> None:
    rank_one = np.outer(draw.standard_normal(shape[0]), draw.standard_normal(shape[1]))
    for array in (draw.standard_normal(shape), rank_one):
        for each in (array, array.astype(np.float32)):
            bound = dense_norm(each, 2)
            assert bound.lower <= bound.upper <= bound.lower * (1 + 1e-9)


def test_float16_is_read_exactly() -> None:
    half = draw.standard_normal((5, 4)).astype(np.float16)
    for p in (1, 2, INF):
        assert dense_norm(half, p) == dense_norm(half.astype(np.float64), p) or p == 2
        assert dense_norm(half, p).upper == pytest.approx(dense_norm(half.astype(np.float64), p).upper, rel=1e-14)


def test_gather() -> None:
    indices = np.array([[0, 1, 1], [-1, 3, 1]])
    assert [gather_norm(indices, 4, p).upper for p in (1, INF)] == [3.0, 1.0]
    bound = gather_norm(indices, 4, 2)
    assert F(bound.lower) ** 2 <= 3 <= F(bound.upper) ** 2 and bound.upper <= math.nextafter(bound.lower, INF)
    for p in (1, 2, INF):
        assert gather_norm(np.array([-1, -1]), 4, p).upper == 0.0


def test_refusals() -> None:
    for call, words in (
        (lambda: LayerBound(2.0, 1.0, ""), "enclose no norm"),
        (lambda: LayerBound(0.0, math.nan, ""), "enclose no norm"),
        (lambda: dense_norm(np.ones((2, 2)), 3), "exponent is 3"),
        (lambda: dense_norm(np.array([[1.0, math.nan]]), 1), r"\[0, 1\] is nan: replace it"),
        (lambda: dense_norm(np.ones((2, 2), dtype=np.int64), INF), "int64"),
        (lambda: gather_norm(np.array([4]), 4, 2), "integers from -1 to 3"),
    ):
        with pytest.raises(NormError, match=words):
            call()


def test_the_gram_bound_is_attained_by_orthogonal_rows() -> None:
    hadamard = np.array([[1.0]])
    for _ in range(5):
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
        size = len(hadamard)
        bound = dense_norm(hadamard * 2.0**-40, 2)
        assert F(bound.upper) ** 2 >= F(size) * F(4) ** -40
        assert F(math.nextafter(bound.upper, 0)) ** 2 < F(size) * F(4) ** -40
    permutation = np.eye(9)[np.random.default_rng(1).permutation(9)]
    for array in (permutation, -permutation, permutation[:4], permutation[:, :4], permutation.astype(np.float32)):
        bound = dense_norm(array, 2)
        assert (bound.lower <= 1.0, bound.upper) == (True, 1.0)


def test_the_gram_bound_is_never_below_the_norm() -> None:
    random = np.random.default_rng(2)
    for _ in range(300):
        shape = random.integers(1, 6, 2)
        array = random.integers(-4, 5, shape) * 2.0 ** random.integers(-3, 4, shape) * 2.0 ** random.integers(-900, 900)
        bound = gram_bound(array)
        top = float(np.abs(array).max()) or 1.0
        assert bound >= float(np.linalg.norm(array / top, 2)) * top * (1 - 1e-12)
        column = [F(float(a)) for a in array[:, 0]]
        assert bound == INF or F(bound) ** 2 >= sum(a * a for a in column)
    assert gram_bound(random.standard_normal((4, 4))) == INF, "full mantissas have no exact products"


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_gram_bound_leaves_subnormal_numbers_alone(kind: type) -> None:
    least = np.finfo(kind).smallest_subnormal
    for array in (np.array([[least]], kind), np.array([[1, 0], [0, 3 * least]], kind)):
        for flush in (False, True):
            torch.set_flush_denormal(flush)
            try:
                gram, bound = gram_bound(array), dense_norm(array, 2)
            finally:
                torch.set_flush_denormal(False)
            assert gram == INF
            assert F(bound.upper) >= F(1, 2**1074 if kind is np.float64 else 2**149)


def test_signed_permutations_and_means_have_their_norm_from_above() -> None:
    """Large ones too, where the Gram matrix is not formed: ||W||_2^2 <= ||W||_1 ||W||_inf, without rounding."""
    random = np.random.default_rng(3)
    signed = np.eye(600)[random.permutation(600)] * random.choice([-1.0, 1.0], 600)
    for array in (signed, signed.astype(np.float32), signed[:, :550]):
        assert dense_norm(array, 2).upper == 1.0
    means = np.full((700, 700), 2.0**-9)
    assert dense_norm(means, 2).upper == 700 / 512
    # One ulp above one in a single entry: the norm is that entry.
    signed[np.nonzero(signed)[0][5]] *= 1 + 2.0**-52
    bound = dense_norm(signed, 2)
    assert 1 < bound.upper == 1 + 2.0**-52


def test_the_sums_are_never_below_the_norm() -> None:
    random = np.random.default_rng(4)
    for _ in range(50):
        array = random.standard_normal(tuple(random.integers(1, 7, 2)))
        assert not exceeds(array, sums_bound(largest_row_sum(array.T), largest_row_sum(array)) * (1 + F(1, 2**80)))
