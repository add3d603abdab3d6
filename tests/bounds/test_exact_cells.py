"""Regions by their corners: what floats propose is counted, compared with enumeration, and never believed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import comb
from typing import Any

import numpy as np
import pytest

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.bounds.exact import cells, cones, exact_constant, leaves, proposals, search, suffixes
from lipcheck.bounds.exact.certificate import verify
from lipcheck.bounds.exact.plain import holds
from lipcheck.bounds.exact.rows import Box, Walk, whole_form
from lipcheck.bounds.exact.trees import Cauchy, Tree
from lipcheck.network import Abs, Affine, Layer, MaxMin, Network, ReLU

SHAPES: dict[str, tuple[int, tuple[Layer, ...], int]] = {
    "maxmin": (2, (MaxMin(), MaxMin()), 6),
    "three inputs": (3, (MaxMin(), MaxMin()), 8),
    "relu": (2, (ReLU(), ReLU()), 4),
    "abs": (2, (Abs(), Abs()), 4),
    "deep": (2, (MaxMin(), Abs(), MaxMin()), 4),
}


def form_of(kind: str, integers: bool, seed: int = 0) -> AbsNormal:
    rng = random.Random(f"{kind} {integers} {seed}")
    n, activations, width = SHAPES[kind]
    layers: list[Layer] = []
    before = n
    for activation in (*activations, None):
        outputs = width if activation else 1
        numbers = [
            [Fraction(rng.randint(-2, 2)) if integers else Fraction(rng.gauss(0, 1)) for _ in range(before + 1)]
            for _ in range(outputs)
        ]
        layers.append(Affine([row[1:] for row in numbers], [row[0] for row in numbers]))
        if activation:
            layers.append(activation)
        before = outputs
    return abs_normal(Network(n, tuple(layers)))


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> list[Tree]:
    """The trees of all sweeps, without what closes small networks before: lists of signs, semidefinite bounds."""
    found: list[Tree] = []
    close = cells.Sweep.close

    def noted(self: cells.Sweep) -> Tree | None:
        if (tree := close(self)) is not None:
            found.append(tree)
        return tree

    monkeypatch.setattr(cells.Sweep, "close", noted)
    monkeypatch.setattr(suffixes, "MOST_OUTER", 0)
    monkeypatch.setattr(proposals, "part", lambda walk: None)
    return found


def is_the_truth(form: AbsNormal, box: Box | None = None) -> None:
    truth, found = enumerate_constant(form, 2, box), exact_constant(form, 2, box)
    assert found.power == truth.power
    assert truth.power is not None
    assert verify(form, 2, found.certificate, box) == truth.power
    assert holds(form, 2, found.certificate.tree, truth.power, box)
    if truth.power:
        assert not holds(form, 2, found.certificate.tree, truth.power * (1 - Fraction(1, 10**40)), box)


@pytest.mark.parametrize("integers", [False, True], ids=["reals", "ties"])
@pytest.mark.parametrize("kind", SHAPES)
def test_sweeps_agree_with_enumeration(kind: str, integers: bool, swept: list[Tree]) -> None:
    is_the_truth(form_of(kind, integers))
    assert swept or integers


def test_sweeps_on_a_box(swept: list[Tree]) -> None:
    is_the_truth(form_of("maxmin", False), ((Fraction(0), Fraction(1, 2)), (Fraction(-1, 3), Fraction(1))))
    assert swept


def test_gates_that_vanish_or_are_constant_on_a_region(swept: list[Tree]) -> None:
    """z_1 = x - |x| and z_2 = 1 + x - |x| + |z_1| are constant on one side each."""
    one, zero = Fraction(1), Fraction(0)
    gates = ((zero, one, zero, zero, zero), (zero, one, -one, zero, zero), (one, one, -one, one, zero))
    is_the_truth(AbsNormal(1, gates, ((zero, one, one, one, one),)))
    assert swept


def test_a_sweep_out_of_time_leaves_everything_as_it_was() -> None:
    form = form_of("maxmin", False)
    work = search.Search(form, 2, None)
    path = ((0, 1), (1, -1))
    work.at.move(path)
    rows = list(work.walk.rows)
    assert cells.Sweep(work, -math.inf).close() is None
    assert (tuple(work.at.path), work.walk.rows) == (path, rows)
    assert cells.Sweep(work, math.inf).close() is not None
    assert (tuple(work.at.path), work.walk.rows) == (path, rows)


def test_which_forms_are_swept() -> None:
    """Few inputs, one output; about log2(cells / 1000) branches come first."""

    def first(n: int, gates: int, outputs: int = 1) -> int | None:
        rng = random.Random(0)
        widths = (n, gates, gates, outputs)
        layers: list[Layer] = []
        for a, b in pairwise(widths):
            layers += [Affine([[rng.gauss(0, 1) for _ in range(a)] for _ in range(b)], [0] * b), Abs()]
        return cells.splits(whole_form(abs_normal(Network(n, tuple(layers[:-1])))))

    assert (first(2, 6), first(4, 32), first(6, 6), first(2, 6, 2)) == (0, 6, None, None)


@pytest.mark.parametrize(("n", "s"), [(1, 4), (2, 6), (3, 7), (4, 7)])
def test_cones_count_the_cells_of_an_arrangement(n: int, s: int) -> None:
    """s hyperplanes in general position cut R^n into sum_{k <= n} C(s, k) cells (Zaslavsky 1975)."""
    rows = np.random.default_rng(n).standard_normal((s, 1 + n))

    def count(cone: cones.Cone | None, k: int) -> int:
        assert cone is not None
        if k == s:
            return 1
        values = cone.rays @ rows[k]
        sides = [sign for sign in (1, -1) if (sign * values).max() > cones.NEAR]
        return sum(count(cone.cut(sign * values, k) if len(sides) == 2 else cone, k + 1) for sign in sides)

    total = 0
    for orthant in range(2**n):
        signs = np.array([1 - 2 * (orthant >> k & 1) for k in range(n)])
        total += count(cones.spanned(rows[:n] * signs[:, None]), n)
    assert total == sum(comb(s, k) for k in range(n + 1))


def test_a_cone_with_a_line_is_not_described() -> None:
    assert cones.spanned(np.array([[1.0, 1.0, 0.0], [2.0, -1.0, 0.0]])) is None
    strip = cones.spanned(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [2.0, -1.0, 0.0]]))
    assert strip is not None
    corners = strip.rays[strip.rays[:, 0] > 0]
    assert sorted((corners[:, 1:] / corners[:, :1]).tolist()) == [[-1, 0], [2, 0]]
    assert strip.lowest(strip.rays @ np.array([3.0, 1.0, 1.0])) == [0, 1]


FAULTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "every gate is said to stay positive": (cells, "_side", lambda values: 1),
    "every gate is said to stay negative": (cells, "_side", lambda values: -1),
    "the facets are others": (cones.Cone, "lowest", lambda self, values: [f for f in self.facets if f >= 0][-2:]),
    "the bound is said to be nothing": (proposals, "cauchy", lambda q, goal, y=None: (0.0, np.ones(len(q)), None)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_floats_that_are_wrong_cost_time_and_nothing_else(
    fault: str, swept: list[Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name, wrong = FAULTS[fault]
    monkeypatch.setattr(owner, name, wrong)
    for seed in range(3):
        is_the_truth(form_of("maxmin", False, seed))
    assert swept


def test_floats_prove_no_cauchy_leaf_that_whole_numbers_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Near the least power that the weights prove, found by bisection in whole numbers."""
    form = abs_normal(
        Network(3, (Affine.linear([[3, 1, 0], [1, -2, 1], [0, 1, 1]]), Abs(), Affine.linear([[1, 2, 3]])))
    )
    walk, leaf = Walk(whole_form(form)), Cauchy((1, 3 << 40, 4 << 40, 5 << 40))
    open_ = [0, 1, 2]
    with monkeypatch.context() as whole:
        whole.setattr(leaves, "floats_prove_cauchy", lambda *_: False)
        low, high = Fraction(0), Fraction(10**4)
        while high - low > high / 2**60:
            middle = (low + high) / 2
            low, high = (low, middle) if leaves.cauchy_holds(walk, leaf, middle) else (middle, high)
    assert leaves.floats_prove_cauchy(walk, leaf, open_, high * (1 + Fraction(1, 10**6)))
    for k in range(200):
        assert not leaves.floats_prove_cauchy(walk, leaf, open_, low * (1 - Fraction(k, 2**54)))
    for power in (Fraction(0), Fraction(-1), Fraction(1, 10**200), Fraction(10**200)):
        assert not leaves.floats_prove_cauchy(walk, leaf, open_, power)
