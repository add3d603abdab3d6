"""Softmax and standardisation of groups of numbers: values in float64 and in balls.

Softmax gives exp(x_i) / sum_j exp(x_j). Standardisation gives z / sqrt(mean of z^2 + epsilon), z = x - mean of x where
it is centred (layer normalisation without its factors), else z = x (root mean square normalisation).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lipcheck.graph.operations import Softmax, Standardize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def value(operation: Softmax | Standardize, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values in float64; the last axis is the group."""
    import numpy as np

    if isinstance(operation, Softmax):
        powers = np.exp(x - x.max(-1, keepdims=True))
        return np.asarray(powers / powers.sum(-1, keepdims=True), np.float64)
    z = x - x.mean(-1, keepdims=True) if operation.centred else x
    return np.asarray(z / np.sqrt((z * z).mean(-1, keepdims=True) + float(operation.epsilon)), np.float64)


def balls(operation: Softmax | Standardize, group: Sequence[Any]) -> list[Any]:
    """The values of one group of flint.arb balls, in balls."""
    import flint

    if isinstance(operation, Softmax):
        # The function is the same for x - c, and no exponential overflows.
        shift = max(flint.arb(ball.mid()) for ball in group)
        powers = [(ball - shift).exp() for ball in group]
        total = sum(powers, flint.arb(0))
        return [power / total for power in powers]
    n, epsilon = len(group), operation.epsilon
    numerator, denominator = epsilon.as_integer_ratio()
    mean = sum(group, flint.arb(0)) / n if operation.centred else flint.arb(0)
    moved = [ball - mean for ball in group]
    # The sum of squares is at least 0, also where a ball around zero is squared.
    square = sum((ball * ball for ball in moved), flint.arb(0)) / n
    square = square if square >= 0 else flint.arb(0).union(square.abs_upper())
    root = (square + flint.arb(flint.fmpq(numerator, denominator))).sqrt()
    return [ball / root for ball in moved]
