"""Norms of a 64-channel 3x3 convolution on 32 x 32 in each padding mode: seconds, and upper / lower."""

from __future__ import annotations

import time
from typing import get_args

import numpy as np
import torch

from lipcheck.bounds.convolution import convolution_norm
from lipcheck.bounds.convolution_taps import PaddingMode

CHANNELS = 64
IMAGE = (32, 32)


def filters() -> dict[str, np.ndarray]:
    """A Gaussian filter of norm about two, and one near an orthogonal matrix at its middle tap."""
    draw = np.random.default_rng(0)
    noise = draw.standard_normal((CHANNELS, CHANNELS, 3, 3)) / (9 * CHANNELS) ** 0.5
    near = 0.1 * noise
    near[:, :, 1, 1] += np.linalg.qr(draw.standard_normal((CHANNELS, CHANNELS)))[0]
    return {"Gaussian": noise, "near-orthogonal": near}


def measure() -> dict[str, dict[str, float | str]]:
    """For each filter and padding mode: seconds of wall and of processor time, upper / lower, and the method.

    With as many threads as torch has. A small convolution of each mode is bounded first, so that imports do not count.
    """
    found: dict[str, dict[str, float | str]] = {}
    for name, weight in filters().items():
        for mode in get_args(PaddingMode):
            convolution_norm(weight[:4, :4], (8, 8), padding=1, mode=mode)
            start, processor = time.perf_counter(), time.process_time()
            bound = convolution_norm(weight, IMAGE, padding=1, mode=mode)
            wall, busy = time.perf_counter() - start, time.process_time() - processor
            found[f"{name}, {mode}"] = {
                "wall_seconds": wall,
                "busy_seconds": busy,
                "upper_by_lower": bound.upper / bound.lower,
                "method": bound.method,
            }
    return found


def main() -> None:
    """Print what is measured."""
    print(f"{CHANNELS} channels, 3x3, {IMAGE[0]} x {IMAGE[1]}, {torch.get_num_threads()} threads")
    for name, each in measure().items():
        times = f"{each['wall_seconds']:6.2f} s ({each['busy_seconds']:6.2f} s busy)"
        print(f"{name:28} {times}   upper / lower {each['upper_by_lower']:.5f}   {each['method']}")


if __name__ == "__main__":
    main()
