"""Björck by sympy, numpy and scipy: the series, limits by long iteration, competitors of the polar factor."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import sympy

from lipcheck.claims.anil2019.bjorck import (
    CLAIMS,
    _matrices,
    _steps,
    derivative,
    guarantee,
    iterations,
    larger_order,
    scale,
)
from lipcheck.claims.anil2019.bjorck import test_time as at_test_time
from lipcheck.exact import matrix
from lipcheck.norms import NormError
from lipcheck.norms.bjorck import coefficients, image, least_after, step
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall, Obligation, Universal
from lipcheck.words.verdict import Budget, Verdict

BY_ID = {claim.id.removeprefix("anil2019.bjorck").removeprefix("."): claim for claim in CLAIMS}


def refuted(data: Any, law: Obligation) -> bool:
    """Whether the trusted checker accepts the data as a counterexample."""
    try:
        return refutes(data, law)
    except ReplayError:
        return False


def float_step(a: Any, order: int) -> Any:
    """A P_p(I - A'A) by powers, without Horner's scheme and with binomials from scipy."""
    q = np.eye(a.shape[1]) - a.T @ a
    return a @ sum((-1) ** j * scipy.special.binom(-0.5, j) * np.linalg.matrix_power(q, j) for j in range(order + 1))


def inside(rng: np.random.Generator, m: int, n: int) -> Any:
    """A random matrix with ||I - A'A|| < 1."""
    u, _, v = np.linalg.svd(rng.normal(size=(m, n)), full_matrices=False)
    return u @ np.diag(rng.uniform(0.05, 1.41, size=min(m, n))) @ v


def test_the_series_is_that_of_sympy() -> None:
    q, s = sympy.symbols("q s")
    series = sympy.series((1 - q) ** sympy.Rational(-1, 2), q, 0, 10).removeO()
    assert [Fraction(int(c.p), int(c.q)) for c in reversed(sympy.Poly(series, q).all_coeffs())] == list(coefficients(9))
    for order in range(1, 8):
        P = sum(sympy.Rational(c.numerator, c.denominator) * q**j for j, c in enumerate(coefficients(order)))
        last = coefficients(order)[-1] * (2 * order + 1)
        slope = sympy.diff(s * P.subs(q, 1 - s**2), s)
        assert sympy.expand(slope - sympy.Rational(last.numerator, last.denominator) * (1 - s**2) ** order) == 0
        G = sympy.Poly(sympy.expand(1 - (1 - q) * P**2), q)
        assert list(reversed(G.all_coeffs())) == [
            sympy.Rational(c.numerator, c.denominator) for c in _steps.defect(order)
        ]
        assert _steps.holds_for_order(order)


def test_the_exact_step_is_the_float_step() -> None:
    rng = random.Random(0)
    for m, n in ((1, 1), (2, 3), (3, 2), (3, 3), (1, 4)):
        rows = [[Fraction(rng.randint(-5, 5), 7) for _ in range(n)] for _ in range(m)]
        for order in (1, 2, 5):
            exact = np.array([[float(e) for e in row] for row in step(matrix(rows), order)])
            assert np.allclose(exact, float_step(np.array(rows, dtype=float), order), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 7])
def test_inside_the_condition_everything_tends_to_the_polar_factor_at_the_rate(order: int) -> None:
    rng = np.random.default_rng(order)
    for m, n in ((1, 1), (4, 4), (6, 3), (3, 3)):
        a = inside(rng, m, n)
        factor, _ = scipy.linalg.polar(a)
        start = np.linalg.norm(np.eye(n) - a.T @ a, 2)
        for k in range(1, 40):
            a = float_step(a, order)
            bound = start ** float((order + 1) ** k) if (order + 1) ** k < 1000 else 0
            assert np.linalg.norm(np.eye(n) - a.T @ a, 2) <= bound + 1e-12 or (k < 20 and bound == 0)
        assert np.allclose(a, factor, atol=1e-10)


def test_limits_told_exactly_are_those_of_long_iterations() -> None:
    told = 0
    for order in (1, 2, 3, 4):
        for n in range(0, 30):
            start = Fraction(2 * n + 1, 25)
            value = float(start)
            for _ in range(80):
                value = float(image(Fraction(value), order)) if abs(value) < 1e3 else math.inf
            try:
                limit = _matrices.scalar_limit(start, order)
            except _matrices.BjorckError:
                continue
            told += 1
            if limit is None:
                assert abs(value) > 1.4, (order, start, value)
            else:
                assert abs(value - limit) < 1e-6, (order, start, value)
    assert told > 90


def test_the_radii_by_bisection() -> None:
    for order, square in ((1, 3.0), (2, 7 / 3)):
        low, high = 1.0, 2.0
        for _ in range(14):
            middle = (low + high) / 2
            value = middle
            for _ in range(200):
                value = float(image(Fraction(value), order)) if abs(value) < 1e3 else math.inf
            good = abs(value - 1) < 1e-9 and float(image(Fraction(middle), order)) > 0
            low, high = (middle, high) if good else (low, middle)
        assert abs(low**2 - square) < 1e-2


def test_no_random_orthonormal_matrix_is_nearer() -> None:
    rng = np.random.default_rng(5)
    for m, n in ((3, 3), (5, 2)):
        a = inside(rng, m, n)
        factor, _ = scipy.linalg.polar(a)
        least = np.linalg.norm(a - factor)
        for _ in range(300):
            b = np.linalg.qr(factor + rng.choice([0.01, 0.3, 3.0]) * rng.normal(size=(m, n)))[0]
            b = b * np.sign(np.sum(b * factor, axis=0))
            assert np.linalg.norm(a - b) > least
            assert np.linalg.norm(a - b, 2) >= np.linalg.norm(a - factor, 2) - 1e-12
    tie, c, s = np.diag([0.25, 1, 1]), math.cos(0.5), math.sin(0.5)
    rotated = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    assert math.isclose(np.linalg.norm(tie - rotated, 2), 0.75) and math.isclose(
        np.linalg.norm(tie - np.eye(3), 2), 0.75
    )


def test_the_condition_and_the_rank_against_numpy() -> None:
    rng = random.Random(3)
    for _ in range(60):
        m, n = rng.randint(1, 3), rng.randint(1, 3)
        rows = [[Fraction(rng.randint(-4, 4), 4) for _ in range(n)] for _ in range(m)]
        weight, floats = matrix(rows), np.array(rows, dtype=float)
        assert _matrices.rank(weight) == np.linalg.matrix_rank(floats)
        norm = np.linalg.norm(floats.T @ floats - np.eye(n), 2)
        for radius in (Fraction(1), Fraction(1, 2), Fraction(2)):
            if abs(norm - float(radius)) > 1e-9:
                assert _matrices.near(weight, radius) == (norm < float(radius))
    assert not _matrices.near(matrix([[1, 0]]), Fraction(1)) and _matrices.near(matrix([[1], [0]]), Fraction(1, 100))
    assert not _matrices.near(matrix([[0]]), Fraction(1)) and _matrices.near(matrix([[0]]), Fraction(101, 100))


def test_larger_orders_up_to_forty_and_where_they_stop_to_pay() -> None:
    for n in range(1, 29):
        if n != 20:
            s = Fraction(n, 20)
            errors = [abs(image(s, order) - 1) for order in range(1, 41)]
            assert all(a > b for a, b in pairwise(errors)), s
    for order in (1, 3, 8):
        edge = math.sqrt(1 + (2 * order + 4) / (2 * order + 3))
        assert abs(image(Fraction(edge), order + 1) - 1) < abs(image(Fraction(edge), order) - 1)
        assert abs(image(Fraction(2), order + 1) - 1) > abs(image(Fraction(2), order) - 1)
    s = Fraction(142, 100)
    assert abs(image(s, 201) - 1) > abs(image(s, 200) - 1)


def test_the_bound_on_the_integral_by_quadrature() -> None:
    from scipy.integrate import quad

    for order in (1, 2, 5, 20):
        for s in (1.05, 1.2, 1.4):
            w, g = s * s - 1, (2 * order + 3) / (2 * order + 4)
            integral, _ = quad(lambda t, p=order: (t * t - 1) ** p, 1, s)
            assert integral >= s * w ** (order + 1) / ((2 * order + 2) * (1 + g * w)) * (1 - 1e-9)
            error = float(abs(image(Fraction(s), order) - 1))
            assert math.isclose(error, (2 * order + 1) * float(coefficients(order)[-1]) * integral, rel_tol=1e-6)


def test_what_an_order_gives_per_product_of_matrices() -> None:
    growth = [float((2 * p + 1) * coefficients(p)[-1]) ** (1 / (p + 1)) for p in range(1, 10)]
    rate = [(p + 1) ** (1 / (p + 1)) for p in range(1, 10)]
    assert max(growth) == growth[1] and max(rate) == rate[1]
    assert [round(g, 3) for g in growth[:3]] == [1.225, 1.233, 1.216]


def test_scale_equation_and_invariance_fail_for_most_factors() -> None:
    (equation, _), (words,) = scale.equation(Variant(), Budget.SMOKE), scale.words(Variant(), Budget.SMOKE)
    for rows in ([[1]], [["1/2", 0]], [["3/5"], ["1/7"]]):
        for factor in ("1/2", "2/3", "3/2"):
            for order in (1, 2):
                data = _matrices.given(rows, factor=factor, order=order, iterations=2)
                assert refutes(data, equation) and refutes(data, words)


def test_factors_for_which_the_scale_equation_holds_are_no_counterexamples() -> None:
    for law in scale.equation(Variant(), Budget.SMOKE):
        for rows in ([[1]], [[1], [0]], [[0]]):
            for factor in (0, 1, -1):
                assert not refuted(_matrices.given(rows, factor=factor, order=1, iterations=1), law)
    assert _matrices.limit(matrix([[0, 0]]), 1) == ((0, 0),) and _matrices.limit(matrix([[3]]), 1) is None


def test_fifteen_iterations_by_floats() -> None:
    def after(s: float, count: int) -> float:
        for _ in range(count):
            s = s * (3 - s * s) / 2
        return s

    assert after(1 / 200, 15) > 0.99 > after(1 / 210, 15) and after(1 / 200, 14) < 0.99
    assert after(1 / 813, 15) < 0.5 < after(1 / 812, 15)
    assert abs(float(least_after(Fraction(1, 200), 15)) - after(1 / 200, 15)) < 1e-12
    assert float(iterations.most_after(Fraction(1, 813), 15)) >= after(1 / 813, 15) - 1e-15


def test_odd_orders_fall_below_one_and_even_ones_do_not() -> None:
    for order in range(1, 30):
        for s in (Fraction(101, 100), Fraction(6, 5), Fraction(141, 100)):
            value = image(s, order)
            assert 0 < value < 1 if order % 2 else value > 1
    grid = [float(image(Fraction(n, 500), 1)) for n in range(0, 1001)]
    assert max(map(abs, grid)) <= 1 and abs(image(Fraction(1001, 500), 1)) > 1


def test_the_derivative_by_differences_of_exact_steps() -> None:
    a, h, t = matrix([["1/2", "1/3"], ["-1/5", 1]]), matrix([[1, -2], [3, "1/2"]]), Fraction(1, 10**6)
    moved = [tuple(tuple(x + sign * t * y for x, y in zip(r, u, strict=True)) for r, u in zip(a, h, strict=True))
             for sign in (1, -1)]  # fmt: skip
    plus, minus = (step(w, 1) for w in moved)
    A, H = (np.array(w, dtype=float) for w in (a, h))
    formula = H + (H - H @ A.T @ A - A @ H.T @ A - A @ A.T @ H) / 2
    numeric = [[float((x - y) / (2 * t)) for x, y in zip(r, u, strict=True)] for r, u in zip(plus, minus, strict=True)]
    assert np.allclose(numeric, formula, atol=1e-9)
    assert derivative.tangent(3, 2) and not derivative.tangent(1, 1)


def test_no_point_of_a_grid_violates_a_step() -> None:
    rng = random.Random(1)
    for claim in CLAIMS:
        for obligation in claim.named(Variant(), Budget.CI).values():
            if isinstance(obligation, Forall):
                for _ in range(30):
                    point = {v: Fraction(rng.randint(-8, 12), 8) for v in obligation.variables}
                    assert not obligation.violated_at(point), (claim.id, obligation.name, point)


def test_a_condition_of_a_polynomial_that_is_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _steps.holds_for_order(3)
    monkeypatch.setattr(
        _steps, "coefficients", lambda order: (Fraction(1), Fraction(1, 2), Fraction(3, 8), Fraction(1, 3))
    )
    assert not _steps.holds_for_order(3) and any(_steps.defect(3)[:4])


@pytest.mark.parametrize("wrong", [{1: Fraction(1, 5), 4: Fraction(-1, 5)}, {4: Fraction(-2), 5: Fraction(2)}])
def test_a_defect_with_a_low_power_or_a_negative_coefficient_is_noticed(
    wrong: dict[int, Fraction], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = _steps.defect(3)
    monkeypatch.setattr(_steps, "defect", lambda order: [c + wrong.get(i, 0) for i, c in enumerate(right)])
    assert sum(_steps.defect(3)) == 1 and not _steps.holds_for_order(3)


def test_the_guarantee_asks_that_nothing_shrinks() -> None:
    law = guarantee.matrices(Variant(constants={"bound": Fraction(3, 2)}))
    data = _matrices.given([["6/5"]], order=1, iterations=1)
    assert image(Fraction(6, 5)) < 1 and refutes(data, law)


def test_upper_ends_are_rounded_up() -> None:
    for n in (3, 7, 100):
        exact = Fraction(1, n)
        for _ in range(4):
            exact = image(exact)
        assert exact < iterations.most_after(Fraction(1, n), 4) < exact + Fraction(1, 2**70)


def test_more_iterations_are_another_function() -> None:
    assert all(at_test_time.stored(i, 0) and not at_test_time.stored(i, 1) for i in (1, 2))
    third = least_after(Fraction(1, 2), 3)
    assert abs(third - Fraction(975, 1000)) < Fraction(1, 1000) and least_after(Fraction(1, 2), 15) > third


def test_malformed_data_are_refused() -> None:
    (law,) = (o for o in BY_ID["convergence"].named(Variant(), Budget.CI).values() if isinstance(o, Universal))
    bad: list[Any] = [None, {}, {"matrix": [["1"]]}, {"matrix": "1", "order": "1"}, {"matrix": [], "order": "1"}]
    bad += [{"matrix": rows, "order": "1"} for rows in ([["1"], ["1", "2"]], [[1.5]], [["1/0"]], ["1"])]
    bad += [{"matrix": [["1"]], "order": order} for order in ("0", "1/2", 1, "2000")]
    for data in [*bad, {"matrix": [["1"]], "order": "1", "more": "1"}]:
        with pytest.raises(ReplayError):
            refutes(data, law)
    with pytest.raises(_matrices.BjorckError):
        larger_order.read({"singular_value": "1"})
    with pytest.raises(NormError):
        least_after(Fraction(2), 1)


def test_the_repairs_reject_the_counterexamples() -> None:
    for claim in CLAIMS:
        if claim.expected is Verdict.REFUTED:
            for variant in claim.repairs.values():
                repaired = {o.name: o for o in claim.obligations(variant, Budget.CI)}
                for name, data in claim.counterexamples.items():
                    assert not refuted(data, repaired[name])
