"""Smooth activations in ball arithmetic, by the names of `lipcheck.graph.smooth`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from lipcheck.exact import exact
from lipcheck.graph.graph import GraphError

if TYPE_CHECKING:
    from lipcheck.graph.operations import Smooth

Ball: TypeAlias = Any


def ball(operation: Smooth, t: Ball) -> Ball:
    """A ball that contains f(x) for every x in the ball t (flint.arb). GraphError for a name without such a form."""
    import flint

    arb = flint.arb
    match operation.name:
        case "tanh" | "sin" | "cos" | "atan" | "erf":
            return getattr(t, operation.name)()
        case "sigmoid":
            return _sigmoid(t)
        case "softplus":
            return _softplus(t)
        case "logsigmoid":
            return -_softplus(-t)
        case "softsign":
            return t / (1 + abs(t))
        case "tanhshrink":
            return t - t.tanh()
        case "hardswish":
            return t * (t + 3).max(arb(0)).min(arb(6)) / 6
        case "silu":
            return t * _sigmoid(t)
        case "gelu":
            return t * (-t / arb(2).sqrt()).erfc() / 2
        case "gelu_tanh":
            inner = (2 / arb.pi()).sqrt() * (t + _number(Fraction("0.044715")) * t**3)
            return t / 2 * (1 + inner.tanh())
        case "mish":
            return t * _softplus(t).tanh()
        case "elu":
            alpha, scale, inner = (_number(exact(p)) for p in operation.parameters)
            # Where x <= 0 the second term counts, elsewhere the first: each is zero on the other side.
            return scale * t.max(arb(0)) + scale * alpha * (inner * t.min(arb(0))).expm1()
    raise GraphError(f"The activation {operation.name} has no enclosure: only its slopes are known.")


def _sigmoid(t: Ball) -> Ball:
    return (1 + (t / 2).tanh()) / 2


def _softplus(t: Ball) -> Ball:
    import flint

    # max(t, 0) + log(1 + exp(-|t|)): no overflow on either side.
    return t.max(flint.arb(0)) + (-abs(t)).exp().log1p()


def _number(value: Fraction) -> Ball:
    import flint

    return flint.arb(flint.fmpq(value.numerator, value.denominator))
