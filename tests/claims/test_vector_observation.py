"""The Observation by other means: brute force for vectors, and whole lines for networks."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from lipcheck.build.joining import join_vector, meet_vector
from lipcheck.claims.anil2019.vector_observation import components, domain, statement
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate

F = Fraction


def far(a: tuple[Fraction, ...], b: tuple[Fraction, ...]) -> Fraction:
    return max(abs(u - v) for u, v in zip(a, b, strict=True))


def test_networks_through_random_vectors() -> None:
    random, done = Random(11), 0
    while done < 8:
        n, m = random.randint(1, 2), random.randint(1, 3)
        x = list({tuple(F(random.randint(-4, 4)) for _ in range(n)) for _ in range(3)})
        v = [tuple(F(random.randint(-4, 4), 2) for _ in range(m)) for _ in x]
        if all(far(v[i], v[j]) <= far(x[i], x[j]) for i, j in combinations(range(len(x)), 2)):
            network = statement.through(x, v)
            assert [evaluate(network, point) for point in x] == v
            for a, b in product(list(product((-3, 0, 1, 5), repeat=n)), repeat=2):
                images = evaluate(network, a), evaluate(network, b)
                assert far(*images) <= far(tuple(map(F, a)), tuple(map(F, b)))
            done += 1


def test_joins_of_vectors_on_the_whole_line() -> None:
    f = Network(1, (Affine([[1], [-1]], [0, 2]),))
    g = Network(1, (Affine([[1], [-1]], [0, 0]), MaxMin(), Affine([[1, 0], [F(1, 2), F(1, 2)]], [-1, 1])))
    for built, choose in ((join_vector, max), (meet_vector, min)):
        network = built(f, g)
        for t in {p.inside for p in pieces(network)} | {p.low for p in pieces(network) if p.low is not None}:
            wanted = tuple(map(choose, evaluate(f, [t]), evaluate(g, [t])))
            assert evaluate(network, [t]) == wanted


def test_coordinatewise_maxima_are_no_lattice_for_the_euclidean_norm() -> None:
    f, g = (F(1), F(0)), (F(0), F(1))
    high = tuple(map(max, f, g))
    assert sum(v * v for v in high) == 2 and far(high, (F(0), F(0))) == 1


SPANS = [[["1", "1"]], [["1", "0"], ["0", "1"]], [["1", "1", "0"], ["0", "0", "1"]], [["1", "0"]]]


@pytest.mark.parametrize("rows", SPANS)
def test_spans_of_maps_by_brute_force(rows: list[list[str]]) -> None:
    """Maps on {0, 1} with values 0, 1/2, 1 in every coordinate: which are of the form sum h_k r_k?"""
    matrix = [[F(v) for v in row] for row in rows]
    levels = [F(0), F(1, 2), F(1)]
    m = len(matrix[0])

    def image(hs: tuple[tuple[Fraction, ...], ...], t: int) -> tuple[Fraction, ...]:
        return tuple(sum((h[t] * row[i] for h, row in zip(hs, matrix, strict=True)), F(0)) for i in range(m))

    choices = product(list(product(levels, repeat=2)), repeat=len(matrix))
    span = {(image(hs, 0), image(hs, 1)) for hs in choices}
    every = set(product(product(levels, repeat=m), repeat=2))
    each = all(any((f[0][i], f[1][i]) == (a, b) for f in span) for i in range(m) for a, b in product(levels, repeat=2))
    assert components.examine(rows, False).hypotheses["separation"] == each
    assert components.examine(rows, False).conclusion == (span == every)


def test_overlapping_rows_are_refused() -> None:
    with pytest.raises(components.SpanError):
        components.examine([["1", "1"], ["0", "1"]], False)


def test_an_affine_map_misses_the_tent_by_half() -> None:
    grid = [F(k, 8) for k in range(-16, 17)]
    best = min(max(abs(s * t + c - v) for t, v in enumerate((0, 1, 0))) for s in grid for c in grid)
    assert best == F(1, 2) and domain.affine_error(["0", "1", "0"], False).violates()
    assert not domain.affine_error(["0", "1", "0"], True).violates()


def test_the_wave_on_the_line_and_on_an_interval() -> None:
    assert domain.whole_line(["0", "1", "0"], False).violates()
    assert not domain.whole_line(["0", "1", "0"], True).violates()
