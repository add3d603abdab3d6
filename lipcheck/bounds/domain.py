"""Where a search may look: all inputs or a closed box, and where it looks first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_SCALES = (1e-2, 1e-1, 1.0, 1.0, 1.0, 10.0, 100.0)


class DomainError(LipcheckError, ValueError):
    """A box or data that do not fit the network's inputs."""


@dataclass(frozen=True, eq=False)
class Domain:
    """The box [low, high], infinite ends allowed, the coordinates that are free in it, and examples (or None).

    `spread` is a typical distance in it.
    """

    low: Tensor
    high: Tensor
    free: Tensor
    data: Tensor | None
    spread: float

    def clip(self, x: Tensor) -> Tensor:
        """The nearest points inside, coordinate by coordinate; no number for one that is none."""
        return x.nan_to_num(0.0).clamp(self.low, self.high)

    def sample(self, count: int, random: torch.Generator) -> Tensor:
        """Points inside: Gaussian at several scales, data and points between and near them; in a box also corners."""
        import torch

        size = (count, len(self.low))
        gauss = torch.randn(size, generator=random, dtype=torch.float64)
        if bool((self.low.isfinite() & self.high.isfinite()).all()):
            part = torch.rand(size, generator=random, dtype=torch.float64)
            part[::4] = part[::4].round()
            x = self.low + part * (self.high - self.low)
        else:
            x = gauss * torch.tensor(_SCALES, dtype=torch.float64).repeat(count)[:count, None]
        if self.data is not None:
            first, second = torch.randint(len(self.data), (2, count), generator=random)
            between = torch.rand(count, 1, generator=random, dtype=torch.float64)
            between[::2] = 0.0
            x[1::2] = (self.data[first] + between * (self.data[second] - self.data[first]))[1::2]
            x[1::4] += 0.1 * self.spread * gauss[1::4]
        return self.clip(x)


def domain_of(inputs: int, box: tuple[Any, Any] | None, data: Any) -> Domain:
    """Check and convert: box ends are numbers or arrays of one example, data holds one example per row."""
    import torch

    if inputs < 1:
        raise DomainError("The network has no inputs: give it at least one number to read.")
    low, high = (
        _end(inputs, end, name) for end, name in zip(box or (-torch.inf, torch.inf), ("least", "largest"), strict=True)
    )
    if not bool((low <= high).all()):
        raise DomainError("The box is empty: give least numbers that are at most the largest.")
    free = low < high
    if not bool(free.any()):
        raise DomainError("The box is a single point: give one with room for two inputs.")
    known = None if data is None else rows_of(data, inputs)
    widths = (high - low)[free & low.isfinite() & high.isfinite()]
    spread = 1.0
    if len(widths) == int(free.sum()):
        spread = float(widths.max()) / 4
    elif known is not None:
        spread = float((known - known.mean(0)).abs().max()) or float(known.abs().max()) or 1.0
    return Domain(low, high, free, known, spread)


def rows_of(data: Any, inputs: int) -> Tensor:
    """Examples as rows of float64, (count, inputs); DomainError for other sizes, none at all, NaN and infinities."""
    import numpy as np
    import torch

    array = np.asarray(data)
    if array.dtype.kind not in "biuf":
        raise DomainError(f"The data are of dtype {array.dtype}: give numbers.")
    if array.ndim < 1 or not len(array):
        raise DomainError(f"The data of shape {array.shape} hold no example: give at least one row.")
    rows = np.ascontiguousarray(array.reshape(len(array), -1), dtype=np.float64)
    if rows.shape[1] != inputs:
        raise DomainError(f"The examples have {rows.shape[1]} numbers each: the network reads {inputs}.")
    if not np.isfinite(rows).all():
        at = [int(k) for k in np.argwhere(~np.isfinite(rows))[0]]
        raise DomainError(f"Example {at[0]} holds {rows[at[0], at[1]]} at {at[1]}: give finite numbers.")
    return torch.from_numpy(rows.copy())


def _end(inputs: int, end: Any, name: str) -> Tensor:
    import numpy as np
    import torch

    wide = np.asarray(end, np.float64)
    if wide.size not in (1, inputs) or np.isnan(wide).any():
        raise DomainError(f"The {name} inputs have the shape {wide.shape}: give one number, or {inputs}, none NaN.")
    return torch.from_numpy(np.broadcast_to(wide.ravel(), (inputs,)).copy())
