"""A law on networks, searched by the million: in chunks, on many workers, resumable, the same bytes wherever it runs."""

from lipcheck.sweep.plan import Asked, SweepError
from lipcheck.sweep.run import Swept, sweep

__all__ = ["Asked", "SweepError", "Swept", "sweep"]
