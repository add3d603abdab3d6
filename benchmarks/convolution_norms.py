"""Norms of a 64-channel 3x3 convolution on 32 x 32 in each padding mode: seconds of processor time, upper / lower."""

from __future__ import annotations

import time
from typing import get_args

import numpy as np
import torch

from lipcheck.bounds.convolution import convolution_norm
from lipcheck.bounds.convolution_taps import PaddingMode

CHANNELS = 64


def main() -> None:
    """Measure Gaussian and near-orthogonal filters on one thread; the first call includes imports."""
    torch.set_num_threads(1)
    draw = np.random.default_rng(0)
    noise = draw.standard_normal((CHANNELS, CHANNELS, 3, 3)) / (9 * CHANNELS) ** 0.5
    near = 0.1 * noise
    near[:, :, 1, 1] += np.linalg.qr(draw.standard_normal((CHANNELS, CHANNELS)))[0]
    for name, weight in (("Gaussian", noise), ("near-orthogonal", near)):
        for mode in get_args(PaddingMode):
            start, processor = time.perf_counter(), time.process_time()
            bound = convolution_norm(weight, (32, 32), padding=1, mode=mode)
            wall, busy = time.perf_counter() - start, time.process_time() - processor
            ratio = bound.upper / bound.lower
            print(
                f"{name:16} {mode:10} {wall:6.2f} s ({busy:6.2f} s busy)   upper / lower {ratio:.5f}   {bound.method}"
            )


if __name__ == "__main__":
    main()
