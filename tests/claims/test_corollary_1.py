"""Scaling, rescaling of layers and curved frontiers, in floating point and by other routes."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lipcheck.build.line_classifiers import Cells
from lipcheck.build.rescaling import norms_at_most_one, rescaled, sorted_network
from lipcheck.claims.bethune2021.corollary_1 import CLAIMS, classifiers, readings
from lipcheck.exact import NetworkError
from lipcheck.network import Affine, Elementwise, FullSort, MaxMin, Network, ReLU, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget

F = Fraction
BY_ID = {claim.id.removeprefix("bethune2021.corollary_1").removeprefix("."): claim for claim in CLAIMS}


def random_network(rng: random.Random, sorts: bool) -> Network:
    """Two inputs, two hidden layers of four units, weights up to 3 in size."""

    def layer(rows: int, columns: int) -> Affine:
        weight = [[rng.randint(-3, 3) for _ in range(columns)] for _ in range(rows)]
        return Affine(weight, [rng.randint(-3, 3) for _ in range(rows)])

    between = (MaxMin(), FullSort("ascending")) if sorts else (ReLU(), ReLU())
    return Network(2, (layer(4, 2), between[0], layer(4, 4), between[1], layer(1, 4)))


@pytest.mark.parametrize("sorts", [True, False])
def test_rescaled_networks_are_positive_multiples(sorts: bool) -> None:
    rng = random.Random(0)
    for _ in range(15):
        f = random_network(rng, sorts)
        g, c = rescaled(f if sorts else sorted_network(f))
        assert c > 0 and norms_at_most_one(g)
        for layer in g.layers:
            if isinstance(layer, Affine):
                assert np.linalg.norm(np.array(layer.weight, dtype=float), 2) <= 1 + 1e-12
        for _ in range(20):
            x = [F(rng.randint(-30, 30), 7) for _ in range(2)]
            assert evaluate(g, x)[0] == c * evaluate(f, x)[0]


def test_sorted_networks_hold_only_sorts() -> None:
    f = random_network(random.Random(1), sorts=False)
    assert not any(isinstance(layer, ReLU) for layer in sorted_network(f).layers)
    assert sum(isinstance(layer, MaxMin) for layer in sorted_network(f).layers) == 2


def test_smooth_activations_are_refused() -> None:
    with pytest.raises(NetworkError, match="commute"):
        rescaled(Network(1, (Affine.linear([[1]]), Elementwise("tanh"), Affine.linear([[1]]))))
    with pytest.raises(NetworkError, match="neither"):
        sorted_network(Network(1, (Affine.linear([[1]]), Elementwise("tanh"))))


def test_the_zero_network_stays_zero() -> None:
    g, c = rescaled(Network(1, (Affine([[0]], [0]),)))
    assert c == 1 and evaluate(g, [F(5)]) == (0,)


@pytest.mark.parametrize(
    "phi",
    [
        lambda x: x / (1 + abs(x)),
        math.tanh,
        lambda x: 1 / (1 + math.exp(-x)),
        lambda x: -math.log(1 + math.exp(x)),
    ],
)
def test_other_activations_are_strictly_concave_too(phi) -> None:  # type: ignore[no-untyped-def]
    for a, b in product(np.linspace(0.1, 6, 25), repeat=2):
        if a < b:
            assert 2 * phi((a + b) / 2) > phi(a) + phi(b)


def test_closed_classes_by_brute_force() -> None:
    for labels in product((-1, 1), repeat=5):
        it = Cells((F(0), F(1)), labels)
        for label in (-1, 1):
            limits = all(
                it.label(z) == label
                for z in (F(0), F(1))
                if label in (it.label(z - F(1, 100)), it.label(z + F(1, 100)))
            )
            assert classifiers.closed(it, label) == limits


def test_half_open_intervals_on_either_side() -> None:
    rule = BY_ID["any_classifier"].obligations(Variant(), Budget.SMOKE)[0]
    assert refutes({"ends": ["0", "1"], "labels": [-1, 1, 1, -1, -1]}, rule)
    assert refutes({"ends": ["0", "1"], "labels": [1, 1, -1, -1, 1]}, rule)
    assert not refutes({"ends": ["0"], "labels": [-1, 1, 1]}, rule)


def test_networks_that_vanish_on_an_interval() -> None:
    rule = BY_ID["gradient_norm_one"].obligations(Variant(), Budget.SMOKE)[0]
    relu = Network(1, (Affine([[1]], [0]), ReLU(), Affine([[1]], [0])))
    assert refutes({"network": to_json(relu)}, rule)
    assert not refutes({"network": to_json(relu.then(Affine([[1]], [1])))}, rule)


def test_the_path_at_other_places() -> None:
    rule = BY_ID["appendix_proof"].obligations(Variant(), Budget.SMOKE)[0]
    for x, bad in (("1/8", True), ("0", True), ("1/4", True), ("1/2", False), ("-1/8", False)):
        assert refutes({**readings.SHIFT, "x": x}, rule) == bad


def test_forall_steps_on_a_lattice() -> None:
    rng, checked = random.Random(3), 0
    values = [F(v) for v in ("-1", "0", "1/2", "1", "2")]
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall):
                for _ in range(400):
                    point = {name: rng.choice(values) for name in obligation.variables}
                    assert not obligation.violated_at(point)
                    checked += obligation.admits(point)
    assert checked > 1000
