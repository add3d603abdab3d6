"""Scaled outputs and scaled layers, evaluated by hand."""

from __future__ import annotations

from fractions import Fraction as F
from random import Random

import pytest

from lipcheck.claims.anil2019.scaling import layers, output
from lipcheck.network import Affine, LeakyReLU, Network, ReLU
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def by_hand(weights: list[F], biases: list[F], scales: list[F], x: F) -> F:
    value = x
    for i, (w, b, a) in enumerate(zip(weights, biases, scales, strict=True)):
        value = a * (w * value + b)
        if i < len(weights) - 1:
            value = max(value, F(0))
    return value


def chain(weights: list[F], biases: list[F]) -> Network:
    found: list[object] = []
    for w, b in zip(weights, biases, strict=True):
        found += [Affine([[w]], [b]), ReLU()]
    return Network(1, tuple(found[:-1]))


def test_scaling_layers_agree_with_the_scaled_output_exactly_as_claimed() -> None:
    random, differ = Random(3), 0
    for _ in range(200):
        weights, biases = ([F(random.randint(-2, 2)) for _ in range(3)] for _ in range(2))
        scales = [F(random.randint(0, 4), 2) for _ in range(3)]
        total, x = scales[0] * scales[1] * scales[2], F(random.randint(-6, 6), 2)
        network = chain(weights, biases)
        (plain,) = evaluate(network, [x])
        assert plain == by_hand(weights, biases, [F(1)] * 3, x)
        (inside,) = evaluate(layers.scaled(network, scales, along=False), [x])
        assert inside == by_hand(weights, biases, scales, x)
        (along,) = evaluate(layers.scaled(network, scales, along=True), [x])
        assert along == total * plain
        differ += inside != total * plain
        free = chain(weights, [F(0)] * 3)
        assert evaluate(layers.scaled(free, scales, along=False), [x])[0] == total * evaluate(free, [x])[0]
    assert differ > 50


def test_over_all_biases_the_same_functions_are_computed() -> None:
    random = Random(8)
    for _ in range(100):
        weights, any_biases = ([F(random.randint(-3, 3)) for _ in range(3)] for _ in range(2))
        scales = [F(random.randint(1, 6), 2) for _ in range(3)]
        before = [F(1), scales[0], scales[0] * scales[1]]
        divided = [c / A for c, A in zip(any_biases, before, strict=True)]
        x, total = F(random.randint(-6, 6), 2), before[2] * scales[2]
        assert by_hand(weights, any_biases, scales, x) == total * by_hand(weights, divided, [F(1)] * 3, x)


def test_a_scale_of_zero_computes_more_than_zero() -> None:
    assert by_hand([F(1), F(1)], [F(0), F(5)], [F(0), F(1)], F(2)) == 5


def test_the_smallest_constant_can_grow_by_more_than_the_product() -> None:
    clip = [Affine([[1], [1]], [0, -1]), ReLU(), Affine([[1, -1]], [0])]
    network = Network(1, (*clip, Affine([[1]], [-1]), ReLU(), Affine([[1]], [0])))
    scaled = layers.scaled(network, [F(1), F(2), F(1), F(1)], along=False)
    assert {p.slopes[0] for p in pieces(network)} == {0}
    assert {p.slopes[0] for p in pieces(scaled)} == {0, 2}


def test_leaky_units_are_homogeneous_too_and_negative_scales_are_not() -> None:
    unit = Network(1, (LeakyReLU(F(1, 10)),))
    for c in (F(0), F(1, 3), F(5)):
        assert all(evaluate(unit, [c * x])[0] == c * evaluate(unit, [x])[0] for x in (F(-2), F(0), F(7)))
    assert evaluate(unit, [F(-1)])[0] != -evaluate(unit, [F(1)])[0]


def test_the_number_of_scales_is_checked() -> None:
    with pytest.raises(layers.ScaleError):
        layers.scaled(chain([F(1)], [F(0)]), [F(1), F(1)], along=True)


def test_constants_are_the_only_functions_that_k_zero_misses() -> None:
    rule = output.zero(Variant(), Budget.CI)[0]
    examine = rule.examine  # type: ignore[union-attr]
    for K, rise in ((F(0), F(0)), (F(1, 2), F(1, 2)), (F(3), F(-2))):
        for start in (F(0), F(1), F(-5, 3)):
            data = {"K": str(K), "values": [str(start), str(start + rise)]}
            assert examine(data).violates() is (K == 0 and start != 0)
