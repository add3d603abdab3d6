"""Certificates from the tree of a search at any time: nodes that were not worked on keep the bound of the node above.

What a node ends with is a list of signs (`suffixes`), the multipliers of a semidefinite bound, or nothing but the sizes
of entries. Each bound is written a little above the one that floating point gives, so that the exact check, which
decides, succeeds.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Container
from fractions import Fraction
from itertools import count

from lipcheck.bounds.exact.proposals import Start
from lipcheck.bounds.exact.rows import WholeForm, two_power
from lipcheck.bounds.exact.spots import Spot
from lipcheck.bounds.exact.trees import Branch, Entries, Forced, Semidefinite, Suffix, Tree

MARGIN = 1e-9
"""Leaves are proposed where the bound in floating point is this far below the target: so the exact check succeeds."""


def frozen(form: WholeForm, spot: Spot, ends: Container[int] = ()) -> Tree:
    """The certificate's tree below a node; nodes whose ids are in `ends` keep their own bound, whatever is below."""
    if (spot.gate < 0 and spot.leaf is None) or id(spot) in ends:
        return fallback(form, spot)
    if spot.leaf is not None:
        return spot.leaf
    if len(spot.children) == 1:
        return Forced(spot.gate, frozen(form, next(iter(spot.children.values())), ends))
    return Branch(spot.gate, frozen(form, spot.children[1], ends), frozen(form, spot.children[-1], ends))


def coarse_ends(root: Spot, most: int) -> set[int]:
    """The ids of about `most` nodes where a coarse certificate ends: the one with the largest bound is opened first."""
    ties = count()
    queue = [(0.0, next(ties), root)]
    while queue and len(queue) < most and (children := queue[0][2].children):
        heapq.heappop(queue)
        for child in children.values():
            if child.leaf is None or isinstance(child.leaf, Branch | Forced):
                heapq.heappush(queue, (-_height(child), next(ties), child))
    return {id(spot) for _, _, spot in queue}


def _height(spot: Spot) -> float:
    """The bound on a node in units of `WholeForm.scale`."""
    if spot.suffixes is not None:
        return float(spot.suffixes.bounds.max(initial=0.0))
    return spot.start.rho if spot.start is not None else math.inf


def fallback(form: WholeForm, spot: Spot) -> Tree:
    """A leaf with the node's own bound, whatever the target."""
    if spot.suffixes is not None:
        return Suffix(spot.suffixes.largest * (1 + Fraction(MARGIN)))
    if spot.start is not None:
        # Semidefinite bounds are bounds on squares, for p = 2 only.
        return multipliers(form, spot.start, Fraction(spot.start.rho * (1 + MARGIN)) / form.scale(2))
    return Entries()


def multipliers(form: WholeForm, start: Start, power: Fraction | None) -> Semidefinite:
    """The leaf with these multipliers in whole numbers: 44 bits of the smallest one, and more of others."""
    scaled = [
        Fraction(float(w)) * two_power(2 * (form.powers[-1] - form.powers[i]))
        for w, i in zip(start.weights, start.open, strict=True)
    ]
    shift = max([0, *(44 + f.denominator.bit_length() - f.numerator.bit_length() for f in scaled)])
    return Semidefinite(tuple(round(f * (1 << shift)) for f in scaled), shift, power)
