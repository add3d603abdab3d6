"""Rows projected onto the l1 ball: in passes where that is faster, beside sorting every row; the same numbers.

The reference makes the same promises: large entries keep their digits, rows inside the ball every bit. The textbook
form beside it makes neither, and is faster where a call is all overhead.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from _timing import Measured, Row, Size, alone, medians

from lipcheck.nn.l1_projection import l1_project

ALL = ((4096, 4), (4096, 16), (1, 1024), (64, 64), (1024, 64), (1024, 256), (1024, 1024), (64, 4096), (4, 65536))
SHAPES: dict[Size, tuple[tuple[int, int], ...]] = {
    "tiny": ((4, 4), (2, 64)),
    "quick": ALL[1::2],
    "whole": ALL,
    "full": ALL,
}
WIDE, WIDE_GOAL = 1024, 1.7
SCALES = ("Gaussian", "as initialised")


def by_sorting(rows: torch.Tensor, radius: float = 1.0) -> torch.Tensor:
    """Sort, cumulate, take the largest threshold, measured from the largest entry; rows inside the ball are kept."""
    sizes = rows.abs()
    below = sizes - sizes.amax(-1, keepdim=True)
    sums = below.sort(dim=-1, descending=True).values.cumsum(-1) - radius
    counts = torch.arange(1, rows.shape[-1] + 1, dtype=rows.dtype)
    threshold = (sums / counts).amax(-1, keepdim=True)
    shrunk = rows.sign() * (below - threshold).clamp(min=0)
    return torch.where(sizes.sum(-1, keepdim=True) <= radius, rows, shrunk)


def textbook(rows: torch.Tensor, radius: float = 1.0) -> torch.Tensor:
    """The same threshold from the entries themselves."""
    sizes = rows.abs()
    sums = sizes.sort(dim=-1, descending=True).values.cumsum(-1) - radius
    counts = torch.arange(1, rows.shape[-1] + 1, dtype=rows.dtype)
    threshold = (sums / counts).amax(-1, keepdim=True).clamp(min=0)
    return rows.sign() * (sizes - threshold).clamp(min=0)


def measure(size: Size = "whole") -> Measured:
    """One row per shape and scale."""
    draw = torch.Generator().manual_seed(0)
    for shape in SHAPES[size]:
        for scale in SCALES:
            rows = torch.randn(shape, generator=draw) * (1.0 if scale == "Gaussian" else shape[1] ** -0.5)
            torch.testing.assert_close(l1_project(rows), by_sorting(rows), rtol=0, atol=1e-5)
            repeats = 1 if size == "tiny" else max(1, 2**18 // rows.numel())

            def repeated(
                project: Callable[[torch.Tensor], torch.Tensor], rows: torch.Tensor = rows, repeats: int = repeats
            ) -> Callable[[], None]:
                return lambda: [project(rows) for _ in range(repeats)].clear()

            runs = {"sorting": by_sorting, "textbook": textbook, "ours": l1_project}
            found = medians({name: repeated(run) for name, run in runs.items()}, rounds=7)
            each = {name: seconds / repeats for name, seconds in found.items()}
            text = f"{shape[0]} x {shape[1]}, {scale}"
            goal = None if size == "tiny" else WIDE_GOAL if shape[1] >= WIDE else 1.0
            note = f"{each['textbook'] / each['ours']:.2f} beside the textbook's form"
            yield Row("l1_project", text, each["ours"], "sorting every row", each["sorting"], goal, note)


if __name__ == "__main__":
    alone(__file__)
