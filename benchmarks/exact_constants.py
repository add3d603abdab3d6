"""Exact Lipschitz constants of random MaxMin networks, rational certificates and their check included.

Medians over networks, beside the time allowed and, for 2-16-16-1, beside enumeration. Weights are Gaussian of variance
1 / inputs, biases Gaussian. The notes give the linear programs solved and the nodes of certificates. Where the median
network is not closed in time there is no row: the relative gap that is left is told instead.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from itertools import pairwise

from _timing import ALLOWED, Measured, Omitted, Row, Size, alone

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.bounds.exact import exact_constant
from lipcheck.bounds.exact.trees import Branch, Forced, Tree
from lipcheck.network import Affine, Layer, MaxMin, Network

LIMITS = {"2-16-16-1": 1.0, "8-16-16-1": 1.0, "8-32-32-1": 15.0, "4-64-64-1": 300.0}
"""Seconds that the median network may take."""
CASES: dict[Size, dict[str, tuple[int, float]]] = {
    "tiny": {"2-4-4-1": (2, 10.0)},
    "quick": {"2-16-16-1": (3, 10.0), "8-16-16-1": (3, 10.0)},
    "whole": {"2-16-16-1": (10, 10.0), "8-16-16-1": (10, 10.0), "8-32-32-1": (10, 20.0), "4-64-64-1": (1, 10.0)},
    "full": {"2-16-16-1": (10, 10.0), "8-16-16-1": (10, 10.0), "8-32-32-1": (10, 60.0), "4-64-64-1": (10, 900.0)},
}
"""Shapes, the number of networks, and the seconds after which one is given up."""
ENUMERATED = ("2-4-4-1", "2-16-16-1")


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
    """What one network takes: seconds, programs, nodes, the relative gap left, and the same of enumeration."""
    form = maxmin(shape, seed)
    start = time.perf_counter()
    found = exact_constant(form, 2, deadline=seconds)
    row = {
        "seconds": time.perf_counter() - start,
        "programs": float(found.programs),
        "nodes": float(nodes(found.certificate.tree)),
        "gap": 0.0 if found.power is not None else float(found.upper / found.lower - 1),
    }
    if shape in ENUMERATED and found.power is not None:
        start = time.perf_counter()
        truth = enumerate_constant(form, 2)
        row |= {"enumeration": time.perf_counter() - start, "all programs": float(truth.programs)}
        if truth.power != found.power:
            raise ValueError(f"Network {seed} of shape {shape}: {found.power}, but by enumeration {truth.power}.")
    return row


def measure(size: Size = "whole") -> Measured:
    """One row per shape, and one more where enumeration is at hand."""
    for shape, (count, seconds) in CASES[size].items():
        found = [network(shape, seed, seconds) for seed in range(count)]
        closed = sum(not each["gap"] for each in found)
        text = f"{shape}, {count} network{'s' * (count > 1)}"
        if 2 * closed <= count:
            gap = statistics.median(each["gap"] for each in found)
            yield Omitted(text, f"{closed} closed in {seconds:.0f} s each, the median relative gap left is {gap:.2g}")
            continue
        median = {key: statistics.median(each[key] for each in found) for key in ("seconds", "programs", "nodes")}
        note = f"{closed} closed, {median['programs']:.0f} programs, {median['nodes']:.0f} nodes"
        allowed = LIMITS.get(shape, seconds)
        goal = 1.0 if shape in LIMITS and count == 10 else None
        yield Row("exact constant", text, median["seconds"], ALLOWED, allowed, goal, note)
        if all("enumeration" in each for each in found):
            slow = statistics.median(each["enumeration"] for each in found)
            note = f"{statistics.median(each['all programs'] for each in found):.0f} programs by enumeration"
            yield Row("exact constant", text, median["seconds"], "enumeration", slow, None, note)


if __name__ == "__main__":
    alone(__file__)
