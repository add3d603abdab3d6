"""Rounding inward: floats in place of exact weights, every norm constraint still true exactly.

The grid. With u = 2^-53 for float64 and 2^-24 for float32, all k u with |k| <= 1/u are floats. A row w, ||w||_q <= 1,
is rounded to the grid entry by entry, to the nearest; if the exact norm of the result exceeds one, entries are stepped
toward zero by one u, those first that were rounded away from zero the most, until it does not. Stepping all of these
gives the truncated row, |w'_i| <= |w_i|, whose norm is at most that of w: so one step each suffices, and |w' - w| < u.
For q = inf no step is ever needed, one is on the grid. Norms are decided in integers for q = 1, 2, inf, by
`lipcheck.norms.vector_norm` otherwise, where an undecided bracket counts as too large.

A matrix with ||W||_{2->2} <= 1 is rounded to the nearest grid matrix if that one's norm is at most one, else to the one
nearest to (1 - d) W with d = u r / 2, r a whole number, r^2 >= m n: its distance from (1 - d) W is at most
(u/2) sqrt(m n) in the Frobenius norm, hence its norm at most (1 - d) + d. The exact decision is made all the same.

Arrays are handled in `lipcheck.nn.rounding_arrays`, by the same rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import torch

from lipcheck.exact import Matrix, Vector
from lipcheck.network import Affine, Layer, LeakyReLU, Network
from lipcheck.norms import Bracket, Exponent, dual_exponent, operator_norm, spectral_norm, vector_norm
from lipcheck.norms.arguments import as_exponent
from lipcheck.norms.spectral import spectral_norm_at_most
from lipcheck.words.errors import LipcheckError

GRID_BITS = {torch.float64: 53, torch.float32: 24}
"""u = 2^-bits."""
_LEAST_EXPONENT = {torch.float64: -1074, torch.float32: -149}
_ONE = Fraction(1)


class RoundingError(LipcheckError, ValueError):
    """Numbers that no float of the dtype can stand for, or rows whose norm exceeds one."""


@dataclass(frozen=True)
class Rounded:
    """A network whose numbers are all floats, and per layer the norm of its weight: None where there is no weight.

    `constrained` are the positions of the affine layers whose exact norm was at most one and still is; the others were
    rounded to nearest and make no promise.
    """

    network: Network
    norms: tuple[Bracket | None, ...]
    constrained: tuple[int, ...]


def round_inward(network: Network, p: Exponent | int, dtype: torch.dtype = torch.float64) -> Rounded:
    """The network in floats, constraints kept: ||W||_{p->inf} <= 1 in the first affine layer, ||W||_inf <= 1 later on.

    Biases and LeakyReLU slopes are rounded to nearest, as is every layer whose exact norm exceeds one or that no
    bracket can show to be at most one.
    Raises RoundingError for other dtypes and beyond the range of dtype, NormError for p < 1.
    """
    p = as_exponent(p)

    def rounded(weight: Matrix, first: bool) -> tuple[Matrix, Bracket, bool]:
        start = p if first else math.inf
        q = dual_exponent(start)
        kept = all(_at_most_one(row, q) for row in weight)
        floats = tuple(inward_row(row, q, dtype) if kept else nearest_row(row, dtype) for row in weight)
        return floats, operator_norm(floats, start, math.inf), kept

    return _round(network, dtype, rounded)


def round_spectral(network: Network, dtype: torch.dtype = torch.float64) -> Rounded:
    """The network in floats, with ||W||_{2->2} <= 1 kept in every affine layer that has it; else as `round_inward`.

    Decided exactly at a cost that is cubic in the width: for networks of hundreds of units, not thousands.
    """

    def rounded(weight: Matrix, first: bool) -> tuple[Matrix, Bracket, bool]:
        kept = spectral_norm_at_most(weight, _ONE)
        floats = _inward_matrix(weight, dtype) if kept else tuple(nearest_row(row, dtype) for row in weight)
        return floats, spectral_norm(floats), kept

    return _round(network, dtype, rounded)


def inward_row(row: Vector, q: Exponent, dtype: torch.dtype = torch.float64) -> Vector:
    """The row on the grid of dtype with ||row'||_q <= 1 exactly and |row' - row| < u entry by entry.

    Always found where ||row||_q <= 1 and q is 1, 2 or inf. Raises RoundingError where one step per entry is not enough.
    """
    bits = grid_bits(dtype)
    steps = [_steps(w, bits) for w in row]
    if not _steps_at_most_one(steps, q, bits):
        excess = [abs(k) - abs(w) * 2**bits for k, w in zip(steps, row, strict=True)]
        for i in sorted(range(len(row)), key=excess.__getitem__, reverse=True):
            if excess[i] > 0:
                steps[i] -= 1 if steps[i] > 0 else -1
                if _steps_at_most_one(steps, q, bits):
                    break
        else:
            raise RoundingError(f"A row has a {q}-norm above 1, or not known to be at most 1: divide it first.")
    return tuple(Fraction(k, 1 << bits) for k in steps)


def nearest_row(row: Vector, dtype: torch.dtype = torch.float64) -> Vector:
    """Each number as the nearest float of dtype, ties to even; RoundingError beyond its range."""
    return tuple(nearest(w, dtype) for w in row)


def nearest(value: Fraction, dtype: torch.dtype = torch.float64) -> Fraction:
    """The nearest float of dtype, ties to even; RoundingError beyond its range."""
    bits = grid_bits(dtype)
    if not value:
        return value
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length()
    exponent -= abs(value) < Fraction(2) ** exponent
    unit = Fraction(2) ** max(exponent + 1 - bits, _LEAST_EXPONENT[dtype])
    found = round(value / unit) * unit
    if abs(found) > Fraction(torch.finfo(dtype).max):
        raise RoundingError(f"A number of about 2^{exponent} exceeds the range of {dtype}: scale the network down.")
    return found


def grid_bits(dtype: torch.dtype) -> int:
    """The number of bits behind the point on the grid of dtype; RoundingError for other dtypes."""
    if dtype not in GRID_BITS:
        raise RoundingError(f"The dtype is {dtype}: use torch.float64 or torch.float32.")
    return GRID_BITS[dtype]


def _round(
    network: Network, dtype: torch.dtype, rounded: Callable[[Matrix, bool], tuple[Matrix, Bracket, bool]]
) -> Rounded:
    layers: list[Layer] = []
    norms: list[Bracket | None] = []
    constrained: list[int] = []
    for position, layer in enumerate(network.layers):
        if not isinstance(layer, Affine):
            layers.append(LeakyReLU(nearest(layer.slope, dtype)) if isinstance(layer, LeakyReLU) else layer)
            norms.append(None)
            continue
        weight, norm, kept = rounded(layer.weight, not any(isinstance(before, Affine) for before in layers))
        layers.append(Affine(weight, nearest_row(layer.bias, dtype)))
        norms.append(norm)
        constrained += [position] * kept
    return Rounded(Network(network.inputs, tuple(layers)), tuple(norms), tuple(constrained))


def _inward_matrix(weight: Matrix, dtype: torch.dtype) -> Matrix:
    bits = grid_bits(dtype)
    cells = len(weight) * len(weight[0])
    for factor in (_ONE, 1 - Fraction(math.isqrt(cells - 1) + 1, 2 << bits)):
        floats = tuple(tuple(Fraction(_steps(factor * w, bits), 1 << bits) for w in row) for row in weight)
        if spectral_norm_at_most(floats, _ONE):
            return floats
    raise RoundingError("A weight has a spectral norm above 1: divide it by its norm before rounding inward.")


def _steps(value: Fraction, bits: int) -> int:
    """round(2^bits value), ties to even, without building a fraction."""
    whole, rest = divmod(value.numerator << bits, value.denominator)
    return whole + (2 * rest > value.denominator or (2 * rest == value.denominator and whole % 2 == 1))


def _steps_at_most_one(steps: list[int], q: Exponent, bits: int) -> bool:
    if q == 1:
        return sum(map(abs, steps)) <= 1 << bits
    if q == 2:
        return sum(k * k for k in steps) <= 1 << 2 * bits
    if q == math.inf:
        return max(map(abs, steps)) <= 1 << bits
    return _at_most_one(tuple(Fraction(k, 1 << bits) for k in steps), q)


def _at_most_one(row: Vector, q: Exponent) -> bool:
    """Whether the norm is known to be at most one."""
    return vector_norm(row, q).at_most(1) is True
