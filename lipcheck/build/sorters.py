"""Sorting networks as rounds of comparators: bubble sort, Batcher's merge exchange, block merging; decided by 0 and 1.

By the 0-1 principle (Knuth, The Art of Computer Programming 3, theorem 5.3.4Z) a network sorts all real inputs if it
sorts the 2^n inputs of zeros and ones: each wire is kept as its truth table, a whole number of 2^n bits, and a
comparator is one AND and one OR. Rounds become MaxMin layers by `lipcheck.build.sorting.comparator_network` (Anil et
al. 2019, section 4.1 and appendix A), between permutation matrices where no wire is idle. What may be done with idle
wires:

- Put any standard comparators (i, j), i < j, into a sorting network of standard comparators of neighbours, (i, i + 1):
  it still sorts. For let c_k be the number of ones on the first k wires. No standard comparator makes a c_k larger, and
  one of neighbours is monotone in c, since it makes c_{i+1} the larger of c_i and c_{i+2} - 1 (wires count from 0). So
  c ends no higher than without the additions, where it is the lowest, that of the sorted vector. For the same reason
  such a network sorts if it sorts n, n - 1, ..., 1 (de Bruijn, Sorting by means of swappings, Discrete Math. 9, 1974).
- Elsewhere an additional comparator can spoil the order: (0, 1), (0, 2), (1, 2) sorts, (0, 1), (1, 2), (0, 2), (1, 2)
  does not. `fill_idle` adds only what the 0-1 principle allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise

from lipcheck.algebra import comparators
from lipcheck.build.sorting import COPIES, MOST_WIRES, Copies, Rounds, as_rounds, comparator_network
from lipcheck.exact import NetworkError, shown
from lipcheck.network import Network, Order
from lipcheck.words.errors import LipcheckError

LARGEST_TABLE = 20
"""The largest number of wires that `sorts` decides: truth tables of 2^20 bits."""
LARGEST_FILLED = 16
"""The largest number of wires for which `odd_even_merge_sort` looks for harmless comparators of idle wires."""

Pairs = Sequence[tuple[int, int]]


class SorterError(LipcheckError, ValueError):
    """A number of wires or comparators that no sorting network can have, or that cannot be decided here."""


@dataclass(frozen=True)
class SorterSize:
    """The number of comparators, of rounds (MaxMin layers) and of units of the widest layer."""

    comparators: int
    rounds: int
    width: int


def size(n: int, rounds: Sequence[Pairs], *, copies: int = 2) -> SorterSize:
    """The size of the MaxMin network of these rounds on n wires, when an idle wire takes `copies` units."""
    found, n = _rounds(rounds), _wires(n)
    width = max((2 * len(pairs) + copies * (n - 2 * len(pairs)) for pairs in found), default=n)
    return SorterSize(sum(map(len, found)), len(found), max(n, width))


def schedule(pairs: Iterable[tuple[int, int]]) -> Rounds:
    """The comparators, in an order in which they may run one by one, as rounds: each as soon as its wires are free."""
    free: dict[int, int] = {}
    rounds: list[list[tuple[int, int]]] = []
    for i, j in _rounds([list(pairs) if isinstance(pairs, Iterable) else pairs])[0]:
        start = max(free.get(i, 0), free.get(j, 0))
        if start == len(rounds):
            rounds.append([])
        rounds[start].append((i, j))
        free[i] = free[j] = start + 1
    return tuple(map(tuple, rounds))


def bubble_rounds(n: int) -> Rounds:
    """Bubble sort: the triangle (0, 1), (1, 2), ..., (n - 2, n - 1); (0, 1), ..., (n - 3, n - 2); ...; (0, 1).

    n (n - 1) / 2 comparators of neighbours in 2 n - 3 rounds for n > 1: comparator j of pass i runs in round 2 i + j.
    """
    _wires(n)
    return schedule((j, j + 1) for top in range(n - 1, 0, -1) for j in range(top))


def odd_even_merge_rounds(n: int) -> Rounds:
    """Batcher's odd-even merge sort for any n, in the form of merge exchange (Knuth 3, algorithm 5.2.2M).

    At most t (t + 1) / 2 rounds, t = ceil(lg n). For n = 2^t it has exactly these and (t^2 - t + 4) 2^(t - 2) - 1
    comparators: 19 in 6 rounds for n = 8, 63 in 10 rounds for n = 16.
    """
    _wires(n)
    return schedule(comparators(n)) if n > 1 else ()


def block_merge_rounds(n: int) -> Rounds:
    """Merge exchange on n / 2 sorted pairs, n even: every wire is in a comparator of every round, whatever n.

    First each pair is sorted; then every comparator of numbers becomes the merging of two sorted pairs, (a, a + 1) and
    (b, b + 1), by (a, b), (a + 1, b + 1) and (a + 1, b) (Baudet and Stevenson, Optimal sorting algorithms for parallel
    computers, IEEE Trans. Computers 27, 1978). Wires that it leaves idle are in order and are compared without effect.
    1 + 2 r rounds, where r is the number of rounds of `odd_even_merge_rounds(n / 2)`. Raises SorterError for odd n.
    """
    if _wires(n) % 2:
        raise SorterError(f"{n} wires are no pairs: give an even number, or use odd_even_merge_rounds.")
    rounds: list[tuple[tuple[int, int], ...]] = [tuple((i, i + 1) for i in range(0, n, 2))]
    for pairs in odd_even_merge_rounds(n // 2):
        blocks = [(2 * i, 2 * j) for i, j in pairs]
        idle = set(range(0, n, 2)) - set(chain.from_iterable(blocks))
        still = [(i, i + 1) for i in sorted(idle)]
        rounds.append((*((a + k, b + k) for a, b in blocks for k in (0, 1)), *still))
        rounds.append((*chain.from_iterable(((a, b + 1), (a + 1, b)) for a, b in blocks), *still))
    return tuple(rounds)


def sorts(n: int, rounds: Sequence[Pairs]) -> bool:
    """Whether the comparators of the rounds, in turn, sort every n real numbers.

    Decided on n, ..., 1 for standard comparators of neighbours, else on all zeros and ones. Raises SorterError for
    comparators that are not two different wires, and for more than 20 wires in the second case.
    """
    rounds = _rounds(rounds)
    if _adjacent(rounds):
        values = list(range(_wires(n), 0, -1))
        for pairs in rounds:
            for i, j in _checked(n, pairs):
                values[i], values[j] = min(values[i], values[j]), max(values[i], values[j])
        return values == sorted(values)
    tables = _inputs(n)
    for pairs in rounds:
        _advance(tables, pairs)
    return all(not low & ~high for low, high in pairwise(tables))


def fill_idle(n: int, rounds: Sequence[Pairs]) -> Rounds:
    """The rounds of a sorting network, with standard comparators of idle wires where the network still sorts then.

    Where all comparators are standard ones of neighbours, every two idle wires are compared, for any n (the theorem
    above): no wire stays idle for even n, one in each round for odd n. Elsewhere two idle wires are compared where they
    are in order already, which changes no value, or else where the 0-1 principle says that the network still sorts.
    Raises SorterError for a network that does not sort, or is not one of neighbours and has more than 20 wires.
    """
    rounds = _rounds(rounds)
    if not sorts(n, rounds):
        raise SorterError(f"These rounds do not sort {n} numbers: give a sorting network.")
    filled = [list(pairs) for pairs in rounds]
    if _adjacent(rounds):
        for pairs in filled:
            idle = _idle(n, pairs)
            pairs += zip(idle[::2], idle[1::2], strict=False)
        return tuple(map(tuple, filled))
    tables = _inputs(n)
    for pairs in filled:
        idle = _idle(n, pairs)
        while idle:
            i = idle.pop(0)
            ordered = [j for j in idle if not tables[i] & ~tables[j]]
            for j in (*ordered, *sorted(set(idle) - set(ordered))):
                pairs.append((i, j))
                if j in ordered or sorts(n, filled):
                    idle.remove(j)
                    break
                pairs.pop()
        _advance(tables, pairs)
    return tuple(map(tuple, filled))


def bubble_sort(
    n: int, *, order: Order = "ascending", copies: Copies | tuple[Fraction, Fraction] = COPIES["inf"]
) -> Network:
    """FullSort of n numbers by bubble sort: 2 n - 3 MaxMin layers, idle wires compared (`fill_idle`).

    All weights are permutation matrices for even n. For odd n one wire of each round is carried as copies.
    """
    return comparator_network(n, fill_idle(n, bubble_rounds(n)), order=order, copies=copies)


def odd_even_merge_sort(
    n: int, *, order: Order = "ascending", copies: Copies | tuple[Fraction, Fraction] = COPIES["inf"]
) -> Network:
    """FullSort of n numbers by Batcher's odd-even merge sort: O(log^2 n) MaxMin layers.

    Up to n = 16 idle wires are compared where that is harmless (`fill_idle`); the others are carried as copies. All
    weights are permutation matrices for n = 2, 4, 6, 8 and 16; `block_merge_sort` has them for every even n.
    """
    rounds = odd_even_merge_rounds(n)
    rounds = fill_idle(n, rounds) if n <= LARGEST_FILLED else rounds
    return comparator_network(n, rounds, order=order, copies=copies)


def block_merge_sort(n: int, *, order: Order = "ascending") -> Network:
    """FullSort of an even number n of numbers by O(log^2 n) MaxMin layers between permutation matrices.

    Norm one in every p-norm, width n. Raises SorterError for odd n.
    """
    return comparator_network(n, block_merge_rounds(n), order=order)


def _wires(n: int) -> int:
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MOST_WIRES:
        raise SorterError(f"{shown(n)} wires cannot be sorted: give a whole number of at least 1, up to {MOST_WIRES}.")
    return n


def _rounds(rounds: object) -> Rounds:
    try:
        return as_rounds(rounds)
    except NetworkError as problem:
        raise SorterError(str(problem)) from problem


def _adjacent(rounds: Sequence[Pairs]) -> bool:
    return all(j == i + 1 for pairs in rounds for i, j in pairs)


def _checked(n: int, pairs: Pairs) -> Pairs:
    for i, j in pairs:
        if i == j or not (0 <= i < n and 0 <= j < n):
            raise SorterError(f"({i}, {j}) is no comparator on {n} wires: name two different ones from 0 on.")
    return pairs


def _idle(n: int, pairs: Pairs) -> list[int]:
    return sorted(set(range(n)) - set(chain.from_iterable(pairs)))


def _inputs(n: int) -> list[int]:
    """Bit b of the truth table of wire i is bit i of the number b."""
    if _wires(n) > LARGEST_TABLE:
        raise SorterError(f"{n} wires have 2^{n} inputs of zeros and ones: give at most {LARGEST_TABLE} wires.")
    tables: list[int] = []
    for k in range(n):
        # On twice as many inputs the known tables repeat, and the next one is 1 on the second half.
        half = 1 << k
        tables = [*(table | table << half for table in tables), ((1 << half) - 1) << half]
    return tables


def _advance(tables: list[int], pairs: Pairs) -> None:
    for i, j in _checked(len(tables), pairs):
        tables[i], tables[j] = tables[i] & tables[j], tables[i] | tables[j]
