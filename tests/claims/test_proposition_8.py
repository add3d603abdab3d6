"""Proposition 8 and Lemma 1: pieces by sampling, shattering by brute force, partitions by enumeration."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from scipy.optimize import linprog

from lipcheck.build.sawtooth import affine_pieces, folding, neurons
from lipcheck.claims.bethune2021.proposition_8 import (
    CLAIMS,
    convexity,
    growth,
    intervals,
    pieces,
    plane,
    polytopes,
    vc,
)
from lipcheck.network import Affine, MaxMin, Network, to_json
from lipcheck.readings.rational import affine_piece, evaluate, pattern
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Universal
from lipcheck.words.verdict import Budget


def random_network(rng: random.Random, inputs: int, widths: tuple[int, ...]) -> Network:
    """Integer weights between -3 and 3."""
    layers: list[Affine | MaxMin] = []
    before = inputs
    for w in widths:
        layers += [Affine([[rng.randint(-3, 3) for _ in range(before)] for _ in range(w)],
                          [rng.randint(-3, 3) for _ in range(w)]), MaxMin()]  # fmt: skip
        before = w
    return Network(inputs, (*layers, Affine([[rng.choice((-2, -1, 1, 2)) for _ in range(before)]], [0])))


@pytest.mark.parametrize("widths", [(2,), (4,), (2, 2), (4, 2), (2, 2, 2)])
def test_random_networks_on_the_line_have_few_pieces(widths: tuple[int, ...]) -> None:
    rng = random.Random(sum(widths))
    for _ in range(15):
        network = random_network(rng, 1, widths)
        found = affine_pieces(network)
        # slopes at many points can only miss pieces
        xs = [Fraction(k, 3) for k in range(-30, 31)]
        seen = {affine_piece(network, pattern(network, (x,))) for x in xs}
        assert found <= 2 ** (sum(widths) // 2) and neurons(network) == sum(widths)
        assert len(seen) <= 2 ** (sum(widths) // 2)


def test_foldings_by_counting_kinks() -> None:
    for depth in range(1, 5):
        network = folding(depth)
        grid = [Fraction(k, 64) for k in range(-64 * 4, 64 * 4 + 1)]
        values = [evaluate(network, (x,))[0] for x in grid]
        kinks = sum(a - 2 * b + c != 0 for a, b, c in zip(values, values[1:], values[2:], strict=False))
        assert kinks + 1 == 2**depth == affine_pieces(network)


def test_patterns_in_the_plane_number_at_most_the_regions_of_lines() -> None:
    rng = random.Random(4)
    for _ in range(10):
        network = random_network(rng, 2, (6,))
        grid = [(Fraction(i, 2), Fraction(j, 2)) for i in range(-8, 9) for j in range(-8, 9)]
        seen = {pattern(network, x) for x in grid}
        assert len(seen) <= sum(math.comb(3, i) for i in range(3)) < 8


def test_cells_are_convex_at_random() -> None:
    rng = random.Random(6)
    pairs = 0
    for _ in range(5):
        network = random_network(rng, 2, (4, 2))
        xs = [(Fraction(rng.randint(-40, 40), 8), Fraction(rng.randint(-40, 40), 8)) for _ in range(30)]
        for x, y in combinations(xs, 2):
            if pattern(network, x) == pattern(network, y):
                t = Fraction(rng.randint(1, 9), 10)
                z = tuple(a + t * (b - a) for a, b in zip(x, y, strict=True))
                assert pattern(network, z) == pattern(network, x)
                pairs += 1
    assert pairs > 100


def test_the_plateau_is_what_it_says() -> None:
    for x in product((-2, 0, 1, Fraction(5, 2)), repeat=2):
        assert evaluate(convexity.PLATEAU, x) == (max(0, min(x)),)
    assert convexity.examine(convexity.AROUND, False).violates()
    assert not convexity.examine(convexity.AROUND, True).violates()
    with pytest.raises(LipcheckError):
        convexity.examine({"network": to_json(convexity.PLATEAU), "path": [["0", "0"]]}, False)


def test_parameters_of_networks_are_counted_right() -> None:
    for n, ws in product((1, 2, 3), ((), (2,), (4, 2), (2, 2, 2))):
        rng = random.Random(0)
        network = random_network(rng, n, ws)
        exact = sum(len(a.weight) * (len(a.weight[0]) + 1) for a in network.layers if isinstance(a, Affine))
        assert exact == sum((a + 1) * b for a, b in zip((n, *ws), (*ws, 1), strict=True))
        assert exact <= (n + sum(ws) + 1) * (sum(ws) + 1)


def test_the_logarithm_is_bounded_and_the_bound_is_below_forty() -> None:
    for W in range(60):
        exact = math.log2(8 * math.e * (W + 1) * 2 ** (W / 2 + 1))
        assert exact <= vc.logarithm(W) <= exact + 1
    ratio = max(2 * (n + W + 1) * (W + 1) * vc.logarithm(W) / ((n + 1) * 2**W) for n in range(50) for W in range(60))
    assert 30 < ratio <= vc.FACTOR


@pytest.mark.parametrize("pairs", [0, 1, 2, 3])
def test_ramps_shatter(pairs: int) -> None:
    """All labellings of 0, ..., pairs by a free output layer on one hidden layer, by linear programs."""
    network = vc.ramps(pairs) if pairs else None
    rows = [[1.0, *map(float, evaluate(network, (x,)) if network else ())] for x in range(pairs + 1)]
    for labels in product((1, -1), repeat=pairs + 1):
        found = linprog([0] * len(rows[0]), A_ub=[[-s * v for v in row] for s, row in zip(labels, rows, strict=True)],
                        b_ub=[-1] * len(rows), bounds=(None, None))  # fmt: skip
        assert found.status == 0
    assert vc.shattered_points(pairs) == pairs + 1


def separable(points: list[tuple[int, ...]], labels: tuple[int, ...]) -> bool:
    """Strict linear separation, by a linear program."""
    a = [[-s * v for v in (*p, 1)] for s, p in zip(labels, points, strict=True)]
    return bool(linprog([0] * len(a[0]), A_ub=a, b_ub=[-1] * len(a), bounds=(None, None)).status == 0)


@pytest.mark.parametrize(("n", "points"), [(1, 4), (2, 4), (2, 5)])
def test_dichotomies_of_points_in_general_position(n: int, points: int) -> None:
    at = [(i, i * i)[:n] for i in range(points)]
    count = sum(separable(at, labels) for labels in product((1, -1), repeat=points))
    assert count == 2 * sum(math.comb(points - 1, i) for i in range(n + 1))


def test_on_the_line_by_another_count() -> None:
    """The least number of intervals from the sign changes alone."""
    for k in range(1, 9):
        for labels in product((1, -1), repeat=k):
            changes = sum(a != b for a, b in pairwise(labels))
            assert intervals.fewest(labels) == changes // 2 + 1


@pytest.mark.parametrize(("k", "everything"), [(6, True), (8, False)])
def test_two_pieces_in_the_plane(k: int, everything: bool) -> None:
    """B = 2, n = 2, points in convex position: 6 sign changes around are the most, and 6 points are shattered."""
    at = [(i, i * i) for i in range(k)]
    lines = [labels for labels in product((1, -1), repeat=k) if separable(at, labels)]
    found = {
        tuple(a if side > 0 else b for a, b, side in zip(one, two, cut, strict=True))
        for cut in lines
        for one, two in product(lines, repeat=2)
    }
    alternating = tuple((-1) ** i for i in range(k))
    assert (len(found) == 2**k) == everything == (alternating in found)
    assert k <= 2 * 3 * 3 * math.log2(9)


def test_blumers_inequality() -> None:
    for k in range(1, 400):
        assert 2 * math.e * math.log2(3 * k) < 9 * k
        for d in (2, 3, 11):
            N = 2 * d * k * math.log2(3 * k)
            assert all(d * k * math.log2(math.e * M / d) < M for M in (N, N + 1, 2 * N))


def test_plates_that_do_not_cover_space_shatter_all_crossings() -> None:
    """Hulls of points (i, j, j^2 - i^2) of one label in a plate: upper and lower plates never meet."""
    k = 4
    for code in range(0, 2 ** (k * k), 37):
        up = {(i, j) for i in range(k) for j in range(k) if (code >> (k * i + j)) & 1}
        for i, j in product(range(k), repeat=2):
            above = _at(j, {q: q * q - i * i for q in range(k) if (i, q) in up})
            below = _at(i, {p: j * j - p * p for p in range(k) if (p, j) not in up})
            if above and below:
                assert above[0] > below[1]


def _at(x: int, heights: dict[int, int]) -> tuple[float, float] | None:
    """The least and greatest height over x of the hull of points (position, height)."""
    found = [float(h) for p, h in heights.items() if p == x]
    for (p, h), (q, g) in product(heights.items(), repeat=2):
        if p < x < q:
            found.append(h + (g - h) * (x - p) / (q - p))
    return (min(found), max(found)) if found else None


def test_growth_functions() -> None:
    assert growth.examine(growth.CONSTANTS, False).violates()
    thresholds = [[1 if i >= t else -1 for i in range(4)] for t in range(5)]
    found = growth.examine({"classifiers": thresholds, "factor": 2, "degree": 1}, False)
    assert found.hypotheses["polynomial growth"] and found.conclusion
    for bad in ({"classifiers": [], "factor": 1, "degree": 0}, {"classifiers": [[0]], "factor": 1, "degree": 0}, 3):
        with pytest.raises(LipcheckError):
            growth.examine(bad, False)


def test_lexicographic_pieces() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        rows = [[Fraction(int(v)) for v in row] for row in rng.integers(-2, 3, size=(rng.integers(1, 4), 3))]
        assert polytopes.rank(rows) == np.linalg.matrix_rank(np.array(rows, dtype=float))
    with pytest.raises(LipcheckError):
        polytopes.examine({"forms": [["0", "0"]]}, False)
    for x in product((-2, -1, 1, 2), repeat=2):
        lexicographic = x[1] > 0 or (x[1] == 0 and x[0] > 0)
        assert (polytopes._first([Fraction(x[1]), Fraction(x[0])]) > 0) == lexicographic
    assert polytopes._first([Fraction(0), Fraction(-1)]) == -1
    assert polytopes.examine(polytopes.LEXICOGRAPHIC, True).conclusion


def test_counterexamples_violate_their_statements() -> None:
    for claim in CLAIMS:
        for name, data in claim.counterexamples.items():
            found = {o.name: o for o in claim.obligations(Variant(), Budget.CI)}[name]
            assert isinstance(found, Universal) and found.examine(data).violates()
    with pytest.raises(LipcheckError):
        pieces.read(to_json(convexity.PLATEAU))


def test_kinks_without_influence_do_not_count() -> None:
    silent = Network(1, (Affine([[1], [-1]], [0, 0]), MaxMin(), Affine([[1, 1]], [0])))
    assert affine_pieces(silent) == 1 and affine_pieces(folding(1)) == 2


def test_the_bound_in_the_plane_follows_from_its_dichotomies() -> None:
    for b in range(3, 300):
        bound = 42 * b * math.log2(21 * b)
        assert 6 * b - 9 + b <= 7 * b and bound <= 28 * 3 * b * b
        assert all(3 * 7 * b * math.log2(math.e * N / 3) < N for N in (bound, 2 * bound))
        choices = math.log2(math.comb(7 * b - 9, b))
        for N in (3, 4, 10, 1000, bound):
            dichotomies = math.log2(N * N - N + 2)
            assert choices + (7 * b - 9) * dichotomies <= 3 * 7 * b * math.log2(math.e * N / 3)
    assert not plane.within({"kind": "any sets", "dimension": 2, "pieces": 3, "points": 800}, Fraction(42)).conclusion
    assert plane.within({"kind": "any sets", "dimension": 2, "pieces": 3, "points": 753}, Fraction(42)).conclusion
