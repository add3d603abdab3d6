"""The verified spectral norm beside singular values in float64, Gaussian and near-orthogonal, five pairs."""

from __future__ import annotations

import numpy as np
import torch
from _timing import medians, report

from lipcheck.norms import verified_spectral_norm


def main() -> None:
    """Measure, and print how far apart the two ends are."""
    torch.set_num_threads(1)
    draw = np.random.default_rng(0)
    for n in (512, 1024, 2048):
        gaussian = draw.standard_normal((n, n))
        near = np.linalg.qr(gaussian)[0] + 1e-6 * draw.standard_normal((n, n)) / n**0.5
        for name, matrix in (("Gaussian", gaussian), ("near-orthogonal", near)):
            tensor = torch.from_numpy(matrix)
            lower, upper = verified_spectral_norm(matrix)
            found = medians(
                {
                    "torch.linalg.svdvals": lambda tensor=tensor: torch.linalg.svdvals(tensor),  # type: ignore[misc]
                    "verified_spectral_norm": lambda matrix=matrix: verified_spectral_norm(matrix),  # type: ignore[misc]
                },
                rounds=5,
            )
            report(f"{name}, {n} x {n}, float64, one thread: upper / lower - 1 = {upper / lower - 1:.1e}", found)


if __name__ == "__main__":
    main()
