"""Subnormal numbers as they are, while an audit runs: torch.set_flush_denormal(True) makes zeros of them.

A weight of 1e-40 in float32 is then read as 0, and a bound that is too small follows. The mode belongs to the thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def subnormal_numbers() -> Iterator[None]:
    """Leave the mode that flushes subnormal numbers to zero, and go back to it in the end."""
    import torch

    if not flushing():
        yield
        return
    torch.set_flush_denormal(False)
    try:
        yield
    finally:
        torch.set_flush_denormal(True)


def flushing() -> bool:
    """Whether this thread takes subnormal numbers for zero."""
    import numpy as np

    # A product at run time: Python's own constants are folded when the code is compiled.
    return bool(np.array([2.0**-1022])[0] * np.array([0.5])[0] == 0.0)
