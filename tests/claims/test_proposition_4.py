"""Proposition 4: minimizers of random laws from a convex solver, against the decision, the sign and the bound."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from least_bce import solve, total

from lipcheck.claims.bethune2021._bce import LawError, log_exceeds
from lipcheck.claims.bethune2021.proposition_4 import bound, printed_proof, statement
from lipcheck.claims.bethune2021.proposition_4._laws import law, read
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def random_law(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    p = int(rng.integers(2, 6))
    x = np.sort(rng.uniform(-2, 2, p)).reshape(-1, 1)
    return x, np.array([1, -1, *rng.choice([1, -1], p - 2)]), rng.dirichlet(np.ones(p))


def test_minimizers_are_calibrated_and_stay_near_the_log_odds() -> None:
    rng, printed_fails = np.random.default_rng(0), 0
    for _ in range(40):
        x, y, w = random_law(rng)
        L = float(rng.choice([0.1, 0.5, 2.0]))
        f = solve(x, y, w, L)
        share, D = float(w[y == 1].sum()), float(x.max() - x.min())
        odds = math.log(share / (1 - share))
        assert float(np.dot(w, 1 / (1 + np.exp(-f)))) == pytest.approx(share, abs=1e-5)
        assert np.abs(f - odds).max() <= L * D + 1e-4
        printed_fails += bool(np.abs(f).max() > 2 * L * D + 1e-4)
    assert printed_fails > 3


def test_the_bound_is_attained_off_the_support() -> None:
    L, D = 1.5, 2.0
    f = np.array([0.0, L * D])  # all mass at the first input, both labels equally likely
    assert 1 / (1 + math.exp(-f[0])) == 0.5 and f[1] == L * D
    x, y, w = [[0.0], [0.0], [D]], [1, -1, 1], [0.49999, 0.49999, 0.00002]
    assert solve(x, y, w, L)[2] > 0.99 * L * D


def test_the_printed_bound_on_single_inputs() -> None:
    (rule,) = bound.printed(Variant(), Budget.CI)
    for share in ("1/3", "3/4", "51/100"):
        assert refutes({"share": share, "inputs": ["0"], "L": "1"}, rule)
    assert not refutes({"share": "1/2", "inputs": ["0"], "L": "1"}, rule)
    assert not refutes({"share": "3/4", "inputs": ["0", "1"], "L": "11/20"}, rule)
    assert refutes({"share": "3/4", "inputs": ["0", "1"], "L": "27/50"}, rule)
    with pytest.raises(ReplayError, match="at least one input"):
        refutes({"share": "3/4", "inputs": [], "L": "1"}, rule)


def test_logarithms_against_floats() -> None:
    for z in (Fraction(1, 7), Fraction(2), Fraction(355, 113)):
        close = Fraction(math.log(z))
        assert log_exceeds(z, close - Fraction(1, 10**12)) and not log_exceeds(z, close + Fraction(1, 10**12))
    assert log_exceeds(Fraction(1), Fraction(-1, 10**30)) and not log_exceeds(Fraction(1), Fraction(0))
    with pytest.raises(LawError, match="no logarithm"):
        log_exceeds(Fraction(0), Fraction(0))


def test_attained_against_growing_boxes() -> None:
    """With a minimizer the solution stays put when the start moves out; without one the loss keeps falling."""
    two = law(["0", "1"], [1, -1], ["1/2", "1/2"])
    one = law(["0", "1"], [1, 1], ["1/2", "1/2"])
    mixed = {**law(["0", "0", "1"], [1, -1, 1], ["1/4", "1/4", "1/2"]), "L": None}
    assert read(two).attained and not read(one).attained and not read(mixed).attained
    assert not read({**two, "L": None}).attained
    assert read({**law(["0", "0"], [1, -1], ["1/4", "3/4"]), "L": None}).attained
    far = [solve([[0.0], [1.0]], [1, -1], [0.5, 0.5], 1.0, start=np.array([c, c])) for c in (-20.0, 0.0, 20.0)]
    assert np.allclose(far[0], far[2], atol=1e-3) and np.allclose(far[1], [0.5, -0.5], atol=1e-3)
    falling = [total(np.full(2, c), [1, 1], [0.5, 0.5]) for c in (1.0, 10.0, 30.0)]
    assert falling == sorted(falling, reverse=True) and falling[-1] < 1e-12


def test_laws_that_are_none() -> None:
    (rule,) = [o for o in statement.two_classes(Variant(), Budget.CI) if o.name == statement.ATTAINED]
    for broken in ({"inputs": []}, law(["0"], [2], ["1"]), law(["0"], [1], []), {**law(["0"], [1], ["1"]), "L": "x"}):
        with pytest.raises(ReplayError):
            refutes(broken, rule)
    assert not refutes(law(["0"], [1], ["1/2"]), rule)


def test_one_sign_above_the_threshold() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        L, x = rng.uniform(0.1, 3), np.sort(rng.uniform(0, 1, 6))
        f = rng.normal() * 3 + np.concatenate([[0], np.cumsum(rng.uniform(-1, 1, 5) * L * np.diff(x))])
        if np.abs(f).max() > L * (x[-1] - x[0]):
            assert abs(np.sign(f).sum()) == len(f)
    assert np.sign(np.array([0.0, 1.0])).tolist() == [0, 1]  # f(x) = x on [0, 1]: at the threshold a zero is left


def test_constants_on_one_class() -> None:
    (rule,) = printed_proof.diverges(Variant(), Budget.CI)
    assert refutes({"share": "0", "sign": -1}, rule) and not refutes({"share": "0", "sign": 1}, rule)
    with pytest.raises(ReplayError, match="sign of the constants"):
        refutes({"share": "0", "sign": 2}, rule)
    for f in (0.0, 1.0, 30.0):
        assert f < np.logaddexp(0, f) + 1e-12 <= f + math.log(2) + 1e-9
