"""Gradients on their way back, by explicit products of Jacobians, and losses by sums over a grid."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from lipcheck.claims.anil2019.gnp_necessary import approximate, common, expressive, represent
from lipcheck.claims.anil2019.relu_cannot_approximate.common import look, on, plain
from lipcheck.network import Abs, Affine, LeakyReLU, MaxMin, Network, ReLU
from lipcheck.readings.rational import evaluate, is_smooth_at, jacobian
from lipcheck.words.claim import Variant

half = Fraction(1, 2)


def test_squares_against_products_of_jacobians() -> None:
    random = Random(2)
    for _ in range(60):

        def weight(rows: int, columns: int) -> Affine:
            return Affine([[Fraction(random.randint(-3, 3), 4) for _ in range(columns)] for _ in range(rows)],
                          [Fraction(random.randint(-2, 2), 4) for _ in range(rows)])  # fmt: skip

        kinds = [ReLU(), MaxMin(), Abs(), LeakyReLU(half)]
        layers = (weight(4, 2), random.choice(kinds), weight(4, 4), random.choice(kinds), weight(1, 4))
        network, point = Network(2, layers), (Fraction(random.randint(-5, 5), 3), Fraction(2, 7))
        if not is_smooth_at(network, point):
            continue
        found = common.squares(network, point)
        for k in range(len(layers)):
            inner = evaluate(Network(2, layers[:k]), point) if k else point
            rest = Network(2 if k == 0 else 4, layers[k:])
            assert found[len(layers) - k] == sum(g * g for g in jacobian(rest, inner)[0])


def test_norm_one_at_the_input_is_norm_one_everywhere() -> None:
    random, met = Random(4), 0
    rotations = [(Fraction(3, 5), Fraction(4, 5)), (Fraction(1), Fraction(0)), (Fraction(5, 13), Fraction(-12, 13))]
    for _ in range(200):
        (a, b), (c, d) = random.choice(rotations), random.choice(rotations)
        size = random.choice([Fraction(1), half])
        data = common.at([[[a, b], [-b, a]], random.choice([MaxMin(), Abs(), ReLU()]), [[c * size, d]]], [2, 3])
        found = represent.examine(data, Variant())
        met += all(found.hypotheses.values())
        assert not found.violates()
    assert met > 20


def test_candidates_miss_what_they_should() -> None:
    misses = [[k for k, v in represent.examine(d, Variant()).hypotheses.items() if not v]
              for d in represent.candidates(Variant())]  # fmt: skip
    assert misses == [["norm"], ["1-Lipschitz"], ["slope"], ["norm"], ["slope"], []]


def test_the_mean_loss_is_bounded_by_the_distance() -> None:
    random = Random(6)
    for _ in range(80):
        entries = [Fraction(random.randint(-3, 3), 5) for _ in range(4)]
        first = Affine([[entries[0]], [entries[1]]], [Fraction(random.randint(-3, 3), 4), Fraction(1, 4)])
        kind = random.choice([ReLU(), MaxMin(), Abs()])
        seen = look(on(Network(1, (first, kind, Affine([entries[2:]], [0])))))
        if all(sum(e * e for e in pair) <= 1 for pair in (entries[:2], entries[2:])):
            found = approximate.examine_loss(on(seen.network), Variant())
            assert all(found.hypotheses.values()) and found.conclusion
            steps = [Fraction(k, 40) for k in range(-40, 40)]
            loss = sum(1 - abs(seen.at(t + Fraction(1, 40)) - seen.at(t)) * 40 for t in steps) / 80
            assert abs(loss - approximate.mean_loss(seen)) <= Fraction(4, 40)


def test_distance_from_the_identity() -> None:
    assert approximate.distance_from_x(look(approximate.SCALED)) == Fraction(1, 100)
    assert approximate.distance_from_x(look(plain([[half]], bias=Fraction(1, 8)))) == Fraction(5, 8)


def test_the_deep_network_loses_a_fifth() -> None:
    seen = look(expressive.DEEP)
    found = common.squares(seen.network, (half,))
    assert found[0] == 1 and found[-1] == Fraction(16, 25) and sorted(found, reverse=True) == found
    assert expressive.expressive(expressive.DEEP, Fraction(1, 10)).violates()
    assert not expressive.expressive(expressive.DEEP, Fraction(9, 100)).violates()


def test_a_kink_is_refused() -> None:
    with pytest.raises(common.PlaceError, match="smooth"):
        common.read(common.at([[[1]], ReLU(), [[1]]], [0]))


def test_a_witness_keeps_the_norms() -> None:
    found = represent.not_every_vector()
    good = common.at([[[1, 0], [0, half]], ReLU(), [[1, 0]]], [1, 1])
    assert found.accepts(good) and not found.accepts(common.at([[[1, 0], [1, half]], ReLU(), [[1, 0]]], [1, 1]))
    assert not found.accepts(common.at([[[1, 0], [0, 1]], ReLU(), [[1, 0]]], [1, 1]))


def test_larger_norms_and_smaller_slopes_break_the_law() -> None:
    for norm in (Fraction(1001, 1000), Fraction(3, 2)):
        more = Variant(constants={"norm": norm})
        assert any(represent.examine(d, more).violates() for d in represent.candidates(more))
        assert any(approximate.examine_loss(d, more).violates() for d in approximate.loss_candidates(more))
    less = Variant(constants={"slope": Fraction(999, 1000)})
    assert any(represent.examine(d, less).violates() for d in represent.candidates(less))
