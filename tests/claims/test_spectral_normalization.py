"""Spectral normalization by other means: numpy iterations, singular values, and the inequalities by sympy."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy

from lipcheck.claims.anil2019.spectral_normalization import common, estimate, largest, preservation, singular_values
from lipcheck.words.claim import Variant


def power(weight: np.ndarray, u: np.ndarray, k: int) -> float:
    """The estimate, with normalized vectors as the paper writes them."""
    for _ in range(k):
        v = weight.T @ u
        v /= np.linalg.norm(v)
        u = weight @ v
        u /= np.linalg.norm(u)
    return float(u @ weight @ v)


def random_matrix(random: Random, m: int, n: int) -> list[list[Fraction]]:
    return [[Fraction(random.randint(-5, 5), random.randint(1, 3)) for _ in range(n)] for _ in range(m)]


def test_squared_estimates_are_those_of_normalized_iteration() -> None:
    random = Random(0)
    for _ in range(60):
        m, n = random.randint(1, 4), random.randint(1, 4)
        weight, u = random_matrix(random, m, n), [Fraction(random.randint(1, 5)) for _ in range(m)]
        rows = common.rows(weight)
        floats = np.array(weight, dtype=float)
        if not (floats.T @ np.array(u, dtype=float)).any():
            continue
        for k in (1, 2, 4):
            square = common.squared_estimate(rows, tuple(u), k)
            assert float(square) == pytest.approx(power(floats, np.array(u, dtype=float), k) ** 2)
            sigma = np.linalg.norm(floats, 2)
            assert float(square) <= sigma**2 * (1 + 1e-12)
            normalized = largest.examine({"W": weight, "u": u, "iterations": k}, repaired=False).conclusion
            assert normalized == (float(square) >= sigma**2 * (1 - 1e-12)) or abs(float(square) / sigma**2 - 1) < 1e-9


def test_the_counterexample_never_gets_below_one() -> None:
    for k in range(1, 12):
        square = common.squared_estimate(common.rows(largest.DIAGONAL["W"]), (Fraction(1), Fraction(1)), k)
        assert square == Fraction(4 ** (2 * k) + 1, 4 ** (2 * k - 1) + 1) < 4


def test_undefined_iterations_are_refused() -> None:
    zero = ((Fraction(0),),)
    for weight, u, k in ((zero, (Fraction(1),), 1), (common.rows([[1]]), (Fraction(1),), 0)):
        with pytest.raises(common.IterationError):
            common.squared_estimate(weight, u, k)
    with pytest.raises(common.IterationError):
        common.start([1, 2], common.rows([[1]]))
    with pytest.raises(common.IterationError):
        common.entries({"W": 1}, ("W", "u"))


def test_quotients_are_those_of_matrices_with_these_singular_values() -> None:
    ratios, weights, overlap = [0.5, 0.25], [2.0, 0.5], 0.75
    weight = np.diag(np.sqrt([1.0, *ratios]))
    u = np.sqrt([overlap, *weights])
    for k in (1, 2, 5):
        exact = estimate.quotient([Fraction(1, 2), Fraction(1, 4)], [Fraction(2), Fraction(1, 2)], Fraction(3, 4), k)
        assert float(exact) == pytest.approx(power(weight, u.copy(), k) ** 2)


def test_the_loss_of_a_component_is_largest_where_the_derivation_says() -> None:
    r = sympy.symbols("r", positive=True)
    for k in (1, 2, 3, 10):
        N = 2 * k - 1
        peak = (r**N * (1 - r)).subs(r, sympy.Rational(N, N + 1))
        assert peak == sympy.Rational(N, N + 1) ** N / (N + 1) <= sympy.Rational(1, 4 * k)
        assert sympy.diff(r**N * (1 - r), r).subs(r, sympy.Rational(N, N + 1)) == 0
        assert all(float((r**N * (1 - r)).subs(r, x / 50)) <= float(peak) for x in range(51))


def test_four_is_sharp_and_404_percent_of_one_is_not() -> None:
    data = estimate.STARTS[1]
    assert not estimate.examine(data, Variant()).violates()
    assert estimate.examine(data, Variant(constants={"factor": Fraction(4001, 1000)})).violates()


def test_equal_singular_values_need_equal_rows() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        q, _ = np.linalg.qr(rng.standard_normal((5, 3)))
        weight = 3 * q.T
        assert np.allclose(np.linalg.svd(weight)[1], 3) and np.allclose(np.linalg.norm(weight, axis=1), 3)
    assert singular_values.examine([["1", "0"], ["0", "1"]]).conclusion


def test_norms_of_exactly_one_and_lost_gradients() -> None:
    assert preservation.norm_one([["1", "0"], ["0", "1/2"]]) and not preservation.norm_one([["1/2"]])
    assert not preservation.norm_one([["1", "1"], ["0", "0"]])
    assert preservation.loses(preservation.LOSS) and preservation.under_used(preservation.TWO_LAYERS)
    assert not preservation.loses({**preservation.LOSS, "g": ["1", "0"]})
    first, second = (np.array(w, dtype=object) for w in preservation.TWO_LAYERS["W"])
    product = [[sum(Fraction(a) * Fraction(b) for a, b in zip(r, c, strict=True)) for c in first.T] for r in second]
    assert product == [[Fraction(1, 100), 0], [0, Fraction(1, 100)]]


def test_the_norm_after_division_tends_to_one_from_above() -> None:
    """The charitable reading, in numpy: 1 <= (sigma / sigma_k)^2 <= 1 / (1 - T / (4 k A))."""
    rng = np.random.default_rng(8)
    for shape in ((2, 2), (3, 5), (4, 3)):
        weight, u = rng.standard_normal(shape), rng.standard_normal(shape[0])
        left, values, _ = np.linalg.svd(weight)
        squares, before = (left.T @ u) ** 2, np.inf
        for k in range(1, 40):
            v = weight.T @ u / np.linalg.norm(weight.T @ u)
            u = weight @ v / np.linalg.norm(weight @ v)
            norm = float(np.linalg.norm(weight / (u @ weight @ v), 2)) ** 2
            assert 1 - 1e-12 <= norm <= before + 1e-12
            e = squares[1:].sum() / (4 * k * squares[0])
            assert e >= 1 or norm <= 1 / (1 - e) + 1e-12
            before = norm
        assert norm < 1.1 and np.linalg.norm(weight / values[0], 2) == pytest.approx(1)
