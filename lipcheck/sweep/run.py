"""A sweep from question to record.

Two documents come out of it. The record (`result.json`) says what was found and follows from the question alone: its
bytes are the same for every engine, every number of workers, every memory limit, and whether or not the sweep was
killed and resumed. How it came about (`run.json`) is beside it: hosts, seconds, rate, peak memory, resumed chunks.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lipcheck._version import __version__
from lipcheck.judge_search import POINTS
from lipcheck.sweep import engine as engines
from lipcheck.sweep.arithmetic import plan_of
from lipcheck.sweep.memory import MIB, peak
from lipcheck.sweep.merge import Merged, decide, record
from lipcheck.sweep.plan import MOST, Asked, Chunk, SweepError, chunks
from lipcheck.sweep.store import Store

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Swept:
    """The record, and how it came about."""

    record: dict[str, Any]
    run: dict[str, Any]


@dataclass
class Places:
    """Where chunks were evaluated, by host: summed over all chunks, resumed ones included."""

    hosts: dict[str, dict[str, Any]] = field(default_factory=dict)
    processes: set[tuple[str, int]] = field(default_factory=set)

    def add(self, where: Mapping[str, Any]) -> None:
        """Count one chunk."""
        name = where["host"]
        host = self.hosts.setdefault(
            name, {"host": name, "device": where["device"], "processes": 0, "chunks": 0, "seconds": 0.0, "peak_mib": 0}
        )
        self.processes.add((name, where["process"]))
        host["processes"] = sum(other == name for other, _ in self.processes)
        host["chunks"] += 1
        host["seconds"] = round(host["seconds"] + where["seconds"], 3)
        host["peak_mib"] = max(host["peak_mib"], where["peak_mib"])


def sweep(
    asked: Asked,
    folder: Path,
    *,
    engine: str = "local",
    workers: int | None = None,
    memory: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    tell: engines.Tell = lambda words: None,
) -> Swept:
    """Search the claim's law on `asked.networks` networks and keep everything under `folder`/<claim>.

    `engine` is "local", "dask:ADDRESS" or "ray"; `workers` counts processes (default: one for each core, one on a GPU;
    a cluster has its own number); `memory` bounds each worker, in MiB. With `resume`, finished chunks in the folder are
    taken over. `progress(done, networks)` counts networks, `tell` hears of dead workers and spoiled files. An
    interrupted or killed call leaves its finished chunks. Raises `SweepError` for a question or a folder that cannot be
    swept, for a law that admits no network or has no margin that is a number, `SearchError` where the law cannot be
    decided exactly.
    """
    where = engines.Engine.parse(engine)
    require(asked, where, workers, memory)
    if workers is None and asked.device != "cpu" and where.name == "local":
        workers = 1  # there is one GPU
    start, plan = time.perf_counter(), plan_of(asked)
    store = Store(Path(folder) / asked.claim, plan)
    store.open(resume)
    try:
        missing, done = unfinished(asked, store)
        if where.name == "local":
            workers = max(1, min(engines.count(where, workers), len(missing)))  # idle ones would only take memory
        resumed, fresh = sum(1 for _ in chunks(asked)) - len(missing), 0
        for name in store.spoiled:
            tell(f"{store.folder / name} was torn or altered; its chunk is done again")
        if progress is not None:
            progress(done, asked.networks)

        def pending() -> Iterator[Chunk]:
            return (chunk for chunk in chunks(asked) if chunk.number in missing)

        deaths: list[str] = []

        def hear(words: str) -> None:
            deaths.append(words)
            tell(words)

        for number, body, place in engines.answers(where, workers, plan, pending, memory, hear) if missing else ():
            store.keep(number, body, place)
            missing.discard(number)
            fresh += body["drawn"]
            if progress is not None:
                progress(done + fresh, asked.networks)
        merged, places = together(asked, store)
        found = record(plan, decide(plan, merged))
        seconds = time.perf_counter() - start
        run = {
            "schema": 1,
            "lipcheck": __version__,
            "claim": asked.claim,
            "plan": plan.sha256,
            "engine": engine,
            "workers": engines.count(where, workers) or len(places.processes),
            "host": platform.node(),
            "seconds": round(seconds, 3),
            "networks": fresh,
            "networks_per_second": round(fresh / seconds, 1),
            "chunks": sum(host["chunks"] for host in places.hosts.values()),
            "resumed": resumed,
            "done_again": len(store.spoiled),
            "deaths": len(deaths),
            "memory_mib": memory,
            "peak_mib": {
                "parent": -(-peak() // MIB),
                "worker": max(host["peak_mib"] for host in places.hosts.values()),
            },
            "hosts": [places.hosts[name] for name in sorted(places.hosts)],
        }
        store.finish(found, run)
    finally:
        store.close()
    return Swept(found, run)


def require(asked: Asked, where: engines.Engine, workers: int | None, memory: int | None) -> None:
    """Raise `SweepError` before any work for what makes no sense or cannot be had here."""
    for name in ("networks", "points"):
        if getattr(asked, name) < 1:
            raise SweepError(f"{getattr(asked, name)} {name} were asked for: ask for at least one")
    most = MOST // max(asked.points, POINTS)
    if asked.networks > most:
        said = f"{Decimal(asked.networks):.3g} networks x {Decimal(asked.points):.3g} pairs of points"
        remedy = f"--networks {most} at most, and for more with another --seed" if most else "fewer points"
        raise SweepError(f"{said} are too much for one sweep: ask for {remedy}")
    if asked.seed < 0:
        raise SweepError(f"the seed {asked.seed} is negative: give a whole number of at least 0")
    if workers is not None and (workers < 1 or where.name == "dask"):
        said = "a dask cluster has its own workers: leave --workers out" if workers > 0 else "ask for at least one"
        raise SweepError(f"{workers} workers were asked for: {said}")
    if memory is not None and asked.device != "cpu":
        raise SweepError(f"--memory {memory} bounds workers on a CPU, not on {asked.device}: leave it out there")
    if find_spec("torch") is None:
        raise SweepError("a sweep needs torch: pip install 'lipcheck[torch,sweep]'")
    where.require()


def unfinished(asked: Asked, store: Store) -> tuple[set[int], int]:
    """The numbers of the chunks that are not there, and the networks of those that are."""
    missing, done = set(), 0
    for chunk in chunks(asked):
        if store.read(chunk.number) is None:
            missing.add(chunk.number)
        else:
            done += chunk.networks
    return missing, done


def together(asked: Asked, store: Store) -> tuple[Merged, Places]:
    """All chunks, read back from the disk one by one in the order of their numbers."""
    from lipcheck.engines.architectures import architectures

    merged, places = Merged(architectures(asked.law())), Places()
    for chunk in chunks(asked):
        kept = store.read(chunk.number)
        if kept is None:
            raise SweepError(f"{store.path(chunk.number)} was lost or altered meanwhile: go on with --resume")
        merged.add(kept[0])
        places.add(kept[1])
    return merged, places
