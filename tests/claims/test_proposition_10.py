"""Minimizers of the BCE on small training sets, found numerically, against the bounds and their failure."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize

from lipcheck.claims.bethune2021.proposition_10 import constant, law, network, printed_proof, remark
from lipcheck.claims.bethune2021.proposition_10.constant import CandidateError
from lipcheck.words.claim import Variant


def minimizer(x: np.ndarray, y: np.ndarray, L: float, T: float) -> np.ndarray:
    """Values at the examples of a best L-Lipschitz function, by SLSQP from zero."""
    n = len(x)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    limits = {
        "type": "ineq",
        "fun": lambda f: np.array([L * abs(x[i] - x[j]) - (f[i] - f[j]) for i, j in pairs]),
        "jac": lambda f: np.array([-(np.eye(n)[i] - np.eye(n)[j]) for i, j in pairs]),
    }
    found = minimize(
        lambda f: np.sum(np.logaddexp(0, -T * y * f)),
        np.zeros(n),
        jac=lambda f: -T * y / (1 + np.exp(T * y * f)),
        constraints=[limits],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 400},
    )
    return np.asarray(found.x)


@pytest.mark.parametrize("L", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("T", [0.5, 1.0, 3.0])
def test_the_lower_bound_and_the_sum(L: float, T: float) -> None:
    rng = np.random.default_rng(16)
    for _ in range(6):
        x = rng.uniform(0, 1, size=4)
        y = np.array([1, -1, *rng.choice([-1, 1], size=2)])
        f = minimizer(x, y, L, T)
        slopes = -T * y / (1 + np.exp(T * y * f))
        plus = int(np.sum(y == 1))
        r, D = max(plus, 4 - plus) / min(plus, 4 - plus), np.ptp(x)
        K = T / (1 + r * np.exp(T * L * D))
        assert np.all(abs(slopes) >= K * (1 - 1e-4))
        assert np.sum(slopes) == pytest.approx(0, abs=1e-4)
        assert np.var(slopes) >= K**2 * (1 - 1e-3)
        assert np.all(abs(f) <= L * D + np.log(r) / T + 1e-4)


def test_two_labels_at_one_point_attain_the_bound() -> None:
    f = minimizer(np.zeros(4), np.array([1, 1, 1, -1]), 1.0, 2.0)
    assert np.exp(2 * f[0]) == pytest.approx(3, rel=1e-4)
    assert 2 / (1 + np.exp(2 * f[0])) == pytest.approx(2 / (1 + 3), rel=1e-4)


@pytest.mark.parametrize("L", [0.0, 1.0, 4.0])
def test_two_examples_share_the_difference(L: float) -> None:
    f = minimizer(np.array([0.0, 1.0]), np.array([1, -1]), L, 1.0)
    assert f == pytest.approx([L / 2, -L / 2], abs=1e-4)


def test_no_constant_serves_every_l() -> None:
    law, repaired = constant.serves(Variant()), constant.serves(Variant(repaired=True))
    for K in (Fraction(1, 3), Fraction(1, 1000), Fraction(1, 10**9)):
        k = next(k for k in range(64) if 1 + 2**k > 1 / K)
        assert law.examine({"K": str(K), "k": k}).violates()
        assert not repaired.examine({"K": str(K), "k": k}).violates()
    assert not law.examine({"K": "1/1000", "k": 3}).violates()


def test_the_printed_bound_needs_t_equal_to_one() -> None:
    law = printed_proof.bound(Variant())
    for T, u in (("1/2", "1"), ("99/100", "1"), ("2", "3"), ("3", "3")):
        assert law.examine({"T": T, "u": u}).violates()
        assert not printed_proof.bound(Variant(repaired=True)).examine({"T": T, "u": u}).violates()
    for u in ("1", "5", "100"):
        assert not law.examine({"T": "1", "u": u}).violates()


@pytest.mark.parametrize("u", [1.0, 2.0, 5.0])
def test_gradients_in_the_weight_do_not_cancel(u: float) -> None:
    L = np.log(u)
    f = minimizer(np.array([1.0, -1.0]), np.array([1, -1]), L, 1.0)
    assert f == pytest.approx([L, -L], abs=1e-4)
    slopes = -np.array([1, -1]) / (1 + np.exp(np.array([1, -1]) * f))
    assert slopes @ np.array([1, -1]) == pytest.approx(-2 / (1 + u), abs=1e-4)
    assert remark.parameters(Variant()).examine({"u": str(int(u))}).violates()


def test_stochastic_steps_do_not_settle_and_full_ones_do() -> None:
    rng = np.random.default_rng(17)
    b, moves, full = 0.0, [], 2.0
    for _ in range(500):
        y = rng.choice([-1, 1])
        step = 0.1 * y / (1 + np.exp(y * b))
        b, full = b + step, full - np.tanh(full / 2) / 2
        moves.append(abs(step))
    assert min(moves[-100:]) > 0.02 and abs(full) < 1e-12


def test_malformed_data_are_refused() -> None:
    for examine, data in (
        (constant.serves(Variant()).examine, {"K": "1", "k": -1}),
        (printed_proof.bound(Variant()).examine, {"T": "1/2", "u": "2"}),
        (remark.parameters(Variant()).examine, {"u": "1/2"}),
    ):
        with pytest.raises(CandidateError):
            examine(data)


def test_gradients_through_the_layers() -> None:
    chain, repaired = network.chain(Variant()), network.chain(Variant(repaired=True))
    assert chain.examine({"slopes": ["0", "1/2", "1"]}).violates()
    assert not chain.examine({"slopes": ["1/2", "-1", "1"]}).violates()
    assert not repaired.examine({"slopes": ["1", "1/2"]}).violates()
    rng = np.random.default_rng(18)
    square = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    g = rng.normal(size=2)
    assert np.linalg.norm(square[:2].T @ g) == pytest.approx(np.linalg.norm(g))
    assert np.linalg.norm(square[:, :2].T @ np.append(g, [1, 1])) < np.linalg.norm(np.append(g, [1, 1]))


@pytest.mark.parametrize("pi", [0.5, 0.8, 0.99])
def test_the_derivative_on_one_point_is_the_probability_of_the_other_label(pi: float) -> None:
    grid = np.linspace(-8, 8, 160001)
    f = grid[np.argmin(pi * np.logaddexp(0, -grid) + (1 - pi) * np.logaddexp(0, grid))]
    assert abs(1 / (1 + np.exp(f)) - (1 - pi)) < 1e-3
    rarer = 1 - Fraction(str(pi))
    above, equal = ({"K": str(k), "pi": str(1 - rarer)} for k in (rarer + Fraction(1, 50), rarer))
    assert law.serves(Variant()).examine(above).violates() and not law.serves(Variant()).examine(equal).violates()


def test_either_label_can_be_the_unlikely_one() -> None:
    for pi in ("1/5", "4/5"):
        assert law.serves(Variant()).examine({"K": "1/4", "pi": pi}).violates()
