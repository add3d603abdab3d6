"""Deadlines: instants of `time.monotonic()` at which a step hands back the best sound result that it has."""

from __future__ import annotations

import math
import time

NO_TIME = "no time was left"
"""What a step says that the deadline left out."""


def late(deadline: float | None) -> bool:
    """Whether the deadline has passed; None is no deadline."""
    return deadline is not None and time.monotonic() >= deadline


def left(deadline: float | None) -> float:
    """The seconds until the deadline, at least 0."""
    return math.inf if deadline is None else max(0.0, deadline - time.monotonic())
