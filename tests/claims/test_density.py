"""Cones over grids in the plane, norms of weights, and networks of width one, in floats."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipcheck.claims.bethune2021.density import cited, functions, networks, square
from lipcheck.network import Affine, Network, to_json
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget, Verdict

GRID = np.stack(np.meshgrid(np.arange(-60, 61), np.arange(-60, 61)), axis=-1).reshape(-1, 2) / 10


def waves(x: np.ndarray) -> np.ndarray:
    """A 1-Lipschitz function with gradients of all sizes between 0 and 1."""
    return np.sin(x[..., 0]) * 0.7 + np.cos(x[..., 1]) * 0.7


def cones(x: np.ndarray) -> float:
    return float((waves(GRID) - np.linalg.norm(GRID - x, axis=1)).max())


def test_cones_in_the_plane() -> None:
    rng = np.random.default_rng(0)
    r, h, off = 0.1 / np.sqrt(2), 1e-6, 0
    for x in rng.uniform(-2, 2, size=(60, 2)):
        assert -2 * r - 1e-9 <= cones(x) - waves(x) <= 1e-9
        gradient = [(cones(x + h * e) - cones(x - h * e)) / (2 * h) for e in np.eye(2)]
        off += abs(np.linalg.norm(gradient) - 1) > 1e-3
    assert off <= 1  # kinks are rare
    assert np.linalg.norm([0.7 * np.cos(1.0), -0.7 * np.sin(2.0)]) < 0.9  # while that of g is not one


def test_flat_functions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert functions.on_the_line([1, ["0", "0"]], Fraction(2))
    zero = to_json(Network(1, (Affine([[0]], [0]),)))
    monkeypatch.setattr(functions, "cones", lambda values: zero)
    assert not functions.on_the_line([1, ["0", "0"]], Fraction(2))


def test_two_r_is_attained() -> None:
    error = Fraction(2)
    assert functions.on_the_line([1, ["0", "0"]], error) and not functions.on_the_line([1, ["0", "0"]], error / 4)
    # g = -1/2 at the integers and 0 between: the cones over the integers are 2 r = 1 below g at 1/2
    values = max(-0.5 - abs(0.5 - s) for s in (0, 1))
    assert values == -1


def test_nearest_grid_points() -> None:
    rng = np.random.default_rng(1)
    for n in (1, 2, 5):
        x = rng.uniform(-3, 3, size=(100, n))
        assert (np.linalg.norm(x - np.round(x), axis=1) <= np.sqrt(n) / 2 + 1e-12).all()


def test_weights_of_the_cited_theorem() -> None:
    (rule, _) = cited.obligations(Variant(), Budget.CI)
    rng = np.random.default_rng(2)
    seen = set()
    for _ in range(60):
        whole = rng.integers(-2, 3, size=(2, 2))
        scale = int(np.abs(whole).sum(axis=1).max())
        if scale:
            longer = np.linalg.norm(whole / scale, 2) > 1 + 1e-9
            data = {"matrix": [[f"{v}/{scale}" for v in row] for row in whole]}
            assert refutes(data, rule) == longer
            seen.add(bool(longer))
    assert seen == {True, False}


def test_width_one() -> None:
    (rule, *_) = square.obligations(Variant(), Budget.CI)
    grid = np.linspace(-4, 4, 321)
    for points, values in [([-1, 1], [1, 1]), ([0, 1], [0, 0]), ([0, 1], [0, 1]), ([0, 1, 2], [0, 0.5, 1]), ([5], [7])]:
        best = min(np.abs(s * np.array(points) + c - values).max() for s in (1, -1) for c in grid * 4)
        data = {"X": [str(p) for p in points], "g": [str(Fraction(v)) for v in values]}
        assert refutes(data, rule) == (best > 0.26)
    with pytest.raises(ReplayError, match="Give"):
        refutes({"X": [], "g": []}, rule)


def test_the_open_question_keeps_its_facts() -> None:
    question, wave = networks.CLAIMS
    assert question.expected is Verdict.UNKNOWN and wave.expected is Verdict.REFUTED
    names = [o.name for o in question.obligations(Variant(), Budget.CI)]
    assert sum(name.startswith("known: ") for name in names) >= 4
