"""The conclusion by other means: singular values by numpy, and random orthonormal networks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipcheck.build import zigzags
from lipcheck.build.dilation import dilate
from lipcheck.claims.anil2019 import conclusion
from lipcheck.network import Affine
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant

F = Fraction


def test_random_orthonormal_networks_do_not_stretch() -> None:
    random = np.random.default_rng(8)
    for _ in range(50):
        weights = [np.linalg.qr(random.normal(size=(6, 6)))[0] for _ in range(3)]
        x, y = random.normal(size=(2, 6))
        before = np.linalg.norm(x - y)
        for weight in weights:
            x, y = (np.sort((weight @ z).reshape(3, 2), axis=1).ravel() for z in (x, y))
        assert np.linalg.norm(x - y) <= before + 1e-12


@pytest.mark.parametrize("lengths", [(1, 1), (2, 1, 2)])
def test_a_dilated_network_has_singular_values_one(lengths: tuple[int, ...]) -> None:
    narrow = zigzags.network(zigzags.read(lengths), 1)
    wide = dilate(narrow)
    for layer in wide.layers:
        if isinstance(layer, Affine):
            values = np.linalg.svd(np.array([[float(v) for v in row] for row in layer.weight]), compute_uv=False)
            assert np.allclose(values, 1)
    for t in (F(-1, 2), F(1, 3), F(2)):
        assert evaluate(narrow, [t]) == evaluate(wide, [t])


def test_the_classes_differ_both_ways() -> None:
    assert conclusion.in_class(conclusion.ROTATION, False).violates()
    assert not conclusion.in_class(conclusion.ROTATION, True).violates()
    assert not conclusion.in_class([["1", "0"], ["0", "-1"]], False).violates()
    assert np.linalg.norm([[1], [1]], 2) > 1.4


def test_which_candidate_breaks_which_hypothesis() -> None:
    universal = conclusion.networks(Variant())
    missing = [
        [name for name, holds in universal.examine(data).hypotheses.items() if not holds]
        for data in universal.candidates()
    ]
    assert missing == [[], ["GroupSort"], ["orthonormal"], []]
