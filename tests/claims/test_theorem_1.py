"""Theorem 1 by other means: the candidates, re-computed by hand-written loops, and affine networks that do qualify."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from lipcheck.claims.anil2019.theorem_1 import common, relu, statement
from lipcheck.network import Abs, Affine, GroupSort, LeakyReLU, MaxMin, Maxout, Network, ReLU, to_json
from lipcheck.readings.line import along, pieces
from lipcheck.readings.rational import evaluate, is_smooth_at, jacobian
from lipcheck.words.claim import Variant

VIOLATED = ["monotonic", "norm", "lipschitz", "element-wise", "gradient", "norm", "lipschitz", "gradient"]


@pytest.mark.parametrize(("data", "missing"), list(zip(common.counterexamples(), VIOLATED, strict=True)))
def test_each_candidate_misses_one_hypothesis_alone(data: object, missing: str) -> None:
    found = statement.examine(data, Variant())
    assert [name for name, holds in found.hypotheses.items() if not holds] == [missing]
    assert not found.conclusion


@pytest.mark.parametrize("index", [0, 1, 2, 3, 5, 6])
def test_these_candidates_are_the_absolute_value(index: int) -> None:
    network = common.read(common.counterexamples()[index])
    for x in (Fraction(-7, 3), Fraction(0), Fraction(1, 9), Fraction(5)):
        assert evaluate(network, [x]) == (abs(x),)


def test_the_slightly_violating_candidates_violate_by_one_percent() -> None:
    slight = {"norm": Fraction(101, 100), "lipschitz": Fraction(101, 100), "gradient": Fraction(99, 100)}
    for index, name in ((5, "norm"), (6, "lipschitz"), (7, "gradient")):
        found = statement.examine(common.counterexamples()[index], Variant(constants={name: slight[name]}))
        assert found.violates()


def test_random_monotonic_networks_have_gradient_norm_one_only_if_affine() -> None:
    random, affine = Random(0), 0
    for _ in range(300):
        s, t = random.choice([(1, 0), (0, 1), (-1, 0), (Fraction(3, 5), Fraction(4, 5))]), random.choice([1, half, 2])
        first = Affine([[s[0]], [s[1]]], [random.randint(-2, 2), random.randint(-2, 2)])
        data = common.plain(first, LeakyReLU(random.choice([0, half, 1])), [[s[0] * min(t, 1), s[1]]])
        found = statement.examine(data, Variant())
        affine += all(found.hypotheses.values())
        assert not found.violates()
    assert affine > 20


half = Fraction(1, 2)


def test_pieces_agree_with_values_and_slopes() -> None:
    random = Random(5)
    kinds = [MaxMin(), Abs(), ReLU(), LeakyReLU(half), GroupSort(4, order="ascending"), Maxout(2)]
    for _ in range(60):

        def weight(rows: int, columns: int) -> Affine:
            return Affine([[random.randint(-3, 3) for _ in range(columns)] for _ in range(rows)],
                          [random.randint(-3, 3) for _ in range(rows)])  # fmt: skip

        kind = random.choice(kinds)
        width = 2 if isinstance(kind, Maxout) else 4
        network = Network(1, (weight(4, 1), kind, weight(4, width), random.choice(kinds[:5]), weight(2, 4)))
        found = pieces(network)
        assert found[0].low is None and found[-1].high is None
        assert all(a.high == b.low for a, b in pairwise(found))
        for piece in found:
            assert evaluate(network, [piece.inside]) == piece.at(piece.inside)
            for end in (piece.low, piece.high):
                assert end is None or evaluate(network, [end]) == piece.at(end)
            if is_smooth_at(network, [piece.inside]):
                assert tuple(row[0] for row in jacobian(network, [piece.inside])) == piece.slopes


def test_along_a_line() -> None:
    network = Network(2, (Affine([[1, 0], [0, 1]], [0, 0]), MaxMin(), Affine([[1, 0]], [0])))
    found = pieces(along(network, (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))))
    assert [(p.low, p.high, p.slopes, p.offsets) for p in found] == [(None, 1, (0,), (1,)), (1, None, (1,), (0,))]


def test_relu_on_an_interval_keeps_the_gradient() -> None:
    unit = common.plain([[1]], ReLU(), [[1]])
    assert relu.examine({"network": unit, "interval": ["0", "1"]}, Variant()).hypotheses["gradient"]
    assert not relu.examine({"network": unit, "interval": ["-1", "1"]}, Variant()).hypotheses["gradient"]


def test_a_hidden_layer_of_any_kind_is_one() -> None:
    assert not relu.examine(common.counterexamples()[0], Variant()).conclusion
    assert relu.examine(common.plain([[1]]), Variant()).conclusion


@pytest.mark.parametrize(("gain", "weights"), [(Fraction(3, 2), 2), (Fraction(13, 10), 3), (Fraction(6, 5), 4)])
def test_the_absolute_value_as_soon_as_the_product_of_the_norms_is_two(gain: Fraction, weights: int) -> None:
    side = gain * Fraction(7, 10)
    middle: list[object] = [ReLU()]
    for _ in range(weights - 2):
        middle += [[[gain, Fraction(0)], [Fraction(0), gain]], ReLU()]
    last = 1 / (side * gain ** (weights - 2))
    network = common.read(common.two_sides(middle, scale=side, last=last))
    assert gain**weights >= 2 and common.norms_at_most(network, gain)
    assert [evaluate(network, [x]) for x in (-3, 0, 2)] == [(3,), (0,), (2,)]


def test_a_network_of_another_shape_is_refused() -> None:
    plane = Network(2, (Affine([[1, 0]], [0]),))
    with pytest.raises(common.ShapeError, match=r"R\^2 to R\^1"):
        common.read(to_json(plane))


def test_equation_13_needs_the_squares_in_general() -> None:
    w, d = (Fraction(2), Fraction(0)), (half, Fraction(1))
    norm, kept = Fraction(2), Fraction(1)
    right = sum((1 - s * s) * a * a for a, s in zip(w, d, strict=True))
    assert norm**2 - kept**2 == right != norm - kept
