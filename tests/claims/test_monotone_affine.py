"""Monotone activations without bounds on the weights, and the absolute value by sorts, in floats."""

from __future__ import annotations

import numpy as np
import pytest

from lipcheck.claims.anil2019.theorem_1 import common
from lipcheck.claims.bethune2021 import monotone_affine
from lipcheck.network import LeakyReLU, ReLU
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def test_the_absolute_value() -> None:
    x = np.linspace(-3, 3, 61)
    assert np.allclose(np.maximum(x, 0) + np.maximum(-x, 0), np.abs(x))
    hidden = np.outer(x, np.array([1, -1, 1, -1]) / 2)
    hidden = -np.sort(-hidden.reshape(-1, 2, 2), axis=2)
    assert np.allclose(hidden.reshape(-1, 4) @ np.array([1, -1, 1, -1]) / 2, np.abs(x))


def test_networks() -> None:
    (rule, _) = monotone_affine.printed(Variant(), Budget.CI)
    (repaired,) = monotone_affine.printed(Variant(repaired=True), Budget.CI)
    falling = common.plain([[1], [-1]], ReLU(), [[-1, 0], [0, -1]], ReLU(), [[0, 0]])
    shifted = common.plain([[2], [-2]], ReLU(), [["1/2", "1/2"]])
    leaky = common.plain([["3/5"], ["-3/5"]], LeakyReLU(4), [["-5/9", "-5/9"]])
    assert refutes(shifted, rule) and refutes(leaky, rule) and not refutes(falling, rule)
    assert not any(refutes(data, repaired) for data in (shifted, leaky, monotone_affine.ABSOLUTE))
    with pytest.raises(ReplayError, match="R to R"):
        refutes({"inputs": 2, "layers": [{"kind": "abs"}]}, rule)


def test_sorts_are_needed_and_norms_are_one() -> None:
    found = [common.read(monotone_affine.SORTED).layers[i].weight for i in (0, 2)]
    assert all(np.linalg.norm(np.array(w, dtype=float), 2) == pytest.approx(1) for w in found)
    assert monotone_affine.by_sorts(Variant()) != monotone_affine.by_sorts(Variant(dropped=frozenset({"sort"})))
