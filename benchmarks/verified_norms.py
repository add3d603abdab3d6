"""The verified spectral norm beside singular values in float64, Gaussian and near-orthogonal, five pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from _timing import medians, report

from lipcheck.norms import verified_spectral_norm

SIZES = (16, 64, 128, 512, 1024, 2048)
FAMILIES = ("Gaussian", "near-orthogonal")


def matrix(family: str, n: int) -> np.ndarray:
    """A square matrix of the family, always the same."""
    draw = np.random.default_rng(n)
    gaussian = draw.standard_normal((n, n))
    if family == "Gaussian":
        return gaussian
    orthogonal: np.ndarray = np.linalg.qr(gaussian)[0]
    return orthogonal + 1e-6 * draw.standard_normal((n, n)) / n**0.5


def measure(sizes: Sequence[int] = SIZES, rounds: int = 5) -> list[dict[str, object]]:
    """One row per matrix: seconds of both, their ratio, and how far apart the two ends are."""
    torch.set_num_threads(1)
    rows: list[dict[str, object]] = []
    for n in sizes:
        for family in FAMILIES:
            array = matrix(family, n)
            tensor = torch.from_numpy(array)
            lower, upper = verified_spectral_norm(array)
            found = medians(
                {
                    "torch.linalg.svdvals": lambda tensor=tensor: torch.linalg.svdvals(tensor),  # type: ignore[misc]
                    "verified_spectral_norm": lambda array=array: verified_spectral_norm(array),  # type: ignore[misc]
                },
                rounds=rounds,
            )
            ratio = found["verified_spectral_norm"] / found["torch.linalg.svdvals"]
            rows.append({"family": family, "n": n, "width": upper / lower - 1, "ratio": ratio, "seconds": found})
    return rows


def main() -> None:
    """Measure and print."""
    for row in (row for n in SIZES for row in measure((n,))):
        title = f"{row['family']}, {row['n']} x {row['n']}, float64, one thread: upper / lower - 1 = {row['width']:.1e}"
        report(title, row["seconds"])  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
