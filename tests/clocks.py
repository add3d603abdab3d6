"""A clock for tests of deadlines: no test waits, and a step that looks at the clock too seldom is found out."""

from __future__ import annotations


class Clock:
    """Each look at it takes `step` seconds."""

    def __init__(self, step: float = 1.0) -> None:
        self.now, self.step = 0.0, step

    def monotonic(self) -> float:
        """The time after this look."""
        self.now += self.step
        return self.now
