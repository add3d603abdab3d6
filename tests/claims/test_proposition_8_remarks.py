"""Remarks after Proposition 8: GroupSort2 by ReLU at random, and the size of the bounds."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise

import pytest

from lipcheck.build.sawtooth import folding, neurons
from lipcheck.claims.bethune2021.proposition_8.vc import logarithm
from lipcheck.claims.bethune2021.proposition_8_remarks import conversion as remarks
from lipcheck.network import Affine, MaxMin, Network, ReLU
from lipcheck.readings.rational import evaluate
from lipcheck.words.errors import LipcheckError


@pytest.mark.parametrize("network", [remarks.PAIR, remarks.TWO_LAYERS, folding(3)])
def test_relu_forms_agree_at_random_inputs(network: Network) -> None:
    rng, relu = random.Random(0), remarks.as_relu(network)
    for _ in range(60):
        x = tuple(Fraction(rng.randint(-30, 30), rng.randint(1, 6)) for _ in range(network.inputs))
        assert evaluate(network, x) == evaluate(relu, x)
    assert not any(isinstance(layer, MaxMin) for layer in relu.layers)
    assert any(isinstance(layer, ReLU) for layer in relu.layers)
    assert neurons(relu) == 2 * neurons(network)


def test_other_functions_are_told_apart() -> None:
    assert remarks.same(remarks.PAIR, remarks.as_relu(remarks.PAIR))
    assert not remarks.same(remarks.PAIR, remarks.PERTURBED)
    lower = Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin(), Affine.linear([[0, 1]])))
    assert not remarks.same(remarks.PAIR, remarks.as_relu(lower))


def test_the_strengthened_bound_is_far_below() -> None:
    for n in (1, 10, 784):
        ratios = [2 * (n + W + 1) * (W + 1) * float(logarithm(W)) / ((n + 1) * 2.0**W) for W in range(20, 80)]
        assert all(a > b for a, b in pairwise(ratios)) and ratios[-1] < 1e-15
    assert all(2 * (W + 1) ** 2 * float(logarithm(W)) <= 2000 * 1.25**W for W in range(400))
    assert math.isclose(float(logarithm(24)), 3 + 1.4427 + 5 + 13)


def test_malformed_data_are_refused() -> None:
    line = folding(1)
    for data in ({}, {"groupsort": {}, "elementwise": {}}, remarks.pair_of(remarks.PAIR, remarks.as_relu(line))):
        with pytest.raises(LipcheckError):
            remarks.examine(data, False)
