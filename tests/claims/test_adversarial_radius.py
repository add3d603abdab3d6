"""Radii on the line against a search on grids, and the degenerate classifiers."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from lipcheck.build.line_classifiers import Cells, ClassifierError, sign_cells
from lipcheck.claims.bethune2021 import adversarial_radius
from lipcheck.claims.bethune2021.corollary_3._line import cells, line
from lipcheck.network import Affine, MaxMin, Network, from_json
from lipcheck.readings.rational import evaluate

F = Fraction


def test_radii_against_a_grid() -> None:
    rng = random.Random(0)
    seen = set()
    for _ in range(200):
        ends = tuple(sorted(rng.sample([F(k) for k in range(-4, 5)], rng.randint(0, 4))))
        it = Cells(ends, tuple(rng.choice((-1, 1)) for _ in range(2 * len(ends) + 1)))
        x = F(rng.randint(-20, 20), 4)
        radius, attained = it.radius(x)
        steps = [F(k, 8) for k in range(-120, 121)]
        found = min((abs(s) for s in steps if it.label(x + s) != it.label(x)), default=None)
        seen.add((radius is None, attained))
        if radius is None or found is None:
            assert radius is None and found is None
        elif attained:
            assert found == radius
        else:
            assert radius < found <= radius + F(1, 8)
    assert seen == {(True, False), (False, True), (False, False)}


def test_signs_of_networks_at_random_points() -> None:
    rng = random.Random(1)
    for _ in range(40):
        first = Affine([[rng.randint(-2, 2)] for _ in range(4)], [rng.randint(-2, 2) for _ in range(4)])
        network = Network(1, (first, MaxMin(), Affine([[rng.randint(-2, 2) for _ in range(4)]], [rng.randint(-2, 2)])))
        for zero in (-1, 0, 1):
            it = sign_cells(network, zero)
            for k in range(-30, 31):
                value = evaluate(network, [F(k, 6)])[0]
                assert it.label(F(k, 6)) == (zero if value == 0 else 1 if value > 0 else -1)


def test_constant_functions_have_one_cell() -> None:
    assert sign_cells(from_json(line(0, 1)), 1) == Cells((), (1,))
    assert sign_cells(from_json(line(0, 0)), -1) == Cells((), (-1,))
    assert Cells((), (1,)).radius(F(3)) == (None, False)


def test_closedness_by_limits() -> None:
    it = cells({"ends": ["0", "1"], "labels": [-1, -1, 1, 1, -1]})
    assert not adversarial_radius.closed(it, F(2)) and not adversarial_radius.closed(it, F(1))
    it = cells({"ends": ["0", "1"], "labels": [-1, 1, 1, 1, -1]})
    assert adversarial_radius.closed(it, F(2)) and not adversarial_radius.closed(it, F(0))


@pytest.mark.parametrize(
    "data", [{"ends": ["1", "0"], "labels": [1] * 5}, {"ends": [], "labels": []}, {"ends": [], "labels": [2]}, {}]
)
def test_malformed_classifiers_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(ClassifierError):
        cells(data)
