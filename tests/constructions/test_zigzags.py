"""Folded strips and zigzags by other means: affine pieces, complex numbers, float folds, and plain interpolation."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from lipcheck.build import strips, zigzags
from lipcheck.network import Affine, Network
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate

F = Fraction


def three(t: Fraction, middle: Fraction) -> Fraction:
    return t if t <= 0 else -t if t <= middle else t - 2 * middle


def spectral(network: Network) -> float:
    weights = [a.weight for a in network.layers if isinstance(a, Affine)]
    return max(float(np.linalg.norm(np.array([[float(v) for v in row] for row in w]), 2)) for w in weights)


@pytest.mark.parametrize(("arm", "middle", "rounds", "bound"), [(3, 2, 3, 0.1), (3, 2, 5, 0.00025), (2, 1, 6, 0.01)])
def test_three_branches_piece_by_piece(arm: int, middle: int, rounds: int, bound: float) -> None:
    """All affine pieces of the network: the largest error is where the module says it is, and the norms are one."""
    network = strips.three_branches(F(arm), F(middle), rounds)
    (base,) = evaluate(network, [0])
    ends = {F(-arm), F(0), F(middle), F(middle + arm)}
    inside = {p.low for p in pieces(network) if p.low is not None and -arm <= p.low <= middle + arm}
    error = max(abs(evaluate(network, [t])[0] - base - three(t, F(middle))) for t in ends | inside)
    assert error == strips.error(F(arm), F(middle), rounds) <= bound
    assert abs(spectral(network) - 1) < 1e-9


def test_a_fold_is_a_reflection_of_half_a_plane() -> None:
    random = Random(4)
    for _ in range(20):
        fold = strips.Fold(strips.unit(random.uniform(-3, 3), 20), F(random.randint(-3, 3), 2))
        first, sort, last = strips.layers(fold)
        network = Network(2, (first, sort, last))
        for _ in range(10):
            z = (F(random.randint(-9, 9), 2), F(random.randint(-9, 9), 2))
            n = complex(*map(float, fold.normal))
            height = (complex(*map(float, z)) * n.conjugate()).real - float(fold.offset)
            wanted = complex(*map(float, z)) - 2 * min(height, 0.0) * n
            image = evaluate(network, z)
            assert image == fold.of(z) and abs(complex(*map(float, image)) - wanted) < 1e-9
        for layer in (first, last):
            w = np.array([[float(v) for v in row] for row in layer.weight])
            gram = w.T @ w if w.shape[0] > w.shape[1] else w @ w.T
            assert np.allclose(gram, np.eye(2))


def test_the_direction_of_the_far_end() -> None:
    """omega by complex numbers: P2 = 0, P1 = l, and the branch from P1 at the angle a from the ray P1 P2."""
    for angle, ratio in product((0.2, 1.0, 2.5, 3.1), (0.1, 0.5, 0.9)):
        far = ratio + cmath.exp(1j * (math.pi + angle))
        assert abs(cmath.phase(-far) - strips.seen(angle, ratio)) < 1e-12
        assert strips.seen(angle, ratio) > angle


def test_a_round_in_floats_shrinks_as_the_formula_says() -> None:
    for ratio, cosine in product((0.2, 0.5, 0.8), (0.9, 0.0, -0.7)):
        d1, d2 = np.array([1.0, 0.0]), np.array([cosine, math.sqrt(1 - cosine**2)])
        normal = np.linalg.solve(np.stack([d1, d2]), [ratio, 1.0])
        normal /= np.linalg.norm(normal)
        after = (d1 - 2 * (d1 @ normal) * normal) @ d2
        factor = (1 - ratio) ** 2 / (1 + ratio**2 - 2 * ratio * cosine)
        assert abs((1 + after) - (1 + cosine) * factor) < 1e-12


def test_a_fold_that_would_move_more_is_refused() -> None:
    strip = ((F(-3), F(0)), (F(0), F(0)), (F(2), F(0)), (F(-1), F(1, 10)))
    with pytest.raises(strips.StripError):
        strips.folded(strip, 1, 2.0, 50)
    assert strips.folded(strip, 1, 3.1, 50)[0][1:] == strip[1:]
    with pytest.raises(strips.StripError):
        strips.collapse(F(1), F(1), 1)
    with pytest.raises(strips.StripError):
        strips.Fold((F(1), F(1)), F(0))


@pytest.mark.parametrize("lengths", [(1,), (2, 1), (1, 2), (3, 1, 2), (2, 2, 2), (3, 2, 1, 2, 3), (1, 3, 2, 3, 1, 1)])
def test_zigzags_unfold(lengths: tuple[int, ...]) -> None:
    zigzag = zigzags.read(lengths)
    folds, sign, height = zigzags.unfolded(zigzag)
    corners, value = [(0, 0)], 0
    for i, length in enumerate(lengths):
        value += length if i % 2 == 0 else -length
        corners.append((corners[-1][0] + length, value))
    for t in np.linspace(0, sum(lengths), 41):
        u = F(float(t))
        for fold in folds:
            assert 0 <= u <= fold.total
            u = fold.of(u)
        wanted = np.interp(float(t), [c[0] for c in corners], [c[1] for c in corners])
        assert abs(float(sign * u + height) - wanted) < 1e-9


def test_an_unlucky_branch_does_not_unfold() -> None:
    assert not zigzags.composed(zigzags.read((1, 3, 1, 3)), shortest=False)
    assert not zigzags.composed(zigzags.read((1, 3, 1)), shortest=False)
    with pytest.raises(strips.StripError, match="fold a shortest"):
        zigzags.LineFold("between", F(1), F(3), F(5)).network(3)


def test_limits_compose_beyond_the_interval() -> None:
    """On [0, total] a fold's network may leave the interval of the next one: the errors add up all the same."""
    zigzag = zigzags.read((2, 1, 3, 1, 2))
    folds = zigzags.unfolded(zigzag)[0]
    networks = [fold.network(1) for fold in folds]
    places = [F(k, 4) for k in range(int(4 * zigzag.total) + 1)]
    most = F(0)
    for fold, network in zip(folds, networks, strict=True):
        inside = [F(k, 4) for k in range(int(4 * fold.total) + 1)]
        most += max(abs(evaluate(network, [t])[0] - fold.of(t)) for t in inside)
    whole = zigzags.network(zigzag, 1)
    assert 0 < max(abs(evaluate(whole, [t])[0] - zigzag.of(t)) for t in places) <= most


@pytest.mark.parametrize("lengths", [(), (1, 0), (1, -2), (1, "2"), (F(1, 2),)])
def test_lengths_that_make_no_zigzag_are_refused(lengths: tuple[object, ...]) -> None:
    with pytest.raises(strips.StripError, match="lengths of the branches"):
        zigzags.read(lengths)
    assert zigzags.composed(zigzags.read((1, 3, 1, 3)))


def test_a_zigzag_of_five_branches_by_one_network() -> None:
    zigzag = zigzags.read((1, 2, 1, 3, 2))
    network = zigzags.network(zigzag, 3)
    places = [F(k, 8) for k in range(int(8 * zigzag.total) + 1)]
    error = max(abs(evaluate(network, [t])[0] - zigzag.of(t)) for t in places)
    assert error < F(1, 10) and spectral(network) < 1 + 1e-9
