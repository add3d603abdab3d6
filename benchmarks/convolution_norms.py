"""Norms of a 64-channel 3x3 convolution on 32 x 32, each padding mode, beside the time allowed, on two threads.

The goal asks for an upper end within 5 % of the lower one, too. A small convolution of each mode is bounded first, so
that imports do not count.
"""

from __future__ import annotations

import time
from typing import get_args

import numpy as np
from _timing import ALLOWED, Measured, Row, Size, alone, threads

from lipcheck.bounds.convolution import convolution_norm
from lipcheck.bounds.convolution_taps import PaddingMode

SIDES: dict[Size, tuple[int, int]] = {"tiny": (3, 6), "quick": (16, 16), "whole": (64, 32), "full": (64, 32)}
"""Channels, and the image's side."""
LIMIT, WIDTH = 10.0, 1.05
CORES = 2


def filters(channels: int) -> dict[str, np.ndarray]:
    """A Gaussian filter of norm about two, and one near an orthogonal matrix at its middle tap."""
    draw = np.random.default_rng(0)
    noise = draw.standard_normal((channels, channels, 3, 3)) / (9 * channels) ** 0.5
    near = 0.1 * noise
    near[:, :, 1, 1] += np.linalg.qr(draw.standard_normal((channels, channels)))[0]
    return {"Gaussian": noise, "near-orthogonal": near}


def measure(size: Size = "whole") -> Measured:
    """One row for each filter and padding mode."""
    channels, side = SIDES[size]
    for name, weight in filters(channels).items():
        for mode in get_args(PaddingMode):
            with threads(CORES):
                convolution_norm(weight[:4, :4], (8, 8), padding=1, mode=mode)
                start, processor = time.perf_counter(), time.process_time()
                bound = convolution_norm(weight, (side, side), padding=1, mode=mode)
                wall, busy = time.perf_counter() - start, time.process_time() - processor
            ratio = bound.upper / bound.lower
            yield Row(
                f"{mode}, {name}",
                f"{channels} channels, {side} x {side}",
                wall,
                ALLOWED,
                LIMIT,
                1.0 if size in ("whole", "full") else None,
                f"upper / lower = {ratio:.4f}, {busy:.1f} s busy, {bound.method}",
                ratio <= WIDTH,
            )


if __name__ == "__main__":
    alone(__file__)
