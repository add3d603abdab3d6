"""Networks side by side: their values, their widths, and the spectral norms that stacking makes grow."""

from __future__ import annotations

import random
from fractions import Fraction
from math import inf

import pytest

from lipcheck.build.dense import beside, identity, negated, picked
from lipcheck.build.joining import maximum
from lipcheck.build.stacking import JoinError, stack, stacked_norm
from lipcheck.network import Affine, Layer, MaxMin, Network, NetworkError, Select
from lipcheck.norms import Bracket, operator_norm
from lipcheck.readings.rational import evaluate, jacobian

half, one = Fraction(1, 2), Bracket.point(Fraction(1))
DEEP = Network(2, (Affine([["1/2", "-1/2"], [0, 1]], [1, 0]), MaxMin(), Select((1, 0), 2), MaxMin(), Select((1, 0), 2)))
LINES = Network(2, (Affine([["3/5", "4/5"], [1, 0], [0, -1]], [0, 1, 2]),))


def line(*row: object, bias: object = 0) -> Network:
    return Network(len(row), (Affine([row], [bias]),))


def test_all_outputs_stand_one_after_the_other() -> None:
    given = [DEEP, LINES, line(1, 1), Network(2, (Select((1, 1), 2), MaxMin()))]
    network = stack(given)
    rng = random.Random(0)
    for _ in range(50):
        x = [Fraction(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(2)]
        assert evaluate(network, x) == sum((evaluate(f, x) for f in given), ())
    assert network.widths == (12, 12, 12, 12, 8)
    assert [type(layer) for layer in network.layers] == [Affine, MaxMin, Select, MaxMin, Select]


def test_a_stack_of_1_lipschitz_functions_is_1_lipschitz_into_the_infinity_norm() -> None:
    network = stack([line("3/5", "4/5"), line(0, 1), line("-4/5", "3/5")])
    assert operator_norm(network.layers[0].weight, 2, inf) == one
    assert operator_norm(network.layers[0].weight, 2, 2).at_most(1) is False


@pytest.mark.parametrize(
    ("f", "g", "square"),
    [
        (line(1), line(1), 2),
        (line(1, 0), line("3/5", "4/5"), 1 + Fraction(3, 5)),
        (line(1, 0), line("-3/5", "4/5"), 1 + Fraction(3, 5)),
        (line("4/5", "3/5"), line("3/5", "4/5"), Fraction(7, 5) ** 2),
        (line("3/5", "4/5"), line("-4/5", "3/5"), 1),
    ],
)
def test_two_unit_rows_have_the_norm_of_their_angle(f: Network, g: Network, square: Fraction) -> None:
    """||[w_1; w_2]||_2^2 = 1 + |w_1 . w_2|: one for orthogonal rows only."""
    (bracket,) = stacked_norm(f, g)
    assert bracket.power == square or bracket.lower**2 == square == bracket.upper**2
    assert bracket.at_most(1) is (square == 1)


def test_rescaling_the_stack_loses_gradient_norm() -> None:
    """Divided by 7/5, the stacked rows have norm one, but the maximum then has gradients of norm 5/7."""
    f, g = line("4/5", "3/5"), line("3/5", "4/5")
    first, *rest = maximum([f, g]).layers
    assert isinstance(first, Affine)
    scaled = Affine.linear([[w * Fraction(5, 7) for w in row] for row in first.weight])
    assert operator_norm(scaled.weight, 2) == one
    for x in ([1, 0], [0, 1], [-3, 2]):
        (row,) = jacobian(Network(2, (scaled, *rest)), x)
        assert sum(w * w for w in row) == Fraction(25, 49)


def test_every_layer_has_its_own_norm() -> None:
    first, second = stacked_norm(
        Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin(), Affine.linear([["3/5", "4/5"]]))),
        Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin(), Affine.linear([["1/2", "1/2"]]))),
    )
    assert first.power == 2 and second == one


def test_selections_have_the_root_of_their_copies_as_norm() -> None:
    repeated = Network(3, (Select((0, 1, 0, 0), 3),))
    (bracket,) = stacked_norm(repeated, Network(3, (Select((1, 1), 3),)))
    dense = operator_norm(Select((0, 1, 0, 0, 1, 1), 3).affine().weight, 2)
    assert bracket.power == 3 and dense.lower <= bracket.upper and bracket.lower <= dense.upper


A = Affine([[1, 2], [3, 4]], [5, 6])


def test_linear_layers_side_by_side() -> None:
    assert beside([A, Select((2, 0), 3)]) == Affine(
        [[1, 2, 0, 0, 0], [3, 4, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 1, 0, 0]], [5, 6, 0, 0]
    )
    assert beside([A, Select((1,), 2)], shared=True) == Affine([[1, 2], [3, 4], [0, 1]], [5, 6, 0])
    assert beside([Select((1,), 2), Select((2, 0), 3), identity(1)]) == Select((1, 4, 2, 5), 6)
    assert beside([Select((1,), 2), Select((1, 0), 2)], shared=True) == Select((1, 1, 0), 2)
    assert beside([A]) == A
    with pytest.raises(NetworkError):
        beside([A, Select((2, 0), 3)], shared=True)


def test_picked_rows_and_negated_outputs() -> None:
    before = (Affine.linear([[1, 0], [0, 1]]), MaxMin())
    assert picked((*before, A), [1, 1, 0], 2) == (*before, Affine([[3, 4], [3, 4], [1, 2]], [6, 6, 5]))
    assert picked((*before, Select((1,), 2)), [0, 0], 1) == (*before, Select((1, 1), 2))
    assert picked(before, [1], 2) == (*before, Select((1,), 2))
    assert picked(before, [0, 1], 2) == before
    assert picked(before, [0], 2) != before
    assert negated((*before, A), 2) == (*before, Affine([[-1, -2], [-3, -4]], [-5, -6]))
    assert negated((*before, Select((1,), 2)), 1) == (*before, Affine.linear([[0, -1]]))
    assert negated(before, 2) == (*before, Affine.linear([[-1, 0], [0, -1]]))


@pytest.mark.parametrize(
    ("networks", "sentence"),
    [
        ([], "There are no networks"),
        ([line(1), line(1, 0)], "One network takes 1 numbers and another one 2"),
        ([line(1), MaxMin()], "is no network: give networks"),
    ],
)
def test_what_is_refused(networks: list[Network | Layer], sentence: str) -> None:
    with pytest.raises(JoinError, match=sentence):
        stack(networks)
