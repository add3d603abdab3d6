"""Faults planted in the 2-norms of convolutions: each gives a bound below the dense truth, and no fault gives none.

The filters are chosen so that one part of the computation alone sees the largest image: a shift in replicated padding
stretches corners by 2 and edges by sqrt 2 only; means along an edge are largest far from both corners.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from lipcheck.bounds import convolution, convolution_pieces, frontal
from lipcheck.bounds.convolution import convolution_norm
from lipcheck.bounds.convolution_pieces import Cut, cut, elimination, localised_norm
from lipcheck.bounds.convolution_taps import Axis, Taps, axis
from lipcheck.bounds.one_thread import side_by_side

Mutant = Callable[[pytest.MonkeyPatch], None]
WIDTH = 16


@dataclass(frozen=True)
class Case:
    """One channel, a product of two kernels, with copies at the border."""

    taps: Taps
    padded: tuple[int, int]
    norm: float


def case_of(along_rows: Sequence[float], along_columns: Sequence[float], n: int, padded: tuple[int, int]) -> Case:
    """The norm of a product is the product of the norms along the axes."""
    weights, axes, norm = np.outer(along_rows, along_columns)[:, :, None, None], [], 1.0
    for part, pad in zip((along_rows, along_columns), padded, strict=True):
        own = axis(n, len(part), 1, (pad, pad), 1, "replicate")
        matrix = np.zeros((own.outputs, n))
        for tap, reads in zip(part, own.index, strict=True):
            matrix[np.arange(own.outputs), reads] += tap
        axes.append(own)
        norm *= float(np.linalg.norm(matrix, 2))
    return Case(Taps(np.ascontiguousarray(weights), axes[0], axes[1]), padded, norm)


SHIFT, MEAN, ALTERNATING = [1.0, 0.0, 0.0], [0.2] * 5, [0.2, -0.2, 0.2, -0.2, 0.2]
CORNER = case_of(SHIFT, SHIFT, 40, (1, 1))
EDGE = case_of(SHIFT, MEAN, 40, (1, 0))
EDGE_OF_HIGH_FREQUENCY = case_of(SHIFT, ALTERNATING, 40, (1, 0))


def by_pieces(case: Case, estimate: float) -> float:
    """The bound from an estimate of the norm, which proves nothing: infinity where a piece is far above it."""
    cuts = [cut(a, WIDTH, pad, 1) for a, pad in zip((case.taps.rows, case.taps.columns), case.padded, strict=True)]
    assert cuts[0] is not None and cuts[1] is not None
    bound = localised_norm(case.taps, (cuts[0], cuts[1]), (1, 1), estimate, None)
    return math.inf if bound is None else float(bound)


def without_pieces(first: int, last: int) -> Mutant:
    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            convolution_pieces, "side_by_side", lambda f, tasks: side_by_side(f, [*tasks[:first], *tasks[last:]])
        )

    return plant


def first_frequency_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = convolution_pieces.half_symbol
    monkeypatch.setattr(convolution_pieces, "half_symbol", lambda *given: [next(real(*given))])


def a_middle_up_to_the_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends without width: what padding reads is said to be the plane."""

    def whole(own: Axis, width: int, padded: int, dilation: int) -> Cut:
        return Cut(np.tile([0.0, 1.0, 0.0], (own.inputs, 1)), ((0, 3), (0, 3)), (0, own.inputs))

    monkeypatch.setattr(convolution_pieces, "side_by_side", lambda f, tasks: [Fraction(0)])
    monkeypatch.setitem(globals(), "cut", whole)


@pytest.mark.parametrize(
    ("case", "plant", "low"),
    [
        (CORNER, without_pieces(0, 4), 0.8),
        (CORNER, a_middle_up_to_the_ends, 0.8),
        (EDGE, without_pieces(4, 1000), 0.97),
        (EDGE_OF_HIGH_FREQUENCY, first_frequency_alone, 0.97),
    ],
    ids=["no corners", "no ends", "no edges", "one frequency"],
)
def test_every_piece_counts(case: Case, plant: Mutant, low: float, monkeypatch: pytest.MonkeyPatch) -> None:
    assert case.norm <= by_pieces(case, case.norm) <= 1.1 * case.norm
    assert case.norm <= by_pieces(case, low * case.norm), "a low estimate is refused, or made good"
    plant(monkeypatch)
    assert by_pieces(case, low * case.norm) < case.norm * (1 - 1e-3)


def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the fronts below leave on their borders is not added."""
    real = frontal._assemble
    monkeypatch.setattr(frontal, "_assemble", lambda gram, front, c, below: real(gram, front, c, ()))


def far_neighbours_are_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    real = convolution_pieces.meetings

    def near(own: Axis, of_inputs: bool) -> Any:
        found = real(own, of_inputs)
        kept = tuple({j: n for j, n in met.items() if abs(i - j) < 2} for i, met in enumerate(found.partners))
        return type(found)(kept, found.patterns)

    monkeypatch.setattr(convolution_pieces, "meetings", near)


@pytest.mark.parametrize("plant", [forgetful, far_neighbours_are_not_met])
def test_every_block_counts(plant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution_pieces, "_LEAF", 4)
    case = case_of(MEAN, MEAN, 14, (2, 2))
    taps, square = case.taps, case.norm**2
    found = elimination(taps).square(square * 1.001, None)
    assert found is not None and square <= found <= 1.002 * square
    assert elimination(taps).square(square * 0.9, None) is None
    plant(monkeypatch)
    found = elimination(taps).square(square * 0.9, None)
    assert found is not None and found < square * 0.99


def reads_once(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Axis.reads.func

    def once(self: Axis) -> Any:
        return np.minimum(real(self), 1)

    held = cached_property(once)
    held.__set_name__(Axis, "reads")
    monkeypatch.setattr(Axis, "reads", held)


def one_period_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = convolution._torus

    def once(*given: Any) -> Any:
        found = real(*given)
        return None if found is None else (*found[:3], 1)

    monkeypatch.setattr(convolution, "_torus", once)


@pytest.mark.parametrize(
    ("mode", "plant", "seconds"), [("replicate", reads_once, 0.0), ("circular", one_period_alone, None)]
)
def test_how_often_a_pixel_is_read_counts(
    mode: Any, plant: Mutant, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three copies along each axis: the norm is 3."""
    monkeypatch.setattr(convolution, "_DENSE", 0)
    # Lower ends and exact sums would notice.
    monkeypatch.setattr(convolution, "_patches", lambda taps: [])
    monkeypatch.setattr(convolution, "_sharpen", lambda *given: None)

    def upper() -> float:
        return convolution_norm(np.ones((1, 1, 1, 1)), (6, 6), padding=6, mode=mode, seconds=seconds).upper

    assert 3 <= upper() <= 18
    plant(monkeypatch)
    assert upper() < 2.7
