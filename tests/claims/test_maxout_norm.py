"""The row maxout_norm against maxout networks written in numpy: gradients by hand, the bound, the networks that meet
it."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest

from lipcheck.claims.anil2019.maxout_norm import common, gradients, networks
from lipcheck.network import Maxout, Network, from_json
from lipcheck.readings.rational import jacobian
from lipcheck.words.claim import Variant


def maxout(z: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The maxima of groups of k, and which units win."""
    groups = z.reshape(-1, k)
    winners = groups.argmax(axis=1)
    return groups.max(axis=1), np.arange(len(groups)) * k + winners


def gradient(weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, k: int) -> np.ndarray:
    """Backpropagation through weights[0], maxout, weights[1], maxout, ..., weights[-1]."""
    wins = []
    for weight, bias in zip(weights[:-1], biases, strict=True):
        z = weight @ x + bias
        x, won = maxout(z, k)
        wins.append((len(z), won))
    g = weights[-1][0]
    for weight, (width, won) in zip(weights[-2::-1], wins[::-1], strict=True):
        back = np.zeros(width)
        back[won] = g
        g = weight.T @ back
    return g


@pytest.mark.parametrize("p", [1, 2, 3, np.inf])
def test_scattered_gradients_keep_every_norm(p: float) -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        x, g = rng.normal(size=6), rng.normal(size=2)
        back = np.zeros(6)
        back[maxout(x, 3)[1]] = g
        assert np.isclose(np.linalg.norm(back, p), np.linalg.norm(g, p))


def test_jacobians_are_selections_and_no_isometries_forward() -> None:
    for x in product(range(3), repeat=4):
        matrix = jacobian(Network(4, (Maxout(2),)), x)
        assert common.keeps_gradients(matrix) and gradients.scatters(matrix) and not common.keeps_tangents(matrix)
    assert not common.keeps_gradients(((F(1, 2), F(1, 2)),)) and not gradients.scatters(((F(1), F(1)),))
    twice = ((F(1), F(0)), (F(1), F(0)))
    assert not common.keeps_gradients(twice) and not gradients.scatters(twice)
    assert common.keeps_tangents(((F(3, 5), F(4, 5)), (F(-4, 5), F(3, 5))))


@pytest.mark.parametrize(("depth", "k"), [(1, 2), (1, 3), (2, 2), (3, 2), (2, 4)])
def test_gradients_turn_no_further_than_the_bound(depth: int, k: int) -> None:
    rng, most = np.random.default_rng(depth * 10 + k), 0.0
    for _ in range(60):
        sizes = [int(s) for s in rng.integers(1, 4, depth)]
        inputs, weights, biases = 2, [], []
        for size in [*sizes, 1]:
            rows = size * k if len(weights) < depth else 1
            weight = rng.normal(size=(rows, inputs))
            weights.append(weight / np.linalg.norm(weight, 2))
            biases.append(rng.normal(size=rows) * 0.1)
            inputs = size
        seen = [gradient(weights, biases[:-1], x, k) for x in rng.normal(size=(20, 2))]
        most = max(most, *(float(np.sum((a - b) ** 2)) for a in seen for b in seen))
        assert most <= 4 * (1 - 2.0**-depth) + 1e-9
    assert most > 0.1


def test_the_bound_is_attained_at_every_depth() -> None:
    # Slopes of units as pairs (at x > 0, at x < 0); A and B by a joint column of norm one, then (A ± B)/√2.
    slope = 0.0
    for depth in range(1, 9):
        b = 1 / np.sqrt(1 + slope**2)
        right, left = b * slope * slope, -b * slope * slope
        pair = [((right + s * b) / np.sqrt(2), (left + s * b) / np.sqrt(2)) for s in (1, -1)]
        up, down = max(t for t, _ in pair), min(t for _, t in pair)
        assert np.isclose(up, -down) and np.isclose(up**2, 1 - 2.0**-depth)
        slope = up


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_networks_with_groups_of_one_and_two_attain_it(depth: int) -> None:
    # Weights of norm one with maxout between them; a pair is the first two units of a layer, the others stand alone.
    r = 1 / np.sqrt(2)
    weights, slope = [np.array([[r], [-r]]), np.array([[1.0]])], r
    for _ in range(depth - 1):
        b = 1 / np.sqrt(1 + slope**2)
        first, *middle, _ = weights
        first = np.vstack([b * slope * first, [[b]]])
        middle = [np.block([[w, np.zeros((len(w), 1))], [np.zeros((1, w.shape[1])), np.ones((1, 1))]]) for w in middle]
        joint = r * np.array([[1, 1], [1, -1]])
        weights, slope = [first, *middle, joint, np.array([[1.0]])], np.sqrt((1 + slope**2) / 2)
    assert len(weights) == depth + 1 and all(np.linalg.norm(w, 2) <= 1 + 1e-12 for w in weights)
    for x in (-2.0, 0.0, 0.7, 1e6):
        z = np.array([x])
        for w in weights[:-1]:
            z = w @ z
            z = np.concatenate([[max(z[0], z[1])], z[2:]])
        assert np.isclose((weights[-1] @ z)[0], np.sqrt(1 - 2.0**-depth) * abs(x))


def test_one_layer_gives_no_more_than_the_root_of_one_half() -> None:
    rng = np.random.default_rng(9)
    best = 0.0
    for _ in range(3000):
        w, v = rng.normal(size=4), rng.normal(size=2)
        w, v = w / np.linalg.norm(w), v / np.linalg.norm(v)
        at = [v @ maxout(w * x, 2)[0] for x in (1.0, -1.0)]
        best = max(best, min(at))
    assert 0.55 < best <= np.sqrt(0.5) + 1e-12


def test_examinations_of_networks_on_the_line() -> None:
    one, half = networks.line(F(1)), networks.line(F(12, 17))
    assert networks.examine(half, Variant()).hypotheses == {"norm": True, "maxout": True}
    assert networks.examine(half, Variant()).conclusion and not networks.examine(one, Variant()).conclusion
    assert not networks.examine(one, Variant()).hypotheses["norm"]
    assert not networks.examine(networks.BY_MAXMIN, Variant()).hypotheses["maxout"]
    deep = from_json(networks.two_layers())
    assert [jacobian(deep, [x]) for x in (F(1, 2), F(-1, 2))] == [((F(21, 25),),), ((F(-21, 25),),)]
    assert [networks.bound(h) for h in (0, 1, 2, 3)] == [0, 2, 3, F(7, 2)]


def test_values_without_negative_entries() -> None:
    for x in product((-2, 0, 1, 2), repeat=3):
        kept = abs(max(x)) == max(map(abs, x))
        assert kept or min(x) < 0
        if min(x) >= 0:
            assert (max(x) ** 2 == sum(t * t for t in x)) is (sum(t > 0 for t in x) <= 1)
    assert abs(max(0, -1)) != max(0, 1)
