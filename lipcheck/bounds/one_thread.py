"""Dense products on one thread for each task, and independent tasks side by side.

numpy and scipy bring a pool of threads each, whose idle threads spin while they wait: matrices of a few hundred rows,
handed to one pool and the other in turns, take ten times the processor time of one thread. Here torch does the dense
work, on one thread, and tasks that do not depend on each other run in as many threads as torch was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from lipcheck.norms.rounding import Floats

Task = TypeVar("Task")
Result = TypeVar("Result")


def product(a: Floats, b: Floats) -> Floats:
    """The product of two matrices, vectors or stacks, by conventional inner products in float64."""
    import torch

    result: Floats = (torch.from_numpy(a) @ torch.from_numpy(b)).numpy()
    return result


@contextmanager
def one_thread() -> Iterator[int]:
    """Torch works on one thread within, so that sums are in one order; gives the number of threads that it had."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield before
    finally:
        torch.set_num_threads(before)


def side_by_side(function: Callable[[Task], Result | None], tasks: Iterable[Task]) -> list[Result] | None:
    """The results in order, or None as soon as one of them is None: tasks that have not begun are then left out."""
    import torch

    with one_thread() as workers:
        if workers == 1:
            return _all_found(map(function, tasks))
        with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            try:
                return _all_found(pool.map(function, tasks))
            finally:
                pool.shutdown(cancel_futures=True)


def _all_found(results: Iterable[Result | None]) -> list[Result] | None:
    found: list[Result] = []
    for each in results:
        if each is None:
            return None
        found.append(each)
    return found
