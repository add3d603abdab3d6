"""How much memory a chunk takes: a model that chooses its size, and the peak that was measured.

A block is drawn whole, so that its networks do not depend on memory, and evaluated in pieces. The model counts arrays:
at most `DRAWN` copies of its points and `EVALUATED` copies of a piece's activations. Measured on the laws of both
papers these are 4 and 12; a peak above the limit is reported as such, never hidden.
"""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from pathlib import Path

from lipcheck.sweep.plan import Asked, SweepError

DRAWN, EVALUATED = 6, 24
MIB = 1 << 20


def activations(asked: Asked, limit: int | None) -> int:
    """Floats that a piece of a chunk may hold, so that this process stays below `limit` MiB.

    Raises `SweepError`, which names the least limit, where a single network is too much.
    """
    from lipcheck.engines.architectures import architectures
    from lipcheck.engines.pairs import STYLES
    from lipcheck.engines.population import ACTIVATIONS, BLOCK

    if limit is None:
        return ACTIVATIONS
    size = 8 if asked.dtype == "float64" else 4
    shapes = architectures(asked.law())
    pairs = [asked.points * shape.inputs for shape in shapes]
    drawn = max(max(count, min(BLOCK * count, ACTIVATIONS)) for count in pairs)
    # Points are cut in one way only: a piece is at least one network at this many points.
    floats = [shape.width * shape.outputs for shape in shapes]
    least = max(min(asked.points, max(len(STYLES), ACTIVATIONS // count)) * count for count in floats)
    fixed = base() + DRAWN * drawn * size
    room = (limit * MIB - fixed) // (EVALUATED * size)
    if room < least:
        needed = math.ceil((fixed + EVALUATED * least * size) / MIB)
        raise SweepError(
            f"--memory {limit} MiB is too little for a worker: give at least {needed} here, or fewer points"
        )
    return min(ACTIVATIONS, room)


@lru_cache(maxsize=1)
def base() -> int:
    """Bytes that the process takes before its first chunk: the interpreter, torch and the claims."""
    return peak()


def peak() -> int:
    """The most bytes that this process has had in memory.

    On Linux the kernel's own mark of this program: what `getrusage` says there includes the parent at the fork.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = (line.split() for line in status.read_text().splitlines())
        marks = [int(words[1]) for words in lines if words[:1] == ["VmHWM:"]]
        if marks:
            return marks[0] * 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
