"""Proposition 2 in the plane: random classes, p-norms, Jacobians by differences, attacks at the margin."""

from __future__ import annotations

import numpy as np
import pytest

from lipcheck.build.mountain import PlaneMountain
from lipcheck.claims.bethune2021.proposition_2 import _steps as steps
from lipcheck.claims.bethune2021.proposition_2 import certificate, printed_proof
from lipcheck.engines import refute
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def random_mountain(rng: np.random.Generator) -> PlaneMountain:
    chosen = [(int(p) // 9 - 4, int(p) % 9 - 4) for p in rng.permutation(81)[:6]]
    return PlaneMountain((tuple(chosen[:2]), tuple(chosen[2:3]), tuple(chosen[3:])))


def values(mountain: PlaneMountain, x: np.ndarray) -> np.ndarray:
    return np.array([float(v) for v in mountain.heights(tuple(map(float, x)))])


def test_every_p_norm_and_the_jacobian() -> None:
    rng = np.random.default_rng(1)
    largest, ones, total = 0.0, 0, 0
    for _ in range(8):
        mountain = random_mountain(rng)
        places = rng.uniform(-5, 5, (10, 2))
        f = np.array([values(mountain, x) for x in places])
        for i in range(10):
            for j in range(i):
                change, step = f[i] - f[j], np.linalg.norm(places[i] - places[j])
                sizes = [np.linalg.norm(change, ord=p) for p in (1, 1.5, 2, 4, np.inf)]
                assert all(s <= sizes[0] + 1e-12 for s in sizes)
                largest = max(largest, sizes[0] / step)
        for x in places[:5]:
            h = 1e-6
            jacobian = np.stack([(values(mountain, x + h * e) - values(mountain, x - h * e)) / (2 * h)
                                 for e in np.eye(2)], axis=1)  # fmt: skip
            total += 1
            ones += abs(np.linalg.norm(jacobian, ord=2) - 1) < 1e-4
    assert 0.9 < largest <= 1 + 1e-9 and ones >= total - 2


def test_the_margin_is_the_radius_of_the_class() -> None:
    rng = np.random.default_rng(2)
    for _ in range(8):
        mountain = random_mountain(rng)
        x = rng.uniform(-4, 4, 2)
        f = values(mountain, x)
        k, margin = int(f.argmax()), float(np.sort(f)[-1] - np.sort(f)[-2])
        angles = np.linspace(0, 2 * np.pi, 181)
        circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        inside = [mountain.nearest(tuple(map(float, x + 0.999 * margin * u))) for u in circle]
        outside = [mountain.nearest(tuple(map(float, x + 1.02 * margin * u))) for u in circle]
        assert set(inside) == {k} and set(outside) != {k}


def test_two_norm_functions_need_the_root() -> None:
    x, f = 1.0, lambda t: np.array([t, -t]) / np.sqrt(2)
    margin = f(x)[0] - f(x)[1]
    assert margin == pytest.approx(np.sqrt(2)) and np.argmax(f(x - 1.01)) == 1 and margin > 1.01
    rule = certificate.radius(Variant(dropped=frozenset({"one_norm"})), Budget.SMOKE)[0]
    assert refute(rule) is not None


def test_p_norms_below_one_are_no_bound() -> None:
    assert refute(steps.power_sum(Variant(dropped=frozenset({"p_at_least_1"})))) is not None
    assert (2 * 0.5**0.5) ** 2 > 1


def test_cases_of_the_printed_proof() -> None:
    meant, literal = printed_proof.cases(Variant(), Budget.CI)
    for x in range(-3, 4):
        for y in range(-3, 4):
            data = {"A": ["1"], "B": ["-1"], "x": str(x), "y": str(y)}
            assert refutes(data, meant) == (x == 0 or y == 0)
            same = x * y > 0
            assert refutes(data, literal) == (x * y == 0 or (same and x != y))
    for rule in printed_proof.cases(Variant(repaired=True), Budget.CI):
        assert not refutes(printed_proof.ON, rule) and not refutes(printed_proof.HEIGHTS, rule)


def test_three_classes_notice_a_wrong_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    check = steps.three_classes()
    element = [["0"], ["1"], ["3"]]
    assert check.holds(element)
    right = steps.line.heights
    monkeypatch.setattr(steps.line, "heights", lambda x, c: tuple(2 * v for v in right(x, c)))
    assert not check.holds(element)
