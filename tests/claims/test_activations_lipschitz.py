"""Activations at random points, in several norms, with numpy."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest

from lipcheck.claims.anil2019.activations_lipschitz import maxout as row
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError

FUNCTIONS = {
    "relu": (lambda x: np.maximum(x, 0), 1.0),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), 0.25),
    "tanh": (np.tanh, 1.0),
    "maxout": (lambda x: x.reshape(*x.shape[:-1], -1, 2).max(-1), 1.0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("p", [1, 1.5, 2, 5, np.inf])
def test_the_constants_hold_and_are_nearly_attained(name: str, p: float) -> None:
    function, constant = FUNCTIONS[name]
    rng = np.random.default_rng(1)
    x = rng.normal(size=(4000, 4)) * 3
    y = x + rng.normal(size=x.shape) * rng.choice([1e-3, 1, 10], size=(4000, 1))
    ratio = np.linalg.norm(function(x) - function(y), p, axis=1) / np.linalg.norm(x - y, p, axis=1)
    assert ratio.max() <= constant * (1 + 1e-9)
    near = np.zeros((1, 4)) + 1e-4
    moved = np.linalg.norm(function(near) - function(near * np.array([2, 1, 1, 1])), p, axis=1)
    assert moved / 1e-4 == pytest.approx(constant, rel=1e-6)


def test_relu_grows_in_a_slanted_norm() -> None:
    def square(z: np.ndarray) -> float:
        return float(z @ z - 2 * 0.75 * z[0] * z[1])

    x, y = np.array([1.0, 0.0]), np.array([0.0, -1.0])
    assert square(np.maximum(x, 0) - np.maximum(y, 0)) > square(x - y) > 0


@pytest.mark.parametrize("k", [2, 3, 5])
def test_a_maxout_layer_moves_by_the_root_of_the_number_of_pieces(k: int) -> None:
    rng = np.random.default_rng(k)
    pieces = rng.normal(size=(k, k, 3))
    pieces /= np.linalg.norm(pieces, 2, axis=(1, 2))[:, None, None]
    x, y = rng.normal(size=(2, 500, 3))
    moved = np.linalg.norm((pieces @ x.T).max(0) - (pieces @ y.T).max(0), axis=0)
    assert (moved <= np.sqrt(k) * np.linalg.norm(x - y, axis=1) + 1e-12).all()
    fan = row.fan(k, k)
    found, at_x, at_y = row.read(fan)
    assert sum((a - b) ** 2 for a, b in zip(row.maximal(found, at_x), row.maximal(found, at_y), strict=True)) == k
    assert row.layer(fan, 2, F(k)).conclusion and not row.layer(fan, 2, F(k) - F(1, 1000)).conclusion
    assert row.layer(fan, float("inf"), F(1)).conclusion


@pytest.mark.parametrize("p", [1, 2, np.inf])
@pytest.mark.parametrize(("k", "m"), [(1, 3), (2, 2), (2, 4), (4, 2), (3, 1)])
def test_the_smaller_of_pieces_and_units_counts_in_every_p_norm(k: int, m: int, p: float) -> None:
    rng = np.random.default_rng(10 * k + m)
    bound = min(k, m) ** (1 / p)
    pieces = rng.normal(size=(k, m, 3))
    pieces /= np.linalg.norm(pieces, p, axis=(1, 2))[:, None, None]
    x, y = rng.normal(size=(2, 500, 3))
    moved = np.linalg.norm((pieces @ x.T).max(0) - (pieces @ y.T).max(0), p, axis=0)
    assert (moved <= bound * np.linalg.norm(x - y, p, axis=1) + 1e-12).all()
    fan = np.array(row.fan(k, m)["pieces"], dtype=float)
    assert np.linalg.norm((fan @ [1.0]).max(0) - (fan @ [0.0]).max(0), p) == pytest.approx(bound)
    assert max(np.linalg.norm(a, p) for a in fan) == 1


@pytest.mark.parametrize(("k", "m"), [(1, 2), (2, 1), (2, 2), (2, 3), (3, 2)])
def test_the_bound_is_attained_by_the_layer_and_by_no_smaller_one(k: int, m: int) -> None:
    full, less = row.attained(k, m, Variant()), row.attained(k, m, Variant(constants={"factor": F(99, 100)}))
    assert full.holds(row.fan(k, m)) and not less.holds(row.fan(k, m))
    assert not full.holds({**row.fan(k, m), "x": ["0"]})
    assert not full.holds({"pieces": [[["2"]]], "x": ["1"], "y": ["0"]})


@pytest.mark.parametrize("data", [
    {"pieces": [[["1"]], [["1", "0"]]], "x": ["1"], "y": ["0"]},
    {"pieces": [[["1"]]], "x": ["1", "2"], "y": ["0"]},
])  # fmt: skip
def test_pieces_that_do_not_fit_are_refused(data: object) -> None:
    with pytest.raises(LipcheckError):
        row.read(data)
