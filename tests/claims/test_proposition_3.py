"""Proposition 3 by brute force: random values, random training sets, floats of 32 bits."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.claims.bethune2021.proposition_3 import CLAIMS, printed_proof, saturation
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget

BY_ID = {claim.id.removeprefix("bethune2021.proposition_3").removeprefix("."): claim for claim in CLAIMS}


def loss(margin: float) -> float:
    return float(np.logaddexp(0.0, -margin))


def rate(p: int, mean: float, d: float) -> float:
    """The Lipschitz constant that a mean loss forces."""
    return 2 / d * math.log(1 / math.expm1(p * mean / 2))


def test_the_rate_on_random_functions() -> None:
    rng = random.Random(0)
    tight = math.inf
    for _ in range(300):
        p, scale = rng.randint(2, 6), rng.choice([0.5, 3, 20])
        x = [(rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(p)]
        y = [1, -1, *(rng.choice([1, -1]) for _ in range(p - 2))]
        f = [scale * rng.gauss(0, 1) + scale * label for label in y]
        pairs = [(i, j) for i in range(p) for j in range(i)]
        L = max(abs(f[i] - f[j]) / math.dist(x[i], x[j]) for i, j in pairs)
        mean = sum(loss(a * b) for a, b in zip(y, f, strict=True)) / p
        for i, j in pairs:
            if y[i] != y[j]:
                tight = min(tight, L - rate(p, mean, math.dist(x[i], x[j])))
    assert tight >= -1e-9


def test_the_rate_is_attained_by_a_centred_affine_function() -> None:
    for L, d in [(1.0, 1.0), (7.0, 0.5), (0.1, 3.0)]:
        mean = loss(L * d / 2)
        assert rate(2, mean, d) == pytest.approx(L, rel=1e-9)
        off_centre = (loss(L * d / 2 + 1) + loss(L * d / 2 - 1)) / 2
        assert rate(2, off_centre, d) < L - 1e-3


def test_one_class_and_one_input_with_both_labels() -> None:
    assert loss(50.0) < 1e-20  # the constant 50, of Lipschitz constant 0, on one class
    assert min((loss(f / 10) + loss(-f / 10)) / 2 for f in range(-100, 101)) == pytest.approx(math.log(2))


def test_equation_15_needs_the_factor_p() -> None:
    rng = random.Random(1)
    for _ in range(200):
        p = rng.randint(2, 5)
        losses = [loss(rng.uniform(-3, 3)) for _ in range(p)]
        two, mean = losses[0] + losses[1], sum(losses) / p
        assert two <= p * mean + 1e-12
        if p == 2:
            assert two > mean
    (rule,) = printed_proof.mean(Variant(), Budget.CI)
    assert refutes({"a": "1/3", "b": "1/5", "r": "1/7", "p": "3", "E": "71/315"}, rule)
    with pytest.raises(ReplayError):
        refutes({"a": "1/3"}, rule)


def test_where_one_input_has_its_best_logit() -> None:
    for share in (Fraction(1, 2), Fraction(1, 3), Fraction(9, 10)):
        s = float(share)
        grid = [k / 1000 for k in range(-5000, 5001)]
        best = min(grid, key=lambda f: s * loss(f) + (1 - s) * loss(-f))
        assert best == pytest.approx(math.log(s / (1 - s)), abs=1e-3)
        z = share / (1 - share)
        (rule,) = saturation.saturates(Variant(), Budget.CI)
        assert refutes({"share": str(share), "z": str(z)}, rule)
        assert not refutes({"share": str(share), "z": str(z + 1)}, rule)
    with pytest.raises(ReplayError, match="share of the label"):
        refutes({"share": "1/2"}, rule)


def test_where_binary32_rounds_sigma_to_one() -> None:
    """The threshold 25 log 2 that the claim uses for 'saturated'."""
    exact = [1 / (1 + math.exp(-f)) for f in (25 * math.log(2) + 1e-3, 25 * math.log(2) - 1e-2)]
    assert np.float32(exact[0]) == 1 and np.float32(exact[1]) < 1
    assert 0 < 1 / (1 + Fraction(1, 2**25)) < 1


def test_saturated_logits_of_both_signs_need_a_steep_function() -> None:
    rng = random.Random(2)
    steepest = [(rng.uniform(c, 9) - rng.uniform(-9, -c)) / (2 * c) for c in (0.1, 1, 5) for _ in range(50)]
    assert min(steepest) >= 1
    (rule,) = saturation.steep(Variant(constants={"factor": Fraction(21, 10)}), Budget.CI)
    assert refutes({"f": "1", "g": "-1", "c": "1", "L": "2", "d": "1"}, rule)


def test_polynomial_steps_at_real_exponentials() -> None:
    """Every step about exponentials holds at exponentials of random numbers, rounded to rationals."""
    rng = random.Random(3)
    checked = 0
    for claim in (BY_ID[""], BY_ID["rate"]):
        for obligation in claim.obligations(Variant(), Budget.CI):
            assert isinstance(obligation, Forall)
            for _ in range(50):
                point = {v: Fraction(round(math.exp(rng.gauss(0, 1)), 3)) for v in obligation.variables}
                if obligation.admits(point):
                    assert obligation.conclusion.holds(point)
                    checked += 1
    assert checked > 100
