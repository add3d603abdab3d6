"""Where chunks are evaluated: joblib's backends for this machine, a dask cluster or ray.

Answers come in any order, each as soon as it is there. A worker that dies takes the chunks in hand with it: joblib's
pool and ray then end the pass with an exception, and the next pass does what is missing; dask gives the chunk to
another worker. `DEATHS` in a row without a single answer end the sweep, which can be resumed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import Any

from lipcheck.sweep.chunk import Answer, evaluate
from lipcheck.sweep.plan import Chunk, Plan, SweepError

DEATHS = 3
"""Times in a row that workers may die without a chunk done before the sweep gives up."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Engine:
    """A joblib backend, and for dask the address of the scheduler."""

    name: str
    address: str = ""

    @classmethod
    def parse(cls, text: str) -> Engine:
        """The engine that "local", "dask:ADDRESS" or "ray" names."""
        name, _, address = text.partition(":")
        if text not in ("local", "ray") and not (name == "dask" and address):
            raise SweepError(f"{text!r} is not an engine: use local, dask:ADDRESS (as in dask:tcp://host:8786) or ray")
        return cls(name, address)

    def require(self) -> None:
        """Raise `SweepError`, with the remedy, where a package is missing."""
        needed = {"local": ("joblib",), "dask": ("joblib", "dask", "distributed"), "ray": ("joblib", "ray")}[self.name]
        missing = [package for package in needed if find_spec(package) is None]
        if missing:
            extra = "pip install ray" if missing == ["ray"] else "pip install 'lipcheck[sweep]'"
            raise SweepError(f"--engine {self.name} needs {' and '.join(missing)}: {extra}")

    def backend(self, stack: ExitStack) -> dict[str, Any]:
        """The arguments of `joblib.parallel_config`; connections are closed with the stack."""
        if self.name == "local":
            return {"backend": "loky", "inner_max_num_threads": 1}
        if self.name == "ray":
            from ray.util.joblib import register_ray

            register_ray()
            return {"backend": "ray"}
        connect: Any = import_module("distributed").Client
        try:
            # Before the client is made, for one that cannot be is noisy and slow to go.
            import_module("distributed.comm").resolve_address(self.address)
            client = stack.enter_context(connect(self.address, timeout=10, set_as_default=False))
        except (OSError, ValueError) as error:
            raise SweepError(f"no dask scheduler answers at {self.address} ({error}): give its address") from error
        return {"backend": "dask", "client": client}

    def lost(self) -> tuple[type[BaseException], ...]:
        """What joblib raises when dask's scheduler is gone, or cannot be reached any more."""
        if self.name != "dask":
            return ()
        from distributed.client import FutureCancelledError
        from distributed.comm.core import CommClosedError

        return (FutureCancelledError, CommClosedError)

    def died(self) -> tuple[type[BaseException], ...]:
        """What joblib raises when workers die."""
        from joblib.externals.loky.process_executor import BrokenProcessPool

        if self.name == "dask":
            from distributed.scheduler import KilledWorker

            return (KilledWorker,)
        if self.name == "ray":
            from ray.exceptions import RayError

            return (RayError,)
        return (BrokenProcessPool,)


def answers(
    engine: Engine,
    workers: int | None,
    plan: Plan,
    pending: Callable[[], Iterator[Chunk]],
    memory: int | None,
    tell: Tell,
) -> Iterator[Answer]:
    """The answers to the pending chunks; `pending` is asked anew after a death, by when it leaves out what is kept."""
    deaths = 0
    while True:
        try:
            for answer in one_pass(engine, workers, plan, pending(), memory, tell):
                deaths = 0
                yield answer
            return
        except engine.lost() as error:
            said = f"the connection to the scheduler at {engine.address} was lost"
            raise SweepError(f"{said}: start it again, and go on with --resume") from error
        except engine.died() as error:
            deaths += 1
            said = " ".join(str(error).split())[:160]
            if deaths == DEATHS:
                raise SweepError(
                    f"workers died {DEATHS} times in a row ({said}): memory may be short; ask for fewer --workers or "
                    "less --memory, and go on with --resume"
                ) from error
            tell(f"a worker died; the chunks in hand are done again ({said})")


def one_pass(
    engine: Engine, workers: int | None, plan: Plan, pending: Iterator[Chunk], memory: int | None, tell: Tell
) -> Iterator[Answer]:
    """Answers until all chunks are done or a worker dies."""
    from joblib import Parallel, delayed, effective_n_jobs, parallel_config

    asked = workers or -1
    parent = os.getpid() if engine.name == "local" else None
    calls = (delayed(evaluate)(plan, chunk, memory, parent) for chunk in pending)
    with ExitStack() as stack:
        arguments = engine.backend(stack)
        stack.enter_context(parallel_config(**arguments))
        if engine.name == "ray":
            # Its backend hands over lists only: one chunk for each worker at a time, so that no more is lost than that.
            pool = stack.enter_context(Parallel(n_jobs=asked, batch_size=1))
            while some := list(islice(calls, effective_n_jobs(asked))):
                yield from pool(some)
            return
        found = Parallel(n_jobs=asked, batch_size=1, return_as="generator_unordered")(calls)
        yield from watched(found, arguments["client"], tell) if engine.name == "dask" else found


def watched(found: Iterable[Answer], client: Any, tell: Tell) -> Iterator[Answer]:
    """The answers; a worker that is no longer in the cluster is told of when the next one comes."""
    present: set[str] = set(client.scheduler_info(n_workers=-1)["workers"])
    for answer in found:
        there = set(client.scheduler_info(n_workers=-1)["workers"])
        for address in sorted(present - there):
            tell(f"the worker at {address} is gone; dask gives its chunk to another")
        present = there
        yield answer


def count(engine: Engine, workers: int | None) -> int:
    """How many workers `local` runs; 0 where the cluster decides."""
    import joblib

    return (workers or joblib.cpu_count()) if engine.name == "local" else workers or 0
