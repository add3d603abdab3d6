"""Theorem 3 by other means: norms by hand, random data, numpy, and the degenerate cases."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from random import Random

import numpy as np
import pytest

from lipcheck.build.joining import join, meet
from lipcheck.claims.anil2019.theorem_3 import closure, common, line, maxout, padding, statement, wording
from lipcheck.network import Affine, MaxMin, Maxout, Network, Select, from_json
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate

F = Fraction
DUAL = {"1": lambda row: max(map(abs, row)), "2": lambda row: sum(v * v for v in row),
        "inf": lambda row: sum(map(abs, row))}  # fmt: skip


def member(network: Network, p: str, kind: type = MaxMin) -> bool:
    """LN_p, written out once more; the square of a 2-norm is one exactly if the norm is."""
    weights = [a.weight for a in network.dense().layers[::2] if isinstance(a, Affine)]
    first = max(DUAL[p](row) for row in weights[0]) == 1
    later = all(max(sum(map(abs, row)) for row in weight) == 1 for weight in weights[1:])
    return first and later and all(isinstance(a, kind) for a in network.layers[1::2]) and len(network.layers) % 2 == 1


def lipschitz(x: list[tuple[Fraction, ...]], v: list[Fraction], p: str) -> bool:
    order = {"1": 1, "2": 2, "inf": np.inf}[p]
    return all(
        abs(v[i] - v[j]) <= np.linalg.norm([float(a - b) for a, b in zip(x[i], x[j], strict=True)], order) - 1e-9
        for i, j in combinations(range(len(x)), 2)
    )


@pytest.mark.parametrize("p", ["1", "2", "inf"])
def test_networks_through_random_data(p: str) -> None:
    random, done = Random(7), 0
    while done < 12:
        n, k = random.randint(1, 3), random.randint(1, 4)
        x = list({tuple(F(random.randint(-4, 4)) for _ in range(n)) for _ in range(k)})
        v = [F(random.randint(-6, 6), 3) for _ in x]
        if lipschitz(x, v, p):
            network = common.through(x, v, common.EXPONENTS[p])
            assert member(network, p) and common.in_class(network, common.EXPONENTS[p])
            assert [evaluate(network, point) for point in x] == [(value,) for value in v]
            done += 1


def test_an_affine_map_of_any_smaller_norm_is_in_the_class() -> None:
    for weight in ((F(0),), (F(1, 3),), (F(-1),), (F(1, 2), F(-1, 4))):
        network = common.affine_map(weight, F(2))
        assert all(member(network, p) for p in DUAL)
        for x in product((-3, 0, 5), repeat=len(weight)):
            assert evaluate(network, x) == (2 + sum(w * c for w, c in zip(weight, x, strict=True)),)


def test_random_networks_of_the_class_are_1_lipschitz_on_the_line() -> None:
    random = Random(2)
    for _ in range(30):
        rows = [[F(random.randint(-4, 4), 4)] for _ in range(3)] + [[F(1)]]
        middle = [[F(random.randint(-3, 3), 12) for _ in range(4)] for _ in range(2)]
        network = Network(1, (Affine(rows, [random.randint(-2, 2) for _ in rows]), MaxMin(), Affine(middle, [0, 1]),
                              MaxMin(), Select((random.randint(0, 1),), 2)))  # fmt: skip
        assert all(abs(piece.slopes[0]) <= 1 for piece in pieces(network))


def test_joins_agree_on_whole_lines() -> None:
    deep = Network(1, (Affine([[1], [-1]], [0, 1]), MaxMin(), Affine([[F(1, 2), F(-1, 2)]], [0])))
    flat = Network(1, (Affine([[-1]], [F(1, 3)]),))
    for built, choose in ((join, max), (meet, min)):
        network = built(deep, flat)
        ends = {p.low for p in pieces(network) if p.low is not None}
        for t in ends | {p.inside for p in pieces(network)} | {F(-9), F(9)}:
            assert evaluate(network, [t])[0] == choose(evaluate(deep, [t])[0], evaluate(flat, [t])[0])
        assert member(network, "2")


def test_unit_rows_are_found_where_a_search_finds_them() -> None:
    """For n = 2 a fine walk round the dual sphere meets w . d = c exactly where `single_layer` says so."""
    turns = np.linspace(0, 2 * np.pi, 20001)
    for p, q in (("1", np.inf), ("2", 2), ("inf", 1)):
        circle = np.stack([np.cos(turns), np.sin(turns)])
        circle = circle / np.linalg.norm(circle, q, axis=0)
        for d, c in product(([1, 0], [1, 2], [-3, 1]), range(-4, 5)):
            reached = np.abs(np.array(d) @ circle - c).min() < 2e-3
            pair = line.read({"p": p, "x": ["0", "0"], "y": [str(v) for v in d], "a": "0", "b": str(c)})
            assert (pair.fitting and line.single_layer(pair)) == reached


def test_the_line_in_one_dimension() -> None:
    for b in range(-3, 4):
        pair = line.read(line.points([0], [2], 0, b))
        assert line.single_layer(pair) == (abs(b) == 2)
        assert line.hidden_layer(pair) == (abs(b) <= 2)


def test_a_linear_map_needs_values_in_proportion() -> None:
    assert line.linear(line.read(line.points([1], [2], 2, 4)))
    assert not line.linear(line.read(line.points([1], [2], 2, 3)))
    assert line.linear(line.read(line.points([1, 0], [0, 1], 5, 7)))
    assert not line.linear(line.read(line.points([0, 0], [0, 1], 1, 1)))


def test_identity_layers_behind_a_sort_and_nowhere_else() -> None:
    two = from_json(padding.TWO)
    assert any(padding.equal(two, deeper) for deeper in padding.padded(two) if padding.alternating(deeper))
    single = Network(2, (Affine.linear([[0, 1]]),))
    tried = list(padding.padded(single))
    assert tried and not any(padding.equal(single, deeper) for deeper in tried)
    assert not list(padding.padded(from_json(padding.SINGLE)))
    assert padding.examine(padding.SINGLE, True).conclusion and not padding.examine(padding.SINGLE, False).conclusion


@pytest.mark.parametrize("data", common.samples())
def test_maxout_networks(data: dict[str, object]) -> None:
    network, taken = maxout.through(data)
    merged = maxout.merged(network)
    assert taken and member(merged, str(data["p"]), Maxout)
    points = product((-2, 0, 3), repeat=network.inputs)
    assert all(evaluate(network, x) == evaluate(merged, x) for x in points)


def test_the_zigzag_is_half_away_from_constants_on_the_whole_line() -> None:
    wave = {"values": ["0", "1", "0"], "repeated": True}
    assert not statement.zigzag(wave).conclusion and statement.zigzag(wave | {"repeated": False}).conclusion
    assert statement.zigzag({"values": ["0", "1/4", "0"], "repeated": True}).conclusion


def test_the_special_norm_and_the_slips() -> None:
    for rows in ([[1, -2], [3, 0]], [[0, 0], [1, -F(1, 2)]]):
        weight = np.array([[float(v) for v in row] for row in rows])
        assert np.linalg.norm(weight, np.inf) == max(np.abs(weight @ s).max() for s in product((-1, 1), repeat=2))
    assert wording.sketch(wording.joined(F(3, 5), F(4, 5)), False).violates()
    assert wording.lipschitz(["0", "2"], False).violates() and not wording.lipschitz(["0", "2"], True).violates()
    assert [closure.examine(data).violates() for data in closure.pairs()] == [False] * 6
