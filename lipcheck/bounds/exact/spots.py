"""The nodes of the tree that a search grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lipcheck.bounds.exact.proposals import Start
from lipcheck.bounds.exact.suffixes import Suffixes
from lipcheck.bounds.exact.trees import Tree

MOST_POINTS = 24
"""How many points a node keeps."""


@dataclass(eq=False)
class Spot:
    """A node of the tree: the signs on the way, some interior points, what became of it."""

    path: tuple[tuple[int, int], ...]
    points: list[Sequence[float]]
    suffixes: Suffixes | None
    start: Start | None = None
    leaf: Tree | None = None
    wait: int = 0
    splits: int = 0
    bounded: bool = False
    gate: int = -1
    children: dict[int, Spot] = field(default_factory=dict)
