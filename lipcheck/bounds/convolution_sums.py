"""Convolutions for p = 1 and p = infinity: the largest column and row sums of the operator itself, exactly.

Taps that read the same input for the same output, as padding by copies makes them, add up before their size is taken.
Along an axis, the taps of an output fall into sets that share an input, and a row of T holds, over all pairs (a, b) of
a set along the rows and a set along the columns, the numbers sum_{k in a, l in b} W_kl. A column holds the sets of
taps by which the outputs read one input. Few positions differ in these sets: those near the border, and one for each
phase of the stride.

All sums are estimated in float64; those within the estimate's error of the largest are then added in integers.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.absolute_sums import absolute_sum, exact_entries
from lipcheck.bounds.convolution_taps import Axis
from lipcheck.norms.rounding import gamma, scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

TapSet = tuple[int, ...]
Pattern = tuple[tuple[TapSet, int], ...]


def patterns(axis: Axis, of_inputs: bool) -> list[Pattern]:
    """The different collections of sets of taps, with multiplicities: of inputs (columns of T) or of outputs (rows)."""
    sets: dict[tuple[int, int], list[int]] = {}
    for k, row in enumerate(axis.index):
        for o, i in enumerate(row):
            if i >= 0:
                sets.setdefault((int(i), o) if of_inputs else (o, int(i)), []).append(k)
    found: dict[int, Counter[TapSet]] = {}
    for (place, _), taps in sets.items():
        found.setdefault(place, Counter())[tuple(taps)] += 1
    return sorted({tuple(sorted(counter.items())) for counter in found.values()})


def largest_sum(weights: NDArray[Any], rows: Axis, columns: Axis, of_inputs: bool) -> Fraction:
    """The largest absolute column sum (`of_inputs`) or row sum of T, exactly. weights: (rows, columns, out, in)."""
    import numpy as np

    first, second = patterns(rows, of_inputs), patterns(columns, of_inputs)
    first_sets, second_sets = (sorted({s for pattern in found for s, _ in pattern}) for found in (first, second))
    if not first_sets or not second_sets:
        return Fraction(0)
    b, _ = scaled(weights)
    channel_axis = 0 if of_inputs else 1
    sums = np.array([[np.abs(b[np.ix_(s, t)].sum((0, 1))).sum(channel_axis) for t in second_sets] for s in first_sets])
    sizes = float(np.abs(b).sum((0, 1)).sum(channel_axis).max())
    left, right = (_counts(found, sets) for found, sets in ((first, first_sets), (second, second_sets)))
    totals = np.tensordot(left, np.tensordot(right, sums, (1, 1)), (1, 1))
    # Each total is off by gamma of the sizes of all the terms that it adds, which most * sizes bounds.
    most = float(left.sum(1).max() * right.sum(1).max())
    slack = 4 * float(gamma(4 * b.size + sums.size)) * most * sizes
    best = Fraction(0)
    cache: dict[tuple[TapSet, TapSet, int], Fraction] = {}
    for p, q, channel in np.argwhere(totals >= totals.max() - slack):
        total = Fraction(0)
        for s, many in first[p]:
            for t, also in second[q]:
                key = s, t, int(channel)
                if key not in cache:
                    cache[key] = _exact(weights, *key, of_inputs)
                total += many * also * cache[key]
        best = max(best, total)
    return best


def _counts(found: list[Pattern], sets: list[TapSet]) -> NDArray[Any]:
    import numpy as np

    counts = np.zeros((len(found), len(sets)))
    place = {each: i for i, each in enumerate(sets)}
    for i, pattern in enumerate(found):
        for each, many in pattern:
            counts[i, place[each]] = many
    return counts


def _exact(weights: NDArray[Any], s: TapSet, t: TapSet, channel: int, of_inputs: bool) -> Fraction:
    """The sum of the sizes of sum_{k in s, l in t} W_kl over one row or column of channels."""
    import numpy as np

    chosen = weights[..., channel] if of_inputs else weights[:, :, channel]
    if len(s) == len(t) == 1:
        return absolute_sum(chosen[s[0], t[0]])
    merged = exact_entries(chosen[np.ix_(s, t)].reshape(-1, chosen.shape[2]))
    return sum((abs(sum(column, Fraction(0))) for column in zip(*merged, strict=True)), Fraction(0))
