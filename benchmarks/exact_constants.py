"""Exact Lipschitz constants of random MaxMin networks: seconds and linear programs, the check of certificates included.

    python benchmarks/exact_constants.py [--networks 10] [--seconds 15] [SHAPE ...]

A shape is 8-32-32-1 or the like. Weights are Gaussian of variance 1 / inputs, biases Gaussian. For 2-16-16-1 the linear
programs of enumeration stand beside those of branch and bound. What is not closed after the given seconds is reported
with the relative gap that is left.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from itertools import pairwise

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.bounds.exact import exact_constant
from lipcheck.network import Affine, Layer, MaxMin, Network

SHAPES = {"2-16-16-1": 10.0, "8-16-16-1": 10.0, "8-32-32-1": 60.0}


def maxmin(shape: str, seed: int) -> AbsNormal:
    """A random MaxMin network of this shape."""
    rng, widths = random.Random(f"{shape} {seed}"), [int(w) for w in shape.split("-")]
    layers: list[Layer] = []
    for n, m in pairwise(widths):
        rows = [[rng.gauss(0, 1 / math.sqrt(n)) for _ in range(n)] for _ in range(m)]
        layers += [Affine(rows, [rng.gauss(0, 1) for _ in range(m)]), MaxMin()]
    return abs_normal(Network(widths[0], tuple(layers[:-1])))


def main() -> None:
    """Print one line per shape."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", default=list(SHAPES))
    parser.add_argument("--networks", type=int, default=10)
    parser.add_argument("--seconds", type=float, help="the deadline of each network")
    given = parser.parse_args()
    print(f"{'shape':12} {'closed':>7} {'wall s':>8} {'CPU s':>8} {'programs':>9} {'enumeration':>12} {'gap':>9}")
    for shape in given.shapes:
        wall, cpu, programs, gaps, brute = [], [], [], [], []
        for seed in range(given.networks):
            form = maxmin(shape, seed)
            start, used = time.perf_counter(), time.process_time()
            found = exact_constant(form, 2, deadline=given.seconds or SHAPES.get(shape, 600.0))
            wall.append(time.perf_counter() - start)
            cpu.append(time.process_time() - used)
            programs.append(found.programs)
            gaps.append(0.0 if found.power is not None else float(found.upper / found.lower - 1))
            if shape == "2-16-16-1":
                truth = enumerate_constant(form, 2)
                assert truth.power == found.power
                brute.append(truth.programs)
        closed = sum(not gap for gap in gaps)
        medians = [statistics.median(a) for a in (wall, cpu, programs)]
        print(
            f"{shape:12} {closed:3}/{len(gaps):<3} {medians[0]:8.2f} {medians[1]:8.2f} {medians[2]:9.0f} "
            f"{statistics.median(brute) if brute else '-':>12} {max(gaps):9.2e}",
            flush=True,
        )


if __name__ == "__main__":
    main()
