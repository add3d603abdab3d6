"""One chunk on one worker: what it found, in a form that two workers write byte for byte alike.

Of a chunk's candidates only the `EXAMINED` + 1 of the largest relative violation can be decided at home (one may be the
worst case, which is decided apart), so only these are kept, in the order of `Examined.go_through`.
"""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.one_thread import one_thread
from lipcheck.sweep.arithmetic import require_same
from lipcheck.sweep.memory import MIB, activations, base, peak
from lipcheck.sweep.plan import Chunk, Plan, SweepError
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    from lipcheck.engines.architectures import Architecture
    from lipcheck.engines.examination import Case

Answer = tuple[int, dict[str, Any], dict[str, Any]]

TURN = Lock()
"""Held during a chunk: a dask worker has several threads, but one memory and one setting of torch's threads."""


def evaluate(plan: Plan, chunk: Chunk, memory: int | None, parent: int | None = None) -> Answer:
    """Number, findings, and where and how long it took; `memory` is the limit of this process in MiB, if any.

    With `parent`, the process whose child this worker is, the worker ends when that process does.
    """
    if parent not in (None, os.getpid()):
        follow(parent)
    with TURN, one_thread():
        start = time.perf_counter()
        require_same(plan)
        base()
        body = look(plan, chunk, activations(plan.asked, memory))
        where = {
            "host": platform.node(),
            "device": plan.arithmetic["unit"],
            "process": os.getpid(),
            "seconds": round(time.perf_counter() - start, 3),
            "peak_mib": -(-peak() // MIB),
        }
        return chunk.number, body, where


@lru_cache(maxsize=1)
def follow(parent: int | None) -> None:
    """End this process within half a second of its parent: a killed parent cannot tell its workers to stop."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def look(plan: Plan, chunk: Chunk, room: int) -> dict[str, Any]:
    """The findings of a chunk, `room` floats of activations at a time; these change nothing on a cpu."""
    from lipcheck.engines.architectures import architectures
    from lipcheck.engines.examination import EXAMINED
    from lipcheck.engines.population import ACTIVATIONS, Tally, device_of, dtype_of, search_block

    asked = plan.asked
    law = asked.law()
    device, dtype = device_of(asked.device), dtype_of(asked.dtype)
    room = ACTIVATIONS if device.type == "cuda" else room
    tally, used = Tally(), Counter[str]()
    try:
        for block in chunk.blocks:
            used[block.kind] += search_block(law, block, asked.points, device, dtype, room, tally)
    except LipcheckError:
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, MemoryError) or "out of memory" in str(error) or "can't allocate memory" in str(error):
            said = f"{chunk.networks} networks with {asked.points} pairs of points"
            raise SweepError(f"{asked.claim}: no memory is left for {said}: give --memory, or fewer points") from error
        raise SweepError(
            f"{asked.claim}: its law fails on a chunk ({type(error).__name__}: {error}): mend it"
        ) from error
    known = {architecture: i for i, architecture in enumerate(architectures(law))}
    kept = sorted(tally.candidates, key=lambda case: case.relative)[: EXAMINED + 1]
    return {
        "drawn": chunk.networks,
        "kinds": dict(sorted(used.items())),
        "violations": tally.violations,
        "undefined": tally.undefined,
        "obstacles": dict(sorted(tally.obstacles.items())),
        "worst": None if tally.worst is None else to_json(tally.worst, known),
        "candidates": [to_json(case, known) for case in kept],
    }


def to_json(case: Case, known: Mapping[Architecture, int]) -> dict[str, Any]:
    """A case as JSON data, its floats exact; the margin is a text, for it may be -inf."""
    return {
        "margin": repr(case.margin),
        "architecture": known[case.architecture],
        "parameters": [[weight, bias] for weight, bias in case.parameters],
        "x": case.x,
        "y": case.y,
    }


def from_json(data: Mapping[str, Any], known: Sequence[Architecture]) -> Case:
    """The case that `to_json` wrote."""
    from lipcheck.engines.examination import Case

    parameters = [(weight, bias) for weight, bias in data["parameters"]]
    return Case(float(data["margin"]), known[data["architecture"]], parameters, data["x"], data["y"])
