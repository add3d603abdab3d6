"""Absolute values by ReLU: against hand-written loops, numpy and a float optimum; and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from lipcheck.build.activations import maxmin_by_abs
from lipcheck.build.relu_folding import (
    ReluFoldingError,
    abs_by_relu,
    best_slope_square,
    layers_for,
    relu_absolute_value,
    with_relu,
)
from lipcheck.network import Abs, Affine, Network, ReLU
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import evaluate

SLOPES = [Fraction(s) for s in ("0", "1/2", "57/100", "2/3", "7/10", "3/4", "77/100", "4/5", "5/6")]


def by_hand(network: Network, x: Fraction) -> Fraction:
    values = [x]
    for layer in network.layers:
        if isinstance(layer, Affine):
            values = [sum(w * v for w, v in zip(row, values, strict=True)) + b
                      for row, b in zip(layer.weight, layer.bias, strict=True)]  # fmt: skip
        else:
            assert isinstance(layer, ReLU)
            values = [max(v, Fraction(0)) for v in values]
    return values[0]


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("radius", [Fraction(0), Fraction(1), Fraction(7, 3)])
def test_it_is_the_scaled_absolute_value(slope: Fraction, radius: Fraction) -> None:
    network = relu_absolute_value(slope, radius)
    assert sum(isinstance(layer, ReLU) for layer in network.layers) == layers_for(slope)
    for k in range(-10, 11):
        x = radius * Fraction(k, 10)
        assert by_hand(network, x) == slope * abs(x) + radius * (1 - slope) / 2


@pytest.mark.parametrize("layers", range(1, 13))
def test_norms_are_one_and_the_singular_values_one_or_zero(layers: int) -> None:
    square = best_slope_square(layers)
    slope = Fraction(math.isqrt(square.numerator * 10**6 // square.denominator), 1000)
    network = relu_absolute_value(slope, layers=layers)
    weights = [layer.weight for layer in network.layers if isinstance(layer, Affine)]
    assert all(spectral_norm_at_most(w, Fraction(1)) for w in weights)
    for weight in weights[:-1]:
        values = np.linalg.svd(np.array(weight, dtype=float), compute_uv=False)
        assert np.all((abs(values - 1) < 1e-9) | (abs(values) < 1e-9)) and abs(values[0] - 1) < 1e-9
    assert max(network.widths) <= 12


@pytest.mark.parametrize("layers", [1, 2, 3, 4, 7, 8, 11])
@pytest.mark.parametrize("biases", [True, False])
def test_at_its_own_kinks_and_between_them(layers: int, biases: bool) -> None:
    """Layer by layer no preactivation changes its sign inside [-r, 0] or [0, r]: the ends and 0 decide the function."""
    square, radius = best_slope_square(layers, biases), Fraction(5, 3)
    slope = Fraction(math.isqrt(square.numerator * 10**8 // square.denominator), 10**4)
    network = relu_absolute_value(slope, radius, layers=layers, biases=biases)
    places = [-radius, Fraction(0), radius]
    hidden: list[list[list[Fraction]]] = []
    for x in places:
        values, seen = [x], []
        for layer in network.layers:
            if isinstance(layer, Affine):
                values = [sum(w * v for w, v in zip(row, values, strict=True)) + b
                          for row, b in zip(layer.weight, layer.bias, strict=True)]  # fmt: skip
                seen.append(values)
            else:
                values = [max(v, Fraction(0)) for v in values]
        hidden.append(seen)
        assert values == [slope * abs(x) + radius * (1 - slope) / 2]
    for left, middle, right in list(zip(*hidden, strict=True))[:-1]:
        for a, b, c in zip(left, middle, right, strict=True):
            assert a * b >= 0 and b * c >= 0
    if not biases:
        assert not any(b for layer in network.layers[:-1] if isinstance(layer, Affine) for b in layer.bias)


def test_without_biases_half_the_square_is_out_of_reach() -> None:
    assert [best_slope_square(h, biases=False) for h in (0, 1, 2, 3, 8)] == [
        Fraction(k) for k in ("0", "1/4", "1/3", "3/8", "4/9")
    ]
    assert layers_for(Fraction(2, 3), biases=False) == 8 and layers_for(Fraction(2, 3)) == 3
    with pytest.raises(ReluFoldingError, match="without biases"):
        relu_absolute_value(Fraction(3, 4), biases=False)
    with pytest.raises(ReluFoldingError, match="3/8"):
        relu_absolute_value(Fraction(2, 3), layers=3, biases=False)


def test_seventeen_layers_are_within_a_twentieth() -> None:
    network = relu_absolute_value(Fraction(9, 10))
    assert layers_for(Fraction(9, 10)) == 17
    errors = [abs(by_hand(network, Fraction(k, 8)) - abs(Fraction(k, 8))) for k in range(-8, 9)]
    assert max(errors) == Fraction(1, 20)


def test_the_best_slopes() -> None:
    known = ["0", "1/4", "1/3", "4/9", "1/2", "9/16", "3/5", "16/25", "2/3"]
    assert [best_slope_square(h) for h in range(9)] == [Fraction(k) for k in known]
    assert all(a < b < 1 for a, b in pairwise(best_slope_square(h) for h in range(60)))
    assert abs(4096 * (1 - math.sqrt(best_slope_square(4096))) - 2) < 0.01


def test_the_float_optimum_of_pairs_agrees() -> None:
    """Dynamic programming over (S, D): how much of the even and the odd part a layer shows, on a fine grid."""

    def best(hidden: int, steps: int = 40) -> float:
        table = {(0.0, 1.0)}
        for _ in range(hidden - 1):
            found: dict[tuple[int, int], tuple[float, float]] = {}
            for even, odd in table:
                for i in range(steps + 1):
                    for j in range(steps + 1):
                        w, t = odd * i / steps, min(even, odd * i / steps) * j / steps
                        S = even**2 - t**2 + (t + w) ** 2 / 4
                        D = max(odd**2 - w**2 + (t + w) ** 2 / 4, 0.0)
                        key = (round(math.sqrt(S) * 40), round(math.sqrt(D) * 40))
                        if key not in found or found[key][0] ** 2 + found[key][1] ** 2 < S + D:
                            found[key] = (math.sqrt(S), math.sqrt(D))
            table = set(found.values())
        return max(even**2 + max(-(t**2) + (t + odd) ** 2 / 4 for t in (min(even, odd) * k / 300 for k in range(301)))
                   for even, odd in table)  # fmt: skip

    for hidden in (1, 2, 3):
        assert best(hidden) == pytest.approx(float(best_slope_square(hidden)), abs=8e-3)
        assert best(hidden) <= float(best_slope_square(hidden)) + 1e-9


def test_in_place_of_absolute_values() -> None:
    slope, radius = Fraction(3, 4), Fraction(2)
    both = abs_by_relu(2, slope, radius)
    for x in ((1, -2), (0, Fraction(1, 3)), (-2, 2)):
        assert evaluate(both, x) == tuple(slope * abs(t) + radius * (1 - slope) / 2 for t in map(Fraction, x))
    network = with_relu(maxmin_by_abs(2, 1), slope, radius)
    assert not any(isinstance(layer, Abs) for layer in network.layers)
    high, low = evaluate(network, (Fraction(1, 2), -1))
    assert (high - Fraction(1, 2)) ** 2 + (low + 1) ** 2 <= (2 * radius * (1 - slope) / 2) ** 2
    assert with_relu(both, slope, radius) == both


@pytest.mark.parametrize(
    "call",
    [
        lambda: relu_absolute_value(1),
        lambda: relu_absolute_value(Fraction(-1, 2)),
        lambda: relu_absolute_value(Fraction(-1, 2), layers=2),
        lambda: relu_absolute_value(Fraction(501, 1000), layers=1),
        lambda: relu_absolute_value(Fraction(1, 2), -1),
        lambda: relu_absolute_value(Fraction(1, 2), layers=-1),
        lambda: relu_absolute_value(Fraction(1, 2), layers=True),
        lambda: best_slope_square(4097),
        lambda: layers_for(Fraction(99999, 100000)),
        lambda: abs_by_relu(0, Fraction(1, 2), 1),
    ],
)
def test_what_is_refused(call: object) -> None:
    with pytest.raises(ReluFoldingError):
        call()  # type: ignore[operator]
