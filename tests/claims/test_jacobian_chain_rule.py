"""The product formula against difference quotients."""

from __future__ import annotations

from fractions import Fraction as F
from random import Random

import pytest

from lipcheck.claims.anil2019.jacobian_chain_rule import networks as row
from lipcheck.claims.anil2019.jacobian_chain_rule.directional import directional
from lipcheck.network import Abs, Affine, LeakyReLU, Network, ReLU, from_json
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate

TINY = F(1, 10**9)


def random_network(random: Random) -> Network:
    def affine(m: int, n: int) -> Affine:
        return Affine([[random.randint(-2, 2) for _ in range(n)] for _ in range(m)],
                      [random.randint(-1, 1) for _ in range(m)])  # fmt: skip

    unit = random.choice((ReLU(), LeakyReLU(F(1, 10))))
    return Network(1, (affine(3, 1), unit, affine(2, 3), unit, affine(1, 2)))


def slopes(network: Network, x: F) -> tuple[F, F]:
    left, middle, right = (evaluate(network, [t])[0] for t in (x - TINY, x, x + TINY))
    return (middle - left) / TINY, (right - middle) / TINY


def test_the_product_is_the_derivative_off_the_kinks_whatever_the_value_at_zero() -> None:
    random, dead = Random(11), 0
    for _ in range(150):
        network, x = random_network(random), F(random.randint(-40, 40), 7)
        if not row.inside_pieces(network, x):
            continue
        left, right = slopes(network, x)
        assert left == right
        for at_zero in (F(0), F(1, 2), F(1), F(-7)):
            assert row.expand(network, x, at_zero) == (left,)
        dead += not row.off_kinks(network, x)
    assert dead > 0, "no dead unit was met, so the value at zero was never used"


def test_no_value_serves_both_networks() -> None:
    for at_zero in (F(0), F(1, 2), F(1), F(7, 10), F(-1)):
        good = []
        for data in (row.IDENTITY, row.DEEPER):
            network = from_json(data["network"])
            assert slopes(network, F(0)) == (1, 1)
            good.append(row.expand(network, F(0), at_zero) == (1,))
        assert not all(good)


def test_the_kink_can_sit_in_the_second_layer_alone() -> None:
    first = Affine([[1], [-1]], [1, 1])
    second = Affine([[1, 0], [0, 1]], [-1, -1])
    network = Network(1, (first, ReLU(), second, ReLU(), Affine([[1, -1]], [0])))
    assert slopes(network, F(0)) == (1, 1)
    assert row.expand(network, F(0), F(1, 3)) == (F(2, 3),)


def test_the_pieces_beside_a_point_have_the_one_sided_slopes() -> None:
    random = Random(5)
    for _ in range(60):
        network = random_network(random)
        for x in {p.low for p in pieces(network)} - {None}:
            assert x is not None
            left, right = row.beside(pieces(network), x)
            assert (left.slopes[0], right.slopes[0]) == slopes(network, x)


def test_directional_derivatives_multiply_at_every_point() -> None:
    random, kinks = Random(9), 0
    for _ in range(80):
        network = random_network(random)
        for x in {p.low for p in pieces(network)} - {None} | {F(random.randint(-6, 6), 2)}:
            left, right = slopes(network, x)
            assert directional(network, x, F(1)) == (right,)
            assert directional(network, x, F(-2)) == (-2 * left,)
            kinks += left != right
    assert kinks > 30


def test_other_networks_are_refused() -> None:
    with pytest.raises(row.KindError):
        row.expand(Network(1, (Abs(),)), F(1), F(0))
    with pytest.raises(row.KindError):
        row.read({**row.IDENTITY, "network": {"inputs": 2, "layers": [
            {"kind": "affine", "weight": [["1", "1"]], "bias": ["0"]}]}})  # fmt: skip
