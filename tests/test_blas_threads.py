"""BLAS has one thread within, whoever else is inside, and its own number afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from lipcheck.norms import verified_spectral_norm
from lipcheck.norms.blas_threads import one_blas_thread


def threads() -> set[int]:
    return {pool["num_threads"] for pool in ThreadpoolController().select(user_api="blas").info()}


@pytest.fixture
def three() -> Iterator[None]:
    import scipy.linalg  # noqa: F401

    with ThreadpoolController().limit(limits=3, user_api="blas"):
        if threads() != {3}:
            pytest.skip("this BLAS does not take a number of threads")
        yield


def test_one_thread_within_and_three_after_an_error(three: None) -> None:
    with pytest.raises(ValueError, match="planted"), one_blas_thread():
        with one_blas_thread():
            assert threads() == {1}
        assert threads() == {1}
        raise ValueError("planted")
    assert threads() == {3}


def test_a_thread_that_enters_later_changes_nothing(three: None) -> None:
    entered, leave = Event(), Event()

    def other() -> None:
        with one_blas_thread():
            entered.set()
            leave.wait(60)

    thread = Thread(target=other)
    with one_blas_thread():
        thread.start()
        assert entered.wait(60)
        assert threads() == {1}
    assert threads() == {3}
    leave.set()
    thread.join()
    assert threads() == {3}


def test_the_factorisation_of_a_verified_norm_has_one(three: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from lipcheck.norms import verified

    seen: list[set[int]] = []
    plain = verified._ends
    monkeypatch.setattr(verified, "_ends", lambda b, exponent: (seen.append(threads()), plain(b, exponent))[1])
    verified_spectral_norm(np.eye(3))
    assert seen == [{1}]
    assert threads() == {3}
