"""HMF by brute force: float grids in the plane, competitors of HMF, other classes on the line."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import product

import pytest

from lipcheck.build.line_classifiers import sign_cells
from lipcheck.build.mountain import PlaneMountain
from lipcheck.claims.bethune2021.corollary_3 import CLAIMS, attack, certificates, max_min, risk, tight, value
from lipcheck.claims.bethune2021.corollary_3._line import classes, lipschitz, mountain, networks
from lipcheck.network import from_json
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Forall, Universal
from lipcheck.words.verdict import Budget

F = Fraction
BY_ID = {claim.id.removeprefix("bethune2021.corollary_3").removeprefix("."): claim for claim in CLAIMS}


def nearest(x: tuple[float, float], points: list[tuple[float, float]]) -> float:
    return min(math.dist(x, p) for p in points)


def test_the_radius_in_the_plane_is_the_distance_to_the_frontier() -> None:
    rng = random.Random(0)
    for _ in range(6):
        spots = rng.sample(list(product(range(-3, 4), repeat=2)), 5)
        a, b = spots[:2], spots[2:]
        hmf = PlaneMountain((tuple((F(p), F(q)) for p, q in a), tuple((F(p), F(q)) for p, q in b)))
        x = (rng.randint(-6, 6) / 2, rng.randint(-6, 6) / 2)
        sign = nearest(x, b) - nearest(x, a)
        if abs(sign) < 1e-9:
            continue
        height = abs(float(hmf.height((F(x[0]), F(x[1])))))
        for size, changed in ((0.999, False), (1.02, True)):
            turns = [k / 500 for k in range(3142)]
            rim = [(x[0] + size * height * math.cos(t), x[1] + size * height * math.sin(t)) for t in turns]
            assert any((nearest(y, b) - nearest(y, a)) * sign < 0 for y in rim) == changed


def test_the_ray_that_never_crosses() -> None:
    a, b, x = [(-5.0, 0.0), (3.0, 4.0), (5.0, 0.0)], [(4.0, 3.0)], (-5.0, 0.0)
    for k in range(1, 400):
        y = (x[0] + 5 * k / 40, 0.0)
        if k != 40:
            assert nearest(y, a) < nearest(y, b)
    grid = [(i / 10 - 10, j / 10 - 5) for i in range(101) for j in range(101)]
    inside = [p for p in grid if math.dist(p, x) < 5 - 1e-9]
    assert len(inside) > 3000 and all(nearest(p, a) < nearest(p, b) for p in inside)
    rule = BY_ID["attack_beyond"].obligations(Variant(), Budget.SMOKE)[0]
    for far in ("3/2", "11/10", "3"):
        assert refutes({**attack.RAY, "t": far}, rule)
    turned = {k: [[p[1], p[0]] for p in attack.RAY[k]] for k in ("A", "B")}
    assert refutes({**turned, "x": ["0", "-5"], "delta": ["0", "5"], "t": "2"}, rule)


def test_the_attack_fails_on_the_side_that_owns_the_frontier() -> None:
    hmf = mountain(classes([-1, 4], [1, 9]))
    for x in (F(-1), F(4), F(1), F(9)):
        owner = 1 if hmf.height(x) > 0 else -1
        assert not attack.changes(hmf, x, owner) and attack.changes(hmf, x, -owner) and attack.changes(hmf, x, 0)


def test_slopes_against_difference_quotients() -> None:
    rng, kinks = random.Random(1), 0
    for _ in range(40):
        spots = rng.sample(range(-6, 7), 5)
        hmf = mountain(classes(spots[:2], spots[2:]))
        for x in [F(k, 4) for k in range(-30, 31)]:
            h = F(1, 1000)
            left, right = (hmf.height(x) - hmf.height(x - h)) / h, (hmf.height(x + h) - hmf.height(x)) / h
            assert attack.slope(hmf, x) == (left if left == right else None)
            kinks += left != right
    assert kinks > 10


def test_larger_certificates_for_one_class_at_any_shift() -> None:
    rule = BY_ID["largest"].obligations(Variant(), Budget.SMOKE)[0]
    for shift in ("1/8", "-1/8", "3/4"):
        assert refutes({**classes([-1], [1]), "g": certificates.line(-1, shift)}, rule)
    assert not refutes({**classes([-1], [1]), "g": certificates.line("-1/2", 0)}, rule)
    (repair,) = BY_ID["largest"].repairs.values()
    worst = BY_ID["largest"].obligations(repair, Budget.SMOKE)[0]
    for shift in ("1/8", "-1/8", "3/4", "0"):
        assert not refutes({**classes([-1], [1]), "g": certificates.line(-1, shift)}, worst)


def test_the_network_that_dominates() -> None:
    (g,) = networks(certificates.DOMINATES, "g")
    assert lipschitz(g) and [certificates.value(g, F(x)) for x in (0, 2, 6)] == [1, -1, 3]
    assert sign_cells(g, 0).radius(F(6)) == (3, True) and mountain(certificates.DOMINATES).height(6) == 2
    for other in range(5, 12):
        data = {**classes([0, other], [2]), "g": certificates.DOMINATES["g"]}
        assert refutes(data, BY_ID["no_better"].obligations(Variant(), Budget.SMOKE)[0])


def test_no_frontier_beats_half_the_distance() -> None:
    rng = random.Random(2)
    for _ in range(60):
        spots = sorted(rng.sample(range(0, 12), 4))
        labels = [rng.choice((1, -1)) for _ in spots]
        if len(set(labels)) < 2:
            continue
        gap = min(q - p for p, q, s, t in zip(spots, spots[1:], labels, labels[1:], strict=False) if s != t)
        changes = [(p, q) for p, q, s, t in zip(spots, spots[1:], labels, labels[1:], strict=False) if s != t]
        for _ in range(20):
            frontier = [F(p) + F(rng.randint(1, 7), 8) * (q - p) for p, q in changes]
            assert min(abs(x - z) for x in spots for z in frontier) <= F(gap, 2)
        middle = [F(p + q, 2) for p, q in changes]
        assert min(abs(x - z) for x in spots for z in middle) == F(gap, 2)
        data = classes(*([x for x, s in zip(spots, labels, strict=True) if s == k] for k in (1, -1)))
        assert value.distance(data) == gap and value.least(tight.cells_of(mountain(data), 0), data) == F(gap, 2)


def test_ties_by_hand() -> None:
    rule = BY_ID["max_min_ties"].obligations(Variant(), Budget.SMOKE)[0]
    for frontier in ("1", "3/2", "2"):
        assert refutes({**max_min.TIE, "g": max_min.line(-1, frontier)}, rule)
    assert not refutes({**max_min.TIE, "g": max_min.line(-1, "1/2")}, rule)
    assert not refutes({**max_min.TIE, "g": max_min.line(1, 0)}, rule)


def test_the_error_of_a_third_value() -> None:
    plus, minus = {"0": F(1, 2)}, {"0": F(1, 4), "1": F(1, 4)}
    assert risk.error(plus, minus, {"0": 1, "1": -1}) == F(1, 4)
    assert risk.error(plus, minus, {"0": 0, "1": 0}) == 1
    assert risk.error(plus, minus, {"0": -1, "1": -1}) == F(1, 2)


def test_forall_steps_on_a_lattice() -> None:
    values, checked = [F(v) for v in ("-1", "0", "1/2", "1", "2")], 0
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall) and len(obligation.variables) <= 6:
                for point in product(values, repeat=len(obligation.variables)):
                    assert not obligation.violated_at(dict(zip(obligation.variables, point, strict=True)))
                    checked += 1
    assert checked > 20_000


def test_one_class_has_no_mountain() -> None:
    with pytest.raises(LipcheckError):
        mountain(classes([0], []))
    rule = next(o for o in BY_ID[""].obligations(Variant(), Budget.SMOKE) if isinstance(o, Universal))
    assert not refutes({**classes([0], []), "x": "0", "zero": 0}, rule)


def test_half_of_the_mountain_has_its_radii() -> None:
    (half,) = networks(max_min.HALF, "g")
    for x in range(-8, 9):
        for zero in (-1, 0, 1):
            assert sign_cells(half, zero).radius(F(x, 2)) == sign_cells(from_json(max_min.line(-1, 0)), zero).radius(
                F(x, 2)
            )


def test_the_cells_have_the_signs_of_the_mountain() -> None:
    hmf = mountain(classes([0, 6], [2]))
    for zero in (-1, 0, 1):
        found = tight.cells_of(hmf, zero)
        by_network = sign_cells(hmf.network(), zero)
        assert all(found.label(F(k, 4)) == by_network.label(F(k, 4)) for k in range(-8, 40))
        assert [found.label(F(x)) for x in (0, 1, 2, 4, 6)] == [1, zero, -1, zero, 1]
