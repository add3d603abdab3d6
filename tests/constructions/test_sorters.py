"""Sorting networks: the 0-1 principle by brute force, known counts, permutation matrices, norms, exact values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import chain, product
from random import Random

import pytest

from lipcheck.build.sorters import (
    SorterError,
    SorterSize,
    block_merge_rounds,
    block_merge_sort,
    bubble_rounds,
    bubble_sort,
    fill_idle,
    odd_even_merge_rounds,
    odd_even_merge_sort,
    schedule,
    size,
    sorts,
)
from lipcheck.build.sorting import (
    COPIES,
    Copies,
    Rounds,
    comparator_network,
    copies_for,
    odd_even_rounds,
    odd_even_transposition,
    to_maxmin,
)
from lipcheck.engines.smt import ask
from lipcheck.network import Affine, FullSort, GroupSort, MaxMin, Network, NetworkError
from lipcheck.norms import NormError, operator_norm
from lipcheck.readings import smt
from lipcheck.readings.rational import evaluate
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import var

P_NORMS = (1, Fraction(3, 2), 2, 3, math.inf)
FAMILIES = {"bubble": bubble_rounds, "merge": odd_even_merge_rounds, "transposition": odd_even_rounds}
Net = Sequence[Sequence[tuple[int, int]]]


def run(values: Sequence[int], net: Net) -> list[int]:
    wires = list(values)
    for i, j in chain.from_iterable(net):
        wires[i], wires[j] = sorted((wires[i], wires[j]))
    return wires


def by_brute_force(n: int, net: Net) -> bool:
    return all(run(bits, net) == sorted(bits) for bits in product((0, 1), repeat=n))


def permutations(network: Network) -> bool:
    lines = [line for a in weights(network) for line in (*a, *zip(*a, strict=True))]
    return all(sorted(line) == [0] * (len(line) - 1) + [1] for line in lines)


def weights(network: Network) -> list[tuple[tuple[Fraction, ...], ...]]:
    assert all(not any(a.bias) for a in network.layers if isinstance(a, Affine))
    return [a.weight for a in network.layers if isinstance(a, Affine)]


def random_points(n: int, count: int, seed: int) -> list[list[Fraction]]:
    random = Random(seed)
    return [[Fraction(random.randint(-9, 9), random.randint(1, 4)) for _ in range(n)] for _ in range(count)]


def assert_sorts_exactly(network: Network, order: str = "ascending") -> None:
    for x in random_points(network.inputs, 15, network.inputs):
        assert list(evaluate(network, x)) == sorted(x, reverse=order == "descending")


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize("n", range(1, 11))
def test_zeros_and_ones_are_sorted(family: object, n: int) -> None:
    rounds: Rounds = family(n)  # type: ignore[operator]
    for net in (rounds, fill_idle(n, rounds) if n > 1 else rounds):
        assert sorts(n, net) and by_brute_force(n, net)
        for pairs in net:
            wires = [*chain.from_iterable(pairs)]
            assert len(set(wires)) == len(wires) and all(0 <= i < j < n for i, j in pairs)


@pytest.mark.parametrize("n", [12, 16, 18])
def test_larger_networks_sort_by_the_truth_tables(n: int) -> None:
    assert sorts(n, odd_even_merge_rounds(n)) and not sorts(n, odd_even_merge_rounds(n)[:-1])
    assert sorts(n, [*bubble_rounds(n), [(0, n - 1)]]) and not sorts(n, [*bubble_rounds(n), [(n - 1, 0)]])


@pytest.mark.parametrize("n", range(2, 6))
def test_both_decisions_agree_with_brute_force_on_random_networks(n: int) -> None:
    random = Random(n)
    seen = set()
    for trial in range(300):
        reach = 1 if trial % 2 else n
        pairs = [p for p in product(range(n), repeat=2) if p[0] != p[1] and (reach > 1 or p[1] == p[0] + 1)]
        net = [[random.choice(pairs)] for _ in range(random.randint(n * (n - 1) // 2, 3 * n))]
        answer = sorts(n, net)
        assert answer == by_brute_force(n, net)
        seen.add((answer, reach == 1))
    assert {(True, True), (False, False)} <= seen


def test_wrong_directions_and_missing_comparators_do_not_sort() -> None:
    for n in range(2, 8):
        for rounds in (bubble_rounds(n), odd_even_merge_rounds(n)):
            pairs = [*chain.from_iterable(rounds)]
            assert not sorts(n, [pairs[:-1]])
            assert not sorts(n, [[*pairs[:-1], pairs[-1][::-1]]])
    assert not any(sorts(n, bubble_rounds(n)[:-1]) for n in range(2, 12))


@cache
def merging(m: int, n: int) -> int:
    """Comparators of Batcher's odd-even merging of m and n numbers (Knuth 3, section 5.3.4)."""
    if m * n <= 1:
        return m * n
    return merging((m + 1) // 2, (n + 1) // 2) + merging(m // 2, n // 2) + (m + n - 1) // 2


@cache
def merge_sorting(n: int) -> int:
    half = (n + 1) // 2
    return merge_sorting(half) + merge_sorting(n - half) + merging(half, n - half) if n > 1 else 0


def test_counts_of_batcher() -> None:
    known = [0, 1, 3, 5, 9, 12, 16, 19, 26, 31, 37, 41, 48, 53, 59, 63]  # Knuth 3, section 5.3.4
    assert [size(n, odd_even_merge_rounds(n)).comparators for n in range(1, 17)] == known
    assert size(8, odd_even_merge_rounds(8)) == SorterSize(19, 6, 12)
    assert size(16, odd_even_merge_rounds(16)) == SorterSize(63, 10, 24)
    for n in range(2, 70):
        found, t = size(n, odd_even_merge_rounds(n)), (n - 1).bit_length()
        assert found.comparators == merge_sorting(n) and found.rounds <= t * (t + 1) // 2
        if n == 1 << t:
            assert found.rounds == t * (t + 1) // 2
            assert 4 * found.comparators == (t * t - t + 4) * n - 4


def test_counts_of_bubble_sort() -> None:
    for n in range(2, 12):
        rounds = bubble_rounds(n)
        assert (size(n, rounds).comparators, len(rounds)) == (n * (n - 1) // 2, 2 * n - 3)
        for r, pairs in enumerate(rounds):
            assert all(j == i + 1 and (r - i) % 2 == 0 for i, j in pairs)
    assert bubble_rounds(4) == (((0, 1),), ((1, 2),), ((2, 3), (0, 1)), ((1, 2),), ((0, 1),))
    assert bubble_rounds(1) == odd_even_merge_rounds(1) == ()


@pytest.mark.parametrize("build", [bubble_sort, odd_even_merge_sort, odd_even_transposition])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 8, 10])
def test_sizes_are_those_of_the_networks(build: object, n: int) -> None:
    network: Network = build(n)  # type: ignore[operator]
    rounds = {bubble_sort: bubble_rounds, odd_even_merge_sort: odd_even_merge_rounds}.get(build, odd_even_rounds)(n)  # type: ignore[call-overload]
    found = size(n, fill_idle(n, rounds))
    layers = sum(isinstance(layer, MaxMin) for layer in network.layers)
    assert (found.rounds, found.width) == (layers, max(network.widths))
    assert_sorts_exactly(network)


def test_a_schedule_keeps_the_order_on_every_wire() -> None:
    random = Random(4)
    for _ in range(50):
        pairs = [tuple(random.sample(range(6), 2)) for _ in range(20)]
        rounds = schedule(pairs)  # type: ignore[arg-type]
        flat = [*chain.from_iterable(rounds)]
        for wire in range(6):
            assert [p for p in flat if wire in p] == [p for p in pairs if wire in p]
        for r, late in enumerate(rounds[1:]):
            assert all(set(p) & set(chain.from_iterable(rounds[r])) for p in late)


@pytest.mark.parametrize("n", [2, 4, 6, 8, 16])
def test_merge_sort_by_permutation_matrices(n: int) -> None:
    assert permutations(odd_even_merge_sort(n)) and odd_even_merge_sort(n).widths == (n,) * (
        2 * len(odd_even_merge_rounds(n)) + 1
    )
    assert_sorts_exactly(odd_even_merge_sort(n))


@pytest.mark.parametrize("n", [2, 4, 6, 8, 10])
def test_bubble_and_block_sort_by_permutation_matrices(n: int) -> None:
    for network in (bubble_sort(n), bubble_sort(n, order="descending"), block_merge_sort(n)):
        assert permutations(network) and set(network.widths) == {n}
    assert_sorts_exactly(bubble_sort(n))
    assert_sorts_exactly(bubble_sort(n, order="descending"), "descending")
    assert_sorts_exactly(block_merge_sort(n, order="descending"), "descending")


@pytest.mark.parametrize("n", range(2, 19, 2))
def test_blocks_of_two_are_busy_and_sort(n: int) -> None:
    rounds = block_merge_rounds(n)
    assert all(sorted(chain.from_iterable(pairs)) == [*range(n)] for pairs in rounds)
    assert sorts(n, rounds) and len(rounds) == 1 + 2 * len(odd_even_merge_rounds(n // 2))
    assert not sorts(n, rounds[:-1])


def test_filling_leaves_no_wire_idle_but_one_of_an_odd_number() -> None:
    for n in range(2, 40):
        assert all(2 * len(pairs) == n - n % 2 for pairs in fill_idle(n, bubble_rounds(n)))
        assert sorts(n, bubble_rounds(n))
    for n in range(2, 10):
        assert all(2 * len(pairs) == n - n % 2 for pairs in fill_idle(n, odd_even_merge_rounds(n)))
    left = [max(n - 2 * len(pairs) for pairs in fill_idle(n, odd_even_merge_rounds(n))) for n in range(10, 17)]
    assert left == [2, 3, 4, 3, 2, 1, 0]


def test_a_standard_comparator_may_spoil_a_network() -> None:
    good, bad = [[(0, 1)], [(0, 2)], [(1, 2)]], [[(0, 1)], [(1, 2)], [(0, 2)], [(1, 2)]]
    assert sorts(3, good) and not sorts(3, bad)
    refused = 0
    for n in (4, 5):
        base = [[pair] for pair in chain.from_iterable(odd_even_merge_rounds(n))]
        assert by_brute_force(n, fill_idle(n, base))
        for k, pairs in enumerate(base):
            for i, j in product(sorted(set(range(n)) - set(pairs[0])), repeat=2):
                wider = [*base[:k], [*pairs, (i, j)], *base[k + 1 :]]
                refused += i < j and not by_brute_force(n, wider)
                assert sorts(n, wider) == by_brute_force(n, wider) if i != j else True
    assert refused > 0


@pytest.mark.parametrize("p", P_NORMS)
def test_idle_wires_have_norm_one_in_their_norm(p: Fraction | float) -> None:
    network = comparator_network(3, odd_even_rounds(3), copies=copies_for(p))
    for weight in weights(network):
        norm = operator_norm(weight, p)
        assert norm.lower <= 1 <= norm.upper and norm.width <= Fraction(1, 10**8)
        assert norm.exact or p not in (1, 2, math.inf)
    assert_sorts_exactly(network)


def test_copies() -> None:
    assert copies_for(1) == (*COPIES["1"], 2) and copies_for(math.inf) == (*COPIES["inf"], 2)
    assert copies_for(2) == (Fraction(1, 2), Fraction(1, 2), 4)
    assert copies_for(Fraction(3, 2)) == (Fraction(1, 4), Fraction(1, 2), 8)
    for p in (Fraction(7, 3), Fraction(12, 5), 5):
        into, back, count = copies_for(p)
        p = Fraction(p)
        assert into * back * count == 1
        # count into^p = 1 and count back^q = 1, raised to the denominators of p and of q = p / (p - 1).
        q = p / (p - 1)
        assert count**p.denominator * into**p.numerator == 1 == count**q.denominator * back**q.numerator
    # The two weights of the sup-norm have another norm in the 2-norm.
    assert operator_norm(weights(odd_even_transposition(3))[0], 2).at_most(1) is False


def test_maxmin_sorts_groups_by_any_sorter() -> None:
    for layer in (GroupSort(3, order="descending"), GroupSort(6, order="ascending"), FullSort("descending")):
        sort = Network(6, (layer,))
        for sorter in FAMILIES.values():
            other = to_maxmin(sort, copies=copies_for(2), sorter=sorter)
            assert not any(isinstance(a, FullSort) or (isinstance(a, GroupSort) and a.size > 2) for a in other.layers)
            for x in random_points(6, 10, 2):
                assert evaluate(other, x) == evaluate(sort, x)


@pytest.mark.parametrize("network", [bubble_sort(3), odd_even_merge_sort(4), block_merge_sort(4)])
def test_equal_to_fullsort_for_all_reals(network: Network) -> None:
    names = [var(f"x{i}") for i in range(network.inputs)]
    expected = smt.evaluate(Network(network.inputs, (FullSort("ascending"),)), names)
    got = smt.evaluate(network, names)
    assert ask(Forall("same", {}, conj(*map(equals, got, expected)))).status == "unsat"
    assert ask(Forall("other", {}, conj(*map(equals, got, expected[::-1])))).status == "sat"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bubble_rounds(0), "0 wires cannot be sorted"),
        (lambda: odd_even_merge_rounds(True), "True wires"),
        (lambda: odd_even_merge_sort(Fraction(2)), "wires cannot be sorted"),  # type: ignore[arg-type]
        (lambda: block_merge_rounds(5), "5 wires are no pairs"),
        (lambda: sorts(21, odd_even_merge_rounds(21)), "at most 20 wires"),
        (lambda: sorts(3, [[(0, 3)]]), "no comparator on 3 wires"),
        (lambda: sorts(3, [[(2, 3)]]), "no comparator on 3 wires"),
        (lambda: sorts(3, [[(1, 1)]]), "no comparator on 3 wires"),
        (lambda: sorts(3, [[(0, 1, 2)]]), "is no comparator"),  # type: ignore[list-item]
        (lambda: sorts(3, [[(0, True)]]), "is no comparator"),
        (lambda: sorts(3, 7), "not a sequence"),  # type: ignore[arg-type]
        (lambda: fill_idle(3, [[(0, None)]]), "is no comparator"),  # type: ignore[list-item]
        (lambda: schedule([(0, 1), 2]), "not a sequence"),  # type: ignore[list-item]
        (lambda: sorts(3, [[(0, "x", 1)]]), "is no comparator"),  # type: ignore[list-item]
        (lambda: size(0, []), "0 wires"),
        (lambda: size(None, [[(0, 1)]]), "None wires"),  # type: ignore[arg-type]
        (lambda: bubble_rounds(10**9), "up to 2048"),
        (lambda: sorts(10**9, []), "up to 2048"),
        (lambda: fill_idle(4, bubble_rounds(4)[:-1]), "do not sort 4 numbers"),
        (lambda: fill_idle(4, odd_even_merge_rounds(4)[:-1]), "do not sort 4 numbers"),
    ],
)
def test_what_cannot_be_sorted(call: object, message: str) -> None:
    with pytest.raises(SorterError, match=message):
        call()  # type: ignore[operator]


def test_wrong_copies() -> None:
    for units in (3, 1, 0, -2):
        with pytest.raises(NetworkError, match=f"{units} units, which MaxMin pairs"):
            comparator_network(3, odd_even_rounds(3), copies=Copies(Fraction(1), Fraction(1, 3), units))
    for copies in (None, (1,), (1, 2, 3, 4)):
        with pytest.raises(NetworkError, match="copies"):
            comparator_network(3, odd_even_rounds(3), copies=copies)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="numerator is at most 12"):
        copies_for(Fraction(13, 2))
    with pytest.raises(NormError):
        copies_for(Fraction(1, 2))
