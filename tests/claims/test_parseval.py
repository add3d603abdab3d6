"""Parseval updates by sympy's derivatives, by brute force over singular values and by long runs."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import chain
from typing import Any

import numpy as np
import pytest
import sympy

from lipcheck.claims.anil2019.parseval import CLAIMS, _update, gradient, penalty, small_beta, special_case
from lipcheck.exact import matrix
from lipcheck.network import Affine, Network
from lipcheck.norms.bjorck import image
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.verdict import Budget, Verdict

BY_ID = {claim.id.removeprefix("anil2019.parseval").removeprefix("."): claim for claim in CLAIMS}
HALF = Fraction(1, 2)


def refuted(data: Any, law: Obligation) -> bool:
    """Whether the trusted checker accepts the data as a counterexample."""
    try:
        return refutes(data, law)
    except ReplayError:
        return False


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)])
def test_the_gradient_is_that_of_sympy_and_eq_9_is_half_of_it(shape: tuple[int, int]) -> None:
    m, n = shape
    names = sympy.symbols(f"w0:{m * n}")
    W = sympy.Matrix(m, n, names)
    penalty_ = sum(e**2 for e in W.T * W - sympy.eye(n))
    rng = random.Random(m * 10 + n)
    rows = [[Fraction(rng.randint(-6, 6), 4) for _ in range(n)] for _ in range(m)]
    values = {name: sympy.Rational(v.numerator, v.denominator) for name, v in zip(names, chain(*rows), strict=True)}
    expected = [[Fraction(str(sympy.diff(penalty_, W[i, k]).subs(values))) for k in range(n)] for i in range(m)]
    got = gradient.gradient(matrix(rows))
    assert [list(row) for row in got] == expected
    beta = Fraction(1, 3)
    step = gradient.difference(matrix(rows), got, beta / 4)
    assert step == _update.update(matrix(rows), beta)
    if any(any(row) for row in got):
        assert gradient.difference(matrix(rows), got, beta / 2) != step


def test_the_update_moves_singular_values_by_the_map() -> None:
    rng = random.Random(4)
    for m, n in ((2, 2), (3, 2), (2, 3)):
        rows = [[Fraction(rng.randint(-4, 4), 5) for _ in range(n)] for _ in range(m)]
        a = np.array(rows, dtype=float)
        u, s, v = np.linalg.svd(a, full_matrices=False)
        moved = np.array([[float(e) for e in row] for row in _update.update(matrix(rows), Fraction(2, 5))])
        assert np.allclose(moved, u @ np.diag(s * (1 + 0.4 - 0.4 * s**2)) @ v)


def test_closer_exactly_up_to_the_bound() -> None:
    for b in (0.05, 0.3, 0.5, 1.0, 3.0):
        for n in range(1, 400):
            s = n / 100
            f, z = s * (1 + b - b * s * s), b * s * (1 + s)
            if n != 100 and z < 1.999:
                assert abs(abs(f) - 1) <= abs(f - 1) + 1e-12 < abs(s - 1) + 2e-12
                assert abs(f - 1) < abs(s - 1)
            if n != 100 and z > 2.001:
                assert abs(f - 1) > abs(s - 1)


def test_which_beta_is_a_step_of_some_order() -> None:
    assert special_case.some_order(HALF, HALF)
    assert not special_case.some_order(HALF, Fraction(3, 10000))
    for s in (Fraction(1, 100), Fraction(1, 3), Fraction(9, 10)):
        assert not any(special_case.some_order(s, Fraction(n, 1000)) for n in (1, 100, 250, 499))
    # Above 1 it may happen: at s = 6/5 one beta below 1/2 gives the second order.
    s = Fraction(6, 5)
    beta = (7 - 3 * s * s) / 8
    assert beta < HALF and _update.moved(s, beta) == image(s, 2)
    # At s = 1/2 the update equals the second-order step for one beta; at 1/4 it does not.
    target = image(HALF, 2)
    beta = (target / HALF - 1) / (1 - HALF * HALF)
    assert special_case.some_order(HALF, beta) and not special_case.some_order(Fraction(1, 4), beta)
    with pytest.raises(_update.ParsevalError):
        special_case.some_order(Fraction(99, 100), Fraction(10))


@pytest.mark.parametrize("b", [0.5, 0.3, 0.05])
def test_the_region_of_convergence_by_long_runs(b: float) -> None:
    edge = math.sqrt(1 + 1 / b)
    for share in (0.001, 0.3, 0.9, 0.999):
        s = share * edge
        first = s * (1 + b - b * s * s)
        for _ in range(3000):
            s = s * (1 + b - b * s * s)
        assert first > 0 and abs(s - 1) < 1e-9
    s = 1.001 * edge
    assert s * (1 + b - b * s * s) < 0


def test_fifty_updates_by_floats() -> None:
    s = 0.5
    for _ in range(50):
        s = s * (1 + 0.0003 - 0.0003 * s * s)
    assert 0.5055 < s <= 0.506
    assert 0 <= float(small_beta.most_after(HALF, _update.USUAL, 50)) - s < 1e-12


def test_upper_ends_are_rounded_up() -> None:
    exact = HALF
    for _ in range(4):
        exact = _update.moved(exact, _update.USUAL)
    assert exact < small_beta.most_after(HALF, _update.USUAL, 4) < exact + Fraction(1, 2**70)


def test_without_the_square_eq_9_is_right_at_one_distance_only() -> None:
    law = BY_ID[""].named(Variant(), Budget.CI)["gradient of the norm itself"]
    assert not refuted(_update.given([[1], [1]], "1/3"), law)
    assert all(refuted(_update.given(rows, "1/3"), law) for rows in ([[1], [1], [1]], [[1], [1], [0], [2]], [[3]]))


def test_the_penalty_sees_what_it_should() -> None:
    points = [Fraction(-1), Fraction(1)]
    assert penalty.penalty(penalty.STEEP, points) == 0
    assert penalty.penalty(penalty.STEEP, [*points, Fraction(5)]) == 16
    assert penalty.penalty(Network(1, (Affine.linear([[3]]),)), points) == 8


def test_grids_violate_no_step() -> None:
    rng = random.Random(7)
    for claim in CLAIMS:
        for obligation in claim.named(Variant(), Budget.CI).values():
            if isinstance(obligation, Forall):
                for _ in range(300):
                    point = {v: Fraction(rng.randint(-6, 12), 6) for v in obligation.variables}
                    assert not obligation.violated_at(point), (claim.id, obligation.name, point)


def test_repairs_reject_the_counterexamples_and_malformed_data_are_refused() -> None:
    for claim in CLAIMS:
        if claim.expected is not Verdict.REFUTED:
            continue
        for variant in claim.repairs.values():
            repaired = {o.name: o for o in claim.obligations(variant, Budget.CI)}
            for name in claim.counterexamples.keys() & repaired.keys():
                assert not refuted(claim.counterexamples[name], repaired[name])
        for name in claim.counterexamples:
            for data in (None, {}, {"matrix": [["1"]]}, {"matrix": [["x"]], "beta": "1"}, {"matrix": "1", "beta": "1"},
                         {"singular_value": "1"}, {"matrix": [1], "beta": "1"}):  # fmt: skip
                with pytest.raises(ReplayError):
                    refutes(data, claim.named(Variant(), Budget.CI)[name])
