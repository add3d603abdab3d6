"""Rows projected onto the l1 ball: in passes where that is faster, beside sorting every row; the same numbers.

The reference makes the same promises: large entries keep their digits, rows inside the ball every bit. The textbook
form beside it makes neither, and is faster where a call is all overhead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from _timing import medians, report

from lipcheck.nn.l1_projection import l1_project

SHAPES = ((4096, 4), (4096, 16), (1, 1024), (64, 64), (1024, 64), (1024, 256), (1024, 1024), (64, 4096), (4, 65536))
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


def measure(shapes: Sequence[tuple[int, int]] = SHAPES, rounds: int = 5) -> list[dict[str, object]]:
    """One row per shape and scale: seconds of both, and how many times faster ours is."""
    torch.set_num_threads(1)
    draw = torch.Generator().manual_seed(0)
    found: list[dict[str, object]] = []
    for shape in shapes:
        for scale in SCALES:
            rows = torch.randn(shape, generator=draw) * (1.0 if scale == "Gaussian" else shape[1] ** -0.5)
            torch.testing.assert_close(l1_project(rows), by_sorting(rows), rtol=0, atol=1e-5)
            repeats = max(1, 2**18 // rows.numel())

            def repeated(
                project: Callable[[torch.Tensor], torch.Tensor], rows: torch.Tensor = rows, repeats: int = repeats
            ) -> Callable[[], None]:
                return lambda: [project(rows) for _ in range(repeats)].clear()

            seconds = medians(
                {
                    "by sorting": repeated(by_sorting),
                    "l1_project": repeated(l1_project),
                    "by sorting, textbook": repeated(textbook),
                },
                rounds=rounds,
            )
            faster = seconds["by sorting"] / seconds["l1_project"]
            found.append({"shape": shape, "scale": scale, "times faster": faster, "seconds": seconds})
    return found


def main() -> None:
    """Measure and print."""
    for row in (row for shape in SHAPES for row in measure((shape,))):
        title = f"{row['shape']}, {row['scale']}, float32, one thread: {row['times faster']:.2f} times faster"
        report(title, row["seconds"])  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
