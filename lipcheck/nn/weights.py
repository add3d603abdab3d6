"""What the modules on orthonormal weights ask of a weight."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from lipcheck.norms import NormError


def check_weight(weight: Any) -> None:
    """Raise NormError unless it is a tensor of real floating-point matrices (..., m, n), m and n positive."""
    if not isinstance(weight, Tensor):
        raise NormError(f"The weight is a {type(weight).__name__}: give a torch tensor of matrices (..., m, n).")
    if weight.ndim < 2 or not weight.shape[-2] or not weight.shape[-1] or not weight.is_floating_point():
        raise NormError(
            f"The weight is {weight.dtype} of shape {tuple(weight.shape)}: give real matrices (..., m, n), not empty."
        )
