"""Trees of comparisons: which units a lattice's MaxMin layers compare."""

from __future__ import annotations

from collections.abc import Sequence


def comparisons(sizes: Sequence[int], maximum: bool) -> list[tuple[int, ...]]:
    """For every MaxMin layer, the units before it in the order of its pairs; an odd one is its own partner.

    First within the groups of these sizes, which stand one after the other, then between them: minima of groups and
    their maximum, or, where `maximum` is false, maxima and their minimum. MaxMin puts the maximum first.
    """
    groups: list[list[int]] = []
    start = 0
    for size in sizes:
        groups.append(list(range(start, start + size)))
        start += size
    rounds: list[tuple[int, ...]] = []
    for largest in (not maximum, maximum):
        if largest == maximum:
            groups = [[unit for group in groups for unit in group]]
        while max(map(len, groups)) > 1:
            paired = [[*group, group[-1]] if len(group) % 2 else group for group in groups]
            rounds.append(tuple(unit for group in paired for unit in group))
            units = iter(range(0 if largest else 1, len(rounds[-1]), 2))
            groups = [[next(units) for _ in range(len(group) // 2)] for group in paired]
    return rounds
