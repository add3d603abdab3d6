"""Activations from each other: exact values, identities for all reals, norms of the weights, what is impossible."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from lipcheck.build.activations import (
    ActivationError,
    abs_by_maxmin,
    abs_by_one_maxmin,
    concatenated_relu_by_maxmin,
    leaky_relu_by_maxmin,
    maxmin_by_abs,
    maxout_by_groupsort,
    maxout_by_maxmin,
    relu_by_maxmin,
)
from lipcheck.engines.smt import ask
from lipcheck.layers import Select
from lipcheck.network import Abs, Affine, GroupSort, LeakyReLU, Matrix, MaxMin, Maxout, Network, NetworkError, ReLU
from lipcheck.norms import NormError, is_orthonormal, operator_norm
from lipcheck.readings import smt
from lipcheck.readings.rational import evaluate, jacobian
from lipcheck.words.formulas import Atom, conj, equals
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import Term, var

Norm = Fraction | float | int
SLOPES = [Fraction(a, 12) for a in (-12, -9, -5, -1, 0, 1, 3, 7, 11, 12)]
ALL_P: tuple[Norm, ...] = (1, Fraction(4, 3), 2, 3, math.inf)


def random_points(n: int, count: int = 25, seed: int = 1) -> list[list[Fraction]]:
    random = Random(seed)
    return [[Fraction(random.randint(-12, 12), random.randint(1, 3)) for _ in range(n)] for _ in range(count)]


def weights(network: Network) -> list[Matrix]:
    layers = [layer.affine() if isinstance(layer, Select) else layer for layer in network.layers]
    return [layer.weight for layer in layers if isinstance(layer, Affine)]


def assert_norm_one(network: Network, p: Norm) -> None:
    for weight in weights(network):
        norm = operator_norm(weight, p)
        assert norm.lower <= 1 <= norm.upper and norm.width <= Fraction(1, 10**8)
        assert norm.exact or p not in (1, 2, math.inf)


def signed_partial_permutations(network: Network) -> bool:
    lines = [line for w in weights(network) for line in (*w, *zip(*w, strict=True))]
    return all(sum(map(abs, line)) <= 1 and set(line) <= {-1, 0, 1} for line in lines)


def same_for_all_reals(network: Network, layer: object, box: int | None = None) -> bool:
    xs = [var(f"x{i}") for i in range(network.inputs)]
    got = smt.evaluate(network, xs)
    expected: tuple[Term, ...] = smt.evaluate(Network(network.inputs, (layer,)), xs)  # type: ignore[arg-type]
    inside: dict[str, Atom] = {}
    if box is not None:
        inside = {f"{side}{i}": x <= box if side == "upper" else x >= -box
                  for i, x in enumerate(xs) for side in ("upper", "lower")}  # fmt: skip
    answer = ask(Forall("same", inside, conj(*map(equals, got, expected)))).status
    assert answer in ("sat", "unsat")
    return answer == "unsat"


def maxmin_layers(network: Network) -> int:
    return sum(isinstance(layer, MaxMin) for layer in network.layers)


@pytest.mark.parametrize("width", [1, 3])
def test_abs_by_two_maxmin_layers(width: int) -> None:
    network = abs_by_maxmin(width)
    for x in random_points(width):
        assert list(evaluate(network, x)) == [abs(a) for a in x]
    assert maxmin_layers(network) == 2 and max(network.widths) == 2 * width
    assert signed_partial_permutations(network)
    for p in ALL_P:
        assert_norm_one(network, p)


def test_abs_and_relu_for_all_reals() -> None:
    for network, layer in (
        (abs_by_maxmin(2), Abs()),
        (abs_by_one_maxmin(1, 2), Abs()),
        (abs_by_one_maxmin(2, math.inf), Abs()),
        (relu_by_maxmin(2), ReLU()),
        (maxout_by_maxmin(3, 1, p=2), Maxout(3)),
        (maxout_by_maxmin(4, 1), Maxout(4)),
        (maxout_by_groupsort(3, 1), Maxout(3)),
    ):
        assert same_for_all_reals(network, layer)
    assert not same_for_all_reals(relu_by_maxmin(1), Abs()) and not same_for_all_reals(abs_by_maxmin(1), ReLU())


@pytest.mark.parametrize("p", [1, 2, 3, Fraction(3, 2), Fraction(5, 2), math.inf])
def test_abs_by_one_maxmin_layer(p: Norm) -> None:
    network = abs_by_one_maxmin(2, p)
    for x in random_points(2):
        assert list(evaluate(network, x)) == [abs(a) for a in x]
    units = 2 if p == math.inf else 2 ** Fraction(p).numerator
    assert maxmin_layers(network) == 1 and max(network.widths) == 2 * units
    assert_norm_one(network, p)
    others = [q for q in (1, 2, math.inf) if q != p]
    assert all(any(operator_norm(w, q).at_most(1) is False for w in weights(network)) for q in others)


def test_two_units_give_abs_with_the_weights_of_equation_7_only() -> None:
    # c a + d b = 1 and c b + d a = -1 for a >= b, with 2-norms of at most one: not among small rationals.
    grid = sorted({Fraction(n, d) for d in range(1, 8) for n in range(-d, d + 1)})
    pairs = [(a, b) for a, b in product(grid, repeat=2) if a * a + b * b <= 1]
    solutions = 0
    for a, b in pairs:
        if a > b:  # c + d = 0 unless a + b = 0, and c - d = 2 / (a - b)
            half = 1 / (a - b)
            solutions += half * half * 2 <= 1
    assert len(pairs) > 300 and not solutions


def test_equation_6_on_the_box_and_not_beyond() -> None:
    for radius in (0, 1, Fraction(5, 2)):
        network = maxmin_by_abs(4, radius)
        random = Random(2)
        for _ in range(30):
            x = [Fraction(random.randint(-8, 8), 8) * radius for _ in range(4)]
            assert evaluate(network, x) == evaluate(Network(4, (MaxMin(),)), x)
        corner = [-Fraction(radius)] * 4
        assert list(evaluate(network, corner)) == corner
        beyond = [-Fraction(radius) - Fraction(1, 7)] * 4
        assert list(evaluate(network, beyond)) != beyond
        assert all(map(is_orthonormal, weights(network)))
        assert_norm_one(network, 2)
    assert same_for_all_reals(maxmin_by_abs(2, 3), MaxMin(), box=3)
    assert not same_for_all_reals(maxmin_by_abs(2, 3), MaxMin())
    assert not same_for_all_reals(maxmin_by_abs(2, 3), GroupSort(2, order="ascending"), box=3)
    into, back = weights(maxmin_by_abs(2, 1))
    assert operator_norm(into, math.inf).upper == 1 and operator_norm(back, math.inf).lower == 2
    assert operator_norm(into, 1).lower == 2 and operator_norm(back, 1).upper == 1


def test_abs_networks_have_opposite_slopes_at_the_two_ends_of_a_line() -> None:
    random = Random(5)
    for _ in range(20):
        layers: list[Affine | Abs] = []
        width = 2
        for _ in range(3):
            rows = [[Fraction(random.randint(-3, 3), 2) for _ in range(width)] for _ in range(3)]
            layers += [Affine(rows, [random.randint(-2, 2) for _ in range(3)]), Abs()]
            width = 3
        network = Network(2, (*layers, Affine([[random.randint(-3, 3) for _ in range(3)]], [1])))
        far = 10**6
        ends = [evaluate(network, [sign * far, sign * far])[0] - evaluate(network, [sign * (far + 1)] * 2)[0]
                for sign in (1, -1)]  # fmt: skip
        assert ends[0] == ends[1]  # the outward slopes agree, so the slopes along the line are opposite


@pytest.mark.parametrize("p", [1, 2, math.inf])
@pytest.mark.parametrize("slope", SLOPES)
def test_leaky_relu(slope: Fraction, p: Norm) -> None:
    network = leaky_relu_by_maxmin(2, slope, p)
    for x in [[0, 0], *random_points(2, 12)]:
        assert evaluate(network, x) == evaluate(Network(2, (LeakyReLU(slope),)), x)
    assert_norm_one(network, p)
    assert maxmin_layers(network) == 1 and max(network.widths) <= 16
    if p == 2:
        assert all(map(is_orthonormal, weights(network)))


def test_leaky_relu_of_a_long_slope_and_for_all_reals() -> None:
    for slope, p in product((Fraction(123457, 1000003), Fraction(-7, 9)), (1, 2, math.inf)):
        network = leaky_relu_by_maxmin(1, slope, p)
        assert same_for_all_reals(network, LeakyReLU(slope))
        assert not same_for_all_reals(network, LeakyReLU(slope + Fraction(1, 10**9)))


@pytest.mark.parametrize("slope", [Fraction(5, 2), Fraction(-3)])
def test_a_slope_beyond_one_is_a_multiple_of_one_within(slope: Fraction) -> None:
    with pytest.raises(ActivationError, match=f"Lipschitz constant {abs(slope)}"):
        leaky_relu_by_maxmin(1, slope, 2)
    within = leaky_relu_by_maxmin(1, 1 / slope, 2)
    for (x,) in random_points(1):
        assert evaluate(Network(1, (LeakyReLU(slope),)), [x])[0] == -slope * evaluate(within, [-x])[0]
        if slope > 1:
            assert evaluate(Network(1, (LeakyReLU(slope),)), [x])[0] == min(x, slope * x)


def test_relu_and_its_concatenation() -> None:
    relu, both = relu_by_maxmin(3), concatenated_relu_by_maxmin(3)
    for x in random_points(3):
        assert list(evaluate(relu, x)) == [max(a, 0) for a in x]
        assert list(evaluate(both, x)) == [*(max(a, 0) for a in x), *(max(-a, 0) for a in x)]
    for network in (relu, both):
        assert signed_partial_permutations(network) and maxmin_layers(network) == 1
        for p in ALL_P:
            assert_norm_one(network, p)
    # Equation 8: the units are ReLU(x) and -ReLU(-x).
    units = Network(1, relu_by_maxmin(1).layers[:2])
    assert evaluate(units, [-5]) == (0, -5) and evaluate(units, [5]) == (5, 0)
    # Concatenated ReLU keeps the 2-norm of the input, and so does its Jacobian.
    assert is_orthonormal(jacobian(both, [2, -3, 5]))


@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("size", range(1, 9))
def test_maxout(size: int, groups: int) -> None:
    expected = Network(size * groups, (Maxout(size),))
    sort = maxout_by_groupsort(size, groups)
    tournament = maxout_by_maxmin(size, groups, p=2)
    for x in random_points(size * groups, 15, seed=size):
        assert evaluate(sort, x) == evaluate(tournament, x) == evaluate(expected, x)
    assert maxmin_layers(tournament) == (size - 1).bit_length()
    assert_norm_one(tournament, 2)
    for p in ALL_P:
        assert_norm_one(sort, p)
    if size % 2 == 0 or size == 1:
        assert signed_partial_permutations(maxout_by_maxmin(size, groups))
        assert max(maxout_by_maxmin(size, groups).widths) == size * groups


@pytest.mark.parametrize("p", ALL_P)
def test_maxout_of_an_odd_size_in_its_norm(p: Norm) -> None:
    network = maxout_by_maxmin(3, 2, p=p)
    assert_norm_one(network, p)
    for x in random_points(6, 10):
        assert evaluate(network, x) == (max(x[:3]), max(x[3:]))


def test_every_place_can_hold_the_maximum() -> None:
    for size in range(1, 10):
        network = maxout_by_maxmin(size, 1, p=math.inf)
        for place in range(size):
            assert evaluate(network, [int(i == place) for i in range(size)]) == (1,)
            assert evaluate(network, [-1 - (i != place) for i in range(size)]) == (-1,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: abs_by_maxmin(0), "The width is 0"),
        (lambda: relu_by_maxmin(True), "The width is True"),
        (lambda: maxmin_by_abs(3, 1), "pairs but the width is 3"),
        (lambda: maxmin_by_abs(2, -1), "The radius is -1"),
        (lambda: leaky_relu_by_maxmin(1, Fraction(13, 12), math.inf), "Lipschitz constant 13/12"),
        (lambda: leaky_relu_by_maxmin(1, Fraction(1, 2), 3), "not for p = 3"),
        (lambda: maxout_by_maxmin(3, 1), "Groups of 3 leave a number idle"),
        (lambda: maxout_by_maxmin(0, 1), "The size is 0"),
        (lambda: maxout_by_groupsort(2, 0), "The number of groups is 0"),
        (lambda: concatenated_relu_by_maxmin(None), "The width is None"),  # type: ignore[arg-type]
        (lambda: concatenated_relu_by_maxmin(2049), "more than 16777216 weights"),
        (lambda: abs_by_maxmin(10**5), "more than 16777216 weights"),
        (lambda: relu_by_maxmin(10**9), "up to 1048576"),
        (lambda: maxout_by_groupsort(10**9, 1), "up to 1048576"),
    ],
)
def test_what_has_no_construction(call: Callable[[], Network], message: str) -> None:
    with pytest.raises(ActivationError, match=message):
        call()


def test_only_p_2_gives_the_pair_but_p_1_gives_the_maximum() -> None:
    half = Fraction(1, 2)
    into = Affine([[half, half], [half, -half]], [3, 0])
    assert operator_norm(into.weight, Fraction(1)).upper == 1 == operator_norm([[1, 1]], Fraction(1)).upper
    network = Network(2, (into, Abs(), Affine([[1, 1]], [-3])))
    for x in product([Fraction(k, 2) for k in range(-6, 7)], repeat=2):
        assert evaluate(network, x) == (max(x),)


def test_numbers_that_are_none() -> None:
    with pytest.raises(NetworkError, match="slope is nan"):
        leaky_relu_by_maxmin(1, math.nan, 2)
    with pytest.raises(NetworkError, match="radius is inf"):
        maxmin_by_abs(2, math.inf)
    with pytest.raises(NormError):
        abs_by_one_maxmin(1, Fraction(1, 2))
