"""Two inputs that show how steep a network is: a lower bound on its Lipschitz constant that anyone can evaluate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lipcheck.bounds.enclosure import changes
from lipcheck.exact import shown
from lipcheck.graph import Graph
from lipcheck.norms import Exponent, vector_norm
from lipcheck.words.errors import LipcheckError

_ROOT_WIDTH = Fraction(1, 2**80)


class WitnessError(LipcheckError, ValueError):
    """A pair of inputs that shows nothing."""


@dataclass(frozen=True)
class Witness:
    """||f(x) - f(y)||_p >= lower ||x - y||_p for the stored weights, read as exact reals; x and y are floats, flat."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    p: float
    lower: Fraction


def witness(
    graph: Graph, x: Sequence[float], y: Sequence[float], p: float, constants: Sequence[float | None] | None = None
) -> Witness:
    """What the pair proves, p = 1, 2 or inf; `constants` are upper bounds on the 2-norms of linear nodes, if known.

    Raises WitnessError for equal or infinite inputs, and GraphError where the graph cannot be enclosed there.
    """
    import numpy as np

    first, second = (tuple(float(a) for a in np.asarray(point, np.float64).ravel()) for point in (x, y))
    for point in (first, second):
        if not all(map(math.isfinite, point)):
            raise WitnessError(f"The input {shown(point)} is not finite: give finite numbers.")
    if first == second:
        raise WitnessError("The two inputs are equal: give two different ones.")
    found = changes(graph, np.array(first), np.array(second), constants)
    least = [max(abs(Fraction(w)) - Fraction(s), Fraction(0)) for w, s in zip(found.w, found.s, strict=True)]
    distance = [Fraction(b) - Fraction(a) for a, b in zip(first, second, strict=True)]
    moved = norm_end(least, p, up=False)
    if p == 2:
        # The triangle inequality: the change is as long as w, less the error's 2-norm.
        moved = max(moved, norm_end(map(Fraction, found.w), 2, up=False) - Fraction(found.size_s))
    return Witness(first, second, p, moved / norm_end(distance, p, up=True))


def norm_end(values: Iterable[Fraction], p: Exponent, up: bool) -> Fraction:
    """The p-norm for p = 1, inf, and a number just above or below it for p = 2."""
    bracket = vector_norm(values, p, _ROOT_WIDTH)
    return bracket.upper if up else bracket.lower
