"""Tasks side by side: the same results in the same order for any number of threads, which is what it was afterwards."""

from __future__ import annotations

import threading

import pytest

torch = pytest.importorskip("torch")

from lipcheck.bounds.one_thread import one_thread, side_by_side  # noqa: E402


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_side_by_side(threads: int) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    workers = set()

    def square(n: int) -> int | None:
        workers.add((threading.get_ident(), torch.get_num_threads()))
        return n * n if n < 50 else None

    try:
        assert side_by_side(square, range(40)) == [n * n for n in range(40)]
        assert side_by_side(square, range(60)) is None
        assert {each for _, each in workers} == {1}
        assert torch.get_num_threads() == threads
        with one_thread() as given:
            assert given == threads and torch.get_num_threads() == 1
        with pytest.raises(ZeroDivisionError):
            side_by_side(lambda n: 1 // n, range(3))
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
