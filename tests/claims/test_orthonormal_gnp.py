"""Random orthonormal networks of all widths, numerically and exactly; ReLU networks by simulation."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from lipcheck.claims.anil2019.orthonormal_gnp import common, isometry, layer, random_relu, relu, vanishing
from lipcheck.network import Abs, Affine, FullSort, GroupSort, Network, ReLU, to_json
from lipcheck.norms import is_orthonormal

Floats = NDArray[np.float64]


def weight(rng: np.random.Generator, m: int, k: int) -> Floats:
    """A Haar-distributed matrix with singular values 1."""
    q = np.linalg.qr(rng.normal(size=(max(m, k), max(m, k))))[0]
    return np.asarray(q[:m, :k])


def jacobian(rng: np.random.Generator, widths: tuple[int, ...]) -> Floats:
    """The Jacobian of a random network with FullSort at a random point."""
    x, found = rng.normal(size=widths[0]), np.eye(widths[0])
    for k, m in pairwise(widths):
        w = weight(rng, m, k)
        x, found = w @ x + rng.normal(size=m), w @ found
        order = np.argsort(x)
        x, found = x[order], found[order]
    return found


def test_monotone_widths_are_isometric_and_no_others() -> None:
    rng = np.random.default_rng(0)
    for widths in product(range(1, 5), repeat=4):
        values = [np.linalg.svd(jacobian(rng, widths), compute_uv=False) for _ in range(3)]
        assert common.monotone(widths) == all(np.allclose(v, 1) for v in values), widths


@pytest.mark.parametrize("length", [3, 4, 5])
def test_the_construction_loses_rank_for_all_other_widths(length: int) -> None:
    for widths in product((1, 2, 4), repeat=length):
        network = isometry.defect(widths)
        found = common.read({"network": to_json(network), "point": ["0"] * widths[0]})[1]
        rank = np.linalg.matrix_rank(np.array(found, dtype=float))
        assert (rank < min(widths[0], widths[-1])) == (not common.monotone(widths))
        assert all(is_orthonormal(a.weight) for a in common.affine(network))


def test_exact_networks_with_reflections() -> None:
    random = Random(3)
    for _ in range(20):
        v = [Fraction(random.randint(1, 3)) for _ in range(4)]
        length = sum(a * a for a in v)
        h = [[int(i == j) - 2 * v[i] * v[j] / length for j in range(4)] for i in range(4)]
        layers = (Affine(h, [1, 0, 2, 0]), GroupSort(2, order="ascending"), Affine(h[:3], [0, 5, 1]), Abs())
        network = Network(4, (*layers, Affine([[0, Fraction(3, 5), Fraction(4, 5)]], [0])))
        data = {"network": to_json(network), "point": [f"{random.randint(-9, 9)}/7" for _ in range(4)]}
        try:
            found = isometry.examine(data, Fraction(1), False)
        except common.PointError:
            continue
        assert all(found.hypotheses.values()) and found.conclusion
        assert set(vanishing.squared_gradients(data)) == {1}


def test_the_gradient_with_respect_to_each_layer_by_differences() -> None:
    data = common.at(common.plain(2, [["3/5", "4/5"], [1, 2]], FullSort("ascending"), [[1, -1]], ReLU(), [[3]]), 1, -2)
    w1, w2 = np.array([[0.6, 0.8], [1, 2]]), np.array([1.0, -1.0])
    x = np.array([1.0, -2.0])
    z = w1 @ x
    order = np.argsort(z)
    active = float(w2 @ z[order] > 0)
    after_sort = 3 * active * w2
    before_sort = np.zeros(2)
    before_sort[order] = after_sort
    expected = [before_sort @ w1, before_sort, after_sort, [3 * active], [3]]
    assert [float(s) for s in vanishing.squared_gradients(data)] == pytest.approx([np.dot(g, g) for g in expected])


def test_layers_keep_all_gradients_exactly_if_they_do_not_widen() -> None:
    rng = np.random.default_rng(1)
    for m, k in product(range(1, 5), repeat=2):
        w = weight(rng, m, k)
        gradients = rng.normal(size=(20, m))
        kept = np.allclose(np.linalg.norm(gradients @ w, axis=1), np.linalg.norm(gradients, axis=1))
        assert kept == (m <= k)
    assert layer.examine(layer.TALL, Fraction(1), False).violates()
    assert not layer.examine(layer.TALL, Fraction(1), True).violates()


def test_norm_constrained_relu_networks_lose_half_somewhere() -> None:
    rng = np.random.default_rng(2)
    for _ in range(30):
        n, hidden, m = (int(rng.integers(1, 4)), int(rng.integers(1, 12)), int(rng.integers(3, 6)))
        first, second = weight(rng, hidden, n), weight(rng, m, hidden)
        bias = rng.normal(size=hidden)
        least = 1.0
        for x in rng.normal(size=(20, n)) * 1e6:
            for side in (x, -x):
                slopes = (first @ side + bias > 0).astype(float)
                values = np.linalg.svd(second @ (slopes[:, None] * first), compute_uv=False)
                least = min(least, values[min(n, m) - 1] if len(values) >= n else 0.0)
        assert least <= np.sqrt(0.5) + 1e-9


def test_the_least_loss_is_attained() -> None:
    assert set(relu.squares(relu.SHARP)[1]) == {Fraction(1, 2)} and all(relu.facts(relu.SHARP).values())
    assert set(relu.squares(relu.PAIR)[1]) == {1} and not relu.facts(relu.PAIR)["norm"]
    assert set(relu.squares(relu.ON_INTERVAL)[1]) == {1}
    assert set(relu.squares(relu.SHIFTED)[1]) == {0, 1}


def test_random_relu_networks_have_singular_jacobians() -> None:
    rng = np.random.default_rng(3)
    for n in (1, 2, 3):
        singular, zeros = 0, 0
        for _ in range(600):
            x, found = rng.normal(size=n), np.eye(n)
            for _ in range(2):
                w = weight(rng, n, n) * np.where(rng.random(n) < 0.5, 1, -1)[:, None]
                z = w @ x
                x, found = np.maximum(z, 0), (z > 0)[:, None] * (w @ found)
            rank = np.linalg.matrix_rank(found)
            singular += rank < n
            zeros += n - rank
        assert singular / 600 > 1 - 0.5**n - 0.05 and zeros / 600 > n / 2 - 0.1


def test_ranks_and_shares() -> None:
    rng = np.random.default_rng(4)
    for _ in range(40):
        rows = rng.integers(-1, 2, size=(3, 3))
        exact = random_relu.rank([[Fraction(int(a)) for a in row] for row in rows])
        assert exact == np.linalg.matrix_rank(rows)
    one = Fraction(1)
    assert random_relu.singular_share([[one]], [one], True, True) == Fraction(1, 2)
    assert random_relu.singular_share([[one, 0 * one], [0 * one, one]], [one, one], True, True) == Fraction(3, 4)
    assert random_relu.singular_share([[one]], [one], False, True) == 0
    with pytest.raises(random_relu.DrawError):
        random_relu.examine(random_relu.drawn([["1", "-1"], ["1", "0"]], ["1", "1"]), Fraction(1, 2))


def test_nearly_orthonormal_weights_keep_singular_values_between_powers() -> None:
    rng = np.random.default_rng(5)
    for widths in ((4, 4, 3, 1), (1, 2, 2, 4), (3, 3, 3, 3)):
        found = np.eye(widths[0])
        for k, m in pairwise(widths):
            u, v = weight(rng, m, min(m, k)), weight(rng, k, min(m, k))
            sizes = rng.uniform(0.9, 1, size=min(m, k))
            found = rng.permutation(u @ np.diag(sizes) @ v.T @ found)
        values = np.linalg.svd(found, compute_uv=False)
        assert np.all(values <= 1 + 1e-9) and np.all(values >= 0.9**3 - 1e-9)
    scalar = Network(1, (Affine([[Fraction(9, 10)]], [0]), Abs(), Affine([[Fraction(9, 10)]], [0])))
    assert common.read({"network": to_json(scalar), "point": ["1"]})[1] == ((Fraction(81, 100),),)


def test_the_construction_works_for_absolute_values_too() -> None:
    for widths in product((1, 2, 3), repeat=4):
        if common.monotone(widths):
            continue
        weights = [a.weight for a in common.affine(isometry.defect(widths))]
        layers = [part for w in weights for part in (Affine(w, [10] * len(w)), Abs())]
        data = {"network": to_json(Network(widths[0], tuple(layers[:-1]))), "point": ["0"] * widths[0]}
        assert not is_orthonormal(common.read(data)[1])


def test_intervals_without_interior_are_refused() -> None:
    for ends in (["1", "1"], ["1", "-1"]):
        with pytest.raises(relu.IntervalError):
            relu.squares({**relu.ON_INTERVAL, "interval": ends})
