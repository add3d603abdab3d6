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
from lipcheck.norms.bracket import root
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
    (w, slack), unit = _whole(found.w, found.s)
    (start, end), length = _whole(first, second)
    least = [max(abs(a) - b, 0) for a, b in zip(w, slack, strict=True)]
    distance = [b - a for a, b in zip(start, end, strict=True)]
    moved = _norm_end(least, unit, p, up=False)
    if p == 2:
        # The triangle inequality: the change is as long as w, less the error's 2-norm.
        moved = max(moved, _norm_end(w, unit, 2, up=False) - Fraction(found.size_s))
    return Witness(first, second, p, moved / _norm_end(distance, length, p, up=True))


def _whole(*vectors: Iterable[float]) -> tuple[list[list[int]], Fraction]:
    """Floats as whole multiples of one power of two, exactly: sums of them need no fractions, which are slow."""
    import numpy as np

    arrays = [np.asarray(vector, np.float64).ravel() for vector in vectors]
    parts = [np.frexp(array) for array in arrays]
    lowest = min((int(exponent[mantissa != 0].min(initial=2**30)) for mantissa, exponent in parts), default=0)
    lowest = 0 if lowest == 2**30 else lowest
    rows = []
    for mantissa, exponent in parts:
        # A mantissa of 53 bits, shifted by what its exponent lies above the lowest one; zeros have no exponent.
        digits = np.ldexp(mantissa, 53).astype(np.int64).tolist()
        shifts = np.maximum(exponent - lowest, 0).tolist()
        rows.append([digit << shift for digit, shift in zip(digits, shifts, strict=True)])
    return rows, Fraction(2) ** (lowest - 53)


def _norm_end(numbers: Sequence[int], unit: Fraction, p: float, up: bool) -> Fraction:
    """As `norm_end`, of whole multiples of a unit."""
    if p == 1:
        return unit * sum(map(abs, numbers))
    if p == math.inf:
        return unit * max(map(abs, numbers), default=0)
    bracket = root(unit**2 * sum(a * a for a in numbers), 2, _ROOT_WIDTH)
    return bracket.upper if up else bracket.lower


def norm_end(values: Iterable[Fraction], p: Exponent, up: bool) -> Fraction:
    """The p-norm for p = 1, inf, and a number just above or below it for p = 2."""
    bracket = vector_norm(values, p, _ROOT_WIDTH)
    return bracket.upper if up else bracket.lower
