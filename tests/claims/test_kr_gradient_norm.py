"""Optimal duals between point masses by linear programming, and their slopes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.optimal_dual_gradient.always import CLAMP, DOWN, HINGE, SHIFT, UP
from lipcheck.claims.bethune2021 import kr_gradient_norm
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def range_of_slopes(masses: np.ndarray) -> list[tuple[float, float]]:
    """On 0, 1, ..., the least and largest slope between neighbours among all optimal duals; masses of P - Q."""
    n = len(masses)
    steps = np.eye(n, k=1)[:-1] - np.eye(n)[:-1]
    limits, ones = np.vstack([steps, -steps]), np.ones(2 * (n - 1))
    bounds = [(-10, 10)] * n
    best = linprog(-masses, A_ub=limits, b_ub=ones, bounds=bounds).fun
    found = []
    for step in steps:
        ends = [
            s * linprog(s * step, A_ub=limits, b_ub=ones, A_eq=[-masses], b_eq=[best], bounds=bounds).fun
            for s in (1, -1)
        ]
        found.append((ends[0], ends[1]))
    return found


def test_slopes_are_fixed_exactly_where_mass_passes() -> None:
    for masses in ([1, -1, 0, 0], [0, 0.5, 0.5, -1], [1, -1, 1, -1], [0.5, -1, 0.5, 0]):
        flow = np.cumsum(masses)[:-1]
        for passes, (low, high) in zip(flow, range_of_slopes(np.array(masses, float)), strict=True):
            if passes:
                assert low == pytest.approx(high) == pytest.approx(-np.sign(passes))
            else:
                assert (low, high) == (pytest.approx(-1), pytest.approx(1))


def test_pairs_of_duals() -> None:
    (rule, _) = kr_gradient_norm.one_solution(Variant(), Budget.CI)
    (repaired, _) = kr_gradient_norm.one_solution(Variant(repaired=True), Budget.CI)
    two = kr_gradient_norm.TWO
    assert refutes(two, rule) and not refutes(two, repaired)
    assert refutes({**two, "networks": [CLAMP, DOWN]}, rule)
    for networks in ([CLAMP, CLAMP], [UP, CLAMP], [HINGE, DOWN]):
        assert not refutes({**two, "networks": networks}, rule)
    same = {"first": laws.atoms(0), "second": laws.atoms(0), "networks": [UP, DOWN]}
    assert refutes(same, rule) and not refutes(same, repaired)
    with pytest.raises(ReplayError, match="networks"):
        refutes({**two, "networks": [DOWN]}, rule)


def test_both_senses_of_almost_everywhere() -> None:
    (everywhere,) = kr_gradient_norm.everywhere(Variant(), Budget.CI)
    (on_data,) = kr_gradient_norm.under_the_laws(Variant(), Budget.CI)
    assert refutes(SHIFT, everywhere) and not refutes(SHIFT, on_data)
    assert refutes(kr_gradient_norm.SHARED, everywhere) and refutes(kr_gradient_norm.SHARED, on_data)
