"""Theorem 2 by other means: brute force over many rational orthogonal matrices, and other formulas."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest

from lipcheck.build.dilation import Dilation, dilation
from lipcheck.claims.anil2019.theorem_2 import common, one_at_a_time, one_pair, samples, simultaneous, wider
from lipcheck.network import Abs, Affine, GroupSort, MaxMin, Maxout, Network, from_json, to_json
from lipcheck.readings.rational import evaluate, is_smooth_at, jacobian
from lipcheck.words.claim import Variant

half = Fraction(1, 2)


def orthogonal() -> Iterator[list[list[Fraction]]]:
    for t in [Fraction(k, 7) for k in range(-14, 15)]:
        c, s = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
        for a, b in ((c, s), (-c, -s)):
            yield [[a, -b], [b, a]]
            yield [[a, b], [b, -a]]


@pytest.mark.parametrize("data", [one_at_a_time.ABS, one_at_a_time.MAXMIN], ids=["abs", "maxmin"])
def test_no_orthogonal_first_weight_gives_the_function(data: object) -> None:
    network = from_json(data)
    for x in ((0, 1), (-3, 7), (Fraction(2, 3), 5)):
        assert evaluate(network, x) == (abs(Fraction(x[0])),)
    for weight in orthogonal():
        changed = Network(2, (Affine.linear(weight), *network.layers[1:]))
        assert evaluate(changed, (0, 1))[0] > 0


@pytest.mark.parametrize("data", [one_at_a_time.ABS, one_at_a_time.MAXMIN], ids=["abs", "maxmin"])
def test_the_gradient_has_norm_one_at_random_points(data: object) -> None:
    network, random = from_json(data), Random(2)
    assert common.squared_gradients(network) == {1}
    for _ in range(50):
        x = (Fraction(random.randint(-99, 99), 10), Fraction(random.randint(-99, 99), 10))
        if is_smooth_at(network, x):
            assert sum(e * e for e in jacobian(network, x)[0]) == 1


def test_squared_gradients_of_a_network_with_several_cones() -> None:
    network = from_json(common.plain(2, [[1, 0], [0, 1]], MaxMin(), [[half, 1], [0, half]], Abs(), [[1, 1]]))
    random, seen = Random(4), set()
    for _ in range(400):
        x = (Fraction(random.randint(-99, 99)), Fraction(random.randint(-99, 99)))
        if is_smooth_at(network, x):
            seen.add(sum(e * e for e in jacobian(network, x)[0]))
    assert seen == common.squared_gradients(network) and len(seen) > 1


def test_where_a_network_vanishes() -> None:
    def tail(*rows: list[object]) -> Network:
        return from_json(common.plain(2, [list(row) for row in rows], Abs(), [[half, half]]))

    assert common.vanishes_only_at_zero(tail([1, 0], [0, 1]))
    assert not common.vanishes_only_at_zero(tail([1, 0], [1, 0]))
    assert not common.vanishes_only_at_zero(tail([0, 1], [0, 1]))
    assert not common.vanishes_only_at_zero(tail([1, -2], [2, -4]))


def test_all_weights_at_once_by_brute_force() -> None:
    network = from_json(simultaneous.network(-3, -4))
    for x in ((0, 0), (5, 1), (-2, 9)):
        assert evaluate(network, x) == (abs(Fraction(x[0]) - 5),)
    probes = [(0, 0), (5, 1), (5, -2), (-1, 3)]
    for weight in orthogonal():
        for row in [w[0] for w in orthogonal()]:
            changed = Network(2, (Affine(weight, [-3, -4]), Abs(), Affine.linear([row])))
            assert any(evaluate(changed, x) != evaluate(network, x) for x in probes)


def test_with_free_biases_the_function_is_recovered() -> None:
    network = Network(2, (Affine([[1, 0], [0, 1]], [-5, 0]), Abs(), Affine.linear([[1, 0]])))
    for x in ((0, 0), (5, 1), (-2, 9)):
        assert evaluate(network, x) == (abs(Fraction(x[0]) - 5),)


def test_one_hidden_maxmin_layer_on_four_inputs() -> None:
    column = [half, -half, half, -half]
    network = Network(4, (Affine.linear([[e, 0, 0, 0] for e in column]), MaxMin(), Affine.linear([column])))
    assert evaluate(network, (-3, 1, 4, 1)) == (3,)
    hadamard = [[half * (-1) ** bin(i & j).count("1") for j in range(4)] for i in range(4)]
    for order in ((0, 1, 2, 3), (0, 2, 1, 3), (3, 1, 0, 2)):
        changed = Network(4, (Affine.linear([hadamard[i] for i in order]), MaxMin(), Affine.linear([column])))
        probes = [[int(i == j) for i in range(4)] for j in (1, 2, 3)]
        assert any(evaluate(changed, x) != (0,) for x in probes)


def test_the_path_of_the_printed_proof_leaves_the_function() -> None:
    a, b = Fraction(3, 5), Fraction(4, 5)
    values = []
    for t in (1, Fraction(3, 4), half, 0):
        weight = [[a, -b * (1 - t)], [b, a * (1 - t)]]
        values.append(evaluate(Network(2, (Affine.linear(weight), Abs(), Affine.linear([[a, b]]))), (1, 1))[0])
    assert values[0] == 1 and values[1] == 1 and values[-1] != 1


def with_singular_values(u: tuple[float, float], second: float) -> list[list[float]]:
    """U diag(1, second) V' with u as the first column of U and a fixed V."""
    other, v, w = (-u[1], u[0]), (0.8, -0.6), (0.6, 0.8)
    return [[u[i] * v[j] + second * other[i] * w[j] for j in range(2)] for i in range(2)]


def test_one_pair_by_brute_force() -> None:
    """W_1 = U diag(1, s) V' is replaced by U V' without changing f wherever the gradient has norm one."""
    checked = 0
    rows = [(1, 0), (0.6, 0.8), (math.sqrt(half), math.sqrt(half)), (math.sqrt(half), -math.sqrt(half))]
    for u in rows:
        for s in (0.0, 0.3, 1.0):
            for w in rows:
                W = with_singular_values(u, s)
                gradients = [[v[0] * W[0][j] + v[1] * W[1][j] for j in range(2)] for v in (w, w[::-1])]
                if all(abs(math.hypot(*g) - 1) < 1e-12 for g in gradients):
                    checked += 1
                    for x in ((1.0, 0.2), (-0.7, 2.0), (3.0, -5.0)):
                        values = []
                        for matrix in (W, with_singular_values(u, 1.0)):
                            z = [sum(m * e for m, e in zip(row, x, strict=True)) for row in matrix]
                            values.append(w[0] * max(z) + w[1] * min(z))
                        assert values[0] == pytest.approx(values[1], abs=1e-12)
    assert checked >= 10
    assert one_pair.examine(one_pair.pair(Fraction(1), Fraction(1)), Variant()).conclusion


def test_the_samples_are_varied_and_norm_constrained() -> None:
    networks = [samples.sample(seed) for seed in range(60)]
    assert all(common.norms_at_most(network, Fraction(1)) for network in networks)
    assert len({type(network.layers[1]) for network in networks}) >= 5
    assert sum(samples.is_orthonormal(network) for network in networks) < 20
    assert samples.sample(7) == samples.sample(7)


def test_a_tampered_dilation_is_noticed() -> None:
    network = samples.sample(1)
    found = dilation(network)
    assert samples.carries(network, found)
    for i, layer in enumerate(found.network.layers):
        if not isinstance(layer, Affine):
            continue
        for row in range(len(layer.weight)):
            for column in range(len(layer.weight[0])):
                rows = [list(r) for r in layer.weight]
                rows[row][column] += 1
                layers = (*found.network.layers[:i], Affine(rows, layer.bias), *found.network.layers[i + 1 :])
                changed = Network(network.inputs, layers)
                assert not (samples.is_orthonormal(changed) and samples.carries(network, Dilation(changed, found.read)))


def test_the_network_of_the_fullsort_mutant_has_another_orthonormal_form() -> None:
    narrow = from_json(wider.candidates(Fraction(101, 100))[2])
    first = Affine([[half, 0]] * 4 + [[0, half]] * 4, [3] * 4 + [4] * 4)
    wide = Network(2, (first, narrow.layers[1], Affine.linear([[1] + [0] * 7])))
    assert samples.is_orthonormal(wide)
    for x in ((0, 0), (9, -4), (-5, 3), (2, 0)):
        assert evaluate(wide, x) == evaluate(narrow, x)


def test_activations_in_a_row_keep_the_new_units_apart() -> None:
    pair, four = GroupSort(2, order="ascending"), GroupSort(4, order="ascending")
    weight = [[half, 0], [0, half], [half, 0], [0, half]]
    for stack, columns in (((pair, four), 4), ((MaxMin(), Maxout(2), Abs()), 2), ((Maxout(2), MaxMin()), 2)):
        last = Affine([[half] + [0] * (columns - 1)], [1])
        network = Network(2, (Affine(weight, [1, 2, 0, -1]), *stack, last))
        found = dilation(network)
        assert samples.is_orthonormal(found.network) and samples.carries(network, found)
        for x in ((0, 0), (9, -4), (-5, 3)):
            assert evaluate(found.network, x) == evaluate(network, x)


def test_padding_changes_fullsort() -> None:
    data = wider.candidates(Fraction(101, 100))[2]
    found = wider.examine(data, Fraction(1))
    assert found.hypotheses == {"norm": True, "groups": False, "hidden layer": True} and not found.conclusion


def test_shapes_that_an_examination_is_not_made_for() -> None:
    with pytest.raises(common.ShapeError):
        common.read_homogeneous(simultaneous.network(-3, -4))
    with pytest.raises(common.ShapeError):
        simultaneous.read(one_at_a_time.MAXMIN)
    with pytest.raises(common.ShapeError):
        one_pair.examine(to_json(from_json(one_at_a_time.MAXMIN)), Variant())
