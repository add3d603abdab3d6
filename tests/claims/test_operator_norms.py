"""Matrix norms against numpy and brute force."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product
from random import Random

import numpy as np
import pytest

from lipcheck.claims.anil2019.operator_norms import infinity, lipschitz, mixed, two
from lipcheck.claims.anil2019.operator_norms.common import WidthError, infinity_norm, vertices
from lipcheck.engines import derive
from lipcheck.norms import operator_norm
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget

Rows = tuple[tuple[F, ...], ...]


def random_matrix(random: Random, m: int, n: int) -> Rows:
    return tuple(tuple(F(random.randint(-5, 5), random.choice((1, 2, 3))) for _ in range(n)) for _ in range(m))


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 3), (3, 1), (2, 4), (4, 2), (3, 3)])
def test_the_sum_over_all_columns_is_the_norm_and_the_printed_one_only_for_squares(m: int, n: int) -> None:
    random, wrong = Random(10 * m + n), 0
    for _ in range(40):
        weight = random_matrix(random, m, n)
        true = infinity_norm(weight)
        assert float(true) == pytest.approx(np.linalg.norm(np.array(weight, dtype=float), np.inf))
        assert infinity.row_sums(weight, n) == true
        wrong += infinity.row_sums(weight, m) != true
    assert (wrong == 0) is (m == n)


def test_the_vertices_are_enough() -> None:
    weight = ((F(1), F(-2)), (F(3), F(1, 2)))
    grid = [F(k, 8) for k in range(-8, 9)]
    inner = max(max(abs(a * x + b * y) for a, b in weight) for x, y in product(grid, repeat=2))
    assert inner == infinity_norm(weight) == F(7, 2)
    with pytest.raises(WidthError):
        vertices(11)


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3), (1, 4), (4, 1)])
def test_the_2_norm_is_the_root_of_the_largest_eigenvalue(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(shape))
    weight = rng.normal(size=shape)
    largest = np.sqrt(max(np.linalg.eigvalsh(weight.T @ weight)))
    xs = rng.normal(size=(shape[1], 20000))
    ratios = np.linalg.norm(weight @ xs, axis=0) / np.linalg.norm(xs, axis=0)
    assert largest * 0.98 < ratios.max() <= largest * (1 + 1e-12)
    assert largest == pytest.approx(np.linalg.norm(weight, 2))


def test_mixed_norms_of_a_product_need_one_norm_in_the_middle() -> None:
    first, second = ((F(1),), (F(1),)), ((F(1), F(1)),)
    inf = float("inf")
    assert operator_norm(first, inf, inf).upper == operator_norm(second, 1, 1).upper == 1
    assert operator_norm(((F(2),),), 1, 1).lower == 2


@pytest.mark.parametrize("p", ["1", "inf"])
def test_no_vector_grows_exactly_for_norms_up_to_one(p: str) -> None:
    random, both = Random(7), set()
    for _ in range(200):
        weight = [[F(random.randint(-3, 3), 4) for _ in range(2)] for _ in range(2)]
        order = 1 if p == "1" else np.inf
        small = np.linalg.norm(np.array(weight, dtype=float), order) <= 1
        assert lipschitz.grows(weight, p) is not bool(small)
        both.add(bool(small))
    assert both == {True, False}


def test_every_step_is_needed_for_all_shapes() -> None:
    for module in (infinity, two, mixed, lipschitz):
        for claim in module.CLAIMS:
            for name, variant in claim.mutations():
                obligations = claim.obligations(variant, Budget.SMOKE)
                refuted = any("refuted_by" in (derive(o).entry or {}) for o in obligations)
                assert refuted is claim.expected.holds, (claim.id, name)


@pytest.mark.parametrize("data", [{}, {"W": []}, {"W": [["x"]]}, {"W": [["1"], ["1", "2"]]}, {"W": [["1"] * 11]}])
def test_malformed_matrices_are_no_counterexample(data: object) -> None:
    with pytest.raises(ReplayError):
        refutes(data, infinity.as_printed(Variant(), Budget.CI)[0])
