"""On a box the smaller form is the network, and its bounds are sharper ones that hold there."""

from __future__ import annotations

import random
from fractions import Fraction as F

import pytest

from lipcheck.bounds.abs_normal import AbsNormal, abs_normal
from lipcheck.bounds.fixed_signs import fix_signs
from lipcheck.bounds.semidefinite import semidefinite_bound
from lipcheck.network import Affine, GroupSort, Layer, MaxMin, Network, NetworkError, ReLU
from lipcheck.norms import spectral_norm_at_most


def form_of(activation: Layer, seed: int) -> AbsNormal:
    rng = random.Random(seed)

    def affine(outputs: int, inputs: int) -> Affine:
        weight = [[F(rng.randint(-9, 9), 5) for _ in range(inputs)] for _ in range(outputs)]
        return Affine(weight, [F(rng.randint(-9, 9), 3) for _ in range(outputs)])

    return abs_normal(Network(2, (affine(6, 2), activation, affine(6, 6), activation, affine(1, 6))))


@pytest.mark.parametrize("activation", [MaxMin(), ReLU(), GroupSort(3, order="ascending")], ids=str)
def test_the_form_is_the_network_on_the_box(activation: Layer) -> None:
    rng = random.Random(1)
    fewer = 0
    for seed in range(5):
        form = form_of(activation, seed)
        centre = [F(rng.randint(-20, 20), 5) for _ in range(2)]
        box = [(c - F(1, 2), c + F(1, 2)) for c in centre]
        small = fix_signs(form, box)
        fewer += len(small.gates) < len(form.gates)
        bound, everywhere = semidefinite_bound(small), semidefinite_bound(form)
        assert bound is not None and everywhere is not None
        assert bound.upper <= everywhere.upper * (1 + F(1, 10**7))
        corners = [[box[0][i], box[1][j]] for i in (0, 1) for j in (0, 1)]
        for x in [*corners, *[[c + F(rng.randint(-10, 10), 20) for c in centre] for _ in range(20)]]:
            assert small(x) == form(x)
            signs = [1 if z > 0 else -1 for z in form.gate_values(x)]
            if 0 not in form.gate_values(x):
                assert spectral_norm_at_most(tuple(row[1:] for row in form.piece(signs)[1]), bound.upper)
    assert fewer == 5


def test_a_point_fixes_all_and_a_large_box_nothing() -> None:
    form = form_of(MaxMin(), 3)
    assert fix_signs(form, [(F(1, 7), F(1, 7)), (2, 2)]).gates == ()
    assert fix_signs(form, [(-(10**6), 10**6)] * 2) == form


def test_a_gate_that_touches_zero_is_fixed_and_one_that_crosses_is_not() -> None:
    form = abs_normal(Network(1, (ReLU(),)))
    assert fix_signs(form, [(0, 1)]).outputs == ((0, 1),)
    assert fix_signs(form, [(-1, 0)]).outputs == ((0, 0),)
    assert len(fix_signs(form, [(F(-1, 10**30), 1)]).gates) == 1


def test_refusals() -> None:
    form = form_of(ReLU(), 0)
    with pytest.raises(NetworkError, match="1 sides"):
        fix_signs(form, [(0, 1)])
    with pytest.raises(NetworkError, match="low <= high"):
        fix_signs(form, [(0, 1), (1, 0)])
    with pytest.raises(NetworkError, match="pair"):
        fix_signs(form, [(0, 1), (1,)])  # type: ignore[list-item]
