"""The bounds on the largest singular value against numpy, on random and on extreme matrices."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lipcheck.claims.anil2019.norm_inequalities import CLAIMS, _bounds, better, cost, printed
from lipcheck.exact import matrix
from lipcheck.norms import operator_norm
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall, Obligation, Universal
from lipcheck.words.verdict import Budget

BY_ID = {claim.id.removeprefix("anil2019.norm_inequalities").removeprefix("."): claim for claim in CLAIMS}


def random_matrix(rng: random.Random) -> list[list[Fraction]]:
    m, n = rng.randint(1, 4), rng.randint(1, 4)
    return [[Fraction(rng.choice([0, 0, rng.randint(-9, 9)]), rng.randint(1, 4)) for _ in range(n)] for _ in range(m)]


def refuted(data: Any, law: Obligation) -> bool:
    """Whether the trusted checker accepts the data as a counterexample."""
    try:
        return refutes(data, law)
    except ReplayError:
        return False


def bounds(a: Any) -> dict[str, float]:
    m, n = a.shape
    one, infinity = np.linalg.norm(a, 1), np.linalg.norm(a, np.inf)
    return {"entries": math.sqrt(m * n) * np.abs(a).max(), "columns": math.sqrt(n) * one,
            "rows": math.sqrt(m) * infinity, "geometric": math.sqrt(one * infinity)}  # fmt: skip


def test_all_bounds_hold_and_the_geometric_mean_and_frobenius_are_least() -> None:
    rng = random.Random(0)
    for _ in range(300):
        rows = random_matrix(rng)
        a = np.array(rows, dtype=float)
        sigma, found = np.linalg.norm(a, 2), bounds(a)
        assert all(sigma <= bound * (1 + 1e-12) for bound in found.values())
        assert found["geometric"] <= min(found.values()) * (1 + 1e-12)
        assert np.linalg.norm(a) <= min(v for k, v in found.items() if k != "geometric") * (1 + 1e-12)
        if sigma:
            size = math.sqrt(a.size)
            assert max(found.values()) <= size * sigma * (1 + 1e-12)
            assert found["geometric"] <= math.sqrt(size) * sigma * (1 + 1e-12)


def test_the_exact_norms_and_the_decision_against_numpy() -> None:
    rng = random.Random(1)
    for _ in range(80):
        weight = matrix(random_matrix(rng))
        a = np.array(weight, dtype=float)
        assert math.isclose(float(_bounds.one_norm(weight)), np.linalg.norm(a, 1))
        assert _bounds.infinity_norm(weight) == operator_norm(weight, math.inf).upper
        assert cost.by_vertices(weight) == (_bounds.one_norm(weight), _bounds.infinity_norm(weight))
        square = float(np.linalg.norm(a, 2)) ** 2
        assert _bounds.square_at_most(weight, Fraction(square * (1 + 1e-9)) + Fraction(1, 10**12))
        assert square < 1e-6 or not _bounds.square_at_most(weight, Fraction(square * (1 - 1e-9)))


@pytest.mark.parametrize("m", [1, 2, 5])
@pytest.mark.parametrize("n", [1, 3, 4])
def test_each_bound_is_attained_at_every_shape(m: int, n: int) -> None:
    ones, row, column = np.ones((m, n)), np.zeros((m, n)), np.zeros((m, n))
    row[0], column[:, 0] = 1, 1
    for a, name in ((ones, "entries"), (row, "columns"), (column, "rows"), (ones, "geometric")):
        assert math.isclose(np.linalg.norm(a, 2), bounds(a)[name])


def test_exchanged_sides_fail_exactly_where_they_are_smaller() -> None:
    exchanged = Variant(constants={"exchanged": Fraction(1)})
    law = next(o for o in printed.columns(exchanged, Budget.SMOKE) if isinstance(o, Universal))
    assert refutes(_bounds.ones(1, 2), law)
    assert not refuted(_bounds.ones(2, 1), law)


def test_a_scaled_hadamard_matrix_loses_its_norm() -> None:
    h = np.array(better.hadamard(6), dtype=float)
    assert np.allclose(h.T @ h, 64 * np.eye(64))
    w = h / 8
    assert math.isclose(bounds(w)["columns"], 64) and math.isclose(bounds(w)["geometric"], 8)
    a = w / bounds(w)["columns"]
    for _ in range(8):
        a = a @ (1.5 * np.eye(64) - a.T @ a / 2)
    values = np.linalg.svd(a, compute_uv=False)
    s = 1 / 64
    for _ in range(8):
        s = s * (3 - s * s) / 2
    assert np.allclose(values, s) and s < 0.5
    assert 1024 == 2**10 and better.attained(5) and better.attained(4)


def test_plain_sums_are_no_norms() -> None:
    law = cost.norms(Variant(dropped=frozenset({"sizes"})))
    assert refutes(_bounds.given([[1, -1]]), law)
    assert not refuted(_bounds.given([[1, 1]]), law)
    with pytest.raises(_bounds.BoundError):
        cost.by_vertices(matrix([[1] * 13]))


def test_malformed_data_are_refused() -> None:
    law = next(o for o in printed.entries(Variant(), Budget.SMOKE) if isinstance(o, Universal))
    for data in (
        None,
        {},
        {"matrix": []},
        {"matrix": [[]]},
        {"matrix": [["1"], ["1", "1"]]},
        {"matrix": [[1]]},
        {"matrix": ["1"]},
    ):
        with pytest.raises(ReplayError):
            refutes(data, law)


def test_no_point_of_a_grid_violates_a_step() -> None:
    rng = random.Random(2)
    for claim in CLAIMS:
        for obligation in claim.named(Variant(), Budget.CI).values():
            if isinstance(obligation, Forall):
                met = 0
                for _ in range(250):
                    point = {v: Fraction(rng.randint(-1, 6), 2) for v in obligation.variables}
                    assert not obligation.violated_at(point), (claim.id, obligation.name, point)
                    met += obligation.admits(point)
                assert met, (claim.id, obligation.name)
