"""The row fullsort_maxmin against independent computations, and the networks of build.sorting."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as F
from itertools import product
from random import Random

import pytest

from lipcheck.build import sorting
from lipcheck.build.sorting import (
    COPIES,
    chunked_biases,
    comparator_network,
    maxmin_by_fullsort,
    maxmin_by_groupsort,
    odd_even_rounds,
    odd_even_transposition,
    to_fullsort,
    to_groupsort,
    to_maxmin,
)
from lipcheck.claims.anil2019.fullsort_maxmin.unbounded import folds, maxmin_network, rank_allowed
from lipcheck.network import Affine, FullSort, GroupSort, MaxMin, Network, NetworkError, ReLU, from_json
from lipcheck.readings.rational import evaluate

Rounds = Sequence[Sequence[tuple[int, int]]]


def pairs_sorted(x: Sequence[F]) -> tuple[F, ...]:
    return tuple(t for i in range(0, len(x), 2) for t in sorted(x[i : i + 2]))


def run(rounds: Rounds, x: Sequence[F | int]) -> list[F | int]:
    """Plain comparators, without any network."""
    y = list(x)
    for i, j in (pair for pairs in rounds for pair in pairs):
        y[i], y[j] = min(y[i], y[j]), max(y[i], y[j])
    return y


def sorts(n: int, rounds: Rounds) -> bool:
    return all(run(rounds, x) == sorted(x) for x in product((0, 1), repeat=n))


def rationals(random: Random, n: int) -> list[F]:
    return [F(random.randrange(-20, 21), random.choice((1, 2, 3, 7))) for _ in range(n)]


@pytest.mark.parametrize("n", range(1, 9))
@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_odd_even_transposition_is_fullsort(n: int, order: str) -> None:
    random = Random(n)
    for copies in COPIES.values():
        network = odd_even_transposition(n, order=order, copies=copies)  # type: ignore[arg-type]
        assert len([layer for layer in network.layers if isinstance(layer, MaxMin)]) == n
        for x in [rationals(random, n) for _ in range(20)]:
            assert list(evaluate(network, x)) == sorted(x, reverse=order == "descending")


@pytest.mark.parametrize("n", [2, 4, 6])
def test_even_widths_need_permutation_matrices_only(n: int) -> None:
    for layer in odd_even_transposition(n).layers:
        if isinstance(layer, Affine):
            lines = [*layer.weight, *zip(*layer.weight, strict=True)]
            assert all(sorted(line) == [0] * (n - 1) + [1] for line in lines) and not any(layer.bias)


@pytest.mark.parametrize("n", [4, 6, 8, 10])
def test_the_extra_comparator_saves_one_round_but_not_two(n: int) -> None:
    rounds = odd_even_rounds(n)
    plain = [[(i, j) for i, j in pairs if j == i + 1] for pairs in rounds]
    assert sorts(n, rounds) and sorts(n, rounds[:-1]) and not sorts(n, rounds[:-2])
    assert sorts(n, plain) and not sorts(n, plain[:-1])


def test_an_extra_standard_comparator_can_spoil_a_network_of_other_comparators() -> None:
    # The lemma speaks of comparators of neighbours: this network has others, sorts, and is spoilt.
    network = [[(0, 3)], [(1, 2)], [(0, 1)], [(2, 3)], [(1, 2)]]
    wide = [[(0, 2)], [(1, 3)], [(0, 1)], [(2, 3)], [(1, 2)]]
    assert sorts(4, wide) and sorts(4, network)
    extra = [[(i, j)] for i in range(4) for j in range(i + 1, 4)]
    spoilt = [[*net[:k], c, *net[k:]] for net in (wide, network) for k in range(6) for c in extra]
    assert any(not sorts(4, net) for net in spoilt)


@pytest.mark.parametrize("n", [4, 5, 6])
def test_extra_standard_comparators_never_spoil_odd_even_transposition(n: int) -> None:
    random = Random(n)
    plain = [[(i, j) for i, j in pairs if j == i + 1] for pairs in odd_even_rounds(n)]
    for _ in range(40):
        net: list[list[tuple[int, int]]] = []
        for pairs in plain:
            i, j = sorted(random.sample(range(n), 2))
            net += [pairs, [(i, j)]]
        assert sorts(n, net)


def test_chunked_biases_at_the_corners() -> None:
    corners = list(product((F(-1), F(0), F(1)), repeat=4))
    for factor, right in ((F(1), False), (F(199, 100), False), (F(2), True), (F(3), True)):
        network = maxmin_by_fullsort(4, F(1), factor=factor)
        assert all(evaluate(network, x) == pairs_sorted(x) for x in corners) is right
    positive = [x for x in corners if min(x) >= 0]
    for factor, right in ((F(1), True), (F(199, 200), False)):
        network = maxmin_by_fullsort(4, F(1), factor=factor)
        assert all(evaluate(network, x) == pairs_sorted(x) for x in positive) is right
    assert chunked_biases(6, F(2), "descending") == (0, 0, -2, -2, -4, -4)


def test_the_gap_needed_is_the_largest_difference_between_neighbouring_pairs() -> None:
    random = Random(3)
    for _ in range(300):
        domain = [[F(random.randrange(-3, 4)) for _ in range(4)] for _ in range(random.randrange(1, 5))]
        gap = F(random.randrange(-7, 8))
        b = [F(0), F(0), gap, gap]
        moved = [sorted(u + c for u, c in zip(x, b, strict=True)) for x in domain]
        images = [tuple(t - c for t, c in zip(y, b, strict=True)) for y in moved]
        right = images == [pairs_sorted(x) for x in domain]
        assert right is (gap >= max(max(x[:2]) - min(x[2:]) for x in domain))


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_translations_agree_inside_the_radius(order: str) -> None:
    weight = [[F(1, 2), F(-1, 2), 0, 0], [0, F(1, 4), F(3, 4), 0], [0, 0, 0, -1], [F(1, 3), 0, F(1, 3), F(-1, 3)]]
    gate = GroupSort(2, order=order)  # type: ignore[arg-type]
    network = Network(4, (Affine(weight, [1, 0, -1, F(1, 2)]), gate, Affine.linear(weight), gate))
    others = [
        to_fullsort(network, 3),
        to_groupsort(network, 2, 3),
        to_groupsort(network, 3, 3),
        to_groupsort(network, 5, 3),
    ]
    random = Random(1)
    for _ in range(50):
        x = [F(random.randrange(-300, 301), 100) for _ in range(4)]
        assert all(evaluate(other, x) == evaluate(network, x) for other in others)
    far = [F(3000), F(3000), F(-3000), F(1)]
    assert any(evaluate(other, far) != evaluate(network, far) for other in others)
    sort = Network(6, (GroupSort(3, order=order), FullSort(order)))  # type: ignore[arg-type]
    for x in [rationals(random, 6) for _ in range(20)]:
        assert evaluate(to_maxmin(sort), x) == evaluate(sort, x)


def test_refusals_say_what_is_wrong() -> None:
    with pytest.raises(NetworkError, match="-1"):
        to_fullsort(Network(2, (MaxMin(),)), -1)
    with pytest.raises(NetworkError, match="ReLU"):
        to_fullsort(Network(2, (ReLU(),)), 1)
    with pytest.raises(NetworkError, match="at most once"):
        comparator_network(3, [[(0, 1), (1, 2)]])
    with pytest.raises(NetworkError, match="at most once"):
        comparator_network(3, [[(0, 3)]])
    with pytest.raises(NetworkError, match="group size"):
        maxmin_by_groupsort(4, 1, F(1))
    with pytest.raises(NetworkError, match="at least 1"):
        odd_even_rounds(0)
    for n in (2.0, True, None, 4096):
        with pytest.raises(NetworkError, match="at most 2048"):
            odd_even_rounds(n)  # type: ignore[arg-type]
    for order in ("up", None, True):
        with pytest.raises(NetworkError, match="say 'ascending' or 'descending'"):
            comparator_network(2, [[(0, 1)]], order=order)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="is no network"):
        to_maxmin(None)  # type: ignore[arg-type]


def test_every_random_bias_fails_far_out() -> None:
    random = Random(7)
    for _ in range(200):
        b = rationals(random, 4)
        s = 1 + max(map(abs, b))
        x = [s, s, -s, -s]
        image = [t - c for t, c in zip(sorted(u + c for u, c in zip(x, b, strict=True)), b, strict=True)]
        assert tuple(image) != pairs_sorted(x)


def test_only_multiples_of_one_normal_fold_no_chamber() -> None:
    for form in product(range(-2, 3), repeat=4):
        first = form[2] == form[3] == 0 == form[0] + form[1]
        second = form[0] == form[1] == 0 == form[2] + form[3]
        assert folds([F(t) for t in form], 4) is not (first or second)
    assert [rank_allowed(n) for n in (2, 4, 6)] == [2, 2, 2]


def test_on_two_inputs_fullsort_is_maxmin() -> None:
    network = from_json(maxmin_network(2))
    for x in product((F(-1), F(0), F(1, 2)), repeat=2):
        assert list(evaluate(network, x)) == sorted(x, reverse=True)


def test_an_odd_width_holds_no_pairs() -> None:
    for build in (lambda: maxmin_by_groupsort(3, 2, F(1)), lambda: maxmin_by_fullsort(3, F(1))):
        with pytest.raises(NetworkError, match="needs pairs but the width is 3"):
            build()
    for radius in (F(-1), float("nan"), True):
        with pytest.raises(NetworkError, match="radius"):
            maxmin_by_groupsort(4, 2, radius)  # type: ignore[arg-type]


def test_less_than_twice_the_radius_is_harmless_for_one_pair_or_none() -> None:
    near = maxmin_by_fullsort(4, F(1), factor=F(19, 10))
    assert evaluate(near, (F(0), F(1), F(-1), F(0))) != (1, 0, 0, -1)
    assert evaluate(maxmin_by_fullsort(2, F(1), factor=F(1)), (F(-1), F(1))) == (-1, 1)


def test_networks_of_too_many_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_WEIGHTS", 16 + 16 + 16)
    assert comparator_network(4, [[(0, 1), (2, 3)]] * 2).outputs == 4
    with pytest.raises(NetworkError, match="more than 48 weights"):
        comparator_network(4, [[(0, 1), (2, 3)]] * 3)
