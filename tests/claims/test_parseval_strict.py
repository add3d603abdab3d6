"""The Parseval update inside and outside of the ball, by brute force and by simulation."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from lipcheck.claims.anil2019 import parseval_strict
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Exhaustive, Forall
from lipcheck.words.verdict import Budget


def moved(s: float, b: float) -> float:
    return s * (1 + b - b * s * s)


def test_the_ball_is_kept_up_to_one_half_only() -> None:
    for b in (1e-4, 0.1, 0.5):
        assert all(0 <= moved(n / 500, b) <= 1 + 1e-15 for n in range(501))
    assert max(moved(n / 500, 0.51) for n in range(501)) > 1 + 1e-5


def test_outside_stays_outside_exactly_below_the_threshold() -> None:
    for b in (0.0003, 0.1, 0.3, 0.49):
        for n in range(1, 3000):
            s = 1 + n / 1000
            z, f = b * s * (s + 1), moved(s, b)
            if z < 0.9999:
                assert 1 < f < s
            elif z > 1.0001:
                assert f < 1
    s = 1.4
    for _ in range(5000):
        s = moved(s, 0.001)
        assert s > 1
    assert s < 1 + 1e-4


def test_one_update_brings_it_inside_exactly_between_the_two_thresholds() -> None:
    for b in (Fraction(1, 2), Fraction(1, 3), Fraction(1, 20)):
        for n in range(21, 200):
            s = Fraction(n, 20)
            after = abs(s * (1 + b - b * s * s))
            assert (after <= 1) == (b * s * (s - 1) <= 1 <= b * s * (s + 1))


def test_a_push_holds_the_weight_outside() -> None:
    push, s = 0.0003 * 1.6 * (1.6**2 - 1), 1.0
    for _ in range(30000):
        s = moved(s + push, 0.0003)
    assert abs(s - (1.6 - push)) < 1e-6 and push < 0.001
    w = 1.0
    for _ in range(30000):
        w = moved(w + 0.001, 0.0003)
    assert w > 1.69


def test_halving_by_logarithms_and_by_running() -> None:
    assert math.floor(math.log(2) / -math.log(1 - 0.0006)) in (1154, 1155)
    for start in (0.01, 0.5, 0.99):
        s = start
        for _ in range(1154):
            s = moved(s, 0.0003)
        assert 1 - s > (1 - start) / 2
    (halving,) = (o for o in parseval_strict.slow(Variant(), Budget.CI) if isinstance(o, Exhaustive))
    assert halving.holds(1154) and not halving.holds(1156)


def test_grids_violate_no_step() -> None:
    rng = random.Random(9)
    for claim in parseval_strict.CLAIMS:
        for obligation in claim.named(Variant(), Budget.CI).values():
            if isinstance(obligation, Forall):
                met = 0
                for _ in range(400):
                    point = {v: Fraction(rng.randint(-2, 9), 6) for v in obligation.variables}
                    assert not obligation.violated_at(point), (claim.id, obligation.name, point)
                    met += obligation.admits(point)
                assert met or obligation.witness is not None or "f" in obligation.variables, obligation.name
