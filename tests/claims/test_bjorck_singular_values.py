"""Björck iterations in floats, on random matrices of all shapes."""

from __future__ import annotations

import numpy as np
import pytest

from lipcheck.claims.bethune2021.bjorck_singular_values import eigenvalues, most, rank
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def iterate(weight: np.ndarray, count: int) -> np.ndarray:
    for _ in range(count):
        weight = 1.5 * weight - 0.5 * weight @ weight.T @ weight
    return weight


def values(weight: np.ndarray) -> np.ndarray:
    return np.linalg.svd(weight, compute_uv=False)


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 5), (6, 2)])
def test_all_singular_values_come_close_to_one(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(shape))
    for _ in range(10):
        weight = rng.normal(size=shape)
        weight /= np.linalg.norm(weight, 2)
        e = 1 - values(weight).min() ** 2
        for k in range(1, 12):
            assert values(iterate(weight, k)).min() >= 1 - e ** (2**k) - 1e-9
            assert values(iterate(weight, k)).max() <= 1 + 1e-9
        weight[-1] = 0 if shape[0] <= shape[1] else weight[-1]
        if shape[0] <= shape[1]:
            assert values(iterate(weight, 30)).min() < 1e-9


def test_eigenvalues_of_orthogonal_matrices() -> None:
    rng = np.random.default_rng(5)
    (rule,) = eigenvalues.obligations(Variant(), Budget.CI)
    for t in range(-4, 5):
        c, s = (4 - t * t) / (4 + t * t), 4 * t / (4 + t * t)
        n = 4 + t * t
        data = {"matrix": [[f"{4 - t * t}/{n}", f"{-4 * t}/{n}"], [f"{4 * t}/{n}", f"{4 - t * t}/{n}"]]}
        far = np.abs(np.linalg.eigvals(np.array([[c, -s], [s, c]])) - 1).max() > 1
        assert refutes(data, rule) == far
    q, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    assert np.allclose(iterate(q, 5), q) and np.allclose(np.abs(np.linalg.eigvals(q)), 1)
    with pytest.raises(ReplayError, match="square"):
        refutes({"matrix": [["1", "0"]]}, rule)


def test_every_distance_below_two_fails() -> None:
    from fractions import Fraction

    for distance in (Fraction(1, 2), Fraction(1), Fraction(199, 100)):
        assert eigenvalues.examine(eigenvalues.MINUS, distance, False).violates()
    assert eigenvalues.examine(eigenvalues.MINUS, Fraction(2), False).conclusion


def test_weights_of_norm_one() -> None:
    (rule, _) = rank.every_weight(Variant(), Budget.CI)
    assert refutes({"matrix": [["1/2", "1/2"], ["1/2", "1/2"]]}, rule)
    assert refutes({"matrix": [["3/5", "0"], ["4/5", "0"], ["0", "0"]]}, rule)
    assert not refutes({"matrix": [["1/2", "0"], ["0", "0"]]}, rule)  # norm one half
    assert not refutes({"matrix": [["3/5", "4/5", "0"], ["0", "0", "1/9"]]}, rule)


def test_values_that_equal_one() -> None:
    (rule, *_) = most.together(Variant(), Budget.CI)
    for given, count, fails in [
        (["5", "4", "3"], 1, True),
        (["5", "5", "5", "4"], 3, False),
        (["1", "0", "0"], 4, True),
        (["1", "1", "1/2", "1/2"], 1, False),
    ]:
        data = {"values": given, "iterations": count}
        assert refutes(data, rule) == fails
        weight = np.diag([float(eval_(v)) for v in given])
        ones = np.isclose(values(iterate(weight / np.linalg.norm(weight, 2), count)), 1, atol=1e-3).sum()
        assert (2 * ones < len(given)) == fails or count > 2
    for wrong in ({"values": ["0"], "iterations": 1}, {"values": ["-1", "1"], "iterations": 1}):
        with pytest.raises(ReplayError, match="largest"):
            refutes(wrong, rule)


def eval_(text: str) -> float:
    p, _, q = text.partition("/")
    return float(p) / float(q or 1)
