"""Medians of interleaved runs, and the row that each of them becomes: ours beside what stands beside it.

Runs take turns within a round, so that the mood of the machine, which changes from minute to minute, meets all of them
alike: a ratio of medians is steadier than either median.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Size = Literal["tiny", "quick", "whole", "full"]
"""tiny: for tests. quick: a minute in all. whole: the sizes that goals speak of. full: what takes hours, too."""


@dataclass(frozen=True)
class Row:
    """One run beside its reference. Its reference is measured as well, or a time allowed."""

    name: str
    shape: str
    seconds: float
    reference: str
    reference_seconds: float
    goal: float | None = None
    """The least ratio that the project asks for."""
    note: str = ""
    within: bool = True
    """Whether everything holds that the goal asks for besides time, such as an accuracy; the note says what."""

    @property
    def ratio(self) -> float:
        """How many times as fast as the reference: above 1 is faster. For rates, the fraction of the reference's."""
        return self.reference_seconds / self.seconds

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        return None if self.goal is None else self.within and self.ratio >= self.goal


@dataclass(frozen=True)
class Omitted:
    """What was not measured, and why."""

    name: str
    reason: str


Measured = Iterator[Row | Omitted]
Progress = Callable[[str, str], object]
"""Told the theme, and the row that was measured last."""
ALLOWED = "time allowed"
"""The reference of a row that stands beside no other run."""


def medians(runs: Mapping[str, Callable[[], object]], rounds: int = 7, *, warm: bool = True) -> dict[str, float]:
    """Seconds of each run: the median over rounds in which all of them take turns, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for round_ in range(rounds + warm):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if round_ >= warm:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


@contextlib.contextmanager
def threads(count: int) -> Iterator[None]:
    """So many threads for torch and for the linear algebra of numpy and scipy; afterwards as many as before."""
    import torch
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        with threadpool_limits(count):
            yield
    finally:
        torch.set_num_threads(before)


def alone(path: str) -> None:
    """What a script does when it is run by itself: the command with its theme alone."""
    from _command import main

    sys.exit(main([Path(path).stem, *sys.argv[1:]]))
