"""Laws searched on networks by the million: in chunks, on many workers, resumable, with the same bytes everywhere."""

from lipcheck.sweep.plan import Asked, SweepError
from lipcheck.sweep.run import Swept, sweep

__all__ = ["Asked", "SweepError", "Swept", "sweep"]
