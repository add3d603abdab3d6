"""Smooth activations by name: what they are as real functions, and proved ranges of their derivatives.

The ranges of tanh, sigmoid, softplus, atan, sin, cos, softsign, logsigmoid and tanhshrink are read off their
derivatives. silu: f'(x) + f'(-x) = 1 and f'' = s (1 - s)(2 - x tanh(x / 2)) with s = sigmoid(x), so that f' is largest
at the one x > 0 with x tanh(x / 2) = 2. gelu: f' = Phi + x phi and f'' = phi (2 - x^2), so that f' is largest at
sqrt 2, and f'(x) + f'(-x) = 1. The tanh form of gelu and mish: by interval arithmetic on [-60, 60] and by the decay of
their terms outside. The decimals below are rounded outward; the tests enclose every derivative in balls.
Parameters: elu (alpha, scale, input scale): scale x where x > 0, scale alpha (exp(input scale x) - 1) elsewhere.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.graph.operations import Number, Smooth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SLOPES: dict[str, tuple[Fraction, Fraction]] = {
    "tanh": (Fraction(0), Fraction(1)),
    "sigmoid": (Fraction(0), Fraction(1, 4)),
    "softplus": (Fraction(0), Fraction(1)),
    "atan": (Fraction(0), Fraction(1)),
    "sin": (Fraction(-1), Fraction(1)),
    "cos": (Fraction(-1), Fraction(1)),
    "softsign": (Fraction(0), Fraction(1)),
    "logsigmoid": (Fraction(0), Fraction(1)),
    "tanhshrink": (Fraction(0), Fraction(1)),
    "hardswish": (Fraction(-1, 2), Fraction(3, 2)),
    "erf": (Fraction(0), Fraction("1.1283791671")),
    "silu": (Fraction("-0.0998394"), Fraction("1.0998394")),
    "gelu": (Fraction("-0.1289042"), Fraction("1.1289042")),
    "gelu_tanh": (Fraction("-0.1290436"), Fraction("1.1290436")),
    "mish": (Fraction("-0.1135"), Fraction("1.0885")),
}
"""For each name the least and the largest derivative, or bounds on them."""


def smooth(name: str, *parameters: Number) -> Smooth:
    """The operation of this name with its proved slopes; KeyError for a name that is neither in SLOPES nor "elu"."""
    if name != "elu":
        return Smooth(name, *SLOPES[name])
    alpha, scale, inner = (Fraction(p) for p in parameters)
    if inner <= 0:
        raise ValueError(f"elu has the input scale {inner}: give a positive one, or it grows exponentially.")
    # The derivative is scale on the right; on the left scale alpha inner exp(inner x), between 0 and its value at 0.
    ends = (Fraction(0), scale, scale * alpha * inner)
    return Smooth(name, min(ends), max(ends), parameters)


def value(operation: Smooth, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """f(x) in float64, to within a few units in the last place of |x| + |f(x)| + 1."""
    import numpy as np
    from scipy import special

    with np.errstate(over="ignore", under="ignore"):
        functions: dict[str, Any] = {
            "tanh": np.tanh,
            "sigmoid": special.expit,
            "softplus": lambda t: np.logaddexp(t, 0),
            "atan": np.arctan,
            "sin": np.sin,
            "cos": np.cos,
            "softsign": lambda t: t / (1 + np.abs(t)),
            "logsigmoid": lambda t: -np.logaddexp(-t, 0),
            "tanhshrink": lambda t: t - np.tanh(t),
            "hardswish": lambda t: t * np.clip(t + 3, 0, 6) / 6,
            "erf": special.erf,
            "silu": lambda t: t * special.expit(t),
            "gelu": lambda t: t * special.ndtr(t),
            "gelu_tanh": lambda t: t / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (t + 0.044715 * t**3))),
            "mish": lambda t: t * np.tanh(np.logaddexp(t, 0)),
        }
        if operation.name != "elu":
            return np.asarray(functions[operation.name](x), np.float64)
        alpha, scale, inner = (float(p) for p in operation.parameters)
        return np.where(x > 0, scale * x, scale * alpha * np.expm1(inner * np.minimum(x, 0)))
