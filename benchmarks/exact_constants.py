"""Exact Lipschitz constants of random MaxMin networks: seconds, programs, certificates, the check of these included.

    python benchmarks/exact_constants.py [--full] [--networks 10] [--seconds 15] [SHAPE ...]

A shape is 8-32-32-1 or the like; --full adds 4-64-64-1, some minutes per network. Weights are Gaussian of variance
1 / inputs, biases Gaussian. For 2-16-16-1 the linear programs of enumeration stand beside those of branch and bound.
What is not closed after the given seconds is reported with the relative gap that is left.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.bounds.exact import exact_constant
from lipcheck.bounds.exact.trees import Branch, Forced, Tree
from lipcheck.network import Affine, Layer, MaxMin, Network

SHAPES = {"2-16-16-1": 10.0, "8-16-16-1": 10.0, "8-32-32-1": 60.0, "4-64-64-1": 900.0}
"""Shapes and the seconds that a network may take."""


def maxmin(shape: str, seed: int) -> AbsNormal:
    """A random MaxMin network of this shape."""
    rng, widths = random.Random(f"{shape} {seed}"), [int(w) for w in shape.split("-")]
    layers: list[Layer] = []
    for n, m in pairwise(widths):
        rows = [[rng.gauss(0, 1 / math.sqrt(n)) for _ in range(n)] for _ in range(m)]
        layers += [Affine(rows, [rng.gauss(0, 1) for _ in range(m)]), MaxMin()]
    return abs_normal(Network(widths[0], tuple(layers[:-1])))


def nodes(tree: Tree) -> int:
    """How many nodes a certificate has."""
    count, todo = 0, [tree]
    while todo:
        count += 1
        match todo.pop():
            case Branch(plus=plus, minus=minus):
                todo += [plus, minus]
            case Forced(rest=rest):
                todo.append(rest)
    return count


def network(shape: str, seed: int, seconds: float) -> dict[str, float]:
    """What one network takes."""
    form = maxmin(shape, seed)
    start, used = time.perf_counter(), time.process_time()
    found = exact_constant(form, 2, deadline=seconds)
    row = {
        "wall": time.perf_counter() - start,
        "cpu": time.process_time() - used,
        "programs": float(found.programs),
        "nodes": float(nodes(found.certificate.tree)),
        "gap": 0.0 if found.power is not None else float(found.upper / found.lower - 1),
    }
    if shape == "2-16-16-1":
        truth = enumerate_constant(form, 2)
        assert truth.power == found.power
        row["enumeration"] = float(truth.programs)
    return row


def measure(
    gates: int = 32, networks: int = 10, shapes: Sequence[str] | None = None, seconds: float | None = None
) -> Iterator[dict[str, object]]:
    """Per shape with at most so many gates: the medians, the worst gap, how many are closed, and each network's row."""
    for shape in SHAPES if shapes is None else shapes:
        if shapes is None and sum(map(int, shape.split("-")[1:-1])) // 2 > gates:
            continue
        rows = [network(shape, seed, seconds or SHAPES.get(shape, 600.0)) for seed in range(networks)]
        medians = {name: statistics.median(row[name] for row in rows) for name in rows[0] if name != "gap"}
        gap = max(row["gap"] for row in rows)
        closed = sum(not row["gap"] for row in rows)
        yield {"shape": shape, "networks": networks, "closed": closed, **medians, "gap": gap, "rows": rows}


def main() -> None:
    """Print one line per shape."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*")
    parser.add_argument("--full", action="store_true", help="4-64-64-1 as well")
    parser.add_argument("--networks", type=int, default=10)
    parser.add_argument("--seconds", type=float, help="the deadline of each network")
    given = parser.parse_args()
    print(
        f"{'shape':12} {'closed':>7} {'wall s':>8} {'CPU s':>8} {'programs':>9} {'enumeration':>12} {'nodes':>8} "
        f"{'gap':>9}"
    )
    for row in measure(64 if given.full else 32, given.networks, given.shapes or None, given.seconds):
        print(
            f"{row['shape']:12} {row['closed']:3}/{row['networks']:<3} {row['wall']:8.2f} {row['cpu']:8.2f} "
            f"{row['programs']:9.0f} {row.get('enumeration', '-'):>12} {row['nodes']:8.0f} {row['gap']:9.2e}",
            flush=True,
        )


if __name__ == "__main__":
    main()
