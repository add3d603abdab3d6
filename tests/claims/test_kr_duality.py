"""Duality by other means: scipy's distance and linear programs, numerical integration, hand-made degenerate laws."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import wasserstein_distance

from lipcheck.claims.anil2019.kr_duality import duality, laws, lower_bound, metric
from lipcheck.network import Abs, Affine, MaxMin, ReLU


def random_law(random: Random, atoms_only: bool) -> list[list[str]]:
    parts = []
    for _ in range(random.randint(1, 4)):
        low = Fraction(random.randint(-12, 12), 4)
        high = low + (0 if atoms_only else Fraction(random.randint(0, 8), 4))
        parts.append([low, high, random.randint(1, 5)])
    total = sum(mass for *_, mass in parts)
    return [[str(low), str(high), str(Fraction(mass, total))] for low, high, mass in parts]


def spread(law: list[list[str]], count: int) -> tuple[list[float], list[float]]:
    """Many atoms in place of each uniform part."""
    places, masses = [], []
    for low, high, mass in ([float(Fraction(x)) for x in part] for part in law):
        many = count if high > low else 1
        places += [low + (high - low) * (i + 0.5) / many for i in range(many)]
        masses += [mass / many] * many
    return places, masses


def test_the_distance_of_atoms_is_that_of_scipy() -> None:
    random = Random(1)
    for _ in range(100):
        first, second = random_law(random, True), random_law(random, True)
        (x, p), (y, q) = spread(first, 1), spread(second, 1)
        exact = laws.distance(laws.read(first), laws.read(second))
        assert float(exact) == pytest.approx(wasserstein_distance(x, y, p, q), abs=1e-12)


def test_the_distance_of_mixtures_is_the_limit_of_atoms() -> None:
    random = Random(2)
    for _ in range(30):
        first, second = random_law(random, False), random_law(random, False)
        (x, p), (y, q) = spread(first, 400), spread(second, 400)
        exact = laws.distance(laws.read(first), laws.read(second))
        assert float(exact) == pytest.approx(wasserstein_distance(x, y, p, q), abs=0.02)


def test_expectations_are_averages_over_many_points() -> None:
    random = Random(3)
    network = lower_bound.line([[1], [-1]], ReLU(), Affine([[1, 2]], [-1]), Abs(), [[Fraction(1, 2)]])
    parts = laws.function(network)
    for _ in range(30):
        law = random_law(random, False)
        places, masses = spread(law, 2000)
        values = [float(laws.value(parts, Fraction(x))) for x in places[:50]]
        by_hand = [abs(max(x, 0) + 2 * max(-x, 0) - 1) / 2 for x in places]
        assert values == pytest.approx(by_hand[:50])
        assert float(laws.expectation(parts, laws.read(law))) == pytest.approx(np.dot(by_hand, masses), abs=1e-2)


def test_signs_cut_where_the_distribution_functions_cross() -> None:
    first, second = laws.read([["0", "4", "1"]]), laws.read([["1", "3", "1"]])
    assert laws.signs(first, second) == [(0, 1, 1), (1, 2, 1), (2, 3, -1), (3, 4, -1)]
    flat = laws.signs(laws.read([["0", "3", "1"]]), laws.read([["0", "1", "1/4"], ["1", "3", "3/4"]]))
    assert [(a, b, s) for a, b, s in flat] == [(0, 1, 1), (1, 3, 1)]
    crossing = laws.read([["0", "0", "1/2"], ["2", "2", "1/2"]])
    assert laws.signs(crossing, laws.read([["0", "2", "1"]])) == [(0, 1, 1), (1, 2, -1)]
    assert laws.distance(crossing, laws.read([["0", "2", "1"]])) == Fraction(1, 2)


def test_degenerate_laws() -> None:
    dirac = laws.read(laws.atoms(3))
    assert laws.distance(dirac, dirac) == 0 and laws.differing(dirac, dirac) == []
    assert laws.read(laws.atoms(1, 1)).below(Fraction(2)) == 1
    for data in ([], [["0", "0", "1/2"]], [["1", "0", "1"]], [["0", "0", "0"], ["1", "1", "1"]], [["0", "1"]], None):
        with pytest.raises(laws.LawError):
            laws.read(data)


def test_brute_force_agrees_with_a_linear_program() -> None:
    random = Random(4)
    every = list(duality.cases(3, 3, 2))
    for lengths, first, second in random.sample(every, 60):
        d = np.zeros((3, 3))
        for (i, j), n in zip(combinations(range(3), 2), lengths, strict=True):
            d[i, j] = d[j, i] = n
        p, q = (np.bincount(law, minlength=3) for law in (first, second))
        marginals = [np.kron(np.eye(3)[i], np.ones(3)) for i in range(3)] + [np.tile(np.eye(3)[j], 3) for j in range(3)]
        best = linprog(d.ravel(), A_eq=marginals, b_eq=[*p, *q]).fun
        cost = min(sum(d[i, j] for i, j in zip(first, s, strict=True)) for s in (second, second[::-1]))
        assert best == pytest.approx(cost) and duality.dual_equals_primal(3, [lengths, first, second])


def test_metrics_satisfy_the_triangle_inequality_and_are_all_there() -> None:
    triples = [[a, b, c] for a in (1, 2, 3) for b in (1, 2, 3) for c in (1, 2, 3)]
    assert list(duality.metrics(3, 3)) == [t for t in triples if 2 * max(t) <= sum(t)]
    assert len(list(duality.metrics(2, 5))) == 5


def test_where_the_triangle_inequality_fails_so_does_duality() -> None:
    assert not duality.dual_equals_primal(3, [[1, 3, 1], [0], [2]])
    assert duality.dual_equals_primal(3, [[1, 2, 1], [0], [2]])
    with pytest.raises(duality.SeriesError):
        duality.examine({"weight": "2", "base": "1"}, True)


BASES = [("2", False), ("-2", False), ("199/100", True), ("0", True), ("3", False)]


@pytest.mark.parametrize(("base", "finite"), BASES)
def test_geometric_laws(base: str, finite: bool) -> None:
    found = duality.examine({"weight": "1/2", "base": base}, True)
    assert (found.conclusion, found.hypotheses["first moment"]) == (finite, finite)
    ratio = Fraction(1, 2) * abs(Fraction(base))
    tail = sum(ratio**k for k in range(3000, 3100))
    assert (tail < Fraction(1, 1000)) == finite


def test_networks_never_beat_the_distance() -> None:
    random = Random(5)
    for _ in range(60):
        s = random.choice([Fraction(3, 5), Fraction(5, 13)])
        network = lower_bound.line(
            Affine([[s], [-s]], [random.randint(-2, 2), 0]), MaxMin(), [[Fraction(3, 5), Fraction(4, 5)]]
        )
        first, second = random_law(random, False), random_law(random, False)
        found = lower_bound.examine({"network": network, "first": first, "second": second}, Fraction(1))
        assert found.hypotheses["norm"] and found.conclusion


def test_samples_average_out_to_the_expectations() -> None:
    data = {**lower_bound.UNLUCKY, "sample of first": ["0", "1"], "sample of second": ["1", "0"]}
    assert not lower_bound.sampled(data, False).violates()
    assert lower_bound.sampled(lower_bound.UNLUCKY, False).violates()
    assert not lower_bound.sampled(lower_bound.UNLUCKY, True).violates()


def test_the_axioms_of_a_metric_on_random_laws() -> None:
    random = Random(8)
    for _ in range(60):
        p, q, r = (laws.read(random_law(random, False)) for _ in range(3))
        assert laws.distance(p, r) <= laws.distance(p, q) + laws.distance(q, r)
        assert laws.distance(p, q) == laws.distance(q, p) and laws.distance(p, p) == 0
    assert metric.is_metric([[0, 0], [1, 1], [2, 2]], Fraction(1))
    assert not metric.is_metric([[0, 0], [1, 1], [2, 2]], Fraction(99, 100))
