"""Logits and radii of affine classifiers by hand, and the worst case over random functions."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

from lipcheck.claims.bethune2021 import logits_and_robustness as row
from lipcheck.claims.bethune2021.corollary_3._line import classes, line, mountain
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget

F = Fraction
BY_ID = {claim.id.removeprefix(row.ROW).removeprefix("."): claim for claim in row.CLAIMS}


def test_affine_classifiers_by_hand() -> None:
    rule = BY_ID["equivalent"].obligations(Variant(), Budget.SMOKE)[0]
    for slope in (F(1, 10), F(1, 5)):
        for shift in (F(1, 2), F(1), F(2)):
            logits_f, logits_g = (4 * slope, 4 * slope), (4 - shift, 4 + shift)
            bad = all(a < b for a, b in zip(logits_f, logits_g, strict=True)) and min(4 - shift, 4 + shift) < 4
            data = {**classes([4], [-4]), "f": line(slope, 0), "g": line(1, -shift)}
            assert refutes(data, rule) == bad and bad


def test_larger_at_one_point_only_is_no_counterexample() -> None:
    rule = BY_ID["equivalent"].obligations(Variant(), Budget.SMOKE)[0]
    assert not refutes({**classes([4], [-4]), "f": line("1/2", 0), "g": line("1/2", "-1/2")}, rule)


def test_every_factor_keeps_the_radius() -> None:
    rule = BY_ID[""].obligations(Variant(), Budget.SMOKE)[0]
    for factor in ("1/100", "1/2", "99/100"):
        assert refutes({**row.SMALL, "f": line(factor, 0)}, rule)
    assert not refutes({**row.SMALL, "f": line("1/2", "1/8")}, rule)


def test_the_least_signed_logit_of_random_lipschitz_functions() -> None:
    rng = random.Random(0)
    for _ in range(200):
        spots = sorted(rng.sample(range(20), 4))
        labels = [1, -1, rng.choice((-1, 1)), rng.choice((-1, 1))]
        values = [F(rng.randint(-8, 8), 2)]
        for a, b in pairwise(spots):
            values.append(values[-1] + F(rng.randint(-4, 4), 4) * (b - a))
        plus, minus = ([x for x, s in zip(spots, labels, strict=True) if s == k] for k in (1, -1))
        gap = min(abs(x - y) for x in plus for y in minus)
        assert min(y * v for y, v in zip(labels, values, strict=True)) <= F(gap, 2)
        best = mountain(classes(plus, minus))
        assert min(y * best.height(x) for y, x in zip(labels, spots, strict=True)) == F(gap, 2)


def test_repairs_survive_a_grid() -> None:
    values = ["-1", "-1/2", "0", "1/2", "1"]
    for name in ("", "equivalent"):
        claim, met = BY_ID[name], 0
        (repair,) = claim.repairs.values()
        rule = claim.obligations(repair, Budget.SMOKE)[0]
        for s in values:
            for o in values:
                for t in values:
                    data = {**classes([2], [-1]), "f": line(s, o), "g": line(t, o)}
                    found = rule.examine(data)  # type: ignore[union-attr]
                    met += all(found.hypotheses.values())
                    assert not found.violates()
        assert met > 0
