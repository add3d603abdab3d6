"""The verified spectral norm beside torch.linalg.svdvals in float64, of Gaussian and near-orthogonal matrices.

Singular values in floating point carry no proof; ours is a pair of ends that rounding cannot falsify. The goal asks for
ends within 1e-9 of each other, too.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from _timing import Measured, Row, Size, alone, medians

from lipcheck.norms import verified_spectral_norm

SIDES: dict[Size, tuple[int, ...]] = {
    "tiny": (16,),
    "quick": (16, 128, 512),
    "whole": (16, 64, 128, 512, 1024, 2048),
    "full": (16, 64, 128, 512, 1024, 2048),
}
FAMILIES = ("Gaussian", "near-orthogonal")
GOALS = {1024: 2.0, 2048: 4.0}
"""At most a half and a quarter of the time."""
WIDTH = 1e-9


def matrix(family: str, n: int) -> np.ndarray:
    """A square matrix of the family, always the same."""
    draw = np.random.default_rng(n)
    gaussian = draw.standard_normal((n, n))
    if family == "Gaussian":
        return gaussian
    orthogonal: np.ndarray = np.linalg.qr(gaussian)[0]
    orthogonal += 1e-6 * draw.standard_normal((n, n)) / n**0.5
    return orthogonal


def measure(size: Size = "whole") -> Measured:
    """One row per matrix."""
    for n in SIDES[size]:
        for family in FAMILIES:
            array = matrix(family, n)
            tensor = torch.from_numpy(array)
            lower, upper = verified_spectral_norm(array)
            found = medians(
                {
                    "torch.linalg.svdvals": partial(torch.linalg.svdvals, tensor),
                    "ours": partial(verified_spectral_norm, array),
                },
                rounds=51 if n <= 128 else 5,
            )
            width = upper / lower - 1
            yield Row(
                f"verified norm, {family}",
                f"{n} x {n}",
                found["ours"],
                "torch.linalg.svdvals",
                found["torch.linalg.svdvals"],
                GOALS.get(n),
                f"upper / lower - 1 = {width:.1e}",
                width <= WIDTH,
            )


if __name__ == "__main__":
    alone(__file__)
