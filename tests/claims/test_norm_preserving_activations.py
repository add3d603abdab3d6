"""Which activations preserve norms: by Jacobian products on random rows, and numerical slopes of smooth functions."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import pytest

from lipcheck.claims.anil2019.norm_preserving_activations import classes, common, common_networks
from lipcheck.layers import Layer
from lipcheck.network import Abs, Affine, FullSort, GroupSort, LeakyReLU, MaxMin, Maxout, Network, ReLU, to_json
from lipcheck.readings.rational import is_smooth_at, jacobian

KINDS: list[tuple[Layer, int, bool, bool]] = [
    (MaxMin(), 2, True, True),
    (GroupSort(3, order="descending"), 3, True, True),
    (FullSort(order="ascending"), 3, True, True),
    (Abs(), 2, True, True),
    (LeakyReLU(-1), 2, True, True),
    (Maxout(2), 4, True, False),
    (Maxout(3), 3, True, False),
    (ReLU(), 2, False, False),
    (LeakyReLU(Fraction(1, 2)), 2, False, False),
    (LeakyReLU(2), 1, False, False),
]


@pytest.mark.parametrize(("layer", "width", "backward", "forward"), KINDS)
def test_norms_both_ways_on_random_vectors(layer: Layer, width: int, backward: bool, forward: bool) -> None:
    random, network = Random(1), Network(width, (layer,))
    kept_back = kept_forward = True
    for _ in range(60):
        x = tuple(Fraction(random.randint(-20, 20)) for _ in range(width))
        if not is_smooth_at(network, x):
            continue
        J = jacobian(network, x)
        v = [Fraction(random.randint(1, 9)) for _ in J]
        t = [Fraction(random.randint(1, 9)) for _ in range(width)]
        row = [sum(v[i] * J[i][j] for i in range(len(J))) for j in range(width)]
        image = [sum(J[i][j] * t[j] for j in range(width)) for i in range(len(J))]
        kept_back &= sum(a * a for a in row) == sum(a * a for a in v)
        kept_forward &= sum(a * a for a in image) == sum(a * a for a in t)
    assert (kept_back, kept_forward) == (backward, forward)
    single = common.read(common.of(layer, width))
    assert (common.preserves_backward(single), common.preserves_forward(single)) == (backward, forward)


def test_slopes_of_the_smooth_ones() -> None:
    step = 1e-6
    for k in range(-40, 41):
        z = k / 8
        t, s = math.tanh(z), 1 / (1 + math.exp(-z))
        assert (math.tanh(z + step) - math.tanh(z - step)) / (2 * step) == pytest.approx(1 - t * t, abs=1e-8)
        slope = (1 / (1 + math.exp(-z - step)) - 1 / (1 + math.exp(-z + step))) / (2 * step)
        assert slope == pytest.approx(s * (1 - s), abs=1e-8) and slope <= 0.25 + 1e-8


def test_maxout_is_the_only_one_that_is_counted_wrongly() -> None:
    wrong = [layer for layer, width, _, _ in KINDS if classes.examine(common.of(layer, width), both=False).violates()]
    assert wrong == [Maxout(2), Maxout(3)]
    assert not classes.examine(common.of(Maxout(1), 2), both=False).violates()
    assert not classes.examine(common.of(LeakyReLU(1), 2), both=True).violates()
    assert not classes.examine(common.of(Maxout(2), 4), both=True).violates()


def test_the_maximum_has_gradient_norm_one() -> None:
    assert common_networks.examine(common_networks.MAXIMUM, elementwise=False).violates()
    assert not common_networks.examine(common_networks.MAXIMUM, elementwise=True).violates()
    network = Network(2, (Affine.linear([[1, 0], [0, 1]]), Maxout(2), Affine.linear([[1]])))
    assert common_networks.occurring(network) == common_networks.gradients(network) == {(1, 0), (0, 1)}


def test_a_hidden_second_gradient_is_no_counterexample() -> None:
    far = Network(2, (Affine([[1, 0], [0, 1]], [0, -100]), Maxout(2), Affine.linear([[1]])))
    assert len(common_networks.gradients(far)) == 2
    assert not common_networks.examine(to_json(far), elementwise=False).violates()


@pytest.mark.parametrize("layer", [Affine.linear([[1]]), ReLU()])
def test_data_of_another_shape_are_refused(layer: Layer) -> None:
    with pytest.raises(common_networks.ShapeError):
        common_networks.examine(to_json(Network(1, (layer,))), elementwise=False)
    with pytest.raises(common.ActivationDataError):
        common.read(to_json(Network(1, (layer, layer))))
