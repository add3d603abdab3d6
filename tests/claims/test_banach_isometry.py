"""Arens-Eells norms of finite metric spaces by linear programming, against constants computed from slopes."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import linprog

from lipcheck.claims.bethune2021.banach_isometry import CLAIMS, constants, functionals, margin
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget


def space(rng: np.random.Generator, n: int) -> np.ndarray:
    """A random metric: shortest paths on random lengths."""
    d = rng.uniform(1, 4, size=(n, n))
    d = np.minimum(d, d.T)
    np.fill_diagonal(d, 0)
    for k in range(n):
        d = np.minimum(d, d[:, k, None] + d[None, k, :])
    return d


def molecule_norm(d: np.ndarray, m: np.ndarray) -> float:
    """inf of sum |a_ij| d_ij over m = sum a_ij (δ_i - δ_j), a_ij >= 0."""
    n = len(d)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    balance = np.array([[(k == i) - (k == j) for i, j in pairs] for k in range(n)], dtype=float)
    return float(linprog([d[i, j] for i, j in pairs], A_eq=balance, b_eq=m, bounds=(0, None)).fun)


def constant(d: np.ndarray, f: np.ndarray) -> float:
    return max(abs(f[i] - f[j]) / d[i, j] for i, j in permutations(range(len(d)), 2))


def test_norm_of_the_functional_is_the_constant() -> None:
    """||T|| = max T(m) over ||m|| <= 1, as a linear program over the weights a_ij of molecules."""
    rng = np.random.default_rng(0)
    for n in (2, 3, 4, 5):
        d, f = space(rng, n), rng.normal(size=n)
        pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
        gain = [-(f[i] - f[j]) for i, j in pairs]
        cost = [[d[i, j] for i, j in pairs]]
        norm = -linprog(gain, A_ub=cost, b_ub=[1], bounds=(0, None)).fun
        assert math.isclose(norm, constant(d, f), rel_tol=1e-7)
        for _ in range(3):
            m = rng.normal(size=n)
            m -= m.mean()
            assert abs(m @ f) <= constant(d, f) * molecule_norm(d, m) * (1 + 1e-7)


def test_the_embedding_is_isometric() -> None:
    rng = np.random.default_rng(1)
    d = space(rng, 4)
    for i, j in permutations(range(4), 2):
        assert math.isclose(molecule_norm(d, np.eye(4)[i] - np.eye(4)[j]), d[i, j], rel_tol=1e-7)


def test_one_more_point() -> None:
    """Extended by 0 to a point at distance c, the constant is max(Lip(f), sup|f| / c); a metric iff 2 c >= diam."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        d, f = space(rng, 4), rng.normal(size=4)
        for c in (d.max() / 2, d.max()):
            bigger = np.full((5, 5), c)
            bigger[:4, :4], bigger[4, 4] = d, 0
            assert all(bigger[i, j] <= bigger[i, 4] + bigger[4, j] + 1e-12 for i in range(4) for j in range(4))
            whole = constant(bigger, np.append(f, 0))
            assert math.isclose(whole, max(constant(d, f), abs(f).max() / c))
    assert not constants.metric(Variant()).admits({"c": Fraction(49, 100), "d": Fraction(1), "D": Fraction(1)})


def test_the_margin_of_a_finite_space() -> None:
    """The nearest molecule on the hyperplane, by linear programming."""
    rng = np.random.default_rng(3)
    for _ in range(10):
        n = 4
        d, f = space(rng, n), rng.normal(size=n)
        pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
        step = linprog([d[i, j] for i, j in pairs], A_eq=[[f[i] - f[j] for i, j in pairs]], b_eq=[-f[1]],
                       bounds=(0, None)).fun  # fmt: skip
        assert math.isclose(step, abs(f[1]) / constant(d, f), rel_tol=1e-7)


def test_constants_and_malformed_data() -> None:
    rule = constants.seminorm(Variant())
    assert rule.examine({"points": ["0", "3"], "values": ["2", "2"]}).violates()
    assert not rule.examine({"points": ["0", "3"], "values": ["2", "1"]}).violates()
    repaired = constants.seminorm(Variant(repaired=True))
    assert not any(repaired.examine({"points": ["0", "3"], "values": [v, "2"]}).violates() for v in ("0", "1", "2"))
    for bad in ({"points": [], "values": []}, {"points": ["0", "0"], "values": ["1", "1"]}, {"points": ["0"]}):
        with pytest.raises(ReplayError):
            refutes(bad, rule)


def test_steps_on_random_rationals() -> None:
    values = [Fraction(v) for v in ("-1", "0", "1/2", "1", "2", "3")]
    rng = random.Random(0)
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall):
                for _ in range(300):
                    point = {name: rng.choice(values) for name in obligation.variables}
                    assert not obligation.violated_at(point), (obligation.name, point)
    assert {c.id.rsplit(".", 1)[-1] for c in (*functionals.CLAIMS, *margin.CLAIMS)} == {"banach_isometry", "margin"}


def test_a_constant_below_the_smallest_has_a_larger_margin() -> None:
    step = margin.largest(Variant(dropped=frozenset({"smallest"})))
    assert step.violated_at({"margin": Fraction(1), "q": Fraction(1), "least": Fraction(3, 2)})
