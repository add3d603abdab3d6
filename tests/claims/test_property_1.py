"""The certificate against attacks on random 1-Lipschitz networks in the plane, and its sharpness."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import product

from lipcheck.claims.bethune2021.property_1 import CHANGED, CLAIMS, attack
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget

F = Fraction


def test_no_attack_is_smaller_than_the_logit() -> None:
    rng, met = random.Random(0), 0
    for _ in range(30):
        angle = rng.random() * 6.28
        c, s = F(math.cos(angle)).limit_denominator(50), F(math.sin(angle)).limit_denominator(50)
        size = 1 + F(1, 10)
        turn = Affine([[c / size, s / size], [-s / size, c / size]], [F(rng.randint(-4, 4), 4), F(0)])
        network = Network(2, (turn, MaxMin(), Affine([[F(3, 5), F(-4, 5)]], [F(rng.randint(-2, 2), 4)])))
        x = [F(rng.randint(-8, 8), 4) for _ in range(2)]
        value = evaluate(network, x)[0]
        for step in product([F(k, 4) for k in range(-12, 13)], repeat=2):
            after = evaluate(network, [a + b for a, b in zip(x, step, strict=True)])[0]
            if not (value > 0 < after or value < 0 > after):
                met += 1
                assert sum(d * d for d in step) >= value * value
    assert met > 1000


def test_changed_is_every_convention() -> None:
    for f, g in product((-1, 0, 1), repeat=2):
        expected = any((f or zero) != (g or zero) for zero in (-1, 0, 1)) or f == g == 0
        assert CHANGED.holds({"f": F(f), "g": F(g)}) == expected


def test_forall_steps_on_a_lattice() -> None:
    values = [F(v) for v in ("-2", "-1/2", "0", "1", "3/2")]
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall):
                for point in product(values, repeat=len(obligation.variables)):
                    assert not obligation.violated_at(dict(zip(obligation.variables, point, strict=True)))


def test_the_factor_is_sharp_at_every_size() -> None:
    for factor in (F(1001, 1000), F(2)):
        rule = attack(Variant(constants={"factor": factor}))
        assert rule.violated_at({"f": F(1), "g": F(0), "size": F(1)})
    assert not attack(Variant()).violated_at({"f": F(1), "g": F(0), "size": F(1)})
