"""Second opinions on the counterexamples of Béthune et al. 2021, section 2.2: normalizations, attention, constants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracles import evaluate, oracle
from oracles_definitions import constant_is_lost
from oracles_norm_constraints import steep_and_unpunished

oracle("bethune2021.spectral_and_frobenius.gradient_penalty: no penalty, constant 1000")(steep_and_unpunished)
oracle("bethune2021.feedforward_lipschitz.definition_literal: composition")(constant_is_lost)


def inner(a: list[Fraction], b: list[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def numbers(data: list[Any]) -> list[Fraction]:
    return [Fraction(v) for v in data]


def product(weight: list[list[Fraction]], x: list[Fraction]) -> list[Fraction]:
    return [inner(row, x) for row in weight]


@oracle("bethune2021.spectral_and_frobenius.power_iteration: normalized by power iteration")
def not_converged(data: Any) -> bool:
    """After the iterations the direction u is no eigenvector of WW' for the eigenvalue that it estimates, or too small.

    For two rows: the squared norm is the larger root of z^2 - tz + d, t and d the trace and determinant of WW'.
    """
    weight = [numbers(row) for row in data["W"]]
    assert len(weight) == 2
    columns = [list(c) for c in zip(*weight, strict=True)]
    u = numbers(data["u"])
    for _ in range(data["iterations"]):
        v = product(columns, u)
        u = product(weight, v)
    estimate = inner(u, u) / inner(v, v)
    a, b, c = inner(weight[0], weight[0]), inner(weight[0], weight[1]), inner(weight[1], weight[1])
    is_root = estimate**2 - (a + c) * estimate + a * c - b * b == 0
    return not (is_root and 2 * estimate >= a + c)


@oracle("bethune2021.spectral_and_frobenius.with_activation: layers of one input")
def never_all_active(data: Any) -> bool:
    column, bias = numbers(data["column"]), numbers(data["bias"])
    kinks = sorted({-b / w for w, b in zip(column, bias, strict=True) if w})
    places = [kinks[0] - 1, *[(p + q) / 2 for p, q in zip(kinks[1:], kinks[:-1], strict=True)], kinks[-1] + 1]
    active = [sum((w * w for w, b in zip(column, bias, strict=True) if w * x + b > 0), Fraction(0)) for x in places]
    return inner(column, column) == 1 and max(active) < 1


@oracle("bethune2021.spectral_and_frobenius.weight_normalization: normalized weights")
def unit_rows_too_large(data: Any) -> bool:
    """Rows of length one that are not orthogonal: the norm exceeds one."""
    weight = [numbers(row) for row in data["matrix"]]
    unit = all(inner(row, row) == 1 for row in weight)
    return unit and any(inner(weight[i], weight[j]) != 0 for i in range(len(weight)) for j in range(i))


@oracle("bethune2021.effective_constant.every: normalized networks")
def constant_one(data: Any) -> bool:
    """Width one: weights of size one, and two distant points of one side that keep their distance."""
    weights = [layer["weight"] for layer in data["layers"] if layer["kind"] == "affine"]
    plain = all(len(w) == len(w[0]) == 1 and abs(Fraction(w[0][0])) == 1 for w in weights)
    values = [evaluate(data, [x])[0] for x in (-(10**6) - 1, -(10**6), 10**6, 10**6 + 1)]
    return plain and max(abs(values[0] - values[1]), abs(values[2] - values[3])) == 1


@oracle("bethune2021.effective_constant.vanishing_weights: gradients of the weights")
def weight_gradients(data: Any) -> bool:
    first, second, x = [numbers(r) for r in data["first"]], numbers(data["second"][0]), numbers(data["x"])
    assert len(x) == 1
    column = [row[0] for row in first]
    unit = inner(column, column) == inner(second, second) == 1 and x[0] ** 2 <= 1
    constant = inner(column, second) ** 2
    return unit and x[0] ** 2 > constant


@oracle("bethune2021.attention.every: attention layers")
def linear(data: Any) -> bool:
    zero = [all(Fraction(v) == 0 for row in data[name] for v in row) for name in ("A", "V")]
    return data["tokens"] == 1 or any(zero)


@oracle("bethune2021.banach_isometry.constants: a norm")
def constant_function(data: Any) -> bool:
    values = numbers(data["values"])
    return len(set(values)) == 1 and values[0] != 0
