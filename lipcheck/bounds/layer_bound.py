"""The constant of one layer, enclosed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerBound:
    """lower <= constant <= upper, both ends proved for the stored numbers; `method` names how the upper end was got."""

    lower: float
    upper: float
    method: str
