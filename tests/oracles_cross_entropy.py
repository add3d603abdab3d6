"""Second opinions on the objects of the rows on binary cross entropy: plain fractions, floats only to compare sizes."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import Any

from oracles import oracle


def numbers(values: Any) -> list[Fraction]:
    return [Fraction(v) for v in values]


def margins(data: Any, parameters: Any) -> list[Fraction]:
    """y (W x + b) at every point, for parameters (W, b)."""
    *slopes, shift = numbers(parameters)
    logits = [sum((w * v for w, v in zip(slopes, numbers(x), strict=True)), shift) for x in data["inputs"]]
    return [y * f for y, f in zip(data["labels"], logits, strict=True)]


def one_class(data: Any) -> bool:
    """Positive weights, of sum one, on points of a single label; a bound on the slopes that is positive."""
    assert len(data["inputs"]) == len(data["labels"]) == len(data["weights"])
    weights = numbers(data["weights"])
    single = data["labels"] in ([1] * len(weights), [-1] * len(weights))
    return all(w > 0 for w in weights) and sum(weights) == 1 and single and Fraction(data["L"]) > 0


@oracle("bethune2021.proposition_4: the minimum is attained",
        "bethune2021.zero_loss.well_defined: the minimum is attained")  # fmt: skip
def never_attained(data: Any) -> bool:
    return one_class(data)


@oracle("bethune2021.zero_loss.infimum: the infimum is positive")
def tends_to_zero(data: Any) -> bool:
    return one_class(data) and Fraction(data["L"]) == 1


@oracle("bethune2021.zero_loss.well_defined: two minimizers are equal")
def two_minimizers(data: Any) -> bool:
    """Zero wherever there is mass, 1-Lipschitz, and different somewhere else."""
    x, weights, f, g = (numbers(data[k]) for k in ("inputs", "weights", "f", "g"))
    assert len(x) == len(weights) == len(f) == len(g)
    zero = all(w >= 0 and (w == 0 or (a == 0 and b == 0)) for w, a, b in zip(weights, f, g, strict=True))
    slopes = all((h[i] - h[j]) ** 2 <= (x[i] - x[j]) ** 2 for h in (f, g) for i in range(len(x)) for j in range(len(x)))
    return sum(weights) == 1 and zero and slopes and f != g


@oracle("bethune2021.proposition_4.bound: the minimizer is small")
def large_constant(data: Any) -> bool:
    """The log odds exceed 2 L diam X, by far more than floats err."""
    share, bound, x = Fraction(data["share"]), Fraction(data["L"]), numbers(data["inputs"])
    if not (0 < share < 1 and bound > 0):
        return False
    excess = abs(log(share / (1 - share))) - float(2 * bound * (max(x) - min(x)))
    assert abs(excess) > 1e-9
    return excess > 0


@oracle("bethune2021.proposition_4.bound_sharp: attained")
def steepest(data: Any) -> bool:
    """All mass at 0, where the value is 0 for labels that are equally likely; the largest value allowed at D."""
    start, end, far, bound = (Fraction(data[k]) for k in ("f(0)", "f(D)", "D", "L"))
    return far > 0 and bound > 0 and start == 0 and end in (bound * far, -bound * far)


@oracle("bethune2021.example_2.only: minimizing sequences lie on a ray")
def off_every_ray(data: Any) -> bool:
    """Both labels, positive margins along the direction, and an offset that is no multiple of the direction."""
    direction, offset = numbers(data["direction"]), numbers(data["offset"])
    pivot = next(i for i, v in enumerate(direction) if v)
    multiple = [offset[pivot] / direction[pivot] * v for v in direction]
    both = sorted(set(data["labels"])) == [-1, 1]
    return both and min(margins(data, direction)) > 0 and multiple != offset


@oracle("bethune2021.example_2.ray: the loss tends to 0 along the ray")
def on_the_frontier(data: Any) -> bool:
    """Both labels; no margin negative, and one of a label +1 is zero but none of a label -1."""
    found = margins(data, data["direction"])
    zeros = [y for y, m in zip(data["labels"], found, strict=True) if m == 0]
    return sorted(set(data["labels"])) == [-1, 1] and min(found) == 0 and set(zeros) == {1}
