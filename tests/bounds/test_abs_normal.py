"""The abs-normal form is the network: values, pieces, sharing of gates, refusals."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.network import (
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    Layer,
    LeakyReLU,
    MaxMin,
    Maxout,
    Network,
    NetworkError,
    ReLU,
    Select,
)
from lipcheck.readings.rational import evaluate

ACTIVATIONS: list[Layer] = [
    MaxMin(),
    ReLU(),
    Abs(),
    LeakyReLU(Fraction(1, 7)),
    LeakyReLU(Fraction(3)),
    GroupSort(2, order="ascending"),
    GroupSort(3, order="ascending"),
    FullSort("descending"),
    Maxout(3),
]


def affine(rng: random.Random, outputs: int, inputs: int) -> Affine:
    def number() -> Fraction:
        return Fraction(rng.randint(-9, 9), rng.randint(1, 5))

    return Affine([[number() for _ in range(inputs)] for _ in range(outputs)], [number() for _ in range(outputs)])


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_values_and_pieces_are_the_network(activation: Layer) -> None:
    rng = random.Random(str(activation))
    hidden = activation.outputs(6)
    network = Network(
        2,
        (affine(rng, 6, 2), activation, affine(rng, 6, hidden), activation, Select((1, 0, 1), hidden))
        if hidden > 1
        else (affine(rng, 6, 2), activation),
    )
    form = abs_normal(network)
    for _ in range(10):
        x = [Fraction(rng.randint(-9, 9), 7) for _ in range(2)]
        assert form(x) == evaluate(network, x)
        signs = [1 if z >= 0 else -1 for z in form.gate_values(x)]
        gates, outputs = form.piece(signs)
        assert tuple(row[0] + row[1] * x[0] + row[2] * x[1] for row in outputs) == form(x)
        assert tuple(row[0] + row[1] * x[0] + row[2] * x[1] for row in gates) == form.gate_values(x)
        assert [[float(a) for a in row] for row in form.outputs] == form.floats[1].tolist()


def test_a_pair_shares_its_gate_and_proportional_gates_are_one() -> None:
    pair = abs_normal(Network(2, (MaxMin(),)))
    assert len(pair.gates) == 1
    signs = abs_normal(Network(1, (Affine.linear([[1], [-1], [3]]), ReLU())))
    assert len(signs.gates) == 1
    assert signs((2,)) == (2, 0, 6)
    assert signs((-2,)) == (0, 2, 0)


def test_constant_and_unread_gates_are_left_out() -> None:
    constant = abs_normal(Network(1, (Affine([[0], [1]], [-3, 0]), Abs(), Affine.linear([[1, 0]]))))
    assert constant.gates == ()
    assert constant((5,)) == (3,)
    assert constant.floats[0].shape == (0, 2)


def test_levels_count_gates_on_paths() -> None:
    form = abs_normal(Network(1, (Abs(), Affine([[1]], [-1]), Abs())))
    assert form.levels == (0, 1)


def test_refusals() -> None:
    with pytest.raises(NetworkError, match="tanh"):
        abs_normal(Network(1, (Elementwise("tanh"),)))
    with pytest.raises(NetworkError, match="takes 2"):
        abs_normal(Network(2, (MaxMin(),)))((1,))
    with pytest.raises(NetworkError, match="coefficients"):
        AbsNormal(1, ((Fraction(1),),), ())
    with pytest.raises(NetworkError, match="Gate 0 depends"):
        AbsNormal(1, ((Fraction(0), Fraction(1), Fraction(1)),), ())
