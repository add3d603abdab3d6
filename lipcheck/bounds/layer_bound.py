"""What is known about the norm of one layer: two floats that enclose it, and by which method."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lipcheck.norms import NormError


@dataclass(frozen=True, slots=True)
class LayerBound:
    """0 <= lower <= Lipschitz constant of the layer <= upper, floats rounded outwards.

    `lower` is 0.0 where nothing is known, `upper` is inf beyond the range of float64. `method` says what certifies the
    upper end. Raises NormError for ends in the wrong order and for NaN.
    """

    lower: float
    upper: float
    method: str

    def __post_init__(self) -> None:
        """Refuse what cannot be a bound."""
        if not 0 <= self.lower <= self.upper or math.isinf(self.lower):
            raise NormError(f"The ends {self.lower} and {self.upper} enclose no norm: give 0 <= lower <= upper.")
