"""From a float network to an exact one that meets the law's hypotheses, and the exact decision there."""

from __future__ import annotations

import math
from fractions import Fraction

from lipcheck.engines.outcome import SearchError
from lipcheck.network import Affine, Matrix, Network, Vector
from lipcheck.words.search import Search

_FACTOR = 2**60


def norm_at_most(weight: Matrix, norm: str | None, bound: Fraction = Fraction(1)) -> bool:
    """Whether the operator p-norm is at most the bound, p in "1", "2", "inf"; decided exactly. True if norm is None."""
    if norm == "2":
        return spectral_norm_at_most(weight, bound)
    return norm is None or _sum_norm(weight, norm) <= bound


def spectral_norm_at_most(weight: Matrix, bound: Fraction) -> bool:
    """Whether bound^2 I - W'W (or WW', if smaller) is positive semidefinite, in integers of the standard library alone.

    `lipcheck.norms` decides the same with python-flint, which a machine that only searches need not have.
    """
    columns = weight if len(weight) <= len(weight[0]) else tuple(zip(*weight, strict=True))
    bottom = math.lcm(bound.denominator, *(entry.denominator for row in columns for entry in row))
    rows = [[entry.numerator * (bottom // entry.denominator) for entry in row] for row in columns]
    top = (bound.numerator * (bottom // bound.denominator)) ** 2
    gap = [
        [top * (i == j) - sum(p * q for p, q in zip(a, b, strict=True)) for j, b in enumerate(rows)]
        for i, a in enumerate(rows)
    ]
    return bound >= 0 and _semidefinite(gap)


def _semidefinite(matrix: list[list[int]]) -> bool:
    """Bareiss elimination: a negative pivot refutes, and so does a zero pivot beside an entry that is not zero."""
    previous = 1
    while matrix:
        (pivot, *across), *below = matrix
        if pivot < 0 or (pivot == 0 and any(across)):
            return False
        if pivot == 0:
            matrix = [row[1:] for row in below]
            continue
        matrix = [
            [(pivot * entry - first * a) // previous for entry, a in zip(row, across, strict=True)]
            for first, *row in below
        ]
        previous = pivot
    return True


def feasible(network: Network, norm: str | None) -> Network:
    """The network with every weight of operator p-norm above one multiplied by a dyadic number just below 1 / norm."""
    if norm is None:
        return network
    layers = (Affine(_shrunk(a.weight, norm), a.bias) if isinstance(a, Affine) else a for a in network.layers)
    return Network(network.inputs, tuple(layers))


def _shrunk(weight: Matrix, norm: str) -> Matrix:
    if norm_at_most(weight, norm):
        return weight
    factor = Fraction(_FACTOR // _upper(weight, norm), _FACTOR)
    return tuple(tuple(entry * factor for entry in row) for row in weight)


def _upper(weight: Matrix, norm: str) -> Fraction:
    """The norm itself for "1" and "inf"; for "2" a bound, close where the norm is close to one."""
    if norm != "2":
        return _sum_norm(weight, norm)
    for bits in range(52, -1, -4):
        bound = 1 + Fraction(1, 2**bits)
        if spectral_norm_at_most(weight, bound):
            return bound
    return Fraction(math.isqrt(math.ceil(sum(entry * entry for row in weight for entry in row))) + 1)


def _sum_norm(weight: Matrix, norm: str) -> Fraction:
    rows = weight if norm == "inf" else zip(*weight, strict=True)
    return max(sum(map(abs, row), Fraction(0)) for row in rows)


def meets(search: Search, network: Network) -> bool:
    """Whether the network meets the law's hypotheses exactly; SearchError where `admits` fails."""
    weights = (layer.weight for layer in network.layers if isinstance(layer, Affine))
    if not all(norm_at_most(weight, search.norm) for weight in weights):
        return False
    try:
        return bool(search.admits(network))
    except (Exception, SystemExit) as error:
        raise SearchError(
            f"'{search.text}' cannot tell whether it admits a network ({type(error).__name__}: {error}): "
            "give an `admits` for every network."
        ) from error


def decide(search: Search, network: Network, x: Vector, y: Vector) -> Fraction:
    """The exact margin, whose sign decides.

    Raises SearchError where the law's exact side fails or gives anything but a rational number: then nothing is known.
    """
    try:
        margin = search.exact_margin(network, x, y)
    except (Exception, SystemExit) as error:
        raise SearchError(
            f"'{search.text}' cannot be decided exactly at x = {_spelled(x)} ({type(error).__name__}: {error}): "
            "give an exact margin for every network and every pair of points."
        ) from error
    if not isinstance(margin, Fraction | int) or isinstance(margin, bool):
        raise SearchError(
            f"'{search.text}' has the exact margin {margin!r}, which is no Fraction: compute it in rationals."
        )
    return Fraction(margin)


def _spelled(x: Vector) -> str:
    text = "(" + ", ".join(map(str, x)) + ")"
    return text if len(text) <= 60 else text[:57] + "..."


def shorter(
    search: Search, network: Network, x: Vector, y: Vector, margin: Fraction
) -> tuple[Network, Vector, Vector, Fraction]:
    """The counterexample with its numbers cut to few binary digits, if it stays one.

    Tried with as few digits as possible first; where points or biases are large, also with all of them scaled down.
    """
    biases = [entry for layer in network.layers if isinstance(layer, Affine) for entry in layer.bias]
    size = Fraction(2) ** -int(max(map(abs, (*x, *y, *biases)))).bit_length()
    for bits in (0, 1, 2, 3, 4, 6, 8, 12, 16, 24):
        for scale in dict.fromkeys((2 * size, Fraction(1))):
            a, b = (_rounded(tuple(scale * entry for entry in point), bits) for point in (x, y))
            for slack in (0, 1):
                rounded = _cut(network, bits, scale, slack)
                if meets(search, rounded) and (found := decide(search, rounded, a, b)) < 0:
                    return rounded, a, b, found
    return network, x, y, margin


def _cut(network: Network, bits: int, scale: Fraction, slack: int) -> Network:
    """Weights and biases cut to multiples of 2^-bits; with slack, weights scaled so that no norm is lifted over one."""
    layers = list(network.layers)
    for i, layer in enumerate(layers):
        if isinstance(layer, Affine):
            factor = max(Fraction(0), 1 - Fraction(slack * max(len(layer.weight), len(layer.weight[0])), 2**bits))
            weight = tuple(tuple(_truncated(factor * e, bits) for e in row) for row in layer.weight)
            layers[i] = Affine(weight, _rounded(tuple(scale * e for e in layer.bias), bits))
    return Network(network.inputs, tuple(layers))


def _rounded(values: Vector, bits: int) -> Vector:
    return tuple(Fraction(round(value * 2**bits), 2**bits) for value in values)


def _truncated(value: Fraction, bits: int) -> Fraction:
    return Fraction(math.trunc(value * 2**bits), 2**bits)
