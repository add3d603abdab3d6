"""A witness proves what it says, for the stored weights as exact numbers, and nearly all that its pair shows."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.bounds import witness as module
from lipcheck.bounds.lowering import lower
from lipcheck.bounds.witness import WitnessError, norm_end, witness
from lipcheck.graph import Dense, Graph, Input, Node, Piecewise, Sort


def maxmin(rng: np.random.Generator, dtype: type, scale: float) -> Graph:
    def numbers(*shape: int) -> np.ndarray:
        return (scale * rng.standard_normal(shape)).astype(dtype)

    nodes = (
        Node("x", Input(), (), (3,)),
        Node("fc1", Dense(numbers(6, 3), numbers(6)), (0,), (6,)),
        Node("sort", Sort(2, True), (1,), (6,)),
        Node("fc2", Dense(numbers(2, 6), numbers(2)), (2,), (2,)),
        Node("relu", Piecewise(np.array(0.0), np.array(1.0)), (3,), (2,)),
    )
    return Graph(nodes, 4)


@pytest.mark.parametrize("p", [1, 2, math.inf])
def test_never_above_the_true_ratio_and_hardly_below(p: float) -> None:
    rng = np.random.default_rng(0)
    moved = 0
    for i in range(150):
        graph = maxmin(rng, (np.float64, np.float32)[i % 2], 2.0 ** rng.choice([-60, 0, 60]))
        x = rng.standard_normal(3)
        y = x + 2.0 ** rng.choice([0, -30]) * rng.standard_normal(3)
        found = witness(graph, x, y, p)
        form = lower(graph)
        values = [form(tuple(map(Fraction, point))) for point in (found.x, found.y)]
        change = [b - a for a, b in zip(*values, strict=True)]
        step = [Fraction(b) - Fraction(a) for a, b in zip(found.x, found.y, strict=True)]
        ratio = norm_end(change, p, up=True) / norm_end(step, p, up=False)
        assert found.lower <= ratio
        if ratio:
            moved += 1
            assert float(found.lower) == pytest.approx(float(ratio), rel=1e-6)
    assert moved > 50


def test_norm_ends() -> None:
    values = [Fraction(1), Fraction(-1)]
    assert norm_end(values, 1, True) == 2
    assert norm_end(values, math.inf, True) == 1
    assert norm_end(values, 2, False) ** 2 < 2 < norm_end(values, 2, True) ** 2


def test_refusals() -> None:
    graph = maxmin(np.random.default_rng(0), np.float64, 1.0)
    with pytest.raises(WitnessError, match="equal"):
        witness(graph, np.zeros(3), np.zeros(3), 2)
    with pytest.raises(WitnessError, match="finite"):
        witness(graph, np.zeros(3), np.array([0, math.nan, 0]), 2)


def test_whole_numbers_are_the_floats_exactly() -> None:
    """Of every size, subnormal numbers and zeros included; and their norms are those of the fractions."""
    random = np.random.default_rng(0)
    for spread in (0, 30, 1000):
        for _ in range(20):
            v = random.standard_normal(6) * 2.0 ** random.integers(-spread, spread + 1, 6)
            v[random.random(6) < 0.3] = random.choice([0.0, -0.0, 5e-324])
            (one, other), unit = module._whole(v, [3.0])
            assert [unit * a for a in one] == [Fraction(float(a)) for a in v] and unit * other[0] == 3
            for p in (1, 2, math.inf):
                for up in (True, False):
                    assert module._norm_end(one, unit, p, up) == norm_end(map(Fraction, v.tolist()), p, up)
    assert module._whole([0.0], [])[0] == [[0], []]
