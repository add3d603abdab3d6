"""Sorting by layers of MaxMin, and MaxMin by sorting: exact networks whose weights have norm one in every p-norm.

Two translations (Anil et al. 2019, section 4.1 and appendix A of the ICLR version): `to_maxmin` replaces every
sorting layer by MaxMin layers, for all inputs; `to_fullsort` and `to_groupsort` replace MaxMin by wider sorts, for
inputs from a box. A comparator (i, j) puts the smaller number on wire i; it is standard when i < j.

A MaxMin layer compares every unit, so a wire that a round leaves idle travels as equal units, on which MaxMin is the
identity. With 2^a units, weights 2^(-b) into them and 2^(-(a - b)) out of them, the norm for p = a/b is one
(`copies_for`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from lipcheck.exact import items, shown
from lipcheck.network import Affine, FullSort, GroupSort, Layer, MaxMin, Network, NetworkError, Order, Vector, exact
from lipcheck.norms.arguments import Exponent, as_exponent

Rounds: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
Row: TypeAlias = Mapping[int, Fraction]


class Copies(NamedTuple):
    """How an idle wire travels: as an even number of equal `units`, of weights `into` each and `back` out of each.

    The wire keeps its value where into * back * units = 1.
    """

    into: Fraction
    back: Fraction
    units: int = 2


COPIES: Mapping[str, tuple[Fraction, Fraction]] = {
    "inf": (Fraction(1), Fraction(1, 2)),
    "1": (Fraction(1, 2), Fraction(1)),
}
"""For a norm p, the weights 2^(-1/p) into two copies of a number and 2^(-1/p') out of them, 1/p + 1/p' = 1."""

LARGEST_NUMERATOR = 12
"""The largest numerator of p in `copies_for`: 4096 units for one number."""
MOST_WIRES = 2048
"""The largest number of wires that are sorted."""
MOST_WEIGHTS = 1 << 24
"""The largest number of weights of a comparator network, zeros included."""


def copies_for(p: Exponent | int) -> Copies:
    """Equal copies of a number with weights into and out of them that have norm one in the p-norm, p rational or inf.

    For p = a/b in lowest terms there are 2^a copies, with weights 2^(-b) = (2^a)^(-1/p) into them and 2^(-(a - b)) out
    of them; two copies and (1, 1/2) for p = inf. Raises NormError for p < 1 and what is not a number, NetworkError for
    a > 12.
    """
    p = as_exponent(p)
    if not isinstance(p, Fraction):
        return Copies(*COPIES["inf"])
    if p.numerator > LARGEST_NUMERATOR:
        raise NetworkError(
            f"A number is carried by 2^{p.numerator} equal units for p = {p}: "
            f"give a p whose numerator is at most {LARGEST_NUMERATOR}."
        )
    into, back = (Fraction(1, 2**k) for k in (p.denominator, p.numerator - p.denominator))
    return Copies(into, back, 2**p.numerator)


def odd_even_rounds(n: int) -> Rounds:
    """The n rounds of odd-even transposition sort: neighbours (0, 1), (2, 3), ..., then (1, 2), (3, 4), ..., in turn.

    For even n the second kind leaves wires 0 and n - 1 idle; they are compared with each other, since a MaxMin layer
    compares every unit with some other. That comparator is standard and spoils nothing. Raises NetworkError unless
    n is a whole number from 1 to MOST_WIRES.
    """
    _whole(n, "number of wires")
    even = tuple((i, i + 1) for i in range(0, n - 1, 2))
    odd = tuple((i, i + 1) for i in range(1, n - 1, 2)) + (((0, n - 1),) if n % 2 == 0 else ())
    return tuple(odd if r % 2 else even for r in range(n))


def as_rounds(rounds: object) -> Rounds:
    """The rounds as tuples of pairs of whole numbers; NetworkError for anything else."""
    found: list[tuple[tuple[int, int], ...]] = []
    for given in items(rounds, "rounds"):
        pairs: list[tuple[int, int]] = []
        for pair in items(given, "round"):
            wires = [w for w in items(pair, "comparator") if isinstance(w, int) and not isinstance(w, bool)]
            if not len(wires) == len(items(pair, "comparator")) == 2:
                raise NetworkError(f"{shown(pair)} is no comparator: give two wires, whole numbers from 0 on.")
            pairs.append((wires[0], wires[1]))
        found.append(tuple(pairs))
    return tuple(found)


def comparator_network(
    width: int,
    rounds: Sequence[Sequence[tuple[int, int]]],
    *,
    order: Order = "ascending",
    copies: Copies | tuple[Fraction, Fraction] = COPIES["inf"],
) -> Network:
    """The MaxMin network that runs the comparators of each round, one layer a round; the mirror image for descending.

    Where every wire is in a comparator of every round, all weights are permutation matrices, of norm one in every
    p-norm. An idle wire is carried as equal units, `copies` (see `copies_for`); then all weights have norm one in the
    p-norm that these belong to, not in others. Raises NetworkError for a round that names a wire twice or one that does
    not exist, for a number of copies that is odd or not positive, for another order, and for more than MOST_WIRES wires
    or MOST_WEIGHTS weights.
    """
    into, back, count = _copies(copies)
    _whole(width, "number of wires")
    if not isinstance(order, str) or order not in ("ascending", "descending"):
        raise NetworkError(f"The order is {shown(order)}: say 'ascending' or 'descending'.")
    wires: list[Row] = [{i: Fraction(1)} for i in range(width)]
    layers: list[Layer] = []
    units, weights = width, width * width
    for pairs in as_rounds(rounds):
        busy = [w for pair in pairs for w in pair]
        if len(set(busy)) < len(busy) or not set(busy) <= set(range(width)):
            raise NetworkError(f"A round has the comparators {list(pairs)}: name each of {width} wires at most once.")
        idle = sorted(set(range(width)) - set(busy))
        weights += units * (len(busy) + count * len(idle))
        if weights > MOST_WEIGHTS:
            raise NetworkError(f"Sorting {width} numbers takes more than {MOST_WEIGHTS} weights: sort fewer.")
        rows = [wires[w] for w in busy] + [_scaled(wires[w], into) for w in idle for _ in range(count)]
        layers += [_affine(rows, units), MaxMin()]
        units = len(rows)
        for k, (i, j) in enumerate(pairs):
            low, high = (i, j) if order == "ascending" else (j, i)
            wires[high], wires[low] = {2 * k: Fraction(1)}, {2 * k + 1: Fraction(1)}
        for k, w in enumerate(idle):
            wires[w] = dict.fromkeys(range(len(busy) + k * count, len(busy) + (k + 1) * count), back)
    return Network(width, (*layers, _affine(wires, units)))


def odd_even_transposition(
    n: int, *, order: Order = "ascending", copies: Copies | tuple[Fraction, Fraction] = COPIES["inf"]
) -> Network:
    """FullSort of n numbers as n MaxMin layers: between permutation matrices for even n, at width n + 1 for odd n."""
    return comparator_network(n, odd_even_rounds(n), order=order, copies=copies)


def _copies(copies: object) -> Copies:
    given = items(copies, "copies")
    if not 2 <= len(given) <= 3:
        raise NetworkError(f"The copies are {shown(copies)}: give (into, back) or (into, back, units).")
    count = given[2] if len(given) == 3 else 2
    if not isinstance(count, int) or isinstance(count, bool) or count < 2 or count % 2:
        raise NetworkError(f"An idle wire travels as {count} units, which MaxMin pairs: give a positive even number.")
    return Copies(exact(given[0], "into"), exact(given[1], "back"), count)


def _whole(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_WIRES:
        raise NetworkError(f"The {name} is {shown(value)}: give a whole number of at least 1 and at most {MOST_WIRES}.")
    return value


def _radius(width: int, radius: object) -> Fraction:
    """The radius, where the width is that of pairs."""
    if _whole(width, "width") % 2:
        raise NetworkError(f"MaxMin needs pairs but the width is {width}: give an even number.")
    bound = exact(radius, "radius")
    if bound < 0:
        raise NetworkError(f"The radius is {bound}: give a number that is not negative.")
    return bound


def _scaled(row: Row, factor: Fraction) -> Row:
    return {unit: factor * weight for unit, weight in row.items()}


def _affine(rows: Sequence[Row], width: int) -> Affine:
    return Affine.linear([[row.get(unit, Fraction(0)) for unit in range(width)] for row in rows])


def chunked_biases(width: int, gap: Fraction, order: Order = "ascending") -> Vector:
    """(0, 0, gap, gap, 2 gap, 2 gap, ...), or its negative for descending sorts."""
    step = exact(gap, "gap") * (1 if order == "ascending" else -1)
    return tuple(step * (i // 2) for i in range(_whole(width, "width")))


def maxmin_by_fullsort(
    width: int, radius: Fraction, order: Order = "ascending", factor: Fraction = Fraction(2)
) -> Network:
    """FullSort(x + b) - b with biases that differ by factor * radius from pair to pair.

    With factor 2 or more it sorts each pair of a vector with entries in [-radius, radius]; with less it fails for some
    of these vectors, unless there is one pair only or the radius is 0. Raises NetworkError for an odd width and a
    negative radius.
    """
    radius, factor = _radius(width, radius), exact(factor, "factor")
    identity = [{i: Fraction(1)} for i in range(width)]
    weight, bias = _affine(identity, width).weight, chunked_biases(width, factor * radius, order)
    return Network(width, (Affine(weight, bias), FullSort(order), Affine(weight, [-b for b in bias])))


def maxmin_by_groupsort(width: int, size: int, radius: Fraction, order: Order = "ascending") -> Network:
    """Each pair in a group of its own, filled up with constants that stay at the end: sorts pairs within the radius.

    Raises NetworkError for an odd width, a group size below 2 and a negative radius.
    """
    radius = _radius(width, radius)
    if _whole(size, "group size") < 2:
        raise NetworkError(f"Groups of {size} cannot sort a pair: give a group size of at least 2.")
    rows: list[Row] = []
    bias: list[Fraction] = []
    for i in range(0, width, 2):
        rows += [{i: Fraction(1)}, {i + 1: Fraction(1)}, *({} for _ in range(size - 2))]
        bias += [Fraction(0)] * 2 + [radius if order == "ascending" else -radius] * (size - 2)
    select: list[Row] = [{size * (i // 2) + i % 2: Fraction(1)} for i in range(width)]
    first = Affine(_affine(rows, width).weight, bias)
    return Network(width, (first, GroupSort(size, order=order), _affine(select, len(rows))))


def to_maxmin(
    network: Network,
    *,
    copies: Copies | tuple[Fraction, Fraction] = COPIES["inf"],
    sorter: Callable[[int], Rounds] = odd_even_rounds,
) -> Network:
    """The same function, for all inputs, with MaxMin in place of every FullSort and GroupSort.

    `sorter` gives the rounds of a network that sorts n numbers (see `lipcheck.build.sorters` for others).
    """
    _sound(network)
    layers: list[Layer] = []
    for layer, width in zip(network.layers, (network.inputs, *network.widths), strict=False):
        if isinstance(layer, GroupSort | FullSort):
            size = layer.group(width)
            starts = range(0, width, size)
            rounds = [tuple((i + k, j + k) for k in starts for i, j in pairs) for pairs in sorter(size)]
            layers += comparator_network(width, rounds, order=layer.order, copies=copies).layers
        else:
            layers.append(layer)
    return Network(network.inputs, tuple(layers))


def to_fullsort(network: Network, radius: object, *, factor: Fraction = Fraction(2)) -> Network:
    """The same function, for inputs with entries in [-radius, radius], with FullSort in place of sorted pairs.

    A factor below 2 breaks this (see `maxmin_by_fullsort`). Raises NetworkError for layers other than affine ones and
    sorted pairs.
    """
    return _translated(network, radius, lambda width, bound, order: maxmin_by_fullsort(width, bound, order, factor))


def to_groupsort(network: Network, size: int, radius: object) -> Network:
    """The same function, for inputs with entries in [-radius, radius], with GroupSort(size) for sorted pairs."""
    return _translated(network, radius, lambda width, bound, order: maxmin_by_groupsort(width, size, bound, order))


def _translated(network: Network, radius: object, pairs: Callable[[int, Fraction, Order], Network]) -> Network:
    _sound(network)
    bound = exact(radius, "radius")
    if bound < 0:
        raise NetworkError(f"The radius is {bound}: give a number that is not negative.")
    layers: list[Layer] = []
    for layer, width in zip(network.layers, (network.inputs, *network.widths), strict=False):
        if isinstance(layer, Affine):
            bound = max(abs(b) + bound * sum(map(abs, row)) for row, b in zip(layer.weight, layer.bias, strict=True))
            layers.append(layer)
        elif isinstance(layer, GroupSort) and layer.size == 2:
            layers += pairs(width, bound, layer.order).layers
        else:
            raise NetworkError(f"{layer!r} sorts no pairs: translate networks of affine layers and sorted pairs only.")
    return Network(network.inputs, tuple(layers))


def _sound(network: object) -> None:
    if not isinstance(network, Network):
        raise NetworkError(f"{shown(network)} is no network: give one as lipcheck.network.Network.")
